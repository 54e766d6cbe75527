import { element, partsOf } from "./dom.js";

/** @import { Stays } from "./types.d.ts" */

/** Says what a person should know, and stops saying it: after a while, with the next act, or once it isn't so. */
export class Notice {
  static BRIEFLY = 4_000;
  static LONG = 15_000;

  #brief = false;
  #lasting = "";
  #node;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#node = partsOf(root, { notice: HTMLElement }).notice;
  }

  close() {
    clearTimeout(this.#timer);
  }

  /**
   * @param {string} sentence
   * @param {Stays} stays
   * @param {{label: string, run: () => void} | null} offer what can be done about it
   */
  say(sentence, stays = "briefly", offer = null) {
    clearTimeout(this.#timer);
    this.#brief = stays === "briefly";
    if (stays === "always") this.#lasting = sentence;
    else
      this.#timer = setTimeout(() => this.#show(this.#lasting), this.#brief && !offer ? Notice.BRIEFLY : Notice.LONG);
    this.#show(sentence, offer);
  }

  /** Takes away what was said of the act before. */
  acted() {
    if (!this.#brief) return;
    clearTimeout(this.#timer);
    this.#show(this.#lasting);
  }

  /**
   * @param {string} sentence
   * @param {{label: string, run: () => void} | null} offer
   */
  #show(sentence, offer = null) {
    if (sentence === this.#lasting) this.#brief = false;
    const run = () => (this.acted(), offer?.run());
    const button = offer
      ? [" ", element("button", { type: "button", class: "plain link", onclick: run }, offer.label)]
      : [];
    this.#node.replaceChildren(sentence, ...button);
  }
}
