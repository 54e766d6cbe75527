import assert from "node:assert/strict";
import { test } from "node:test";

import { Ends } from "../../errortool/web/review/ends.js";
import { Model } from "../../errortool/web/review/model.js";
import { shareInFull } from "../../errortool/web/review/text.js";
import { newState, settle } from "./fakes.js";

/** Rows of ends that tell where they come from: the lower end of k of n is k / 100. */
function answering() {
  /** @type {[boolean, number][]} */
  const asked = [];
  /** @param {boolean} right @param {number} first */
  const ask = async (right, first) => {
    asked.push([right, first]);
    const rows = [first, first + 1, first + 2].map((n) => Array.from({ length: n + 1 }, (_, k) => k / 100));
    return { first, rows };
  };
  return { asked, ask };
}

test("ends are those of the row, the upper one mirrored, and none from fewer than ten", async () => {
  const { asked, ask } = answering();
  let drawn = 0;
  const ends = new Ends(ask, () => (drawn += 1));
  assert.equal(ends.of(false, 3, 12), null);
  await ends.prepare(false, 12, 100);
  assert.deepEqual(asked, [[false, 12]]);
  assert.equal(drawn, 1);
  assert.deepEqual(ends.of(false, 3, 12), { low: 0.03, high: 1 - 0.09 });
  assert.equal(ends.of(true, 3, 12), null); // another part has others
  await ends.prepare(false, 3, 100);
  assert.deepEqual(asked[1], [false, 10]);
  assert.equal(ends.of(false, 3, 9), null);
});

test("the next rows are asked for ahead, once at a time, and never beyond the last image", async () => {
  const { asked, ask } = answering();
  const ends = new Ends(ask, () => undefined);
  ends.prepare(false, 20, 30);
  ends.prepare(false, 20, 30);
  await settle();
  assert.deepEqual(asked, [[false, 20]]);
  await ends.prepare(false, 20, 30);
  assert.deepEqual(asked[1], [false, 25]);
  await ends.prepare(false, 30, 30);
  assert.deepEqual(asked[2], [false, 30]);
  await ends.prepare(false, 30, 30);
  await ends.prepare(false, 10, 5);
  assert.equal(asked.length, 3);
});

test("without the server shares have no ends, and ask again at the next image", async () => {
  let fails = 0;
  const ends = new Ends(
    () => {
      fails += 1;
      return Promise.reject(new Error("offline"));
    },
    () => undefined,
  );
  await ends.prepare(false, 12, 100);
  await ends.prepare(false, 12, 100);
  assert.equal(fails, 2);
  assert.equal(ends.of(false, 3, 12), null);
});

test("a share is said in full with its ends, a count without them", () => {
  const share = { yes: 12, seen: 41, part: 12, whole: 41 };
  const ends = { low: 0.141, high: 0.476 };
  const full = "12 of 41, 29 %; 14.1 to 47.6 % of all errors, however often you look";
  assert.equal(shareInFull(share, ends, "errors"), full);
  assert.equal(shareInFull(share, null, "errors"), "12 of 41, 29 %");
  assert.equal(shareInFull(share, { low: 12 / 41, high: 12 / 41 }, "errors"), "12 of 41, 29 %");
  const half = { yes: 23, seen: 40, part: 23, whole: 40 }; // 0.575 as a fraction would be 57 %
  assert.equal(shareInFull(half, null, "errors"), "23 of 40, 58 %");
  assert.equal(shareInFull({ yes: 0, seen: 0, part: 0, whole: 0 }, null, "errors"), "");
});

test("where mistakes have weights a share is of the weight", () => {
  const state = newState({ errors: 3 });
  state.examples.weight = [10, 1, 1];
  const model = new Model(state);
  const [{ key }] = model.shown;
  for (const [at, tick] of [
    [0, 1],
    [1, 0],
    [2, 0],
  ]) {
    model.apply({
      examples: {
        [at]: {
          status: "looked at",
          ticks: { [key]: /** @type {0 | 1} */ (tick) },
        },
      },
    });
  }
  assert.deepEqual(model.figures().shares.get(key), {
    yes: 1,
    seen: 3,
    part: 10,
    whole: 12,
  });
  assert.equal(model.weighted, true);
  assert.equal(new Model(newState()).weighted, false);
});
