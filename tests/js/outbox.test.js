import assert from "node:assert/strict";
import test from "node:test";

import { Outbox } from "../../errortool/web/review/outbox.js";
import { Server } from "../../errortool/web/review/server.js";
import { comment, FakeBrowser, settle, tick } from "./fakes.js";

/** @import { Answer } from "../../errortool/web/review/wire.d.ts" */
/** @import { PendingChange } from "../../errortool/web/review/types.d.ts" */

const LONG = "漢".repeat(9_990); // three bytes a letter

/** @param {{browser?: FakeBrowser, signedInAs?: string}} options */
function open({ browser = new FakeBrowser(), signedInAs = "" } = {}) {
  /** @type {{answer: Answer, batch: readonly PendingChange[]}[]} */
  const answers = [];
  const asked = { renewals: 0 };
  const server = new Server("uid", "token", browser);
  const outbox = new Outbox({
    uid: "uid",
    server,
    signedInAs,
    browser,
    hooks: {
      changed() {},
      answered: (answer, batch) => void answers.push({ answer, batch }),
      renew: () => void (asked.renewals += 1),
    },
  });
  return { outbox, browser, client: server, server: browser.server, clock: browser.clock, answers, asked };
}

/** @param {FakeBrowser} browser */
function kept(browser) {
  return [...browser.stored.texts].flatMap(([name, text]) =>
    JSON.parse(text).map((/** @type {{seq: number}} */ { seq }) => `${name.split(":").at(-1)}:${seq}`),
  );
}

test("a change is kept in the storage until the server has it, and called saved only then", async () => {
  const { outbox, browser, server } = open();
  server.frozen = true;
  const { ref } = outbox.push(tick(0));
  assert.deepEqual(kept(browser), [ref]);
  assert.equal(outbox.state, "saving");
  await settle();
  assert.equal(outbox.state, "saving");
  await server.thaw();
  assert.equal(outbox.state, "saved");
  assert.deepEqual(kept(browser), []);
  assert.deepEqual(server.taken, [{ seq: 0, ...tick(0) }]);
});

test("changes are numbered in their order, and named before they are made", async () => {
  const { outbox, server } = open();
  for (let position = 0; position < 3; position += 1) {
    const wanted = outbox.nextRef;
    assert.equal(outbox.push(tick(position)).ref, wanted);
    assert.equal(wanted, outbox.refOf(position));
  }
  await settle();
  assert.deepEqual(server.taken.map(({ seq }) => seq), [0, 1, 2]); // prettier-ignore
});

test("without a server it tries again, less and less often, and loses nothing", async () => {
  const { outbox, browser, server, clock } = open();
  /** @type {number[]} */
  const tried = [];
  const fetch = server.fetch.bind(server);
  browser.fetch = (url, init) => (tried.push(clock.now), fetch(url, init));
  server.offline = true;
  outbox.push(tick(0));
  await clock.pass(21_000);
  assert.deepEqual(tried, [0, 300, 1_000, 2_500, 5_500, 10_500, 15_500, 20_500]);
  assert.equal(outbox.state, "retrying");
  assert.deepEqual(server.taken, []);
  assert.equal(kept(browser).length, 1);
  server.offline = false;
  await clock.pass(5_000);
  assert.equal(outbox.state, "saved");
  assert.equal(server.taken.length, 1);
});

test("after success the next failure is tried again soon", async () => {
  const { outbox, server, clock } = open();
  server.offline = true;
  outbox.push(tick(0));
  await clock.pass(30_000);
  server.offline = false;
  await clock.pass(5_000);
  server.offline = true;
  outbox.push(tick(1));
  await settle();
  server.offline = false;
  await clock.pass(300);
  assert.equal(outbox.state, "saved");
});

test("a network that is back, and a page that is looked at again, are reasons to try at once", async () => {
  for (const back of [
    (/** @type {FakeBrowser} */ browser) => browser.happens("online"),
    (/** @type {FakeBrowser} */ browser) => browser.hide(false),
  ]) {
    const { outbox, browser, server, clock } = open();
    server.offline = true;
    outbox.push(tick(0));
    await clock.pass(20_000);
    server.offline = false;
    back(browser);
    await settle();
    assert.equal(outbox.state, "saved");
  }
});

