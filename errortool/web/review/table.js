import { theBrowser } from "./browser.js";
import { tableCommands } from "./commands.js";
import { element, elementAt, fieldOf, partsOf, redraw, setText } from "./dom.js";
import { FilterBar } from "./filter_bar.js";
import { isListing } from "./filters.js";
import { drawCaps, drawHelp } from "./help.js";
import { Keyboard } from "./keyboard.js";
import { Notice } from "./notice.js";
import { Palette } from "./palette.js";
import { findBinding } from "./keys.js";
import { PlaceInUrl } from "./place_in_url.js";
import { columnsOf, thumbnail } from "./table_columns.js";
import { totalsOf } from "./table_totals.js";
import { devError, perCent, savingWords } from "./text.js";
import { Work } from "./work.js";

/** @import { Model } from "./model.js" */
/** @import { CellAction, Command, FieldAction, MountedPage, TableAction, TableData, Trigger } from "./types.d.ts" */
/** @import { Tick } from "./wire.d.ts" */
/** @import { Column } from "./table_columns.js" */

/** How far an arrow key goes: rows, columns. */
/** @type {Record<string, [number, number]>} */
const STEPS = { cellDown: [1, 0], cellUp: [-1, 0], cellRight: [0, 1], cellLeft: [0, -1] };

/** @type {Record<string, Tick>} */
const ANSWERS = { yes: 1, no: 0, clear: null };

/**
 * The spreadsheet: a row an image, a column a category; a cell is saved like any tick.
 * @implements {MountedPage<TableData>}
 */
export class Table {
  static ROW = 57;
  static SPARE = 8; // rows beyond the edges that are kept ready

  #bar;
  /** The cell in focus: its row among those found, and its column. */
  #cell = { at: 0, column: 3 };
  /** @type {Column[]} the columns that are shown, and all of them */
  #columns = [];
  /** @type {Column[]} */
  #allColumns = [];
  #shownColumns = "";
  #readings = 0;
  /** @type {{input: HTMLInputElement, td: HTMLElement, end: (keep: boolean) => void} | null} the cell that is edited */
  #editing = null;
  /** @type {number[]} */
  #found = [];
  #frame = 0;
  #keyboard;
  #parent;
  #notice;
  #palette;
  #parts;
  /** The image that is enlarged. */
  /** @type {number | null} */
  #peeked = null;
  #place = new PlaceInUrl();
  #resize = new ResizeObserver(() => this.#drawRowsSoon());
  /** @type {Map<number, HTMLTableRowElement>} */
  #rows = new Map();
  #trigger;
  /** Whether the cell that is clicked had the keyboard before. */
  #wasInFocus = false;
  #work;

