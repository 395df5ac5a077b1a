// What both browsers share: where they are found, and running workers and programs in pages of the page server.
import { existsSync } from "node:fs";
import { Missing } from "./host.js";
import { serve } from "./page/page_server.js";

/** @typedef {import("./host.js").BrowserHost} BrowserHost */
/** @typedef {import("./host.js").Tab} Tab */

/**
 * The browser's program: the variable's, else the first of the usual places.
 * @param {string} name for the message
 * @param {string} variable
 * @param {string[]} places
 * @returns {string}
 */
export function find_browser(name, variable, places) {
  const named = process.env[variable];
  if (named && !existsSync(named))
    throw new Error(`${variable} names ${named}, which is not there`);
  const found = named ?? places.find((place) => existsSync(place));
  if (!found) throw new Missing(`${name} is not installed (${variable} can name its program)`);
  return found;
}

/** What playwright's and puppeteer's pages have in common. The function is run in the page.
 * @typedef {object} Page
 * @property {(url: string) => Promise<unknown>} goto
 * @property {(run: (args: any) => Promise<any>, args: object) => Promise<any>} evaluate
 * @property {() => Promise<unknown>} close
 */

/** And their contexts: pages that share storage. @typedef {{newPage: () => Promise<Page>, close: () => Promise<void>}} Context */

/** Milliseconds that a test's program may take: one that hangs must fail, not stop the tests for ever. */
const PROGRAM_LIMIT = 90_000;

/** Thrown where a program gave no result in time, or its worker no sign of life. */
export class Late extends Error {}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {string} program
 * @returns {Promise<T>}
 */
async function within_limit(work, program) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const limit = new Promise((_, reject) => {
    const late = () => reject(new Late(`${program} gave no result in ${PROGRAM_LIMIT / 1000} s`));
    timer = setTimeout(late, PROGRAM_LIMIT);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

const PAGE = "tests/browser/page/page.html";
const PROGRAM_WORKER = "tests/browser/page/program_worker.js";

/**
 * @param {string} name
 * @param {string} label
 * @param {{new_context: () => Promise<Context>, close: () => Promise<void>}} browser
 * @returns {Promise<BrowserHost>}
 */
export async function browser_host(name, label, browser) {
  const servers = { isolated: await serve(), open: await serve({ isolated: false }) };

  /** @type {BrowserHost["new_session"]} */
  const new_session = async ({ isolated = true } = {}) => {
    const context = await browser.new_context();
    const { origin } = isolated ? servers.isolated : servers.open;
    return {
      origin,
      open_tab: async () => make_tab(await context.newPage(), origin, isolated),
      close: () => context.close(),
    };
  };

  /** @type {BrowserHost["run_worker"]} */
  const run_worker = async (path, args, type = "classic") => {
    // A session of its own: what it held is given back when it closes.
    const session = await new_session();
    try {
      const tab = await session.open_tab();
      return await tab.run_worker(path, args, type);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message.split("\n")[0];
      throw new Error(`${path} failed in ${label}: ${reason}`, { cause: error });
    } finally {
      await session.close();
    }
  };

  return {
    ...{ name, label, new_session, run_worker },
    async close() {
      await browser.close();
      for (const server of Object.values(servers)) server.close();
    },
  };
}

/**
 * @param {Page} page
 * @param {string} origin
 * @param {boolean} isolated
 * @returns {Tab}
 */
function make_tab(page, origin, isolated) {
  /** @param {Record<string, string>} [query] */
  const open = async (query) => {
    await page.goto(`${origin}/${PAGE}?${new URLSearchParams(query)}`);
    const found = await page.evaluate(async () => globalThis.crossOriginIsolated, {});
    if (found !== isolated)
      throw new Error(`the page ${found ? "is" : "is not"} cross-origin isolated`);
  };
  /** @type {Tab["run_worker"]} */
  const run_worker = async (path, args, type) => {
    await open({ worker: `/${path}`, type });
    return page.evaluate((given) => /** @type {any} */ (globalThis).run_worker(given), args);
  };
  return {
    run_worker,
    async run(program, args = {}) {
      const given = { program: `/${program}`, args };
      const figures = run_worker(PROGRAM_WORKER, given, "module").catch((error) => {
        throw /\bSILENT\b/.test(error.message) ? new Late(`${program} hangs`) : error;
      });
      const [{ value }] = await within_limit(figures, program);
      return value;
    },
    async run_in_page(program, args = {}) {
      await open();
      const given = { program: `/${program}`, args };
      const result = page.evaluate(async (of) => (await import(of.program)).run(of.args), given);
      return within_limit(result, program);
    },
    async close() {
      await page.close();
    },
  };
}
