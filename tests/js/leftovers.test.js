import assert from "node:assert/strict";
import test from "node:test";

import { Leftovers } from "../../errortool/web/review/leftovers.js";
import { Outbox } from "../../errortool/web/review/outbox.js";
import { Server } from "../../errortool/web/review/server.js";
import { comment, FakeBrowser, settle, tick } from "./fakes.js";

/** @param {Record<string, unknown>} left what lies in the storage, by client */
function browserWith(left) {
  const browser = new FakeBrowser();
  for (const [client, value] of Object.entries(left)) {
    browser.stored.setItem(`errortool:uid:${client}`, typeof value === "string" ? value : JSON.stringify(value));
  }
  return browser;
}

/**
 * @param {FakeBrowser} browser
 * @param {{signedInAs?: string, ownClient?: string}} options
 */
function leftoversOf(browser, { signedInAs = "", ownClient = "" } = {}) {
  return new Leftovers({ uid: "uid", server: new Server("uid", "token", browser), signedInAs, browser, ownClient });
}

/** @param {FakeBrowser} browser */
function stored(browser) {
  return Object.fromEntries(browser.stored.texts);
}

test("what earlier pages left goes out under their client, and is forgotten", async () => {
  const browser = browserWith({ old: [{ seq: 4, ...tick(1) }, { seq: 5, ...tick(2) }] }); // prettier-ignore
  const leftovers = leftoversOf(browser);
  await leftovers.send();
  assert.deepEqual(
    browser.server.deliveries.map(({ client, changes }) => [client, changes.map(({ seq }) => seq)]),
    [["old", [4, 5]]],
  );
  assert.deepEqual(stored(browser), {});
  assert.equal(leftovers.takeNotice(), "");
  assert.equal(leftovers.count, 0);
});

test("what an outbox stored is what the next page sends", async () => {
  const browser = new FakeBrowser();
  const hooks = { changed() {}, answered() {}, renew() {} };
  const server = new Server("uid", "token", browser);
  const outbox = new Outbox({ uid: "uid", server, signedInAs: "", hooks, browser });
  browser.server.offline = true;
  outbox.push(tick(0));
  outbox.push(comment(1, "half a sent"), { hold: 800 });
  outbox.close();
  browser.server.offline = false;
  const next = new Outbox({ uid: "uid", server, signedInAs: "", hooks, browser: browser.page() });
  await next.sendLeftovers();
  assert.deepEqual(browser.server.taken, [{ seq: 0, ...tick(0) }, { seq: 1, ...comment(1, "half a sent") }]); // prettier-ignore
  assert.equal(next.state, "saved");
});

test("it counts as unsaved until it is on disk", async () => {
  const browser = browserWith({ old: [{ seq: 0, ...tick(1) }] });
  const hooks = { changed() {}, answered() {}, renew() {} };
  const server = new Server("uid", "token", browser);
  const outbox = new Outbox({ uid: "uid", server, signedInAs: "", hooks, browser });
  browser.server.frozen = true;
  const sending = outbox.sendLeftovers();
  await settle();
  assert.equal(outbox.state, "saving");
  await browser.server.thaw();
  await sending;
  assert.equal(outbox.state, "saved");
});

