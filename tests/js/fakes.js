/** Stand-ins for the browser and the server: a clock, a storage, events, requests and answers. */

/** @import { Browser, BrowserEvent, Change } from "../../errortool/web/review/types.d.ts" */
/** @import { Answer, Batch, Event, NumberedChange, ReviewState } from "../../errortool/web/review/wire.d.ts" */

/** Lets every promise that can go on do so. */
export async function settle() {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((done) => setImmediate(done));
}

/**
 * Returns numbers from 0 to 1 that are the same each time (mulberry32).
 * @param {number} seed
 */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A clock that only the test moves on. */
export class Clock {
  now = 0;
  #next = 1;
  /** @type {Map<number, {at: number, every: number, task: () => void}>} */
  #timers = new Map();

  /**
   * @param {() => void} task
   * @param {number} milliseconds
   * @param {number} every
   */
  add(task, milliseconds, every = 0) {
    const id = this.#next;
    this.#next += 1;
    this.#timers.set(id, { at: this.now + milliseconds, every, task });
    return id;
  }

  /** @param {unknown} id */
  remove(id) {
    this.#timers.delete(/** @type {number} */ (id));
  }

  /** How many timers wait. */
  get waiting() {
    return this.#timers.size;
  }

  /**
   * Lets time pass, and all happen that is due.
   * @param {number} milliseconds
   */
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    await settle();
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!due) break;
      const [id, timer] = due;
      this.now = timer.at;
      if (timer.every) timer.at += timer.every;
      else this.#timers.delete(id);
      timer.task();
      await settle();
    }
    this.now = end;
  }

  /**
   * Sleeps, as a computer does: time goes, nothing happens; then all that is due does, once.
   * @param {number} milliseconds
   */
  async sleep(milliseconds) {
    this.now += milliseconds;
    for (const [id, timer] of [...this.#timers]) {
      if (timer.at > this.now) continue;
      if (timer.every) timer.at = this.now + timer.every;
      else this.#timers.delete(id);
      timer.task();
    }
    await settle();
  }
}

/** What several pages of a browser share; full or forbidden when it is to be. */
export class FakeStorage {
  full = false;
  forbidden = false;
  /** @type {Map<string, string>} */
  texts = new Map();

  get length() {
    return this.texts.size;
  }

  /** @param {number} index */
  key(index) {
    return [...this.texts.keys()][index] ?? null;
  }

  /** @param {string} name */
  getItem(name) {
    return this.texts.get(name) ?? null;
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  setItem(name, text) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.texts.set(name, text);
  }

  /** @param {string} name */
  removeItem(name) {
    this.texts.delete(name);
  }

  clear() {
    this.texts.clear();
  }
}

/**
 * A server that takes each change once, and answers as the test says.
 * @typedef {{url: URL, init: RequestInit, batch: Batch}} FakeRequest
 */
export class FakeServer {
  /** @type {NumberedChange[]} the changes that were taken, each once */
  taken = [];
  /** @type {FakeRequest[]} the POSTs that arrived */
  posts = [];
  /** @type {string[]} the GETs that arrived */
  gets = [];
  offline = false;
  /** Whether it takes requests and doesn't answer; "reads" are the GETs. */
  /** @type {boolean | "reads"} */
  frozen = false;
  /** What drawing more does to the state. */
  more = () => {};
  /** @type {any[]} what was posted, whatever the route */
  bodies = [];
  /** What it answers instead of taking anything. */
  /** @type {{status: number, error: string} | null} */
  fault = null;
  token = "token";
  /** @type {(change: NumberedChange) => string} why it refuses a change; "" if it doesn't */
  refuses = () => "";
  /** @type {Record<string, number[]>} */
  made = {};
  /** @type {Event[]} */
  news = [];
  cursor = 0;
  /** @type {ReviewState | null} */
  state = null;
  /** @type {Event[]} */
  older = [];
  #seen = new Set();
  /** @type {(() => void)[]} */
  #waiting = [];