test("an answer that is late is not waited for, nor the change counted twice", async () => {
  const { outbox, server, clock } = open();
  server.frozen = true;
  outbox.push(tick(0));
  await clock.pass(1_400);
  assert.equal(outbox.state, "saving");
  await clock.pass(200);
  assert.equal(outbox.state, "retrying");
  await clock.pass(38_400);
  assert.equal(server.posts.length, 4); // each given up after 10 s
  assert.equal(outbox.state, "retrying");
  await server.thaw();
  await clock.pass(10_000);
  assert.equal(outbox.state, "saved");
  assert.deepEqual(server.taken, [{ seq: 0, ...tick(0) }]);
});

test("what is done while the server is away goes in order when it is back", async () => {
  const { outbox, server, clock } = open();
  server.offline = true;
  for (let position = 0; position < 50; position += 1) {
    outbox.push(tick(position));
    await clock.pass(137);
  }
  server.offline = false;
  await clock.pass(5_000);
  assert.deepEqual(
    server.taken,
    Array.from({ length: 50 }, (_, position) => ({ seq: position, ...tick(position) })),
  );
});

test("a request has 200 changes at most", async () => {
  const { outbox, server, clock } = open();
  server.offline = true;
  for (let position = 0; position < 450; position += 1) outbox.push(tick(position));
  await settle();
  server.offline = false;
  await clock.pass(5_000);
  const sizes = server.deliveries.map(({ changes }) => changes.length);
  assert.deepEqual(sizes, [200, 200, 50]);
  assert.equal(server.taken.length, 450);
});

test("a request has 30 kB at most, or one change that is longer", async () => {
  const { outbox, server, clock } = open();
  server.offline = true;
  outbox.push(comment(0, LONG));
  outbox.push(tick(0));
  outbox.push(comment(1, "x".repeat(20_000)));
  outbox.push(comment(2, "x".repeat(20_000)));
  outbox.push(comment(3, "y".repeat(40_000)));
  outbox.push(tick(4));
  await settle();
  server.offline = false;
  await clock.pass(5_000);
  assert.deepEqual(
    server.deliveries.map(({ changes }) => changes.map(({ seq }) => seq)),
    [[0], [1, 2], [3], [4], [5]],
  );
});

test("a held comment waits, and a newer text takes its place under a number of its own", async () => {
  const { outbox, browser, server, clock } = open();
  const first = outbox.push(comment(3, "a"), { hold: 800 });
  await clock.pass(500);
  const second = outbox.push(comment(3, "ab"), { hold: 800 });
  assert.equal(second.replaced, first.ref);
  assert.notEqual(second.ref, first.ref);
  assert.deepEqual(kept(browser), [second.ref]);
  await clock.pass(700);
  assert.deepEqual(server.taken, []);
  assert.equal(outbox.state, "saving");
  await clock.pass(100);
  assert.deepEqual(server.taken, [{ seq: 1, ...comment(3, "ab") }]);
  assert.equal(outbox.state, "saved");
});

test("a held comment goes with the next change, and before it", async () => {
  const { outbox, server } = open();
  outbox.push(comment(3, "a"), { hold: 800 });
  outbox.push(tick(4));
  await settle();
  assert.deepEqual(server.taken, [{ seq: 0, ...comment(3, "a") }, { seq: 1, ...tick(4) }]); // prettier-ignore
});

test("a comment on another image, or one that was sent, is not replaced", async () => {
  const { outbox, browser, server, clock } = open();
  outbox.push(comment(3, "a"), { hold: 800 });
  assert.equal(outbox.push(comment(4, "b"), { hold: 800 }).replaced, null);
  browser.hide(true); // sent, as the page may go
  assert.equal(outbox.push(comment(4, "bc"), { hold: 800 }).replaced, null);
  await clock.pass(1_000);
  const texts = server.taken.map((change) => "examples" in change && Object.values(change.examples)[0].comment);
  assert.deepEqual(texts, ["a", "b", "bc"]);
});

