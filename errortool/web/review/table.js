import { theBrowser } from "./browser.js";
import { tableCommands } from "./commands.js";
import { element, fieldOf, partsOf, redraw, setText } from "./dom.js";
import { tablePositions } from "./filters.js";
import { drawCaps } from "./help.js";
import { Keyboard } from "./keyboard.js";
import { Notice } from "./notice.js";
import { Palette } from "./palette.js";
import { findBinding } from "./keys.js";
import { columnsOf, thumbnail } from "./table_columns.js";
import { devError, perCent, plural, savingWords } from "./text.js";
import { Work } from "./work.js";

/** @import { Model } from "./model.js" */
/** @import { CellAction, Command, FieldAction, MountedPage, PageData, TableAction, Trigger } from "./types.d.ts" */
/** @import { Tick } from "./wire.d.ts" */
/** @import { Column } from "./table_columns.js" */

/** How far an arrow key goes: rows, columns. */
/** @type {Record<string, [number, number]>} */
const STEPS = { cellDown: [1, 0], cellUp: [-1, 0], cellRight: [0, 1], cellLeft: [0, -1] };

/** @type {Record<string, Tick>} */
const ANSWERS = { yes: 1, no: 0, clear: null };

/**
 * The spreadsheet: a row an image, a column a category; a cell is saved like any tick.
 * @implements {MountedPage<PageData>}
 */
export class Table {
  static ROW = 57;
  static SPARE = 8; // rows beyond the edges that are kept ready

  /** The cell in focus: its row among those found, and its column. */
  #cell = { at: 0, column: 3 };
  /** @type {Column[]} */
  #columns = [];
  /** @type {{input: HTMLInputElement, end: (keep: boolean) => void} | null} the cell that is edited */
  #editing = null;
  /** @type {number[]} */
  #found = [];
  #frame = 0;
  #keyboard;
  #parent;
  #notice;
  #palette;
  #parts;
  #resize = new ResizeObserver(() => this.#drawRowsSoon());
  /** @type {Map<number, HTMLTableRowElement>} */
  #rows = new Map();
  #sort = { name: "#", down: false };
  #trigger;
  #work;

