import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { filterWords, sheetPositions, tablePositions } from "../../errortool/web/review/filters.js";
import { Model } from "../../errortool/web/review/model.js";
import { newState } from "./fakes.js";

/**
 * Six errors and two correct predictions: 0 Dog; 1 Dog and Blurry; 2 nothing; 3 Blurry, not looked
 * at; 4 deferred; 5 unreadable; 6 correct, Dog; 7 correct, not looked at. A third category came
 * after 0 and 1.
 */
function reviewed() {
  const model = new Model(newState({ errors: 6, right: 2, categories: [{ name: "Dog" }, { name: "Blurry" }, { name: "Wet" }] })); // prettier-ignore
  const looked = /** @type {const} */ ("looked at");
  model.apply({
    examples: {
      0: { status: looked, ticks: { 1: 1, 2: 0 } },
      1: { status: looked, ticks: { 1: 1, 2: 1 }, comment: "In a Mirror" },
      2: { status: looked, ticks: { 1: 0, 2: 0, 3: 0 } },
      3: { ticks: { 2: 1 } },
      4: { status: "deferred" },
      5: { status: "unreadable" },
      6: { status: looked, ticks: { 1: 1, 2: 0, 3: 0 } },
    },
  });
  return model;
}

/**
 * @param {string} show
 * @param {{label?: string, prediction?: string, comment?: string}} others
 */
function found(show, { label = "", prediction = "", comment = "" } = {}) {
  return sheetPositions(reviewed(), { show, label, prediction, comment });
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7];
for (const [show, expected] of /** @type {[string, number[]][]} */ ([
  ["all", ALL],
  ["", ALL],
  ["unheard of", ALL],
  ["open", [3, 7]],
  ["looked", [0, 1, 2, 6]],
  ["deferred", [4]],
  ["unreadable", [5]],
  ["right", [6, 7]],
  ["none", [2]],
  ["yes:1", [0, 1, 6]],
  ["yes:2", [1, 3]],
  ["no:2", [0, 2, 6]],
  ["missing:3", [0, 1]],
  ["counted:1", [0, 1]],
  ["counted:2", [1]],
  ["any:1+2", [0, 1]],
  ["any:2+3", [1]],
  ["only:1", [0]],
  ["only:2", []],
  ["exactly:1", [0]],
  ["exactly:1+2", [1]],
  ["exactly:2+1", [1]],
  ["exactly:", [2]],
])) {
  test(`the contact sheet shows for "${show}" what it promises`, () => assert.deepEqual(found(show), expected));
}

/**
 * @type {{
 *   session: {
 *     categories: {id: number, name: string}[],
 *     examples: {part: string, status: "looked at" | "deferred" | "unreadable" | null, ticks: Record<string, boolean>}[],
 *   },
 *   cases: {filter: string, selects: number[]}[],
 * }}
 */
const { session, cases } = JSON.parse(readFileSync(new URL("../contract/filters.json", import.meta.url), "utf8"));

/** The session of the contract that the report's links are written by. */
function agreed() {
  const right = session.examples.filter(({ part }) => part === "right").length;
  const state = newState({ errors: session.examples.length - right, right });
  state.categories = session.categories.map(({ id, name }, position) => ({
    ...{ id, name, kind: "cause", position, description: "", retired: false },
  }));
  const model = new Model(state);
  for (const [position, { status, ticks }] of session.examples.entries()) {
    const values = Object.entries(ticks).map(([id, tick]) => [id, tick ? 1 : 0]);
    model.apply({ examples: { [position]: { status, ticks: Object.fromEntries(values) } } });
  }
  return model;
}

for (const { filter, selects } of cases) {
  test(`a link from the report to "${filter}" shows as many images as it says`, () => {
    const shown = sheetPositions(agreed(), { show: filter, label: "", prediction: "", comment: "" });
    assert.deepEqual(shown, selects);
  });
}

test("filters are passed together, and comments are found whatever their case", () => {
  assert.deepEqual(found("all", { label: "label1" }), [1, 4, 7]);
  assert.deepEqual(found("all", { label: "label1", prediction: "prediction2" }), []);
  assert.deepEqual(found("looked", { prediction: "prediction0" }), [0, 6]);
  assert.deepEqual(found("all", { comment: " mirror " }), [1]);
});

test("a category that the server hasn't numbered yet can be filtered by", () => {
  const model = reviewed();
  model.apply({ categories: { "client-1:4": { name: "New", position: 9, retired: 0 } } });
  model.apply({ examples: { 4: { ticks: { "client-1:4": 1 } } } });
  const filter = { label: "", prediction: "", comment: "" };
  assert.deepEqual(sheetPositions(model, { ...filter, show: "yes:client-1:4" }), [4]);
  model.assignId("client-1:4", 9);
  assert.deepEqual(sheetPositions(model, { ...filter, show: "yes:9" }), [4]);
});

for (const [show, words] of [
  ["counted:1", "Errors: Dog"],
  ["any:1+2", "Errors: Dog or Blurry"],
  ["only:1", "Errors: Dog and nothing else"],
  ["exactly:1+2", "Errors: Dog and Blurry, nothing else"],
  ["exactly:", "Errors: no tick"],
  ["unknown", "Errors: no tick, not looked at for every category"],
  ["counted:77", "Errors: ?"],
]) {
  test(`a link to "${show}" is named in words`, () => assert.equal(filterWords(reviewed(), show), words));
}

for (const [show, search, expected] of /** @type {[string, string, number[]][]} */ ([
  ["all", "", [0, 1, 2, 3, 4, 5]],
  ["looked", "", [0, 1, 2]],
  ["open", "", [3]],
  ["deferred", "", [4]],
  ["unreadable", "", [5]],
  ["right", "", [6, 7]],
  ["all", "E3", [3]],
  ["all", "prediction2", [2, 5]],
  ["all", "mirror", [1]],
  ["looked", "label1", [1]],
])) {
  test(`the table shows for "${show}" and "${search}" what it promises`, () => {
    assert.deepEqual(tablePositions(reviewed(), { show, search }), expected);
  });
}
