import assert from "node:assert/strict";
import test from "node:test";

import { Model } from "../../errortool/web/review/model.js";
import { Walk } from "../../errortool/web/review/walk.js";
import { newState, randomNumbers, tick } from "./fakes.js";

/** @import { ExampleValues, Patch, Status, Tick } from "../../errortool/web/review/wire.d.ts" */

const BLAMES = [{ name: "Dog" }, { name: "Mislabeled", kind: /** @type {const} */ ("label error") }, { name: "Wrong", kind: /** @type {const} */ ("label error") }]; // prettier-ignore

/**
 * Returns everything that a model shows, to compare.
 * @param {Model} model
 */
function shownBy(model) {
  const positions = Array.from({ length: model.size }, (_, position) => position);
  return {
    categories: model.shown.map((category) => ({ ...category, retired: Boolean(category.retired) })),
    looks: positions.map((position) => ({ ...model.look(position) })),
    ticks: model.shown.map(({ key }) => positions.map((position) => model.tick(key, position))),
    figures: model.figures(),
  };
}

/** @param {() => number} random */
function randomChoice(random) {
  return /** @type {<Value>(values: readonly Value[]) => Value} */ (values) =>
    values[Math.floor(random() * values.length)];
}

/**
 * Returns a patch as the review, or the server, may make one.
 * @param {Model} model
 * @param {() => number} random
 * @param {number} number of the patch
 * @returns {Patch}
 */
function randomPatch(model, random, number) {
  const choice = randomChoice(random);
  const maybe = () => random() < 0.5;
  /** @type {Required<Pick<Patch, "examples" | "categories">>} */
  const patch = { examples: {}, categories: {} };
  for (let count = Math.floor(random() * 4); count > 0; count -= 1) {
    /** @type {ExampleValues} */
    const values = {};
    if (maybe())
      values.status = choice(/** @type {(Status | null)[]} */ (["looked at", "deferred", "unreadable", null]));
    if (maybe()) values.comment = choice(["", "in a mirror", "漢"]);
    if (maybe()) values.corrected_label = choice([null, "cat", "no right label"]);
    if (maybe()) values.seconds = Math.round(random() * 1_000) / 100;
    if (maybe()) {
      const keys = model.categories.filter(maybe).map(({ key }) => key);
      values.ticks = Object.fromEntries(keys.map((key) => [key, choice(/** @type {Tick[]} */ ([0, 1, null]))]));
    }
    patch.examples[Math.floor(random() * model.size)] = values;
  }
  if (random() < 0.3) {
    const { key } = choice(model.categories);
    if (maybe()) patch.categories[key] = { name: `renamed ${number}`, description: "d" };
    else patch.categories[key] = { retired: choice([0, 1]), position: number, kind: choice(["cause", "label error"]) };
  }
  if (random() < 0.1) {
    patch.categories[`client:${number}`] = { name: `new ${number}`, kind: "cause", position: number, retired: 0 };
  }
  return patch;
}

test("what was before a patch undoes it, whatever the patch", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const random = randomNumbers(seed);
    const model = new Model(newState({ errors: 8, right: 3, categories: BLAMES }));
    /** @type {{before: Patch, shown: ReturnType<typeof shownBy>}[]} */
    const done = [];
    for (let number = 0; number < 25; number += 1) {
      const patch = randomPatch(model, random, number);
      done.push({ before: model.before(patch), shown: shownBy(model) });
      model.apply(patch);
    }
    for (const { before, shown } of done.reverse()) {
      model.apply(before);
      assert.deepEqual(shownBy(model), shown, `seed ${seed}`);
    }
  }
});

test("applying a patch twice is applying it once", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const random = randomNumbers(seed);
    const model = new Model(newState({ errors: 8, right: 3, categories: BLAMES }));
    for (let number = 0; number < 25; number += 1) {
      const patch = randomPatch(model, random, number);
      model.apply(patch);
      const once = shownBy(model);
      model.apply(patch);
      assert.deepEqual(shownBy(model), once, `seed ${seed}`);
    }
  }
});

