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
  /** What the timer waits to ask for. */
  #waitsFor = "";

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

  /** Asks a while after everything is saved; that is said each second, and begins no new wait. */
  askWhenQuiet() {
    const asked = this.#work.saving === "saved" ? this.#what : "";
    if (asked === this.#waitsFor) return;
    this.#waitsFor = asked;
    clearTimeout(this.#timer);
    if (asked) this.#timer = setTimeout(() => this.ask(), AdviceBox.QUIET);
  }

  /** After which event the advice would be, and by whose figures; "" before there are any. */
  get #what() {
    const { cursor, model } = this.#work;
    return model ? `${cursor} ${model.reviewer}` : "";
  }

  /** Asks at once, unless nothing has changed. */
  async ask() {
    const asked = this.#what;
    if (!asked || this.#askedAfter === asked) return;
    this.#askedAfter = asked;
    const given = await this.#work.advice();
    if (!given || this.#askedAfter !== asked) return;
    const { advice, adviceBrief, adviceLines } = this.#parts;
    advice.hidden = !given.brief;
    setText(adviceBrief, given.brief);
    adviceLines.replaceChildren(...given.lines.map((line) => element("li", {}, line)));
  }
}
