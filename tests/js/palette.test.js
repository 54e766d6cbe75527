import assert from "node:assert/strict";
import test from "node:test";

import { imageCommands, pageCommands, reviewCommands, tableCommands } from "../../errortool/web/review/commands.js";
import { Model } from "../../errortool/web/review/model.js";
import { matching } from "../../errortool/web/review/palette.js";
import { newState } from "./fakes.js";

/** @import { Command } from "../../errortool/web/review/types.d.ts" */

/** @param {string[]} names */
function commands(...names) {
  return names.map((name) => ({ name, run() {} }));
}

/**
 * @param {Command[]} found
 */
function namesOf(found) {
  return found.map(({ name }) => name);
}

/** @type {[query: string, names: string[], found: string[]][]} */
const MATCHES = [
  ["", ["b", "a"], ["b", "a"]],
  ["dog", ["Undo", "Hide Dog", "Dog"], ["Dog", "Hide Dog"]],
  ["DOG", ["Tick Dog"], ["Tick Dog"]],
  ["dog tick", ["Tick Dog", "Tick Cat"], ["Tick Dog"]],
  ["td", ["Tick Dog", "Undo"], ["Tick Dog"]],
  ["do", ["Undo", "Hide Dog"], ["Hide Dog", "Undo"]],
  ["far", ["Tick Far away", "Tick Safari"], ["Tick Far away", "Tick Safari"]],
  ["29", ["Go to image 129, x", "Go to image 29, y"], ["Go to image 29, y", "Go to image 129, x"]],
  ["خل", ["Tick خلفية"], ["Tick خلفية"]],
  ["xyz", ["Undo"], []],
];

for (const [query, names, found] of MATCHES) {
  test(`the palette finds by ${JSON.stringify(query)}: ${found.join(" | ")}`, () => {
    assert.deepEqual(namesOf(matching(commands(...names), query)), found);
  });
}

/** Takes note of what commands do. */
function does() {
  /** @type {string[]} */
  const done = [];
  const note =
    (/** @type {string} */ name) =>
    (/** @type {unknown[]} */ ...given) =>
      void done.push([name, ...given].join(" "));
  const noted = {
    ...{ act: note("act"), toggle: note("toggle"), edit: note("edit"), hide: note("hide"), restore: note("restore") },
    ...{ backfill: note("backfill"), show: note("show"), open: note("open"), go: note("go") },
    ...{
      walk: note("walk"),
      drawMore: note("drawMore"),
      togglePace: note("togglePace"),
      changeReviewer: note("changeReviewer"),
    },
  };
  return { done, noted };
}

test("the review's palette has every command, category, filter and page, each once, with its key", () => {
  const model = new Model(newState({ errors: 4, right: 1 }));
  model.apply({ examples: { 0: { status: "looked at", ticks: { 1: 1 } } } });
  const { done, noted } = does();
  const state = {
    query: "",
    places: /** @type {["image"]} */ (["image"]),
    pace: true,
    fixed: false,
    more: "Draw 50 more",
  };
  const found = reviewCommands(model, state, noted);
  assert.equal(new Set(namesOf(found)).size, found.length);
  /** @type {[name: string, cap: string | undefined, does: string][]} */
  const some = [
    ["Undo", "u", "act undo"],
    ["Redo", "⇧+u", "act redo"],
    ["Contact sheet", "g", "act openSheet"],
    ["Tick Dog", "1", "toggle 1"],
    ["Edit Dog", undefined, "edit 1 name"],
    ["Merge Dog into another", undefined, "edit 1 target"],
    ["Split Dog", undefined, "edit 1 names"],
    ["Hide Blurry", undefined, "hide 2"],
    ["Backfill Blurry", undefined, "backfill 2"],
    ["Show not looked at", undefined, "show open"],
    ["Show ticked Dog", undefined, "show yes:1"],
    ["Show not looked at for Dog", undefined, "show missing:1"],
    ["Show correct predictions", undefined, "show right"],
    ["Draw 50 more", undefined, "drawMore"],
    ["Hide the pace", undefined, "togglePace"],
    ["Review as somebody else", undefined, "changeReviewer"],
    ["Go to Report", undefined, "go report"],
    ["Go to Sessions", undefined, "go sessions"],
  ];
  for (const [name, cap, effect] of some) {
    const command = found.find((one) => one.name === name);
    assert.ok(command, name);
    assert.equal(command.cap, cap, name);
    command.run();
    assert.equal(done.at(-1), effect);
  }
});

test("the palette offers nothing that can't be done", () => {
  const model = new Model(newState({ categories: [{ name: "Dog" }, { name: "Old" }] }));
  model.apply({ categories: { 2: { retired: 1 } } });
  const { done, noted } = does();
  const state = { query: "", places: /** @type {["sheet"]} */ (["sheet"]), pace: false, fixed: true, more: "" };
  const found = reviewCommands(model, state, noted);
  const names = namesOf(found);
  for (const one of [
    "Merge Dog into another",
    "Backfill Dog",
    "Tick Old",
    "Review as somebody else",
    "Zoom",
    "Go to Review",
  ]) {
    assert.equal(names.includes(one), false, one);
  }
  assert.equal(
    names.some((name) => name.startsWith("Draw") || name.includes("correct predictions")),
    false,
  );
  assert.equal(names.includes("Show the pace"), true);
  found.find(({ name }) => name === "Restore Old")?.run();
  assert.equal(done.at(-1), "restore 2");
});

test("an image is found by its number and by a part of its id", () => {
  const model = new Model(newState({ errors: 12 }));
  /** @type {number[]} */
  const opened = [];
  const found = (/** @type {string} */ query) => namesOf(imageCommands(model, query, (at) => opened.push(at)));
  assert.deepEqual(found("11"), ["Go to image 11, e10", "Go to image 12, e11"]);
  assert.deepEqual(found("go to image 7"), ["Go to image 7, e6", "Go to image 8, e7"]);
  assert.deepEqual(found("E3"), ["Go to image 4, e3"]);
  assert.deepEqual(found("13"), []);
  assert.deepEqual(found(""), []);
  assert.equal(found("e").length, 8);
  imageCommands(model, "e3", (at) => opened.push(at))[0].run();
  assert.deepEqual(opened, [3]);
});

test("the table's palette has its commands, filters, images and pages", () => {
  const { done, noted } = does();
  const shown = [{ value: "open", text: "Not looked at" }];
  const found = tableCommands(new Model(newState()), { query: "e3", shown }, noted);
  for (const name of ["Undo", "Go to image 4, e3", "Show not looked at", "Go to Review"]) {
    found.find((one) => one.name === name)?.run();
  }
  assert.deepEqual(done, ["act undo", "open 3", "show open", "go review"]);
});

test("a page isn't offered on itself", () => {
  assert.deepEqual(namesOf(pageCommands("table", () => {})), ["Go to Sessions", "Go to Review", "Go to Report", "Go to Compare", "Go to Help: the manual"]); // prettier-ignore
});