/** A round of six errors and two correct predictions, in which the second and fourth look are carried. */
function round() {
  return new Model({
    ...newState({ errors: 6, right: 2, follows: "cats v3" }),
    ticks: { 1: [[1, 3, 6], []], 2: [[3], [1, 6]] },
    looks: [
      [1, "looked at", "", null, 0, true],
      [3, "looked at", "", null, 0, true],
      [6, "looked at", "", null, 0, true],
    ],
  });
}

test("a round counts up to its first open image, errors and correct predictions apart", () => {
  const model = round();
  const dogs = () => model.figures().shares.get("1");
  assert.deepEqual([model.figures().counted, dogs()?.seen], [0, 0]);
  assert.equal(model.figures(6).counted, 1); // the first correct prediction
  assert.equal(model.figures().looked, 2);
  const look = (/** @type {number} */ at) =>
    model.apply({ examples: { [at]: { status: "looked at", ticks: { 1: 0 } } } });
  look(0);
  assert.deepEqual([model.figures().counted, dogs()?.seen, dogs()?.yes], [2, 2, 1]);
  model.apply({ examples: { 2: { status: "deferred" } } }); // it was passed
  assert.deepEqual([model.figures().counted, dogs()?.yes], [3, 2]);
  assert.deepEqual([0, 1, 3, 4].map(model.counting()), [true, true, true, false]);
});

test("a session that follows none counts whatever was looked at", () => {
  const model = new Model(newState());
  model.apply({ examples: { 5: { status: "looked at", ticks: { 1: 1 } } } });
  assert.equal(model.figures().counted, 1);
  assert.deepEqual(model.carried, []);
});

test("a look is no longer a carried one once it is changed", () => {
  const model = round();
  assert.deepEqual(model.carried, [1, 3, 6]);
  model.apply({ examples: { 3: { ticks: { 2: 0 } } } });
  assert.deepEqual(model.carried, [1, 6]);
  model.apply({ examples: { 1: { status: null } } });
  assert.deepEqual(model.carried, [6]);
});

test("a walk goes through what was carried, and back to where it was begun", () => {
  const model = round();
  const walk = new Walk();
  assert.equal(walk.words(model, 0, 5), "3 carried · 5 to look at");
  assert.equal(walk.begin(model, 4), 1);
  assert.equal(walk.words(model, 3, 5), "carried 2 of 3 · stop");
  model.apply({ examples: { 1: { status: "looked at" } } }); // confirmed, it stays in the row
  assert.deepEqual([walk.beside(1, 1), walk.beside(3, 1), walk.beside(6, 1)], [3, 6, null]);
  assert.deepEqual([walk.beside(1, -1), walk.beside(6, -1)], [null, 3]);
  assert.deepEqual([walk.beside(2, 1), walk.beside(2, -1)], [3, 1]); // jumped to
  assert.deepEqual([walk.end(), walk.on, walk.end()], [4, false, null]);
});

test("where nothing was carried there is no walk and nothing to say", () => {
  const model = new Model(newState());
  const walk = new Walk();
  assert.equal(walk.begin(model, 0), null);
  assert.equal(walk.words(model, 0, 12), "");
});

test("a session is shown as the server tells it", () => {
  const model = new Model({
    ...newState({ errors: 4, right: 1 }),
    ticks: { 1: [[0, 2], [1]], 2: [[], [0]] },
    looks: [
      [0, "looked at", "far away", null, 2.5, false],
      [1, "deferred", "", "cat", 0, false],
    ],
  });
  assert.deepEqual([0, 1, 2, 3].map((position) => model.tick("1", position)), [1, 0, 1, Model.UNSEEN]); // prettier-ignore
  const [said, blank] = [model.look(0), model.look(3)];
  assert.deepEqual(said, {
    status: "looked at",
    comment: "far away",
    corrected_label: null,
    seconds: 2.5,
    carried: false,
  });
  assert.deepEqual(blank, { status: null, comment: "", corrected_label: null, seconds: 0, carried: false });
  assert.equal(model.lookedAt(1), false);
  assert.equal(model.isRight(3), false);
  assert.equal(model.isRight(4), true);
});