test("a token that is out of date is renewed without a word, and used", async () => {
  const { outbox, client, server, clock, asked } = open();
  server.token = "new";
  outbox.push(tick(0));
  await settle();
  assert.equal(asked.renewals, 1);
  assert.equal(outbox.state, "retrying");
  assert.equal(outbox.warning, "");
  client.useToken("new");
  outbox.retryNow();
  await clock.pass(1);
  assert.equal(outbox.state, "saved");
  assert.equal(server.taken.length, 1);
});

test("the server's sentence is a warning as long as nothing can be saved", async () => {
  const { outbox, server, clock } = open();
  server.fault = { status: 503, error: "the disk is full: free some space" };
  outbox.push(tick(0));
  await settle();
  assert.equal(outbox.warning, "Not saved: the disk is full: free some space.");
  assert.equal(outbox.state, "retrying");
  server.fault = null;
  await clock.pass(5_000);
  assert.equal(outbox.warning, "");
  assert.equal(outbox.state, "saved");
});

test("one change that is refused keeps no other from being saved", async () => {
  const { outbox, browser, server, answers, clock } = open();
  server.offline = true;
  for (let position = 0; position < 3; position += 1) outbox.push(tick(position));
  server.refuses = ({ seq }) => (seq === 1 ? "there is no such image" : "");
  server.offline = false;
  await clock.pass(1_000);
  assert.equal(outbox.state, "saved");
  assert.deepEqual(server.taken.map(({ seq }) => seq), [0, 2]); // prettier-ignore
  assert.deepEqual(answers[0].answer.refused, [{ seq: 1, reason: "there is no such image" }]);
  assert.deepEqual(answers[0].batch.map(({ ref }) => ref), [0, 1, 2].map((seq) => outbox.refOf(seq))); // prettier-ignore
  assert.deepEqual(kept(browser), []);
});

for (const leave of /** @type {const} */ (["pagehide", "visibilitychange", "close"])) {
  test(`a held comment is sent as the page goes: ${leave}`, async () => {
    const { outbox, browser, server } = open();
    outbox.push(comment(3, "left at once"), { hold: 800 });
    if (leave === "close") outbox.close();
    else if (leave === "pagehide") browser.happens("pagehide");
    else browser.hide(true);
    await settle();
    assert.deepEqual(server.taken, [{ seq: 0, ...comment(3, "left at once") }]);
    assert.equal(server.posts[0].init.keepalive, true);
  });
}

test("leaving sends each change once, though the browser says so twice", async () => {
  const { outbox, browser, server } = open();
  outbox.push(comment(3, "once"), { hold: 800 });
  browser.happens("pagehide");
  browser.hide(true);
  outbox.close();
  await settle();
  assert.equal(server.deliveries.length, 1);
});

test("a page that was only hidden calls its comment saved once that is acknowledged", async () => {
  const { outbox, browser, server, clock } = open();
  outbox.push(comment(3, "kept"), { hold: 800 });
  browser.hide(true);
  await settle();
  assert.equal(server.taken.length, 1);
  assert.equal(outbox.state, "saving");
  browser.hide(false);
  await clock.pass(800);
  assert.equal(outbox.state, "saved");
  assert.equal(server.taken.length, 1);
});

test("a request too long to go on when the tab is closed doesn't ask to: browsers would refuse it", async () => {
  const { outbox, server } = open();
  outbox.push(comment(0, "x".repeat(61_000)));
  await settle();
  assert.equal(server.posts[0].init.keepalive, false);
});

for (const harm of /** @type {const} */ (["full", "forbidden"])) {
  test(`with a storage that is ${harm}, memory serves, and the page asks to be left open`, async () => {
    const browser = new FakeBrowser();
    browser.stored[harm] = true;
    const { outbox, server, clock } = open({ browser });
    server.offline = true;
    outbox.push(tick(0));
    outbox.push(tick(1));
    await settle();
    assert.equal(outbox.warning, "This browser keeps nothing: stay on the page until Saved.");
    assert.equal(browser.happens("beforeunload"), true);
    server.offline = false;
    await clock.pass(5_000);
    assert.equal(outbox.warning, "");
    assert.equal(browser.happens("beforeunload"), false);
    assert.equal(server.taken.length, 2);
  });
}

