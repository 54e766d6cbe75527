/** @import { Server } from "./server.js" */
/** @import { Preferences as Choices } from "./wire.d.ts" */

/** @type {Required<Choices>} */
const DEFAULTS = { level: 0.95, crisp: false, tile: 164, pace: true };

/** What the reviewer chose for the pages: it holds at once, and is kept in the session file. */
export class Preferences {
  #reviewer = "";
  #server;
  #values = { ...DEFAULTS };

  /** @param {Server} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * Takes what a reviewer chose earlier.
   * @param {string} reviewer
   * @param {Choices} values
   */
  take(reviewer, values) {
    this.#reviewer = reviewer;
    this.#values = { ...DEFAULTS, ...values };
  }

  /**
   * @template {keyof Choices} Name
   * @param {Name} name
   * @returns {Required<Choices>[Name]}
   */
  get(name) {
    return this.#values[name];
  }

  /**
   * @template {keyof Choices} Name
   * @param {Name} name
   * @param {Required<Choices>[Name]} value
   */
  async set(name, value) {
    if (this.#values[name] === value) return;
    this.#values[name] = value;
    try {
      await this.#server.prefer({ reviewer: this.#reviewer, name, value });
    } catch {
      // It holds on this page; nothing of the work depends on it.
    }
  }
}
