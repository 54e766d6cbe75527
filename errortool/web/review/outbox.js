import { Leftovers, prefixOf } from "./leftovers.js";
import { batchLength, sentenceOf, statusOf } from "./server.js";

/** @import { Server } from "./server.js" */
/** @import { Browser, Change, OutboxHooks, PendingChange, Saving, Shown } from "./types.d.ts" */
/** @import { Answer, NumberedChange } from "./wire.d.ts" */

/**
 * A change on its way. `held` waits for a newer text of the same comment, which `target` (the
 * positions) tells; `sent` is one that the server may have.
 * @typedef {PendingChange & {seq: number, target: string, held: boolean, sent: boolean}} Item
 */

/**
 * Keeps changes until the server has them on disk: through reloads, outages and restarts.
 *
 * Each change carries (client, seq), so sending it twice changes nothing. What isn't acknowledged
 * lies in the browser's storage and is sent again, under its old client, by whichever page comes
 * next (Leftovers). With nothing to send it asks once a second what others did.
 */
export class Outbox {
  static SLOW = 1_500; // after so long without an answer, "saving" is no longer the truth
  static POLL = 1_000;
  static RETRIES = [300, 700, 1_500, 3_000, 5_000];

  #browser;
  #client;
  #closed = false;
  #cursor = 0;
  #failures = 0;
  #hooks;
  /** @type {Item[]} */
  #items = [];
  #leftovers;
  #listening;
  #pauses = 0;
  #poll;
  #problem = "";
  #seq = 0;
  /** @type {Promise<void> | null} */
  #sending = null;
  #server;
  #slow = false;
  #storageKey;
  #stored = true;
  /** @type {unknown} */
  #timer = null;

