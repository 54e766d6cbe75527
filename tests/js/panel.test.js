import assert from "node:assert/strict";
import test from "node:test";

import { rightOnesLike } from "../../errortool/web/review/compare.js";
import { partedColumns } from "../../errortool/web/review/facts.js";
import { Model } from "../../errortool/web/review/model.js";
import { pickedWords, verdictLayout } from "../../errortool/web/review/panel.js";
import { newState } from "./fakes.js";

test("names have the room that a session's longest one needs", () => {
  const set = (/** @type {string[]} */ ...classes) => Object.values(verdictLayout(classes));
  assert.deepEqual(set("cat", "not cat"), ["beside", 1, 1]);
  assert.deepEqual(set("cat", "Norwegian forest cat"), ["smaller", 2, 2]);
  assert.deepEqual(set("cat", "Norwegian forest cat, long-haired"), ["stacked", 1, 1]);
  assert.deepEqual(set("x".repeat(47)), ["stacked", 1, 2]);
  assert.deepEqual(set("x".repeat(200)), ["stacked", 3, 3]);
});

test("the contact sheet says what a key ticks, and when it counts", () => {
  assert.equal(pickedWords(0, true), "Keys tick the image in focus. It counts after l (done).");
  assert.equal(pickedWords(0, false), "Keys tick the image in focus.");
  assert.equal(pickedWords(1, true), "Keys tick the selected image. It counts after l (done).");
  assert.equal(pickedWords(1, false), "Keys tick the selected image.");
  assert.equal(pickedWords(1204, true), "Keys tick the 1,204 selected images. They count after l (done).");
  assert.equal(pickedWords(2, false), "Keys tick the 2 selected images.");
});

test("columns that are the same for every image are parted from the others, in the file's order", () => {
  const state = newState({ errors: 3 });
  const extra = { zoom: ["1", "2", "1"], camera: ["a", "a", "a"], angle: ["", "", "x"], none: ["", "", ""] };
  const model = new Model({ ...state, examples: { ...state.examples, extra } });
  assert.deepEqual(partedColumns(model), { varying: ["zoom", "angle"], same: ["camera", "none"] });
  const only = { extras: model.extras, examples: model.examples, size: 1 };
  assert.deepEqual(partedColumns(only).same, [], "one image has nothing to be told apart from");
});

test("beside an image come correct predictions of the class that was predicted", () => {
  const state = newState({ errors: 2, right: 3 });
  const examples = { ...state.examples, prediction: ["cat", "dog", "cat", "dog", "cat"] };
  const model = new Model({ ...state, examples });
  assert.deepEqual(rightOnesLike(model, 0), [2, 4]);
  assert.deepEqual(rightOnesLike(model, 1), [3]);
  assert.deepEqual(rightOnesLike(model, 2), [4], "not itself");
});
