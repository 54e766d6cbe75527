import assert from "node:assert/strict";
import test from "node:test";

import { dotLayout, dotsInWords, positionTyped } from "../../errortool/web/review/dots.js";
import { Model } from "../../errortool/web/review/model.js";
import { newState } from "./fakes.js";

test("every dot is found where it stands, whatever their number", () => {
  for (const [errors, right] of [
    [1, 0],
    [100, 0],
    [100, 12],
    [53, 106],
    [10_000, 500],
  ]) {
    // prettier-ignore
    const { cell, height, placeOf, dotAt } = dotLayout(errors, right, 1000, 300);
    assert.ok(height <= 300 + cell, `${errors} errors are ${height} pixels high`);
    for (let position = 0; position < errors + right; position += 1) {
      const { x, y } = placeOf(position);
      assert.equal(dotAt(x + cell / 2, y + cell / 2), position);
      assert.ok(x + cell <= 1000 && y + cell <= height);
    }
  }
});

test("beside the dots there is nothing to jump to", () => {
  const { cell, height, dotAt } = dotLayout(60, 3, 1000, 300);
  assert.equal(dotAt(999, cell * 1.5), null);
  assert.equal(dotAt(cell * 3.5, height - 1), null);
  assert.equal(dotAt(-1, 0), null);
  assert.equal(dotAt(10, height + 50), null);
});

test("a number that was typed is an image, or none", () => {
  assert.equal(positionTyped("29", 100), 28);
  assert.equal(positionTyped(" 100 ", 100), 99);
  for (const text of ["0", "101", "", "x", "1.5", "-3"]) assert.equal(positionTyped(text, 100), null, text);
});

test("the dots are counted by state", () => {
  const model = new Model(newState({ errors: 4, right: 2 }));
  assert.equal(dotsInWords(model), "6 not looked at");
  model.apply({ examples: { 0: { status: "looked at" }, 1: { status: "deferred" }, 5: { status: "unreadable" } } });
  assert.equal(dotsInWords(model), "1 looked at, 1 deferred, 1 unreadable, 3 not looked at");
});
