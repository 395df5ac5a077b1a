// Firefox, headless, driven by puppeteer-core.
import puppeteer from "puppeteer-core";
import { browser_host, find_browser } from "./browser_host.js";

const PLACES = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/snap/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** @returns {Promise<import("./host.js").BrowserHost>} */
export async function open_firefox() {
  const executablePath = find_browser("Firefox", "TUNELAB_FIREFOX", PLACES);
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    protocolTimeout: 0, // a benchmark may take minutes
    // The clock as fine as the machine's, not in steps of 20 microseconds.
    extraPrefsFirefox: { "privacy.reduceTimerPrecision": false },
  });
  const version = (await browser.version()).match(/\d+/)?.[0] ?? "of an unknown version";
  return browser_host("firefox", `Firefox ${version}`, {
    new_context: () => browser.createBrowserContext(),
    close: () => browser.close(),
  });
}
