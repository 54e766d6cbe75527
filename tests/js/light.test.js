import assert from "node:assert/strict";
import test from "node:test";

import { levelsOf, Light } from "../../errortool/web/review/light.js";

/**
 * Returns an image's pixels.
 * @param {...number} greys
 */
function pixels(...greys) {
  return new Uint8ClampedArray(greys.flatMap((grey) => [grey, grey, grey, 255]));
}

/**
 * What a filter makes of a grey, as CSS defines its functions.
 * @param {string} filter
 * @param {number} grey from 0 to 1
 */
function lit(filter, grey) {
  return [...filter.matchAll(/(\w+)\(([\d.]+)\)/g)].reduce((value, [, name, text]) => {
    const factor = Number(text);
    return Math.min(1, Math.max(0, name === "brightness" ? value * factor : value * factor + 0.5 - 0.5 * factor));
  }, grey);
}

test("an image is as in its file until a key changes it, and again when that is taken back", () => {
  const light = new Light();
  assert.deepEqual([light.filter, light.words], ["", ""]);
  light.brighten(1);
  light.harden(-1);
  assert.deepEqual([light.filter, light.words], ["brightness(1.25) contrast(0.833)", "brightness +1 · contrast −1"]);
  light.brighten(-1);
  light.harden(1);
  assert.deepEqual([light.filter, light.words], ["", ""]);
});

test("steps end where nothing more can be seen", () => {
  const light = new Light();
  for (let step = 0; step < 50; step += 1) light.brighten(1);
  assert.equal(light.words, "brightness +12");
});

test("auto level takes the image's own darkest to black and its brightest to white", () => {
  for (const [low, high] of [
    [0, 20],
    [100, 140],
    [30, 220],
    [200, 250],
  ]) {
    // prettier-ignore
    const light = new Light();
    light.stretch(levelsOf(pixels(low, (low + high) / 2, high)));
    assert.ok(light.stretched);
    assert.equal(light.words, "auto level");
    for (const [grey, wanted] of [
      [low, 0],
      [(low + high) / 2, 0.5],
      [high, 1],
    ]) {
      // prettier-ignore
      assert.ok(Math.abs(lit(light.filter, grey / 255) - wanted) < 0.05, `${grey} of ${low} to ${high}`);
    }
    light.stretch(null);
    assert.equal(light.filter, "");
  }
});

test("a few odd pixels, and what shows through, don't count for the levels", () => {
  const greys = Array.from({ length: 1000 }, (_, index) => (index < 2 ? 255 : 10 + (index % 30)));
  assert.deepEqual(levelsOf(pixels(...greys)), { low: 10 / 255, high: 39 / 255 });
  const through = new Uint8ClampedArray([255, 255, 255, 0, 10, 10, 10, 255, 60, 60, 60, 255]);
  assert.deepEqual(levelsOf(through), { low: 10 / 255, high: 60 / 255 });
});

test("an image of one grey, of all greys, or of nothing can't be stretched", () => {
  assert.equal(levelsOf(pixels(90, 91, 90)), null);
  assert.equal(levelsOf(pixels(0, 128, 255)), null);
  assert.equal(levelsOf(pixels()), null);
});
