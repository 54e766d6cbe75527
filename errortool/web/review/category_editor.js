import { element, partsOf, setText } from "./dom.js";
import { tidied } from "./text.js";

/** @import { Work } from "./work.js" */
/** @import { CategoryValues, Kind } from "./wire.d.ts" */

/** What a change of one field alone is called. */
const KINDS = { name: "rename", description: "describe", kind: "mark" };

/** What can be done to a category: name, describe, blame, move, merge, split, retire, restore. */
export class CategoryEditor {
  #dialog;
  #key = "";
  #parts;
  #work;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Work} work
   */
  constructor(dialog, work) {
    this.#dialog = dialog;
    this.#work = work;
    this.#parts = partsOf(
      dialog,
      {
        title: HTMLElement,
        name: HTMLInputElement,
        description: HTMLInputElement,
        kind: HTMLInputElement,
        up: HTMLButtonElement,
        down: HTMLButtonElement,
        target: HTMLSelectElement,
        merge: HTMLButtonElement,
        names: HTMLInputElement,
        split: HTMLButtonElement,
        notice: HTMLElement,
        retired: HTMLElement,
        list: HTMLElement,
        retire: HTMLButtonElement,
        close: HTMLButtonElement,
        save: HTMLButtonElement,
      },
      "data-edit",
    );
    const clicks = {
      save: () => this.#save(),
      up: () => this.#move(-1),
      down: () => this.#move(1),
      merge: () => this.#merge(),
      split: () => this.#split(),
      retire: () => this.#retire(),
      close: () => dialog.close(),
    };
    for (const [name, action] of Object.entries(clicks)) {
      this.#parts[/** @type {keyof typeof clicks} */ (name)].addEventListener("click", action);
    }
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) this.#save();
    });
  }

  /** @param {string} key */
  open(key) {
    const model = this.#work.model;
    const category = model?.category(key);
    if (!model || !category) return;
    const { title, name, description, kind, target, merge, names } = this.#parts;
    this.#key = key;
    setText(title, category.name);
    name.value = category.name;
    description.value = category.description;
    kind.checked = category.kind === "label error";
    const others = model.shown.filter((other) => other.key !== key);
    target.replaceChildren(...others.map((other) => element("option", { value: other.key }, other.name)));
    merge.disabled = target.disabled = !others.length;
    names.value = "";
    this.#say("");
    this.#drawRetired();
    this.#dialog.showModal();
    name.select();
  }

  #drawRetired() {
    const { retired, list } = this.#parts;
    const categories = (this.#work.model?.categories ?? []).filter((category) => category.retired);
    retired.hidden = !categories.length;
    const items = categories.map(({ key, name }) => {
      const restore = element("button", { type: "button", onclick: () => this.#restore(key, name) }, "Restore");
      return element("li", {}, element("span", {}, name), restore);
    });
    list.replaceChildren(...items);
  }

  /** @param {string} sentence */
  #say(sentence) {
    setText(this.#parts.notice, sentence);
  }

  /**
   * Returns whether a category may have a name; says so if not.
   * @param {string} name
   * @param {string} key
   */
  #mayBeNamed(name, key) {
    const objection = this.#work.objectionTo(name, key);
    if (objection) this.#say(objection);
    return !objection;
  }

  #save() {
    const category = this.#work.model?.category(this.#key);
    if (!category) return;
    const { name, description, kind } = this.#parts;
    /** @type {{name: string, description: string, kind: Kind}} */
    const wanted = {
      name: tidied(name.value),
      description: description.value.trim(),
      kind: kind.checked ? "label error" : "cause",
    };
    if (!wanted.name) return this.#say("A category needs a name.");
    if (!this.#mayBeNamed(wanted.name, this.#key)) return;
    const fields = /** @type {(keyof typeof KINDS)[]} */ (Object.keys(wanted)).filter(
      (one) => category[one] !== wanted[one],
    );
    if (fields.length) {
      /** @type {CategoryValues} */
      const changed = Object.fromEntries(fields.map((field) => [field, wanted[field]]));
      this.#work.changeCategories(fields.length === 1 ? KINDS[fields[0]] : "edit", { [this.#key]: changed });
    }
    this.#dialog.close();
  }

  /** @param {1 | -1} by */
  #move(by) {
    const keys = (this.#work.model?.shown ?? []).map(({ key }) => key);
    const from = keys.indexOf(this.#key);
    const to = from + by;
    if (to < 0 || to >= keys.length) return;
    keys.splice(to, 0, ...keys.splice(from, 1));
    this.#work.reorder(keys);
  }

  #merge() {
    this.#work.merge(this.#key, this.#parts.target.value);
    this.#dialog.close();
  }

  #split() {
    const names = this.#parts.names.value.split(/[,\n]/).map(tidied).filter(Boolean);
    if (!names.length) return this.#say("Name the parts, with commas between them.");
    if (!names.every((name) => this.#mayBeNamed(name, this.#key))) return;
    this.#work.split(this.#key, names);
    this.#dialog.close();
  }

  #retire() {
    this.#work.changeCategories("retire", { [this.#key]: { retired: 1 } });
    this.#dialog.close();
  }

  /**
   * @param {string} key
   * @param {string} name
   */
  #restore(key, name) {
    if (!this.#mayBeNamed(name, key)) return;
    this.#work.changeCategories("restore", { [key]: { retired: 0 } });
    this.#drawRetired();
  }
}
