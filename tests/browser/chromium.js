// Chromium or Chrome, headless, driven by playwright-core.
import { chromium } from "playwright-core";
import { browser_host, find_browser } from "./browser_host.js";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The sandbox needs rights that containers lack; the rest would work in the background meanwhile. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param {{profile?: string}} [options] profile: a folder of the browser's own. Its pages' storage then lies on the disk,
 *   as a user's does, and is one for all sessions; without it each session's is in memory
 * @returns {Promise<import("./host.js").BrowserHost>}
 */
export async function open_chromium({ profile } = {}) {
  const executablePath = find_browser("Chromium", "TUNELAB_CHROMIUM", PLACES);
  const options = { executablePath, args: FLAGS };
  const label = (/** @type {string | undefined} */ version) =>
    `Chromium ${version?.split(".")[0] ?? ""}`.trim();
  if (profile !== undefined) {
    const context = await chromium.launchPersistentContext(profile, options);
    return browser_host("chromium", label(context.browser()?.version()), {
      new_context: async () => ({ newPage: () => context.newPage(), close: async () => {} }),
      close: () => context.close(),
    });
  }
  const browser = await chromium.launch(options);
  return browser_host("chromium", label(browser.version()), {
    new_context: () => browser.newContext(),
    close: () => browser.close(),
  });
}
