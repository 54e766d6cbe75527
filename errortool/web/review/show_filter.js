import { Model } from "./model.js";

/**
 * Reads a filter as links from the report write it: "open", "counted:3", "any:1+2".
 * @param {string} show
 */
function readShow(show) {
  const colon = show.indexOf(":");
  if (colon < 0) return { what: show, keys: [] };
  return { what: show.slice(0, colon), keys: show.slice(colon + 1).split("+").filter(Boolean) }; // prettier-ignore
}

/**
 * Says which images a link from the report shows.
 * @param {Model} model
 * @param {string} show
 */
export function showWords(model, show) {
  const { what, keys } = readShow(show);
  const names = keys.map((key) => model.category(key)?.name ?? "?");
  /** @type {Record<string, string>} */
  const words = {
    exactly: keys.length ? `errors with ${names.join(" and ")}, nothing else` : "errors without a tick",
    only: `errors with ${names[0]} and nothing else`,
    any: `errors with ${names.join(" or ")}`,
    counted: `errors with ${names[0]}`,
    yes: `${names[0]} ticked`,
    no: `${names[0]} not ticked`,
    missing: `${names[0]} not looked at`,
    none: "errors without a tick",
    unknown: "errors without a tick, not looked at for every category",
    carried: "carried from the round before",
    right: "the model was right",
    all: "all",
  };
  return words[what] ?? "all";
}

/**
 * Returns whether a position passes such a filter. Figures of the report count errors that were
 * looked at: so do "counted", "any", "only", "exactly", "none" and "unknown". An error fits none if
 * it was looked at for every category; of one without a tick that wasn't it is unknown.
 * @param {Model} model
 * @param {string} show
 * @returns {(position: number) => boolean}
 */
export function showing(model, show) {
  const { what, keys } = readShow(show);
  const wanted = keys.map((key) => model.category(key)?.key ?? key);
  const [key] = wanted;
  const all = model.shown.map((category) => category.key);
  const status = (/** @type {number} */ at) => model.look(at).status;
  const looked = (/** @type {number} */ at) => model.lookedAt(at);
  const counting = model.counting();
  const counts = (/** @type {number} */ at) => counting(at) && !model.isRight(at);
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
    carried: (at) => model.isCarried(at),
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
  return Object.hasOwn(tests, what) ? tests[what] : tests.all;
}
