import { element, redraw, setText } from "./dom.js";

/** @import { Model } from "./model.js" */

/**
 * A column of the table: how it is sorted, how a cell is filled, and what a cell can be used for.
 * @typedef {object} Column
 * @property {string} title
 * @property {string} kind its cells' class
 * @property {(td: HTMLElement, at: number) => void} fill
 * @property {string} [sort] the field that it is sorted by
 * @property {string} [tick] the key of the category that is ticked
 * @property {boolean} [looks] whether it says what was looked at
 * @property {"comment" | "corrected_label"} [field] what is edited
 * @property {string} [hide] its name where it can be left out
 */

/** What the column "looked at" says. */
const LOOKED_WORDS = { "looked at": "✓", deferred: "Deferred", unreadable: "Unreadable" };

/**
 * Returns the columns that a session can have.
 * @param {Model} model
 * @param {(td: HTMLElement, at: number) => void} fillThumb
 * @returns {Column[]}
 */
export function columnsOf(model, fillThumb) {
  const { key, label, prediction, confidence, extra } = model.examples;
  return [
    { title: "", kind: "thumb frozen", fill: fillThumb },
    { title: "#", kind: "number place frozen", sort: "order", fill: (td, at) => fillPlace(model, td, at) },
    { ...textColumn("id", "id", (at) => key[at]), kind: "id frozen" },
    { ...textColumn("label", "label", (at) => label[at]), hide: "label" },
    { ...textColumn("prediction", "prediction", (at) => prediction[at]), hide: "prediction" },
    {
      ...textColumn("confidence", "confidence", (at) => confidence[at]?.toFixed(2) ?? ""),
      ...{ kind: "number", hide: "confidence" },
    },
    ...model.shown.map((category) => tickColumn(model, category.key, category.name)),
    lookedColumn(model),
    {
      ...textColumn("right label", "corrected", (at) => model.look(at).corrected_label ?? ""),
      ...{ kind: "text", field: "corrected_label", hide: "corrected" },
    },
    {
      ...textColumn("comment", "comment", (at) => model.look(at).comment),
      ...{ kind: "text", field: "comment", hide: "comment" },
    },
    ...model.extras.map((name) => ({
      ...textColumn(name, `x.${name}`, (at) => extra[name][at]),
      ...{ kind: isNumbers(extra[name]) ? "number" : "", hide: `x.${name}` },
    })),
  ];
}

/**
 * Numbers an example in the order of review; correct predictions are marked.
 * @param {Model} model
 * @param {HTMLElement} td
 * @param {number} at
 */
function fillPlace(model, td, at) {
  const mark = model.isRight(at) ? [element("small", {}, "correct")] : [];
  redraw(td, at, () => [new Text(String(at + 1)), ...mark]);
}

/** @param {string[]} values */
function isNumbers(values) {
  return values.every((value) => Number.isFinite(Number(value)));
}

/**
 * @param {string} title
 * @param {string} sort
 * @param {(at: number) => string} valueOf
 * @returns {Column}
 */
function textColumn(title, sort, valueOf) {
  return {
    ...{ title, kind: "", sort },
    fill(td, at) {
      const value = valueOf(at);
      if (td.textContent === value) return;
      td.textContent = value;
      td.title = value;
    },
  };
}

/**
 * @param {Model} model
 * @param {string} key
 * @param {string} title
 * @returns {Column}
 */
function tickColumn(model, key, title) {
  return {
    title,
    kind: "tick",
    tick: key,
    sort: `t.${key}`,
    fill(td, at) {
      const value = model.tick(key, at);
      setText(td, value === 1 ? "✓" : value === 0 ? "·" : "");
      td.setAttribute("role", "checkbox");
      td.setAttribute("aria-checked", value === 1 ? "true" : value === 0 ? "false" : "mixed");
      td.setAttribute("aria-label", `${title}, example ${model.examples.key[at]}`);
    },
  };
}

/**
 * @param {Model} model
 * @returns {Column}
 */
function lookedColumn(model) {
  return {
    title: "looked at",
    kind: "tick",
    looks: true,
    sort: "show",
    fill(td, at) {
      const { status } = model.look(at);
      setText(td, status ? LOOKED_WORDS[status] : "");
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
  if (!url) return element("button", properties);
  const image = element("img", { alt: "", src: url, decoding: "async" });
  image.addEventListener("error", () => image.replaceWith("no image to show"));
  return element("button", properties, image);
}
