// Signing in to the Hub from a page: the token stays in the tab that signed in, over reloads, and goes to the Hub alone.
import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../tools/command.js";
import { start_hub } from "../hub/start_hub.js";
import { in_browsers, tab_for } from "./in_browsers.js";

const PROGRAM = "tests/browser/programs/sign_in.js";
const MODEL = "tunelab/bert-tiny-random";

/** @typedef {import("./host.js").Tab} Tab */

/**
 * A stand-in whose model is gated, and tabs of one user at it.
 * @param {import("./host.js").BrowserHost} browser
 * @param {import("node:test").TestContext} t
 */
async function signed_out(browser, t) {
  const hub = await start_hub({
    root: join(root, "assets/hub"),
    settings: { gated: { [MODEL]: "auto" } },
  });
  t.after(() => hub.close());
  const { session, tab } = await tab_for(browser, t);
  /** @param {string} step @param {Record<string, string>} [given] @param {Tab} [where] */
  const go = async (step, given = {}, where = tab) => {
    const done = await where.run_in_page(PROGRAM, { endpoint: hub.endpoint, step, ...given });
    assert.equal(done.kept_for_all_tabs, 0);
    return done;
  };
  return { hub, session, go };
}

/** Follows the link to the Hub, which agrees and sends back. @param {string} url */
async function agreed(url) {
  const { status, headers } = await fetch(url, { redirect: "manual" });
  assert.equal(status, 303);
  return String(headers.get("location"));
}

in_browsers(
  "signing in by the Hub's pages gives a token to this tab alone, until it signs out",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, session, go } = await signed_out(browser, t);
    assert.match((await go("download", { model: MODEL })).error, /is gated/);
    const redirected_url = await agreed((await go("begin")).result);
    const { result: account } = await go("finish", { redirected_url });
    assert.equal(account.name, "student");
    assert.equal((await go("restore")).result.name, "student", "after a reload");
    const other = await session.open_tab();
    assert.equal((await go("restore", {}, other)).result ?? null, null, "not in another tab");
    hub.requests.length = 0;
    assert.equal((await go("download", { model: MODEL })).error, undefined);
    const from_cdn = hub.requests.filter(({ server }) => server === "cdn");
    assert.ok(from_cdn.length > 0);
    assert.ok(from_cdn.every(({ headers }) => headers.authorization === undefined));
    await go("leave");
    assert.equal((await go("restore")).result ?? null, null);
  },
);

in_browsers(
  "an answer that this tab did not ask for is refused, and so is a code that the Hub did not give",
  ["chromium"],
  async (browser, t) => {
    const { go } = await signed_out(browser, t);
    const redirected_url = await agreed((await go("begin")).result);
    const forged = redirected_url.replace(/state=[^&]*/, "state=other");
    assert.match(
      (await go("finish", { redirected_url: forged })).error,
      /not to what this tab asked/,
    );
    const again = await go("finish", { redirected_url });
    assert.equal(again.result ?? null, null, "the question is forgotten with it");
    const next = new URL(await agreed((await go("begin")).result));
    next.searchParams.set("code", "guessed");
    const guessed = await go("finish", { redirected_url: next.href });
    assert.match(guessed.error, /did not accept the code/);
    assert.equal((await go("restore")).result ?? null, null);
  },
);

in_browsers(
  "a token that was pasted is kept like one by signing in",
  ["chromium"],
  async (browser, t) => {
    const { go } = await signed_out(browser, t);
    assert.match((await go("paste", { token: "nonsense" })).error, /refused the token/);
    assert.equal((await go("paste", { token: "hf_pasted" })).result.name, "student");
    assert.equal((await go("restore")).result.name, "student");
  },
);
