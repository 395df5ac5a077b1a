// Declares tests that run in real browsers; skipped, with the reason, where one is not installed.
import { after, test } from "node:test";
import "../lib/datasets_cache.js";
import { Late } from "./browser_host.js";
import { open_chromium } from "./chromium.js";
import { open_firefox } from "./firefox.js";
import { Missing } from "./host.js";

/** @typedef {import("./host.js").BrowserHost} BrowserHost */

/** @type {Record<string, () => Promise<BrowserHost>>} */
const OPENERS = { chromium: open_chromium, firefox: open_firefox };

/** Browsers that this file's tests have opened. @type {Map<string, Promise<BrowserHost>>} */
const opened = new Map();

after(async () => {
  for (const browser of await Promise.allSettled(opened.values()))
    if (browser.status === "fulfilled") await browser.value.close();
});

/**
 * One test for each of the browsers.
 * @param {string} name
 * @param {("chromium" | "firefox")[]} browsers
 * @param {(browser: BrowserHost, t: import("node:test").TestContext) => Promise<void>} run
 */
export function in_browsers(name, browsers, run) {
  for (const browser of browsers)
    test(`${name} (${browser})`, async (t) => {
      const host = opened.get(browser) ?? OPENERS[browser]();
      opened.set(browser, host);
      try {
        await host;
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        return t.skip(error.message);
      }
      try {
        await run(await host, t);
      } catch (error) {
        // Firefox sometimes never returns from `new Worker` within a worker: no program can notice or help that.
        if (browser !== "firefox" || !(error instanceof Late)) throw error;
        t.diagnostic(`${error.message}; once more, in a new Firefox`);
        await (await host).close();
        const next = OPENERS[browser]();
        opened.set(browser, next);
        await run(await next, t);
      }
    });
}

/**
 * A session that ends with the test, and a tab in it.
 * @param {BrowserHost} browser
 * @param {import("node:test").TestContext} t
 * @param {{isolated?: boolean}} [options]
 */
export async function tab_for(browser, t, options) {
  const session = await browser.new_session(options);
  t.after(() => session.close().catch(() => {})); // a browser that was given up has closed it
  return { session, tab: await session.open_tab() };
}
