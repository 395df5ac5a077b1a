// The Hub's files in browsers: kept in the Cache API, verified, resumed after the tab was closed, used without any Hub.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after } from "node:test";
import { configure_hub } from "../../web/lib/index.js";
import { folder_with, hub_for, MODEL, some_bytes } from "../lib/hub_support.js";
import { in_browsers, tab_for } from "./in_browsers.js";

const LOAD = "tests/browser/programs/hub_model.js";
const FETCH = "tests/browser/programs/hub_file.js";
const MiB = 2 ** 20;
const BIG = some_bytes(9 * MiB + 5);
const SHA256 = createHash("sha256").update(BIG).digest("hex");
const WEIGHTS = { repo_id: "org/big", path: "model.safetensors" };

after(() => configure_hub({ token: undefined }));

in_browsers(
  "a model by its name is the address's; a second tab asks once, a third one does without the Hub",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, asked } = await hub_for(t);
    const { session, tab } = await tab_for(browser, t);
    const given = { endpoint: hub.endpoint, text: "A young farmer" };
    const at_address = { ...given, model: `${session.origin}/assets/hub/${MODEL}` };
    const { logits } = await tab.run(LOAD, at_address);
    const by_name = { ...given, model: MODEL };
    const first = await tab.run(LOAD, by_name);
    assert.deepEqual([first.logits, first.ready], [logits, 1]);
    for (const { server, headers } of hub.requests)
      if (server === "cdn") assert.equal(headers.authorization, undefined);
    asked();
    assert.deepEqual((await (await session.open_tab()).run(LOAD, by_name)).logits, logits);
    const second = asked().filter((/** @type {string} */ line) => !line.includes("OPTIONS"));
    assert.deepEqual(second, [`hub GET /api/models/${MODEL}/revision/main 200`]);
    await hub.close();
    const offline = await (await session.open_tab()).run(LOAD, by_name);
    assert.deepEqual(offline.logits, logits);
    assert.match(offline.log.join("\n"), /going on with what the cache has of it/);
  },
);

/**
 * A stand-in with a file of 9 MiB in LFS, and a tab to ask it.
 * @param {import("./host.js").BrowserHost} browser
 * @param {import("node:test").TestContext} t
 * @param {object} [settings] of the stand-in
 */
async function big_hub(browser, t, settings) {
  const root = await folder_with(t, {
    "org/big/model.safetensors": BIG,
    "org/big/notes.txt": "a line of text\n".repeat(1000),
    "org/closed/notes.txt": "not for all",
  });
  const made = await hub_for(t, { root, settings });
  return { ...made, ...(await tab_for(browser, t)), endpoint: made.hub.endpoint };
}

in_browsers(
  "a tab that is closed in the middle of a download leaves its chunks to the next one",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, asked, endpoint, session, tab } = await big_hub(browser, t);
    hub.fault({ kind: "slow", server: "cdn", bytes_per_second: 8 * MiB });
    const given = { endpoint, wanted: [WEIGHTS] };
    const never = tab.run(FETCH, given).catch(() => {});
    const sent = () => hub.requests.find(({ server }) => server === "cdn")?.sent ?? 0;
    while (sent() < 7 * MiB) await new Promise((resolve) => setTimeout(resolve, 20));
    await tab.close();
    await never;
    hub.clear_faults();
    asked();
    const [result] = await (await session.open_tab()).run(FETCH, given);
    assert.equal(result.sha256, SHA256, result.message);
    assert.ok(result.largest_piece <= 4 * MiB, "no more than a chunk is held");
    const ranges = asked().filter((/** @type {string} */ line) => line.startsWith("cdn GET"));
    assert.deepEqual(
      ranges.map((/** @type {string} */ line) => /bytes=(\d+)-/.exec(line)?.[1]),
      [String(4 * MiB)],
    );
  },
);

in_browsers(
  "broken connections, limits and passing errors end in the right file",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, endpoint, tab } = await big_hub(browser, t);
    hub.fault({ kind: "cut", server: "cdn", after: 5_000_000, times: 1 });
    hub.fault({ kind: "rate_limit", seconds: 1, path: "/revision/", times: 1 });
    hub.fault({ kind: "status", status: 503, path: "/tree/", times: 1 });
    hub.fault({ kind: "expired", server: "cdn", times: 1 });
    const [result] = await tab.run(FETCH, { endpoint, wanted: [WEIGHTS] });
    assert.equal(result.sha256, SHA256, result.message);
    const [limit, passing, expired, broken, ...others] = result.waits;
    assert.deepEqual([limit, passing, expired], ["too many requests", "answer 503", "answer 403"]);
    assert.match(broken, /network|stream/i, "as the browser words a connection that broke");
    assert.deepEqual(others, []);
  },
);

in_browsers(
  "wrong bytes and closed or unknown repositories end in one clear line",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, endpoint, tab } = await big_hub(browser, t, { gated: { "org/closed": "manual" } });
    hub.fault({ kind: "wrong_bytes", server: "cdn", times: 1 });
    hub.fault({ kind: "gzip_bomb", path: "resolve-cache", bytes: 2 ** 24, times: 20 });
    const notes = { repo_id: "org/big", path: "notes.txt" };
    const closed = { repo_id: "org/closed", path: "notes.txt" };
    const unknown = { repo_id: "org/bigg", path: "notes.txt" };
    const wanted = [WEIGHTS, notes, closed, unknown, WEIGHTS];
    const results = await tab.run(FETCH, { endpoint, wanted });
    assert.match(results[0].message, /its hash differs\); nothing was kept/);
    // Chromium takes no compressed answer for a range; Firefox unpacks it.
    assert.match(
      results[1].message,
      /has more bytes where the Hub lists 15000|cannot be reached for/,
    );
    assert.match(results[2].message, /is gated: accept its conditions at .*\/org\/closed/);
    assert.match(results[3].message, /did you mean "org\/big"\?$/);
    assert.equal(results[4].sha256, SHA256, "and the right bytes are taken when they come");
  },
);

in_browsers(
  "without a Cache API files are verified and kept as long as the tab is open",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { asked, endpoint, tab } = await big_hub(browser, t);
    const wanted = [WEIGHTS, WEIGHTS];
    const results = await tab.run(FETCH, { endpoint, wanted, insecure: true });
    for (const { sha256, message } of results) assert.equal(sha256, SHA256, message);
    const asked_for = asked().filter((/** @type {string} */ line) => line.startsWith("cdn GET"));
    assert.equal(asked_for.length, 1);
  },
);
