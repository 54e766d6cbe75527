import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { fieldsOf, readRange } from "../../errortool/web/review/fields.js";
import { isListing, positionsOf, readListing, sortedBy, writeListing } from "../../errortool/web/review/filters.js";
import { Model } from "../../errortool/web/review/model.js";
import { showWords } from "../../errortool/web/review/show_filter.js";
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
 * Returns what a URL's filters show of a session.
 * @param {Record<string, string>} query
 * @param {Model} model
 */
function found(query, model = reviewed()) {
  const { filter, sort } = readListing(query);
  const fields = fieldsOf(model);
  return sortedBy(model, fields, positionsOf(model, fields, filter), sort);
}

/**
 * A session whose predictions have other columns: a choice, numbers, texts, and one that never changes.
 */
function withColumns() {
  const state = newState({ errors: 40, right: 10 });
  const column = (/** @type {(at: number) => string} */ value) => Array.from({ length: 50 }, (_, at) => value(at));
  state.examples.extra = {
    camera: column((at) => ["front", "Rear", ""][at % 3]),
    width: column((at) => (at === 7 ? "" : String(at * 10))),
    note: column((at) => `Taken on day ${at}`),
    constant: column(() => "same"),
    "part.x": column((at) => (at < 3 ? "1" : "0")),
  };
  state.examples.confidence = column((at) => String(at)).map((text) => (text === "0" ? null : Number(text) / 50));
  return new Model(state);
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
  test(`the contact sheet shows for "${show}" what it promises`, () => assert.deepEqual(found({ show }), expected));
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
    ...{ id, name, kind: "cause", about: "image", position, description: "", retired: false },
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
    assert.deepEqual(found({ show: filter }, agreed()), selects);
  });
}

test("filters are passed together, and comments are found whatever their case", () => {
  assert.deepEqual(found({ label: "label1" }), [1, 4, 7]);
  assert.deepEqual(found({ label: "label1", prediction: "prediction2" }), []);
  assert.deepEqual(found({ show: "looked", prediction: "prediction0" }), [0, 6]);
  assert.deepEqual(found({ comment: " mirror " }), [1]);
  assert.deepEqual(found({ part: "errors", "t.1": "yes" }), [0, 1]);
  assert.deepEqual(found({ part: "right" }), [6, 7]);
  assert.deepEqual(found({ id: "E3" }), [3]);
  assert.deepEqual(found({ ticks: "1.." }), [0, 1, 3, 6]);
  assert.deepEqual(found({ ticks: "2..2" }), [1]);
});

test("every image is in exactly one of a category's three states", () => {
  const states = ["yes", "no", "missing"].map((state) => found({ "t.2": state }));
  assert.deepEqual(states, [[1, 3], [0, 2, 6], [4, 5, 7]]); // prettier-ignore
  assert.deepEqual(states.flat().sort(), ALL);
});

