/** One review on screen: keys and clicks in, changes out, everything drawn at once. */
class Review {
  static COMMENT_PAUSE = 800;
  static IDLE = 60_000; // looking longer without a key is a break, and not counted

  constructor(parent, data, trigger) {
    this.parent = parent;
    this.trigger = trigger;
    this.data = data;
    this.places = [];
    this.base = location.pathname.replace(/\/[^/]*$/, "");
    const find = (name) => parent.querySelector(`[data-part="${name}"]`);
    this.parts = Object.fromEntries(
      ["root", "progress", "pace", "session", "bar", "stage", "file", "position", "label", "prediction", "predicted",
        "facts", "categories", "new", "newName", "comment", "back", "next", "undo", "saved", "none", "told", "done",
        "report"].map((name) => [name, find(name)]),
    );
    this.stage = new Stage(this.parts.stage);
    this.list = new CategoryList(this.parts.categories, (key) => this.toggle(key));
    this.outbox = new Outbox({
      uid: data.uid,
      url: `${this.base}/errortool/changes/${data.uid}`,
      token: data.token,
      changed: () => this.drawSaved(),
      answered: (answer) => this.take(answer),
      renew: () => this.trigger("renew", Date.now()),
    });
    this.listen();
    this.start();
  }

  /** Streamlit ran the page again: there may be a new token. */
  update(data) {
    this.data = data;
    this.outbox.token = data.token;
    this.outbox.retryNow();
  }

  close() {
    this.rest();
    this.outbox.close();
    this.stage.close();
    removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("visibilitychange", this.onVisible);
    clearTimeout(this.urlTimer);
    clearTimeout(this.retry);
  }

  // --- beginning -----------------------------------------------------------------------------

  async start() {
    try {
      await this.outbox.recover();
      const response = await fetch(`${this.base}/errortool/review/${this.data.uid}`, { cache: "no-store" });
      if (!response.ok) throw await Outbox.error(response);
      this.begin(await response.json());
    } catch (error) {
      this.say(error.sentence ?? "The server can't be reached; trying again.");
      if (error.status === 403) this.trigger("renew", Date.now());
      this.retry = setTimeout(() => this.start(), 1_000);
    }
  }

  begin(start) {
    const earlier = this.model;
    this.model = new Model(start);
    this.outbox.cursor = start.cursor;
    for (const item of this.outbox.items) this.replay(item);
    if (earlier) {
      this.draw();
      return;
    }
    const named = this.model.examples.key.indexOf(this.data.example);
    this.parts.root.classList.add("ready");
    this.say("");
    this.goTo(named >= 0 ? named : this.model.nextOpen(0) ?? 0);
  }

  /** Shows a pending change again on top of what the server told. */
  replay({ position, category, set, seq }) {
    if (position == null) this.model.applyCategory(category ?? `${this.outbox.client}:${seq}`, set);
    else this.model.apply(position, set);
  }

  // --- moving --------------------------------------------------------------------------------

  goTo(position) {
    if (position < 0 || position >= this.model.size) return;
    this.rest();
    this.position = position;
    this.shownAt = performance.now();
    this.stage.show(position, { ...this.describe(position), fallback: () => this.asText(position) });
    this.draw();
    this.stage.preload(position, (near) => this.describe(near), this.model.size);
    this.rememberPlace();
  }

  describe(position) {
    const { key, image } = this.model.examples;
    const url =
      this.model.session.images && image[position] != null
        ? `${this.base}/errortool/image/${this.data.uid}/${position}`
        : null;
    return { key: key[position], url };
  }

  /** Shows the row itself where the session has no images. */
  asText(position) {
    const rows = this.model.extras.map((name) => [name, this.model.examples.extra[name][position]]);
    const text = element("dl", { class: "row" });
    for (const [name, value] of rows) {
      if (value) text.append(element("dt", {}, name), element("dd", {}, value));
    }
    return text;
  }

  /** Keeps the place in the URL: at once, but for bursts, for browsers allow 200 in 30 s. */
  rememberPlace() {
    const now = performance.now();
    this.places = this.places.filter((then) => now - then < 30_000);
    clearTimeout(this.urlTimer);
    this.urlTimer = setTimeout(
      () => {
        this.places.push(performance.now());
        const url = new URL(location.href);
        url.searchParams.set("session", this.model.session.id);
        url.searchParams.set("example", this.model.examples.key[this.position]);
        history.replaceState(history.state, "", url);
      },
      this.places.length < 100 ? 0 : 500,
    );
  }

  /** Adds the time since the image was shown, or since the last key, to the image's. */
  rest() {
    if (this.shownAt == null) return;
    const now = performance.now();
    this.spent = (this.spentOn === this.position ? this.spent : 0) + Math.min(now - this.shownAt, Review.IDLE) / 1000;
    this.spentOn = this.position;
    this.shownAt = now;
  }

  // --- changes -------------------------------------------------------------------------------

