import assert from "node:assert/strict";
import test from "node:test";

import { Model } from "../../errortool/web/review/model.js";
import { Work } from "../../errortool/web/review/work.js";
import { FakeBrowser, newState, randomNumbers, settle, tick } from "./fakes.js";

/** @import { FakeServer } from "./fakes.js" */
/** @import { Event, NumberedChange, Patch, ReviewState } from "../../errortool/web/review/wire.d.ts" */

const LABEL_ERRORS = [
  { name: "Dog" },
  { name: "Mislabeled", kind: /** @type {const} */ ("label error") },
  { name: "Wrong", kind: /** @type {const} */ ("label error") },
];

/**
 * @param {{state?: Partial<ReviewState>, reviewer?: string, browser?: FakeBrowser,
 *   prepare?: (server: FakeServer) => void}} options
 */
async function open({ state = {}, reviewer = "", browser = new FakeBrowser(), prepare = () => {} } = {}) {
  browser.server.state = { ...newState(), ...state };
  prepare(browser.server);
  const seen = { said: /** @type {string[]} */ ([]), loaded: 0, changed: 0, renewals: 0 };
  const hooks = {
    loaded: () => void (seen.loaded += 1),
    changed: () => void (seen.changed += 1),
    saving() {},
    say: (/** @type {string} */ sentence) => void seen.said.push(sentence),
    renew: () => void (seen.renewals += 1),
  };
  const work = new Work({ uid: "uid", token: "token", reviewer }, hooks, browser);
  await settle();
  return { work, browser, server: browser.server, clock: browser.clock, seen };
}

/** @param {Work} work */
function loaded({ model }) {
  assert.ok(model);
  return model;
}

/** @param {NumberedChange} change */
function examplesOf(change) {
  assert.ok("examples" in change);
  return change.examples;
}

/**
 * @param {number} id
 * @param {Patch} after
 * @param {{before?: Patch, reviewer?: string, kind?: string}} options
 * @returns {Event}
 */
function event(id, after, { before = {}, reviewer = "me", kind = "tick" } = {}) {
  return { id, client: "another", seq: id, reviewer, kind, before, after };
}

// --- what an action changes ----------------------------------------------------------------------

test("a tick is on screen at once, and sent with its reviewer", async () => {
  const { work, server, seen } = await open({ reviewer: "Ann" });
  work.tick(3, "1", 1);
  assert.equal(loaded(work).tick("1", 3), 1);
  assert.equal(seen.changed, 1);
  assert.equal(work.saving, "saving");
  await settle();
  assert.deepEqual(server.taken, [{ seq: 0, ...tick(3, "Ann") }]);
  assert.equal(work.saving, "saved");
});

/** The ways to take a tick away: in the review and the contact sheet, in the table, by repeating. */
const UNTICKINGS = /** @type {[string, (work: Work) => void][]} */ ([
  ["by its key", (work) => work.toggle([0], "2")],
  ["on several images in the contact sheet", (work) => work.toggle([0, 1], "2")],
  ["as a no in the table", (work) => work.tick(0, "2", 0)],
  ["as not looked at in the table", (work) => work.tick(0, "2", null)],
  ["by repeating an image without it", (work) => work.repeat(0, 5)],
]);

for (const [way, untick] of UNTICKINGS) {
  test(`the last label error that is unticked takes the right label with it: ${way}`, async () => {
    const { work, server } = await open({ state: newState({ categories: LABEL_ERRORS }) });
    for (const position of [0, 1]) {
      work.tick(position, "2", 1);
      work.relabel(position, "cat");
    }
    untick(work);
    assert.equal(loaded(work).look(0).corrected_label, null);
    await settle();
    const sent = server.taken.at(-1);
    assert.ok(sent);
    assert.equal(examplesOf(sent)[0].corrected_label, null);
    work.undo();
    assert.equal(loaded(work).look(0).corrected_label, "cat");
    assert.equal(loaded(work).tick("2", 0), 1);
  });

  test(`while another label error is ticked the right label stays: ${way}`, async () => {
    const { work } = await open({ state: newState({ categories: LABEL_ERRORS }) });
    for (const position of [0, 1, 5]) work.tick(position, "3", 1);
    for (const position of [0, 1]) {
      work.tick(position, "2", 1);
      work.relabel(position, "cat");
    }
    untick(work);
    assert.equal(loaded(work).tick("2", 0) === 1, false);
    assert.equal(loaded(work).look(0).corrected_label, "cat");
  });
}