  /**
   * @param {{uid: string, server: Server, signedInAs: string, hooks: OutboxHooks, browser: Browser}} options
   *   `signedInAs` is the reviewer who signed in, or "": leftovers of others are then not ours
   */
  constructor({ uid, server, signedInAs, hooks, browser }) {
    this.#browser = browser;
    this.#server = server;
    this.#hooks = hooks;
    this.#client = browser.newClient();
    this.#storageKey = prefixOf(uid) + this.#client;
    const changed = () => hooks.changed();
    this.#leftovers = new Leftovers({ uid, server, signedInAs, browser, ownClient: this.#client, changed });
    this.#poll = browser.setInterval(() => browser.hidden || this.#flush(true), Outbox.POLL);
    this.#listening = [
      browser.listen("online", () => this.retryNow()),
      browser.listen("pagehide", () => this.#flushOnExit()),
      browser.listen("visibilitychange", () => (browser.hidden ? this.#flushOnExit() : this.retryNow())),
      browser.listen("beforeunload", (event) => this.#onlyInMemory && event.preventDefault()),
    ];
  }

  close() {
    this.#browser.clearInterval(this.#poll);
    for (const stopListening of this.#listening) stopListening();
    this.#flushOnExit();
    if (this.#onlyInMemory) return; // no other page could send these, so this one goes on
    this.#browser.clearTimeout(this.#timer);
    this.#closed = true;
  }

  /** @returns {Saving} */
  get state() {
    if (!this.#items.length && !this.#leftovers.count) return "saved";
    return this.#failures || this.#slow ? "retrying" : "saving";
  }

  /** What keeps changes from being saved, in words; "" if nothing does. */
  get warning() {
    const problem = this.state === "retrying" && this.#problem ? `Not saved: ${this.#problem}. ` : "";
    const stay = this.#onlyInMemory ? "This browser keeps nothing: stay on the page until Saved." : "";
    return `${problem}${stay}`.trim();
  }

  /**
   * The changes that aren't acknowledged, oldest first.
   * @returns {readonly PendingChange[]}
   */
  get pending() {
    return this.#items;
  }

  /** The last event that is known. */
  get cursor() {
    return this.#cursor;
  }

  set cursor(event) {
    this.#cursor = event;
  }

  /** The name that the next change will have. */
  get nextRef() {
    return this.refOf(this.#seq);
  }

  /**
   * Returns the name of this page's change with a number.
   * @param {number | string} seq
   */
  refOf(seq) {
    return `${this.#client}:${seq}`;
  }

  /**
   * Takes a change; returns its name, and that of the one it took the place of, if it did.
   *
   * A `hold` above 0 waits so many ms for a newer text of the same comment.
   * @param {Change} change
   * @param {{shown?: Shown | null, reload?: boolean, hold?: number}} options
   */
  push(change, { shown = null, reload = false, hold = 0 } = {}) {
    const target = JSON.stringify("examples" in change ? Object.keys(change.examples) : []);
    const last = this.#items.at(-1);
    const replaced = last?.held && !last.sent && hold > 0 && last.target === target ? last : null;
    if (replaced) this.#items.pop();
    this.#release();
    // A number of its own even so: another page may have found the older text, and sent it.
    const ref = this.nextRef;
    this.#items.push({ ref, seq: this.#seq, change, shown, reload, target, held: hold > 0, sent: false });
    this.#seq += 1;
    this.#store();
    this.#hooks.changed();
    this.#browser.clearTimeout(this.#timer);
    if (hold) this.#timer = this.#browser.setTimeout(() => (this.#release(), this.#flush()), hold);
    else this.#flush();
    return { ref, replaced: replaced?.ref ?? null };
  }

  /** Sends nothing until as many `resume`s; resolves when no request is under way. */
  async pause() {
    this.#pauses += 1;
    while (this.#sending) await this.#sending;
  }

  resume() {
    this.#pauses -= 1;
    this.#flush();
  }

  retryNow() {
    if (!this.#failures) return;
    this.#browser.clearTimeout(this.#timer);
    this.#flush();
  }

  /** Sends what earlier pages couldn't; resolves when it is on disk. */
  sendLeftovers() {
    return this.#leftovers.send();
  }

  /** Says, once, that changes of earlier pages were rejected; "" if none were. */
  takeNotice() {
    return this.#leftovers.takeNotice();
  }

  /** Whether closing the page would lose changes. */
  get #onlyInMemory() {
    return !this.#stored && this.#items.length > 0;
  }

  /** Lets held comments go. */
  #release() {
    for (const item of this.#items) item.held = false;
  }

  #store() {
    try {
      const { storage } = this.#browser;
      if (this.#items.length) storage.setItem(this.#storageKey, JSON.stringify(numbered(this.#items)));
      else storage.removeItem(this.#storageKey);
      this.#stored = true;
    } catch {
      this.#stored = false; // full or forbidden: memory has to do, and the page says so
    }
  }

  #flush(polling = false) {
    if (this.#sending || this.#closed || this.#pauses) return;
    if (polling && this.#failures) return; // the retry timer is at it
    const batch = this.#nextBatch((item) => !item.held);
    if (!batch.length && !polling) return;
    this.#sending = this.#transmit(batch);
  }

  /** @param {(item: Item) => boolean} wanted */
  #nextBatch(wanted) {
    const items = this.#items.filter(wanted);
    return items.slice(0, batchLength(numbered(items)));
  }

  /** @param {Item[]} batch */
  async #transmit(batch) {
    for (const item of batch) item.sent = true;
    const slow = this.#browser.setTimeout(() => ((this.#slow = true), this.#hooks.changed()), Outbox.SLOW);
    /** @type {Answer | null} */
    let answer = null;
    try {
      answer = batch.length
        ? await this.#server.send(this.#client, this.#cursor, numbered(batch))
        : { made: {}, refused: [], ...(await this.#server.news(this.#client, this.#cursor)) };
      this.#items = this.#items.filter((item) => !batch.includes(item));
      this.#cursor = answer.cursor;
      this.#failures = 0;
      this.#problem = "";
      this.#store();
    } catch (error) {
      if (batch.length) this.#fail(error);
    } finally {
      this.#browser.clearTimeout(slow);
      this.#slow = false;
      this.#sending = null;
    }
    if (answer) this.#hooks.answered(answer, batch);
    this.#hooks.changed();
    if (!this.#failures && this.#items.some((item) => !item.held)) this.#flush();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#problem = sentenceOf(error);
    const wait = Outbox.RETRIES[Math.min(this.#failures, Outbox.RETRIES.length - 1)];
    this.#failures += 1;
    if (statusOf(error) === 403) this.#hooks.renew();
    this.#browser.clearTimeout(this.#timer);
    this.#timer = this.#browser.setTimeout(() => this.#flush(), wait);
  }

  /** Sends what was never sent as the page goes: all is stored already, if it can be. */
  #flushOnExit() {
    this.#release();
    const batch = this.#nextBatch((item) => !item.sent);
    if (!batch.length) return;
    for (const item of batch) item.sent = true;
    // Whether it arrives, this page may not see: the items stay, and sending them again is harmless.
    this.#server.send(this.#client, this.#cursor, numbered(batch)).catch(() => {});
  }
}

/**
 * Returns changes as they are sent and stored.
 * @param {Item[]} items
 * @returns {NumberedChange[]}
 */
function numbered(items) {
  return items.map(({ seq, change }) => ({ seq, ...change }));
}
