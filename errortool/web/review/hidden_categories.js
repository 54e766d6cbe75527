import { element, partsOf, setText } from "./dom.js";
import { plural } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Category } from "./types.d.ts" */

/** The categories that were hidden, and how they come back. */
export class HiddenCategories {
  #dialog;
  #parts;
  #restore;
  /** @type {Model | null} */
  #model = null;

  /**
   * @param {ParentNode} root
   * @param {(category: Readonly<Category>) => void} restore
   */
  constructor(root, restore) {
    this.#restore = restore;
    const parts = partsOf(root, {
      hidden: HTMLDialogElement,
      hiddenOpen: HTMLButtonElement,
      hiddenList: HTMLElement,
      hiddenClose: HTMLButtonElement,
    });
    this.#parts = parts;
    this.#dialog = parts.hidden;
    parts.hiddenOpen.addEventListener("click", () => this.open());
    parts.hiddenClose.addEventListener("click", () => this.#dialog.close());
  }

  open() {
    this.#drawList();
    this.#dialog.showModal();
  }

  /** @param {Model} model */
  draw(model) {
    this.#model = model;
    const { hiddenOpen } = this.#parts;
    const { length } = model.hidden;
    hiddenOpen.hidden = !length;
    setText(hiddenOpen, `${length} hidden`);
    if (this.#dialog.open) this.#drawList();
  }

  #drawList() {
    const model = this.#model;
    if (!model) return;
    const items = model.hidden.map((category) => {
      const restore = () => this.#restore(category);
      const button = element("button", { type: "button", "aria-label": `Restore ${category.name}`, onclick: restore }, "Restore"); // prettier-ignore
      const ticks = element("span", { class: "quiet" }, plural(model.timesTicked(category.key), "tick"));
      return element("li", {}, element("span", {}, category.name), ticks, button);
    });
    const none = items.length ? [] : [element("li", { class: "quiet" }, "None is hidden.")];
    this.#parts.hiddenList.replaceChildren(...items, ...none);
  }
}
