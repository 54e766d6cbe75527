import { CategoryList } from "./categories.js";
import { element, plural, setText } from "./dom.js";
import { Model } from "./model.js";

/** The contact sheet: thumbnails of the session, to choose several and tick them at once. */
export class Sheet {
  static TILE = 164;
  static GAP = 8;
  static FOOT = 26;
  static SPARE = 3; // rows beyond the edges that are kept ready

  /**
   * @param {HTMLElement} root
   * @param {{open: (position: number) => void, chosen: () => void, thumb: (position: number) => string | null}} hooks
   */
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    const part = (name) => root.querySelector(`[data-sheet="${name}"]`);
    this.parts = Object.fromEntries(
      ["show", "label", "prediction", "comment", "count", "grid", "inner", "empty"].map((name) => [name, part(name)]),
    );
    this.tiles = new Map();
    this.chosen = new Set();
    this.focus = 0;
    for (const name of ["show", "label", "prediction"]) {
      this.parts[name].addEventListener("change", () => this.filter());
    }
    this.parts.comment.addEventListener("input", () => this.filter());
    this.parts.grid.addEventListener("scroll", () => this.drawSoon(), { passive: true });
    this.parts.grid.addEventListener("keydown", (event) => this.pressed(event));
    this.resize = new ResizeObserver(() => this.drawSoon());
    this.resize.observe(this.parts.grid);
  }

  close() {
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
  }

  get open() {
    return !this.root.hidden;
  }

  /** The positions that a tick concerns: the chosen ones, else the one in focus. */
  get targets() {
    if (this.chosen.size) return [...this.chosen];
    return this.found.length ? [this.found[this.focus]] : [];
  }

  // --- what is shown -------------------------------------------------------------------------

  /** Opens on the images that pass a filter, as a link from the report names it. */
  show(model, position, { show = "", label = "", prediction = "" } = {}) {
    this.root.hidden = false;
    this.model = model;
    this.linked = show;
    this.offer();
    if (show) this.parts.show.value = show;
    this.parts.label.value = label;
    this.parts.prediction.value = prediction;
    this.filter(position);
    this.parts.grid.focus({ preventScroll: true });
  }

  hide() {
    this.root.hidden = true;
    this.chosen.clear();
  }

  /** Fills the filters with what there is to filter by. */
  offer() {
    const option = (value, text) => element("option", { value }, text);
    const categories = this.model.shown;
    const group = (label, prefix) =>
      element("optgroup", { label }, ...categories.map(({ key, name }) => option(`${prefix}:${key}`, name)));
    const signature = JSON.stringify([this.linked, categories.map(({ key, name }) => [key, name])]);
    if (signature !== this.signature) {
      this.signature = signature;
      const { value } = this.parts.show;
      this.parts.show.replaceChildren(
        option("all", "All images"),
        option("open", "Not looked at"),
        option("looked", "Looked at"),
        option("deferred", "Deferred"),
        option("unreadable", "Unreadable"),
        ...(this.model.hasRight ? [option("right", "The model was right")] : []),
        option("none", "None of these"),
        group("Ticked", "yes"),
        group("Not ticked", "no"),
        group("Not looked at for", "missing"),
        ...(this.linked?.includes(":") ? [option(this.linked, this.wordsOf(this.linked))] : []),
      );
      this.parts.show.value = value || "all";
    }
    for (const field of ["label", "prediction"]) {
      const names = [...new Set(this.model.examples[field])].sort();
      if (this.parts[field].childElementCount !== names.length + 1) {
        this.parts[field].replaceChildren(option("", `any ${field}`), ...names.map((name) => option(name, name)));
      }
    }
  }

  /** Finds the positions that pass the filters. */
  filter(position = this.found?.[this.focus]) {
    const { show, label, prediction, comment } = this.parts;
    const [what, key] = [show.value.split(":")[0], show.value.split(":").slice(1).join(":")];
    const words = comment.value.trim().toLowerCase();
    const { examples } = this.model;
    this.found = [];
    for (let at = 0; at < this.model.size; at += 1) {
      if (label.value && examples.label[at] !== label.value) continue;
      if (prediction.value && examples.prediction[at] !== prediction.value) continue;
      if (words && !this.model.look(at).comment.toLowerCase().includes(words)) continue;
      if (this.passes(what, key, at)) this.found.push(at);
    }
    this.chosen = new Set(this.found.filter((at) => this.chosen.has(at)));
    this.focus = Math.max(0, this.found.indexOf(position));
    this.draw();
    this.reveal();
  }

  /** Says which images a link from the report shows. */
  wordsOf(filter) {
    const [what, keys] = filter.split(":");
    const names = keys.split("+").map((key) => this.model.category(key)?.name ?? "?");
    const exactly = keys ? `${names.join(" and ")}, nothing else` : "no tick";
    const said = { exactly, only: `${names[0]} and nothing else`, any: names.join(" or "), counted: names[0] };
    return `Errors: ${said[what] ?? names.join(", ")}`;
  }

  passes(what, key, at) {
    const { model } = this;
    const looked = model.lookedAt(at);
    const ticked = (one) => model.tick(model.category(one)?.key ?? one, at) === 1;
    const counts = looked && !model.isRight(at);
    switch (what) {
      case "counted":
        return counts && ticked(key);
      case "any":
        return counts && key.split("+").some(ticked);
      case "only":
        return counts && ticked(key) && model.shown.every((category) => category.key === key || !ticked(category.key));
      case "exactly": {
        const wanted = key ? key.split("+") : [];
        return counts && model.shown.every((category) => ticked(category.key) === wanted.includes(category.key));
      }
      case "right":
        return model.isRight(at);
      case "unreadable":
        return model.look(at).status === "unreadable";
      case "open":
        return !looked && !model.look(at).status;
      case "looked":
        return looked;
      case "deferred":
        return model.look(at).status === "deferred";
      case "none":
        return counts && model.shown.every((category) => model.tick(category.key, at) !== 1);
      case "yes":
        return model.tick(key, at) === 1;
      case "no":
        return looked && model.tick(key, at) === 0;
      case "missing":
        return looked && model.tick(key, at) === Model.UNSEEN;
      default:
        return true;
    }
  }

  // --- drawing: only the rows in sight -------------------------------------------------------

  drawSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.open && this.draw());
  }

  get columns() {
    return Math.max(1, Math.floor((this.parts.grid.clientWidth - Sheet.GAP) / (Sheet.TILE + Sheet.GAP)));
  }

  get rowHeight() {
    return Sheet.TILE + Sheet.FOOT + Sheet.GAP;
  }

  draw() {
    const { grid, inner, count, empty } = this.parts;
    const { columns, rowHeight } = this;
    const rows = Math.ceil(this.found.length / columns);
    inner.style.height = `${rows * rowHeight + Sheet.GAP}px`;
    const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - Sheet.SPARE);
    const last = Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + Sheet.SPARE;
    const wanted = new Set(this.found.slice(first * columns, last * columns));
    for (const [position, tile] of this.tiles) {
      if (wanted.has(position)) continue;
      tile.node.remove();
      this.tiles.delete(position);
    }
    this.found.slice(first * columns, last * columns).forEach((position, offset) => {
      const index = first * columns + offset;
      const tile = this.tiles.get(position) ?? this.tile(position);
      const x = Sheet.GAP + (index % columns) * (Sheet.TILE + Sheet.GAP);
      const y = Sheet.GAP + Math.floor(index / columns) * rowHeight;
      tile.node.style.transform = `translate(${x}px, ${y}px)`;
      this.dress(tile, position, index);
    });
    const chosen = this.chosen.size ? ` · ${this.chosen.size.toLocaleString("en")} selected` : "";
    setText(count, `${plural(this.found.length, "image")}${chosen}`);
    empty.hidden = this.found.length > 0;
    grid.setAttribute("aria-activedescendant", this.found.length ? `tile-${this.found[this.focus]}` : "");
    this.hooks.chosen();
  }

  tile(position) {
    const url = this.hooks.thumb(position);
    const picture = url
      ? element("img", { alt: "", src: url, decoding: "async", draggable: "false" })
      : element("div", { class: "words" }, this.words(position));
    picture.onerror = () => picture.replaceWith(element("div", { class: "words" }, "no image to show"));
    const number = element("span", { class: "number" }, String(position + 1));
    const marks = element("span", { class: "marks" });
    const state = element("span", { class: "state" });
    const node = element(
      "div",
      { class: "tile", id: `tile-${position}`, role: "option" },
      element("div", { class: "picture" }, picture),
      element("div", { class: "foot" }, number, marks, state),
    );
    node.addEventListener("click", (event) => this.clicked(event, position));
    node.addEventListener("dblclick", () => this.hooks.open(position));
    this.parts.inner.append(node);
    const tile = { node, marks, state };
    this.tiles.set(position, tile);
    return tile;
  }

  words(position) {
    const { extra } = this.model.examples;
    return this.model.extras
      .map((name) => extra[name][position])
      .filter(Boolean)
      .join(" · ");
  }

  dress({ node, marks, state }, position, index) {
    const ticked = this.model.shown
      .map((category, at) => [category, CategoryList.keyOf(at)])
      .filter(([{ key }]) => this.model.tick(key, position) === 1);
    setText(marks, ticked.map(([, cap]) => cap || "•").join(" "));
    const { status } = this.model.look(position);
    setText(state, { "looked at": "✓", deferred: "later", unreadable: "unreadable" }[status] ?? "");
    node.classList.toggle("focus", index === this.focus);
    node.setAttribute("aria-selected", String(this.chosen.has(position)));
    const names = ticked.map(([{ name }]) => name).join(", ");
    const key = this.model.examples.key[position];
    node.setAttribute("aria-label", [`example ${key}`, names, status].filter(Boolean).join(", "));
  }

  /** Scrolls so that the tile in focus can be seen. */
  reveal() {
    const { grid } = this.parts;
    const top = Math.floor(this.focus / this.columns) * this.rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + this.rowHeight > grid.scrollTop + grid.clientHeight) {
      grid.scrollTop = top + this.rowHeight + Sheet.GAP - grid.clientHeight;
    }
    this.draw();
  }

  // --- choosing ------------------------------------------------------------------------------

  clicked(event, position) {
    const index = this.found.indexOf(position);
    if (event.shiftKey) this.extend(index);
    else this.toggle(index);
    this.parts.grid.focus({ preventScroll: true });
  }

  toggle(index) {
    const position = this.found[index];
    if (this.chosen.has(position)) this.chosen.delete(position);
    else this.chosen.add(position);
    this.focus = this.anchor = index;
    this.draw();
  }

  /** Chooses everything from the last chosen one to `index`. */
  extend(index) {
    const from = this.anchor ?? this.focus;
    const [low, high] = [Math.min(from, index), Math.max(from, index)];
    for (const position of this.found.slice(low, high + 1)) this.chosen.add(position);
    this.focus = index;
    this.draw();
  }

  pressed(event) {
    const last = this.found.length - 1;
    const page = Math.max(1, Math.floor(this.parts.grid.clientHeight / this.rowHeight)) * this.columns;
    const steps = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: this.columns,
      ArrowUp: -this.columns,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const chooseAll = event.key === "a" && (event.ctrlKey || event.metaKey);
    if (last < 0 || !(event.key in steps || event.key === " " || chooseAll)) return;
    event.preventDefault();
    if (chooseAll) {
      this.chosen = new Set(this.found);
      this.draw();
    } else if (event.key === " ") {
      this.toggle(this.focus);
    } else {
      const index = Math.min(last, Math.max(0, this.focus + steps[event.key]));
      if (event.shiftKey) {
        this.anchor ??= this.focus;
        this.extend(index);
      } else {
        this.focus = this.anchor = index;
      }
      this.reveal();
    }
  }
}