test("what is malformed or rejected is quarantined, reported once, and keeps nothing else back", async () => {
  const nowhere = { seq: 1, ...tick(99_999) };
  const foreign = { action: "tick", row: 4 };
  const browser = browserWith({
    aaaaaaaaaaaa: [{ seq: 0, ...tick(3) }, nowhere, foreign, null, "text", { seq: -1 }, { seq: 1.5 }],
    bbbbbbbbbbbb: { version: 0, items: [tick(3)] },
    cccccccccccc: "not JSON {",
  });
  browser.server.refuses = ({ seq }) => (seq === 1 ? "there is no image number 100000" : "");
  const leftovers = leftoversOf(browser);
  await leftovers.send();
  assert.deepEqual(browser.server.taken, [{ seq: 0, ...tick(3) }]);
  const kept = stored(browser);
  assert.deepEqual(Object.keys(kept).sort(), [
    "errortool-odd:errortool:uid:aaaaaaaaaaaa",
    "errortool-odd:errortool:uid:bbbbbbbbbbbb",
    "errortool-odd:errortool:uid:cccccccccccc",
  ]);
  assert.equal(kept["errortool-odd:errortool:uid:cccccccccccc"], "not JSON {\n");
  const rejected = JSON.parse(kept["errortool-odd:errortool:uid:aaaaaaaaaaaa"]);
  assert.deepEqual(rejected, [foreign, null, "text", { seq: -1 }, { seq: 1.5 }, nowhere]);
  assert.match(leftovers.takeNotice(), /^Changes that an earlier page left can't be taken \(it is not understood\)/);
  assert.equal(leftovers.takeNotice(), "");
  await leftovers.send();
  assert.equal(browser.server.deliveries.length, 1);
});

for (const status of [400, 413]) {
  test(`a request that the server can't take (${status}) is quarantined whole`, async () => {
    const browser = browserWith({ "An Older Name": [{ seq: 0, ...tick(3) }], other: [{ seq: 0, ...tick(4) }] });
    browser.server.fault = { status, error: "the request is not one of the review page's" };
    const leftovers = leftoversOf(browser);
    await leftovers.send();
    assert.deepEqual(Object.keys(stored(browser)).sort(), [
      "errortool-odd:errortool:uid:An Older Name",
      "errortool-odd:errortool:uid:other",
    ]);
    assert.match(leftovers.takeNotice(), /\(the request is not one of the review page's\)/);
  });
}

for (const status of [401, 403, 500, 503]) {
  test(`a fault of the moment (${status}) leaves all where it is`, async () => {
    const browser = browserWith({ old: [{ seq: 0, ...tick(3) }] });
    browser.server.fault = { status, error: "not now" };
    const before = stored(browser);
    await assert.rejects(leftoversOf(browser).send());
    assert.deepEqual(stored(browser), before);
  });
}

test("without room for the quarantine it stays where it is", async () => {
  const browser = browserWith({ odd: "{" });
  browser.stored.full = true;
  const leftovers = leftoversOf(browser);
  await leftovers.send();
  assert.deepEqual(stored(browser), { "errortool:uid:odd": "{" });
  assert.match(leftovers.takeNotice(), /can't be taken/);
});

test("the quarantine is added to, never overwritten", async () => {
  const browser = browserWith({ odd: "{" });
  browser.stored.setItem("errortool-odd:errortool:uid:odd", "earlier\n");
  await leftoversOf(browser).send();
  assert.deepEqual(stored(browser), { "errortool-odd:errortool:uid:odd": "earlier\n{\n" });
});

test("a page that is still open, and adds to what it left, keeps that", async () => {
  const browser = browserWith({ open: [{ seq: 0, ...tick(3) }] });
  browser.server.frozen = true;
  const sending = leftoversOf(browser).send();
  await settle();
  const more = JSON.stringify([{ seq: 1, ...tick(4) }]);
  browser.stored.setItem("errortool:uid:open", more);
  await browser.server.thaw();
  await sending;
  assert.deepEqual(stored(browser), { "errortool:uid:open": more });
});

test("what the page itself has to send, and other sessions', are no leftovers", async () => {
  const browser = browserWith({ own: [{ seq: 0, ...tick(3) }] });
  browser.stored.setItem("errortool:another:old", JSON.stringify([{ seq: 0, ...tick(3) }]));
  const before = stored(browser);
  await leftoversOf(browser, { ownClient: "own" }).send();
  assert.deepEqual(stored(browser), before);
  assert.deepEqual(browser.server.posts, []);
});

test("whoever signed in sends their own, and leaves another's to them", async () => {
  const browser = browserWith({
    anns: [{ seq: 0, ...tick(1, "Ann") }],
    bobs: [{ seq: 0, ...tick(2, "Bob") }],
    nobodys: [{ seq: 0, kind: "tick", examples: {} }],
    broken: "{",
  });
  await leftoversOf(browser, { signedInAs: "Bob" }).send();
  assert.deepEqual(browser.server.deliveries.map(({ client }) => client), ["bobs", "nobodys"]); // prettier-ignore
  assert.deepEqual(Object.keys(stored(browser)).sort(), ["errortool-odd:errortool:uid:broken", "errortool:uid:anns"]);
  await leftoversOf(browser, { signedInAs: "Ann" }).send();
  assert.deepEqual(Object.keys(stored(browser)), ["errortool-odd:errortool:uid:broken"]);
});

test("much that is left goes in parts", async () => {
  const left = Array.from({ length: 7 }, (_, seq) => ({ seq, ...comment(seq, "漢".repeat(9_990)) }));
  const browser = browserWith({ old: left });
  await leftoversOf(browser).send();
  assert.equal(browser.server.deliveries.length, 7);
  assert.deepEqual(browser.server.taken, left);
});

test("what others did isn't asked for: whoever sends leftovers reads the session anew", async () => {
  const browser = browserWith({ old: [{ seq: 0, ...tick(3) }] });
  await leftoversOf(browser).send();
  assert.equal(browser.server.posts[0].batch.after, Number.MAX_SAFE_INTEGER);
});

test("a storage that is forbidden holds nothing", async () => {
  const browser = new FakeBrowser();
  browser.stored.forbidden = true;
  await leftoversOf(browser).send();
  assert.deepEqual(Leftovers.waiting(["uid"], "", browser), []);
});

test("sessions with something to send are known by it, for this reviewer", () => {
  const browser = browserWith({ old: [{ seq: 0, ...tick(3, "Ann") }] });
  assert.deepEqual(Leftovers.waiting(["uid", "another"], "", browser), ["uid"]);
  assert.deepEqual(Leftovers.waiting(["uid", "another"], "Ann", browser), ["uid"]);
  assert.deepEqual(Leftovers.waiting(["uid", "another"], "Bob", browser), []);
});