test("toggling ticks all where one lacks it, and unticks where none does", async () => {
  const { work, server } = await open();
  work.tick(0, "1", 1);
  work.toggle([0, 1, 2], "1");
  assert.deepEqual([0, 1, 2].map((at) => loaded(work).tick("1", at)), [1, 1, 1]); // prettier-ignore
  work.toggle([0, 1, 2], "1");
  assert.deepEqual([0, 1, 2].map((at) => loaded(work).tick("1", at)), [0, 0, 0]); // prettier-ignore
  work.toggle([], "1");
  await settle();
  assert.deepEqual(server.taken.map(({ kind }) => kind), ["tick", "tick many", "tick many"]); // prettier-ignore
});

/** The ways to mark an image as looked at: in the review, in the contact sheet, in the table. */
const LOOKS = /** @type {[string, (work: Work) => void][]} */ ([
  ["on to the next image", (work) => work.lookAt(0, { seconds: 2 })],
  ["in the contact sheet", (work) => work.lookAtMany([0])],
  ["in the table", (work) => work.lookAt(0)],
]);

for (const [way, look] of LOOKS) {
  test(`no tick means no, and fills only what wasn't said: ${way}`, async () => {
    const { work, server } = await open();
    work.tick(0, "1", 1);
    look(work);
    const model = loaded(work);
    assert.deepEqual([model.tick("1", 0), model.tick("2", 0), model.lookedAt(0)], [1, 0, true]);
    await settle();
    const sent = server.taken.at(-1);
    assert.ok(sent && "fills" in sent && sent.fills);
    assert.deepEqual([sent.kind, examplesOf(sent)[0].ticks], ["look", { 2: 0 }]);
    work.undo();
    assert.deepEqual([model.tick("1", 0), model.tick("2", 0), model.lookedAt(0)], [1, Model.UNSEEN, false]);
  });
}

test("marking many leaves out those that were looked at", async () => {
  const { work, server } = await open();
  work.lookAt(1);
  work.lookAtMany([0, 1, 2]);
  work.lookAtMany([0, 1, 2]);
  await settle();
  assert.equal(server.taken.length, 2);
  assert.deepEqual(Object.keys(examplesOf(server.taken[1])), ["0", "2"]);
});

test("an image that can't be shown is unreadable, unless it has a tick", async () => {
  const { work } = await open();
  work.lookAt(0, { seconds: 1, unreadable: true });
  work.tick(1, "1", 1);
  work.lookAt(1, { seconds: 1, unreadable: true });
  const model = loaded(work);
  assert.deepEqual([model.look(0).status, model.tick("1", 0)], ["unreadable", Model.UNSEEN]);
  assert.deepEqual([model.look(1).status, model.tick("2", 1)], ["looked at", 0]);
});

test("the seconds of several looks at an image add up", async () => {
  const { work } = await open();
  work.lookAt(0, { seconds: 1.234 });
  work.lookAt(0, { seconds: 2.001 });
  assert.equal(loaded(work).look(0).seconds, 3.23);
});

test("repeating makes the ticks those of the other image, and says nothing where they are", async () => {
  const { work, server } = await open();
  work.tick(0, "1", 1);
  work.tick(1, "2", 1);
  work.repeat(1, 0);
  work.repeat(1, 0);
  await settle();
  assert.deepEqual(server.taken.map(({ kind }) => kind), ["tick", "tick", "repeat"]); // prettier-ignore
  assert.deepEqual(examplesOf(server.taken[2]), { 1: { ticks: { 1: 1, 2: 0 } } });
});

test("what changes nothing is neither sent nor undone", async () => {
  const { work, server } = await open();
  work.comment(0, "");
  work.relabel(0, null);
  await settle();
  assert.deepEqual(server.taken, []);
  assert.equal(work.undo().words, "Nothing to undo.");
});

// --- undo ----------------------------------------------------------------------------------------

