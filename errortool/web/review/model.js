/** Where the reviewer stands: the examples, the ticks, and what can be undone. */
export class Model {
  static UNSEEN = -1;
  static BLANK = { status: null, comment: "", corrected_label: null, seconds: 0 };

  /** @param {object} start what the server tells of the session */
  constructor(start) {
    this.session = start.session;
    this.reviewer = start.reviewer;
    this.knownNames = start.known_names;
    this.examples = start.examples;
    this.size = start.examples.key.length;
    this.errors = start.session.sampled; // positions from here on are right ones
    this.hasRight = this.size > this.errors;
    this.extras = Object.keys(start.examples.extra);
    this.classes = [...new Set([...start.examples.label, ...start.examples.prediction])].sort();
    this.categories = start.categories.map((category) => ({ ...category, key: String(category.id) }));
    this.ticks = new Map(this.categories.map(({ key }) => [key, this.unseen()]));
    for (const [key, [yes, no]] of Object.entries(start.ticks)) {
      const column = this.column(key);
      for (const position of yes) column[position] = 1;
      for (const position of no) column[position] = 0;
    }
    this.looks = new Map();
    for (const [position, status, comment, corrected_label, seconds] of start.looks) {
      this.looks.set(position, { status, comment, corrected_label, seconds });
    }
    this.steps = start.steps.map(Model.step);
  }

  static step(event) {
    const { id, client, seq, kind, before, after } = event;
    return { id, ref: id, name: `${client}:${seq}`, kind, before, after };
  }

  unseen() {
    return new Int8Array(this.size).fill(Model.UNSEEN);
  }

  column(key) {
    if (!this.ticks.has(key)) this.ticks.set(key, this.unseen());
    return this.ticks.get(key);
  }

  /** 1 yes, 0 no, UNSEEN. */
  tick(key, position) {
    return this.column(key)[position];
  }

  look(position) {
    return this.looks.get(position) ?? Model.BLANK;
  }

  lookedAt(position) {
    return this.look(position).status === "looked at";
  }

  /** Whether the model got the example at a position right: these count apart. */
  isRight(position) {
    return position >= this.errors;
  }

  /** The categories on screen, in their order. */
  get shown() {
    return this.categories
      .filter((category) => !category.retired)
      .sort((one, other) => one.position - other.position || (one.id ?? 1e15) - (other.id ?? 1e15));
  }

  /** Finds a category by its key or, once the server has told it, by its number. */
  category(key) {
    return this.categories.find((category) => category.key === key || String(category.id) === key);
  }

  named(name) {
    const wanted = name.toLowerCase();
    return this.shown.find((category) => category.name.toLowerCase() === wanted);
  }

  /** Whether a label-error category is ticked at a position, so that a right label is asked for. */
  labelIsWrong(position) {
    return this.shown.some(({ key, kind }) => kind === "label error" && this.tick(key, position) === 1);
  }

  /** The positions that were looked at, but before this category was there to look for. */
  missing(key) {
    const column = this.column(key);
    const found = [];
    for (const [position, { status }] of this.looks) {
      if (status === "looked at" && column[position] === Model.UNSEEN) found.push(position);
    }
    return found.sort((one, other) => one - other);
  }

  // --- patches (the same as the server's) ----------------------------------------------------

  /** What would put back what `patch` is about to change. */
  before({ examples = {}, categories = {} }) {
    const patch = { examples: {}, categories: {} };
    for (const [position, values] of Object.entries(examples)) {
      const look = this.look(Number(position));
      const was = {};
      for (const field of Object.keys(values)) if (field !== "ticks") was[field] = look[field];
      if (values.ticks) {
        was.ticks = {};
        for (const key of Object.keys(values.ticks)) {
          const value = this.tick(this.category(key)?.key ?? key, Number(position));
          was.ticks[key] = value === Model.UNSEEN ? null : value;
        }
      }
      patch.examples[position] = was;
    }
    for (const [key, values] of Object.entries(categories)) {
      const known = this.category(key) ?? { retired: 1 };
      patch.categories[key] = Object.fromEntries(Object.keys(values).map((name) => [name, known[name]]));
    }
    return patch;
  }

  /** The patch of a pending change, as the server will take it: what fills is no word against another. */
  pending({ change, shown: { patch } }) {
    return change.fills ? this.unsaid(patch) : patch;
  }

  unsaid({ examples }) {
    const open =
      (position) =>
      ([key]) =>
        this.tick(this.category(key)?.key ?? key, Number(position)) === Model.UNSEEN;
    const values = Object.entries(examples).map(([position, { ticks = {}, ...look }]) => [
      position,
      { ...look, ticks: Object.fromEntries(Object.entries(ticks).filter(open(position))) },
    ]);
    return { examples: Object.fromEntries(values) };
  }

  apply({ examples = {}, categories = {} }) {
    for (const [position, { ticks = {}, ...look }] of Object.entries(examples)) {
      for (const [key, value] of Object.entries(ticks)) {
        this.column(this.category(key)?.key ?? key)[position] = value ?? Model.UNSEEN;
      }
      this.looks.set(Number(position), { ...this.look(Number(position)), ...look });
    }
    for (const [key, values] of Object.entries(categories)) {
      const known = this.category(key);
      if (known) Object.assign(known, values);
      else {
        const id = /^\d+$/.test(key) ? Number(key) : undefined;
        this.categories.push({ key, id, description: "", kind: "cause", position: 1e9, ...values });
      }
    }
  }

  // --- figures -------------------------------------------------------------------------------

  /**
   * Progress of the part that the image on screen belongs to, shares of the errors, and pace; the
   * image on screen counts once it has a tick.
   */
  figures(current = -1) {
    const counted = new Uint8Array(this.errors);
    const right = current >= 0 && this.isRight(current);
    let looked = 0;
    let done = 0;
    let seconds = 0;
    let timed = 0;
    for (const [position, look] of this.looks) {
      const here = this.isRight(position) === right;
      if (here && (look.status === "looked at" || look.status === "unreadable")) done += 1;
      if (look.status !== "looked at") continue;
      if (!this.isRight(position)) counted[position] = 1;
      if (here) looked += 1;
      if (look.seconds > 0) {
        seconds += look.seconds;
        timed += 1;
      }
    }
    const shown = this.shown;
    const pending =
      current >= 0 && !right && !counted[current] && shown.some(({ key }) => this.tick(key, current) === 1);
    if (pending) counted[current] = 1;
    const none = new Uint8Array(counted);
    const shares = new Map();
    for (const { key } of shown) {
      const column = this.column(key);
      let yes = 0;
      let seen = 0;
      for (let position = 0; position < this.errors; position += 1) {
        if (!counted[position]) continue;
        if (column[position] === 1) {
          yes += 1;
          seen += 1;
          none[position] = 0;
        } else if (column[position] === 0 || (pending && position === current)) {
          seen += 1;
        }
      }
      shares.set(key, { yes, seen });
    }
    return {
      looked,
      size: right ? this.size - this.errors : this.errors,
      left: (right ? this.size - this.errors : this.errors) - done,
      counted: counted.reduce((sum, one) => sum + one, 0),
      shares,
      none: none.reduce((sum, one) => sum + one, 0),
      pace: timed >= 3 ? seconds / timed : null,
    };
  }

  /** The first position from `start` on, then from the beginning, that is still to be looked at. */
  nextOpen(start) {
    for (const wanted of [null, "deferred"]) {
      for (let step = 0; step < this.size; step += 1) {
        const position = (start + step) % this.size;
        if (this.look(position).status === wanted) return position;
      }
    }
    return null;
  }
}
