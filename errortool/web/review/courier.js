import { Leftovers } from "./leftovers.js";
import { sentenceOf, Server, statusOf } from "./server.js";

/** @import { Browser, CourierData } from "./types.d.ts" */

const NOT_SAVED = "Changes made in this browser are not saved yet";

/** On pages without a review: sends what reviews in this browser left unsent, and says so. */
export class Courier {
  static PAUSE = 2_000;

  #browser;
  #busy = false;
  #closed = false;
  #data;
  #hooks;
  /** @type {unknown} */
  #timer = null;

  /**
   * @param {CourierData} data
   * @param {{say: (sentence: string) => void, renew: () => void, arrived: () => void}} hooks `arrived`
   *   is called when all is sent: what the page shows rests on it
   * @param {Browser} browser
   */
  constructor(data, hooks, browser) {
    this.#data = data;
    this.#hooks = hooks;
    this.#browser = browser;
    this.#deliver();
  }

  /**
   * Streamlit ran the page again: there may be new tokens, and sessions.
   * @param {CourierData} data
   */
  update(data) {
    this.#data = data;
    this.#deliver();
  }

  close() {
    this.#browser.clearTimeout(this.#timer);
    this.#closed = true;
  }

  /** The sessions with changes to send. */
  get #waiting() {
    const { tokens, reviewer } = this.#data;
    return Leftovers.waiting(Object.keys(tokens), reviewer, this.#browser);
  }

  async #deliver() {
    this.#browser.clearTimeout(this.#timer);
    if (this.#closed || this.#busy || !this.#waiting.length) return;
    this.#busy = true;
    this.#hooks.say(`${NOT_SAVED}: sending them.`);
    const notices = [];
    for (const uid of this.#waiting) notices.push(await this.#send(uid));
    this.#busy = false;
    if (this.#closed) return;
    this.#hooks.say(notices.join(" ").trim());
    if (this.#waiting.length) this.#timer = this.#browser.setTimeout(() => this.#deliver(), Courier.PAUSE);
    else this.#hooks.arrived();
  }

  /**
   * Sends one session's changes; returns what the page is to say of it.
   * @param {string} uid
   */
  async #send(uid) {
    const { tokens, reviewer } = this.#data;
    const server = new Server(uid, tokens[uid], this.#browser);
    const leftovers = new Leftovers({ uid, server, signedInAs: reviewer, browser: this.#browser });
    try {
      await leftovers.send();
      return leftovers.takeNotice();
    } catch (error) {
      if (statusOf(error) === 403) this.#hooks.renew();
      return `${NOT_SAVED}: ${sentenceOf(error) || "the server can't be reached"}.`;
    }
  }
}