for (const [query, expected] of /** @type {[Record<string, string>, number[]][]} */ ([
  [{ "x.camera": "=front" }, [0, 3, 6, 9]],
  [{ "x.camera": "=" }, [2, 5, 8, 11]],
  [{ "x.camera": "REA" }, [1, 4, 7, 10]],
  [{ "x.width": "35..60" }, [4, 5, 6]],
  [{ "x.width": "95.." }, [10, 11]],
  [{ "x.width": "..10" }, [0, 1]],
  [{ "x.width": "=" }, [7]],
  [{ "x.note": "day 1" }, [1, 10, 11]],
  [{ "x.part.x": "=1" }, [0, 1, 2]],
  [{ confidence: "0.1..0.14" }, [5, 6, 7]],
  [{ confidence: "..0.02" }, [1]],
  [{ q: "TAKEN on day 11" }, [11]],
  [{ q: "e11" }, [11]],
  [{ "x.gone": "=1", "t.99": "yes" }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
])) {
  test(`a filter by ${JSON.stringify(query)} shows what it says`, () => {
    const shown = found(query, withColumns());
    assert.deepEqual(shown.filter((at) => at < 12), expected); // prettier-ignore
  });
}

test("a column is chosen from, searched or bounded as its values are", () => {
  const fields = fieldsOf(withColumns());
  const forms = fields.filter(({ group }) => group === "Other columns").map(({ name, form, offered }) => [name, form, offered]); // prettier-ignore
  assert.deepEqual(forms, [
    ["x.camera", "choice", true],
    ["x.width", "range", true],
    ["x.note", "text", true],
    ["x.constant", "choice", false],
    ["x.part.x", "choice", true],
  ]);
  const field = (/** @type {string} */ name) => fields.find((one) => one.name === name);
  assert.deepEqual(field("x.camera")?.choices.map(({ words }) => words), ["(blank)", "front", "Rear"]); // prettier-ignore
  assert.deepEqual(field("x.width")?.bounds, [0, 490]);
  assert.equal(field("part")?.offered, true);
  const without = fieldsOf(new Model(newState()));
  assert.deepEqual(without.filter(({ name }) => ["part", "confidence"].includes(name)).map(({ offered }) => offered), [false, false]); // prettier-ignore
});

for (const [name, value, words] of [
  ["show", "open", "Not looked at"],
  ["show", "counted:1", "errors with Dog"],
  ["label", "label1", "label1"],
  ["t.1", "missing", "not looked at"],
  ["confidence", "0.5..", "at least 0.5"],
  ["confidence", "..0.5", "at most 0.5"],
  ["confidence", "0.25..0.5", "0.25 – 0.5"],
  ["ticks", "2..2", "2"],
  ["comment", " mirror ", "“mirror”"],
  ["x.camera", "=", "(blank)"],
  ["x.camera", "=front", "front"],
  ["x.width", "10..", "at least 10"],
  ["x.note", "a..b", "“a..b”"],
]) {
  test(`the chip of ${name}=${value} says so`, () => {
    const field = fieldsOf(withColumns()).find((one) => one.name === name);
    assert.equal(field?.words(value), words);
  });
}

test("ranges are read, and nothing else is", () => {
  assert.deepEqual(readRange("-1.5..2e3"), { low: -1.5, high: 2000 });
  assert.deepEqual(readRange(" ..3"), { low: -Infinity, high: 3 });
  for (const text of ["..", "", "5", "a..b", "1..x"]) assert.equal(readRange(text), null);
});

test("numbers, texts and blanks are sorted, either way round", () => {
  const model = withColumns();
  const first = (/** @type {string} */ sort, count = 4) => found({ sort }, model).slice(0, count);
  assert.deepEqual(first(""), [0, 1, 2, 3]);
  assert.deepEqual(first("-order"), [49, 48, 47, 46]);
  assert.deepEqual(first("confidence"), [1, 2, 3, 4]);
  assert.deepEqual(first("-confidence"), [49, 48, 47, 46]);
  assert.equal(found({ sort: "-confidence" }, model).at(-1), 0); // not known: last either way
  assert.deepEqual(first("id", 3), [0, 1, 2]); // e2 before e10
  assert.deepEqual(first("-x.note", 2), [49, 48]);
  assert.deepEqual(first("x.camera", 2), [0, 3]);
  assert.deepEqual(first("-x.camera", 2), [1, 4]);
  assert.deepEqual(first("unheard of", 2), [0, 1]);
  assert.deepEqual(found({ sort: "-ticks" }), [1, 0, 3, 6, 2, 4, 5, 7]);
  assert.deepEqual(found({ sort: "t.2" }), [1, 3, 0, 2, 6, 4, 5, 7]);
  assert.deepEqual(found({ sort: "comment" })[0], 1);
});

test("what a URL says of a list comes back as it was", () => {
  const query = { label: "cat", "t.3": "no", "x.a b&c": "=ü/,", sort: "-x.a", hide: "x.a%2Cb,comment" };
  const listing = readListing({ ...query, session: "1", level: "0.9", example: "k" });
  assert.deepEqual(listing.hidden, ["x.a,b", "comment"]);
  assert.deepEqual(writeListing(listing), query);
  assert.deepEqual(readListing({ show: "all" }), { filter: {}, sort: "", hidden: [] });
  assert.deepEqual(readListing({ show: "right" }).filter, { part: "right" });
  assert.deepEqual(readListing({ show: "yes:3" }).filter, { "t.3": "yes" });
  assert.deepEqual(readListing({ hide: "%E0%A4%A" }).hidden, ["%E0%A4%A"]);
  assert.deepEqual(["session", "example", "level", "solve", "reviewer"].filter(isListing), []);
  assert.deepEqual(["show", "label", "prediction", "t.1", "x.y", "sort", "view"].filter((name) => !isListing(name)), []); // prettier-ignore
});

test("a category that the server hasn't numbered yet can be filtered by", () => {
  const model = reviewed();
  model.apply({ categories: { "client-1:4": { name: "New", position: 9, retired: 0 } } });
  model.apply({ examples: { 4: { ticks: { "client-1:4": 1 } } } });
  const listing = { filter: { "t.client-1:4": "yes" }, sort: "-t.client-1:4", hidden: [] };
  assert.deepEqual(found(writeListing(listing, model), model), [4]);
  model.assignId("client-1:4", 9);
  assert.deepEqual(writeListing(listing, model), { "t.9": "yes", sort: "-t.9" });
  assert.deepEqual(found({ show: "yes:client-1:4" }, model), [4]);
});

for (const [show, words] of [
  ["counted:1", "errors with Dog"],
  ["any:1+2", "errors with Dog or Blurry"],
  ["only:1", "errors with Dog and nothing else"],
  ["exactly:1+2", "errors with Dog and Blurry, nothing else"],
  ["exactly:", "errors without a tick"],
  ["unknown", "errors without a tick, not looked at for every category"],
  ["missing:2", "Blurry not looked at"],
  ["counted:77", "errors with ?"],
  ["unheard of", "all"],
]) {
  test(`a link to "${show}" is named in words`, () => assert.equal(showWords(reviewed(), show), words));
}
