import { element, redraw, setText } from "./dom.js";
import { fieldsOf } from "./fields.js";
import { knownFilter, positionsOf, readListing, sortedBy, writeListing } from "./filters.js";

/** @import { Model } from "./model.js" */
/** @import { Field, Filter, Listing } from "./types.d.ts" */

/** More choices than this aren't counted. */
const COUNTED_CHOICES = 200;
const CHOICES_IN_SIGHT = 12;

/** The last list of each session, for whoever comes back to the page. */
/** @type {Map<string, Listing>} */
const LAST = new Map();

/**
 * The line of filters above a list of examples: a chip for each, one more by "+ Filter", a search
 * and a count. The contact sheet and the table have the same.
 */
export class FilterBar {
  #changed;
  /** @type {Field[]} */
  #fields = [];
  /** @type {Listing} */
  #listing = { filter: {}, sort: "", hidden: [] };
  #menu;
  /** @type {Model | null} */
  #model = null;
  #parts;
  #uid;

  /**
   * @param {HTMLElement} root
   * @param {string} uid
   * @param {Record<string, string>} query of the page's URL
   * @param {() => void} changed
   */
  constructor(root, uid, query, changed) {
    this.#uid = uid;
    this.#changed = changed;
    this.#parts = buildBar();
    const { chips, menu } = this.#parts;
    root.prepend(this.#parts.search, this.#parts.add, chips, menu);
    this.#menu = menu;
    const { search, add, menuField, menuRemove } = this.#parts;
    search.addEventListener("input", () => this.#set("q", search.value));
    add.addEventListener("click", () => this.#openMenu(add, ""));
    menuField.addEventListener("change", () => this.#drawValue());
    menuRemove.addEventListener("click", () => {
      this.#set(menuField.value, "");
      this.#menu.close();
    });
    this.#menu.addEventListener("click", (event) => {
      if (event.target === this.#menu && isOutside(this.#menu, event)) this.#menu.close();
    });
    this.#menu.addEventListener("close", () => add.focus());
    const asked = readListing(query);
    const last = LAST.get(uid);
    const named = query.view || Object.keys(writeListing(asked)).length > 0;
    this.#listing = named || !last ? asked : last;
  }

  /** What the examples can be filtered and sorted by. */
  get fields() {
    return this.#fields;
  }

  /** @returns {Readonly<Listing>} */
  get listing() {
    return this.#listing;
  }

  /** What the page's URL is to say of the list. */
  get query() {
    return writeListing(this.#listing, this.#model);
  }

  /** What the state of an example can be filtered by. */
  get states() {
    const choices = this.#fields.find(({ name }) => name === "show")?.choices ?? [];
    return choices.map(({ value, words }) => ({ value, text: words }));
  }

  /**
   * Takes the filters that a link or a command names, instead of those that are set.
   * @param {Record<string, string>} query
   */
  take(query) {
    this.#change({ ...this.#listing, filter: readListing(query).filter });
  }

  /** @param {string} sort */
  sortBy(sort) {
    this.#change({ ...this.#listing, sort });
  }

  /** @param {string[]} hidden */
  hide(hidden) {
    this.#change({ ...this.#listing, hidden });
  }

  focusSearch() {
    this.#parts.search.select();
  }

  /** @param {Element | null} active whether the keyboard is in the search */
  isSearch(active) {
    return active === this.#parts.search;
  }

  /**
   * Draws the filters; returns the positions that pass them, in their order.
   * @param {Model} model
   */
  find(model) {
    this.#model = model;
    this.#fields = fieldsOf(model);
    this.#listing = { ...this.#listing, filter: knownFilter(this.#fields, this.#listing.filter) };
    LAST.set(this.#uid, this.#listing);
    this.#draw();
    const { filter, sort } = this.#listing;
    return sortedBy(model, this.#fields, positionsOf(model, this.#fields, filter), sort);
  }

  /** @param {Listing} listing */
  #change(listing) {
    this.#listing = listing;
    LAST.set(this.#uid, listing);
    this.#changed();
  }

  /**
   * @param {string} name of a field
   * @param {string} value "" for no filter
   */
  #set(name, value) {
    const filter = { ...this.#listing.filter, [name]: value };
    if (!value.trim()) delete filter[name];
    this.#change({ ...this.#listing, filter });
  }

  #draw() {
    const { chips, search } = this.#parts;
    const { filter } = this.#listing;
    if (!this.#isActive(search)) search.value = filter.q ?? "";
    const shown = Object.entries(filter)
      .filter(([name]) => name !== "q")
      .flatMap(([name, value]) =>
        this.#fields.filter((field) => field.name === name).map((field) => ({ field, value })),
      );
    const texts = shown.map(({ field, value }) => [field.name, field.title, field.words(value)]);
    redraw(chips, texts, () => [
      ...shown.map(({ field, value }) => this.#chip(field, field.words(value))),
      ...(shown.length > 1 ? [this.#clearing()] : []),
    ]);
  }

  /** @param {HTMLElement} node */
  #isActive(node) {
    const root = node.getRootNode();
    return root instanceof ShadowRoot && root.activeElement === node;
  }

  /**
   * @param {Field} field
   * @param {string} words
   */
  #chip({ name, title }, words) {
    const change = element(
      "button",
      { type: "button", class: "chip-words", title: `${title}: ${words}. Change it` },
      ...[element("bdi", {}, title), ": ", element("bdi", { class: "chip-value" }, words)],
    );
    const remove = () => {
      this.#set(name, "");
      this.#parts.add.focus();
    };
    const cross = element("button", { type: "button", class: "chip-x", "aria-label": `Remove the filter ${title}: ${words}`, onclick: remove }, "×"); // prettier-ignore
    const chip = element("span", { class: "filter-chip" }, change, cross);
    change.addEventListener("click", () => this.#openMenu(chip, name));
    return chip;
  }

  #clearing() {
    const clear = () => {
      this.#change({ ...this.#listing, filter: {} });
      this.#parts.add.focus();
    };
    return element("button", { type: "button", class: "plain", onclick: clear }, "clear all");
  }

  // --- the menu ------------------------------------------------------------------------------

  /**
   * @param {HTMLElement} below what it opens
   * @param {string} name of the field that is filtered by; "" for the first that isn't
   */
  #openMenu(below, name) {
    const { menuField } = this.#parts;
    const { filter } = this.#listing;
    const offered = this.#fields.filter((field) => field.offered || field.name === name);
    const groups = [...new Set(offered.map(({ group }) => group))];
    menuField.replaceChildren(
      ...groups.flatMap((group) => {
        const options = offered
          .filter((field) => field.group === group)
          .map((field) => element("option", { value: field.name }, field.title));
        return group ? [element("optgroup", { label: group }, ...options)] : options;
      }),
    );
    menuField.value = name || (offered.find((field) => !(field.name in filter))?.name ?? offered[0].name);
    this.#drawValue();
    this.#menu.showModal();
    const { left, bottom } = below.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    this.#menu.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    this.#menu.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - offsetHeight - 8))}px`;
    const value = this.#parts.menuValue.querySelector("select, input");
    if (name && value instanceof HTMLElement) value.focus();
  }

  /** Draws what the field in the menu can be filtered by. */
  #drawValue() {
    const { menuField, menuValue, menuRemove } = this.#parts;
    const field = this.#fields.find(({ name }) => name === menuField.value);
    if (!field) return;
    const { [field.name]: value = "", ...others } = this.#listing.filter;
    menuRemove.hidden = !value;
    const draw = { choice: () => this.#choosing(field, value, others), text: () => this.#typing(field, value), range: () => this.#ranging(field, value) }; // prettier-ignore
    menuValue.replaceChildren(...draw[field.form]());
  }

  /**
   * @param {Field} field
   * @param {string} value
   * @param {Filter} others the filters beside this one, for the counts
   */
  #choosing(field, value, others) {
    const { choices } = field;
    const among = this.#model && choices.length <= COUNTED_CHOICES ? positionsOf(this.#model, this.#fields, others) : null; // prettier-ignore
    const options = choices.map((choice) => {
      const count = among ? ` (${among.filter(field.passing(choice.value)).length.toLocaleString("en")})` : "";
      return element("option", { value: choice.value, selected: choice.value === value }, `${choice.words}${count}`);
    });
    const select = element("select", { size: Math.max(2, Math.min(choices.length, CHOICES_IN_SIGHT)), "aria-label": field.title }, ...options); // prettier-ignore
    select.addEventListener("change", () => this.#setInMenu(field, select.value));
    select.addEventListener("dblclick", () => this.#menu.close());
    select.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#menu.close();
    });
    return [select];
  }

  /**
   * @param {Field} field
   * @param {string} value
   */
  #typing(field, value) {
    const input = element("input", { type: "search", "aria-label": `Text in ${field.title}`, placeholder: "contains …" }); // prettier-ignore
    input.value = value;
    input.addEventListener("input", () => this.#setInMenu(field, input.value));
    return [input];
  }

  /**
   * @param {Field} field
   * @param {string} value
   */
  #ranging(field, value) {
    const [low, high] = value.includes("..") ? value.split("..", 2) : ["", ""];
    const ends = [low, high].map((end, index) => {
      const name = index ? "to" : "from";
      const input = element("input", { type: "number", step: "any", "aria-label": `${field.title}, ${name}` });
      const bound = field.bounds?.[index];
      if (bound != null && Number.isFinite(bound)) input.placeholder = String(Number(bound.toPrecision(4)));
      input.value = end;
      return input;
    });
    const set = () => {
      const [from, to] = ends.map((input) => input.value.trim());
      this.#setInMenu(field, from || to ? `${from}..${to}` : "");
    };
    for (const input of ends) input.addEventListener("input", set);
    return [element("div", { class: "range" }, "from", ends[0], "to", ends[1])];
  }

  /**
   * @param {Field} field
   * @param {string} value
   */
  #setInMenu(field, value) {
    this.#set(field.name, value);
    this.#parts.menuRemove.hidden = !value;
  }

  /**
   * Says how many examples are shown of how many.
   * @param {HTMLElement} node
   * @param {number} found
   * @param {string} more
   */
  drawCount(node, found, more = "") {
    const all = this.#model?.size ?? 0;
    const of = found === all ? "" : ` of ${all.toLocaleString("en")}`;
    setText(node, `${found.toLocaleString("en")}${of} image${all === 1 ? "" : "s"}${more}`);
  }
}

/** Builds the line's parts. */
function buildBar() {
  const search = element("input", { type: "search", class: "search", "aria-label": "Search", placeholder: "search all columns" }); // prettier-ignore
  const add = element("button", { type: "button", class: "add", "aria-haspopup": "dialog" }, "+ Filter");
  const chips = element("span", { class: "filter-chips" });
  const menuField = element("select", { "aria-label": "Filter by" });
  const menuValue = element("div", { class: "menu-value" });
  const menuRemove = element("button", { type: "button", class: "plain" }, "Remove this filter");
  const done = element("button", { class: "main" }, "Done");
  const menu = element(
    "dialog",
    { class: "filter-menu", "aria-label": "Filter" },
    element("form", { method: "dialog" }, menuField, menuValue, element("div", { class: "ends" }, menuRemove, done)),
  );
  return { search, add, chips, menu, menuField, menuValue, menuRemove };
}

/**
 * Whether a click on a dialog was on what lies behind it.
 * @param {HTMLElement} dialog
 * @param {MouseEvent} event
 */
function isOutside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
