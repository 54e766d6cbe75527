/** @import { Model } from "./model.js" */
/** @import { Field, Filter, Listing } from "./types.d.ts" */

/** What the URL says of a list, beside the fields that it is filtered by. */
const LISTING_NAMES = ["sort", "view", "hide"];
const FIELD_NAMES = ["show", "part", "label", "prediction", "confidence", "id", "comment", "corrected", "ticks", "q"];

/**
 * Whether a parameter of the page's URL is the filters': the others are left alone.
 * @param {string} name
 */
export function isListing(name) {
  return FIELD_NAMES.includes(name) || LISTING_NAMES.includes(name) || /^[tx]\./.test(name);
}

/**
 * Reads what a URL says of a list of examples. Links of older reports say "show=yes:3" or "right".
 * @param {Record<string, string>} query
 * @returns {Listing}
 */
export function readListing(query) {
  /** @type {Filter} */
  const filter = {};
  for (const [name, value] of Object.entries(query)) {
    if (isListing(name) && !LISTING_NAMES.includes(name) && value) filter[name] = value;
  }
  if (filter.show === "all") delete filter.show;
  const [, ticked] = /^yes:(.+)$/.exec(filter.show ?? "") ?? [];
  if (ticked) filter[`t.${ticked}`] = "yes";
  if (filter.show === "right") filter.part = "right";
  if (ticked || filter.show === "right") delete filter.show;
  const hidden = (query.hide ?? "").split(",").filter(Boolean).map(decodeOr);
  return { filter, sort: query.sort ?? "", hidden };
}

/**
 * Writes a list's filters and order as a URL has them: categories by their numbers, once known.
 * @param {Listing} listing
 * @param {Model | null} model
 * @returns {Record<string, string>}
 */
export function writeListing({ filter, sort, hidden }, model = null) {
  const named = (/** @type {string} */ name) => {
    const [, dash, key] = /^(-?)t\.(.*)$/.exec(name) ?? [];
    return key === undefined ? name : `${dash}t.${model?.category(key)?.id ?? key}`;
  };
  const written = Object.fromEntries(Object.entries(filter).map(([name, value]) => [named(name), value]));
  const hide = hidden.map(encodeURIComponent).join(",");
  return { ...written, ...(sort ? { sort: named(sort) } : {}), ...(hide ? { hide } : {}) };
}

/** @param {string} text */
function decodeOr(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Returns the filter without what this session knows nothing of.
 * @param {Field[]} fields
 * @param {Filter} filter
 */
export function knownFilter(fields, filter) {
  const names = new Set(fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(filter).filter(([name, value]) => names.has(name) && value.trim()));
}

/**
 * Returns the positions that pass all filters.
 * @param {Model} model
 * @param {Field[]} fields
 * @param {Filter} filter
 */
export function positionsOf(model, fields, filter) {
  const tests = Object.entries(knownFilter(fields, filter)).map(([name, value]) =>
    /** @type {Field} */ (fields.find((field) => field.name === name)).passing(value),
  );
  const found = [];
  for (let at = 0; at < model.size; at += 1) if (tests.every((passes) => passes(at))) found.push(at);
  return found;
}

/** The order of all positions by what never changes, which is worked out once. */
/** @type {WeakMap<(at: number) => number | null, Record<string, number[]>>} */
const ORDERS = new WeakMap();

/**
 * Puts positions in the order of a field: "confidence", or "-confidence" for the other way round.
 * What has no value comes last either way.
 * @param {Model} model
 * @param {Field[]} fields
 * @param {number[]} found
 * @param {string} sort
 */
export function sortedBy(model, fields, found, sort) {
  const down = sort.startsWith("-");
  const field = fields.find(({ name }) => name === sort.slice(down ? 1 : 0));
  const keys = field?.keys?.();
  if (!field || !keys) return found;
  if (!field.fixed) return ordered(keys, found, down);
  const orders = ORDERS.get(keys) ?? {};
  ORDERS.set(keys, orders);
  orders[String(down)] ??= ordered(keys, Array.from({ length: model.size }, (_, at) => at), down); // prettier-ignore
  if (found.length === model.size) return orders[String(down)];
  const passes = new Uint8Array(model.size);
  for (const at of found) passes[at] = 1;
  return orders[String(down)].filter((at) => passes[at]);
}

/**
 * @param {(at: number) => number | null} keys
 * @param {number[]} positions
 * @param {boolean} down
 */
function ordered(keys, positions, down) {
  const sign = down ? -1 : 1;
  const keyed = positions.map((at) => ({ at, key: keys(at) }));
  keyed.sort((one, other) => {
    if (one.key === other.key) return one.at - other.at;
    if (one.key === null || other.key === null) return one.key === null ? 1 : -1;
    return sign * (one.key - other.key);
  });
  return keyed.map(({ at }) => at);
}