test("a page whose changes lie in memory alone goes on sending after it was closed", async () => {
  const browser = new FakeBrowser();
  browser.stored.full = true;
  const { outbox, server, clock } = open({ browser });
  server.offline = true;
  outbox.push(tick(0));
  await settle();
  outbox.close();
  server.offline = false;
  await clock.pass(5_000);
  assert.equal(server.taken.length, 1);
});

test("a closed page leaves nothing running", async () => {
  const { outbox, clock, server } = open();
  server.offline = true;
  outbox.push(tick(0));
  await settle();
  outbox.close();
  server.offline = false;
  await clock.pass(60_000);
  assert.equal(clock.waiting, 0);
  assert.deepEqual(server.taken, []); // it lies in the storage, for the next page
});

test("a pause waits for the request under way, and nothing is sent until it ends", async () => {
  const { outbox, server, clock } = open();
  server.frozen = true;
  outbox.push(tick(0));
  let paused = false;
  const pause = outbox.pause().then(() => (paused = true));
  await settle();
  assert.equal(paused, false);
  await server.thaw();
  await pause;
  await outbox.pause();
  outbox.push(tick(1));
  outbox.resume();
  await clock.pass(3_000);
  assert.equal(server.taken.length, 1);
  outbox.resume();
  await settle();
  assert.equal(server.taken.length, 2);
});

test("with nothing to send it asks each second what others did, while it is looked at", async () => {
  const { browser, server, clock, answers, outbox } = open();
  const [client] = outbox.nextRef.split(":");
  server.cursor = 7;
  await clock.pass(3_500);
  assert.deepEqual(
    server.gets,
    [0, 7, 7].map((after) => `/errortool/news/uid?after=${after}&client=${client}`),
  );
  assert.equal(answers.length, 3);
  assert.equal(outbox.cursor, 7);
  browser.hide(true);
  await clock.pass(5_000);
  assert.equal(server.gets.length, 3);
  assert.equal(server.posts.length, 0); // a poll is no write
});

test("a token that went stale unnoticed is renewed at the next write, and nothing is lost", async () => {
  const { outbox, server, client, clock, asked } = open();
  server.token = "renewed";
  await clock.pass(5_000);
  assert.equal(asked.renewals, 0);
  outbox.push(tick(0));
  await settle();
  assert.equal(asked.renewals, 1);
  assert.equal(outbox.state, "retrying");
  client.useToken("renewed");
  outbox.retryNow();
  await settle();
  assert.equal(outbox.state, "saved");
  assert.equal(server.taken.length, 1);
});

test("asking in vain what others did leaves what is saved saved", async () => {
  const { outbox, server, clock, asked } = open();
  server.offline = true;
  await clock.pass(5_000);
  assert.equal(outbox.state, "saved");
  assert.equal(asked.renewals, 0);
});

test("an hour's sleep of the computer, offline, loses nothing and floods nobody", async () => {
  const { outbox, server, clock } = open();
  server.offline = true;
  outbox.push(tick(0));
  await settle();
  await clock.sleep(3_600_000);
  server.offline = false;
  outbox.push(tick(1));
  await clock.pass(1_000);
  assert.equal(outbox.state, "saved");
  assert.equal(server.deliveries.length, 1);
  assert.equal(server.taken.length, 2);
});

test("two pages of a browser have their own numbers, and don't take each other's changes", async () => {
  const first = open();
  const second = open({ browser: first.browser.page() });
  first.server.offline = true;
  first.outbox.push(tick(0));
  second.outbox.push(tick(0));
  assert.notEqual(first.outbox.refOf(0), second.outbox.refOf(0));
  assert.equal(kept(first.browser).length, 2);
  first.server.offline = false;
  await first.clock.pass(5_000);
  assert.equal(first.server.taken.length, 2);
});
