import { Ends } from "./ends.js";
import { Model } from "./model.js";
import { Outbox } from "./outbox.js";
import { Preferences } from "./preferences.js";
import { rememberedReviewer, rememberReviewer } from "./reviewer_name.js";
import { sentenceOf, Server, statusOf } from "./server.js";
import { isolated, plural, tidied } from "./text.js";

/** @import { Browser, Change, PageData, PendingChange, Shown, Step, WorkHooks } from "./types.d.ts" */
/** @import { Answer, CategoryValues, Event, ExampleValues, Kind, Patch, Tick } from "./wire.d.ts" */

/** @template T @typedef {T extends unknown ? Omit<T, "reviewer"> : never} Unsigned */

/** Steps that are left before older ones are fetched. */
const FEW_STEPS = 50;
const READ_AGAIN = 1_000;
/** What was done to images, by the kind of change: "Undid deferring image 7". */
/** @type {Record<string, string>} */
const ON_IMAGES = {
  look: "looking at",
  defer: "deferring",
  repeat: "repeating ticks on",
  comment: "commenting on",
  relabel: "relabeling",
  carry: "carrying",
};
/** What was done to a category. */
/** @type {Record<string, string>} */
const TO_CATEGORY = {
  "new category": "adding",
  rename: "renaming",
  describe: "describing",
  mark: "changing what is blamed by",
  concern: "changing what is ticked by",
  edit: "editing",
  retire: "hiding",
  restore: "restoring",
  merge: "merging",
  split: "splitting",
};
/** A day: the server takes no more for one image. */
const LONGEST_SECONDS = 86_400;

/**
 * A reviewer's work on a session: makes changes, shows them at once, sends them, undoes them.
 *
 * Every rule of what an action changes is here or in Model, so that the review, the contact sheet
 * and the table do the same.
 */
export class Work {
  #browser;
  #hasOlderSteps = false;
  #hooks;
  /** @type {Model | null} */
  #model = null;
  #outbox;
  #preferences;
  #readings = 0;
  /** @type {unknown} */
  #readAgain = null;
  #readProblem = "";
  #reviewer;
  /** @type {string[]} */
  #reviewers = [];
  #server;
  /** @type {Step[]} */
  #steps = [];
  /** What was undone, to be done again; the next is the last. */
  /** @type {Step[]} */
  #undone = [];
  #warned = false;