  /** Answers all that waits, and whatever comes. */
  async thaw() {
    this.frozen = false;
    for (const answer of this.#waiting.splice(0)) answer();
    await settle();
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   * @returns {Promise<Response>}
   */
  async fetch(url, init = {}) {
    if (this.offline) throw new TypeError("Failed to fetch");
    const request = { url: new URL(url, "http://test"), init, batch: read(init) };
    if (init.method === "POST") this.bodies.push(request.batch);
    if (request.url.pathname.includes("/more/") && !this.fault) {
      const before = this.state?.examples.key.length ?? 0;
      this.more();
      return answered({ drawn: (this.state?.examples.key.length ?? 0) - before, left: 0 });
    }
    if (init.method === "POST") this.posts.push(request);
    else this.gets.push(url);
    // A frozen server reads what it was sent when it goes on, whether or not somebody still waits.
    const waits = this.frozen === "reads" ? init.method !== "POST" : this.frozen;
    if (waits) await this.#thawed(init.signal ?? null, () => this.#answer(request));
    return this.#answer(request);
  }

  /**
   * @param {AbortSignal | null} signal
   * @param {() => void} late
   */
  #thawed(signal, late) {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => (signal?.aborted ? late() : resolve(undefined)));
      signal?.addEventListener("abort", () => reject(new DOMException("too late", "TimeoutError")));
    });
  }

  /** @param {FakeRequest} request */
  #answer({ url, init, batch }) {
    if (this.fault) return answered({ error: this.fault.error }, this.fault.status);
    if (init.method !== "POST") return this.#read(url);
    if (new Headers(init.headers).get("X-Errortool-Token") !== this.token) {
      return answered({ error: "token" }, 403);
    }
    const refused = [];
    for (const change of batch.changes) {
      const reason = this.refuses(change);
      const name = `${url.pathname}:${batch.client}:${change.seq}`;
      if (reason) refused.push({ seq: change.seq, reason });
      else if (!this.#seen.has(name)) {
        this.#seen.add(name);
        this.taken.push(change);
        this.cursor += 1;
      }
    }
    /** @type {Answer} */
    const answer = {
      made: this.made,
      refused,
      cursor: this.cursor,
      news: this.news.filter(({ id }) => id > batch.after),
    };
    return answered(answer);
  }

  /** @param {URL} url */
  #read(url) {
    if (url.pathname.includes("/news/")) return answered({ cursor: this.cursor, news: this.news });
    if (url.pathname.includes("/steps/")) return answered(this.older);
    if (url.pathname.includes("/advice/")) return answered({ brief: "go on", lines: [] });
    return answered({ ...this.state, cursor: this.cursor, reviewer: url.searchParams.get("reviewer") || "me" });
  }

  /** The requests that brought changes. */
  get deliveries() {
    return this.posts.map(({ batch }) => batch).filter(({ changes }) => changes.length);
  }
}

/**
 * Returns an answer that can be read at once: a real one's body takes a while, and how long is chance.
 * @param {unknown} value
 * @param {number} status
 */
function answered(value, status = 200) {
  const body = JSON.stringify(value);
  const answer = { ok: status < 300, status, statusText: `status ${status}`, json: async () => JSON.parse(body) };
  return /** @type {Response} */ (/** @type {unknown} */ (answer));
}

/** @param {RequestInit} init */
function read({ body }) {
  return body ? JSON.parse(new TextDecoder().decode(/** @type {Uint8Array} */ (body))) : null;
}

/**
 * A page's browser: pages share the clock, the storage and the server.
 * @implements {Browser}
 */
export class FakeBrowser {
  static #pages = 0;

  base = "/errortool";
  hidden = false;
  /** @type {Map<BrowserEvent, Set<(event: any) => void>>} */
  #listeners = new Map();
  #storage;

  /** @param {{server?: FakeServer, clock?: Clock, storage?: FakeStorage}} shared */
  constructor({ server = new FakeServer(), clock = new Clock(), storage = new FakeStorage() } = {}) {
    this.server = server;
    this.clock = clock;
    this.#storage = storage;
  }

