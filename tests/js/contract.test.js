/** What a change makes of a session: the browser's half of the contract, as test_patches.py is the server's. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Model } from "../../errortool/web/review/model.js";

/** @import { Patch, ReviewState } from "../../errortool/web/review/wire.d.ts" */

/** @typedef {Pick<ReviewState, "categories" | "looks" | "ticks">} State */
/**
 * @typedef {{name: string, state?: Partial<State>, changes: any[], after: Partial<State>,
 *   made?: Record<string, number>, restored?: Partial<State>, undo: Patch[]}} Case
 */

/** @type {{client: string, size: number, base: State, cases: Case[]}} */
const { client, size, base, cases } = JSON.parse(
  readFileSync(new URL("../contract/patches.json", import.meta.url), "utf8"),
);

/** @param {State} state */
function modelOf(state) {
  const column = Array.from({ length: size }, (_, position) => `dev-${position}`);
  return new Model({
    ...state,
    session: {
      uid: "uid",
      id: 1,
      name: "pets",
      dev_examples: 40,
      dev_error: 0.1,
      errors: size,
      sampled: size,
      drawable: 0,
      follows: "",
      images: true,
      version: "0",
    },
    examples: {
      key: column,
      image: column,
      label: column,
      prediction: column,
      confidence: column.map(() => 1),
      extra: {},
      right: [],
      weight: [],
    },
    steps: [],
    undone: [],
    reviewer: "ann",
    reviewers: ["ann"],
    known_names: [],
    preferences: {},
    cursor: 0,
  });
}

/**
 * Returns what the model shows, as the server tells it, without looks that say nothing.
 * @param {Model} model
 */
function stateOf(model) {
  const positions = Array.from({ length: size }, (_, position) => position);
  const looks = positions.flatMap((position) => {
    const { status, comment, corrected_label, seconds } = model.look(position);
    const says = status !== null || comment || corrected_label !== null || seconds;
    return says ? [[position, status, comment, corrected_label, seconds]] : [];
  });
  /** @type {Record<string, number[][]>} */
  const ticks = {};
  for (const { id, key } of model.categories) {
    const said = [1, 0].map((value) => positions.filter((position) => model.tick(key, position) === value));
    if (said.flat().length) ticks[String(id)] = said;
  }
  return {
    categories: model.categories.map(({ id, name, kind, position, description, retired }) => {
      return { id, name, kind, position, description, retired: Boolean(retired) };
    }),
    looks,
    ticks,
  };
}

/**
 * Returns a patch without what it leaves as it was, and with numbers for the categories just made.
 * @param {any} before
 * @param {any} after
 * @param {(key: string) => string} number
 * @returns {any}
 */
function effective(before, after, number) {
  if (before === null || typeof before !== "object") return before;
  const changed = Object.keys(before).filter((key) => !same(before[key], after[key]));
  const parts = changed.map((key) => [number(key), effective(before[key], after[key], number)]);
  return Object.fromEntries(parts.filter(([, part]) => !same(part, {})));
}

/**
 * Returns a patch without parts that name nothing.
 * @param {any} patch
 * @returns {any}
 */
function withoutEmpty(patch) {
  if (patch === null || typeof patch !== "object") return patch;
  const parts = Object.entries(patch).map(([key, part]) => [key, withoutEmpty(part)]);
  return Object.fromEntries(parts.filter(([, part]) => !same(part, {})));
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

for (const { name, state = {}, changes, after, made = {}, restored = {}, undo } of cases) {
  test(`contract: ${name}`, () => {
    const before = { ...base, ...state };
    const model = modelOf(before);
    assert.deepEqual(stateOf(model), before);
    const undoings = changes.map((change, seq) => {
      const ref = `${client}:${seq}`;
      const asked = change.new ? { categories: { [ref]: { ...change.new, retired: 0 } } } : change;
      const patch = model.pendingPatch(change, { patch: asked, step: null });
      const undoing = model.before(patch);
      model.apply(patch);
      if (made[seq]) model.assignId(ref, made[seq]);
      return { undoing, patch };
    });
    assert.deepEqual(stateOf(model), { ...before, ...after });
    const number = (/** @type {string} */ key) => String(made[key.split(":")[1]] ?? key);
    assert.deepEqual(
      undoings.map(({ undoing, patch }) => effective(undoing, patch, number)),
      undo.map(withoutEmpty),
    );
    const redoings = undoings.reverse().map(({ undoing }) => {
      const redoing = model.before(undoing);
      model.apply(undoing);
      return redoing;
    });
    assert.deepEqual(stateOf(model), { ...before, ...restored });
    for (const redoing of redoings.reverse()) model.apply(redoing);
    assert.deepEqual(stateOf(model), { ...before, ...after });
  });
}
