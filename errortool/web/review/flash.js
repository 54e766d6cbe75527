import { partsOf, setText } from "./dom.js";

/** Says for a moment, at the edge of the image, what a key did; nothing moves for it. */
export class Flash {
  static STAYS = 1_200; // milliseconds

  #node;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#node = partsOf(root, { flash: HTMLElement }).flash;
  }

  close() {
    clearTimeout(this.#timer);
  }

  /** @param {string} text such as "Dog ticked" or "200 %" */
  show(text) {
    clearTimeout(this.#timer);
    setText(this.#node, text);
    this.#timer = setTimeout(() => setText(this.#node, ""), Flash.STAYS);
  }
}
