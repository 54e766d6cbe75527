/** Where the reviewer stands: the examples, the ticks, and what can be undone. */
class Model {
  static UNSEEN = -1;

  /** @param {object} start what the server tells of the session */
  constructor(start) {
    this.session = start.session;
    this.examples = start.examples;
    this.size = start.examples.key.length;
    this.extras = Object.keys(start.examples.extra);
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
    this.steps = start.steps.map((event) => ({ ...event, ref: event.id }));
  }

  unseen() {
    return new Int8Array(this.size).fill(Model.UNSEEN);
  }

  column(key) {
    if (!this.ticks.has(key)) this.ticks.set(key, this.unseen());
    return this.ticks.get(key);
  }

  tick(key, position) {
    return this.column(key)[position];
  }

  look(position) {
    return (
      this.looks.get(position) ?? { status: null, comment: "", corrected_label: null, seconds: 0 }
    );
  }

  lookedAt(position) {
    return this.looks.get(position)?.status === "looked at";
  }

  /** The categories on screen, in their order. */
  get shown() {
    return this.categories
      .filter((category) => !category.retired)
      .sort((one, other) => one.position - other.position);
  }

  category(key) {
    return this.categories.find((category) => category.key === key || String(category.id) === key);
  }

  named(name) {
    const wanted = name.toLowerCase();
    return this.shown.find((category) => category.name.toLowerCase() === wanted);
  }

  /** The present values of what `set` would change. */
  before(position, set) {
    const look = this.look(position);
    const values = {};
    for (const field of Object.keys(set)) {
      if (field !== "ticks") values[field] = look[field];
    }
    if (set.ticks) {
      values.ticks = {};
      for (const key of Object.keys(set.ticks)) {
        const value = this.tick(key, position);
        values.ticks[key] = value === Model.UNSEEN ? null : value;
      }
    }
    return values;
  }

  /** Takes new values for an example. */
  apply(position, set) {
    const { ticks, ...look } = set;
    for (const [key, value] of Object.entries(ticks ?? {})) {
      const known = this.category(key);
      this.column(known?.key ?? key)[position] = value ?? Model.UNSEEN;
    }
    this.looks.set(position, { ...this.look(position), ...look });
  }

  /** Takes new values for a category, which may be new here. */
  applyCategory(key, set) {
    const known = this.category(key);
    if (known) Object.assign(known, set);
    else this.categories.push({ key, description: "", position: this.categories.length, ...set });
  }

  /** Progress, shares and pace; the image on screen counts once it has a tick. */
  figures(current) {
    const counted = new Uint8Array(this.size);
    let looked = 0;
    let seconds = 0;
    let timed = 0;
    for (const [position, look] of this.looks) {
      if (look.status !== "looked at") continue;
      counted[position] = 1;
      looked += 1;
      if (look.seconds > 0) {
        seconds += look.seconds;
        timed += 1;
      }
    }
    const shown = this.shown;
    const pending = !counted[current] && shown.some(({ key }) => this.tick(key, current) === 1);
    if (pending) counted[current] = 1;
    const none = new Uint8Array(counted);
    const shares = new Map();
    for (const { key } of shown) {
      const column = this.column(key);
      let yes = 0;
      let seen = 0;
      for (let position = 0; position < this.size; position += 1) {
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
      counted: looked + (pending ? 1 : 0),
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
        if ((this.looks.get(position)?.status ?? null) === wanted) return position;
      }
    }
    return null;
  }
}
