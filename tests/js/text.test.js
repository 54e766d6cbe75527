import assert from "node:assert/strict";
import test from "node:test";

import {
  devError,
  noneWords,
  perCent,
  plural,
  savingWords,
  shareWords,
  tidied,
} from "../../errortool/web/review/text.js";

test("how far saving is has three words", () => {
  const states = /** @type {const} */ (["saved", "saving", "retrying"]);
  assert.deepEqual(states.map(savingWords), ["Saved", "Saving…", "Not saved, retrying"]);
});

test("shares are whole per cents, and a share of nothing is none", () => {
  assert.deepEqual([perCent(1, 3), perCent(0, 3), perCent(3, 3), perCent(0, 0)], ["33 %", "0 %", "100 %", "–"]);
});

for (const [part, whole, words] of /** @type {[number, number, string][]} */ ([
  [0, 0, "–"],
  [0, 1, "of 1"],
  [3, 5, "of 5"],
  [19, 19, "of 19"],
  [5, 20, "25 %"],
  [51, 100, "51 %"],
])) {
  test(`behind its count ${part} a share of ${whole} is written "${words}"`, () =>
    assert.equal(shareWords(part, whole), words));
}

test("errors that fit no category are told from those of which it is not known", () => {
  assert.equal(noneWords({ none: 6, unknown: 0 }), "no category: 6");
  assert.equal(noneWords({ none: 0, unknown: 3 }), "no category: 0 · not known yet: 3");
});

test("the dev error has the decimals that its examples give", () => {
  assert.equal(devError({ dev_error: 0.1, dev_examples: 1_000 }), "10.0 % dev error");
  assert.equal(devError({ dev_error: 0.1234, dev_examples: 10_000 }), "12.34 % dev error");
});

test("counts agree with their nouns", () => {
  assert.deepEqual([plural(1, "image"), plural(0, "image"), plural(1_204, "image")], ["1 image", "0 images", "1,204 images"]); // prettier-ignore
});

test("names lose the spaces that nobody sees", () => {
  assert.equal(tidied("  great \n cat "), "great cat");
});