test("every step can be undone, and is named in words", async () => {
  const { work } = await open();
  work.tick(0, "1", 1);
  work.toggle([1, 2], "2");
  work.lookAt(3);
  work.lookAtMany([4, 5]);
  work.defer(6);
  work.comment(7, "far away");
  work.relabel(8, "cat");
  work.unlook(3);
  work.addCategory("  Wet   fur ");
  work.changeCategories("rename", { 1: { name: "Wolf" } });
  work.reorder(["2", "1"]);
  const words = Array.from({ length: 12 }, () => work.undo().words);
  assert.deepEqual(words, [
    "Undid moving the categories",
    "Undid renaming Dog",
    "Undid adding Wet fur",
    "Undid marking image 4 as not looked at",
    "Undid relabeling image 9",
    "Undid commenting on image 8",
    "Undid deferring image 7",
    "Undid looking at 2 images",
    "Undid looking at image 4",
    "Undid ticking Blurry on 2 images",
    "Undid ticking Dog on image 1",
    "Nothing to undo.",
  ]);
  assert.deepEqual(loaded(work).figures(), new Model(newState()).figures());
  assert.deepEqual(loaded(work).shown.map(({ name }) => name), ["Dog", "Blurry"]); // prettier-ignore
});

test("a comment is one step, however often it was typed on", async () => {
  const { work, server, clock } = await open();
  for (const text of ["f", "fa", "far"]) work.comment(0, text, 800);
  await clock.pass(1_000);
  assert.deepEqual(server.taken.map((change) => examplesOf(change)[0].comment), ["far"]); // prettier-ignore
  assert.equal(work.undo().words, "Undid commenting on image 1");
  assert.equal(loaded(work).look(0).comment, "");
  assert.equal(work.undo().words, "Nothing to undo.");
});

test("undo goes on with what was done before the page was opened, and before that", async () => {
  const patches = [0, 1, 2].map((position) => ({ examples: { [position]: { comment: "before" } } }));
  const events = [0, 1, 2].map((position) =>
    event(
      position + 1,
      { examples: { [position]: { comment: "after" } } },
      { before: patches[position], kind: "comment" },
    ),
  );
  const { work, server } = await open({ state: { steps: events.slice(1) }, prepare: (one) => void (one.older = events.slice(0, 1)) }); // prettier-ignore
  assert.equal(work.undo().words, "Undid commenting on image 3");
  assert.equal(loaded(work).look(2).comment, "before");
  await settle();
  server.older = [];
  assert.equal(work.undo().words, "Undid commenting on image 2");
  assert.equal(work.undo().words, "Undid commenting on image 1");
  await settle();
  assert.equal(work.undo().words, "Nothing to undo.");
  assert.deepEqual(server.taken.map((change) => "undo" in change && change.undo), [3, 2, 1]); // prettier-ignore
  assert.match(server.gets[1], /steps\/uid\?before=2&reviewer=/);
});

test("a merge is undone by the server alone, and read anew", async () => {
  const merge = event(
    1,
    { categories: { 1: { retired: 1 } }, judgements: { 2: [] } },
    { before: { categories: { 1: { retired: 0 } }, judgements: { 2: [] } }, kind: "merge" },
  );
  const { work, seen } = await open({ state: { steps: [merge] } });
  assert.equal(work.undo().words, "Undid merging Dog");
  await settle();
  assert.equal(seen.loaded, 2);
});

test("every kind of change is undone in words of its own", async () => {
  const { work } = await open({ state: newState({ categories: LABEL_ERRORS }) });
  /** @type {[() => void, string][]} */
  const acts = [
    [() => work.tick(0, "1", 0), "unticking Dog on image 1"],
    [() => work.tick(0, "1", null), "clearing Dog on image 1"],
    [() => (work.tick(1, "1", 1), work.repeat(2, 1)), "repeating ticks on image 3"],
    [() => work.lookAt(4, { unreadable: true }), "leaving image 5 out"],
    [() => work.changeCategories("describe", { 1: { description: "small" } }), "describing Dog"],
    [() => work.changeCategories("mark", { 1: { kind: "label error" } }), "changing what is blamed by Dog"],
    [() => work.changeCategories("edit", { 1: { name: "Wolf", kind: "cause" } }), "editing Dog"],
    [() => work.changeCategories("retire", { 3: { retired: 1 } }), "hiding Wrong"],
    [() => work.changeCategories("restore", { 3: { retired: 0 } }), "restoring Wrong"],
    [() => work.changeCategories("rename", { 2: { name: "خلفية" } }), "renaming Mislabeled"],
    [() => work.tick(5, "2", 1), "ticking \u2068خلفية\u2069 on image 6"],
    [() => work.merge("1", "2"), "merging Wolf"],
    [() => work.split("2", ["a", "b"]), "splitting \u2068خلفية\u2069"],
  ];
  for (const [act, words] of acts) {
    act();
    assert.equal(work.undo().words, `Undid ${words}`);
    assert.equal(work.redo().words, `Redid ${words}`);
  }
});

