// The hosts that this machine has, opened when a suite first needs them.
import { open_chromium } from "../../browser/chromium.js";
import { open_firefox } from "../../browser/firefox.js";
import { Missing } from "../../browser/host.js";
import { in_worker, open_node } from "./programs.js";

/** @typedef {import("./programs.js").BenchHost} BenchHost */

/** @type {Record<string, () => Promise<BenchHost>>} */
const OPENERS = {
  node: open_node,
  chromium: async () => in_worker(await open_chromium()),
  firefox: async () => in_worker(await open_firefox()),
};

export const HOST_NAMES = Object.keys(OPENERS);

/**
 * Opens hosts on demand and keeps them until `close`, after which they are opened anew.
 * @param {string[]} names those that may be used
 */
export function make_hosts(names) {
  /** @type {Map<string, Promise<BenchHost>>} */
  const opened = new Map();
  return {
    names,
    /**
     * @param {string} name
     * @returns {Promise<BenchHost>} rejected with Missing where the browser is not installed or was not asked for
     */
    async open(name) {
      if (!names.includes(name)) throw new Missing(`${name} was left out by --hosts`);
      const host = opened.get(name) ?? OPENERS[name]();
      opened.set(name, host);
      return host;
    },
    async close() {
      for (const host of await Promise.allSettled(opened.values()))
        if (host.status === "fulfilled") await host.value.close();
      opened.clear();
    },
  };
}

/** @typedef {ReturnType<typeof make_hosts>} Hosts */
