import assert from "node:assert/strict";
import test from "node:test";

import { nextZoom, swipeOf, zoomWords } from "../../errortool/web/review/stage.js";

/**
 * Where the key of the zoom leads, until the whole image is there again.
 * @param {number} oneToOne
 */
function rounds(oneToOne) {
  const found = [];
  for (let scale = nextZoom(1, oneToOne); scale !== 1; scale = nextZoom(scale, oneToOne)) found.push(scale);
  return found;
}

test("the zoom goes to twice the image and to one to one, and never below the whole image", () => {
  assert.deepEqual(rounds(3.8), [2, 3.8]);
  assert.deepEqual(rounds(1.4), [1.4, 2]);
  assert.deepEqual(rounds(0.06), [2], "a 32 by 32 image");
  assert.deepEqual(rounds(0), [2], "while the original isn't known");
  assert.deepEqual(rounds(1.02), [2]);
  assert.deepEqual(rounds(2.03), [2]);
  assert.equal(nextZoom(5.5, 3.8), 1, "after the wheel");
  assert.equal(nextZoom(1.5, 3.8), 2);
});

test("the zoom is said in per cent of the whole image", () => {
  assert.equal(zoomWords(1, 3.8), "");
  assert.equal(zoomWords(2, 3.8), "200 %");
  assert.equal(zoomWords(3.8, 3.8), "380 % · 1:1");
  assert.equal(zoomWords(2, 0), "200 %");
});

test("a finger leafs only when it goes sideways, far, and fast", () => {
  assert.equal(swipeOf(-120, 10, 200), 1);
  assert.equal(swipeOf(120, -30, 200), -1);
  assert.equal(swipeOf(-30, 0, 100), 0);
  assert.equal(swipeOf(-120, 90, 200), 0);
  assert.equal(swipeOf(-300, 0, 1500), 0);
});