test("a new category goes by its change until the server has numbered it, and by both after", () => {
  const model = new Model(newState());
  model.apply({ categories: { "client:7": { name: "Wet", kind: "cause", position: 9, retired: 0 } } });
  model.apply({ examples: { 0: { ticks: { "client:7": 1 } } } });
  model.assignId("client:7", 33);
  model.apply({ examples: { 1: { ticks: { 33: 1 } } } });
  assert.equal(model.tick("client:7", 0), 1);
  assert.equal(model.tick("client:7", 1), 1);
  assert.equal(model.category("33")?.name, "Wet");
  assert.deepEqual(model.shown.map(({ name }) => name), ["Dog", "Blurry", "Wet"]); // prettier-ignore
});

test("retired categories are not shown, and their names are free", () => {
  const model = new Model(newState());
  assert.equal(model.categoryNamed("DOG")?.key, "1");
  model.apply({ categories: { 1: { retired: 1 } } });
  assert.equal(model.categoryNamed("Dog"), undefined);
  assert.deepEqual(model.shown.map(({ key }) => key), ["2"]); // prettier-ignore
  assert.equal(model.categories.length, 2);
});

test("categories stand in their order, and those made later after those of the same place", () => {
  const model = new Model(newState());
  model.apply({ categories: { 1: { position: 5 }, "client:1": { name: "New", position: 5, retired: 0 } } });
  assert.deepEqual(model.shown.map(({ name }) => name), ["Blurry", "Dog", "New"]); // prettier-ignore
});

test("no tick means no: looking fills what wasn't said, and only that", () => {
  const model = new Model(newState());
  model.apply({ examples: { 0: { ticks: { 1: 1 } } } });
  assert.deepEqual(model.lookedAtValues(0), { status: "looked at", ticks: { 2: 0 } });
  model.apply({ categories: { 2: { retired: 1 } } });
  assert.deepEqual(model.lookedAtValues(1), { status: "looked at", ticks: { 1: 0 } });
});

test("a change that fills takes no tick that came meanwhile", () => {
  const model = new Model(newState());
  /** @type {{examples: Record<string, ExampleValues>}} */
  const patch = { examples: { 0: { status: "looked at", ticks: { 1: 0, 2: 0 } } } };
  model.apply({ examples: { 0: { ticks: { 1: 1 } } } });
  const shown = { patch, step: null };
  const fills = { kind: "look", reviewer: "me", ...patch, fills: /** @type {const} */ (true) };
  assert.deepEqual(model.pendingPatch(fills, shown), { examples: { 0: { status: "looked at", ticks: { 2: 0 } } } });
  assert.equal(model.pendingPatch(tick(0), shown), patch);
});

test("the right label goes with the last label error", () => {
  const model = new Model(newState({ categories: BLAMES }));
  model.apply({ examples: { 0: { ticks: { 2: 1, 3: 1 }, corrected_label: "cat" } } });
  assert.deepEqual(model.ticked(0, { 1: 1 }), { ticks: { 1: 1 } });
  assert.deepEqual(model.ticked(0, { 2: 0 }), { ticks: { 2: 0 } });
  assert.deepEqual(model.ticked(0, { 2: 0, 3: null }), { ticks: { 2: 0, 3: null }, corrected_label: null });
  model.apply({ examples: { 0: model.ticked(0, { 2: 0 }) } });
  assert.equal(model.labelIsWrong(0), true);
  assert.deepEqual(model.ticked(0, { 3: 0 }), { ticks: { 3: 0 }, corrected_label: null });
  model.apply({ examples: { 0: model.ticked(0, { 3: 0 }) } });
  assert.equal(model.labelIsWrong(0), false);
  assert.equal(model.look(0).corrected_label, null);
});

test("a right label that no label error asked for stays when others are unticked", () => {
  const model = new Model(newState({ categories: BLAMES }));
  model.apply({ examples: { 0: { ticks: { 1: 1 }, corrected_label: "cat" } } });
  assert.deepEqual(model.ticked(0, { 1: 0 }), { ticks: { 1: 0 } });
  assert.deepEqual(model.ticked(0, { 2: 0 }), { ticks: { 2: 0 } });
});

