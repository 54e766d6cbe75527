/** @import { Action, Binding, Category, Found, Place } from "./types.d.ts" */

/** The keys of categories, in their order: digits, then the letters that mean nothing else. */
const CATEGORY_KEYS = "123456789afhiopqstw";

/** Where bindings hold, in words. */
const PLACES = {
  image: "on an image",
  zoomed: "zoomed in",
  dots: "over the dots",
  compare: "comparing",
  backfill: "in a backfill",
  backfilled: "at the end of a backfill",
  rightLabel: "on a right label",
  sheet: "in the contact sheet",
  tiles: "in the contact sheet",
  category: "on a category in focus",
  field: "in a field",
  table: "on the page Table",
  cells: "in the table",
};

/** What the help dialog calls a place, where it says more. */
/** @type {Partial<Record<Place, string>>} */
const TITLES = { category: "Categories: with one in focus" };

/**
 * Every key binding: dispatch, the help dialog and the README's table come from here. Where a
 * key is bound in several places that hold at once, the order of the places decides.
 * @type {Binding[]}
 */
export const BINDINGS = [
  {
    where: ["image", "sheet"],
    keys: Object.fromEntries([...CATEGORY_KEYS].map((key) => [key, "tick"])),
    label: "[1]–[9], letters",
    name: "",
    does: "tick a category: the key stands beside its name",
  },
  { where: ["image"], keys: { Enter: "next" }, does: "looked at, next image: unticked means no" },
  {
    where: ["image"],
    keys: { ArrowRight: "forward", ArrowLeft: "back" },
    does: "move without judging",
    repeats: true,
  },
  { where: ["image"], keys: { Space: "repeat" }, does: "repeat the last image's ticks" },
  { where: ["image"], keys: { d: "defer" }, does: "defer: not looked at, comes back at the end" },
  {
    where: ["image", "sheet", "table", "backfilled"],
    keys: { u: "undo", "Ctrl+z": "undo" },
    label: "[u] or [Ctrl] [z]",
    does: "undo, any number of steps, also after a reload",
    name: "undo",
  },
  {
    where: ["image", "sheet", "table", "backfilled"],
    keys: { "Shift+u": "redo", "Ctrl+Shift+z": "redo" },
    label: "[Shift] [u] or [Ctrl] [Shift] [z]",
    does: "redo what was undone, until something else is changed",
    name: "redo",
  },
  { where: ["image"], keys: { c: "comment" }, does: "comment; saved while you type" },
  {
    where: ["image", "sheet"],
    keys: { n: "newCategory" },
    does: "new category; typing completes known names",
  },
  { where: ["image"], keys: { b: "backfill" }, does: "backfill: the earlier images for a new category" },
  {
    where: ["image"],
    keys: { r: "rightLabel" },
    does: "right label, asked for where a label error is ticked",
    name: "right label",
  },
  {
    where: ["image"],
    keys: { z: "zoom" },
    does: "zoom at the mouse: twice, one pixel to one, whole again; arrows, mouse, wheel and pinch move it",
  },
  { where: ["image"], keys: { x: "crisp" }, does: "enlarged pixels crisp or smooth" },
  {
    where: ["image"],
    keys: { "]": "brighter", "[": "darker", "}": "moreContrast", "{": "lessContrast" },
    label: "[BracketRight] [BracketLeft] [}] [{]",
    does: "brighter, darker, more and less contrast, for this image only",
    repeats: true,
  },
  { where: ["image"], keys: { "\\": "autoLevel" }, does: "auto level: its greys from black to white" },
  { where: ["image"], keys: { j: "jump" }, does: "jump to an image: all as dots by state, or its number" },
  { where: ["image"], keys: { k: "keep" }, does: "keep the image for comparing, or let it go: up to four" },
  {
    where: ["image", "sheet"],
    keys: { v: "compare" },
    does: "compare the kept (or selected) images; one alone with a correct prediction",
  },
  { where: ["image"], keys: { g: "openSheet" }, does: "contact sheet: thumbnails, to tick many at once" },
  { where: ["image", "sheet", "table"], keys: { "?": "help" }, does: "help: these keys" },
  {
    where: ["image", "sheet", "table", "backfill", "backfilled", "field"],
    keys: { "Ctrl+k": "palette" },
    does: "find any command, category, image or page by a part of its name",
    name: "",
  },
  {
    where: ["zoomed"],
    keys: { ArrowRight: "panRight", ArrowLeft: "panLeft", ArrowUp: "panUp", ArrowDown: "panDown" },
    does: "move the image",
    repeats: true,
  },
  { where: ["zoomed"], keys: { Escape: "unzoom" }, does: "the whole image again" },
  { where: ["dots"], keys: { Escape: "closeDots", j: "closeDots" }, does: "back to the image" },
  { where: ["compare"], keys: { Escape: "closeCompare", v: "closeCompare" }, does: "back to the image" },
  { where: ["compare"], keys: { r: "besideRight" }, does: "the next correct prediction of the predicted class" },
  { where: ["backfill"], keys: { y: "yes" }, does: "yes (as the category's own key)" },
  { where: ["backfill"], keys: { n: "no", Enter: "no" }, does: "no" },
  { where: ["backfill"], keys: { Escape: "endBackfill" }, does: "stop: the rest is offered again" },
  {
    where: ["backfilled"],
    keys: { Enter: "endBackfill", Escape: "endBackfill" },
    does: "go on where it was begun; no other key does anything",
  },
  {
    where: ["rightLabel"],
    keys: Object.fromEntries([..."1234567"].map((key) => [key, "chooseLabel"])),
    label: "[1]–[7]",
    does: "choose the label with this number",
  },
  {
    where: ["rightLabel"],
    keys: Object.fromEntries([..."abcdefghijklmnopqrstuvwxyz"].map((key) => [key, "writeLabel"])),
    label: "letters",
    does: "write another label",
  },
  { where: ["rightLabel"], keys: { Escape: "leaveLabel" }, does: "leave it as it is" },
  {
    where: ["tiles"],
    keys: {
      ...{ ArrowRight: "move", ArrowLeft: "move", ArrowUp: "move", ArrowDown: "move" },
      ...{ PageUp: "move", PageDown: "move", Home: "move", End: "move" },
    },
    label: "[→] [←] [↑] [↓] [Page ↑] [Page ↓] [Home] [End]",
    does: "move from image to image",
    repeats: true,
  },
  {
    where: ["tiles"],
    keys: {
      ...{ "Shift+ArrowRight": "extend", "Shift+ArrowLeft": "extend", "Shift+ArrowUp": "extend" },
      ...{ "Shift+ArrowDown": "extend", "Shift+PageUp": "extend", "Shift+PageDown": "extend" },
      ...{ "Shift+Home": "extend", "Shift+End": "extend" },
    },
    label: "[Shift] and one of these",
    does: "extend the selection",
    repeats: true,
  },
  { where: ["tiles"], keys: { Space: "select" }, does: "select an image, or let it go" },
  { where: ["tiles"], keys: { "Ctrl+a": "selectAll" }, does: "select all" },
  { where: ["sheet"], keys: { l: "lookMany" }, does: "mark the selected images as looked at: unticked means no" },
  { where: ["sheet", "table"], keys: { "/": "search" }, does: "search all columns" },
  { where: ["sheet"], keys: { Enter: "openTile" }, does: "open the image in focus" },
  { where: ["sheet"], keys: { g: "closeSheet" }, does: "back to the image" },
  { where: ["sheet"], keys: { Escape: "leaveSelection" }, does: "select nothing, then back to the image" },
  {
    where: ["category"],
    keys: { "Alt+ArrowUp": "moveUp", "Alt+ArrowDown": "moveDown" },
    label: "[Alt] [↑] [↓]",
    does: "move the category (or drag it)",
    repeats: true,
  },
  { where: ["category"], keys: { Space: "tickFocused" }, does: "tick the category" },
  {
    where: ["category"],
    keys: { e: "editFocused" },
    does: "edit it, as the ⋯ beside it does: rename, describe, merge, split, hide",
  },
  { where: ["field"], keys: { Enter: "accept" }, does: "take what was typed (a new line in a comment)" },
  { where: ["field"], keys: { "Shift+Enter": "acceptOnly" }, does: "make a new category without ticking it here" },
  { where: ["field"], keys: { "Ctrl+Enter": "acceptAndNext" }, does: "looked at, next image, out of a comment" },
  { where: ["field"], keys: { Escape: "leave" }, does: "leave the field" },
  {
    where: ["cells"],
    keys: { ArrowRight: "cellRight", ArrowLeft: "cellLeft", ArrowUp: "cellUp", ArrowDown: "cellDown" },
    does: "move from cell to cell",
    repeats: true,
  },
  { where: ["cells"], keys: { Space: "act" }, does: "tick, or edit the cell" },
  {
    where: ["cells"],
    keys: { 1: "yes", 0: "no", Delete: "clear" },
    label: "[1] [0] [Delete]",
    does: "yes, no, not looked at",
  },
  { where: ["cells"], keys: { z: "enlarge" }, does: "enlarge the image" },
  { where: ["cells"], keys: { Enter: "open" }, does: "the same as Space; on the id, open the image in the review" },
];

