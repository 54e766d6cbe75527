import { element, partsOf, setText } from "./dom.js";

/** @import { Work } from "./work.js" */

/** Shows how far the review has come, once all is quiet; no key waits for it. */
export class AdviceBox {
  static QUIET = 1_200; // after so long without a change there is time for advice

  #parts;
  #work;
  /** The event after which the advice was asked for, and the reviewer whose it is. */
  #askedAfter = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {ParentNode} root
   * @param {Work} work
   */
  constructor(root, work) {
    this.#work = work;
    this.#parts = partsOf(root, { advice: HTMLElement, adviceBrief: HTMLElement, adviceLines: HTMLElement });
  }

  close() {
    clearTimeout(this.#timer);
  }

  /** Asks a while after everything is saved. */
  askWhenQuiet() {
    clearTimeout(this.#timer);
    if (this.#work.saving === "saved") this.#timer = setTimeout(() => this.ask(), AdviceBox.QUIET);
  }

  /** Asks at once, unless nothing has changed. */
  async ask() {
    const { cursor, model } = this.#work;
    if (!model) return;
    const asked = `${cursor} ${model.reviewer}`;
    if (this.#askedAfter === asked) return;
    this.#askedAfter = asked;
    const given = await this.#work.advice();
    if (!given || this.#askedAfter !== asked) return;
    const { advice, adviceBrief, adviceLines } = this.#parts;
    advice.hidden = !given.brief;
    setText(adviceBrief, given.brief);
    adviceLines.replaceChildren(...given.lines.map((line) => element("li", {}, line)));
  }
}
