import assert from "node:assert/strict";
import test from "node:test";

import { Preferences } from "../../errortool/web/review/preferences.js";
import { Server } from "../../errortool/web/review/server.js";
import { FakeBrowser } from "./fakes.js";

/** @import { Preference } from "../../errortool/web/review/wire.d.ts" */

function open() {
  /** @type {Preference[]} */
  const sent = [];
  const away = { now: false };
  const browser = new FakeBrowser();
  browser.fetch = async (_, init) => {
    if (away.now) throw new TypeError("offline");
    sent.push(JSON.parse(new TextDecoder().decode(/** @type {Uint8Array} */ (init?.body))));
    return new Response(null, { status: 204 });
  };
  return { preferences: new Preferences(new Server("uid", "token", browser)), sent, away };
}

test("what was chosen earlier holds, and the defaults for the rest", () => {
  const { preferences } = open();
  assert.equal(preferences.get("tile"), 164);
  preferences.take("ann", { tile: 240 });
  assert.equal(preferences.get("tile"), 240);
  assert.equal(preferences.get("pace"), true);
});

test("another reviewer's choices replace the last one's", () => {
  const { preferences } = open();
  preferences.take("ann", { tile: 240 });
  preferences.take("bob", {});
  assert.equal(preferences.get("tile"), 164);
});

test("a choice holds at once, and is sent once with the reviewer's name", async () => {
  const { preferences, sent } = open();
  preferences.take("ann", {});
  const saved = preferences.set("crisp", true);
  assert.equal(preferences.get("crisp"), true);
  await saved;
  await preferences.set("crisp", true);
  assert.deepEqual(sent, [{ reviewer: "ann", name: "crisp", value: true }]);
});

test("without a server a choice holds on this page", async () => {
  const { preferences, sent, away } = open();
  away.now = true;
  await preferences.set("tile", 120);
  assert.equal(preferences.get("tile"), 120);
  assert.deepEqual(sent, []);
});
