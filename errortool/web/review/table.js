import { devError, element, fieldOf, perCent, plural, setText } from "./dom.js";
import { Model } from "./model.js";
import { Work } from "./work.js";

/** The spreadsheet: a row an image, a column a category; a cell is saved like any tick. */
export class TablePage {
  static ROW = 57;
  static SPARE = 8; // rows beyond the edges that are kept ready

  constructor(parent, data, trigger) {
    this.parent = parent;
    this.trigger = trigger;
    this.data = data;
    this.parts = Object.fromEntries(
      [...parent.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]),
    );
    this.sort = { name: "#", down: false };
    this.cell = { at: 0, column: 3 };
    this.rows = new Map();
    this.work = new Work(data, {
      loaded: () => this.draw(),
      changed: () => this.draw(),
      saved: () => this.drawSaved(),
      say: (sentence) => setText(this.parts.told, sentence),
      renew: () => this.trigger("renew", Date.now()),
    });
    this.listen();
  }

  get model() {
    return this.work?.model;
  }

  update(data) {
    this.data = data;
    this.work.update(data);
  }

  close() {
    this.work.close();
    this.resize.disconnect();
    removeEventListener("keydown", this.onKey, true);
    cancelAnimationFrame(this.frame);
  }

  listen() {
    const { scroll, show, search, undo, body } = this.parts;
    const soon = () => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.drawRows());
    };
    scroll.addEventListener("scroll", soon, { passive: true });
    this.resize = new ResizeObserver(soon);
    this.resize.observe(scroll);
    show.addEventListener("change", () => this.draw());
    search.addEventListener("input", () => this.draw());
    undo.addEventListener("click", () => this.undo());
    body.addEventListener("keydown", (event) => this.moved(event));
    this.onKey = (event) => this.pressed(event);
    addEventListener("keydown", this.onKey, true);
  }

  // --- columns -------------------------------------------------------------------------------

  /** What stands in each column: how it is sorted, and how a cell is filled. */
  get columns() {
    const text = (name, valueOf, kind = "") => ({
      name,
      kind,
      sortBy: valueOf,
      fill: (td, at) => setText(td, valueOf(at)),
    });
    return [
      { name: "", kind: "thumb", fill: (td, at) => this.fillThumb(td, at) },
      { name: "#", kind: "number", sortBy: (at) => at, fill: (td, at) => setText(td, String(at + 1)) },
      text("id", (at) => this.model.examples.key[at]),
      text("label", (at) => this.model.examples.label[at]),
      text("prediction", (at) => this.model.examples.prediction[at]),
      {
        name: "confidence",
        kind: "confidence",
        sortBy: (at) => this.model.examples.confidence[at] ?? -1,
        fill: (td, at) => setText(td, this.model.examples.confidence[at]?.toFixed(2) ?? ""),
      },
      ...this.model.shown.map(({ key, name }) => ({
        name,
        key,
        kind: "tick",
        sortBy: (at) => -this.model.tick(key, at),
        fill: (td, at) => this.fillTick(td, key, name, at),
      })),
      {
        name: "looked at",
        key: "looked at",
        kind: "tick",
        sortBy: (at) => (this.model.lookedAt(at) ? 0 : 1),
        fill: (td, at) => this.fillLooked(td, at),
      },
      { ...text("right label", (at) => this.model.look(at).corrected_label ?? "", "text"), field: "corrected_label" },
      { ...text("comment", (at) => this.model.look(at).comment, "text"), field: "comment" },
    ];
  }

  fillThumb(td, at) {
    if (td.dataset.at === String(at)) return;
    td.dataset.at = at;
    const { examples, session } = this.model;
    const url = `${this.work.base}/image/${this.data.uid}/${at}?size=thumb`;
    const has = session.images && examples.image[at] != null;
    const picture = has ? [element("img", { alt: "", src: url, decoding: "async" })] : [];
    const label = `Open example ${examples.key[at]}`;
    td.replaceChildren(
      element(
        "button",
        { type: "button", tabindex: "-1", "aria-label": label, onclick: () => this.open(at) },
        ...picture,
      ),
    );
  }

  fillTick(td, key, name, at) {
    const value = this.model.tick(key, at);
    setText(td, value === 1 ? "✓" : value === 0 ? "·" : "");
    td.setAttribute("role", "checkbox");
    td.setAttribute("aria-checked", value === 1 ? "true" : value === 0 ? "false" : "mixed");
    td.setAttribute("aria-label", `${name}, example ${this.model.examples.key[at]}`);
  }

  fillLooked(td, at) {
    const { status } = this.model.look(at);
    setText(td, status === "looked at" ? "✓" : status === "deferred" ? "later" : (status ?? ""));
    td.setAttribute("role", "checkbox");
    td.setAttribute("aria-checked", String(status === "looked at"));
    td.setAttribute("aria-label", `looked at, example ${this.model.examples.key[at]}`);
  }

  // --- drawing: only the rows in sight -------------------------------------------------------

  draw() {
    if (!this.model) return;
    const { parts, model } = this;
    setText(parts.session, `${model.session.name} · ${devError(model.session)}`);
    parts.well.hidden = !model.hasRight;
    const names = JSON.stringify(model.shown.map(({ key, name }) => [key, name]));
    if (names !== this.names) {
      this.names = names;
      this.shownColumns = this.columns;
      this.drawn = "";
      this.rows.forEach((row) => row.remove());
      this.rows.clear();
      this.drawHead();
    }
    this.find();
    this.drawRows();
    this.drawFoot();
    this.drawSaved();
  }

  drawHead() {
    const cells = this.shownColumns.map((column) => {
      const sorted = column.name && column.name === this.sort.name;
      const direction = sorted ? (this.sort.down ? "descending" : "ascending") : "none";
      const properties = { scope: "col", class: column.kind, "aria-sort": column.sortBy ? direction : null };
      if (!column.sortBy) return element("th", { class: column.kind, "aria-label": "image", scope: "col" });
      return element(
        "th",
        properties,
        element("button", { type: "button", onclick: () => this.sorted(column) }, column.name),
      );
    });
    this.parts.head.replaceChildren(element("tr", {}, ...cells));
  }

  sorted(column) {
    const down = this.sort.name === column.name && !this.sort.down;
    this.sort = { name: column.name, down };
    this.drawHead();
    this.draw();
  }

  /** Finds and orders the positions that are shown. */
  find() {
    const { model } = this;
    const { examples } = model;
    const words = this.parts.search.value.trim().toLowerCase();
    const show = this.parts.show.value;
    const wanted = { looked: "looked at", open: null, deferred: "deferred", unreadable: "unreadable" };
    this.found = [];
    for (let at = 0; at < model.size; at += 1) {
      const { status, comment } = model.look(at);
      if (model.isRight(at) !== (show === "right")) continue; // these are kept apart
      if (show in wanted && status !== wanted[show]) continue;
      const text = [examples.key[at], examples.image[at], examples.label[at], examples.prediction[at], comment].join(
        "\n",
      );
      if (words && !text.toLowerCase().includes(words)) continue;
      this.found.push(at);
    }
    const { sortBy } = this.shownColumns.find(({ name }) => name === this.sort.name) ?? {};
    if (sortBy && (this.sort.name !== "#" || this.sort.down)) {
      const by = this.sort.down ? -1 : 1;
      const keys = new Map(this.found.map((at) => [at, sortBy(at)]));
      this.found.sort((one, other) => {
        const [a, b] = [keys.get(one), keys.get(other)];
        return (a < b ? -by : a > b ? by : 0) || one - other;
      });
    }
    setText(this.parts.count, plural(this.found.length, "image"));
  }

  drawRows() {
    if (!this.found) return;
    const { scroll, body } = this.parts;
    const first = Math.max(0, Math.floor(scroll.scrollTop / TablePage.ROW) - TablePage.SPARE);
    const last = Math.min(
      this.found.length,
      Math.ceil((scroll.scrollTop + scroll.clientHeight) / TablePage.ROW) + TablePage.SPARE,
    );
    const wanted = this.found.slice(first, last);
    const keep = new Set(wanted);
    for (const [at, row] of this.rows) {
      if (keep.has(at)) continue;
      row.remove();
      this.rows.delete(at);
    }
    const nodes = wanted.map((at) => this.row(at));
    const spacer = (rows) => {
      const td = element("td", { colspan: this.shownColumns.length });
      td.style.height = `${rows * TablePage.ROW}px`;
      return element("tr", { class: "spacer", "aria-hidden": "true" }, td);
    };
    const drawn = `${first} ${this.found.length} ${wanted.join(" ")}`;
    if (drawn === this.drawn) return; // moving rows about would take the keyboard from a cell
    this.drawn = drawn;
    const active = this.parent.activeElement;
    body.replaceChildren(spacer(first), ...nodes, spacer(this.found.length - last));
    if (active?.isConnected && active !== this.parent.activeElement) active.focus({ preventScroll: true });
  }

  row(at) {
    let row = this.rows.get(at);
    if (!row) {
      const cells = this.shownColumns.map((column, index) => {
        const td = element("td", { class: column.kind, tabindex: "-1" });
        td.addEventListener("click", () => this.clicked(at, index));
        return td;
      });
      row = element("tr", {}, ...cells);
      this.rows.set(at, row);
    }
    row.classList.toggle("open", !this.model.lookedAt(at));
    this.shownColumns.forEach((column, index) => {
      const td = row.children[index];
      if (!td.querySelector("input")) column.fill(td, at);
      td.tabIndex = this.found[this.cell.at] === at && this.cell.column === index ? 0 : -1;
    });
    return row;
  }

  /** The lecture's last row. */
  drawFoot() {
    const figures = this.model.figures();
    const cells = this.shownColumns.map((column, index) => {
      if (index === 2) return element("th", { scope: "row" }, "% of total");
      const share = figures.shares.get(column.key);
      if (share) {
        const title = `${share.yes} of ${share.seen} looked at`;
        return element("td", { class: column.kind, title }, perCent(share.yes, share.seen));
      }
      if (column.key === "looked at")
        return element("td", { class: column.kind }, `${figures.looked} of ${figures.size}`);
      return element("td", { class: column.kind });
    });
    this.parts.foot.replaceChildren(element("tr", {}, ...cells));
  }

  drawSaved() {
    const state = this.work?.outbox.state ?? "saved";
    this.parts.root.dataset.saved = state;
    setText(this.parts.saved, { saved: "Saved", saving: "Saving…", retrying: "Not saved, retrying" }[state]);
  }

  // --- editing -------------------------------------------------------------------------------

  clicked(at, index) {
    this.cell = { at: this.found.indexOf(at), column: index };
    this.focusCell();
    this.act(at, index);
  }

  /** Does what a click or Enter on a cell means. */
  act(at, index) {
    const column = this.shownColumns[index];
    if (column.key === "looked at") this.look(at);
    else if (column.kind === "tick") this.tick(at, column.key, this.model.tick(column.key, at) === 1 ? 0 : 1);
    else if (column.field) this.edit(at, index, column.field);
  }

  tick(at, key, value) {
    this.work.set("tick", at, { ticks: { [key]: value } });
  }

  /** Looked at: no tick means no; and back. */
  look(at) {
    if (this.model.lookedAt(at)) {
      this.work.set("look", at, { status: null });
      return;
    }
    const open = this.model.shown.filter(({ key }) => this.model.tick(key, at) === Model.UNSEEN);
    const ticks = Object.fromEntries(open.map(({ key }) => [key, 0]));
    this.work.set("look", at, { status: "looked at", ticks });
  }

  edit(at, index, field) {
    const td = this.rows.get(at)?.children[index];
    if (!td || td.querySelector("input")) return;
    const was = this.model.look(at)[field] ?? "";
    const names = field === "comment" ? "Comment" : "Right label";
    const input = element("input", { type: "text", "aria-label": `${names}, example ${this.model.examples.key[at]}` });
    input.value = was;
    let over = false; // taking the field away takes its keyboard, which ends it once more
    const done = (keep) => {
      if (over) return;
      over = true;
      const value = input.value.trim();
      td.replaceChildren();
      if (keep && value !== was)
        this.work.set(field === "comment" ? "comment" : "relabel", at, {
          [field]: value || (field === "comment" ? "" : null),
        });
      else this.draw();
    };
    input.addEventListener("blur", () => done(true));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      done(event.key === "Enter");
      this.focusCell();
    });
    td.replaceChildren(input);
    input.select();
  }

  open(at) {
    this.trigger("open", this.model.examples.key[at]);
  }

  undo() {
    const step = this.work.undo();
    setText(this.parts.told, step ? `Undone: ${this.work.told(step)}` : "Nothing to undo.");
  }

  // --- keys ----------------------------------------------------------------------------------

  focusCell() {
    const { scroll } = this.parts;
    const top = this.cell.at * TablePage.ROW;
    const head = this.parts.head.offsetHeight;
    const foot = this.parts.foot.offsetHeight;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    const bottom = top + TablePage.ROW + head + foot;
    if (bottom > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = bottom - scroll.clientHeight;
    this.drawRows();
    const td = this.rows.get(this.found[this.cell.at])?.children[this.cell.column];
    if (td && !td.contains(this.parent.activeElement)) td.focus({ preventScroll: true });
  }

  /** Arrows move from cell to cell; what a cell is decides what the other keys do. */
  moved(event) {
    if (fieldOf(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    const at = this.found[this.cell.at];
    const column = this.shownColumns[this.cell.column];
    if (step) {
      this.cell = {
        at: Math.min(this.found.length - 1, Math.max(0, this.cell.at + step[0])),
        column: Math.min(this.shownColumns.length - 1, Math.max(0, this.cell.column + step[1])),
      };
    } else if ((event.key === " " || event.key === "Enter") && (column.kind === "tick" || column.field)) {
      this.act(at, this.cell.column);
    } else if (event.key === "Enter") {
      this.open(at);
    } else if ("10".includes(event.key) && column.kind === "tick" && column.key !== "looked at") {
      this.tick(at, column.key, Number(event.key));
    } else if (event.key === "Delete" && column.kind === "tick" && column.key !== "looked at") {
      this.tick(at, column.key, null);
    } else return;
    event.preventDefault();
    if (!column.field || step) this.focusCell();
  }

  /** Undo works everywhere on the page; Streamlit's own keys nowhere. */
  pressed(event) {
    if (!this.model || event.ctrlKey || event.metaKey || event.altKey || fieldOf(event)) return;
    if (!["u", "c", "r"].includes(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "u") this.undo();
  }
}
