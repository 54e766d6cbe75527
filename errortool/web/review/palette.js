import { element, partsOf, redraw } from "./dom.js";

/** @import { Command } from "./types.d.ts" */

/** Finds any command by a part of its name, says its key, and runs it. */
export class Palette {
  static MOST = 60; // more than these nobody reads

  /** The one that Enter runs, by its place among those found. */
  #at = 0;
  #commands;
  #dialog;
  /** @type {Command[]} */
  #found = [];
  #parts;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {(query: string) => Command[]} commands all there are just now; some come by what is asked for
   */
  constructor(dialog, commands) {
    this.#dialog = dialog;
    this.#commands = commands;
    this.#parts = partsOf(dialog, { query: HTMLInputElement, list: HTMLElement, none: HTMLElement }, "data-palette");
    this.#parts.query.addEventListener("input", () => this.#find());
  }

  open() {
    if (this.#dialog.open) return;
    this.#parts.query.value = "";
    this.#dialog.showModal();
    this.#find();
    this.#parts.query.focus();
  }

  /**
   * Takes a key that was pressed in it.
   * @param {KeyboardEvent} event
   */
  pressed(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) this.#moveTo(this.#at + steps[event.key]);
    else if (event.key === "Enter") this.#run(this.#at);
    else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) this.#dialog.close();
    else return;
    event.preventDefault();
  }

  #find() {
    const query = this.#parts.query.value;
    this.#found = matching(this.#commands(query), query).slice(0, Palette.MOST);
    this.#parts.none.hidden = this.#found.length > 0;
    this.#at = 0;
    this.#draw();
  }

  /** @param {number} at */
  #moveTo(at) {
    if (!this.#found.length) return;
    this.#at = Math.min(this.#found.length - 1, Math.max(0, at));
    this.#draw();
  }

  #draw() {
    const { query, list } = this.#parts;
    redraw(list, this.#found.map(({ name, cap }) => [name, cap]), () => this.#found.map((command, at) => this.#option(command, at))); // prettier-ignore
    for (const [at, node] of [...list.children].entries()) node.setAttribute("aria-selected", String(at === this.#at));
    query.setAttribute("aria-activedescendant", this.#found.length ? `command-${this.#at}` : "");
    list.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Command} command
   * @param {number} at
   */
  #option({ name, cap }, at) {
    const keys = cap ? cap.split("+").map((key) => element("kbd", { "aria-hidden": "true" }, key)) : [];
    const properties = { id: `command-${at}`, role: "option", "aria-keyshortcuts": cap, onclick: () => this.#run(at) };
    return element("li", properties, element("span", {}, name), ...keys);
  }

  /** @param {number} at */
  #run(at) {
    const command = this.#found[at];
    if (!command) return;
    this.#dialog.close();
    command.run();
  }
}

/**
 * Returns the commands whose names have every word of a query in some way, the closest first.
 * @param {Command[]} commands
 * @param {string} query
 */
export function matching(commands, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return commands;
  const scored = commands.map((command) => ({ command, score: scoreOf(command.name.toLowerCase(), words) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ command }) => command);
}

/**
 * Returns how well a name fits the words; 0 where one of them isn't in it.
 * @param {string} name
 * @param {string[]} words
 */
function scoreOf(name, words) {
  let score = 1;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at === 0) score += 4;
    else if (at > 0 && /[^\p{L}\p{N}]/u.test(name[at - 1])) score += 3;
    else if (at > 0) score += 2;
    else if (isScattered(word, name)) score += 1;
    else return 0;
  }
  return score - name.length / 1_000;
}

/**
 * Whether the letters of a word come in a name one after the other, the first at the start of a word.
 * @param {string} word
 * @param {string} name
 */
function isScattered(word, name) {
  const starts = [...name.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => index);
  return starts.some((start) => {
    let at = start - 1;
    return name[start] === word[0] && [...word].every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
  });
}