/** How keys are written: in the README, and on a cap. */
/** @type {Record<string, [name: string, cap: string]>} */
const KEY_NAMES = {
  ArrowRight: ["→", "→"],
  ArrowLeft: ["←", "←"],
  ArrowUp: ["↑", "↑"],
  ArrowDown: ["↓", "↓"],
  Enter: ["Enter", "↵"],
  Escape: ["Esc", "esc"],
  Space: ["Space", "space"],
  Shift: ["Shift", "⇧"],
  BracketRight: ["]", "]"], // in a label brackets stand round each key
  BracketLeft: ["[", "["],
};

/** @type {Map<Place, Map<string, {action: Action, repeats: boolean}>>} */
const BOUND = new Map();
for (const { where, keys, repeats = false } of BINDINGS) {
  for (const place of where) {
    if (!BOUND.has(place)) BOUND.set(place, new Map());
    for (const [chord, action] of Object.entries(keys)) {
      if (action !== "tick") BOUND.get(place)?.set(chord, { action, repeats });
    }
  }
}

/**
 * Returns the key to press for each category that has one, by the category's key.
 *
 * It goes by when a category was made: nothing that is moved, hidden or merged changes it. After the
 * last the keys begin again: the later category has one as long as the earlier is hidden.
 * @param {readonly Pick<Category, "key" | "id" | "retired">[]} categories hidden ones too
 * @returns {Map<string, string>}
 */
