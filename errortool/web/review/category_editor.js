import { element, partsOf, setText } from "./dom.js";
import { isolated, plural, tidied } from "./text.js";

/** @import { Work } from "./work.js" */
/** @import { About, CategoryValues, Kind } from "./wire.d.ts" */

/** What a change of one field alone is called. */
const KINDS = { name: "rename", description: "describe", kind: "mark", about: "concern" };

/** What can be done to a category: name, describe, blame, move, merge, split, hide. */
export class CategoryEditor {
  #dialog;
  #did;
  #key = "";
  #parts;
  #work;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Work} work
   * @param {(words: string) => void} did says what was done, which undo takes back
   */
  constructor(dialog, work, did) {
    this.#dialog = dialog;
    this.#did = did;
    this.#work = work;
    this.#parts = partsOf(
      dialog,
      {
        title: HTMLElement,
        name: HTMLInputElement,
        description: HTMLInputElement,
        kind: HTMLInputElement,
        about: HTMLInputElement,
        up: HTMLButtonElement,
        down: HTMLButtonElement,
        target: HTMLSelectElement,
        merge: HTMLButtonElement,
        mergeWords: HTMLElement,
        names: HTMLInputElement,
        split: HTMLButtonElement,
        notice: HTMLElement,
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
    this.#parts.target.addEventListener("change", () => this.#warn());
  }

  /**
   * Takes a key that was pressed in the dialog.
   * @param {KeyboardEvent} event
   */
  pressed(event) {
    const [field] = event.composedPath();
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (field === this.#parts.names) this.#split();
    else this.#save();
  }

  /**
   * @param {string} key
   * @param {"name" | "target" | "names"} field that has the keyboard first
   */
  open(key, field = "name") {
    const model = this.#work.model;
    const category = model?.category(key);
    if (!model || !category) return;
    const { title, name, description, kind, about, target, merge, names } = this.#parts;
    this.#key = key;
    setText(title, category.name);
    name.value = category.name;
    description.value = category.description;
    kind.checked = category.kind === "label error";
    about.checked = category.about === "mistake";
    const others = model.shown.filter((other) => other.key !== key);
    target.replaceChildren(...others.map((other) => element("option", { value: other.key }, other.name)));
    merge.disabled = target.disabled = !others.length;
    names.value = "";
    this.#say("");
    this.#warn();
    this.#dialog.showModal();
    this.#parts[field].focus();
    if (field === "name") name.select();
  }

  /** Says what merging would take away, before it does. */
  #warn() {
    const { model } = this.#work;
    const { target, mergeWords } = this.#parts;
    const [source, into] = [model?.category(this.#key), model?.category(target.value)];
    const lost = model && source && into ? model.unseenByMerging(source.key, into.key) : 0;
    mergeWords.hidden = !lost;
    if (source && into) setText(mergeWords, mergingWords(source.name, into.name, lost));
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
    const { name, description, kind, about } = this.#parts;
    /** @type {{name: string, description: string, kind: Kind, about: About}} */
    const wanted = {
      name: tidied(name.value),
      description: description.value.trim(),
      kind: kind.checked ? "label error" : "cause",
      about: about.checked ? "mistake" : "image",
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
    const { model } = this.#work;
    const [source, into] = [model?.category(this.#key), model?.category(this.#parts.target.value)];
    if (!source || !into) return;
    this.#work.merge(source.key, into.key);
    this.#dialog.close();
    this.#did(`Merged ${isolated(source.name)} into ${isolated(into.name)}.`);
  }

  #split() {
    const names = this.#parts.names.value.split(/[,\n]/).map(tidied).filter(Boolean);
    if (!names.length) return this.#say("Name the parts, with commas between them.");
    if (!names.every((name) => this.#mayBeNamed(name, this.#key))) return;
    const name = this.#work.model?.category(this.#key)?.name ?? "";
    this.#work.split(this.#key, names);
    this.#dialog.close();
    this.#did(`Split ${isolated(name)} into ${names.map(isolated).join(", ")}.`);
  }

  #retire() {
    this.#dialog.close();
    this.hide(this.#key);
  }

  /**
   * Hides a category.
   * @param {string} key
   */
  hide(key) {
    const name = this.#work.model?.category(key)?.name ?? "";
    this.#work.changeCategories("retire", { [key]: { retired: 1 } });
    this.#did(`Hid ${isolated(name)}; its ticks are kept.`);
  }
}

/**
 * Says how many images become not looked at for a category that another is merged into.
 * @param {string} source the other's name
 * @param {string} target
 * @param {number} lost
 */
export function mergingWords(source, target, lost) {
  const become = lost === 1 ? "becomes" : "become";
  return `${plural(lost, "image")} ${become} not looked at for ${isolated(target)}: ${isolated(source)} wasn't asked about there.`;
}
