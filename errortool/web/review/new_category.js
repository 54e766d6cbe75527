import { offer, partsOf } from "./dom.js";
import { tidied } from "./text.js";

/** @import { Work } from "./work.js" */

/** The field in which a new category is named. */
export class NewCategoryField {
  #parts;
  #say;
  #targets;
  #work;

  /**
   * @param {ParentNode} root
   * @param {Work} work
   * @param {(sentence: string) => void} say
   * @param {() => number[]} targets the images that it is ticked on
   */
  constructor(root, work, say, targets) {
    this.#work = work;
    this.#say = say;
    this.#targets = targets;
    this.#parts = partsOf(root, {
      new: HTMLElement,
      newOpen: HTMLButtonElement,
      newName: HTMLInputElement,
      known: HTMLElement,
    });
    const { newOpen, newName } = this.#parts;
    newOpen.addEventListener("click", () => this.open());
    newName.addEventListener("blur", () => newName.value.trim() || this.close());
  }

  /** @param {HTMLElement} field */
  is(field) {
    return field === this.#parts.newName;
  }

  open() {
    const { model } = this.#work;
    if (!model) return;
    const { known, newName } = this.#parts;
    offer(
      known,
      model.knownNames.filter((name) => !model.categoryNamed(name)),
    );
    this.#parts.new.classList.add("open");
    newName.focus();
  }

  close() {
    const { newName } = this.#parts;
    this.#parts.new.classList.remove("open");
    newName.value = "";
    newName.blur();
  }

  /**
   * Makes the category; returns its name, "" if it isn't made.
   * @param {boolean} ticked whether it is ticked on the images at hand, too
   */
  add(ticked) {
    const name = tidied(this.#parts.newName.value);
    if (!name) return "";
    const objection = this.#work.objectionTo(name);
    if (objection) {
      this.#say(objection);
      return "";
    }
    this.#work.addCategory(name, ticked ? this.#targets() : []);
    this.close();
    return name;
  }
}