export function categoryCaps(categories) {
  /** @type {Map<string, string>} */
  const owners = new Map();
  const made = [...categories].sort((one, other) => (one.id ?? 1e15) - (other.id ?? 1e15));
  for (const [index, { key, retired }] of made.entries()) {
    const cap = CATEGORY_KEYS[index % CATEGORY_KEYS.length];
    if (!retired && !owners.has(cap)) owners.set(cap, key);
  }
  return new Map([...owners].map(([cap, key]) => [key, cap]));
}

/**
 * Returns how a key press is written in the bindings: "g", "Shift+u", "Shift+Home", "Ctrl+a".
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 */
export function chordOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const shift = shiftKey && (key.length > 1 || name !== key.toUpperCase()); // in "?" it is part of the key
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
}

/**
 * Returns what a key does, in the first of these places where it is bound; null if it isn't.
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 * @param {Place[]} places
 * @param {Iterable<string>} caps the keys of categories, where they tick
 * @returns {Found | null}
 */
export function findBinding(event, places, caps = []) {
  const ticking = new Set(caps);
  const exact = chordOf(event);
  for (const chord of [exact, exact.replace("Shift+", "")]) {
    for (const place of places) {
      const ticks = place === "image" || place === "sheet";
      if (ticks && ticking.has(chord)) return { action: "tick", repeats: false, cap: chord };
      const found = BOUND.get(place)?.get(chord);
      if (found) return { ...found, cap: "" };
    }
  }
  return null;
}

/**
 * Returns the cap of the first key that does this.
 * @param {string} action
 */
export function capOf(action) {
  for (const { keys } of BINDINGS) {
    const chord = Object.keys(keys).find((one) => keys[one] === action);
    if (chord) return chord.split("+").map((key) => KEY_NAMES[key]?.[1] ?? key).join(" "); // prettier-ignore
  }
  return "";
}

/**
 * Returns what the keys of some places do, as the palette names it.
 * @param {Place[]} places
 * @returns {{action: Action, name: string, cap: string}[]}
 */
export function commandsIn(places) {
  const found = new Map();
  for (const { where, keys, does, name = does.split(/[:;]/)[0], repeats } of BINDINGS) {
    if (repeats || !name || !where.some((place) => places.includes(place))) continue;
    const [[chord, action]] = Object.entries(keys);
    const cap = chord.split("+").map((key) => KEY_NAMES[key]?.[1] ?? key).join("+"); // prettier-ignore
    if (!found.has(action)) found.set(action, { action, name: name[0].toUpperCase() + name.slice(1), cap });
  }
  return [...found.values()];
}

/**
 * Returns a binding's keys as caps and the words between them.
 * @param {Binding} binding
 * @param {0 | 1} form 0 as the README writes keys, 1 as on a cap
 * @returns {{cap: boolean, text: string}[]}
 */
function keysOf({ keys, label }, form) {
  const written = label ?? Object.keys(keys).map((chord) => `[${chord.replaceAll("+", "] [")}]`).join(" "); // prettier-ignore
  return written
    .split(/[[\]]/)
    .map((text, index) => ({ cap: index % 2 === 1, text: index % 2 ? (KEY_NAMES[text]?.[form] ?? text) : text }))
    .filter(({ text }) => text);
}

/**
 * Returns the bindings that hold in some places, by where they hold, for the help dialog.
 * @param {Place[]} places
 */
export function helpSections(places) {
  /** @type {Map<string, {keys: {cap: boolean, text: string}[], does: string}[]>} */
  const sections = new Map();
  for (const binding of BINDINGS) {
    const place = binding.where.find((one) => places.includes(one));
    if (!place) continue;
    const title = TITLES[place] ?? PLACES[place];
    sections.set(title, [...(sections.get(title) ?? []), { keys: keysOf(binding, 1), does: binding.does }]);
  }
  return sections;
}

/**
 * Returns the table of keys as the manual has it.
 * @param {string[]} wanted only the keys of these places, if there are any
 */
export function keysAsMarkdown(wanted = []) {
  const bindings = BINDINGS.filter(({ where }) => !wanted.length || where.some((place) => wanted.includes(place)));
  const rows = bindings.map((binding) => {
    const keys = keysOf(binding, 0).map(({ cap, text }) => (cap ? `\`${text}\`` : text));
    const places = [...new Set(binding.where.map((place) => PLACES[place]))];
    return `| ${keys.join("")} | ${binding.does} | ${places.join(", ")} |`;
  });
  return ["| key | does | where |", "| --- | --- | --- |", ...rows].join("\n");
}
