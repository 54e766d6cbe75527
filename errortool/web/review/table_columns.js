import { element, setText } from "./dom.js";

/** @import { Model } from "./model.js" */

/**
 * A column of the table: how it is sorted, how a cell is filled, and what a cell can be used for.
 * @typedef {object} Column
 * @property {string} name
 * @property {string} kind its cells' class
 * @property {(td: HTMLElement, at: number) => void} fill
 * @property {(at: number) => string | number} [sortBy]
 * @property {string} [tick] the key of the category that is ticked
 * @property {boolean} [looks] whether it says what was looked at
 * @property {"comment" | "corrected_label"} [field] what is edited
 */

/**
 * Returns the columns that a session has.
 * @param {Model} model
 * @param {(td: HTMLElement, at: number) => void} fillThumb
 * @returns {Column[]}
 */
export function columnsOf(model, fillThumb) {
  const { key, label, prediction, confidence } = model.examples;
  return [
    { name: "", kind: "thumb", fill: fillThumb },
    { name: "#", kind: "number", sortBy: (at) => at, fill: (td, at) => setText(td, String(at + 1)) },
    text("id", (at) => key[at]),
    text("label", (at) => label[at]),
    text("prediction", (at) => prediction[at]),
    {
      name: "confidence",
      kind: "confidence",
      sortBy: (at) => confidence[at] ?? -1,
      fill: (td, at) => setText(td, confidence[at]?.toFixed(2) ?? ""),
    },
    ...model.shown.map((category) => tickColumn(model, category.key, category.name)),
    lookedColumn(model),
    { ...text("right label", (at) => model.look(at).corrected_label ?? "", "text"), field: "corrected_label" },
    { ...text("comment", (at) => model.look(at).comment, "text"), field: "comment" },
  ];
}

/**
 * @param {string} name
 * @param {(at: number) => string} valueOf
 * @param {string} kind
 * @returns {Column}
 */
function text(name, valueOf, kind = "") {
  return { name, kind, sortBy: valueOf, fill: (td, at) => setText(td, valueOf(at)) };
}

/**
 * @param {Model} model
 * @param {string} key
 * @param {string} name
 * @returns {Column}
 */
function tickColumn(model, key, name) {
  return {
    name,
    kind: "tick",
    tick: key,
    sortBy: (at) => -model.tick(key, at),
    fill(td, at) {
      const value = model.tick(key, at);
      setText(td, value === 1 ? "✓" : value === 0 ? "·" : "");
      td.setAttribute("role", "checkbox");
      td.setAttribute("aria-checked", value === 1 ? "true" : value === 0 ? "false" : "mixed");
      td.setAttribute("aria-label", `${name}, example ${model.examples.key[at]}`);
    },
  };
}

/**
 * @param {Model} model
 * @returns {Column}
 */
function lookedColumn(model) {
  return {
    name: "looked at",
    kind: "tick",
    looks: true,
    sortBy: (at) => (model.lookedAt(at) ? 0 : 1),
    fill(td, at) {
      const { status } = model.look(at);
      setText(td, status === "looked at" ? "✓" : status === "deferred" ? "later" : (status ?? ""));
      td.setAttribute("role", "checkbox");
      td.setAttribute("aria-checked", String(status === "looked at"));
      td.setAttribute("aria-label", `looked at, example ${model.examples.key[at]}`);
    },
  };
}

/**
 * Returns a thumbnail that opens its image.
 * @param {string} name what is opened
 * @param {string | null} url
 * @param {() => void} open
 */
export function thumbnail(name, url, open) {
  const properties = { type: "button", tabindex: "-1", "aria-label": `Open example ${name}`, onclick: open };
  const image = url ? [element("img", { alt: "", src: url, decoding: "async" })] : [];
  return element("button", properties, ...image);
}
