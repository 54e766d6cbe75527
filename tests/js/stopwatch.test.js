import assert from "node:assert/strict";
import test from "node:test";

import { Stopwatch } from "../../errortool/web/review/stopwatch.js";

function started() {
  const clock = { now: 1_000 };
  const stopwatch = new Stopwatch(() => clock.now);
  stopwatch.show(0);
  return { clock, stopwatch };
}

test("it measures from the moment that an image is shown, and begins anew with the next", () => {
  const { clock, stopwatch } = started();
  clock.now += 2_500;
  assert.equal(stopwatch.take(), 2.5);
  assert.equal(stopwatch.take(), 0);
  clock.now += 1_000;
  stopwatch.show(1);
  clock.now += 500;
  assert.equal(stopwatch.take(), 0.5);
});

test("showing the same image again goes on", () => {
  const { clock, stopwatch } = started();
  clock.now += 1_000;
  stopwatch.show(0);
  clock.now += 1_000;
  assert.equal(stopwatch.take(), 2);
});

test("what passes while the page is hidden doesn't count", () => {
  const { clock, stopwatch } = started();
  clock.now += 1_000;
  stopwatch.pause();
  clock.now += 30_000;
  stopwatch.resume();
  clock.now += 1_000;
  assert.equal(stopwatch.take(), 2);
});

test("looking on without a key for longer than a minute is a break", () => {
  const { clock, stopwatch } = started();
  clock.now += 3_600_000;
  assert.equal(stopwatch.take(), 60);
});
