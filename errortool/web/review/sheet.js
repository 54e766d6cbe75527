import { element, partsOf, redraw, setText } from "./dom.js";
import { filterWords, sheetPositions } from "./filters.js";
import { chordOf, findBinding } from "./keys.js";
import { plural } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { SheetFilter } from "./types.d.ts" */

/** What a tile says of an example's status. */
const STATUS_MARKS = { "looked at": "✓", deferred: "later", unreadable: "unreadable" };

/** The contact sheet: thumbnails of the session, to choose several and tick them at once. */
export class Sheet {
  static TILE = 164;
  static GAP = 8;
  static FOOT = 26;
  static SPARE = 3; // rows beyond the edges that are kept ready

  #root;
  #hooks;
  #parts;
  /** @type {number | null} */
  #anchor = null;
  /** @type {Set<number>} */
  #chosen = new Set();
  #focus = 0;
  /** @type {number[]} */
  #found = [];
  #frame = 0;
  /** The filter that a link from the report named. */
  #linked = "";
  /** @type {Model | null} */
  #model = null;
  #resize = new ResizeObserver(() => this.#drawSoon());
  /** @type {Map<number, ReturnType<typeof buildTile>>} */
  #tiles = new Map();

  /**
   * @param {HTMLElement} root
   * @param {{open: (position: number) => void, chosen: () => void, thumb: (position: number) => string | null}} hooks
   */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    this.#parts = partsOf(
      root,
      {
        show: HTMLSelectElement,
        label: HTMLSelectElement,
        prediction: HTMLSelectElement,
        comment: HTMLInputElement,
        count: HTMLElement,
        grid: HTMLElement,
        inner: HTMLElement,
        empty: HTMLElement,
      },
      "data-sheet",
    );
    const { show, label, prediction, comment, grid } = this.#parts;
    for (const field of [show, label, prediction]) field.addEventListener("change", () => this.#filter());
    comment.addEventListener("input", () => this.#filter());
    grid.addEventListener("scroll", () => this.#drawSoon(), { passive: true });
    grid.addEventListener("keydown", (event) => this.#onKey(event));
    this.#resize.observe(grid);
  }

  close() {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get open() {
    return !this.#root.hidden;
  }

  /** How many images are selected. */
  get chosen() {
    return this.#chosen.size;
  }

  /** The image in focus; null where none passes the filters. */
  get inFocus() {
    return this.#found[this.#focus] ?? null;
  }

  /** The positions that a tick concerns: the selected ones, else the one in focus. */
  get targets() {
    if (this.#chosen.size) return [...this.#chosen];
    return this.inFocus == null ? [] : [this.inFocus];
  }

  // --- what is shown -------------------------------------------------------------------------

  /**
   * Opens on the images that pass a filter, as a link from the report names it.
   * @param {Model} model
   * @param {number} position
   * @param {Partial<SheetFilter>} filter
   */
  show(model, position, { show = "", label = "", prediction = "" } = {}) {
    this.#root.hidden = false;
    this.#model = model;
    this.#linked = show;
    this.#drawFilters(model);
    if (show) this.#parts.show.value = show;
    this.#parts.label.value = label;
    this.#parts.prediction.value = prediction;
    this.#filter(position);
    this.#parts.grid.focus({ preventScroll: true });
  }

  hide() {
    this.#root.hidden = true;
    this.#chosen.clear();
  }

  /**
   * Shows what has changed.
   * @param {Model} model
   */
  update(model) {
    this.#model = model;
    this.#drawFilters(model);
    this.#filter();
  }

  focus() {
    this.#parts.grid.focus({ preventScroll: true });
  }

  clearChosen() {
    this.#chosen.clear();
    this.#draw();
  }

  /** @param {Model} model */
  #drawFilters(model) {
    const { show } = this.#parts;
    const { value } = show;
    const categories = model.shown.map(({ key, name }) => ({ key, name }));
    redraw(show, [this.#linked, model.hasRight, categories], () => {
      const group = (/** @type {string} */ label, /** @type {string} */ filter) =>
        element("optgroup", { label }, ...categories.map(({ key, name }) => option(`${filter}:${key}`, name)));
      return [
        option("all", "All images"),
        option("open", "Not looked at"),
        option("looked", "Looked at"),
        option("deferred", "Deferred"),
        option("unreadable", "Unreadable"),
        ...(model.hasRight ? [option("right", "The model was right")] : []),
        option("none", "None of these"),
        group("Ticked", "yes"),
        group("Not ticked", "no"),
        group("Not looked at for", "missing"),
        ...(this.#linked.includes(":") ? [option(this.#linked, filterWords(model, this.#linked))] : []),
      ];
    });
    if (show.value !== value) show.value = value || "all";
    for (const field of /** @type {const} */ (["label", "prediction"])) {
      const list = this.#parts[field];
      if (list.childElementCount) continue; // a session's classes never change
      const names = [...new Set(model.examples[field])].sort();
      list.replaceChildren(option("", `any ${field}`), ...names.map((name) => option(name, name)));
    }
  }

  /**
   * Finds the positions that pass the filters; the one in focus stays in focus.
   * @param {number | null} position
   */
  #filter(position = this.inFocus) {
    if (!this.#model) return;
    const { show, label, prediction, comment } = this.#parts;
    const filter = { show: show.value, label: label.value, prediction: prediction.value, comment: comment.value };
    this.#found = sheetPositions(this.#model, filter);
    this.#chosen = new Set(this.#found.filter((at) => this.#chosen.has(at)));
    this.#focus = position == null ? 0 : Math.max(0, this.#found.indexOf(position));
    this.#reveal();
  }

  // --- drawing: only the rows in sight -------------------------------------------------------

  #drawSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.open && this.#draw());
  }

  get #columns() {
    return Math.max(1, Math.floor((this.#parts.grid.clientWidth - Sheet.GAP) / (Sheet.TILE + Sheet.GAP)));
  }

  get #rowHeight() {
    return Sheet.TILE + Sheet.FOOT + Sheet.GAP;
  }

  #draw() {
    const model = this.#model;
    if (!model) return;
    const { grid, inner, count, empty } = this.#parts;
    const columns = this.#columns;
    const rowHeight = this.#rowHeight;
    const rows = Math.ceil(this.#found.length / columns);
    inner.style.height = `${rows * rowHeight + Sheet.GAP}px`;
    const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - Sheet.SPARE);
    const last = Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + Sheet.SPARE;
    const inSight = this.#found.slice(first * columns, last * columns);
    const wanted = new Set(inSight);
    for (const [position, tile] of this.#tiles) {
      if (wanted.has(position)) continue;
      tile.node.remove();
      this.#tiles.delete(position);
    }
    inSight.forEach((position, offset) => {
      const index = first * columns + offset;
      const tile = this.#tileOf(model, position);
      const x = Sheet.GAP + (index % columns) * (Sheet.TILE + Sheet.GAP);
      const y = Sheet.GAP + Math.floor(index / columns) * rowHeight;
      tile.node.style.transform = `translate(${x}px, ${y}px)`;
      this.#drawTile(model, tile, position, index === this.#focus);
    });
    const selected = this.#chosen.size ? ` · ${this.#chosen.size.toLocaleString("en")} selected` : "";
    setText(count, `${plural(this.#found.length, "image")}${selected}`);
    empty.hidden = this.#found.length > 0;
    grid.setAttribute("aria-activedescendant", this.inFocus == null ? "" : `tile-${this.inFocus}`);
    this.#hooks.chosen();
  }

  /**
   * @param {Model} model
   * @param {number} position
   */
  #tileOf(model, position) {
    const known = this.#tiles.get(position);
    if (known) return known;
    const { extra } = model.examples;
    const texts = model.extras.map((name) => extra[name][position]).filter(Boolean);
    const tile = buildTile(position, this.#hooks.thumb(position), texts.join(" · "));
    tile.node.addEventListener("click", (event) => this.#onClick(event, position));
    tile.node.addEventListener("dblclick", () => this.#hooks.open(position));
    this.#parts.inner.append(tile.node);
    this.#tiles.set(position, tile);
    return tile;
  }

  /**
   * @param {Model} model
   * @param {ReturnType<typeof buildTile>} tile
   * @param {number} position
   * @param {boolean} focused
   */
  #drawTile(model, { node, marks, state }, position, focused) {
    const ticked = model.shown
      .map(({ key, name }) => ({ key, name, cap: model.caps.get(key) ?? "•" }))
      .filter(({ key }) => model.tick(key, position) === 1);
    const { status } = model.look(position);
    setText(marks, ticked.map(({ cap }) => cap).join(" "));
    setText(state, status ? STATUS_MARKS[status] : "");
    node.classList.toggle("focus", focused);
    node.setAttribute("aria-selected", String(this.#chosen.has(position)));
    const names = ticked.map(({ name }) => name).join(", ");
    node.setAttribute(
      "aria-label",
      [`example ${model.examples.key[position]}`, names, status].filter(Boolean).join(", "),
    );
  }

  /** Scrolls so that the tile in focus can be seen. */
  #reveal() {
    const { grid } = this.#parts;
    const top = Math.floor(this.#focus / this.#columns) * this.#rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + this.#rowHeight > grid.scrollTop + grid.clientHeight) {
      // The grid must have its height before it can scroll so far.
      this.#draw();
      grid.scrollTop = top + this.#rowHeight + Sheet.GAP - grid.clientHeight;
    }
    this.#draw();
  }

  // --- choosing ------------------------------------------------------------------------------

  /**
   * @param {MouseEvent} event
   * @param {number} position
   */
  #onClick(event, position) {
    const index = this.#found.indexOf(position);
    if (event.shiftKey) this.#extend(index);
    else this.#toggle(index);
    this.#parts.grid.focus({ preventScroll: true });
  }

  /** @param {number} index */
  #toggle(index) {
    const position = this.#found[index];
    if (!this.#chosen.delete(position)) this.#chosen.add(position);
    this.#focus = this.#anchor = index;
    this.#draw();
  }

  /**
   * Selects everything from the last selected one to `index`.
   * @param {number} index
   */
  #extend(index) {
    const from = this.#anchor ?? this.#focus;
    const [low, high] = [Math.min(from, index), Math.max(from, index)];
    for (const position of this.#found.slice(low, high + 1)) this.#chosen.add(position);
    this.#anchor ??= from;
    this.#focus = index;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const action = findBinding(event, ["tiles"])?.action;
    if (!action || !this.#found.length) return;
    event.preventDefault();
    if (action === "selectAll") {
      this.#chosen = new Set(this.#found);
      this.#draw();
    } else if (action === "select") {
      this.#toggle(this.#focus);
    } else {
      const index = Math.min(this.#found.length - 1, Math.max(0, this.#focus + this.#stepOf(event)));
      if (action === "extend") this.#extend(index);
      else this.#focus = this.#anchor = index;
      this.#reveal();
    }
  }

  /**
   * How many tiles a key moves.
   * @param {KeyboardEvent} event
   */
  #stepOf(event) {
    const columns = this.#columns;
    const page = Math.max(1, Math.floor(this.#parts.grid.clientHeight / this.#rowHeight)) * columns;
    /** @type {Record<string, number>} */
    const steps = {
      ...{ ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns },
      ...{ PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity },
    };
    return steps[chordOf(event).replace("Shift+", "")] ?? 0;
  }
}

/**
 * @param {string} value
 * @param {string} text
 */
function option(value, text) {
  return element("option", { value }, text);
}

/**
 * @param {number} position
 * @param {string | null} url of the thumbnail
 * @param {string} text shown where there is no image
 */
function buildTile(position, url, text) {
  const words = (/** @type {string} */ shown) => element("div", { class: "words" }, shown);
  const picture = element("div", { class: "picture" });
  if (url) {
    const image = element("img", { alt: "", src: url, decoding: "async", draggable: "false" });
    image.addEventListener("error", () => image.replaceWith(words("no image to show")));
    picture.append(image);
  } else picture.append(words(text));
  const number = element("span", { class: "number" }, String(position + 1));
  const marks = element("span", { class: "marks" });
  const state = element("span", { class: "state" });
  const foot = element("div", { class: "foot" }, number, marks, state);
  const node = element("div", { class: "tile", id: `tile-${position}`, role: "option" }, picture, foot);
  return { node, marks, state };
}
