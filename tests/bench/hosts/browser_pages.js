// What both browsers share: where they are found, and running a worker in a fresh page of the benchmark server.
import { existsSync } from "node:fs";
import { serve } from "../pages/server.js";
import { Missing, programs_folder } from "./host.js";

/** @typedef {import("./host.js").Host} Host */

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

/**
 * @param {string} name
 * @param {string} label
 * @param {{new_page: () => Promise<Page>, close: () => Promise<void>}} browser
 * @returns {Promise<Host>}
 */
export async function browser_host(name, label, browser) {
  const server = await serve();
  /** @type {(path: string, args: object, type: string) => Promise<import("./host.js").Figure[]>} */
  const run_once = async (path, args, type) => {
    // A page of its own: what it held is given back when it closes.
    const page = await browser.new_page();
    try {
      const query = new URLSearchParams({ worker: `/${path}`, type });
      await page.goto(`${server.origin}/tests/bench/pages/page.html?${query}`);
      return await page.evaluate(
        (given) => /** @type {any} */ (globalThis).run_worker(given),
        args,
      );
    } catch (error) {
      const reason = /** @type {Error} */ (error).message.split("\n")[0];
      throw new Error(`${path} failed in ${label}: ${reason}`, { cause: error });
    } finally {
      await page.close();
    }
  };
  /** @type {NonNullable<Host["run_worker"]>} */
  const run_worker = async (path, args, type = "classic") => {
    try {
      return await run_once(path, args, type);
    } catch (error) {
      if (!String(error).includes("did not start")) throw error;
      return run_once(path, args, type); // see program_worker.js
    }
  };
  return {
    name,
    label,
    run_worker,
    run_program: (build, program, args) =>
      run_worker("tests/bench/pages/program_worker.js", {
        program: `/${programs_folder(build)}/${program}.js`,
        arguments: args.map(String),
      }),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
