import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import {
  BINDINGS,
  capOf,
  categoryCaps,
  chordOf,
  commandsIn,
  findBinding,
  helpSections,
} from "../../errortool/web/review/keys.js";
import { filesWithKeys } from "./keys_table.js";

/** @import { Place } from "../../errortool/web/review/types.d.ts" */

/** How many categories have a key. */
const MOST = 30;

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
 * Returns the keys of so many categories.
 * @param {number} count
 */
function capsOf(count) {
  const categories = Array.from({ length: count }, (_, at) => ({ key: String(at), id: at, retired: false }));
  return [...categoryCaps(categories).values()];
}

/** The keys that a category can have. */
const CAPS = capsOf(100);

/**
 * @param {string} chord
 * @param {Place[]} places
 * @param {number} categories
 */
function action(chord, places, categories = 2) {
  return findBinding(press(chord), places, capsOf(categories))?.action ?? null;
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
        const categories = meaning === "tick" ? CAPS.length : 0;
        assert.equal(action(chord, [place], categories), meaning, `${place}: ${chord}`);
      }
    }
  }
});

/** Where the keys of categories mean something else, and say so themselves. */
const OTHER_PLACES = ["cells", "rightLabel"];

test("no category's key is a command's key, anywhere in the table", () => {
  for (const { where, keys } of BINDINGS) {
    if (where.every((place) => OTHER_PLACES.includes(place))) continue;
    for (const [chord, meaning] of Object.entries(keys)) {
      if (meaning !== "tick") assert.equal(CAPS.includes(chord), false, `${where.join()}: ${chord} is ${meaning}`);
    }
  }
});

test("categories have digits, then letters, as many as the table says", () => {
  assert.deepEqual(capsOf(11), [..."123456789", ...CAPS.slice(9, 11)]);
  assert.match(CAPS.slice(9).join(""), /^[a-z]{10,}$/);
  assert.equal(new Set(CAPS).size, CAPS.length);
  const [ticking] = BINDINGS.filter(({ keys }) => Object.values(keys).includes("tick"));
  assert.deepEqual(CAPS, Object.keys(ticking.keys));
  assert.equal(action("b", ["image"], 100), "backfill");
});

/** @param {number[]} retired of thirty categories, by number */
function thirty(retired = []) {
  return Array.from({ length: 30 }, (_, id) => ({ key: `c${id}`, id, retired: retired.includes(id) }));
}

test("a category keeps its key, whatever becomes of the others", () => {
  const before = categoryCaps(thirty());
  for (const retired of [[0], [3, 4], [8, 12, 19]]) {
    const after = categoryCaps(thirty(retired).reverse());
    for (const [key, cap] of before) if (!retired.includes(Number(key.slice(1)))) assert.equal(after.get(key), cap);
  }
  assert.equal(categoryCaps(thirty([0])).get("c1"), "2");
});

test("a hidden category's key goes to no other until all keys are used up, and comes back to it", () => {
  const most = CAPS.length;
  assert.equal(categoryCaps(thirty([0]).slice(0, most)).size, most - 1);
  assert.equal(categoryCaps(thirty().slice(0, most + 1)).get(`c${most}`), undefined);
  assert.equal(categoryCaps(thirty([0]).slice(0, most + 1)).get(`c${most}`), "1");
  assert.equal(categoryCaps(thirty().slice(0, most + 1)).get("c0"), "1");
});

test("a category that has no number yet comes after all others", () => {
  const made = [{ key: "client:1", retired: false }, { key: "7", id: 7, retired: false }]; // prettier-ignore
  assert.deepEqual([...categoryCaps(made)], [["7", "1"], ["client:1", "2"]]); // prettier-ignore
});

test("the keys that look closer, jump and compare tick nothing", () => {
  const chords = ["x", "[", "]", "{", "}", "\\", "j", "k", "v"];
  const actions = ["crisp", "darker", "brighter", "lessContrast", "moreContrast", "autoLevel", "jump", "keep", "compare"]; // prettier-ignore
  assert.deepEqual(chords.map((chord) => action(chord, ["image"], MOST)), actions); // prettier-ignore
  assert.equal(findBinding({ ...press("}"), shiftKey: true }, ["image"])?.action, "moreContrast");
  assert.equal(action("1", ["compare"], MOST), null);
  assert.equal(action("Enter", ["compare"], MOST), null);
});