test("what was undone is redone, any number of steps, in its order", async () => {
  const { work, server } = await open();
  const model = loaded(work);
  work.tick(0, "1", 1);
  work.lookAt(0, { seconds: 2 });
  work.comment(1, "far");
  work.addCategory("Wet", [2]);
  const shown = shownBy(model);
  for (let step = 0; step < 5; step += 1) work.undo();
  assert.deepEqual(shownBy(model), shownBy(new Model(newState())));
  assert.equal(work.canRedo, true);
  const words = Array.from({ length: 6 }, () => work.redo().words);
  assert.deepEqual(words, [
    "Redid ticking Dog on image 1",
    "Redid looking at image 1",
    "Redid commenting on image 2",
    "Redid adding Wet",
    "Redid ticking Wet on image 3",
    "Nothing to redo.",
  ]);
  assert.deepEqual(shownBy(model), shown);
  assert.equal(work.undo().words, "Undid ticking Wet on image 3");
  assert.equal(work.redo().words, "Redid ticking Wet on image 3");
  assert.deepEqual(shownBy(model), shown);
  await settle();
  assert.deepEqual(replayed(server.taken, newState(), server.posts[0].batch.client), shown);
});

test("a new change clears what could be redone", async () => {
  const { work } = await open();
  work.tick(0, "1", 1);
  work.undo();
  work.tick(1, "1", 1);
  assert.equal(work.canRedo, false);
  assert.deepEqual(work.redo(), { restored: null, words: "Nothing to redo." });
  work.undo();
  work.changeCategories("rename", { 1: { name: "Wolf" } });
  assert.equal(work.canRedo, false);
});

test("redo goes on with what was undone before the page was opened, and names what that was", async () => {
  const undos = [0, 1].map((position) =>
    event(
      position + 3,
      { examples: { [position]: { status: null } } },
      { before: { examples: { [position]: { status: "deferred" } } }, kind: "defer" },
    ),
  );
  const { work, server } = await open({ state: { undone: undos } });
  assert.equal(work.redo().words, "Redid deferring image 2");
  assert.equal(work.redo().words, "Redid deferring image 1");
  assert.equal(loaded(work).look(0).status, "deferred");
  await settle();
  assert.deepEqual(server.taken.map((change) => "undo" in change && change.undo), [4, 3]); // prettier-ignore
});

test("what was undone and redone stays so while the session is read anew", async () => {
  const { work, server, seen } = await open({ reviewer: "me" });
  work.tick(0, "1", 1);
  work.tick(1, "1", 1);
  await settle();
  server.frozen = "reads";
  work.rename("me");
  await settle();
  work.undo();
  work.undo();
  work.redo();
  const shown = shownBy(loaded(work));
  server.state = { ...newState(), steps: [0, 1].map((seq) => ownEvent(server.posts[0].batch.client, seq)) };
  server.state.ticks = { 1: [[0, 1], []] };
  await server.thaw();
  await settle();
  assert.equal(seen.loaded, 2);
  assert.deepEqual(shownBy(loaded(work)), shown);
  assert.equal(work.redo().words, "Redid ticking Dog on image 2");
  assert.equal(work.undo().words, "Undid ticking Dog on image 2");
});

/**
 * Returns a tick of Dog on an image, as the server recorded this page's.
 * @param {string} client
 * @param {number} seq also the position
 * @returns {Event}
 */
function ownEvent(client, seq) {
  const before = { examples: { [seq]: { ticks: { 1: null } } } };
  return { id: seq + 1, client, seq, reviewer: "me", kind: "tick", before, after: { examples: { [seq]: { ticks: { 1: 1 } } } } }; // prettier-ignore
}

