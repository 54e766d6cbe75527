import { categoryCaps } from "./keys.js";

/** @import { Category, Change, Figures, Look, Share, Shown } from "./types.d.ts" */
/** @import { CategoryValues, ExampleValues, Patch, ReviewState, Tick } from "./wire.d.ts" */

/** What is known of an example that nobody has touched. */
const BLANK = Object.freeze({ status: null, comment: "", corrected_label: null, seconds: 0, carried: false });

/**
 * Returns a share that nothing was counted for yet.
 * @returns {Share}
 */
export function emptyShare() {
  return { yes: 0, seen: 0, part: 0, whole: 0 };
}

/**
 * Counts an example that weighs so much, unless it wasn't looked at for the tick.
 * @param {Share} share
 * @param {number} tick 1 yes, 0 no
 * @param {number} weight
 */
export function countTick(share, tick, weight) {
  if (tick !== 0 && tick !== 1) return;
  share.yes += tick;
  share.part += tick * weight;
  share.seen += 1;
  share.whole += weight;
}

/** The state of a session as its reviewer sees it: examples, categories, ticks and looks. */
export class Model {
  static UNSEEN = -1;

  /** @readonly */ session;
  /** @readonly */ reviewer;
  /** @readonly */ knownNames;
  /** @readonly */ examples;
  /** @readonly */ size;
  /** @readonly */ errors;
  /** @readonly */ hasRight;
  /** All positions, those of errors before those of correct predictions. */
  /** @readonly */ inParts;
  /** @readonly */ extras;
  /** @readonly */ classes;

  /** @type {Category[]} */
  #categories;
  /** A column a category: what was said at each position (1 yes, 0 no, UNSEEN). */
  /** @type {Map<string, Int8Array>} */
  #columns = new Map();
  /** @type {Map<number, Look>} */
  #looks = new Map();
  /** @type {Category[] | null} */
  #shown = null;
  /** 1 where the prediction was correct. */
  #right;
  /** @type {Map<string, string> | null} */
  #caps = null;
  /** @type {readonly Readonly<Category>[] | null} */
  #hidden = null;

  /** @param {ReviewState} state */
  constructor(state) {
    this.session = state.session;
    this.reviewer = state.reviewer;
    this.knownNames = state.known_names;
    this.examples = state.examples;
    this.size = state.examples.key.length;
    this.errors = this.size - state.examples.right.length;
    this.hasRight = this.size > this.errors;
    this.#right = new Uint8Array(this.size);
    for (const position of state.examples.right) this.#right[position] = 1;
    const positions = Array.from({ length: this.size }, (_, position) => position);
    this.inParts = positions.sort((one, other) => this.#right[one] - this.#right[other] || one - other);
    this.extras = Object.keys(state.examples.extra);
    this.classes = [...new Set([...state.examples.label, ...state.examples.prediction])].sort();
    this.#categories = state.categories.map((category) => ({ ...category, key: String(category.id) }));
    for (const [key, [yes, no]] of Object.entries(state.ticks)) {
      const column = this.#column(key);
      for (const position of yes) column[position] = 1;
      for (const position of no) column[position] = 0;
    }
    for (const [position, status, comment, corrected_label, seconds, carried] of state.looks) {
      this.#looks.set(position, { status, comment, corrected_label, seconds, carried });
    }
  }

  /** @param {string} key */
  #column(key) {
    let column = this.#columns.get(key);
    if (!column) {
      column = new Int8Array(this.size).fill(Model.UNSEEN);
      this.#columns.set(key, column);
    }
    return column;
  }

  // --- examples ------------------------------------------------------------------------------

  /**
   * Returns what was said of a category at a position: 1 yes, 0 no, UNSEEN.
   * @param {string} key
   * @param {number} position
   */
  tick(key, position) {
    return this.#column(key)[position];
  }

  /**
   * @param {number} position
   * @returns {Readonly<Look>}
   */
  look(position) {
    return this.#looks.get(position) ?? BLANK;
  }

  /** @param {number} position */
  lookedAt(position) {
    return this.look(position).status === "looked at";
  }

