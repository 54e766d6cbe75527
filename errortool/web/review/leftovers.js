import { batchLength, RequestError } from "./server.js";

/** @import { Server } from "./server.js" */
/** @import { Browser } from "./types.d.ts" */

const NOT_UNDERSTOOD = "it is not understood";

/** No event comes after this one: whoever sends leftovers reads the session anew anyway. */
const NO_NEWS = Number.MAX_SAFE_INTEGER;

/**
 * Changes that earlier pages of this browser couldn't send: they lie in its storage, one item a
 * page, named `errortool:<uid>:<client>`, and go out under that client, so that sending them twice
 * changes nothing. What the server rejects is moved to `errortool-odd:<name>` (quarantined).
 */
export class Leftovers {
  #browser;
  #changed;
  #ownClient;
  #prefix;
  #server;
  #signedInAs;
  #unsent = 0;
  /** @type {string[]} */
  #rejections = [];

  /**
   * @param {{uid: string, server: Server, signedInAs: string, browser: Browser, ownClient?: string,
   *   changed?: () => void}} options `ownClient` is that of the page itself, whose changes are no
   *   leftovers; `changed` is called as `count` changes
   */
  constructor({ uid, server, signedInAs, browser, ownClient = "", changed = () => {} }) {
    this.#prefix = prefixOf(uid);
    this.#server = server;
    this.#signedInAs = signedInAs;
    this.#browser = browser;
    this.#ownClient = ownClient;
    this.#changed = changed;
  }

  /**
   * Returns the sessions, of those given, that have changes for this reviewer to send.
   * @param {string[]} uids
   * @param {string} signedInAs
   * @param {Browser} browser
   */
  static waiting(uids, signedInAs, browser) {
    const names = storedNames(browser).filter((name) => !ofAnother(browser.storage.getItem(name), signedInAs));
    return uids.filter((uid) => names.some((name) => name.startsWith(prefixOf(uid))));
  }

  /** How many pages' changes are known to be unsent. */
  get count() {
    return this.#unsent;
  }

  /** Sends all; resolves when they are on disk, rejects when the server can't take any now. */
  async send() {
    this.#unsent = 0;
    for (const name of this.#names()) {
      const { storage } = this.#browser;
      const client = name.slice(this.#prefix.length);
      const text = storage.getItem(name);
      // Another reviewer's are sent when they sign in.
      if (client === this.#ownClient || !text || ofAnother(text, this.#signedInAs)) continue;
      this.#count(1);
      const rejected = await this.#sendPage(client, text);
      // A page that is still open may have added to it meanwhile: then that page sends it.
      const settled = storage.getItem(name) === text && (!rejected || this.#quarantine(name, rejected));
      if (settled) storage.removeItem(name);
      this.#count(-1);
    }
  }

  /** Says, once, that changes were rejected; "" if none were. */
  takeNotice() {
    const [reason] = this.#rejections.splice(0);
    return reason
      ? `Changes that an earlier page left can't be taken (${reason}): they are kept in this browser's storage as errortool-odd.`
      : "";
  }

  #names() {
    return storedNames(this.#browser).filter((name) => name.startsWith(this.#prefix));
  }

  /** @param {number} more */
  #count(more) {
    this.#unsent += more;
    this.#changed();
  }

  /**
   * Sends what one page left; returns what is rejected of it, as text.
   * @param {string} client
   * @param {string} text
   */
  async #sendPage(client, text) {
    const changes = parsed(text);
    if (!Array.isArray(changes)) {
      this.#rejections.push(NOT_UNDERSTOOD);
      return text;
    }
    let rest = changes.filter((change) => Number.isSafeInteger(change?.seq) && change.seq >= 0);
    const rejected = new Set(changes.filter((change) => !rest.includes(change)));
    if (rejected.size) this.#rejections.push(NOT_UNDERSTOOD);
    while (rest.length) {
      const batch = rest.slice(0, batchLength(rest));
      rest = rest.slice(batch.length);
      for (const { seq, reason } of await this.#sendBatch(client, batch)) {
        for (const change of batch) if (change.seq === seq) rejected.add(change);
        this.#rejections.push(reason);
      }
    }
    return rejected.size ? JSON.stringify([...rejected]) : "";
  }

  /**
   * Sends changes; returns which are refused. A request that the server can't read, or finds too
   * long, is refused as a whole: it would be the next time, too.
   * @param {string} client
   * @param {any[]} batch as found in the storage
   */
  async #sendBatch(client, batch) {
    try {
      return (await this.#server.send(client, NO_NEWS, batch)).refused;
    } catch (error) {
      if (!(error instanceof RequestError) || ![400, 413].includes(error.status)) throw error;
      return batch.map(({ seq }) => ({ seq, reason: error.message }));
    }
  }

  /**
   * Moves rejected changes out of the way; returns whether there was room.
   * @param {string} name
   * @param {string} text
   */
  #quarantine(name, text) {
    const quarantine = `errortool-odd:${name}`;
    const { storage } = this.#browser;
    try {
      storage.setItem(quarantine, `${storage.getItem(quarantine) ?? ""}${text}\n`);
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {string} uid */
export function prefixOf(uid) {
  return `errortool:${uid}:`;
}

/**
 * Returns the names in the browser's storage; none where it is forbidden.
 * @param {Browser} browser
 */
function storedNames(browser) {
  try {
    const { storage } = browser;
    return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  } catch {
    return [];
  }
}

/** @param {string | null} text */
function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/**
 * Returns whether changes are somebody else's than the signed-in reviewer's.
 * @param {string | null} text
 * @param {string} signedInAs
 */
function ofAnother(text, signedInAs) {
  const changes = signedInAs && parsed(text);
  return Array.isArray(changes) && changes.some((change) => change?.reviewer && change.reviewer !== signedInAs);
}