test("a merge that isn't saved yet is undone and redone in its turn", async () => {
  const { work, server } = await open();
  server.offline = true;
  work.tick(0, "1", 1);
  work.merge("1", "2");
  assert.deepEqual(loaded(work).shown.map(({ key }) => key), ["2"]); // prettier-ignore
  assert.equal(work.undo().words, "Undid merging Dog");
  assert.deepEqual(loaded(work).shown.map(({ key }) => key), ["1", "2"]); // prettier-ignore
  assert.equal(work.redo().words, "Redid merging Dog");
  server.offline = false;
  await settle();
  work.undo();
  await settle();
});

// --- categories ----------------------------------------------------------------------------------

test("a new category is ticked where it was named", async () => {
  const { work, server } = await open();
  work.addCategory("Wet", [3, 4]);
  const key = loaded(work).categoryNamed("Wet")?.key ?? "";
  assert.deepEqual([2, 3, 4].map((at) => loaded(work).tick(key, at)), [Model.UNSEEN, 1, 1]); // prettier-ignore
  work.addCategory("Dry");
  await settle();
  assert.deepEqual(server.taken.map(({ kind }) => kind), ["new category", "tick many", "new category"]); // prettier-ignore
});

test("with two classes the other is the right label of what is marked as mislabeled", async () => {
  const state = newState({ categories: LABEL_ERRORS });
  state.examples.label = state.examples.key.map((_, at) => (at % 2 ? "cat" : "dog"));
  state.examples.prediction = state.examples.key.map((_, at) => (at % 2 ? "dog" : "cat"));
  const { work } = await open({ state });
  const model = loaded(work);
  work.toggle([0, 1], "2");
  assert.deepEqual([0, 1].map((at) => model.look(at).corrected_label), ["cat", "dog"]); // prettier-ignore
  work.relabel(0, "no right label");
  work.tick(0, "3", 1); // another label error: what was given stays
  assert.equal(model.look(0).corrected_label, "no right label");
  work.tick(2, "1", 1); // no label error
  assert.equal(model.look(2).corrected_label, null);
  work.toggle([1], "2");
  assert.equal(model.look(1).corrected_label, null);
});

test("merging says how many images become not looked at", async () => {
  const { work } = await open({
    state: newState({ categories: [{ name: "Dog" }, { name: "Late" }, { name: "Old" }] }),
  });
  const model = loaded(work);
  for (let at = 0; at < 6; at += 1) work.lookAt(at);
  for (let at = 0; at < 4; at += 1) work.tick(at, "2", null); // as a category that came late
  work.tick(0, "1", 1);
  assert.equal(model.unseenByMerging("2", "1"), 3);
  assert.equal(model.unseenByMerging("1", "2"), 0);
  assert.equal(model.unseenByMerging("3", "1"), 0);
});

test("a new category is used at once, and numbered when the server has made it", async () => {
  const { work, server } = await open();
  server.made = { 0: [7] };
  work.addCategory("Wet");
  const key = loaded(work).categoryNamed("wet")?.key ?? "";
  work.tick(0, key, 1);
  await settle();
  assert.equal(loaded(work).category(key)?.id, 7);
  assert.deepEqual(server.taken[0], { seq: 0, reviewer: "", kind: "new category", new: { name: "Wet", kind: "cause", position: 2 } }); // prettier-ignore
  assert.deepEqual(examplesOf(server.taken[1]), { 0: { ticks: { [key]: 1 } } });
});

test("a name is objected to where another category has it", async () => {
  const { work } = await open();
  assert.equal(work.objectionTo(" dog "), "There is already a category Dog.");
  assert.equal(work.objectionTo("dog", "1"), "");
  assert.equal(work.objectionTo("Dog", "2"), "There is already a category Dog.");
  assert.equal(work.objectionTo("Wet"), "");
});

test("merging and splitting are left to the server, and read anew", async () => {
  const { work, server, seen } = await open();
  work.merge("1", "2");
  await settle();
  work.split("2", ["a", "b"]);
  await settle();
  assert.equal(seen.loaded, 3);
  assert.deepEqual(server.taken.map(({ kind }) => kind), ["merge", "split"]); // prettier-ignore
});

// --- reading -------------------------------------------------------------------------------------