  /**
   * @param {ShadowRoot} parent
   * @param {TableData} data
   * @param {Trigger} trigger
   */
  constructor(parent, data, trigger) {
    this.#parent = parent;
    this.#trigger = trigger;
    this.#parts = partsOf(parent, {
      root: HTMLElement,
      session: HTMLElement,
      filters: HTMLElement,
      count: HTMLElement,
      columns: HTMLButtonElement,
      columnList: HTMLDialogElement,
      columnNames: HTMLElement,
      pictures: HTMLButtonElement,
      who: HTMLElement,
      saved: HTMLElement,
      undo: HTMLButtonElement,
      find: HTMLButtonElement,
      help: HTMLButtonElement,
      keys: HTMLDialogElement,
      keyList: HTMLElement,
      empty: HTMLElement,
      peek: HTMLElement,
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
    this.#bar = new FilterBar(this.#parts.filters, data.uid, data.query, () => {
      this.#draw();
      this.#remember();
    });
    this.#keyboard = new Keyboard(parent, {
      ready: () => this.#work.model !== null,
      places: () => ["table"],
      caps: () => [],
      run: ({ action }) => this.#run(/** @type {TableAction} */ (action)),
      runInField: (action, field) => this.#runInField(action, field),
      runInDialog: (event) => this.#palette.pressed(event),
    });
    const { scroll, undo, find, help, body, columns, pictures, keyList, palette } = this.#parts;
    this.#palette = new Palette(palette, (query) => this.#commands(query));
    scroll.addEventListener("scroll", () => this.#drawRowsSoon(), { passive: true });
    this.#resize.observe(scroll);
    undo.addEventListener("click", () => this.#run("undo"));
    find.addEventListener("click", () => this.#palette.open());
    help.addEventListener("click", () => this.#run("help"));
    columns.addEventListener("click", () => this.#chooseColumns());
    pictures.addEventListener("click", () => trigger("sheet", { ...this.#bar.query, view: "sheet" }));
    body.addEventListener("keydown", (event) => this.#onKey(event));
    body.addEventListener("pointerdown", (event) => {
      this.#wasInFocus = elementAt(event, "td") === this.#parent.activeElement;
    });
    body.addEventListener("click", (event) => this.#onClick(event));
    drawHelp(keyList, ["table", "cells"]);
    drawCaps(parent);
  }

  /** @param {TableData} data */
  update(data) {
    this.#work.useToken(data.token);
  }

  close() {
    this.#keyboard.close();
    this.#place.close();
    this.#work.close();
    this.#notice.close();
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #loaded() {
    this.#readings += 1; // the model is another one
    this.#draw();
    this.#remember();
  }

  /** Keeps the filters in the URL, so that what is shown can be shared and comes back. */
  #remember() {
    const { model } = this.#work;
    if (model) this.#place.remember({ session: String(model.session.id), ...this.#bar.query }, isListing);
  }

  // --- drawing: only the rows in sight -------------------------------------------------------

  #draw() {
    const { model } = this.#work;
    if (!model) return;
    const { session, who } = this.#parts;
    setText(session, `${model.session.name} · ${devError(model.session)}`);
    setText(who, `reviewing as ${model.reviewer}`);
    this.#find(model);
    this.#drawColumns(model);
    this.#drawRows();
    this.#drawFoot(model);
    this.#drawSaving();
  }

  /**
   * Makes the columns anew where they are others, and so the rows.
   * @param {Model} model
   */
  #drawColumns(model) {
    const { hidden, sort } = this.#bar.listing;
    const shown = JSON.stringify([this.#readings, model.shown.map(({ key, name }) => [key, name]), hidden]);
    if (shown !== this.#shownColumns) {
      this.#shownColumns = shown;
      this.#allColumns = columnsOf(model, (td, at) => this.#fillThumb(model, td, at));
      this.#columns = this.#allColumns.filter(({ hide }) => !hide || !hidden.includes(hide));
      this.#cell.column = Math.min(this.#cell.column, this.#columns.length - 1);
      for (const row of this.#rows.values()) row.remove();
      this.#rows.clear();
    }
    const { head } = this.#parts;
    const heads = [...head.querySelectorAll("th")];
    const active = heads.findIndex((cell) => cell.contains(this.#parent.activeElement));
    redraw(head, [shown, sort], () => [this.#headRow()]);
    if (active >= 0) head.querySelectorAll("th")[active]?.querySelector("button")?.focus({ preventScroll: true });
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

  #headRow() {
    const { sort: by } = this.#bar.listing;
    const cells = this.#columns.map(({ title, kind, sort }) => {
      if (!sort) return element("th", { class: kind, "aria-label": "image", scope: "col" });
      const direction = (by || "order") === sort ? "ascending" : by === `-${sort}` ? "descending" : "none";
      const sortBy = () => this.#bar.sortBy(direction === "ascending" ? `-${sort}` : sort === "order" ? "" : sort);
      const button = element("button", { type: "button", title, onclick: sortBy }, element("span", {}, title));
      return element("th", { scope: "col", class: kind, "aria-sort": direction }, button);
    });
    return element("tr", {}, ...cells);
  }

  /**
   * Finds the positions that are shown; the row in focus stays in focus.
   * @param {Model} model
   */
  #find(model) {
    const { count, empty } = this.#parts;
    const at = this.#found[this.#cell.at];
    this.#found = this.#bar.find(model);
    const place = at == null ? -1 : this.#found.indexOf(at);
    this.#cell.at = place >= 0 ? place : Math.max(0, Math.min(this.#cell.at, this.#found.length - 1));
    this.#bar.drawCount(count, this.#found.length);
    empty.hidden = this.#found.length > 0;
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
    redraw(body, [first, this.#found.length, wanted, this.#shownColumns], () => [
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
      const cells = this.#columns.map(({ kind }) => element("td", { class: kind, tabindex: "-1" }));
      row = element("tr", { "data-at": at }, ...cells);
      this.#peekAt(cells[0], at);
      this.#rows.set(at, row);
    }
    row.classList.toggle("open", !model.lookedAt(at));
    const focused = this.#found[this.#cell.at] === at;
    for (const [index, column] of this.#columns.entries()) {
      const td = row.cells[index];
      if (this.#editing?.td !== td) column.fill(td, at);
      td.tabIndex = focused && this.#cell.column === index ? 0 : -1;
    }
    return row;
  }

  /**
   * Draws the lecture's last row, and above it the same for what is shown.
   * @param {Model} model
   */
  #drawFoot(model) {
    const rows = totalsOf(model, this.#found).map(({ title, basis, shares }) => {
      const named = element("th", { scope: "row", colspan: 3, class: "total frozen" }, title, element("small", {}, basis)); // prettier-ignore
      const cells = this.#columns.slice(3).map(({ kind, tick }) => {
        const share = tick == null ? null : shares.get(tick);
        if (!share) return element("td", { class: kind });
        const { yes, seen, part, whole } = share;
        return element("td", { class: kind }, perCent(part, whole), element("small", {}, `${yes} of ${seen}`));
      });
      return element("tr", {}, named, ...cells);
    });
    this.#parts.foot.replaceChildren(...rows);
  }

  #drawSaving() {
    const { root, saved } = this.#parts;
    const { saving } = this.#work;
    root.dataset.saved = saving;
    setText(saved, savingWords(saving));
  }

  // --- editing -------------------------------------------------------------------------------

  /**
   * Selects a cell; a click on the one that is selected does what Space does.
   * @param {MouseEvent} event
   */
  #onClick(event) {
    const td = elementAt(event, "td");
    const row = td?.parentElement;
    if (!(td instanceof HTMLTableCellElement) || row?.dataset.at == null || this.#editing?.td === td) return;
    const [at, index] = [Number(row.dataset.at), td.cellIndex];
    this.#cell = { at: this.#found.indexOf(at), column: index };
    this.#focusCell();
    const pressed = event.detail > 0; // else it is a screen reader's, which means it
    if (this.#wasInFocus || !pressed) this.#act(at, index);
    this.#wasInFocus = false;
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
    if (!model || !td || this.#editing?.td === td) return;
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
    this.#editing = { input, td, end };
    input.select();
  }

  /**
   * @param {FieldAction} action
   * @param {HTMLElement} field
   */
  #runInField(action, field) {
    const ended = this.#endEditing(field, action !== "leave");
    if (action === "palette") this.#palette.open();
    else if (this.#leaveSearch(field)) return true;
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
    else if (action === "search") this.#bar.focusSearch();
    else if (action === "help") this.#parts.keys.showModal();
    else this.#notice.say(this.#work[action]().words);
  }

  /**
   * @param {string} query
   * @returns {Command[]}
   */
  #commands(query) {
    const { model } = this.#work;
    if (!model) return [];
    const shown = [{ value: "all", text: "all images" }, ...this.#bar.states];
    return tableCommands(
      model,
      { query, shown },
      {
        act: (action) => this.#run(action),
        show: (value) => this.#bar.take({ show: value }),
        open: (position) => this.#open(position),
        go: (page) => this.#trigger("go", page),
      },
    );
  }

  /**
   * Goes on from the search to the table.
   * @param {HTMLElement} field
   */
  #leaveSearch(field) {
    if (!this.#bar.isSearch(field)) return false;
    field.blur();
    if (this.#found.length) this.#focusCell();
    return true;
  }

  #chooseColumns() {
    const { columnList, columnNames } = this.#parts;
    const { hidden } = this.#bar.listing;
    const boxes = this.#allColumns.flatMap(({ title, hide: name }) => {
      if (!name) return [];
      const box = element("input", { type: "checkbox", checked: !hidden.includes(name) });
      box.addEventListener("change", () => {
        const others = this.#bar.listing.hidden.filter((one) => one !== name);
        this.#bar.hide(box.checked ? others : [...others, name]);
      });
      return [element("label", { class: "check" }, box, element("bdi", {}, title))];
    });
    columnNames.replaceChildren(...boxes);
    columnList.showModal();
  }

  // --- enlarging -----------------------------------------------------------------------------

  /**
   * Enlarges a thumbnail as long as the mouse or the keyboard is on it.
   * @param {HTMLElement} td
   * @param {number} at
   */
  #peekAt(td, at) {
    td.addEventListener("mouseenter", () => this.#peek(at));
    td.addEventListener("mouseleave", () => this.#peek(null));
    td.addEventListener("focus", () => this.#peek(at));
    td.addEventListener("blur", () => this.#peek(null));
  }

  /** @param {number | null} at */
  #peek(at) {
    const { peek } = this.#parts;
    const url = at == null ? null : this.#work.imageUrl(at);
    const row = at == null ? null : this.#rows.get(at);
    this.#peeked = url && row ? at : null;
    peek.hidden = this.#peeked == null;
    if (!url || !row) return;
    const image = element("img", { alt: "", src: url });
    image.addEventListener("error", () => (peek.hidden = true));
    peek.replaceChildren(image);
    const { top } = row.getBoundingClientRect();
    peek.style.left = `${Math.round(row.cells[matchMedia("(max-width: 800px)").matches ? 1 : 2].getBoundingClientRect().right) + 6}px`;
    peek.style.top = `${Math.max(56, Math.min(top - 40, innerHeight - peek.offsetHeight - 8))}px`;
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
    if (action in STEPS) {
      this.#peek(null);
      this.#moveCell(...STEPS[action]);
    } else if (action in ANSWERS && column.tick != null) this.#work.tick(at, column.tick, ANSWERS[action]);
    else if ((action === "act" || action === "open") && acts) this.#act(at, this.#cell.column);
    else if (action === "open") this.#open(at);
    else if (action === "enlarge") this.#peek(this.#peeked === at ? null : at);
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
