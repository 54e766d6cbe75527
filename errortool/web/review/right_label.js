import { element, offer, partsOf, redraw } from "./dom.js";

/** @import { Model } from "./model.js" */

/** Asks for the right label where the recorded one is wrong. */
export class RightLabel {
  static CHIPS = 6; // up to so many classes are buttons, more are for typing

  #parent;
  #parts;
  #relabel;

  /**
   * @param {ShadowRoot} parent
   * @param {(label: string | null) => void} relabel
   */
  constructor(parent, relabel) {
    this.#parent = parent;
    this.#relabel = relabel;
    this.#parts = partsOf(parent, {
      relabel: HTMLElement,
      right: HTMLInputElement,
      classes: HTMLElement,
      chips: HTMLElement,
    });
    const { right } = this.#parts;
    right.addEventListener("change", () => relabel(right.value.trim() || null));
  }

  /** Puts the keyboard in the field, where it is asked for. */
  select() {
    if (!this.#parts.relabel.hidden) this.#parts.right.select();
  }

  /**
   * @param {Model} model
   * @param {number} position
   * @param {boolean} wanted
   */
  draw(model, position, wanted) {
    const { relabel, right, classes, chips } = this.#parts;
    relabel.hidden = !wanted;
    if (!wanted) return;
    const label = model.look(position).corrected_label;
    if (right !== this.#parent.activeElement && right.value !== (label ?? "")) right.value = label ?? "";
    const known = model.classes.filter((name) => name !== model.examples.label[position]);
    offer(classes, known);
    const names = [...(known.length <= RightLabel.CHIPS ? known : []), "no right label"];
    redraw(chips, [names, label], () => names.map((name) => this.#chip(name, name === label)));
  }

  /**
   * @param {string} name
   * @param {boolean} pressed
   */
  #chip(name, pressed) {
    const properties = { type: "button", "aria-pressed": String(pressed), onclick: () => this.#relabel(name) };
    return element("button", properties, name);
  }
}
