import { element, partsOf, redraw, setText } from "./dom.js";
import { isolated, tidied } from "./text.js";

/** Stands in the list for somebody who isn't in it; no name begins with a space. */
const SOMEBODY_NEW = " new";

/** The choice of who reviews: one of those known, or somebody new, which is asked for first. */
export class ReviewerChoice {
  #choose;
  #current = "";
  /** @type {string[]} */
  #known = [];
  #parts;

  /**
   * @param {ParentNode} root
   * @param {(name: string) => void} choose
   */
  constructor(root, choose) {
    this.#choose = choose;
    this.#parts = partsOf(root, {
      who: HTMLSelectElement,
      somebody: HTMLDialogElement,
      somebodyName: HTMLInputElement,
      somebodyWords: HTMLElement,
      somebodyClose: HTMLButtonElement,
      somebodyBegin: HTMLButtonElement,
    });
    const { who, somebody, somebodyName, somebodyClose, somebodyBegin } = this.#parts;
    who.addEventListener("change", () => {
      const { value } = who;
      who.value = this.#current;
      who.blur(); // the keys are the review's again
      if (value === SOMEBODY_NEW) this.ask();
      else this.#choose(value);
    });
    somebodyName.addEventListener("input", () => this.#weigh());
    somebodyClose.addEventListener("click", () => somebody.close());
    somebodyBegin.addEventListener("click", () => this.#begin());
    somebody.addEventListener("close", () => who.blur());
  }

  /** Puts the keyboard on the list. */
  focus() {
    this.#parts.who.focus();
  }

  /** Asks for a name. */
  ask() {
    const { somebody, somebodyName } = this.#parts;
    somebodyName.value = "";
    this.#weigh();
    somebody.showModal();
    somebodyName.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Enter" && event.target === this.#parts.somebodyName) this.#begin();
  }

  /** The name that was typed, as it is written where it is known. */
  get #name() {
    const name = tidied(this.#parts.somebodyName.value);
    return this.#known.find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  }

  #weigh() {
    const { somebodyWords, somebodyBegin } = this.#parts;
    const name = this.#name;
    const isKnown = this.#known.includes(name);
    somebodyBegin.disabled = !name;
    setText(somebodyBegin, !name ? "Begin" : `${isKnown ? "Go on" : "Begin"} as ${isolated(name)}`);
    setText(somebodyWords, isKnown ? `${isolated(name)} has judged here before.` : knownWords(this.#known));
  }

  #begin() {
    const name = this.#name;
    if (!name) return;
    this.#parts.somebody.close();
    this.#choose(name);
  }

  /**
   * @param {string} current
   * @param {string[]} known
   * @param {boolean} fixed whether they signed in, and can be nobody else
   */
  draw(current, known, fixed) {
    const { who } = this.#parts;
    this.#current = current;
    this.#known = known;
    redraw(who, [known, fixed], () => [
      ...known.map((name) => element("option", { value: name }, name)),
      ...(fixed ? [] : [element("option", { value: SOMEBODY_NEW }, "Somebody new…")]),
    ]);
    who.disabled = fixed;
    if (who.value !== current) who.value = current;
  }
}

/**
 * Says whose ticks there are already.
 * @param {string[]} known
 */
export function knownWords(known) {
  return `Somebody new begins with no ticks. Known here: ${known.map(isolated).join(", ")}.`;
}
