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

/** @returns {Promise<import("./host.js").BrowserHost>} */
export async function open_chromium() {
  const executablePath = find_browser("Chromium", "TUNELAB_CHROMIUM", PLACES);
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  return browser_host("chromium", `Chromium ${browser.version().split(".")[0]}`, {
    new_context: () => browser.newContext(),
    close: () => browser.close(),
  });
}
