/** @import { Saving, Share } from "./types.d.ts" */

/** The words for how far saving is, on every page. */
const SAVING_WORDS = {
  saved: "Saved",
  saving: "Saving…",
  retrying: "Not saved, retrying",
};

/**
 * Says how far saving is.
 * @param {Saving} state
 */
export function savingWords(state) {
  return SAVING_WORDS[state];
}

/**
 * Writes a part as a whole per cent, the way the report does.
 * @param {number} part
 * @param {number} whole
 */
export function perCent(part, whole) {
  return whole ? `${Math.round((100 * part) / whole)} %` : "–";
}

/** From so many images on a share is written in per cent. */
const ENOUGH = 20;

/**
 * Writes a share behind its count: 3 "of 5" until there are 20, since "60 %" would say nothing of
 * how few it rests on.
 * @param {number} part
 * @param {number} whole
 * @param {number} seen how many it rests on, where part and whole are weights
 */
export function shareWords(part, whole, seen = whole) {
  return seen > 0 && seen < ENOUGH ? `of ${seen}` : perCent(part, whole);
}

/**
 * Says in full what a live share is, and where the share of all errors lies however often one looks.
 * @param {Share} share
 * @param {{low: number, high: number} | null} ends
 * @param {string} noun what it is a share of: "errors"
 */
export function shareInFull({ yes, seen, part, whole }, ends, noun) {
  if (!seen) return "";
  const share = `${yes} of ${seen}, ${perCent(part, whole)}`;
  if (!ends || ends.low === ends.high) return share;
  const written = [ends.low, ends.high].map((end) => (100 * end).toFixed(1));
  return `${share}; ${written.join(" to ")} % of all ${noun}, however often you look`;
}

/**
 * Says how many errors fit no category, and of how many that isn't known yet.
 * @param {{none: number, unknown: number}} figures
 */
export function noneWords({ none, unknown }) {
  return `no category: ${none}${unknown ? ` · not known yet: ${unknown}` : ""}`;
}

/**
 * Writes the dev error with the decimals that its number of examples can have.
 * @param {{dev_error: number | null, dev_examples: number | null}} session
 */
export function devError({ dev_error, dev_examples }) {
  if (dev_error === null || dev_examples === null) return "dev error not known";
  return `${(100 * dev_error).toFixed(dev_examples <= 1000 ? 1 : 2)} % dev error`;
}

/**
 * Writes a count with its noun: "1 image", "1,204 images".
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A letter of a script that is written from right to left. */
const RIGHT_TO_LEFT = /(?=\p{L})[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Keeps a name that is written from right to left from turning round its neighbours in a sentence.
 * @param {string} name
 */
export function isolated(name) {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * Writes a name as it is kept: without spaces around it, with single ones inside.
 * @param {string} name
 */
export function tidied(name) {
  return name.trim().replace(/\s+/g, " ");
}
