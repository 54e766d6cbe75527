import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { BINDINGS, capOf, categoryKey, chordOf, findBinding, helpSections } from "../../errortool/web/review/keys.js";
import { filesWithKeys } from "./keys_table.js";

/** @import { Place } from "../../errortool/web/review/types.d.ts" */

const REVIEW = new URL("../../errortool/web/review/", import.meta.url);

/**
 * @param {string} chord such as "Shift+Home"
 */
function press(chord) {
  const parts = chord.split("+");
  const key = parts.pop() ?? "";
  const [altKey, ctrlKey, shiftKey] = ["Alt", "Ctrl", "Shift"].map((name) => parts.includes(name));
  return { key: key === "Space" ? " " : key, altKey, ctrlKey, shiftKey, metaKey: false };
}

/**
 * @param {string} chord
 * @param {Place[]} places
 * @param {number} categories
 */
function action(chord, places, categories = 2) {
  return findBinding(press(chord), places, categories)?.action ?? null;
}

test("no key has two meanings in one place", () => {
  /** @type {Map<string, string>} */
  const seen = new Map();
  for (const { where, keys } of BINDINGS) {
    for (const place of where) {
      for (const [chord, meaning] of Object.entries(keys)) {
        const name = `${place}: ${chord}`;
        assert.equal(seen.has(name), false, name);
        seen.set(name, meaning);
      }
    }
  }
});

test("every binding is found where it holds, and says what it does", () => {
  for (const { where, keys, does } of BINDINGS) {
    assert.notEqual(does, "");
    for (const place of where) {
      for (const [chord, meaning] of Object.entries(keys)) {
        const categories = meaning === "tick" ? 25 : 0;
        assert.equal(action(chord, [place], categories), meaning, `${place}: ${chord}`);
      }
    }
  }
});

test("categories have digits, then letters without a meaning of their own", () => {
  const caps = Array.from({ length: 25 }, (_, index) => categoryKey(index));
  assert.equal(new Set(caps).size, 25);
  assert.equal(categoryKey(25), "");
  const others = BINDINGS.filter(({ where }) => where.some((place) => ["image", "sheet", "backfill"].includes(place)));
  const taken = others.flatMap(({ keys }) => Object.entries(keys)).filter(([, meaning]) => meaning !== "tick");
  assert.deepEqual(taken.map(([chord]) => chord).filter((chord) => caps.includes(chord)), []); // prettier-ignore
  assert.equal(action("b", ["image"], 25), "backfill");
});

test("a key beyond the last category means nothing", () => {
  assert.equal(action("2", ["image"], 2), "tick");
  assert.equal(action("3", ["image"], 2), null);
  assert.equal(action("0", ["image"], 25), null);
});

test("letters mean the same with Shift or caps lock", () => {
  assert.equal(action("G", ["image"]), "openSheet");
  assert.equal(findBinding({ ...press("A"), shiftKey: true }, ["image"], 12)?.index, 9);
  assert.equal(chordOf({ ...press("?"), shiftKey: true }), "?");
  assert.equal(action("Shift+ArrowRight", ["image"]), "forward");
  assert.equal(action("Shift+ArrowRight", ["tiles"]), "extend");
});

test("with Ctrl or Alt a key is the browser's, but for those that say so", () => {
  assert.equal(action("Ctrl+c", ["image"], 26), null);
  assert.equal(action("Ctrl+a", ["tiles"]), "selectAll");
  assert.equal(findBinding({ ...press("a"), metaKey: true }, ["tiles"])?.action, "selectAll");
  assert.equal(action("Alt+ArrowUp", ["image"]), null);
  assert.equal(action("Alt+ArrowUp", ["category"]), "moveUp");
});

test("the first place that binds a key has it", () => {
  assert.equal(action("ArrowRight", ["zoomed", "image"]), "panRight");
  assert.equal(action("Enter", ["zoomed", "image"]), "next");
  assert.equal(action("n", ["backfill", "image"]), "no");
  assert.equal(action("n", ["image"]), "newCategory");
  assert.equal(action("Enter", ["backfill", "image"]), "no");
  assert.equal(action("Escape", ["zoomed", "backfill", "image"]), "zoom");
  assert.equal(action("Escape", ["backfill", "image"]), "endBackfill");
  assert.equal(action("Space", ["category", "image"]), "tickFocused");
  assert.equal(action("Space", ["image"]), "repeat");
});

test("only moving goes on while a key is held down", () => {
  const held = BINDINGS.filter(({ repeats }) => repeats).flatMap(({ keys }) => Object.keys(keys));
  assert.deepEqual(held.filter((chord) => !/Arrow|Page|Home|End/.test(chord)), []); // prettier-ignore
  assert.equal(findBinding(press("ArrowRight"), ["image"])?.repeats, true);
  assert.equal(findBinding(press("u"), ["image"])?.repeats, false);
});

test("every cap and every button of the pages names an action with a key", () => {
  const known = new Set(BINDINGS.flatMap(({ keys }) => Object.values(keys)));
  for (const page of ["review.html", "table.html"]) {
    const html = readFileSync(new URL(page, REVIEW), "utf8");
    const named = [...html.matchAll(/data-(?:key|action)="(\w+)"/g)].map(([, name]) => name);
    assert.ok(named.length > 0);
    assert.deepEqual(named.filter((name) => !new Set([...known]).has(/** @type {any} */ (name))), []); // prettier-ignore
    assert.deepEqual(named.filter((name) => !capOf(name)), []); // prettier-ignore
    assert.doesNotMatch(html, /<kbd(?![^>]*data-key)/, "a cap that is kept by hand");
  }
});

test("the help dialog has every key of the review", () => {
  /** @type {Place[]} */
  const places = ["image", "zoomed", "backfill", "sheet", "tiles", "category", "field"];
  const rows = [...helpSections(places).values()].flat();
  const expected = BINDINGS.filter(({ where }) => places.includes(where[0]));
  assert.deepEqual(rows.map(({ does }) => does).sort(), expected.map(({ does }) => does).sort()); // prettier-ignore
  const [next] = rows.filter(({ does }) => does.startsWith("looked at, next"));
  assert.deepEqual(next.keys, [{ cap: true, text: "↵" }]);
});

test("the table of keys in every Markdown file is that of keys.js", () => {
  const files = filesWithKeys();
  assert.ok(files.length > 0, "no file has the table");
  for (const { name, text, wanted } of files) {
    assert.equal(text, wanted, `${name} differs: run node tests/js/keys_table.js --write`);
  }
});