  /**
   * @param {PageData} data its reviewer is whoever signed in, and then fixed
   * @param {WorkHooks} hooks
   * @param {Browser} browser
   */
  constructor(data, hooks, browser) {
    this.#hooks = hooks;
    this.#browser = browser;
    this.#reviewer = data.reviewer || rememberedReviewer(browser);
    this.#server = new Server(data.uid, data.token, browser);
    this.#preferences = new Preferences(this.#server);
    this.ends = new Ends(
      (right, first) => this.#server.ends(right, first),
      () => this.#model && hooks.changed(),
    );
    this.#outbox = new Outbox({
      uid: data.uid,
      server: this.#server,
      signedInAs: data.reviewer,
      browser,
      hooks: {
        changed: () => {
          this.#warn();
          hooks.saving();
        },
        answered: (answer, batch) => this.#learn(answer, batch),
        renew: () => hooks.renew(),
      },
    });
    this.#read();
  }

  /** The session as it is known; null until it was read. */
  get model() {
    return this.#model;
  }

  /** What the reviewer chose for the pages. */
  get preferences() {
    return this.#preferences;
  }

  /** How far saving is. */
  get saving() {
    return this.#outbox.state;
  }

  /** Who has judged something in this session, and who is about to, in alphabetical order. */
  get reviewers() {
    return this.#reviewers;
  }

  /** Whether something that was undone can be done again. */
  get canRedo() {
    return this.#undone.length > 0;
  }

  /** The last event that is known. */
  get cursor() {
    return this.#outbox.cursor;
  }

  /**
   * Returns where the image at a position is; null if it has none.
   * @param {number} position
   * @param {string} query
   */
  imageUrl(position, query = "") {
    const { session, examples } = this.#loaded;
    const hasImage = session.images && examples.image[position] != null;
    if (!hasImage) return null;
    return this.#server.imageUrl(position, `${query ? `${query}&` : "?"}v=${session.version}`);
  }

  /**
   * Goes on as somebody else, whose ticks are their own.
   * @param {string} name
   */
  rename(name) {
    rememberReviewer(this.#browser, name);
    this.#reviewer = name;
    this.#read();
  }

  /** @param {string} token */
  useToken(token) {
    this.#server.useToken(token);
    this.#outbox.retryNow();
  }

  close() {
    this.#browser.clearTimeout(this.#readAgain);
    this.#outbox.close();
  }

  get #loaded() {
    if (!this.#model) throw new Error("the session hasn't been read yet");
    return this.#model;
  }

  // --- reading -------------------------------------------------------------------------------

  /** Reads the session, for the first time or again; pending changes are shown on top. */
  async #read() {
    this.#browser.clearTimeout(this.#readAgain);
    this.#readings += 1;
    const reading = this.#readings;
    const paused = this.#outbox.pause(); // what is saved while we read would not be seen
    try {
      await paused;
      await this.#outbox.sendLeftovers();
      const state = await this.#server.review(this.#reviewer);
      if (reading !== this.#readings) return; // the next reading is on its way
      this.#readProblem = "";
      this.#warn();
      this.#model = new Model(state);
      this.#preferences.take(state.reviewer, state.preferences);
      this.#steps = state.steps.map(stepOf);
      this.#undone = state.undone.map(stepOf);
      const reviewers = [...new Set([...state.reviewers, state.reviewer])];
      this.#reviewers = reviewers.sort((one, other) => one.localeCompare(other));
      this.#hasOlderSteps = state.steps.length > 0;
      this.#outbox.cursor = state.cursor;
      for (const pending of this.#outbox.pending) {
        if (pending.change.reviewer === this.#reviewer) this.#replay(this.#model, pending);
      }
      this.#hooks.loaded();
      const notice = this.#outbox.takeNotice();
      if (notice) this.#hooks.say(notice, "long");
    } catch (error) {
      this.#readProblem = sentenceOf(error) || "The server can't be reached; trying again.";
      this.#warn();
      if (statusOf(error) === 403) this.#hooks.renew();
      this.#readAgain = this.#browser.setTimeout(() => this.#read(), READ_AGAIN);
    } finally {
      this.#outbox.resume();
    }
  }

  /**
   * Shows a pending change on top of the state that was read.
   * @param {Model} model
   * @param {PendingChange} pending
   */
  #replay(model, { ref, change, shown }) {
    if (!shown) return;
    const after = model.pendingPatch(change, shown);
    const before = applied(model, after);
    if ("undo" in change) {
      const isUndone = (/** @type {Step} */ step) => [step.ref, step.name].includes(change.undo);
      const [from, to] = this.#steps.some(isUndone) ? [this.#steps, this.#undone] : [this.#undone, this.#steps];
      const at = from.findIndex(isUndone);
      if (at >= 0) to.push(...from.splice(at, 1).map(({ kind }) => ({ kind, ref, before, after })));
    } else if (shown.step) {
      this.#steps.push({ ...shown.step, ref, before, after });
      this.#undone = [];
    }
  }

  /** Says what is wrong, as long as it is. */
  #warn() {
    const warning = this.#outbox.warning || this.#readProblem;
    if (warning || this.#warned) this.#hooks.say(warning, "always");
    this.#warned = warning !== "";
  }

  // --- judging -------------------------------------------------------------------------------

  /**
   * Says yes, no, or (null) nothing to a category.
   * @param {number} position
   * @param {string} key
   * @param {Tick} value
   */
  tick(position, key, value) {
    this.#change("tick", { [position]: this.#loaded.ticked(position, { [key]: value }) });
  }

  /**
   * Ticks a category at these positions; where all have it, takes the ticks back.
   * @param {number[]} positions
   * @param {string} key
   */
  toggle(positions, key) {
    if (!positions.length) return;
    const model = this.#loaded;
    const value = positions.every((position) => model.tick(key, position) === 1) ? 0 : 1;
    const examples = positions.map((position) => [position, model.ticked(position, { [key]: value })]);
    this.#change(positions.length === 1 ? "tick" : "tick many", Object.fromEntries(examples));
  }

  /**
   * Makes the ticks at a position those of another, and nothing else.
   * @param {number} position
   * @param {number} from
   */
  repeat(position, from) {
    const model = this.#loaded;
    /** @type {Record<string, Tick>} */
    const ticks = {};
    for (const { key } of model.shown) {
      const wanted = model.tick(key, from) === 1;
      if (wanted !== (model.tick(key, position) === 1)) ticks[key] = wanted ? 1 : 0;
    }
    if (Object.keys(ticks).length) this.#change("repeat", { [position]: model.ticked(position, ticks) });
  }

  /**
   * Marks an image as looked at: no tick means no. One that can't be shown and has no tick is left
   * out as unreadable.
   * @param {number} position
   * @param {{seconds?: number, unreadable?: boolean}} options the seconds that it took
   */
  lookAt(position, { seconds, unreadable = false } = {}) {
    const model = this.#loaded;
    const ticked = model.shown.some(({ key }) => model.tick(key, position) === 1);
    /** @type {ExampleValues} */
    const values = unreadable && !ticked ? { status: "unreadable" } : model.lookedAtValues(position);
    const before = model.look(position).seconds;
    if (seconds != null) values.seconds = Math.min(Math.round((before + seconds) * 100) / 100, LONGEST_SECONDS);
    this.#change("look", { [position]: values });
  }

  /**
   * Marks all these that weren't looked at.
   * @param {number[]} positions
   */
  lookAtMany(positions) {
    const model = this.#loaded;
    const open = positions.filter((position) => !model.lookedAt(position));
    const examples = open.map((position) => [position, model.lookedAtValues(position)]);
    if (examples.length) this.#change("look", Object.fromEntries(examples));
  }

  /**
   * Takes back that an image was looked at.
   * @param {number} position
   */
  unlook(position) {
    this.#change("look", { [position]: { status: null } });
  }

  /** @param {number} position */
  defer(position) {
    this.#change("defer", { [position]: { status: "deferred" } });
  }

  /**
   * @param {number} position
   * @param {string} comment
   * @param {number} hold ms to wait for a newer text
   */
  comment(position, comment, hold = 0) {
    if (comment === this.#loaded.look(position).comment) return;
    this.#change("comment", { [position]: { comment } }, hold);
  }

  /**
   * Gives the right label, or takes it back.
   * @param {number} position
   * @param {string | null} label
   */
  relabel(position, label) {
    if (label === this.#loaded.look(position).corrected_label) return;
    this.#change("relabel", { [position]: { corrected_label: label } });
  }

  /**
   * @param {string} kind
   * @param {Record<string, ExampleValues>} examples
   * @param {number} hold
   */
  #change(kind, examples, hold = 0) {
    const before = this.#apply({ examples });
    /** @type {Unsigned<Change>} */
    const change = kind === "look" ? { kind, examples, fills: true } : { kind, examples };
    const { ref, replaced } = this.#push(change, { shown: { patch: { examples }, step: { kind } }, hold });
    const last = this.#steps.at(-1);
    if (last && replaced != null && last.ref === replaced)
      this.#steps.splice(-1, 1, { ...last, ref, after: { examples } });
    else this.#steps.push({ ref, kind, before, after: { examples } });
    this.#undone = [];
    this.#hooks.changed();
  }

  // --- categories ----------------------------------------------------------------------------

  /**
   * Returns why a name can't be a category's; "" if it can.
   * @param {string} name
   * @param {string} [key] of the category that is to have it
   */
  objectionTo(name, key) {
    const taken = this.#loaded.categoryNamed(tidied(name));
    return taken && taken.key !== key ? `There is already a category ${isolated(taken.name)}.` : "";
  }

  /**
   * Adds a category at the end, and ticks it.
   * @param {string} name
   * @param {number[]} positions where it is ticked
   */
  addCategory(name, positions = []) {
    const position = 1 + Math.max(-1, ...this.#loaded.categories.map((category) => category.position));
    /** @type {{name: string, kind: Kind, position: number}} */
    const values = { name: tidied(name), kind: "cause", position };
    const key = this.#outbox.nextRef;
    this.#restructure({ kind: "new category", new: values }, { categories: { [key]: { ...values, retired: 0 } } });
    this.toggle(positions, key);
  }

  /**
   * @param {string} kind
   * @param {Record<string, CategoryValues>} categories
   */
  changeCategories(kind, categories) {
    this.#restructure({ kind, categories }, { categories });
  }

  /**
   * Puts the categories in this order.
   * @param {string[]} keys
   */
  reorder(keys) {
    this.changeCategories("reorder", Object.fromEntries(keys.map((key, position) => [key, { position }])));
  }

  /**
   * @param {Unsigned<Change>} change
   * @param {Patch} patch what it does; with judgements only the server knows all of it
   */
  #restructure(change, patch) {
    const before = this.#apply(patch);
    const { kind } = change;
    const { ref } = this.#push(change, { shown: { patch, step: { kind } }, reload: "judgements" in patch });
    this.#steps.push({ ref, kind, before, after: patch });
    this.#undone = [];
    this.#hooks.changed();
  }

  /**
   * Merges a category into another; only the server can work out the ticks.
   * @param {string} source
   * @param {string} target
   */
  merge(source, target) {
    const patch = { categories: { [source]: { retired: /** @type {const} */ (1) } }, judgements: {} };
    this.#restructure({ kind: "merge", merge: [source, target] }, patch);
  }

  /**
   * Splits a category; only the server can work out the ticks.
   * @param {string} source
   * @param {string[]} names
   */
  split(source, names) {
    const patch = { categories: { [source]: { retired: /** @type {const} */ (1) } }, judgements: {} };
    this.#restructure({ kind: "split", split: source, names }, patch);
  }

  // --- undo and redo -------------------------------------------------------------------------

  /** Undoes the last step; returns what it put back, or null where there was none, in words too. */
  undo() {
    const step = this.#steps.pop();
    if (this.#hasOlderSteps && this.#steps.length < FEW_STEPS) this.#fetchOlderSteps();
    if (!step) return { restored: null, words: "Nothing to undo." };
    const words = `Undid ${this.#describe(step)}`;
    this.#undone.push(this.#putBack(step));
    return { restored: step.before, words };
  }

  /** Does again what was undone last; returns what it put back, or null where there was none, in words too. */
  redo() {
    const undone = this.#undone.pop();
    if (!undone) return { restored: null, words: "Nothing to redo." };
    const step = this.#putBack(undone);
    this.#steps.push(step);
    return { restored: step.after, words: `Redid ${this.#describe(step)}` };
  }

  /**
   * Puts back what was before a step, be it an undo; returns what that is as a step.
   * @param {Step} step
   * @returns {Step}
   */
  #putBack({ ref: undo, kind, before: patch }) {
    const before = this.#apply(patch);
    const { ref } = this.#push({ kind: "undo", undo }, { shown: { patch, step: null }, reload: "judgements" in patch });
    this.#hooks.changed();
    return { ref, kind, before, after: patch };
  }

  async #fetchOlderSteps() {
    this.#hasOlderSteps = false;
    const first = this.#steps.find((step) => step.id)?.id;
    if (!first) return;
    try {
      const events = await this.#server.stepsBefore(first, this.#reviewer);
      this.#steps.unshift(...events.map(stepOf));
      this.#hasOlderSteps = events.length > 0;
    } catch (error) {
      this.#hasOlderSteps = statusOf(error) === 0; // the next undo tries again
    }
  }

  /**
   * Says in words what a step did.
   * @param {Step} step
   */
  #describe({ kind, before, after }) {
    const model = this.#loaded;
    const examples = Object.entries(after.examples ?? {});
    if (examples.length) {
      const [[position, { ticks, status }]] = examples;
      const where = examples.length === 1 ? `image ${Number(position) + 1}` : plural(examples.length, "image");
      if (kind === "look" && status === null) return `marking ${where} as not looked at`;
      if (kind === "look" && status === "unreadable") return `leaving ${where} out`;
      if (kind !== "tick" && kind !== "tick many") return `${ON_IMAGES[kind] ?? `${kind} on`} ${where}`;
      const [[key, value]] = Object.entries(ticks ?? { "": null });
      const verb = value === 1 ? "ticking" : value === 0 ? "unticking" : "clearing";
      return `${verb} ${isolated(model.category(key)?.name ?? "a category")} on ${where}`;
    }
    if (kind === "reorder") return "moving the categories";
    const [key] = Object.keys(after.categories ?? {});
    const name = before.categories?.[key]?.name ?? model.category(key)?.name ?? "";
    return `${TO_CATEGORY[kind] ?? kind} ${isolated(name)}`.trim();
  }

  // --- more ----------------------------------------------------------------------------------

  /**
   * Draws more errors, and reads the session anew; returns the position of the first, or null and
   * what is in the way.
   * @param {number} number
   * @returns {Promise<{first: number | null, words: string}>}
   */
  async drawMore(number) {
    const { size } = this.#loaded;
    try {
      const { drawn, warnings = [] } = await this.#server.more(number, this.#reviewer);
      await this.#read();
      const first = this.#loaded.size > size ? size : null;
      const words = drawn ? `Drew ${plural(drawn, "more error")}.` : "There are no more errors to draw.";
      return { first, words: [words, ...warnings].join(" ") };
    } catch (error) {
      if (statusOf(error) === 403) this.#hooks.renew();
      return { first: null, words: sentenceOf(error) || "The server can't be reached: try again." };
    }
  }

  // --- advice --------------------------------------------------------------------------------

  /** Returns what the server advises on when to stop; null if it can't be reached. */
  async advice() {
    try {
      return await this.#server.advice(this.#loaded.reviewer);
    } catch {
      return null;
    }
  }

  // --- sending -------------------------------------------------------------------------------

  /**
   * Applies a patch; returns what would put back what it changed.
   * @param {Patch} patch
   * @returns {Patch}
   */
  #apply(patch) {
    return applied(this.#loaded, patch);
  }

  /**
   * @param {Unsigned<Change>} change
   * @param {{shown?: Shown | null, reload?: boolean, hold?: number}} options
   */
  #push(change, options) {
    return this.#outbox.push({ reviewer: this.#reviewer, ...change }, options);
  }

  /**
   * Takes the server's answer: what was refused, and what others did.
   * @param {Answer} answer
   * @param {readonly PendingChange[]} batch
   */
  #learn({ made, refused, news, cursor }, batch) {
    const model = this.#model;
    for (const [seq, [id]] of Object.entries(made)) model?.assignId(this.#outbox.refOf(seq), id);
    if (refused.length) this.#hooks.say(`Not taken: ${refused[0].reason}.`, "long");
    // What came after the cursor comes again with the next answer: then it is known what is newer.
    const concerning = news.filter(
      ({ id, reviewer, kind, after }) =>
        id <= cursor && (reviewer === model?.reviewer || after.categories || kind === "draw more"),
    );
    if (refused.length || batch.some(({ reload }) => reload) || this.#outgrows(concerning, batch)) {
      this.#read(); // more has changed than a patch can show
      return;
    }
    if (!model || !concerning.length) return;
    for (const { reviewer, kind, after } of concerning) {
      if (reviewer === model.reviewer && kind !== "undo") this.#undone = [];
      const examples = reviewer === model.reviewer ? after.examples : {};
      model.apply({ examples, categories: after.categories });
    }
    for (const { change, shown } of this.#outbox.pending) {
      if (shown && change.reviewer === this.#reviewer) model.apply(model.pendingPatch(change, shown));
    }
    this.#hooks.changed();
  }

  /**
   * Whether news are more than patches to apply: they touch the same images as what was just sent,
   * or ticks of several reviewers.
   * @param {Event[]} news
   * @param {readonly PendingChange[]} batch
   */
  #outgrows(news, batch) {
    const sent = new Set(batch.flatMap(({ change }) => ("examples" in change ? Object.keys(change.examples) : [])));
    return news.some(
      ({ kind, before, after }) =>
        kind === "draw more" ||
        after.judgements ||
        before.judgements ||
        Object.keys(after.examples ?? {}).some((place) => sent.has(place)),
    );
  }
}

/**
 * Applies a patch; returns what would put back what it changed.
 * @param {Model} model
 * @param {Patch} patch
 * @returns {Patch}
 */
function applied(model, patch) {
  const before = model.before(patch);
  model.apply(patch);
  return "judgements" in patch ? { ...before, judgements: {} } : before;
}

/**
 * Returns an event as a step that can be undone.
 * @param {Event} event
 * @returns {Step}
 */
function stepOf({ id, client, seq, kind, before, after }) {
  return { id, ref: id, name: `${client}:${seq}`, kind, before, after };
}
