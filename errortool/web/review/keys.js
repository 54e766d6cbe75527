/** @import { Action, Binding, Found, Place } from "./types.d.ts" */

/** The keys of categories, in their order: digits, then the letters that mean nothing else. */
const CATEGORY_KEYS = "123456789aefhijkmopqstvwx";

/** Where bindings hold, in words. */
const PLACES = {
  image: "on an image",
  zoomed: "zoomed in",
  backfill: "in a backfill",
  sheet: "in the contact sheet",
  tiles: "in the contact sheet",
  category: "on a category in focus",
  field: "in a field",
  table: "on the page Table",
  cells: "in the table",
};

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
    does: "tick a category: the key stands beside its name",
  },
  { where: ["image"], keys: { Enter: "next" }, does: "looked at, next image: no tick means no" },
  {
    where: ["image"],
    keys: { ArrowRight: "forward", ArrowLeft: "back" },
    does: "move without judging",
    repeats: true,
  },
  { where: ["image"], keys: { Space: "repeat" }, does: "repeat the last image's ticks" },
  { where: ["image"], keys: { d: "defer" }, does: "defer: not looked at, comes back at the end" },
  {
    where: ["image", "sheet", "table"],
    keys: { u: "undo" },
    does: "undo, any number of steps, also after a reload",
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
  },
  {
    where: ["image"],
    keys: { z: "zoom" },
    does: "zoom, one pixel to one; arrows, mouse, wheel and pinch move it",
  },
  { where: ["image"], keys: { g: "openSheet" }, does: "contact sheet: thumbnails, to tick many at once" },
  { where: ["image", "sheet"], keys: { "?": "help" }, does: "help: these keys" },
  {
    where: ["zoomed"],
    keys: { ArrowRight: "panRight", ArrowLeft: "panLeft", ArrowUp: "panUp", ArrowDown: "panDown" },
    does: "move the image",
    repeats: true,
  },
  { where: ["zoomed"], keys: { Escape: "zoom" }, does: "the whole image again" },
  { where: ["backfill"], keys: { y: "yes" }, does: "yes (as the category's own key)" },
  { where: ["backfill"], keys: { n: "no", Enter: "no" }, does: "no" },
  { where: ["backfill"], keys: { Escape: "endBackfill" }, does: "stop: the rest is offered again" },
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
  { where: ["sheet"], keys: { l: "lookMany" }, does: "mark the selected images as looked at: no tick means no" },
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
  { where: ["field"], keys: { Enter: "accept" }, does: "take what was typed (a new line in a comment)" },
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
 * Returns the key of the category at an index; "" where there are too many.
 * @param {number} index
 */
export function categoryKey(index) {
  return CATEGORY_KEYS[index] ?? "";
}

/**
 * Returns how a key press is written in the bindings: "g", "Enter", "Shift+Home", "Ctrl+a".
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 */
export function chordOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const shift = shiftKey && key.length > 1; // with a letter it is part of the key
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
}

/**
 * Returns what a key does, in the first of these places where it is bound; null if it isn't.
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 * @param {Place[]} places
 * @param {number} categories how many there are: their keys are bound as far as they go
 * @returns {Found | null}
 */
export function findBinding(event, places, categories = 0) {
  const exact = chordOf(event);
  for (const chord of [exact, exact.replace("Shift+", "")]) {
    const index = chord.length === 1 ? CATEGORY_KEYS.indexOf(chord) : -1;
    for (const place of places) {
      const ticks = place === "image" || place === "sheet";
      if (ticks && index >= 0 && index < categories) return { action: "tick", repeats: false, index };
      const found = BOUND.get(place)?.get(chord);
      if (found) return { ...found, index: -1 };
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
    if (chord) return KEY_NAMES[chord]?.[1] ?? chord;
  }
  return "";
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
    const [place] = binding.where;
    if (!places.includes(place)) continue;
    const title = PLACES[place];
    sections.set(title, [...(sections.get(title) ?? []), { keys: keysOf(binding, 1), does: binding.does }]);
  }
  return sections;
}

/** Returns the table of keys as the README has it. */
export function keysAsMarkdown() {
  const rows = BINDINGS.map((binding) => {
    const keys = keysOf(binding, 0).map(({ cap, text }) => (cap ? `\`${text}\`` : text));
    const places = [...new Set(binding.where.map((place) => PLACES[place]))];
    return `| ${keys.join("")} | ${binding.does} | ${places.join(", ")} |`;
  });
  return ["| key | does | where |", "| --- | --- | --- |", ...rows].join("\n");
}
