/** @import { Browser } from "./types.d.ts" */
/** @import { Advice, Answer, Batch, Begun, Ends, Event, Fault, NewsAnswer, NumberedChange, Part, Preference, ReviewState } from "./wire.d.ts" */

/** Most changes of one request. */
const BATCH_CHANGES = 200;
/** Most bytes of one request's changes: browsers let 64 kB go on when the tab is closed. */
const BATCH_BYTES = 30_000;

/** A request that the server answered with a fault. */
export class RequestError extends Error {
  /**
   * @param {number} status
   * @param {string} sentence what is wrong, in the server's words; "" if it gave none
   * @param {string} statusText
   */
  constructor(status, sentence, statusText) {
    super(sentence || statusText);
    this.status = status;
    // A token that is out of date is renewed; nobody needs to know.
    this.sentence = status === 403 ? "" : sentence;
  }
}

/**
 * Says in the server's words why a request failed; "" where it gave none, or couldn't be reached.
 * @param {unknown} error
 */
export function sentenceOf(error) {
  return error instanceof RequestError ? error.sentence : "";
}

/**
 * Returns the status of a failed request; 0 where the server couldn't be reached.
 * @param {unknown} error
 */
export function statusOf(error) {
  return error instanceof RequestError ? error.status : 0;
}

/**
 * Returns how many of these changes go in one request; at least one.
 * @param {unknown[]} changes
 */
export function batchLength(changes) {
  let size = 0;
  const end = changes.findIndex((change, index) => {
    size += encoded(change).length;
    return index === BATCH_CHANGES || (index > 0 && size > BATCH_BYTES);
  });
  return end < 0 ? changes.length : end;
}

/** @param {unknown} value */
function encoded(value) {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Our routes for one session. */
export class Server {
  static TIMEOUT = 10_000;
  static FILE_TIMEOUT = 180_000;

  #browser;
  #uid;
  #token;

  /**
   * @param {string} uid
   * @param {string} token
   * @param {Browser} browser
   */
  constructor(uid, token, browser) {
    this.#uid = uid;
    this.#token = token;
    this.#browser = browser;
  }

  /** @param {string} token */
  useToken(token) {
    this.#token = token;
  }

  /**
   * @param {number} position
   * @param {string} query
   */
  imageUrl(position, query = "") {
    return `${this.#url("image")}/${position}${query}`;
  }

  /**
   * Returns the state of the session for a reviewer.
   * @param {string} reviewer
   * @returns {Promise<ReviewState>}
   */
  review(reviewer) {
    return this.#get(`${this.#url("review")}?reviewer=${encodeURIComponent(reviewer)}`);
  }

  /**
   * Returns the steps before an event, oldest first.
   * @param {number} event
   * @param {string} reviewer
   * @returns {Promise<Event[]>}
   */
  stepsBefore(event, reviewer) {
    return this.#get(`${this.#url("steps")}?before=${event}&reviewer=${encodeURIComponent(reviewer)}`);
  }

  /**
   * Returns the lower ends of live shares, a row for each number of images looked at from `first` on.
   * @param {boolean} right whether of the correct predictions
   * @param {number} first
   * @returns {Promise<Ends>}
   */
  ends(right, first) {
    return this.#get(`${this.#url("ends")}?first=${first}&right=${right}`);
  }

  /**
   * Returns what others than `client` did after an event.
   * @param {string} client
   * @param {number} after
   * @returns {Promise<NewsAnswer>}
   */
  news(client, after) {
    return this.#get(`${this.#url("news")}?after=${after}&client=${client}`);
  }

  /**
   * @param {string} reviewer whose figures it goes by
   * @returns {Promise<Advice>}
   */
  advice(reviewer) {
    return this.#get(`${this.#url("advice")}?reviewer=${encodeURIComponent(reviewer)}`);
  }

  /**
   * Draws more errors into the session; returns how many, how many are left, and what to know of them.
   * @param {number} number
   * @param {string} reviewer who asked for them
   * @returns {Promise<{drawn: number, left: number, warnings?: string[]}>}
   */
  more(number, reviewer) {
    return this.#post("more", encoded({ number, reviewer }));
  }

  /**
   * Returns the report, or a part of it, as HTML.
   * @param {string} part "" for the whole
   * @param {Record<string, string>} query
   * @returns {Promise<string>}
   */
  async report(part, query) {
    const path = part ? `/${part}` : "";
    const url = `${this.#url("report")}${path}?${new URLSearchParams(query)}`;
    return (await this.#answer(url, { cache: "no-store" })).text();
  }

  /**
   * Returns the comparison with the round before, or images behind a number of it, as HTML.
   * @param {string} part "" for the whole, or "/images"
   * @param {Record<string, string>} query
   * @returns {Promise<string>}
   */
  async comparison(part, query) {
    const url = `${this.#url("compare")}${part}?${new URLSearchParams(query)}`;
    return (await this.#answer(url, { cache: "no-store" })).text();
  }

  /**
   * Begins a session on a part of the round.
   * @param {Part} asked
   * @returns {Promise<Begun>}
   */
  beginPart(asked) {
    return this.#post("part", encoded(asked));
  }

  /**
   * Returns a file of the report.
   * @param {string} address
   */
  async file(address) {
    return (await this.#answer(address, { cache: "no-store" }, Server.FILE_TIMEOUT)).blob();
  }

  /**
   * Sends changes, and asks for the events after `after`; resolves once they are on disk.
   * @param {string} client
   * @param {number} after
   * @param {NumberedChange[]} changes
   * @returns {Promise<Answer>}
   */
  send(client, after, changes) {
    /** @type {Batch} */
    const batch = { client, after, changes };
    return this.#post("changes", encoded(batch));
  }

  /**
   * Keeps what a reviewer chose.
   * @param {Preference} chosen
   */
  async prefer(chosen) {
    await this.#post("preferences", encoded(chosen));
  }

  /**
   * @param {string} route
   * @param {Uint8Array<ArrayBuffer>} body
   */
  #post(route, body) {
    return this.#request(this.#url(route), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Errortool-Token": this.#token },
      body,
      keepalive: body.length < 2 * BATCH_BYTES, // goes on when the tab is closed
    });
  }

  /** @param {string} route */
  #url(route) {
    return `${this.#browser.base}/${route}/${this.#uid}`;
  }

  /** @param {string} url */
  #get(url) {
    return this.#request(url, { cache: "no-store" });
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #request(url, init) {
    const response = await this.#answer(url, init);
    return response.status === 204 ? null : response.json();
  }

  /**
   * Returns an answer that is no fault.
   * @param {string} url
   * @param {RequestInit} init
   */
  async #answer(url, init, timeout = Server.TIMEOUT) {
    const signal = this.#browser.timeout(timeout);
    const response = await this.#browser.fetch(url, { ...init, signal });
    if (response.ok) return response;
    /** @type {Partial<Fault>} */
    const fault = await response.json().catch(() => ({}));
    throw new RequestError(response.status, fault.error ?? "", response.statusText);
  }
}