  /**
   * Whether a look stands as it was carried from the round before.
   * @param {number} position
   */
  isCarried(position) {
    const { status, carried } = this.look(position);
    return carried && status === "looked at";
  }

  /** The positions of all such looks. */
  get carried() {
    return [...this.#looks.keys()].filter((at) => this.isCarried(at)).sort((one, other) => one - other);
  }

  /**
   * Returns which looks count. In a round those do that come before the first open image of their
   * part: carried ones lie all over the sample, of errors that both models made.
   * @returns {(position: number) => boolean}
   */
  counting() {
    if (!this.session.follows) return (at) => this.lookedAt(at);
    const open = (/** @type {boolean} */ right) =>
      this.inParts.find((at) => this.isRight(at) === right && this.look(at).status === null) ?? Infinity;
    const [errors, right] = [open(false), open(true)];
    return (at) => this.lookedAt(at) && at < (this.isRight(at) ? right : errors);
  }

  /**
   * Whether the prediction at a position was correct: these count apart.
   * @param {number} position
   */
  isRight(position) {
    return this.#right[position] === 1;
  }

  /**
   * Returns the first position from `start` on, then from the beginning, that is still to be looked
   * at; null if none is. Deferred ones come last.
   * @param {number} start
   */
  nextOpen(start) {
    for (const wanted of [null, "deferred"]) {
      for (let step = 0; step < this.size; step += 1) {
        const position = (start + step) % this.size;
        if (this.look(position).status === wanted) return position;
      }
    }
    return null;
  }

  /**
   * Returns the positions that were looked at before this category was there to look for.
   * @param {string} key
   */
  toBackfill(key) {
    const column = this.#column(key);
    const found = [];
    for (const [position, { status }] of this.#looks) {
      if (status === "looked at" && column[position] === Model.UNSEEN) found.push(position);
    }
    return found.sort((one, other) => one - other);
  }

  // --- categories ----------------------------------------------------------------------------

  /** All categories, retired ones too. */
  get categories() {
    /** @type {readonly Readonly<Category>[]} */
    const categories = this.#categories;
    return categories;
  }

  /** The categories on screen, in their order. */
  get shown() {
    this.#shown ??= this.#categories
      .filter((category) => !category.retired)
      .sort((one, other) => one.position - other.position || (one.id ?? 1e15) - (other.id ?? 1e15));
    /** @type {readonly Readonly<Category>[]} */
    const shown = this.#shown;
    return shown;
  }

  /** The categories that were hidden, in alphabetical order. */
  get hidden() {
    this.#hidden ??= this.#categories
      .filter(({ retired }) => retired)
      .sort((one, other) => one.name.localeCompare(other.name));
    return this.#hidden;
  }

  /**
   * Returns on how many images a category is ticked.
   * @param {string} key
   */
  timesTicked(key) {
    return this.#column(key).reduce((sum, tick) => sum + (tick === 1 ? 1 : 0), 0);
  }

  /** How many errors of the dev set are not in the session yet. */
  get undrawn() {
    return this.session.drawable;
  }

  /** The key to press for each category that has one, by the category's key. */
  get caps() {
    this.#caps ??= categoryCaps(this.#categories);
    return this.#caps;
  }

  /**
   * Finds a category by its key or, once the server has numbered it, by its number.
   * @param {string} key
   */
  category(key) {
    return this.#categories.find((category) => category.key === key || String(category.id) === key);
  }

  /**
   * Finds a category on screen by its name, whatever its case.
   * @param {string} name
   */
  categoryNamed(name) {
    const wanted = name.toLowerCase();
    return this.shown.find((category) => category.name.toLowerCase() === wanted);
  }

  /**
   * Gives a new category the number that the server made for it.
   * @param {string} key
   * @param {number} id
   */
  assignId(key, id) {
    const category = this.category(key);
    if (category) category.id = id;
    this.#shown = this.#caps = this.#hidden = null;
  }

  /** @param {string} key */
  #keyOf(key) {
    return this.category(key)?.key ?? key;
  }

  // --- rules ---------------------------------------------------------------------------------

  /**
   * Whether a label error is ticked at a position, so that a right label is asked for.
   * @param {number} position
   */
  labelIsWrong(position) {
    return this.#labelIsWrong(position, {});
  }