test("until the server can be reached it says so, and tries again", async () => {
  const { work, server, clock, seen } = await open({ prepare: (one) => void (one.offline = true) });
  assert.deepEqual(seen.said, ["The server can't be reached; trying again."]);
  server.offline = false;
  server.fault = { status: 503, error: "the session file was deleted" };
  await clock.pass(1_000);
  assert.equal(seen.said.at(-1), "the session file was deleted");
  assert.equal(work.model, null);
  server.fault = null;
  await clock.pass(1_000);
  assert.equal(seen.said.at(-1), "");
  assert.equal(seen.loaded, 1);
});

test("a reading that is refused for its token asks for another", async () => {
  const { server, clock, seen } = await open({ prepare: (one) => void (one.fault = { status: 403, error: "token" }) });
  assert.equal(seen.renewals, 1);
  server.fault = null;
  await clock.pass(1_000);
  assert.equal(seen.loaded, 1);
});

test("what earlier pages left is sent before the session is read, and what is rejected said after", async () => {
  const browser = new FakeBrowser();
  browser.stored.setItem("errortool:uid:old", JSON.stringify([{ seq: 0, ...tick(4) }, "odd"]));
  const { server, seen } = await open({ browser });
  assert.deepEqual(server.taken, [{ seq: 0, ...tick(4) }]);
  assert.match(seen.said.at(-1) ?? "", /an earlier page left can't be taken/);
  assert.equal(seen.loaded, 1);
});

test("what is done while the session is read anew stays, is sent after, and can be undone", async () => {
  const { work, server, seen } = await open();
  server.frozen = "reads";
  work.merge("1", "2");
  await settle();
  work.tick(0, "2", 1);
  work.tick(1, "2", 1);
  work.tick(2, "2", 1);
  assert.equal(work.undo().words, "Undid ticking Blurry on image 3");
  await server.thaw();
  await settle();
  assert.equal(seen.loaded, 2);
  assert.deepEqual([0, 1, 2].map((at) => loaded(work).tick("2", at)), [1, 1, Model.UNSEEN]); // prettier-ignore
  assert.deepEqual(server.taken.map(({ kind }) => kind), ["merge", "tick", "tick", "tick", "undo"]); // prettier-ignore
  assert.equal(work.undo().words, "Undid ticking Blurry on image 2");
  assert.equal(loaded(work).tick("2", 1), Model.UNSEEN);
});

test("nothing is sent while the session is read: what is saved meanwhile would not be seen", async () => {
  const { work, server } = await open();
  server.frozen = "reads";
  work.merge("1", "2");
  await settle();
  work.tick(0, "2", 1);
  await settle();
  assert.equal(server.deliveries.length, 1);
  await server.thaw();
  await settle();
  assert.equal(server.deliveries.length, 2);
});

test("somebody else begins with their own ticks, and sees none of the other's that wait", async () => {
  const { work, server, browser, clock } = await open();
  server.offline = true;
  work.tick(0, "1", 1);
  await settle();
  work.rename("Bob");
  server.offline = false;
  await clock.pass(6_000);
  assert.equal(loaded(work).reviewer, "Bob");
  assert.equal(loaded(work).tick("1", 0), Model.UNSEEN);
  assert.equal(browser.stored.getItem("errortool-reviewer"), "Bob");
  work.tick(1, "1", 1);
  await clock.pass(6_000);
  assert.deepEqual(server.taken.map(({ reviewer }) => reviewer), ["", "Bob"]); // prettier-ignore
});

test("another reviewer's changes that still wait stay out of sight when news come", async () => {
  const { work, server, clock } = await open();
  server.offline = true;
  for (let step = 0; step < 200; step += 1) work.toggle([0], "1");
  work.tick(1, "1", 1); // the 201st goes in the next request
  await settle();
  server.cursor = 300;
  server.news = [event(301, { examples: { 5: { ticks: { 2: 1 } } } }, { reviewer: "Bob" })];
  /** @type {number[]} */
  const shown = [];
  const fetch = server.fetch.bind(server);
  server.fetch = (url, init) => (shown.push(work.model?.tick("1", 1) ?? Model.UNSEEN), fetch(url, init));
  server.offline = false;
  work.rename("Bob");
  await clock.pass(6_000);
  assert.equal(server.taken.length, 201);
  const [beforeBob, ...since] = shown;
  assert.equal(beforeBob, 1);
  assert.deepEqual(new Set(since), new Set([Model.UNSEEN]));
  assert.equal(loaded(work).tick("2", 5), 1);
});

test("the session is read after the request under way is answered, not beside it", async () => {
  const { work, server } = await open();
  server.frozen = true;
  work.tick(0, "1", 1);
  await settle();
  work.rename("Bob");
  await settle();
  assert.equal(server.gets.length, 1);
  await server.thaw();
  assert.equal(server.gets.length, 2);
});

test("the reviewer is the one who signed in, else the one this browser remembers", async () => {
  const browser = new FakeBrowser();
  browser.stored.setItem("errortool-reviewer", "Ann");
  assert.equal(loaded((await open({ browser })).work).reviewer, "Ann");
  assert.equal(loaded((await open({ browser: browser.page(), reviewer: "Bob" })).work).reviewer, "Bob");
});

// --- answers -------------------------------------------------------------------------------------

test("what another tab did is shown", async () => {
  const { work, server, clock } = await open();
  server.cursor = 5;
  server.news = [
    event(4, { examples: { 3: { ticks: { 1: 1 } } } }),
    event(5, { categories: { 9: { name: "Wet", kind: "cause", position: 5, retired: 0 } } }, { reviewer: "Bob" }),
  ];
  await clock.pass(1_000);
  assert.equal(loaded(work).tick("1", 3), 1);
  assert.equal(loaded(work).category("9")?.name, "Wet");
});

test("another reviewer's ticks are theirs alone", async () => {
  const { work, server, clock, seen } = await open();
  server.cursor = 4;
  server.news = [event(4, { examples: { 3: { ticks: { 1: 1 } } } }, { reviewer: "Bob" })];
  await clock.pass(1_000);
  assert.equal(loaded(work).tick("1", 3), Model.UNSEEN);
  assert.equal(seen.loaded, 1);
});

test("news after the cursor wait for the answer that has them before it", async () => {
  const { work, server, clock } = await open();
  server.cursor = 3;
  server.news = [event(4, { examples: { 3: { ticks: { 1: 1 } } } })];
  await clock.pass(1_000);
  assert.equal(loaded(work).tick("1", 3), Model.UNSEEN);
  server.cursor = 4;
  await clock.pass(1_000);
  assert.equal(loaded(work).tick("1", 3), 1);
});

test("news don't overtake what is on its way, and looking takes no tick of another tab", async () => {
  const { work, server } = await open();
  server.frozen = true;
  work.tick(5, "1", 1);
  await settle();
  work.tick(3, "1", 0);
  work.lookAt(4);
  server.cursor = 8;
  server.news = [event(8, { examples: { 3: { ticks: { 1: 1 } }, 4: { ticks: { 1: 1 } } } })];
  await server.thaw();
  assert.equal(loaded(work).tick("1", 3), 0);
  assert.equal(loaded(work).tick("1", 4), 1);
});

test("news of the images that were just sent have the session read anew: who was later?", async () => {
  const { work, server, seen } = await open();
  server.cursor = 8;
  server.news = [event(8, { examples: { 3: { ticks: { 1: 1 } } } })];
  work.tick(3, "2", 1);
  await settle();
  assert.equal(seen.loaded, 2);
});

test("another tab's merge has the session read anew", async () => {
  const { server, clock, seen } = await open();
  server.cursor = 8;
  server.news = [event(8, { categories: { 1: { retired: 1 } }, judgements: { 1: [] } }, { kind: "merge" })];
  await clock.pass(1_000);
  assert.equal(seen.loaded, 2);
});

test("what is refused is said, and the session read as it is", async () => {
  const { work, server, seen } = await open();
  server.refuses = () => "there is already a category 'Dog'";
  work.addCategory("Wet");
  await settle();
  assert.ok(seen.said.includes("Not taken: there is already a category 'Dog'."));
  assert.equal(seen.loaded, 2);
  assert.equal(loaded(work).categoryNamed("Wet"), undefined);
});

test("drawing more reads the session anew, and says where to go on", async () => {
  const { work, server, seen } = await open({ state: newState({ errors: 3, right: 2 }) });
  work.tick(0, "1", 1);
  server.more = () => (server.state = newState({ errors: 5, right: 2 }));
  assert.deepEqual(await work.drawMore(2), { first: 5, words: "Drew 2 more errors." });
  assert.equal(seen.loaded, 2);
  assert.equal(server.bodies.at(-1)?.number, 2);
  server.fault = { status: 404, error: "the predictions file is gone" };
  assert.deepEqual(await work.drawMore(2), { first: null, words: "the predictions file is gone" });
  server.fault = null;
  server.offline = true;
  assert.deepEqual(await work.drawMore(2), { first: null, words: "The server can't be reached: try again." });
});

test("an open page learns of errors that were drawn elsewhere", async () => {
  const { server, clock, seen } = await open();
  server.cursor = 7;
  server.news = [event(7, {}, { reviewer: "Bob", kind: "draw more" })];
  await clock.pass(1_000);
  assert.equal(seen.loaded, 2);
});

test("the reviewers are those who touched the session, and whoever is about to", async () => {
  const { work } = await open({ state: { reviewers: ["root", "Ann"] }, reviewer: "Maria" });
  assert.deepEqual(work.reviewers, ["Ann", "Maria", "root"]);
});

test("what keeps changes from being saved is said as long as it does", async () => {
  const { work, server, clock, seen } = await open();
  server.fault = { status: 503, error: "the disk is full: free some space" };
  work.tick(0, "1", 1);
  await settle();
  assert.equal(work.saving, "retrying");
  assert.equal(seen.said.at(-1), "Not saved: the disk is full: free some space.");
  server.fault = null;
  await clock.pass(5_000);
  assert.equal(work.saving, "saved");
  assert.equal(seen.said.at(-1), "");
});

test("a new token is used at once", async () => {
  const { work, server, seen } = await open();
  server.token = "new";
  work.tick(0, "1", 1);
  await settle();
  assert.equal(seen.renewals, 1);
  work.useToken("new");
  await settle();
  assert.equal(work.saving, "saved");
});

test("advice is what the server gives, or nothing", async () => {
  const { work, server } = await open();
  assert.deepEqual(await work.advice(), { brief: "go on", lines: [] });
  server.offline = true;
  assert.equal(await work.advice(), null);
});

test("random work, interrupted at random, arrives as it is on screen", async () => {
  for (let seed = 0; seed < 10; seed += 1) {
    const random = randomNumbers(seed);
    const { work, server, clock } = await open({ state: newState({ categories: LABEL_ERRORS }) });
    for (let step = 0; step < 60; step += 1) {
      const position = Math.floor(random() * 12);
      const key = String(1 + Math.floor(random() * 3));
      const kind = random();
      if (kind < 0.5) work.toggle([position], key);
      else if (kind < 0.7) work.lookAt(position, { seconds: random() });
      else if (kind < 0.8) work.comment(position, `${step}`, 800);
      else if (kind < 0.87) work.undo();
      else if (kind < 0.92) work.redo();
      else work.relabel(position, "cat");
      server.offline = random() < 0.4;
      if (random() < 0.3) await clock.pass(Math.floor(random() * 2_000));
    }
    server.offline = false;
    await clock.pass(10_000);
    assert.equal(work.saving, "saved");
    assert.deepEqual(replayed(server.taken), shownBy(loaded(work)), `seed ${seed}`);
  }
});

/**
 * Returns what changes make of a session, as the server carries them out one after the other.
 * @param {NumberedChange[]} changes
 * @param {ReviewState} state
 * @param {string} client who sent them
 */
function replayed(changes, state = newState({ categories: LABEL_ERRORS }), client = "") {
  const model = new Model(state);
  /** @type {Map<number, Patch>} */
  const befores = new Map();
  for (const change of changes) {
    /** @type {Patch} */
    let patch = {};
    if ("undo" in change) patch = befores.get(Number(String(change.undo).split(":").at(-1))) ?? {};
    else if ("examples" in change) patch = model.pendingPatch(change, { patch: change, step: null });
    else if ("new" in change) patch = { categories: { [`${client}:${change.seq}`]: { ...change.new, retired: 0 } } };
    befores.set(change.seq, model.before(patch));
    model.apply(patch);
  }
  return shownBy(model);
}

/** @param {Model} model */
function shownBy(model) {
  const positions = Array.from({ length: model.size }, (_, position) => position);
  return positions.map((position) => ({
    ...model.look(position),
    ticks: model.shown.map(({ key }) => model.tick(key, position)),
  }));
}