  /** Returns another page of the same browser. */
  page() {
    return new FakeBrowser({ server: this.server, clock: this.clock, storage: this.#storage });
  }

  get storage() {
    if (this.#storage.forbidden) throw new DOMException("denied", "SecurityError");
    return this.#storage;
  }

  /** The storage as a test sees it. */
  get stored() {
    return this.#storage;
  }

  now() {
    return this.clock.now;
  }

  /**
   * @param {string} url
   * @param {RequestInit} [init]
   */
  fetch(url, init) {
    return this.server.fetch(url, init);
  }

  /**
   * @param {() => void} task
   * @param {number} milliseconds
   * @returns {unknown}
   */
  setTimeout(task, milliseconds) {
    return this.clock.add(task, milliseconds);
  }

  /** @param {unknown} timer */
  clearTimeout(timer) {
    this.clock.remove(timer);
  }

  /**
   * @param {() => void} task
   * @param {number} milliseconds
   * @returns {unknown}
   */
  setInterval(task, milliseconds) {
    return this.clock.add(task, milliseconds, milliseconds);
  }

  /** @param {unknown} timer */
  clearInterval(timer) {
    this.clock.remove(timer);
  }

  /** @param {number} milliseconds */
  timeout(milliseconds) {
    const controller = new AbortController();
    this.clock.add(() => controller.abort(), milliseconds);
    return controller.signal;
  }

  /**
   * @param {BrowserEvent} type
   * @param {(event: any) => void} listener
   */
  listen(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * Has an event happen; returns whether the page wants it not to (beforeunload).
   * @param {BrowserEvent} type
   */
  happens(type) {
    const event = new Event(type, { cancelable: true });
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
    return event.defaultPrevented;
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    this.hidden = hidden;
    this.happens("visibilitychange");
  }

  newClient() {
    FakeBrowser.#pages += 1;
    return `client-${String(FakeBrowser.#pages).padStart(4, "0")}`;
  }
}

/**
 * Returns a tick as a change.
 * @param {number} position
 * @param {string} reviewer
 * @returns {Change}
 */
export function tick(position, reviewer = "me") {
  return { kind: "tick", reviewer, examples: { [position]: { ticks: { 1: 1 } } } };
}

/**
 * Returns a comment as a change.
 * @param {number} position
 * @param {string} text
 * @returns {Change}
 */
export function comment(position, text) {
  return { kind: "comment", reviewer: "me", examples: { [position]: { comment: text } } };
}

/**
 * Returns the state of a session with errors, correct predictions and categories; nothing said.
 * @param {{errors?: number, right?: number, follows?: string,
 *   categories?: {name: string, kind?: "cause" | "label error"}[]}} options
 * @returns {ReviewState}
 */
export function newState({
  errors = 12,
  right = 0,
  follows = "",
  categories = [{ name: "Dog" }, { name: "Blurry" }],
} = {}) {
  const size = errors + right;
  const column = (/** @type {string} */ name) => Array.from({ length: size }, (_, at) => `${name}${at % 3}`);
  return {
    session: {
      uid: "uid",
      id: 1,
      name: "pets",
      dev_examples: 100,
      dev_error: 0.12,
      errors,
      sampled: errors,
      drawable: 0,
      follows,
      images: false,
      version: "0",
    },
    categories: categories.map(({ name, kind = "cause" }, position) => ({
      ...{ id: position + 1, name, kind, about: "image", position, description: "", retired: false },
    })),
    examples: {
      key: Array.from({ length: size }, (_, at) => `e${at}`),
      image: Array.from({ length: size }, () => null),
      label: column("label"),
      prediction: column("prediction"),
      confidence: Array.from({ length: size }, () => null),
      extra: {},
      right: Array.from({ length: right }, (_, at) => errors + at),
      weight: [],
    },
    looks: [],
    ticks: {},
    steps: [],
    undone: [],
    reviewer: "me",
    reviewers: [],
    known_names: [],
    preferences: {},
    cursor: 0,
  };
}
