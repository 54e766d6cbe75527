import { element, partsOf, redraw, setText } from "./dom.js";
import { FilterBar } from "./filter_bar.js";
import { chordOf, findBinding } from "./keys.js";
import { Tile } from "./tile.js";

/** @import { Model } from "./model.js" */

/** The contact sheet: thumbnails of the session, to choose several and tick them at once. */
export class Sheet {
  static GAP = 10;
  static FOOT = 44;
  static SPARE = 3; // rows beyond the edges that are kept ready

  #root;
  #bar;
  #hooks;
  #parts;
  #size = 164;
  /** @type {number | null} */
  #anchor = null;
  /** @type {Set<number>} */
  #chosen = new Set();
  #focus = 0;
  /** @type {number[]} */
  #found = [];
  #frame = 0;
  /** @type {Model | null} */
  #model = null;
  #resize = new ResizeObserver(() => this.#drawSoon());
  /** @type {Map<number, Tile>} */
  #tiles = new Map();

  /**
   * @param {HTMLElement} root
   * @param {{uid: string, query: Record<string, string>}} asked for by the page's URL
   * @param {{open: (position: number) => void, chosen: () => void, thumb: (position: number) => string | null,
   *   filtered: () => void, table: (query: Record<string, string>) => void, size: () => number, prefer: (size: number) => void}} hooks
   */
  constructor(root, { uid, query }, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    this.#parts = partsOf(
      root,
      {
        bar: HTMLElement,
        count: HTMLElement,
        sort: HTMLSelectElement,
        down: HTMLButtonElement,
        size: HTMLInputElement,
        table: HTMLButtonElement,
        grid: HTMLElement,
        inner: HTMLElement,
        empty: HTMLElement,
      },
      "data-sheet",
    );
    const { bar, sort, down, size, table, grid } = this.#parts;
    this.#bar = new FilterBar(bar, uid, query, () => {
      this.#filter(null);
      hooks.filtered();
    });
    const sortBy = () => this.#bar.sortBy(`${this.#down ? "-" : ""}${sort.value}`);
    sort.addEventListener("change", sortBy);
    down.addEventListener("click", () => {
      down.setAttribute("aria-pressed", String(!this.#down));
      sortBy();
    });
    size.addEventListener("input", () => this.#resizeTiles(Number(size.value)));
    size.addEventListener("change", () => hooks.prefer(this.#size));
    table.addEventListener("click", () => hooks.table(this.#bar.query));
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

  /** What the page's URL is to say of the sheet. */
  get query() {
    const filters = this.#bar.query;
    if (this.open) return { ...filters, view: "sheet" };
    return Object.keys(filters).length ? { ...filters, view: "image" } : filters;
  }

  focusSearch() {
    this.#bar.focusSearch();
  }

  // --- what is shown -------------------------------------------------------------------------

  /**
   * Opens on the images that pass the filters: those that a link or a command names, else the last.
   * @param {Model} model
   * @param {number} position
   * @param {Record<string, string> | null} query
   */
  show(model, position, query = null) {
    this.#root.hidden = false;
    this.#model = model;
    if (query) this.#bar.take(query);
    this.#resizeTiles(this.#hooks.size());
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
    if (model !== this.#model) this.#dropTiles(); // they show what another model said
    this.#model = model;
    this.#filter();
  }

  focus() {
    this.#parts.grid.focus({ preventScroll: true });
  }

  clearChosen() {
    this.#chosen.clear();
    this.#draw();
  }

  /** @param {number} size of a thumbnail, in pixels */
  #resizeTiles(size) {
    this.#size = size;
    this.#parts.size.value = String(size);
    this.#parts.grid.style.setProperty("--tile", `${size}px`);
    this.#reveal();
  }

  #dropTiles() {
    for (const { node } of this.#tiles.values()) node.remove();
    this.#tiles.clear();
  }

  get #down() {
    return this.#parts.down.getAttribute("aria-pressed") === "true";
  }

  #drawSort() {
    const { sort, down } = this.#parts;
    const fields = this.#bar.fields.filter(({ keys, name }) => keys && name !== "part");
    const shown = fields.map(({ name, title, group }) => ({ name, title, group }));
    redraw(sort, shown, () => {
      const groups = [...new Set(shown.map(({ group }) => group))];
      return groups.flatMap((group) => {
        const options = shown
          .filter((field) => field.group === group)
          .map(({ name, title }) => element("option", { value: name }, title));
        return group ? [element("optgroup", { label: group }, ...options)] : options;
      });
    });
    const { sort: by } = this.#bar.listing;
    sort.value = by.replace(/^-/, "") || "order";
    down.setAttribute("aria-pressed", String(by.startsWith("-")));
    setText(down, by.startsWith("-") ? "↓" : "↑");
  }

  /**
   * Finds the positions that pass the filters; the one in focus stays in focus.
   * @param {number | null} position
   */
  #filter(position = this.inFocus) {
    if (!this.#model) return;
    this.#found = this.#bar.find(this.#model);
    this.#drawSort();
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
    return Math.max(1, Math.floor((this.#parts.grid.clientWidth - Sheet.GAP) / (this.#size + Sheet.GAP)));
  }

  get #rowHeight() {
    return this.#size + Sheet.FOOT + Sheet.GAP;
  }

  #draw() {
    const model = this.#model;
    if (!model) return;
    const { grid, inner, count, empty } = this.#parts;
    const columns = this.#columns;
    const gap = (grid.clientWidth - columns * this.#size) / (columns + 1); // what is left over is shared out
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
    /** @type {Element | null} */
    let before = null;
    inSight.forEach((position, offset) => {
      const index = first * columns + offset;
      const tile = this.#tileOf(model, position);
      const x = Math.round(gap + (index % columns) * (this.#size + gap));
      const y = Sheet.GAP + Math.floor(index / columns) * rowHeight;
      tile.node.style.transform = `translate(${x}px, ${y}px)`;
      // Whoever reads the page aloud goes by the order of the nodes.
      const there = tile.node.parentNode === inner && tile.node.previousElementSibling === before;
      if (!there) inner.insertBefore(tile.node, before ? before.nextSibling : inner.firstChild);
      before = tile.node;
      tile.draw(model, { focused: index === this.#focus, selected: this.#chosen.has(position) });
    });
    const selected = this.#chosen.size ? ` · ${this.#chosen.size.toLocaleString("en")} selected` : "";
    this.#bar.drawCount(count, this.#found.length, selected);
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
    const tile = new Tile(model, position, this.#hooks.thumb(position));
    tile.node.addEventListener("click", (event) => this.#onClick(event, position));
    tile.node.addEventListener("dblclick", () => this.#hooks.open(position));
    this.#tiles.set(position, tile);
    return tile;
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
