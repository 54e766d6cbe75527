import { countTick, emptyShare } from "./model.js";
import { plural } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Share } from "./types.d.ts" */

/**
 * A row below the table: what the ticks of some examples come to.
 * @typedef {object} Total
 * @property {string} title what the shares are of
 * @property {string} basis how many of them were looked at
 * @property {Map<string, Share>} shares by category
 */

/**
 * Returns the rows below the table. Errors and correct predictions are never counted together, and
 * only images that were looked at count; the session's errors stand below what is shown of them.
 * @param {Model} model
 * @param {number[]} found the positions that are shown
 * @returns {Total[]}
 */
export function totalsOf(model, found) {
  const shownErrors = found.filter((at) => !model.isRight(at));
  const shownRight = found.filter((at) => model.isRight(at));
  const totals = [];
  if (shownErrors.length && shownErrors.length < model.errors) {
    const noun = model.hasRight ? ` error${shownErrors.length === 1 ? "" : "s"}` : "";
    totals.push(totalOf(model, shownErrors, `% of ${written(shownErrors)}${noun} shown`));
  }
  if (shownRight.some((at) => model.lookedAt(at))) {
    const shown = shownRight.length < model.size - model.errors ? " shown" : "";
    totals.push(totalOf(model, shownRight, `% of ${written(shownRight)} correct${shown}`));
  }
  const { looked, size, shares } = model.figures();
  const basis = `${looked.toLocaleString("en")} of ${plural(size, "error")} looked at`;
  return [...totals, { title: "% of total", basis, shares }];
}

/**
 * @param {Model} model
 * @param {number[]} positions
 * @param {string} title
 * @returns {Total}
 */
function totalOf(model, positions, title) {
  const looked = positions.filter((at) => model.lookedAt(at));
  /** @type {Map<string, Share>} */
  const shares = new Map();
  for (const { key } of model.shown) {
    const share = emptyShare();
    for (const at of looked) countTick(share, model.tick(key, at), model.weightOf(at));
    shares.set(key, share);
  }
  return { title, basis: `${written(looked)} of ${written(positions)} looked at`, shares };
}

/** @param {number[]} positions */
function written({ length }) {
  return length.toLocaleString("en");
}