test("a category that came late is to be backfilled where images were looked at before", () => {
  const model = new Model(newState());
  for (const position of [4, 1, 7]) model.apply({ examples: { [position]: model.lookedAtValues(position) } });
  model.apply({ categories: { "client:0": { name: "Wet", position: 9, retired: 0 } } });
  assert.deepEqual(model.toBackfill("client:0"), [1, 4, 7]);
  model.apply({ examples: { 4: { ticks: { "client:0": 0 } }, 5: { ticks: { "client:0": 1 } } } });
  assert.deepEqual(model.toBackfill("client:0"), [1, 7]);
  assert.deepEqual(model.toBackfill("1"), []);
});

test("the next image is one that wasn't touched, and deferred ones come last", () => {
  const model = new Model(newState({ errors: 4 }));
  assert.equal(model.nextOpen(2), 2);
  model.apply({ examples: { 2: { status: "looked at" }, 3: { status: "deferred" }, 0: { status: "unreadable" } } });
  assert.equal(model.nextOpen(2), 1);
  model.apply({ examples: { 1: { status: "looked at" } } });
  assert.equal(model.nextOpen(0), 3);
  model.apply({ examples: { 3: { status: "looked at" } } });
  assert.equal(model.nextOpen(0), null);
});

test("a tick counts once its image was looked at, also while that is on screen", () => {
  const model = new Model(newState({ errors: 4, right: 2 }));
  model.apply({ examples: { 0: { ticks: { 1: 1 } } } });
  assert.deepEqual(model.figures().shares.get("1"), { yes: 0, seen: 0, part: 0, whole: 0 });
  assert.deepEqual(model.figures(0).shares.get("1"), { yes: 0, seen: 0, part: 0, whole: 0 });
  model.apply({ examples: { 0: model.lookedAtValues(0), 1: model.lookedAtValues(1), 2: { status: "unreadable" } } });
  const { looked, size, left, counted, shares, none } = model.figures();
  assert.deepEqual({ looked, size, left, counted, none }, { looked: 2, size: 4, left: 3, counted: 2, none: 1 });
  assert.deepEqual([...shares.values()], [{ yes: 1, seen: 2, part: 1, whole: 2 }, { yes: 0, seen: 2, part: 0, whole: 2 }]); // prettier-ignore
});

test("correct predictions have a progress and shares of their own", () => {
  const model = new Model(newState({ errors: 4, right: 2 }));
  model.apply({ examples: { 4: { ...model.lookedAtValues(4), ticks: { 1: 1 } }, 0: model.lookedAtValues(0) } });
  assert.deepEqual(model.figures().shares.get("1"), { yes: 0, seen: 1, part: 0, whole: 1 });
  const { looked, size, left, parts, shares, counted, none } = model.figures(4);
  assert.deepEqual({ looked, size, left }, { looked: 1, size: 2, left: 4 });
  assert.deepEqual(
    { counted, none, dog: shares.get("1") },
    { counted: 1, none: 1, dog: { yes: 1, seen: 1, part: 1, whole: 1 } },
  );
  assert.deepEqual(parts, { errors: { looked: 1, size: 4 }, right: { looked: 1, size: 2 } });
  assert.deepEqual(model.figures().parts, parts);
});

test("errors that were drawn later stand behind the correct predictions, and count as errors", () => {
  const state = newState({ errors: 6 });
  const model = new Model({
    ...state,
    session: { ...state.session, sampled: 5 },
    examples: { ...state.examples, right: [3] },
  });
  assert.deepEqual(
    [2, 3, 4].map((position) => model.isRight(position)),
    [false, true, false],
  );
  for (const position of [0, 3, 5]) {
    model.apply({ examples: { [position]: { ...model.lookedAtValues(position), ticks: { 1: 1, 2: 0 } } } });
  }
  const { looked, size, left, counted, shares } = model.figures();
  assert.deepEqual({ looked, size, left, counted }, { looked: 2, size: 5, left: 3, counted: 2 });
  assert.deepEqual(shares.get("1"), { yes: 2, seen: 2, part: 2, whole: 2 });
  assert.deepEqual(model.figures(3).size, 1);
});

