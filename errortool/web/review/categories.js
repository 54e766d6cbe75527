import { element, setText } from "./dom.js";
import { findBinding } from "./keys.js";
import { emptyShare } from "./model.js";
import { shareInFull, shareWords } from "./text.js";

/** @import { Category, Figures, Share } from "./types.d.ts" */

/** The list of categories: each with its key, its name and its live share. */
export class CategoryList {
  #root;
  #hooks;
  /** @type {string | null} */
  #dragged = null;
  /** @type {string[]} */
  #keys = [];
  /** @type {Map<string, ReturnType<typeof buildRow>>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} root
   * @param {{toggle: (key: string) => void, edit: (key: string) => void,
   *   backfill: (key: string) => void, move: (keys: string[]) => void}} hooks
   */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
  }

  /**
   * Draws all rows.
   * @param {readonly Readonly<Category>[]} categories
   * @param {ReadonlyMap<string, string>} caps the key to press, by category
   * @param {(key: string) => "true" | "false" | "mixed"} checkedOf
   * @param {Figures} figures
   * @param {(share: Share) => {low: number, high: number} | null} endsOf
   * @param {string} noun what the shares are of
   */
  draw(categories, caps, checkedOf, figures, endsOf, noun) {
    const rows = categories.map(({ key }) => this.#rowOf(key));
    const keys = categories.map(({ key }) => key);
    if (keys.join("\n") !== this.#keys.join("\n")) {
      this.#keys = keys;
      this.#root.replaceChildren(...rows.map(({ node }) => node));
    }
    categories.forEach((category, index) => {
      const row = rows[index];
      const share = figures.shares.get(category.key) ?? emptyShare();
      const { yes, seen, part, whole } = share;
      const ends = endsOf(share);
      const behind = figures.counted - seen;
      const cap = caps.get(category.key) ?? "";
      setText(row.cap, cap);
      row.cap.classList.toggle("none", !cap);
      setText(row.name, category.name);
      setText(row.about, category.description);
      row.kind.hidden = category.kind !== "label error";
      setText(row.note, behind > 0 ? `${seen} of ${figures.counted} looked at` : "");
      row.note.hidden = behind <= 0;
      row.note.title = `Look at the other ${behind}`;
      setText(row.count, String(yes));
      setText(row.share, shareWords(part, whole, seen));
      const middle = whole ? part / whole : 0;
      const at = { low: ends?.low ?? middle, share: middle, high: ends?.high ?? middle };
      for (const [name, end] of Object.entries(at)) row.bar.style.setProperty(`--${name}`, `${100 * end}%`);
      row.track.title = row.figures.title = shareInFull(share, ends, noun);
      row.box.setAttribute("aria-checked", checkedOf(category.key));
      row.box.setAttribute("aria-label", category.name);
      row.box.setAttribute("aria-keyshortcuts", cap);
      row.edit.setAttribute("aria-label", `Edit ${category.name}`);
      row.edit.title = "Rename, describe, merge, split, hide";
    });
  }

  /**
   * Edits the category that has the keyboard.
   * @param {Event | null} event
   */
  editFocused(event) {
    const target = event?.composedPath()[0];
    for (const [key, { box }] of this.#rows) if (box === target) this.#hooks.edit(key);
  }

  /**
   * Puts something under a category, and leaves it alone where it stands there already.
   * @param {HTMLElement} node
   * @param {string} key
   */
  place(node, key) {
    const row = this.#rows.get(key)?.node;
    if (row && row.nextSibling !== node) row.after(node);
  }

  /** @param {string} key */
  #rowOf(key) {
    const known = this.#rows.get(key);
    if (known) return known;
    const row = buildRow();
    row.box.addEventListener("click", () => this.#hooks.toggle(key));
    row.box.addEventListener("keydown", (event) => this.#onKey(event, key));
    row.note.addEventListener("click", () => this.#hooks.backfill(key));
    row.edit.addEventListener("click", () => this.#hooks.edit(key));
    this.#makeDraggable(row.node, key);
    this.#rows.set(key, row);
    return row;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} key
   */
  #onKey(event, key) {
    const action = findBinding(event, ["category"])?.action;
    if (action !== "moveUp" && action !== "moveDown") return;
    event.preventDefault();
    this.#move(key, this.#keys.indexOf(key) + (action === "moveUp" ? -1 : 1));
    this.#rows.get(key)?.box.focus();
  }

  /**
   * @param {string} key
   * @param {number} index
   */
  #move(key, index) {
    const keys = this.#keys.filter((other) => other !== key);
    keys.splice(Math.min(keys.length, Math.max(0, index)), 0, key);
    if (keys.join("\n") !== this.#keys.join("\n")) this.#hooks.move(keys);
  }

  /**
   * @param {HTMLElement} node
   * @param {string} key
   */
  #makeDraggable(node, key) {
    node.addEventListener("dragstart", ({ dataTransfer }) => {
      this.#dragged = key;
      if (!dataTransfer) return;
      dataTransfer.effectAllowed = "move";
      dataTransfer.setData("text/plain", "");
    });
    node.addEventListener("dragover", (event) => {
      if (!this.#dragged) return;
      event.preventDefault();
      const { top, height } = node.getBoundingClientRect();
      node.dataset.drop = event.clientY < top + height / 2 ? "before" : "after";
    });
    node.addEventListener("dragleave", () => delete node.dataset.drop);
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      const dragged = this.#dragged;
      const after = node.dataset.drop === "after";
      delete node.dataset.drop;
      this.#dragged = null;
      if (!dragged || dragged === key) return;
      const others = this.#keys.filter((other) => other !== dragged);
      this.#move(dragged, others.indexOf(key) + (after ? 1 : 0));
    });
    node.addEventListener("dragend", () => (this.#dragged = null));
  }
}

function buildRow() {
  const cap = element("kbd", { "aria-hidden": "true" });
  const name = element("span", { class: "name" });
  const about = element("span", { class: "about" });
  const kind = element("span", { class: "kind" }, "label error");
  const bar = element("i");
  const count = element("span", { class: "count" });
  const share = element("span", { class: "share" });
  const words = element("span", { class: "words" }, name, " ", kind, " ", about);
  const track = element("span", { class: "track", "aria-hidden": "true" }, bar);
  const figures = element("span", { class: "figures" }, count, share);
  const box = element("div", { class: "box", role: "checkbox", tabindex: "0" }, cap, words, track, figures);
  const note = element("button", { type: "button", class: "note" });
  const edit = element("button", { type: "button", class: "edit" }, "⋯");
  const node = element("div", { class: "category", draggable: "true" }, box, edit, note);
  return { node, box, cap, name, about, kind, note, track, bar, figures, count, share, edit };
}