  /** Makes a change, shows it, sends it, and remembers how to take it back. */
  change(kind, position, set, { undoes = null, hold = 0 } = {}) {
    const before = this.model.before(position, set);
    this.model.apply(position, set);
    const ref = this.outbox.push({ kind, position, set, undoes }, hold);
    const last = this.model.steps.at(-1);
    if (undoes == null && last?.ref !== ref) {
      this.model.steps.push({ ref, kind, position, before, after: set });
    }
  }

  changeCategory(kind, category, set, { undoes = null } = {}) {
    const ref = this.outbox.push({ kind, category, set, undoes });
    const key = category ?? ref;
    this.model.applyCategory(key, set);
    if (undoes == null) this.model.steps.push({ ref, kind, category: key, before: { retired: 1 }, after: set });
  }

  toggle(key) {
    const ticked = this.model.tick(key, this.position) === 1;
    this.change("tick", this.position, { ticks: { [key]: ticked ? 0 : 1 } });
    this.draw();
  }

  /** Looked at: every category without a tick is a no, and on to the next image. */
  next() {
    this.rest();
    const ticks = {};
    for (const { key } of this.model.shown) {
      if (this.model.tick(key, this.position) === Model.UNSEEN) ticks[key] = 0;
    }
    const seconds = Math.round((this.model.look(this.position).seconds + this.spent) * 10) / 10;
    this.spent = 0;
    this.change("look", this.position, { status: "looked at", seconds, ticks });
    const onward = this.position + 1 < this.model.size ? this.position + 1 : this.model.nextOpen(0);
    if (onward == null) this.finish();
    else this.goTo(onward);
  }

  finish() {
    this.draw();
    this.parts.done.hidden = false;
    this.parts.report.focus();
  }

  typed() {
    const comment = this.parts.comment.value;
    if (comment === this.model.look(this.position).comment) return;
    this.change("comment", this.position, { comment }, { hold: Review.COMMENT_PAUSE });
    this.drawSaved();
  }

  undo() {
    const step = this.model.steps.pop();
    if (!step) {
      this.say("Nothing to undo.");
      return;
    }
    if (step.position == null) {
      const category = this.model.category(String(step.category));
      this.changeCategory("undo", category?.key ?? String(step.category), step.before, { undoes: step.ref });
      this.draw();
    } else {
      this.change("undo", step.position, step.before, { undoes: step.ref });
      this.parts.done.hidden = true;
      this.goTo(step.position);
    }
    this.say(`Undone: ${this.told(step)}`);
  }

  /** Says in words what a step did. */
  told({ kind, position, category, after }) {
    if (position == null) return `${kind} ${this.model.category(String(category))?.name ?? ""}`;
    const where = `image ${position + 1}`;
    const [key] = Object.keys(after.ticks ?? {});
    if (kind === "tick") return `${this.model.category(key)?.name ?? "tick"} on ${where}`;
    if (kind === "look") return `looked at ${where}`;
    return `${kind} on ${where}`;
  }

  openNew() {
    this.parts.new.classList.add("open");
    this.parts.newName.focus();
  }

  closeNew() {
    this.parts.new.classList.remove("open");
    this.parts.newName.value = "";
    this.parts.newName.blur();
  }

  addCategory() {
    const name = this.parts.newName.value.trim().replace(/\s+/g, " ");
    if (!name) return;
    const known = this.model.named(name);
    if (known) {
      this.say(`There is already a category ${known.name}.`);
      return;
    }
    const position = 1 + Math.max(-1, ...this.model.categories.map((category) => category.position));
    this.changeCategory("new category", null, { name, kind: "cause", position });
    this.closeNew();
    this.draw();
  }

  /** Takes the server's answer: what was refused, and what others did. */
  take({ made, refused, news }) {
    for (const [seq, id] of Object.entries(made)) {
      const category = this.model.category(`${this.outbox.client}:${seq}`);
      if (category) category.id = id;
    }
    for (const event of news) this.takeEvent(event);
    if (refused.length) {
      this.say(`Not taken: ${refused[0].reason}.`);
      this.start(); // what was shown was wrong: see how things stand
    } else if (news.length) {
      for (const item of this.outbox.items) this.replay(item);
      this.draw();
    }
  }

  takeEvent({ position, category, after }) {
    if (position == null) this.model.applyCategory(String(category), { id: category, ...after });
    else this.model.apply(position, after);
  }

  // --- keys ----------------------------------------------------------------------------------

  listen() {
    const { comment, newName, next, back, undo, report } = this.parts;
    this.onKey = (event) => this.pressed(event);
    addEventListener("keydown", this.onKey, true);
    this.onVisible = () => {
      if (document.visibilityState === "hidden") this.rest();
      else this.shownAt = performance.now();
    };
    document.addEventListener("visibilitychange", this.onVisible);
    comment.addEventListener("input", () => this.typed());
    newName.addEventListener("blur", () => newName.value.trim() || this.closeNew());
    next.addEventListener("click", () => this.next());
    back.addEventListener("click", () => this.goTo(this.position - 1));
    undo.addEventListener("click", () => this.undo());
    report.addEventListener("click", () => this.trigger("go", "report"));
    this.parts.new.querySelector("button").addEventListener("click", () => this.openNew());
  }

