import { Model } from "./model.js";
import { showing, showWords } from "./show_filter.js";

/** @import { Choice, Field } from "./types.d.ts" */

/** A column with at most so many values is chosen from, not searched. */
const FEW_VALUES = 30;
/** A column of numbers with at most so many is one of codes or flags. */
const FEW_NUMBERS = 8;

const TEXT_ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const STATE_WORDS = { open: "Not looked at", looked: "Looked at", deferred: "Deferred", unreadable: "Unreadable" };
const STATUS_ORDER = { "looked at": 0, deferred: 1, unreadable: 2 };
const TICK_VALUES = { yes: 1, no: 0, missing: Model.UNSEEN };
const TICK_WORDS = { yes: "ticked", no: "not ticked", missing: "not looked at" };

/** What a session's examples say never changes: it is worked out once. */
/** @type {WeakMap<Model, {own: Field[], others: Field[], texts: string[]}>} */
const STATIC = new WeakMap();

/**
 * Returns everything that a session's examples can be filtered and sorted by.
 * @param {Model} model
 * @returns {Field[]}
 */
export function fieldsOf(model) {
  const { own, others, texts } = staticOf(model);
  return [
    orderField(),
    stateField(model),
    ...own,
    textField("comment", "Comment", (at) => model.look(at).comment, ranksNow(model, "comment")),
    textField("corrected", "Right label", (at) => model.look(at).corrected_label ?? "", ranksNow(model, "corrected_label")), // prettier-ignore
    ticksField(model),
    searchField(model, texts),
    ...model.categories.map((category) => tickField(model, category)),
    ...others,
  ];
}

/**
 * Returns the texts of an example that the search looks into, those that never change.
 * @param {Model} model
 */
function staticOf(model) {
  const known = STATIC.get(model);
  if (known) return known;
  const { key, image, label, prediction, confidence, extra } = model.examples;
  const columns = [key, image, label, prediction, ...model.extras.map((name) => extra[name])];
  const texts = Array.from({ length: model.size }, (_, at) => columns.map((column) => column[at]).join("\n"));
  const found = {
    own: [
      partField(model),
      choiceField("label", "Label", classesOf(label), (at) => label[at], rankedOnce(label)),
      choiceField("prediction", "Prediction", classesOf(prediction), (at) => prediction[at], rankedOnce(prediction)),
      rangeField("confidence", "Confidence", confidence),
      textField("id", "Id", (at) => key[at], rankedOnce(key), true),
    ],
    others: model.extras.map((name) => columnField(name, extra[name])),
    texts: texts.map((text) => text.toLowerCase()),
  };
  STATIC.set(model, found);
  return found;
}

// --- the kinds of fields -------------------------------------------------------------------------

/**
 * @param {string} name
 * @param {string} title
 * @param {Choice[]} choices
 * @param {(at: number) => string} valueOf
 * @param {Field["keys"]} keys
 * @returns {Field}
 */
function choiceField(name, title, choices, valueOf, keys) {
  return {
    ...{
      name,
      title,
      group: "",
      form: "choice",
      offered: choices.length > 1,
      choices,
      bounds: null,
      fixed: true,
      keys,
    },
    passing: (value) => (at) => valueOf(at) === value,
    words: (value) => choices.find((choice) => choice.value === value)?.words ?? value,
  };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {(at: number) => string} textAt
 * @param {Field["keys"]} keys
 * @param {boolean} fixed
 * @returns {Field}
 */
function textField(name, title, textAt, keys, fixed = false) {
  return {
    ...{ name, title, group: "", form: "text", offered: true, choices: [], bounds: null, fixed, keys },
    passing: (value) => containing(value, textAt),
    words: (value) => `“${value.trim()}”`,
  };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {(number | null)[]} values
 * @returns {Field}
 */
function rangeField(name, title, values) {
  const known = values.filter((value) => value != null);
  const bounds = known.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]); // prettier-ignore
  const keys = (/** @type {number} */ at) => values[at];
  return {
    ...{ name, title, group: "", form: "range", offered: bounds[0] < bounds[1], choices: [] },
    bounds: [bounds[0], bounds[1]],
    fixed: true,
    keys: () => keys,
    passing(value) {
      const range = readRange(value);
      return (at) => inRange(range, values[at]);
    },
    words: (value) => rangeWords(value),
  };
}

