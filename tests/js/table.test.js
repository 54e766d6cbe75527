import assert from "node:assert/strict";
import test from "node:test";

import { Model } from "../../errortool/web/review/model.js";
import { columnsOf } from "../../errortool/web/review/table_columns.js";
import { totalsOf } from "../../errortool/web/review/table_totals.js";
import { newState } from "./fakes.js";

/** Six errors and three correct predictions; Dog is ticked on 0, 1 and 6, Blurry came after 0. */
function reviewed() {
  const model = new Model(newState({ errors: 6, right: 3 }));
  const looked = /** @type {const} */ ("looked at");
  model.apply({
    examples: {
      0: { status: looked, ticks: { 1: 1 } },
      1: { status: looked, ticks: { 1: 1, 2: 1 } },
      2: { status: looked, ticks: { 1: 0, 2: 0 } },
      3: { ticks: { 1: 1 } },
      4: { status: "deferred", ticks: { 2: 1 } },
      6: { status: looked, ticks: { 1: 1, 2: 0 } },
      7: { status: looked, ticks: { 1: 0, 2: 0 } },
    },
  });
  return model;
}

/** @param {number[]} found */
function rows(found) {
  return totalsOf(reviewed(), found).map(({ title, basis, shares }) => {
    return [title, basis, ...[...shares.values()].map(({ yes, seen }) => `${yes}/${seen}`)];
  });
}

const TOTAL = ["% of total", "3 of 6 errors looked at", "2/3", "1/2"];
for (const [what, found, ...expected] of /** @type {[string, number[], ...string[][]][]} */ ([
  ["all errors", [0, 1, 2, 3, 4, 5], TOTAL],
  ["some errors", [1, 3, 4], ["% of 3 errors shown", "1 of 3 looked at", "1/1", "1/1"], TOTAL],
  ["errors not looked at", [3], ["% of 1 error shown", "0 of 1 looked at", "0/0", "0/0"], TOTAL],
  ["nothing", [], TOTAL],
  ["all", [0, 1, 2, 3, 4, 5, 6, 7, 8], ["% of 3 correct", "2 of 3 looked at", "1/2", "0/2"], TOTAL],
  ["correct ones", [6, 8], ["% of 2 correct shown", "1 of 2 looked at", "1/1", "0/1"], TOTAL],
  ["correct ones not looked at", [8], TOTAL],
])) {
  test(`the totals of ${what} are named, and never mix errors with correct predictions`, () => {
    assert.deepEqual(rows(found), expected);
  });
}

test("the session's total is what the review says", () => {
  const model = reviewed();
  const { looked, size, shares } = model.figures();
  const total = totalsOf(model, []).at(-1);
  assert.equal(total?.basis, `${looked} of ${size} errors looked at`);
  assert.deepEqual(total?.shares, shares);
});

test("the table has a column for everything, and says which can be left out", () => {
  const state = newState();
  state.examples.extra = { camera: state.examples.label, width: state.examples.key.map((_, at) => String(at)) };
  const columns = columnsOf(new Model(state), () => {});
  assert.deepEqual(
    columns.map(({ title }) => title),
    ["", "#", "id", "label", "prediction", "confidence", "Dog", "Blurry", "looked at", "right label", "comment", "camera", "width"], // prettier-ignore
  );
  assert.deepEqual(columns.filter(({ kind }) => kind.includes("frozen")).map(({ title }) => title), ["", "#", "id"]); // prettier-ignore
  assert.deepEqual(columns.map(({ hide }) => hide).filter(Boolean), [
    "label",
    "prediction",
    "confidence",
    "corrected",
    "comment",
    "x.camera",
    "x.width",
  ]);
  assert.deepEqual(columns.slice(-2).map(({ kind }) => kind), ["", "number"]); // prettier-ignore
});
