import assert from "node:assert/strict";
import test from "node:test";

import { offerWords } from "../../errortool/web/review/backfill.js";
import { mergingWords } from "../../errortool/web/review/category_editor.js";
import { knownWords } from "../../errortool/web/review/reviewer_choice.js";
import { isolated, shareWords } from "../../errortool/web/review/text.js";

test("a name from right to left is isolated, and no other", () => {
  for (const name of ["كلب", "far خلفية away", "חתול", "דובים 3", "ﷺ", "\u{1e900}"]) {
    assert.equal(isolated(name), `\u2068${name}\u2069`);
  }
  for (const name of ["Dog", "", "漢字", "κύων", "12 %", "٣", "é", "🐈"]) assert.equal(isolated(name), name);
});

test("merging is explained before it is done", () => {
  assert.equal(mergingWords("Wet", "Dog", 1), "1 image becomes not looked at for Dog: Wet wasn't asked about there.");
  assert.equal(mergingWords("Wet", "כלב", 1_204), "1,204 images become not looked at for \u2068כלב\u2069: Wet wasn't asked about there."); // prettier-ignore
});

test("a backfill is offered in words", () => {
  assert.equal(offerWords("Far away", 1), "1 earlier image to check for Far away");
  assert.equal(offerWords("خلفية", 12), "12 earlier images to check for \u2068خلفية\u2069");
});

test("somebody new is told who is known", () => {
  assert.equal(knownWords(["Ann", "كلب"]), "Somebody new begins with no ticks. Known here: Ann, \u2068كلب\u2069.");
});

test("a share is a count of few images before it is per cent", () => {
  assert.equal(shareWords(0, 0), "–");
  assert.equal(shareWords(3, 5), "of 5");
  assert.equal(shareWords(0, 19), "of 19");
  assert.equal(shareWords(3, 20), "15 %");
});