/** @returns {Field} */
function orderField() {
  return {
    fixed: false,
    ...{ name: "order", title: "Order of review", group: "", form: "range", offered: false, choices: [], bounds: null },
    keys: () => (at) => at,
    passing: () => () => true,
    words: (value) => value,
  };
}

/**
 * What was looked at; links from the report are filters of this kind too.
 * @param {Model} model
 * @returns {Field}
 */
function stateField(model) {
  const choices = [
    ...Object.entries(STATE_WORDS).map(([value, words]) => ({ value, words })),
    ...(model.session.follows ? [{ value: "carried", words: "Carried" }] : []),
    { value: "none", words: "Errors without a tick" },
  ];
  return {
    fixed: false,
    ...{ name: "show", title: "State", group: "", form: "choice", offered: true, choices, bounds: null },
    keys: () => (at) => {
      const { status } = model.look(at);
      return status ? STATUS_ORDER[status] : 3;
    },
    passing: (value) => showing(model, value),
    words: (value) => choices.find((choice) => choice.value === value)?.words ?? showWords(model, value),
  };
}

/**
 * @param {Model} model
 * @returns {Field}
 */
function partField(model) {
  const choices = [
    { value: "errors", words: "errors" },
    { value: "right", words: "correct predictions" },
  ];
  const partOf = (/** @type {number} */ at) => (model.isRight(at) ? "right" : "errors");
  return { ...choiceField("part", "Part of the sample", choices, partOf, null), offered: model.hasRight };
}

/**
 * @param {Model} model
 * @returns {Field}
 */
function ticksField(model) {
  const ticksAt = (/** @type {number} */ at) => model.shown.filter(({ key }) => model.tick(key, at) === 1).length;
  return {
    fixed: false,
    ...{ name: "ticks", title: "Number of ticks", group: "", form: "range", offered: true, choices: [] },
    bounds: [0, model.shown.length],
    keys: () => ticksAt,
    passing(value) {
      const range = readRange(value);
      return (at) => inRange(range, ticksAt(at));
    },
    words: rangeWords,
  };
}

/**
 * Text anywhere: in what the predictions table says, in comments and right labels.
 * @param {Model} model
 * @param {string[]} texts
 * @returns {Field}
 */
function searchField(model, texts) {
  const said = (/** @type {number} */ at) => `${model.look(at).comment}\n${model.look(at).corrected_label ?? ""}`;
  return {
    fixed: false,
    ...{ name: "q", title: "Search", group: "", form: "text", offered: false, choices: [], bounds: null, keys: null },
    passing(value) {
      const wanted = value.trim().toLowerCase();
      return (at) => texts[at].includes(wanted) || said(at).toLowerCase().includes(wanted);
    },
    words: (value) => `“${value.trim()}”`,
  };
}

/**
 * @param {Model} model
 * @param {Model["categories"][number]} category
 * @returns {Field}
 */
function tickField(model, { key, name, retired }) {
  const choices = Object.entries(TICK_WORDS).map(([value, words]) => ({ value, words }));
  return {
    fixed: false,
    ...{ name: `t.${key}`, title: name, group: "Categories", form: "choice", offered: !retired, choices },
    bounds: null,
    keys: () => (at) => [1, 0][model.tick(key, at)] ?? null, // yes comes first, what wasn't looked at last
    passing(value) {
      const wanted = /** @type {Record<string, number>} */ (TICK_VALUES)[value];
      return (at) => model.tick(key, at) === wanted;
    },
    words: (value) => /** @type {Record<string, string>} */ (TICK_WORDS)[value] ?? value,
  };
}