  /**
   * @param {ShadowRoot} parent
   * @param {PageData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    this.#parent = parent;
    this.#trigger = trigger;
    this.#parts = partsOf(parent, {
      root: HTMLElement,
      session: HTMLElement,
      show: HTMLSelectElement,
      well: HTMLElement,
      search: HTMLInputElement,
      count: HTMLElement,
      saved: HTMLElement,
      undo: HTMLButtonElement,
      find: HTMLButtonElement,
      palette: HTMLDialogElement,
      scroll: HTMLElement,
      head: HTMLTableSectionElement,
      body: HTMLTableSectionElement,
      foot: HTMLTableSectionElement,
    });
    this.#notice = new Notice(parent);
    this.#work = new Work(
      data,
      {
        loaded: () => this.#loaded(),
        changed: () => this.#draw(),
        saving: () => this.#drawSaving(),
        say: (sentence, stays) => this.#notice.say(sentence, stays),
        renew: () => trigger("renew", Date.now()),
      },
      theBrowser,
    );
    this.#keyboard = new Keyboard(parent, {
      ready: () => this.#work.model !== null,
      places: () => ["table"],
      caps: () => [],
      run: ({ action }) => this.#run(/** @type {TableAction} */ (action)),
      runInField: (action, field) => this.#runInField(action, field),
      runInDialog: (event) => this.#palette.pressed(event),
    });
    const { scroll, show, search, undo, find, body, palette } = this.#parts;
    this.#palette = new Palette(palette, (query) => this.#commands(query));
    scroll.addEventListener("scroll", () => this.#drawRowsSoon(), { passive: true });
    this.#resize.observe(scroll);
    show.addEventListener("change", () => this.#draw());
    search.addEventListener("input", () => this.#draw());
    undo.addEventListener("click", () => this.#run("undo"));
    find.addEventListener("click", () => this.#palette.open());
    body.addEventListener("keydown", (event) => this.#onKey(event));
    drawCaps(parent);
  }

  /** @param {PageData} data */
  update(data) {
    this.#work.useToken(data.token);
  }

  close() {
    this.#keyboard.close();
    this.#work.close();
    this.#notice.close();
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #loaded() {
    this.#columns = []; // the model is another one
    this.#draw();
  }

  // --- drawing: only the rows in sight -------------------------------------------------------

  #draw() {
    const { model } = this.#work;
    if (!model) return;
    const { session, well } = this.#parts;
    setText(session, `${model.session.name} · ${devError(model.session)}`);
    well.hidden = !model.hasRight;
    const ticks = this.#columns.filter(({ tick }) => tick != null);
    const same = model.shown.every(({ key, name }, index) => ticks[index]?.tick === key && ticks[index].name === name);
    if (!this.#columns.length || !same || ticks.length !== model.shown.length) {
      this.#columns = columnsOf(model, (td, at) => this.#fillThumb(model, td, at));
      for (const row of this.#rows.values()) row.remove();
      this.#rows.clear();
      this.#drawHead();
    }
    this.#find(model);
    this.#drawRows();
    this.#drawFoot(model);
    this.#drawSaving();
  }

  #drawRowsSoon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#drawRows());
  }

  /**
   * @param {Model} model
   * @param {HTMLElement} td
   * @param {number} at
   */
  #fillThumb(model, td, at) {
    const url = this.#work.imageUrl(at, "?size=thumb");
    redraw(td, at, () => [thumbnail(model.examples.key[at], url, () => this.#open(at))]);
  }

  #drawHead() {
    const cells = this.#columns.map((column) => {
      const { name, kind, sortBy } = column;
      if (!sortBy) return element("th", { class: kind, "aria-label": "image", scope: "col" });
      const direction = name !== this.#sort.name ? "none" : this.#sort.down ? "descending" : "ascending";
      const button = element("button", { type: "button", onclick: () => this.#sortBy(name) }, name);
      return element("th", { scope: "col", class: kind, "aria-sort": direction }, button);
    });
    this.#parts.head.replaceChildren(element("tr", {}, ...cells));
  }

  /** @param {string} name of a column; the same one again turns the order round */
  #sortBy(name) {
    this.#sort = { name, down: this.#sort.name === name && !this.#sort.down };
    this.#drawHead();
    this.#draw();
  }

  /**
   * Finds and orders the positions that are shown.
   * @param {Model} model
   */
  #find(model) {
    const { show, search, count } = this.#parts;
    this.#found = tablePositions(model, { show: show.value, search: search.value });
    const { name, down } = this.#sort;
    const sortBy = this.#columns.find((column) => column.name === name)?.sortBy;
    if (sortBy && (name !== "#" || down)) {
      const by = down ? -1 : 1;
      const keyed = this.#found.map((at) => ({ at, key: sortBy(at) }));
      keyed.sort((a, b) => (a.key < b.key ? -by : a.key > b.key ? by : 0) || a.at - b.at);
      this.#found = keyed.map(({ at }) => at);
    }
    setText(count, plural(this.#found.length, "image"));
  }

  #drawRows() {
    const { model } = this.#work;
    if (!model || !this.#columns.length) return;
    const { scroll, body } = this.#parts;
    const first = Math.max(0, Math.floor(scroll.scrollTop / Table.ROW) - Table.SPARE);
    const end = Math.ceil((scroll.scrollTop + scroll.clientHeight) / Table.ROW) + Table.SPARE;
    const last = Math.min(this.#found.length, end);
    const wanted = this.#found.slice(first, last);
    const keep = new Set(wanted);
    for (const [at, row] of this.#rows) {
      if (keep.has(at)) continue;
      row.remove();
      this.#rows.delete(at);
    }
    const rows = wanted.map((at) => this.#row(model, at));
    const active = this.#parent.activeElement;
    // Only where rows come or go: moving them about would take the keyboard from a cell.
    redraw(body, [first, this.#found.length, wanted, this.#columns.map(({ name, tick }) => [name, tick])], () => [
      this.#spacer(first),
      ...rows,
      this.#spacer(this.#found.length - last),
    ]);
    if (active instanceof HTMLElement && active.isConnected && active !== this.#parent.activeElement) {
      active.focus({ preventScroll: true });
    }
  }

  /** @param {number} rows that it stands for */
  #spacer(rows) {
    const td = element("td", { colspan: this.#columns.length });
    td.style.height = `${rows * Table.ROW}px`;
    return element("tr", { class: "spacer", "aria-hidden": "true" }, td);
  }

  /**
   * @param {Model} model
   * @param {number} at
   */
  #row(model, at) {
    let row = this.#rows.get(at);
    if (!row) {
      const cells = this.#columns.map((column, index) => {
        const td = element("td", { class: column.kind, tabindex: "-1" });
        td.addEventListener("click", () => this.#onClick(at, index));
        return td;
      });
      row = element("tr", {}, ...cells);
      this.#rows.set(at, row);
    }
    row.classList.toggle("open", !model.lookedAt(at));
    const focused = this.#found[this.#cell.at] === at;
    for (const [index, column] of this.#columns.entries()) {
      const td = row.cells[index];
      if (!td.querySelector("input")) column.fill(td, at);
      td.tabIndex = focused && this.#cell.column === index ? 0 : -1;
    }
    return row;
  }

  /**
   * Draws the lecture's last row.
   * @param {Model} model
   */
  #drawFoot(model) {
    const figures = model.figures();
    const cells = this.#columns.map(({ kind, tick, looks }, index) => {
      if (index === 2) return element("th", { scope: "row" }, "% of total");
      if (looks) return element("td", { class: kind }, `${figures.looked} of ${figures.size}`);
      const share = tick == null ? null : figures.shares.get(tick);
      if (!share) return element("td", { class: kind });
      const title = `${share.yes} of ${share.seen} looked at`;
      return element("td", { class: kind, title }, perCent(share.yes, share.seen));
    });
    this.#parts.foot.replaceChildren(element("tr", {}, ...cells));
  }

  #drawSaving() {
    const { root, saved } = this.#parts;
    const { saving } = this.#work;
    root.dataset.saved = saving;
    setText(saved, savingWords(saving));
  }

  // --- editing -------------------------------------------------------------------------------

  /**
   * @param {number} at
   * @param {number} index
   */
  #onClick(at, index) {
    this.#cell = { at: this.#found.indexOf(at), column: index };
    this.#focusCell();
    this.#act(at, index);
  }

  /**
   * Does what a click or a key on a cell means.
   * @param {number} at
   * @param {number} index
   */
  #act(at, index) {
    const { tick, looks, field } = this.#columns[index];
    if (tick != null) this.#work.toggle([at], tick);
    else if (looks && this.#work.model?.lookedAt(at)) this.#work.unlook(at);
    else if (looks) this.#work.lookAt(at);
    else if (field) this.#edit(at, index, field);
  }

  /**
   * @param {number} at
   * @param {number} index
   * @param {"comment" | "corrected_label"} field
   */
  #edit(at, index, field) {
    const { model } = this.#work;
    const td = this.#rows.get(at)?.cells[index];
    if (!model || !td || td.querySelector("input")) return;
    const name = field === "comment" ? "Comment" : "Right label";
    const input = element("input", {
      type: "text",
      maxlength: "10000",
      "aria-label": `${name}, example ${model.examples.key[at]}`,
    });
    input.value = model.look(at)[field] ?? "";
    const end = (/** @type {boolean} */ keep) => {
      if (this.#editing?.input !== input) return; // taking the field away ends it once more
      this.#editing = null;
      const value = input.value.trim();
      td.replaceChildren();
      if (keep && field === "comment") this.#work.comment(at, value);
      else if (keep) this.#work.relabel(at, value || null);
      this.#draw();
    };
    input.addEventListener("blur", () => end(true));
    td.replaceChildren(input);
    this.#editing = { input, end };
    input.select();
  }

  /**
   * @param {FieldAction} action
   * @param {HTMLElement} field
   */
  #runInField(action, field) {
    const ended = this.#endEditing(field, action !== "leave");
    if (action === "palette") this.#palette.open();
    return ended || action === "palette";
  }

  /**
   * Ends the editing of a cell; returns whether this field was one.
   * @param {HTMLElement} field
   * @param {boolean} keep
   */
  #endEditing(field, keep) {
    if (this.#editing?.input !== field) return false;
    this.#editing.end(keep);
    this.#focusCell();
    return true;
  }

  /** @param {number} at */
  #open(at) {
    this.#trigger("open", this.#work.model?.examples.key[at]);
  }

  /** @param {TableAction} action */
  #run(action) {
    if (action === "palette") this.#palette.open();
    else this.#notice.say(this.#work[action]().words);
  }

  /**
   * @param {string} query
   * @returns {Command[]}
   */
  #commands(query) {
    const { model } = this.#work;
    if (!model) return [];
    const shown = [...this.#parts.show.options]
      .filter(({ hidden }) => !hidden)
      .map(({ value, text }) => ({ value, text }));
    return tableCommands(
      model,
      { query, shown },
      {
        act: (action) => this.#run(action),
        show: (value) => {
          this.#parts.show.value = value;
          this.#draw();
        },
        open: (position) => this.#open(position),
        go: (page) => this.#trigger("go", page),
      },
    );
  }

  // --- keys ----------------------------------------------------------------------------------

  #focusCell() {
    const { scroll, head, foot } = this.#parts;
    const top = this.#cell.at * Table.ROW;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    const bottom = top + Table.ROW + head.offsetHeight + foot.offsetHeight;
    if (bottom > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = bottom - scroll.clientHeight;
    this.#drawRows();
    const td = this.#rows.get(this.#found[this.#cell.at])?.cells[this.#cell.column];
    if (td && !td.contains(this.#parent.activeElement)) td.focus({ preventScroll: true });
  }

  /**
   * Arrows move from cell to cell; what a cell is decides what the other keys do.
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    if (fieldOf(event)) return;
    const action = /** @type {CellAction | undefined} */ (findBinding(event, ["cells"])?.action);
    const column = this.#columns[this.#cell.column];
    const at = this.#found[this.#cell.at];
    if (!action || at == null || !this.#runInCell(action, column, at)) return;
    event.preventDefault();
    if (!this.#editing) this.#focusCell();
  }

  /**
   * Runs a key's action; returns whether the cell has one.
   * @param {CellAction} action
   * @param {Column} column
   * @param {number} at
   */
  #runInCell(action, column, at) {
    const acts = column.tick != null || column.looks || column.field != null;
    if (action in STEPS) this.#moveCell(...STEPS[action]);
    else if (action in ANSWERS && column.tick != null) this.#work.tick(at, column.tick, ANSWERS[action]);
    else if ((action === "act" || action === "open") && acts) this.#act(at, this.#cell.column);
    else if (action === "open") this.#open(at);
    else return false;
    return true;
  }

  /**
   * @param {number} down
   * @param {number} right
   */
  #moveCell(down, right) {
    const { at, column } = this.#cell;
    this.#cell = {
      at: Math.min(this.#found.length - 1, Math.max(0, at + down)),
      column: Math.min(this.#columns.length - 1, Math.max(0, column + right)),
    };
  }
}
