import { element, partsOf, redraw, setText } from "./dom.js";
import { plural } from "./text.js";

/** @import { Model } from "./model.js" */

/**
 * Parts the table's other columns, in the file's order, into those that tell images apart and those
 * that are the same for all.
 * @param {Pick<Model, "extras" | "examples" | "size">} model
 */
export function partedColumns({ extras, examples, size }) {
  const same = new Set(size > 1 ? extras.filter((name) => allEqual(examples.extra[name])) : []);
  return { varying: extras.filter((name) => !same.has(name)), same: extras.filter((name) => same.has(name)) };
}

/** @param {string[]} values */
function allEqual(values) {
  return values.every((value) => value === values[0]);
}

/** The table's other columns: a few at first, in one line each, so that nothing moves from image to image. */
export class Facts {
  static FEW = 5;
  static LONG = 30; // letters that may not fit into a line

  #parts;
  /** @type {ReturnType<typeof partedColumns>} */
  #columns = { varying: [], same: [] };
  /** @type {Model["examples"] | null} those that `#columns` are of */
  #examples = null;
  #unfolded = false;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#parts = partsOf(root, { facts: HTMLElement, moreFacts: HTMLButtonElement });
  }

  /**
   * Draws them; with no image they are the stage, and not repeated here.
   * @param {Model} model
   * @param {number} position
   */
  draw(model, position) {
    const { facts, moreFacts } = this.#parts;
    if (this.#examples !== model.examples) {
      this.#examples = model.examples;
      this.#columns = model.session.images ? partedColumns(model) : { varying: [], same: [] };
    }
    const { varying, same } = this.#columns;
    const few = varying.length <= Facts.FEW ? varying : varying.slice(0, Facts.FEW - 1);
    const names = this.#unfolded ? [...varying, ...same] : few;
    const folded = varying.length + same.length - few.length;
    moreFacts.hidden = !folded;
    setText(moreFacts, this.#unfolded ? "fewer columns" : plural(folded, "more column"));
    moreFacts.setAttribute("aria-expanded", String(this.#unfolded));
    moreFacts.onclick = () => {
      this.#unfolded = !this.#unfolded;
      this.draw(model, position);
    };
    const values = names.map((name) => model.examples.extra[name][position] || "–");
    redraw(facts, [names, values], () =>
      names.flatMap((name, index) => [element("dt", { title: name }, name), factOf(values[index])]),
    );
  }
}

/**
 * Builds a value: a long one is cut until it's clicked.
 * @param {string} value
 */
function factOf(value) {
  if (value.length <= Facts.LONG) return element("dd", {}, value);
  const unfold = () => {
    const whole = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!whole));
  };
  const properties = { type: "button", class: "value", title: value, "aria-expanded": "false", onclick: unfold };
  const button = element("button", properties, value);
  return element("dd", {}, button);
}
