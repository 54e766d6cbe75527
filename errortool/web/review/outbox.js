/**
 * Keeps changes until the server has them on disk: through reloads, outages and restarts.
 *
 * Each change carries (client, seq), so sending it twice changes nothing. What isn't acknowledged
 * lies in localStorage and is sent again, under its old client, by whichever page comes next.
 */
export class Outbox {
  static TIMEOUT = 10_000;
  static SLOW = 1_500; // after so long without an answer, "saving" is no longer the truth
  static POLL = 1_000;
  static BATCH = 200;
  static BYTES = 30_000; // of one request: browsers let 64 kB go on when the tab is closed
  static RETRIES = [300, 700, 1_500, 3_000, 5_000];

  /**
   * @param {{uid: string, url: string, token: string, reviewer: string, signedIn: boolean,
   *   changed: () => void, answered: (answer: object, batch: object[]) => void, renew: () => void}} options
   */
  constructor(options) {
    Object.assign(this, options);
    // Never from sessionStorage: a duplicated tab would share it, and events would be lost.
    this.client = [...crypto.getRandomValues(new Uint8Array(12))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    this.prefix = `errortool:${this.uid}:`;
    this.items = [];
    this.leftovers = 0;
    this.aside = []; // why changes of earlier pages were put aside
    this.pauses = 0;
    this.seq = 0;
    this.cursor = 0;
    this.failures = 0;
    this.problem = "";
    this.stored = true;
    this.poll = setInterval(() => document.visibilityState === "visible" && this.flush(true), Outbox.POLL);
    this.wake = () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.retryNow();
    };
    addEventListener("online", this.wake);
    addEventListener("pagehide", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.ask = (event) => this.lost && event.preventDefault();
    addEventListener("beforeunload", this.ask);
  }

  close() {
    clearInterval(this.poll);
    clearTimeout(this.timer);
    removeEventListener("online", this.wake);
    removeEventListener("pagehide", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    removeEventListener("beforeunload", this.ask);
    this.leave();
    this.closed = !this.lost; // what lies in no storage is sent on from here
  }

  /** "saved" exactly when nothing is pending. */
  get state() {
    if (!this.items.length && !this.leftovers) return "saved";
    return this.failures || this.slow ? "retrying" : "saving";
  }

  /** Whether what is pending would be lost with the page. */
  get lost() {
    return !this.stored && this.items.length > 0;
  }

  /** What keeps changes from being saved, in words; "" if nothing does. */
  get trouble() {
    const problem = this.state === "retrying" && this.problem ? `Not saved: ${this.problem}. ` : "";
    return `${problem}${this.lost ? "This browser keeps nothing: stay on the page until Saved." : ""}`.trim();
  }

  /** The name that the next change will have. */
  next() {
    return `${this.client}:${this.seq}`;
  }

  /**
   * Takes a change as it is sent; returns its name, and that of the one it took the place of.
   *
   * `patch` and `step` are what is shown of it meanwhile; `reload` says that only the server can
   * tell. `hold` waits so many ms for a newer text of the same comment.
   */
  push(change, { patch = null, step = null, reload = false, hold = 0 } = {}) {
    change = { reviewer: this.reviewer, ...change };
    const last = this.items.at(-1);
    const shown = patch && { patch, step };
    const where = JSON.stringify(Object.keys(change.examples ?? {}));
    const instead = last?.held && !last.sent && hold && last.where === where ? this.items.pop() : null;
    this.release();
    // A number of its own even so: another page may have found the older text, and sent it.
    const { seq } = this;
    this.items.push({ seq, change, shown, reload, where, held: hold > 0 });
    this.seq += 1;
    this.store();
    this.changed();
    clearTimeout(this.timer);
    if (hold) this.timer = setTimeout(() => (this.release(), this.flush()), hold);
    else this.flush();
    return { ref: `${this.client}:${seq}`, instead: instead && `${this.client}:${instead.seq}` };
  }

  /** Lets a held comment go. */
  release() {
    for (const item of this.items) item.held = false;
  }

  store() {
    const key = this.prefix + this.client;
    try {
      if (this.items.length) localStorage.setItem(key, JSON.stringify(Outbox.changes(this.items)));
      else localStorage.removeItem(key);
      this.stored = true;
    } catch {
      this.stored = false; // full or forbidden: memory has to do, and the page says so
    }
  }

  /** Sends nothing until as many `resume`s; resolves when nothing is under way any more. */
  async pause() {
    this.pauses += 1;
    while (this.busy) await this.sending;
  }

  resume() {
    this.pauses -= 1;
    this.flush();
  }

  flush(polling = false) {
    if (this.busy || this.closed || this.pauses) return;
    this.sending = this.transmit(polling);
  }

  async transmit(polling) {
    const batch = Outbox.first(this.items.filter((item) => !item.held));
    if (!batch.length && !polling) return;
    if (polling && this.failures) return; // the retry timer is at it
    this.busy = true;
    for (const item of batch) item.sent = true;
    const slow = setTimeout(() => ((this.slow = true), this.changed()), Outbox.SLOW);
    let answer = null;
    try {
      answer = await this.send(this.client, Outbox.changes(batch));
      this.items = this.items.filter((item) => !batch.includes(item));
      this.cursor = answer.cursor;
      this.failures = 0;
      this.problem = "";
      this.store();
    } catch (error) {
      if (batch.length) this.fail(error);
    } finally {
      clearTimeout(slow);
      this.slow = false;
      this.busy = false;
    }
    if (answer) this.answered(answer, batch);
    this.changed();
    if (this.items.some((item) => !item.held) && !this.failures) this.flush();
  }

  fail(error) {
    this.problem = error.sentence ?? "";
    const wait = Outbox.RETRIES[Math.min(this.failures, Outbox.RETRIES.length - 1)];
    this.failures += 1;
    if (error.status === 403) this.renew();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  retryNow() {
    if (!this.failures) return;
    clearTimeout(this.timer);
    this.flush();
  }

  /** The first of some items, as many as go in one request; at least one. */
  static first(items) {
    let size = 0;
    const upto = items.findIndex((item, index) => {
      size += Outbox.bytes(JSON.stringify(item.change ?? item)).length;
      return index === Outbox.BATCH || (index > 0 && size > Outbox.BYTES);
    });
    return upto < 0 ? items : items.slice(0, upto);
  }

  static bytes(text) {
    return new TextEncoder().encode(text);
  }

  /** What is sent of items. */
  static changes(items) {
    return items.map(({ seq, change }) => ({ seq, ...change }));
  }

  async send(client, changes) {
    const body = Outbox.bytes(JSON.stringify({ client, after: this.cursor, changes }));
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Errortool-Token": this.token },
      body,
      keepalive: body.length < 2 * Outbox.BYTES, // goes on when the tab is closed
      signal: AbortSignal.timeout(Outbox.TIMEOUT),
    });
    if (!response.ok) throw await Outbox.error(response);
    return response.json();
  }

  static async error(response) {
    const told = await response.json().catch(() => ({}));
    const error = new Error(told.error ?? response.statusText);
    error.status = response.status;
    error.sentence = response.status === 403 ? "" : told.error;
    return error;
  }

  /** The page is going: whatever is pending is stored already; try to send it too. */
  leave() {
    this.release();
    const rest = Outbox.first(this.items.filter((item) => !item.sent));
    if (rest.length) this.send(this.client, Outbox.changes(rest)).catch(() => {});
  }

  /** Sends what earlier pages could not; resolves when it is on disk. */
  async recover() {
    this.leftovers = 0;
    for (const key of Outbox.keys().filter((name) => name.startsWith(this.prefix))) {
      const client = key.slice(this.prefix.length);
      const text = localStorage.getItem(key);
      if (client === this.client || !text) continue;
      this.leftovers += 1;
      this.changed();
      if (this.signedIn && Outbox.byOthers(text, this.reviewer)) {
        this.leftovers -= 1; // theirs, who send them when they sign in
        continue;
      }
      const odd = await this.resend(client, text);
      // A page that is still open may have added to it meanwhile: then it is that page's.
      if (localStorage.getItem(key) === text && (!odd || this.putAside(key, odd))) localStorage.removeItem(key);
      this.leftovers -= 1;
      this.changed();
    }
  }

  /** Sends what a page left; returns what the server can't take of it, as text, if anything. */
  async resend(client, text) {
    let changes;
    try {
      changes = JSON.parse(text);
    } catch {
      changes = null;
    }
    if (!Array.isArray(changes)) return this.refuse(text, "it is not understood");
    const numbered = changes.filter((change) => Number.isSafeInteger(change?.seq) && change.seq >= 0);
    let odd = changes.filter((change) => !numbered.includes(change));
    if (odd.length) this.refuse(text, "it is not understood");
    for (let rest = numbered; rest.length;) {
      const batch = Outbox.first(rest);
      rest = rest.slice(batch.length);
      try {
        const { refused } = await this.send(client, batch);
        for (const { seq, reason } of refused) {
          odd.push(...batch.filter((change) => change.seq === seq));
          this.refuse(text, reason);
        }
      } catch (error) {
        if (![400, 413].includes(error.status)) throw error;
        odd = [...odd, ...batch];
        this.refuse(text, error.message);
      }
    }
    return odd.length ? JSON.stringify(odd) : "";
  }

  refuse(text, reason) {
    this.aside.push(reason);
    return text;
  }

  /** Says, once, that changes of an earlier page can't be taken; "" if all could. */
  tellAside() {
    const [reason] = this.aside.splice(0);
    return reason
      ? `Changes that an earlier page left can't be taken (${reason}): they are kept in this browser's storage as errortool-odd.`
      : "";
  }

  /** Keeps what can't be taken where it doesn't stand in the way; tells whether there was room. */
  putAside(key, text) {
    const name = `errortool-odd:${key}`;
    try {
      localStorage.setItem(name, `${localStorage.getItem(name) ?? ""}${text}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** Where our routes are, seen from any page, also behind a proxy. */
  static get base() {
    return `${location.pathname.replace(/\/[^/]*$/, "")}/errortool`;
  }

  /** Whether changes that were kept are by somebody else. */
  static byOthers(text, reviewer) {
    try {
      return JSON.parse(text).some((change) => change.reviewer && change.reviewer !== reviewer);
    } catch {
      return false; // not understood: that is told of where they are sent
    }
  }

  /** What lies in localStorage; nothing where the browser forbids it. */
  static keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  }
}
