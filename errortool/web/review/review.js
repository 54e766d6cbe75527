import { CategoryEditor, CategoryList } from "./categories.js";
import { devError, element, fieldOf, offer, plural, setText } from "./dom.js";
import { Model } from "./model.js";
import { Sheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { Work } from "./work.js";

/** One review on screen: keys and clicks in, changes out, everything drawn at once. */
export class Review {
  static COMMENT_PAUSE = 800;
  static IDLE = 60_000; // looking longer without a key is a break, and not counted
  static QUIET = 1_200; // after so long without a change there is time for advice
  static CHIPS = 6; // up to so many classes are buttons, more are for typing

  constructor(parent, data, trigger) {
    this.parent = parent;
    this.trigger = trigger;
    this.data = data;
    this.places = [];
    this.parts = Object.fromEntries(
      [...parent.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]),
    );
    this.stage = new Stage(this.parts.stage);
    this.list = new CategoryList(this.parts.categories, {
      toggle: (key) => this.toggle(key),
      edit: (key) => this.editor.open(key),
      backfill: (key) => this.beginBackfill(key),
      move: (keys) => CategoryEditor.reorder(this.work, keys),
    });
    this.sheet = new Sheet(this.parts.sheet, {
      open: (position) => this.leaveSheet(position),
      chosen: () => this.drawPanel(),
      thumb: (position) => this.urlOf(position, "?size=thumb"),
    });
    this.work = new Work(data, {
      loaded: () => this.loaded(),
      changed: () => this.draw(),
      saved: () => this.savedOrNot(),
      say: (sentence) => this.say(sentence),
      renew: () => this.trigger("renew", Date.now()),
    });
    this.editor = new CategoryEditor(this.parts.editor, this.work);
    this.listen();
  }

  get model() {
    return this.work?.model;
  }

  /** Streamlit ran the page again: there may be a new token. */
  update(data) {
    this.data = data;
    this.work.update(data);
  }

  close() {
    this.rest();
    this.work.close();
    this.stage.close();
    this.sheet.close();
    removeEventListener("keydown", this.onKey, true);
    document.removeEventListener("visibilitychange", this.onVisible);
    clearTimeout(this.urlTimer);
    clearTimeout(this.adviceTimer);
  }

  /** The session has been read, for the first time or again. */
  loaded() {
    if (this.position != null) {
      this.goTo(Math.min(this.position, this.model.size - 1));
      return;
    }
    this.parts.root.classList.add("ready");
    this.parts.whoName.readOnly = Boolean(this.data.reviewer); // signed in: nobody else
    this.say("");
    if (!Work.reviewer && !this.data.reviewer) {
      this.say(`You review as ${this.model.reviewer}. If that isn't you, change the name below.`);
      Work.keep(this.model.reviewer);
    }
    if (this.renamed) this.say(`You review as ${this.model.reviewer}.`);
    this.renamed = false;
    const named = this.model.examples.key.indexOf(this.data.example);
    this.goTo(named >= 0 ? named : (this.model.nextOpen(0) ?? 0));
    if (this.data.show) this.openSheet(this.data);
    this.advise();
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
    return { key: this.model.examples.key[position], url: this.urlOf(position) };
  }

  urlOf(position, query = "") {
    const { session, examples } = this.model;
    if (!session.images || examples.image[position] == null) return null;
    return `${this.work.base}/image/${this.data.uid}/${position}${query}`;
  }

  /** Shows the row itself where the session has no images. */
  asText(position) {
    const text = element("dl", { class: "row" });
    for (const name of this.model.extras) {
      const value = this.model.examples.extra[name][position];
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
        for (const name of ["show", "label", "prediction"]) url.searchParams.delete(name);
        history.replaceState(history.state, "", url);
      },
      this.places.length < 100 ? 0 : 500,
    );
  }

  /** Adds the time since the image was shown, or came back into sight, to the image's. */
  rest() {
    if (this.shownAt == null) return;
    const now = performance.now();
    const spent = Math.min(now - this.shownAt, Review.IDLE) / 1000;
    this.spent = (this.spentOn === this.position ? this.spent : 0) + spent;
    this.spentOn = this.position;
    this.shownAt = now;
  }

  // --- judging -------------------------------------------------------------------------------

  toggle(key) {
    if (this.position == null) return;
    if (this.sheet.open) this.tickMany(key);
    else this.tick(key, this.model.tick(key, this.position) === 1 ? 0 : 1);
  }

  /** Says yes or no to a category; without any label error there is no right label either. */
  tick(key, value) {
    const values = { ticks: { [key]: value } };
    const others = this.model.shown.filter((category) => category.key !== key);
    const wrong = others.some(
      (category) => category.kind === "label error" && this.model.tick(category.key, this.position) === 1,
    );
    const kind = this.model.category(key).kind;
    if (kind === "label error" && !value && !wrong && this.model.look(this.position).corrected_label != null) {
      values.corrected_label = null;
    }
    this.work.set("tick", this.position, values);
  }

  tickMany(key) {
    const targets = this.sheet.targets;
    if (!targets.length) return;
    const value = targets.every((position) => this.model.tick(key, position) === 1) ? 0 : 1;
    const examples = Object.fromEntries(targets.map((position) => [position, { ticks: { [key]: value } }]));
    this.work.change(targets.length === 1 ? "tick" : "tick many", examples);
  }

  /** What looking at an image says of it: no tick means no. */
  lookedValues(position) {
    const ticks = {};
    for (const { key } of this.model.shown) {
      if (this.model.tick(key, position) === Model.UNSEEN) ticks[key] = 0;
    }
    return { status: "looked at", ticks };
  }

  /** Looked at: every category without a tick is a no, and on to the next image. */
  next() {
    this.rest();
    const { position } = this;
    const before = this.model.look(position);
    const seconds = Math.round((before.seconds + this.spent) * 100) / 100;
    this.spent = 0;
    const ticked = this.model.shown.some(({ key }) => this.model.tick(key, position) === 1);
    const values = this.stage.unreadable && !ticked ? { status: "unreadable" } : this.lookedValues(position);
    this.work.set("look", position, { ...values, seconds });
    this.last = position;
    this.onward(["looked at", "unreadable"].includes(before.status));
  }

  defer() {
    this.work.set("defer", this.position, { status: "deferred" });
    this.onward(false);
  }

  /** Goes on: to the next image when leafing through, else to the next that is still open. */
  onward(leafing) {
    const following = this.position + 1 < this.model.size ? this.position + 1 : null;
    const open = this.model.nextOpen(this.position + 1);
    const wanted = leafing && following != null ? following : open;
    if (wanted == null) this.finish();
    else this.goTo(wanted);
  }

  finish() {
    this.draw();
    this.parts.done.hidden = false;
    this.parts.report.focus();
  }

  /** Ticks what the last image had ticked, and nothing else. */
  repeat() {
    const from = this.last ?? this.position - 1;
    if (from < 0 || from === this.position) return;
    const ticks = {};
    for (const { key } of this.model.shown) {
      const wanted = this.model.tick(key, from) === 1;
      const ticked = this.model.tick(key, this.position) === 1;
      if (wanted !== ticked) ticks[key] = wanted ? 1 : 0;
    }
    if (Object.keys(ticks).length) this.work.set("repeat", this.position, { ticks });
  }

  typed() {
    const comment = this.parts.comment.value;
    if (comment === this.model.look(this.position).comment) return;
    this.work.set("comment", this.position, { comment }, { hold: Review.COMMENT_PAUSE });
  }

  relabel(label) {
    if (label === this.model.look(this.position).corrected_label) return;
    this.work.set("relabel", this.position, { corrected_label: label });
  }

  /** Goes on as somebody else, from where they stand. */
  rename(name) {
    if (!name || name === this.model.reviewer || this.data.reviewer) return;
    this.position = null;
    this.last = null;
    this.renamed = true;
    this.data = { ...this.data, example: "", show: "" };
    this.work.rename(name);
  }

  undo() {
    const step = this.work.undo();
    if (!step) {
      this.say("Nothing to undo.");
      return;
    }
    this.say(`Undone: ${this.work.told(step)}`);
    const [only, ...more] = Object.keys(step.before.examples ?? {});
    this.parts.done.hidden = true;
    if (only != null && !more.length && !this.sheet.open) this.goTo(Number(only));
    else this.draw();
  }

  // --- new categories and backfill -----------------------------------------------------------

  openNew() {
    offer(
      this.parts.known,
      this.model.knownNames.filter((name) => !this.model.named(name)),
    );
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
    this.work.addCategory(name);
    this.closeNew();
  }

  /** A queue of the images that were looked at before a category was there: yes or no. */
  beginBackfill(key) {
    const [first] = this.model.missing(key);
    if (first == null) return;
    if (this.sheet.open) this.leaveSheet();
    this.backfill = { key, from: this.backfill?.from ?? this.position };
    this.goTo(first);
  }

  answer(value) {
    const { key } = this.backfill;
    this.work.set("tick", this.position, { ticks: { [key]: value } });
    const open = this.model.missing(key);
    const onward = open.find((position) => position > this.position) ?? open[0];
    if (onward == null) this.endBackfill();
    else this.goTo(onward);
  }

  endBackfill() {
    const { from } = this.backfill;
    this.backfill = null;
    this.goTo(from);
  }

  // --- contact sheet -------------------------------------------------------------------------

  openSheet(filter = {}) {
    this.rest();
    this.backfill = null;
    this.parts.root.classList.add("sheeted");
    this.sheet.show(this.model, this.position, filter);
    this.draw();
  }

  leaveSheet(position = this.position) {
    this.sheet.hide();
    this.parts.root.classList.remove("sheeted");
    this.goTo(position);
  }

  /** Marks the chosen images as looked at. */
  lookAtMany() {
    const targets = this.sheet.targets.filter((position) => !this.model.lookedAt(position));
    const examples = targets.map((position) => [position, this.lookedValues(position)]);
    if (examples.length) this.work.change("look", Object.fromEntries(examples));
  }

  // --- keys ----------------------------------------------------------------------------------

  listen() {
    const { parts } = this;
    this.onKey = (event) => this.pressed(event);
    addEventListener("keydown", this.onKey, true);
    this.onVisible = () => {
      if (document.visibilityState === "hidden") this.rest();
      else this.shownAt = performance.now();
    };
    document.addEventListener("visibilitychange", this.onVisible);
    const clicks = {
      next: () => this.next(),
      back: () => this.goTo(this.position - 1),
      defer: () => this.defer(),
      undo: () => this.undo(),
      help: () => this.parts.keys.showModal(),
      report: () => this.trigger("go", "report"),
      zoom: () => this.stage.toggleZoom(),
      sheetOpen: () => this.openSheet(),
      sheetClose: () => this.leaveSheet(),
      lookMany: () => this.lookAtMany(),
      offer: () => this.beginBackfill(this.offered),
      yes: () => this.answer(1),
      no: () => this.answer(0),
      stop: () => this.endBackfill(),
      keysClose: () => this.parts.keys.close(),
    };
    for (const [name, action] of Object.entries(clicks)) {
      parts[name].addEventListener("click", () => this.position != null && action());
    }
    parts.new.querySelector("button").addEventListener("click", () => this.openNew());
    parts.newName.addEventListener("blur", () => parts.newName.value.trim() || this.closeNew());
    parts.comment.addEventListener("input", () => this.typed());
    parts.right.addEventListener("change", () => this.relabel(parts.right.value.trim() || null));
    parts.whoName.addEventListener("change", () => this.rename(parts.whoName.value.trim()));
  }

  /** Streamlit listens to keys as well (c clears its caches), so ours are taken first. */
  pressed(event) {
    if (!this.model || this.position == null || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
      return;
    const field = fieldOf(event);
    if (this.parent.querySelector("dialog[open]") || field) {
      if (this.parent.contains(event.composedPath()[0])) {
        event.stopImmediatePropagation(); // but let the field have its letter
        if (field) this.pressedIn(field, event);
      }
      return;
    }
    if (document.querySelector("[role=dialog]:not([hidden]), [aria-modal=true]")) return;
    const path = event.composedPath();
    const button = path.find((node) => node.matches?.("button, a[href], summary"));
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
    const { newName, right, whoName } = this.parts;
    const actions = {
      Escape: () => (field === newName ? this.closeNew() : field.blur()),
      Enter:
        field === newName ? () => this.addCategory() : field === right || field === whoName ? () => field.blur() : null,
    };
    const action = actions[event.key];
    if (!action || field.closest("dialog")) return;
    event.preventDefault();
    action();
  }

  actionOf(key, path) {
    if (this.sheet.open) return this.actionInSheet(key);
    if (this.backfill) {
      const action = this.actionInBackfill(key);
      if (action) return action;
    }
    const box = path.find((node) => node.matches?.("[role=checkbox]"));
    const category = this.categoryOf(key);
    if (category) return () => this.toggle(category.key);
    if (this.stage.zoomed) {
      const [right, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [];
      if (right != null) return () => this.stage.pan(right, down);
      if (key === "Escape") return () => this.stage.toggleZoom();
    }
    const actions = {
      Enter: () => this.next(),
      ArrowRight: () => this.goTo(this.position + 1),
      ArrowLeft: () => this.goTo(this.position - 1),
      " ": box ? () => box.click() : () => this.repeat(),
      b: this.offered ? () => this.beginBackfill(this.offered) : null,
      c: () => this.parts.comment.focus(),
      d: () => this.defer(),
      g: () => this.openSheet(),
      n: () => this.openNew(),
      r: this.parts.relabel.hidden ? () => {} : () => this.parts.right.select(),
      u: () => this.undo(),
      z: () => this.stage.toggleZoom(),
      "?": () => this.parts.keys.showModal(),
    };
    return actions[key.length === 1 ? key.toLowerCase() : key] ?? null;
  }

  categoryOf(key) {
    const index = key.length === 1 ? CategoryList.KEYS.indexOf(key.toLowerCase()) : -1;
    return index >= 0 ? this.model.shown[index] : null;
  }

  actionInBackfill(key) {
    const { key: asked } = this.backfill;
    if (key === "y" || this.categoryOf(key)?.key === asked) return () => this.answer(1);
    if (key === "n" || key === "Enter") return () => this.answer(0);
    if (key === "Escape" && !this.stage.zoomed) return () => this.endBackfill();
    return null;
  }

  actionInSheet(key) {
    const category = this.categoryOf(key);
    if (category) return () => this.tickMany(category.key);
    const actions = {
      Enter: () => this.sheet.found.length && this.leaveSheet(this.sheet.found[this.sheet.focus]),
      Escape: () => (this.sheet.chosen.size ? (this.sheet.chosen.clear(), this.sheet.draw()) : this.leaveSheet()),
      g: () => this.leaveSheet(),
      l: () => this.lookAtMany(),
      n: () => this.openNew(),
      u: () => this.undo(),
      "?": () => this.parts.keys.showModal(),
    };
    return actions[key.length === 1 ? key.toLowerCase() : key] ?? null;
  }

  // --- drawing -------------------------------------------------------------------------------

  draw() {
    const { parts, model, position } = this;
    if (!model || position == null) return;
    this.figures = model.figures(this.sheet.open ? -1 : position);
    const { session, examples } = model;
    setText(parts.session, `${session.name} · ${devError(session)}`);
    setText(parts.progress, `${this.figures.looked} of ${this.figures.size}`);
    setText(parts.pace, this.paceText());
    parts.bar.style.transform = `scaleX(${1 - this.figures.left / this.figures.size})`;
    setText(parts.number, `image ${position + 1}`);
    setText(parts.file, examples.image[position] ?? examples.key[position]);
    setText(parts.label, examples.label[position]);
    setText(parts.prediction, examples.prediction[position]);
    const confidence = examples.confidence[position];
    setText(parts.predicted, confidence == null ? "prediction" : `prediction · ${confidence.toFixed(2)}`);
    this.drawFacts();
    const { comment, status } = model.look(position);
    if (parts.comment.value !== comment) parts.comment.value = comment;
    parts.root.dataset.status = status ?? "";
    setText(parts.status, status ?? "");
    parts.well.hidden = !model.isRight(position);
    parts.back.disabled = position === 0;
    if (this.sheet.open) {
      this.sheet.offer();
      this.sheet.filter();
    }
    this.drawPanel();
    this.drawRelabel();
    this.drawBackfill();
    this.drawSaved();
  }

  drawPanel() {
    const { parts, model, sheet } = this;
    if (!this.figures) return;
    const targets = sheet.open ? sheet.targets : [this.position];
    this.list.draw(
      model.shown,
      (key) => {
        const yes = targets.filter((position) => model.tick(key, position) === 1).length;
        return yes === 0 ? "false" : yes === targets.length ? "true" : "mixed";
      },
      this.figures,
    );
    setText(parts.none, `none of these: ${this.figures.none}`);
    if (sheet.open) {
      const some = sheet.chosen.size ? `${plural(sheet.chosen.size, "image")} selected` : "the image in focus";
      const open = targets.some((position) => !model.lookedAt(position));
      setText(parts.picked, `A tick goes to ${some}${open ? ", and counts once looked at" : ""}.`);
    }
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

  /** Asks for the right label where the recorded one is wrong. */
  drawRelabel() {
    const { relabel, right, classes, chips } = this.parts;
    const wanted = !this.sheet.open && !this.backfill && this.model.labelIsWrong(this.position);
    relabel.hidden = !wanted;
    if (!wanted) return;
    const label = this.model.look(this.position).corrected_label;
    if (right !== this.parent.activeElement && right.value !== (label ?? "")) right.value = label ?? "";
    const known = this.model.classes.filter((name) => name !== this.model.examples.label[this.position]);
    offer(classes, known);
    const names = [...(known.length <= Review.CHIPS ? known : []), "no right label"];
    const drawn = JSON.stringify([names, label]);
    if (chips.dataset.drawn === drawn) return;
    chips.dataset.drawn = drawn;
    chips.replaceChildren(
      ...names.map((name) =>
        element(
          "button",
          { type: "button", "aria-pressed": String(name === label), onclick: () => this.relabel(name) },
          name,
        ),
      ),
    );
  }

  /** Offers what is to be looked at once more, and asks while it is. */
  drawBackfill() {
    const { ask, asked, left, behind, behindText } = this.parts;
    const { model, backfill } = this;
    const { counted, shares } = this.figures;
    const behindMost = model.shown
      .map(({ key, name }) => ({ key, name, count: counted - shares.get(key).seen }))
      .filter(({ count }) => count)
      .sort((one, other) => other.count - one.count)[0];
    this.offered = behindMost?.key;
    behind.hidden = !behindMost || Boolean(backfill) || this.sheet.open;
    if (behindMost) {
      setText(behindText, `${plural(behindMost.count, "earlier image")} not looked at for ${behindMost.name}`);
    }
    ask.hidden = !backfill;
    this.parts.root.classList.toggle("asking", Boolean(backfill));
    if (!backfill) return;
    setText(asked, `${model.category(backfill.key)?.name ?? ""}?`);
    setText(left, `${plural(model.missing(backfill.key).length, "image")} to go`);
  }

  paceText() {
    const { left, pace } = this.figures;
    if (!left) return "all looked at";
    if (pace == null) return "";
    const minutes = (left * pace) / 60;
    const rest = minutes < 1 ? "under a minute left" : `about ${Math.round(minutes)} min left`;
    return `${pace < 10 ? pace.toFixed(1) : Math.round(pace)} s each · ${rest}`;
  }

  /** Asks, once all is quiet, how far the review has come; no key waits for it. */
  savedOrNot() {
    this.drawSaved();
    clearTimeout(this.adviceTimer);
    if (this.work?.outbox.state === "saved") this.adviceTimer = setTimeout(() => this.advise(), Review.QUIET);
  }

  async advise() {
    const changed = this.work.outbox.cursor;
    if (this.advised === changed) return;
    this.advised = changed;
    const advice = await this.work.advice();
    if (!advice) return;
    const { advice: box, adviceBrief, adviceLines } = this.parts;
    box.hidden = !advice.brief;
    setText(adviceBrief, advice.brief);
    adviceLines.replaceChildren(...advice.lines.map((line) => element("li", {}, line)));
  }

  drawSaved() {
    const { saved, root } = this.parts;
    const outbox = this.work?.outbox;
    const state = outbox?.state ?? "saved";
    root.dataset.saved = state;
    setText(saved, { saved: "Saved", saving: "Saving…", retrying: "Not saved, retrying" }[state]);
    if (this.model && this.parts.whoName !== this.parent.activeElement) this.parts.whoName.value = this.model.reviewer;
  }

  say(sentence) {
    setText(this.parts.told, sentence);
  }
}
