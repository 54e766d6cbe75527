import { Model } from "./model.js";

/** @import { SheetFilter } from "./types.d.ts" */

/** What the table's filter shows, as the status that an example must have. */
const STATUSES = { looked: "looked at", open: null, deferred: "deferred", unreadable: "unreadable" };

/**
 * Returns the positions that pass the contact sheet's filters.
 * @param {Model} model
 * @param {SheetFilter} filter
 */
export function sheetPositions(model, { show, label, prediction, comment }) {
  const { examples } = model;
  const words = comment.trim().toLowerCase();
  const passes = passing(model, show);
  const found = [];
  for (let position = 0; position < model.size; position += 1) {
    if (label && examples.label[position] !== label) continue;
    if (prediction && examples.prediction[position] !== prediction) continue;
    if (words && !model.look(position).comment.toLowerCase().includes(words)) continue;
    if (passes(position)) found.push(position);
  }
  return found;
}

/**
 * Returns the positions that pass the table's filters; correct predictions are shown apart.
 * @param {Model} model
 * @param {{show: string, search: string}} filter
 */
export function tablePositions(model, { show, search }) {
  const { examples } = model;
  const words = search.trim().toLowerCase();
  const status = show in STATUSES ? STATUSES[/** @type {keyof typeof STATUSES} */ (show)] : undefined;
  const found = [];
  for (let position = 0; position < model.size; position += 1) {
    const look = model.look(position);
    if (model.isRight(position) !== (show === "right")) continue;
    if (status !== undefined && look.status !== status) continue;
    if (words) {
      const { key, image, label, prediction } = examples;
      const texts = [key[position], image[position], label[position], prediction[position], look.comment];
      if (!texts.join("\n").toLowerCase().includes(words)) continue;
    }
    found.push(position);
  }
  return found;
}

/**
 * Says which images a link from the report shows.
 * @param {Model} model
 * @param {string} show
 */
export function filterWords(model, show) {
  const { what, keys } = readFilter(show);
  const names = keys.map((key) => model.category(key)?.name ?? "?");
  /** @type {Record<string, string>} */
  const words = {
    exactly: keys.length ? `${names.join(" and ")}, nothing else` : "no tick",
    only: `${names[0]} and nothing else`,
    any: names.join(" or "),
    counted: names[0],
    unknown: "no tick, not looked at for every category",
  };
  return `Errors: ${words[what] ?? names.join(", ")}`;
}

/**
 * Reads a filter as links from the report write it: "open", "counted:3", "any:1+2".
 * @param {string} show
 */
function readFilter(show) {
  const colon = show.indexOf(":");
  if (colon < 0) return { what: show, keys: [] };
  return { what: show.slice(0, colon), keys: show.slice(colon + 1).split("+").filter(Boolean) }; // prettier-ignore
}

/**
 * Returns whether a position passes a filter. Figures of the report count errors that were looked
 * at: so do "counted", "any", "only", "exactly", "none" and "unknown". An error fits none if it was
 * looked at for every category; of one without a tick that wasn't it is unknown.
 * @param {Model} model
 * @param {string} show
 * @returns {(position: number) => boolean}
 */
function passing(model, show) {
  const { what, keys } = readFilter(show);
  const wanted = keys.map((key) => model.category(key)?.key ?? key);
  const [key] = wanted;
  const all = model.shown.map((category) => category.key);
  const status = (/** @type {number} */ at) => model.look(at).status;
  const looked = (/** @type {number} */ at) => model.lookedAt(at);
  const counts = (/** @type {number} */ at) => looked(at) && !model.isRight(at);
  const said = (/** @type {string} */ category, /** @type {number} */ at) => model.tick(category, at);
  const ticked = (/** @type {string} */ category, /** @type {number} */ at) => said(category, at) === 1;
  const exactly = (/** @type {number} */ at) => all.every((one) => ticked(one, at) === wanted.includes(one));
  const fitsNone = (/** @type {number} */ at) => counts(at) && all.every((one) => said(one, at) === 0);
  /** @type {Record<string, (at: number) => boolean>} */
  const tests = {
    all: () => true,
    open: (at) => status(at) === null,
    looked,
    deferred: (at) => status(at) === "deferred",
    unreadable: (at) => status(at) === "unreadable",
    right: (at) => model.isRight(at),
    none: fitsNone,
    unknown: (at) => counts(at) && exactly(at) && all.some((one) => said(one, at) === Model.UNSEEN),
    yes: (at) => ticked(key, at),
    no: (at) => looked(at) && said(key, at) === 0,
    missing: (at) => looked(at) && said(key, at) === Model.UNSEEN,
    counted: (at) => counts(at) && ticked(key, at),
    any: (at) => counts(at) && wanted.some((one) => ticked(one, at)),
    only: (at) => counts(at) && ticked(key, at) && exactly(at),
    exactly: keys.length ? (at) => counts(at) && exactly(at) : fitsNone,
  };
  return tests[what] ?? tests.all;
}
