import assert from "node:assert/strict";
import test from "node:test";

import { addressWith, returnedTo, said, solving, stateOf } from "../../errortool/web/review/report_state.js";

const NOTHING = { level: "", reviewer: "", intervals: "", solve: "", show: "", label: "", prediction: "" };

test("an address says what a report shows, and what it doesn't know is left out", () => {
  assert.deepEqual(stateOf("?session=3&level=0.9&solve=1%2C2&x=y"), { ...NOTHING, level: "0.9", solve: "1,2" });
  assert.deepEqual(stateOf(""), NOTHING);
});

test("what is written into an address is read back, whatever names are in it", () => {
  const state = { ...NOTHING, level: "0.8", reviewer: "a&b=c +#%", show: "any:1+2", label: "猫", prediction: "<i>" };
  const address = addressWith("http://localhost:1/report?session=3&example=7&solve=9", state);
  assert.deepEqual(stateOf(new URL(address).search), state);
  assert.equal(new URL(address).searchParams.get("session"), "3");
  assert.equal(new URL(address).searchParams.has("solve"), false); // empty now
  assert.equal(new URL(address).searchParams.has("example"), false); // of the review
});

test("a category to solve is added last, and taken out again", () => {
  assert.equal(solving("", "3", true), "3");
  assert.equal(solving("3", "14", true), "3,14");
  assert.equal(solving("3,14", "3", true), "14,3");
  assert.equal(solving("3,14", "1", false), "3,14");
  assert.equal(solving("3,14", "3", false), "14");
  assert.equal(solving("3", "3", false), "");
});

test("an address that asks for something goes before what the tab left", () => {
  const kept = "level=0.8&solve=1&show=none";
  assert.deepEqual(returnedTo("?session=1&solve=2", kept), { ...NOTHING, solve: "2" });
});

test("from the menu a report comes back as it was left, without the images", () => {
  const kept = "level=0.8&reviewer=ann&solve=1&show=none";
  const wanted = { ...NOTHING, level: "0.8", reviewer: "ann", solve: "1" };
  assert.deepEqual(returnedTo("?session=1", kept), wanted);
  assert.deepEqual(returnedTo("?session=1", ""), NOTHING);
});

test("back from an image, the images are there again", () => {
  const kept = "level=0.8&solve=1&show=counted%3A3&label=cat";
  const wanted = { ...NOTHING, level: "0.8", solve: "1", show: "counted:3", label: "cat" };
  assert.deepEqual(returnedTo("?session=1&example=7&level=0.8&solve=1", kept), wanted);
});

test("what isn't said is left out", () => {
  assert.deepEqual(said({ level: "", who: "ann" }), { who: "ann" });
});