/**
 * Another column of the predictions table: "=v" is one of its values, "1..5" a range, all else text.
 * @param {string} name
 * @param {string[]} values
 * @returns {Field}
 */
function columnField(name, values) {
  const distinct = [...new Set(values)];
  const numbers = values.map((value) => (value.trim() === "" ? null : Number(value)));
  const numeric = distinct.length > 1 && numbers.every((number) => number === null || Number.isFinite(number));
  const form = numeric && distinct.length > FEW_NUMBERS ? "range" : distinct.length <= FEW_VALUES ? "choice" : "text";
  const choices = form === "choice" ? classesOf(values).map(({ value, words }) => ({ value: `=${value}`, words })) : [];
  const range = rangeField(name, name, numeric ? numbers : []);
  return {
    fixed: true,
    ...{ name: `x.${name}`, title: name, group: "Other columns", form, offered: distinct.length > 1, choices },
    bounds: range.bounds,
    keys: numeric ? range.keys : rankedOnce(values),
    passing(value) {
      if (value.startsWith("=")) return (at) => values[at] === value.slice(1);
      if (numeric && readRange(value)) return range.passing(value);
      return containing(value, (at) => values[at]);
    },
    words(value) {
      if (value.startsWith("=")) return value.slice(1) || "(blank)";
      return numeric && readRange(value) ? rangeWords(value) : `“${value.trim()}”`;
    },
  };
}

// --- what they are made of -----------------------------------------------------------------------

/**
 * @param {string[]} values
 * @returns {Choice[]}
 */
function classesOf(values) {
  const distinct = [...new Set(values)].sort(TEXT_ORDER.compare);
  return distinct.map((value) => ({ value, words: value || "(blank)" }));
}

/**
 * @param {string} value
 * @param {(at: number) => string} textAt
 */
function containing(value, textAt) {
  const wanted = value.trim().toLowerCase();
  return (/** @type {number} */ at) => textAt(at).toLowerCase().includes(wanted);
}

/**
 * Reads "1..5", "1.." or "..5"; null if it is none of these.
 * @param {string} value
 */
export function readRange(value) {
  const dots = value.indexOf("..");
  const [low, high] = [value.slice(0, dots).trim(), value.slice(dots + 2).trim()];
  if (dots < 0 || !(low || high) || Number.isNaN(Number(low)) || Number.isNaN(Number(high))) return null;
  return { low: low ? Number(low) : -Infinity, high: high ? Number(high) : Infinity };
}

/**
 * Whether a number lies in a range; what isn't known lies in none.
 * @param {{low: number, high: number} | null} range
 * @param {number | null} value
 */
function inRange(range, value) {
  return !range || (value != null && range.low <= value && value <= range.high);
}

/** @param {string} value */
function rangeWords(value) {
  const range = readRange(value);
  if (!range) return "any";
  const { low, high } = range;
  if (high === Infinity) return `at least ${low}`;
  if (low === -Infinity) return `at most ${high}`;
  return low === high ? `${low}` : `${low} – ${high}`;
}

/**
 * Returns each text's place in the order, null for blank ones.
 * @param {string[]} values
 */
function ranked(values) {
  const distinct = [...new Set(values)].filter(Boolean).sort(TEXT_ORDER.compare);
  const places = new Map(distinct.map((value, place) => [value, place]));
  return (/** @type {number} */ at) => places.get(values[at]) ?? null;
}

/**
 * @param {string[]} values that never change
 * @returns {Field["keys"]}
 */
function rankedOnce(values) {
  /** @type {ReturnType<typeof ranked> | undefined} */
  let known;
  return () => (known ??= ranked(values));
}

/**
 * @param {Model} model
 * @param {"comment" | "corrected_label"} what
 * @returns {Field["keys"]}
 */
function ranksNow(model, what) {
  return () => ranked(Array.from({ length: model.size }, (_, at) => model.look(at)[what] ?? ""));
}
