import { plural } from "./dom.js";
import { Model } from "./model.js";
import { Outbox } from "./outbox.js";

/** A reviewer's work on a session: makes changes, shows them at once, sends them, undoes them. */
export class Work {
  /**
   * @param {{uid: string, token: string, reviewer: string}} data what the page knows; reviewer is
   *   whoever signed in, and then fixed
   * @param {{loaded: () => void, changed: () => void, saved: () => void,
   *   say: (sentence: string) => void, renew: () => void}} hooks
   */
  constructor(data, hooks) {
    this.data = data;
    this.hooks = hooks;
    this.base = Outbox.base;
    this.outbox = new Outbox({
      uid: data.uid,
      url: `${this.base}/changes/${data.uid}`,
      token: data.token,
      reviewer: data.reviewer || Work.reviewer,
      signedIn: Boolean(data.reviewer),
      changed: () => {
        this.warn();
        hooks.saved();
      },
      answered: (answer, batch) => this.take(answer, batch),
      renew: () => hooks.renew(),
    });
    this.start();
  }

  /** Who reviews in this browser; "" until somebody said so: then it is the computer's user. */
  static get reviewer() {
    try {
      return localStorage.getItem("errortool-reviewer") ?? "";
    } catch {
      return "";
    }
  }

  /** Keeps the reviewer's name for this browser's next pages. */
  static keep(name) {
    try {
      localStorage.setItem("errortool-reviewer", name);
    } catch {
      // then it is known on this page only
    }
  }

  /** Goes on as somebody else, whose ticks are their own. */
  rename(name) {
    Work.keep(name);
    this.outbox.reviewer = name;
    this.start();
  }

  /** Streamlit ran the page again: there may be a new token. */
  update(data) {
    this.data = data;
    this.outbox.token = data.token;
    this.outbox.retryNow();
  }

  close() {
    clearTimeout(this.retry);
    this.outbox.close();
  }

  /** Reads how things stand, now or again; what is pending is shown on top. */
  async start() {
    clearTimeout(this.retry);
    this.latest = (this.latest ?? 0) + 1;
    const { latest } = this;
    const paused = this.outbox.pause(); // what is saved while we read would not be seen
    try {
      await paused;
      await this.outbox.recover();
      const url = `${this.base}/review/${this.data.uid}?reviewer=${encodeURIComponent(this.outbox.reviewer)}`;
      const signal = AbortSignal.timeout(Outbox.TIMEOUT);
      const response = await fetch(url, { cache: "no-store", signal });
      if (!response.ok) throw await Outbox.error(response);
      const start = await response.json();
      if (latest !== this.latest) return; // the next reading is on its way
      this.unread = "";
      this.warn();
      this.model = new Model(start);
      this.more = start.steps.length > 0;
      this.outbox.cursor = start.cursor;
      const mine = this.outbox.items.filter(({ change }) => change.reviewer === this.outbox.reviewer);
      for (const item of mine) this.replay(item);
      this.hooks.loaded();
      const aside = this.outbox.tellAside();
      if (aside) this.hooks.say(aside);
    } catch (error) {
      this.unread = error.sentence || "The server can't be reached; trying again.";
      this.warn();
      if (error.status === 403) this.hooks.renew();
      this.retry = setTimeout(() => this.start(), 1_000);
    } finally {
      this.outbox.resume();
    }
  }

  /** Says what is wrong, as long as it is. */
  warn() {
    const trouble = this.outbox.trouble || this.unread || "";
    if (trouble || this.warned) this.hooks.say(trouble);
    this.warned = trouble;
  }

  /** Shows a pending change on top of what the server told. */
  replay(item) {
    const { seq, change, shown } = item;
    const { steps } = this.model;
    const undone = steps.findIndex(({ ref, name }) => change.undo != null && [ref, name].includes(change.undo));
    if (undone >= 0) steps.splice(undone, 1);
    if (!shown) return;
    const after = this.model.pending(item);
    const before = this.model.before(after);
    this.model.apply(after);
    if (shown.step) steps.push({ ...shown.step, ref: `${this.outbox.client}:${seq}`, before, after });
  }

  // --- changes -------------------------------------------------------------------------------

  /** Changes examples: `values` by position. `hold` waits for a newer text of the same comment. */
  change(kind, examples, { hold = 0 } = {}) {
    const patch = { examples };
    const before = this.model.before(patch);
    this.model.apply(patch);
    const last = this.model.steps.at(-1);
    const sent = { kind, examples, ...(kind === "look" && { fills: true }) }; // no tick means no
    const { ref, instead } = this.outbox.push(sent, { hold, patch, step: { kind } });
    if (instead && last?.ref === instead) Object.assign(last, { ref, after: patch });
    else this.model.steps.push({ ref, kind, before, after: patch });
    this.hooks.changed();
  }