test("a category that came late has its share of the images that were looked at for it", () => {
  const model = new Model(newState({ errors: 4 }));
  for (const position of [0, 1, 2]) model.apply({ examples: { [position]: model.lookedAtValues(position) } });
  model.apply({ categories: { "client:0": { name: "Wet", position: 9, retired: 0 } } });
  model.apply({ examples: { 2: { ticks: { "client:0": 1 } } } });
  assert.deepEqual(model.figures().shares.get("client:0"), { yes: 1, seen: 1, part: 1, whole: 1 });
  assert.equal(model.figures().counted, 3);
});

test("an error fits no category once it was looked at for every one; until then it is not known", () => {
  const model = new Model(newState({ errors: 4 }));
  for (const position of [0, 1, 2]) model.apply({ examples: { [position]: model.lookedAtValues(position) } });
  const said = () => [model.figures().none, model.figures().unknown];
  assert.deepEqual(said(), [3, 0]);
  model.apply({ categories: { "client:0": { name: "Wet", position: 9, retired: 0 } } });
  assert.deepEqual(said(), [0, 3]);
  model.apply({ examples: { 1: { ticks: { "client:0": 1 } }, 2: { ticks: { "client:0": 0 } } } });
  assert.deepEqual(said(), [1, 1]);
  model.apply({ categories: { "client:0": { retired: 1 } } });
  assert.deepEqual(said(), [3, 0]);
  const alongside = new Model(newState({ errors: 4, right: 2 }));
  for (const position of [0, 4]) alongside.apply({ examples: { [position]: alongside.lookedAtValues(position) } });
  assert.equal(alongside.figures(4).none, 1); // of the errors, also beside a correct prediction
});

test("deferred images are counted, and still to be looked at", () => {
  const model = new Model(newState({ errors: 4, right: 2 }));
  assert.equal(model.figures().deferred, 0);
  model.apply({ examples: { 1: { status: "deferred" }, 5: { status: "deferred" }, 0: model.lookedAtValues(0) } });
  const { deferred, left } = model.figures();
  assert.deepEqual({ deferred, left }, { deferred: 2, left: 5 });
});

test("there is a pace once three images were timed", () => {
  const model = new Model(newState());
  for (const position of [0, 1]) model.apply({ examples: { [position]: { status: "looked at", seconds: 2 } } });
  assert.equal(model.figures().pace, null);
  model.apply({ examples: { 2: { status: "looked at", seconds: 5 } } });
  assert.equal(model.figures().pace, 3);
});

test("errors that were drawn later come after the correct predictions, and count as errors", () => {
  const state = newState({ errors: 4, right: 2 });
  state.examples.right = [2, 3]; // 4 and 5 were drawn later
  const model = new Model(state);
  assert.deepEqual([0, 2, 3, 4, 5].map((at) => model.isRight(at)), [false, true, true, false, false]); // prettier-ignore
  assert.deepEqual(model.inParts, [0, 1, 4, 5, 2, 3]);
  for (const at of [0, 1, 2, 3]) model.apply({ examples: { [at]: { status: "looked at", ticks: { 1: 1, 2: 0 } } } });
  assert.equal(model.nextOpen(0), 4);
  model.apply({ examples: { 4: { status: "looked at", ticks: { 1: 0, 2: 0 } } } });
  const { parts, shares, none } = model.figures(5);
  assert.deepEqual(parts, { errors: { looked: 3, size: 4 }, right: { looked: 2, size: 2 } });
  assert.deepEqual(shares.get("1"), { yes: 2, seen: 3, part: 2, whole: 3 });
  assert.equal(none, 1);
  assert.deepEqual(model.figures(2).shares.get("1"), { yes: 2, seen: 2, part: 2, whole: 2 });
});

test("what is left to draw is what the server says", () => {
  const state = newState({ errors: 4, right: 2 });
  assert.equal(new Model(state).undrawn, 0);
  assert.equal(new Model({ ...state, session: { ...state.session, errors: 60, drawable: 56 } }).undrawn, 56);
});