  /**
   * @param {number} position
   * @param {Record<string, Tick>} ticks that are about to be set
   */
  #labelIsWrong(position, ticks) {
    return this.shown.some(
      ({ key, kind }) => kind === "label error" && (key in ticks ? ticks[key] : this.tick(key, position)) === 1,
    );
  }

  /**
   * Returns what ticks change at a position: with the last label error goes the right label, and
   * with the first comes the other class, where there are just two.
   * @param {number} position
   * @param {Record<string, Tick>} ticks by category
   * @returns {ExampleValues}
   */
  ticked(position, ticks) {
    const [before, after] = [this.labelIsWrong(position), this.#labelIsWrong(position, ticks)];
    const given = this.look(position).corrected_label;
    if (before && !after && given != null) return { ticks, corrected_label: null };
    if (!before && after && given == null && this.classes.length === 2) {
      return { ticks, corrected_label: this.otherClasses(position)[0] };
    }
    return { ticks };
  }

  /**
   * Returns what looking at an example says of it: no tick means no.
   * @param {number} position
   */
  lookedAtValues(position) {
    /** @type {Record<string, Tick>} */
    const ticks = {};
    for (const { key } of this.shown) {
      if (this.tick(key, position) === Model.UNSEEN) ticks[key] = 0;
    }
    return { status: /** @type {const} */ ("looked at"), ticks };
  }

  /**
   * Returns the classes that a position isn't labelled as.
   * @param {number} position
   */
  otherClasses(position) {
    return this.classes.filter((name) => name !== this.examples.label[position]);
  }

  /**
   * Returns how many images that are a no for a category become not looked at for it, if another is
   * merged into it.
   * @param {string} source the other's key
   * @param {string} target
   */
  unseenByMerging(source, target) {
    const [from, into] = [this.#column(source), this.#column(target)];
    let found = 0;
    for (const [position, { status }] of this.#looks) {
      if (status === "looked at" && into[position] === 0 && from[position] === Model.UNSEEN) found += 1;
    }
    return found;
  }

  // --- patches (the same as the server's) ----------------------------------------------------

  /**
   * Returns the patch that would put back what `patch` is about to change.
   * @param {Patch} patch
   */
  before({ examples = {}, categories = {} }) {
    return {
      examples: mapped(examples, (position, values) => this.#beforeExample(Number(position), values)),
      categories: mapped(categories, (key, values) => this.#beforeCategory(key, values)),
    };
  }

  /**
   * @param {number} position
   * @param {ExampleValues} values
   * @returns {ExampleValues}
   */
  #beforeExample(position, { ticks, ...look }) {
    const before = picked(this.look(position), look);
    if (!ticks) return before;
    const present = mapped(ticks, (key) => {
      const value = this.tick(this.#keyOf(key), position);
      return /** @type {Tick} */ (value === Model.UNSEEN ? null : value);
    });
    return { ...before, ticks: present };
  }

  /**
   * @param {string} key
   * @param {CategoryValues} values
   * @returns {CategoryValues}
   */
  #beforeCategory(key, values) {
    const known = this.category(key);
    if (!known) return { retired: 1 };
    return picked({ ...known, retired: known.retired ? 1 : 0 }, values);
  }

  /** @param {Patch} patch */
  apply({ examples = {}, categories = {} }) {
    for (const [place, { ticks = {}, ...look }] of Object.entries(examples)) {
      const position = Number(place);
      for (const [key, value] of Object.entries(ticks)) {
        this.#column(this.#keyOf(key))[position] = value ?? Model.UNSEEN;
      }
      this.#looks.set(position, { ...this.look(position), ...look, carried: false });
    }
    for (const [key, values] of Object.entries(categories)) {
      const known = this.category(key);
      if (known) Object.assign(known, values);
      else this.#categories.push(newCategory(key, values));
      this.#shown = this.#caps = this.#hidden = null;
    }
  }

  /**
   * Returns what a change that isn't acknowledged will do: one that fills leaves ticks alone that
   * are there already.
   * @param {Change} change
   * @param {Shown} shown
   */
  pendingPatch(change, { patch }) {
    return "fills" in change ? this.#unanswered(patch) : patch;
  }

  /** @param {Patch} patch */
  #unanswered({ examples = {} }) {
    return {
      examples: mapped(examples, (position, { ticks = {}, ...look }) => {
        const open = Object.entries(ticks).filter(
          ([key]) => this.tick(this.#keyOf(key), Number(position)) === Model.UNSEEN,
        );
        return { ...look, ticks: Object.fromEntries(open) };
      }),
    };
  }

  /** Whether some mistakes count more than others. */
  get weighted() {
    return this.examples.weight.length > 0;
  }

  /** @param {number} position */
  weightOf(position) {
    return this.examples.weight[position] ?? 1;
  }

  // --- figures -------------------------------------------------------------------------------

  /**
   * Returns the progress of errors and of correct predictions, the shares of the part that the image
   * on screen belongs to, and the pace. An image counts once it was looked at, wherever it was ticked.
   * @param {number} current
   * @returns {Figures}
   */
  figures(current = -1) {
    const right = current >= 0 && this.isRight(current);
    const counted = new Uint8Array(this.size);
    const finished = new Uint8Array(this.size);
    const counts = this.counting();
    const looked = { errors: 0, right: 0 };
    let done = 0;
    let deferred = 0;
    let seconds = 0;
    let timed = 0;
    for (const [position, look] of this.#looks) {
      if (look.status === "deferred") deferred += 1;
      if (look.status === "looked at" || look.status === "unreadable") done += 1;
      if (look.status !== "looked at") continue;
      looked[this.isRight(position) ? "right" : "errors"] += 1;
      if (counts(position) && this.isRight(position) === right) counted[position] = 1;
      if (counts(position) && !this.isRight(position)) finished[position] = 1;
      if (look.seconds > 0) {
        seconds += look.seconds;
        timed += 1;
      }
    }
    const ticked = new Uint8Array(this.size);
    const unseen = new Uint8Array(this.size);
    /** @type {Map<string, Share>} */
    const shares = new Map();
    for (const { key } of this.shown) {
      const column = this.#column(key);
      const share = emptyShare();
      for (let position = 0; position < this.size; position += 1) {
        if (column[position] === 1) ticked[position] = 1;
        else if (column[position] !== 0) unseen[position] = 1;
        if (counted[position]) countTick(share, column[position], this.weightOf(position));
      }
      shares.set(key, share);
    }
    let none = 0;
    let unknown = 0;
    for (let position = 0; position < this.size; position += 1) {
      if (!finished[position] || ticked[position]) continue;
      if (unseen[position]) unknown += 1;
      else none += 1;
    }
    return {
      looked: looked[right ? "right" : "errors"],
      size: right ? this.size - this.errors : this.errors,
      parts: {
        errors: { looked: looked.errors, size: this.errors },
        right: { looked: looked.right, size: this.size - this.errors },
      },
      deferred,
      left: this.size - done,
      counted: counted.reduce((sum, one) => sum + one, 0),
      shares,
      none,
      unknown,
      pace: timed >= 3 ? seconds / timed : null,
    };
  }
}

/**
 * Returns the values of `from` that `wanted` names.
 * @template {object} Values
 * @param {Values} from
 * @param {object} wanted
 * @returns {Partial<Values>}
 */
function picked(from, wanted) {
  const names = /** @type {(keyof Values)[]} */ (Object.keys(wanted));
  const values = names.map((name) => [name, from[name]]);
  return Object.fromEntries(values);
}

/**
 * Returns a record with the same keys and other values.
 * @template Value, Other
 * @param {Record<string, Value>} record
 * @param {(key: string, value: Value) => Other} map
 * @returns {Record<string, Other>}
 */
function mapped(record, map) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}

/**
 * Returns a category as a patch first names it.
 * @param {string} key
 * @param {CategoryValues} values
 * @returns {Category}
 */
function newCategory(key, values) {
  const id = /^\d+$/.test(key) ? Number(key) : undefined;
  return { key, id, name: "", description: "", kind: "cause", about: "image", position: 1e9, retired: 0, ...values };
}