test("a key beyond the last category means nothing", () => {
  assert.equal(action("2", ["image"], 2), "tick");
  assert.equal(action("3", ["image"], 2), null);
  assert.equal(action("0", ["image"], MOST), null);
});

test("letters mean the same with caps lock, and with Shift where that has no meaning of its own", () => {
  assert.equal(action("G", ["image"]), "openSheet");
  assert.equal(action("U", ["image"]), "undo");
  assert.equal(findBinding({ ...press("A"), shiftKey: true }, ["image"], capsOf(12))?.cap, "a");
  assert.equal(findBinding({ ...press("U"), shiftKey: true }, ["image"])?.action, "redo");
  assert.equal(chordOf({ ...press("?"), shiftKey: true }), "?");
  assert.equal(action("Shift+ArrowRight", ["image"]), "forward");
  assert.equal(action("Shift+ArrowRight", ["tiles"]), "extend");
});

test("with Ctrl or Alt a key is the browser's, but for those that say so", () => {
  assert.equal(action("Ctrl+c", ["image"], 26), null);
  assert.equal(action("Ctrl+a", ["tiles"]), "selectAll");
  assert.equal(findBinding({ ...press("a"), metaKey: true }, ["tiles"])?.action, "selectAll");
  assert.equal(action("Ctrl+z", ["image"]), "undo");
  assert.equal(findBinding({ ...press("Z"), metaKey: true, shiftKey: true }, ["image"])?.action, "redo");
  assert.equal(action("Ctrl+z", ["field"]), null);
  assert.equal(action("Ctrl+k", ["field"]), "palette");
  assert.equal(action("Ctrl+Enter", ["field"]), "acceptAndNext");
  assert.equal(action("Alt+ArrowUp", ["image"]), null);
  assert.equal(action("Alt+ArrowUp", ["category"]), "moveUp");
});

test("the first place that binds a key has it", () => {
  assert.equal(action("ArrowRight", ["zoomed", "image"]), "panRight");
  assert.equal(action("Enter", ["zoomed", "image"]), "next");
  assert.equal(action("n", ["backfill", "image"]), "no");
  assert.equal(action("n", ["image"]), "newCategory");
  assert.equal(action("Enter", ["backfill", "image"]), "no");
  assert.equal(action("Escape", ["zoomed", "backfill", "image"]), "unzoom");
  assert.equal(action("Escape", ["backfill", "image"]), "endBackfill");
  assert.equal(action("n", ["backfilled"]), null);
  assert.equal(action("Enter", ["backfilled"]), "endBackfill");
  assert.equal(action("e", ["category", "image"]), "editFocused");
  assert.equal(action("Space", ["category", "image"]), "tickFocused");
  assert.equal(action("Space", ["image"]), "repeat");
});

test("only moving and lighting go on while a key is held down", () => {
  const held = BINDINGS.filter(({ repeats }) => repeats).flatMap(({ keys }) => Object.keys(keys));
  assert.deepEqual(held.filter((chord) => !/Arrow|Page|Home|End|[[\]{}]/.test(chord)), []); // prettier-ignore
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
  const places = ["image", "zoomed", "dots", "compare", "category", "rightLabel", "backfill", "backfilled", "sheet", "tiles", "field"]; // prettier-ignore
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

test("the palette names what keys do, each once, with its key", () => {
  const names = commandsIn(["image"]);
  assert.equal(new Set(names.map(({ action: one }) => one)).size, names.length);
  const by = Object.fromEntries(names.map(({ action: one, name, cap }) => [one, `${name} (${cap})`]));
  assert.equal(by.next, "Looked at, next image (↵)");
  assert.equal(by.undo, "Undo (u)");
  assert.equal(by.redo, "Redo (⇧+u)");
  assert.equal(by.newCategory, "New category (n)");
  assert.equal(by.tick, undefined);
  assert.equal(by.palette, undefined);
});