  /** Streamlit listens to keys as well (c clears its caches), so ours are taken first. */
  pressed(event) {
    if (!this.model || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const path = event.composedPath();
    const field = path.find((node) => node.matches?.("input, textarea, select, [contenteditable]"));
    if (field) {
      this.pressedIn(field, event);
      return;
    }
    if (document.querySelector("[role=dialog]:not([hidden]), [aria-modal=true]")) return;
    const button = path.find((node) => node.matches?.("button, a[href]"));
    if (button && (event.key === "Enter" || event.key === " ")) return;
    const action = this.actionOf(event.key, path);
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    this.parts.done.hidden = true;
    action();
  }

  pressedIn(field, event) {
    if (!this.parent.contains(field)) return;
    event.stopImmediatePropagation(); // but let the field have its letter
    if (event.key === "Escape") {
      field === this.parts.newName ? this.closeNew() : field.blur();
    } else if (event.key === "Enter" && field === this.parts.newName) {
      event.preventDefault();
      this.addCategory();
    }
  }

  actionOf(key, path) {
    const box = path.find((node) => node.matches?.("[role=checkbox]"));
    const index = key.length === 1 ? CategoryList.KEYS.indexOf(key.toLowerCase()) : -1;
    const category = index >= 0 ? this.model.shown[index] : null;
    if (category) return () => this.toggle(category.key);
    switch (key) {
      case "Enter":
        return () => this.next();
      case "ArrowRight":
        return () => this.goTo(this.position + 1);
      case "ArrowLeft":
        return () => this.goTo(this.position - 1);
      case "c":
        return () => this.parts.comment.focus();
      case "n":
        return () => this.openNew();
      case "u":
        return () => this.undo();
      case " ":
        return box ? () => box.click() : null;
      default:
        return null;
    }
  }

  // --- drawing -------------------------------------------------------------------------------

  draw() {
    const { parts, model, position } = this;
    const { examples, session } = model;
    const figures = model.figures(position);
    setText(parts.session, `${session.name} · ${devError(session)}`);
    setText(parts.progress, `${figures.looked} of ${model.size}`);
    setText(parts.pace, this.paceText(figures));
    parts.bar.style.transform = `scaleX(${figures.looked / model.size})`;
    setText(parts.position, `image ${position + 1}`);
    setText(parts.file, examples.image[position] ?? examples.key[position]);
    setText(parts.label, examples.label[position]);
    setText(parts.prediction, examples.prediction[position]);
    const confidence = examples.confidence[position];
    setText(parts.predicted, confidence == null ? "prediction" : `prediction · ${confidence.toFixed(2)}`);
    this.drawFacts();
    this.list.draw(model.shown, (key) => model.tick(key, position), figures);
    const { comment, status } = model.look(position);
    if (parts.comment.value !== comment) parts.comment.value = comment;
    parts.root.dataset.status = status ?? "";
    setText(parts.none, `none of these: ${figures.none}`);
    parts.back.disabled = position === 0;
    this.drawSaved();
  }

  /** The table's other columns; with no image they are the stage, and not repeated here. */
  drawFacts() {
    const { facts } = this.parts;
    const names = this.model.session.images ? this.model.extras : [];
    if (facts.childElementCount !== names.length * 2) {
      facts.replaceChildren(...names.flatMap((name) => [element("dt", {}, name), element("dd")]));
    }
    names.forEach((name, index) => {
      setText(facts.children[index * 2 + 1], this.model.examples.extra[name][this.position] || "–");
    });
  }

  paceText({ looked, pace }) {
    const left = this.model.size - looked;
    if (!left) return "all looked at";
    if (pace == null) return "";
    const minutes = (left * pace) / 60;
    const rest = minutes < 1 ? "under a minute left" : `about ${Math.round(minutes)} min left`;
    return `${pace < 10 ? pace.toFixed(1) : Math.round(pace)} s each · ${rest}`;
  }

  drawSaved() {
    const { saved, root } = this.parts;
    const state = this.outbox?.state ?? "saved";
    root.dataset.saved = state;
    setText(saved, { saved: "Saved", saving: "Saving…", retrying: "Not saved, retrying" }[state]);
    saved.title = this.outbox?.problem || "";
    if (state === "retrying" && this.outbox.problem) this.say(`Not saved: ${this.outbox.problem}`);
    if (this.outbox && !this.outbox.stored) this.say("This browser keeps nothing: stay on the page until Saved.");
  }

  say(sentence) {
    setText(this.parts.told, sentence);
  }
}

const reviews = new WeakMap();

/** Streamlit calls this as the page appears and whenever it runs again. */
export default function ({ parentElement, data, setTriggerValue }) {
  const known = reviews.get(parentElement);
  if (known && known.data.uid === data.uid) {
    clearTimeout(known.closing);
    known.update(data);
  } else {
    known?.close();
    reviews.set(parentElement, new Review(parentElement, data, setTriggerValue));
  }
  return () => {
    // A rerun cleans up and calls again at once; only when it doesn't is the page gone.
    const review = reviews.get(parentElement);
    review.closing = setTimeout(() => {
      review.close();
      reviews.delete(parentElement);
    }, 0);
  };
}
