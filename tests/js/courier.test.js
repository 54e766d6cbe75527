import assert from "node:assert/strict";
import test from "node:test";

import { Courier } from "../../errortool/web/review/courier.js";
import { FakeBrowser, settle, tick } from "./fakes.js";

/** @import { FakeServer } from "./fakes.js" */

/**
 * @param {{left?: Record<string, unknown>, reviewer?: string, prepare?: (server: FakeServer) => void}} options
 *   `left` is what lies in the storage, by uid
 */
function open({ left = {}, reviewer = "", prepare = () => {} } = {}) {
  const browser = new FakeBrowser();
  prepare(browser.server);
  for (const [uid, changes] of Object.entries(left)) {
    browser.stored.setItem(`errortool:${uid}:old`, JSON.stringify(changes));
  }
  const data = { tokens: { one: "token", two: "token" }, reviewer };
  const seen = { said: /** @type {string[]} */ ([]), renewals: 0, arrivals: 0 };
  const hooks = {
    say: (/** @type {string} */ sentence) => void seen.said.push(sentence),
    renew: () => void (seen.renewals += 1),
    arrived: () => void (seen.arrivals += 1),
  };
  const courier = new Courier(data, hooks, browser);
  return { courier, browser, server: browser.server, clock: browser.clock, data, seen };
}

test("with nothing to send it says and asks nothing", async () => {
  const { server, clock, seen } = open();
  await clock.pass(10_000);
  assert.deepEqual(seen, { said: [], renewals: 0, arrivals: 0 });
  assert.deepEqual(server.posts, []);
});

test("it says what it does, sends every session's changes, and says that they arrived", async () => {
  const { server, seen } = open({ left: { one: [{ seq: 0, ...tick(1) }], two: [{ seq: 0, ...tick(2) }] } });
  await settle();
  assert.equal(server.taken.length, 2);
  assert.deepEqual(seen, {
    said: ["Changes made in this browser are not saved yet: sending them.", ""],
    renewals: 0,
    arrivals: 1,
  });
});

test("nothing asks for news while changes are being sent, so no answer finds nobody to take it", async (t) => {
  /** @type {unknown[]} */
  const unhandled = [];
  const note = (/** @type {unknown} */ reason) => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  t.after(() => process.off("unhandledRejection", note));
  const { server, clock, seen } = open({
    left: { one: [{ seq: 0, ...tick(1) }] },
    prepare: (prepared) => void (prepared.frozen = true),
  });
  await clock.pass(1_400); // longer than the second between two polls of an outbox
  await server.thaw();
  await clock.pass(5_000);
  await settle();
  assert.deepEqual(unhandled, []);
  assert.deepEqual(
    server.posts.map(({ batch }) => batch.changes.length),
    [1],
  );
  assert.equal(seen.arrivals, 1);
});

test("while it can't send it says so, and tries again", async () => {
  const { server, clock, seen } = open({
    left: { one: [{ seq: 0, ...tick(1) }] },
    prepare: (prepared) => void (prepared.offline = true),
  });
  await clock.pass(3_000);
  assert.equal(seen.said.at(-1), "Changes made in this browser are not saved yet: the server can't be reached.");
  server.offline = false;
  server.fault = { status: 503, error: "the disk is full" };
  await clock.pass(2_000);
  assert.equal(seen.said.at(-1), "Changes made in this browser are not saved yet: the disk is full.");
  assert.equal(seen.arrivals, 0);
  server.fault = null;
  await clock.pass(2_000);
  assert.equal(seen.said.at(-1), "");
  assert.equal(seen.arrivals, 1);
});

test("a token that is out of date is renewed, and the new one used", async () => {
  const { courier, server, clock, data, seen } = open({
    left: { one: [{ seq: 0, ...tick(1) }] },
    prepare: (prepared) => void (prepared.token = "new"),
  });
  await clock.pass(100);
  assert.equal(seen.renewals, 1);
  courier.update({ ...data, tokens: { one: "new", two: "new" } });
  await settle();
  assert.equal(server.taken.length, 1);
});

test("another reviewer's changes wait for them", async () => {
  const { server, clock, seen } = open({ left: { one: [{ seq: 0, ...tick(1, "Ann") }] }, reviewer: "Bob" });
  await clock.pass(10_000);
  assert.deepEqual(server.posts, []);
  assert.deepEqual(seen.said, []);
});

test("what is quarantined is said, and not waited for", async () => {
  const { clock, seen } = open({ left: { one: { version: 0 } } });
  await clock.pass(5_000);
  assert.match(seen.said.at(-1) ?? "", /kept in this browser's storage as errortool-odd/);
  assert.equal(seen.arrivals, 1);
});

test("a closed page says nothing more", async () => {
  const { courier, server, clock, seen } = open({
    left: { one: [{ seq: 0, ...tick(1) }] },
    prepare: (prepared) => void (prepared.frozen = true),
  });
  await settle();
  courier.close();
  await server.thaw();
  await clock.pass(60_000);
  assert.equal(seen.said.length, 1);
  assert.equal(clock.waiting, 0);
});
