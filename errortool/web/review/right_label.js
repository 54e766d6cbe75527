import { element, offer, partsOf, redraw } from "./dom.js";

/** @import { Model } from "./model.js" */

/** What is kept where no label fits. */
const NONE = "no right label";

/** Asks for the right label where the recorded one is wrong. */
export class RightLabel {
  static CHIPS = 6; // up to so many classes are buttons, more are for typing

  #parent;
  #parts;
  /** @type {number | null} the position that was drawn last */
  #position = null;
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

  /** Puts the keyboard on the labels to choose from, or in the field where they are too many. */
  select() {
    const { relabel, right } = this.#parts;
    if (relabel.hidden) return;
    const buttons = this.#buttons;
    const pressed = buttons.find((button) => button.getAttribute("aria-pressed") === "true");
    if (buttons.length > 1) (pressed ?? buttons[0]).focus();
    else right.select();
  }

  /**
   * Takes the label with a number.
   * @param {string} number from 1
   */
  choose(number) {
    this.#buttons[Number(number) - 1]?.click();
  }

  /**
   * Begins to write another label.
   * @param {string} letter
   */
  write(letter) {
    const { right } = this.#parts;
    right.value = letter;
    right.focus();
  }

  /** Lets the keyboard go. */
  leave() {
    const { activeElement } = this.#parent;
    if (activeElement instanceof HTMLElement) activeElement.blur();
  }

  get #buttons() {
    return [...this.#parts.chips.querySelectorAll("button")];
  }

  /**
   * @param {Model} model
   * @param {number} position
   * @param {boolean} wanted
   */
  draw(model, position, wanted) {
    const { relabel, right, classes, chips } = this.#parts;
    const ticked = relabel.hidden && position === this.#position; // not: another image has come
    this.#position = position;
    relabel.hidden = !wanted;
    if (!wanted) return;
    const label = model.look(position).corrected_label;
    const written = label === NONE ? "" : (label ?? "");
    if (right !== this.#parent.activeElement && right.value !== written) right.value = written;
    const known = model.otherClasses(position);
    offer(classes, known);
    const names = [...(known.length <= RightLabel.CHIPS ? known : []), NONE];
    redraw(chips, [names, label], () => names.map((name, index) => this.#chip(name, index, name === label)));
    if (ticked) relabel.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {string} name
   * @param {number} index
   * @param {boolean} pressed
   */
  #chip(name, index, pressed) {
    const onclick = () => (this.leave(), this.#relabel(name));
    const cap = element("kbd", { "aria-hidden": "true" }, String(index + 1));
    return element("button", { type: "button", "aria-pressed": String(pressed), onclick }, cap, name === NONE ? "none fits" : name); // prettier-ignore
  }
}
