import { commandsIn } from "./keys.js";
import { isolated } from "./text.js";

/** @import { Model } from "./model.js" */
/** @import { Command, PageName, Place, ReviewAction, TableAction } from "./types.d.ts" */

/** Most images that are found by their id. */
const MOST_IMAGES = 8;

/** The pages one can go to. */
/** @type {[PageName, string][]} */
const PAGES = [
  ["sessions", "Sessions"],
  ["review", "Review"],
  ["table", "Table"],
  ["report", "Report"],
  ["compare", "Compare"],
  ["help", "Help: the manual"],
];

/** What the contact sheet can show, as links write it. */
const SHOWN = [
  ["all", "all images"],
  ["open", "not looked at"],
  ["looked", "looked at"],
  ["deferred", "deferred"],
  ["unreadable", "unreadable"],
  ["none", "none of the categories"],
];

/**
 * What the commands of the review do.
 * @typedef {object} ReviewDoes
 * @property {(action: ReviewAction) => void} act
 * @property {(key: string) => void} toggle
 * @property {(key: string, field: "name" | "target" | "names") => void} edit
 * @property {(key: string) => void} hide
 * @property {(key: string) => void} restore
 * @property {(key: string) => void} backfill
 * @property {(show: string) => void} show
 * @property {(position: number) => void} open
 * @property {(page: PageName) => void} go
 * @property {() => void} walk
 * @property {() => void} drawMore
 * @property {() => void} togglePace
 * @property {() => void} changeReviewer
 */

/**
 * Returns all that can be done in the review, for its palette.
 * @param {Model} model
 * @param {{query: string, places: Place[], pace: boolean, fixed: boolean, more: string}} state
 *   `places` are where the keys hold, `more` says how many errors can be drawn
 * @param {ReviewDoes} does
 * @returns {Command[]}
 */
export function reviewCommands(model, { query, places, pace, fixed, more }, does) {
  const run = (/** @type {ReviewAction} */ action) => () => does.act(action);
  return [
    ...commandsIn(places).map(({ action, name, cap }) => ({
      name,
      cap,
      run: run(/** @type {ReviewAction} */ (action)),
    })),
    ...imageCommands(model, query, (position) => does.open(position)),
    ...model.shown.flatMap(({ key, name }) => categoryCommands(model, key, isolated(name), does)),
    ...model.hidden.map(({ key, name }) => ({ name: `Restore ${isolated(name)}`, run: () => does.restore(key) })),
    ...shownCommands(model, (show) => does.show(show)),
    ...(model.carried.length ? [{ name: "Walk through the carried images", run: () => does.walk() }] : []),
    ...(more ? [{ name: more, run: () => does.drawMore() }] : []),
    { name: pace ? "Hide the pace" : "Show the pace", run: () => does.togglePace() },
    ...(fixed ? [] : [{ name: "Review as somebody else", run: () => does.changeReviewer() }]),
    ...pageCommands("review", (page) => does.go(page)),
  ];
}

/**
 * Returns all that can be done on the page Table, for its palette.
 * @param {Model} model
 * @param {{query: string, shown: {value: string, text: string}[]}} state `shown` are the table's filters
 * @param {{act: (action: TableAction) => void, show: (value: string) => void,
 *   open: (position: number) => void, go: (page: PageName) => void}} does
 * @returns {Command[]}
 */
export function tableCommands(model, { query, shown }, does) {
  return [
    ...commandsIn(["table"]).map(({ action, name, cap }) => ({
      name,
      cap,
      run: () => does.act(/** @type {TableAction} */ (action)),
    })),
    ...imageCommands(model, query, (position) => does.open(position)),
    ...shown.map(({ value, text }) => ({ name: `Show ${text.toLowerCase()}`, run: () => does.show(value) })),
    ...pageCommands("table", (page) => does.go(page)),
  ];
}

/**
 * @param {Model} model
 * @param {string} key
 * @param {string} name
 * @param {ReviewDoes} does
 * @returns {Command[]}
 */
function categoryCommands(model, key, name, does) {
  const alone = model.shown.length < 2;
  const behind = model.toBackfill(key).length > 0;
  return [
    { name: `Tick ${name}`, cap: model.caps.get(key), run: () => does.toggle(key) },
    { name: `Edit ${name}`, run: () => does.edit(key, "name") },
    ...(alone ? [] : [{ name: `Merge ${name} into another`, run: () => does.edit(key, "target") }]),
    { name: `Split ${name}`, run: () => does.edit(key, "names") },
    { name: `Hide ${name}`, run: () => does.hide(key) },
    ...(behind ? [{ name: `Backfill ${name}`, run: () => does.backfill(key) }] : []),
  ];
}

/**
 * @param {Model} model
 * @param {(show: string) => void} show
 * @returns {Command[]}
 */
function shownCommands(model, show) {
  const wanted = [
    ...SHOWN,
    ...(model.session.follows ? [["carried", "carried"]] : []),
    ...(model.hasRight ? [["right", "correct predictions"]] : []),
    ...model.shown.map(({ key, name }) => [`yes:${key}`, `ticked ${isolated(name)}`]),
    ...model.shown.map(({ key, name }) => [`missing:${key}`, `not looked at for ${isolated(name)}`]),
  ];
  return wanted.map(([filter, words]) => ({ name: `Show ${words}`, run: () => show(filter) }));
}

/**
 * Returns commands that open the image of a number, and those whose ids have what is asked for.
 * @param {Model} model
 * @param {string} query
 * @param {(position: number) => void} open
 * @returns {Command[]}
 */
export function imageCommands(model, query, open) {
  const words = query
    .trim()
    .toLowerCase()
    .replace(/^(?:(?:go to|open|image)\s+)+/, "");
  const { key } = model.examples;
  const number = /^\d+$/.test(words) ? Number(words) : 0;
  /** @type {number[]} */
  const found = number >= 1 && number <= model.size ? [number - 1] : [];
  for (let position = 0; words && position < model.size && found.length < MOST_IMAGES; position += 1) {
    if (key[position].toLowerCase().includes(words) && !found.includes(position)) found.push(position);
  }
  return found.map((position) => ({
    name: `Go to image ${position + 1}, ${key[position]}`,
    run: () => open(position),
  }));
}

/**
 * Returns commands that lead to the other pages.
 * @param {PageName} here
 * @param {(page: PageName) => void} go
 * @returns {Command[]}
 */
export function pageCommands(here, go) {
  return PAGES.filter(([page]) => page !== here).map(([page, name]) => ({ name: `Go to ${name}`, run: () => go(page) })); // prettier-ignore
}