  /** Changes one example. */
  set(kind, position, values, options) {
    this.change(kind, { [position]: values }, options);
  }

  /** Changes categories: `values` by key. */
  changeCategories(kind, categories) {
    const patch = { categories };
    const before = this.model.before(patch);
    this.model.apply(patch);
    const { ref } = this.outbox.push({ kind, categories }, { patch, step: { kind } });
    this.model.steps.push({ ref, kind, before, after: patch });
    this.hooks.changed();
  }

  /** Adds a category at the end; returns its key. */
  addCategory(name, kind = "cause") {
    const position = 1 + Math.max(-1, ...this.model.categories.map((category) => category.position));
    const values = { name, kind, position };
    const ref = this.outbox.next();
    const patch = { categories: { [ref]: { ...values, retired: 0 } } };
    this.model.apply(patch);
    this.outbox.push({ kind: "new category", new: values }, { patch, step: { kind: "new category" } });
    const before = { categories: { [ref]: { retired: 1 } } };
    this.model.steps.push({ ref, kind: "new category", before, after: patch });
    this.hooks.changed();
    return ref;
  }

  /** Changes that only the server can work out; shown when it has. */
  merge(source, target) {
    this.outbox.push({ kind: "merge", merge: [source, target] }, { reload: true });
  }

  split(source, names) {
    this.outbox.push({ kind: "split", split: source, names }, { reload: true });
  }

  /** Undoes the last step; returns it, or null where there is none. */
  undo() {
    const step = this.model.steps.pop();
    if (this.more && this.model.steps.length < 50) this.older();
    if (!step) return null;
    const structural = Boolean(step.before.judgements);
    if (!structural) this.model.apply(step.before);
    const shown = structural ? { reload: true } : { patch: step.before };
    this.outbox.push({ kind: "undo", undo: step.ref }, shown);
    this.hooks.changed();
    return step;
  }

  /** Fetches the steps before those that the review began with. */
  async older() {
    this.more = false;
    const first = this.model.steps.find((step) => step.id)?.id;
    if (!first) return;
    const url = `${this.base}/steps/${this.data.uid}?before=${first}&reviewer=${encodeURIComponent(this.outbox.reviewer)}`;
    try {
      const response = await fetch(url, { cache: "no-store" });
      const events = response.ok ? await response.json() : [];
      this.model.steps.unshift(...events.map(Model.step));
      this.more = events.length > 0;
    } catch {
      this.more = true;
    }
  }

  /** What the server says of how far the review has come; null if it can't be reached. */
  async advice() {
    try {
      const response = await fetch(`${this.base}/advice/${this.data.uid}`, { cache: "no-store" });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** Says in words what a step did. */
  told({ kind, before, after }) {
    const positions = Object.keys(after.examples ?? {});
    const where = positions.length === 1 ? `image ${Number(positions[0]) + 1}` : plural(positions.length, "image");
    if (kind === "tick" || kind === "tick many") {
      const [key] = Object.keys(after.examples[positions[0]].ticks);
      return `${this.model.category(key)?.name ?? "tick"} on ${where}`;
    }
    if (kind === "look") return `looked at ${where}`;
    if (positions.length) return `${kind} on ${where}`;
    const [key] = Object.keys(after.categories ?? {});
    const name = before.categories?.[key]?.name ?? this.model.category(key)?.name ?? "";
    return kind === "reorder" ? "the order of the categories" : `${kind} ${name}`.trim();
  }

  // --- answers -------------------------------------------------------------------------------

  /** Takes the server's answer: what was refused, and what others did. */
  take({ made, refused, news, cursor }, batch) {
    for (const [seq, [id]] of Object.entries(made)) {
      const category = this.model?.category(`${this.outbox.client}:${seq}`);
      if (category) category.id = id;
    }
    if (refused.length) this.hooks.say(`Not taken: ${refused[0].reason}.`);
    // What came after the cursor comes again with the next answer: then it is known what is newer.
    const mine = news.filter(
      ({ id, reviewer, after }) => id <= cursor && (reviewer === this.model?.reviewer || after.categories),
    );
    const touched = new Set(batch.flatMap(({ change }) => Object.keys(change.examples ?? {})));
    if (
      refused.length ||
      mine.some(({ after }) => Object.keys(after.examples ?? {}).some((position) => touched.has(position))) ||
      batch.some((item) => item.reload) ||
      mine.some(({ after, before }) => after.judgements || before.judgements)
    ) {
      this.start(); // more has changed than a patch can show: see how things stand
      return;
    }
    if (!mine.length || !this.model) return;
    for (const { reviewer, after } of mine) {
      const examples = reviewer === this.model.reviewer ? after.examples : {};
      this.model.apply({ examples, categories: after.categories });
    }
    for (const item of this.outbox.items) if (item.shown) this.model.apply(this.model.pending(item));
    this.hooks.changed();
  }
}
