/** @import { Saving } from "./types.d.ts" */

/** The words for how far saving is, on every page. */
const SAVING_WORDS = { saved: "Saved", saving: "Saving…", retrying: "Not saved, retrying" };

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

/**
 * Writes the dev error with the decimals that its number of examples can have.
 * @param {{dev_error: number, dev_examples: number}} session
 */
export function devError({ dev_error, dev_examples }) {
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

/**
 * Writes a name as it is kept: without spaces around it, with single ones inside.
 * @param {string} name
 */
export function tidied(name) {
  return name.trim().replace(/\s+/g, " ");
}
