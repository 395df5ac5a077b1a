// What a host is: a place where programs of this repository run, Node.js or a browser.

/** One measured figure, as a program printed it or a worker posted it. @typedef {Record<string, any>} Figure */

/**
 * @typedef {object} Host
 * @property {string} name node, chromium or firefox
 * @property {string} label its name and version, for people
 * @property {() => Promise<void>} close
 */

/**
 * What a browser adds to a host.
 * @typedef {object} Pages
 * @property {(path: string, args: object, type?: "classic" | "module") => Promise<Figure[]>} run_worker runs a worker's
 *   script of the repository (a path from its root) in a session of its own, by the contract of page/page.js
 * @property {(options?: {isolated?: boolean}) => Promise<Session>} new_session `isolated` (default): with the headers
 *   that shared memory, and so threads, need
 */

/** @typedef {Host & Pages} BrowserHost */

/**
 * One user of a browser: tabs that share storage, and nothing with other sessions.
 * @typedef {object} Session
 * @property {string} origin of its pages
 * @property {() => Promise<Tab>} open_tab
 * @property {() => Promise<void>} close
 */

/**
 * A tab, which runs programs: modules of the repository that export `run(args)`, whose result is JSON.
 * @typedef {object} Tab
 * @property {(program: string, args?: object) => Promise<any>} run in a dedicated worker of its own
 * @property {(program: string, args?: object) => Promise<any>} run_in_page on the page's own thread
 * @property {(path: string, args: object, type: "classic" | "module") => Promise<Figure[]>} run_worker as Pages has it
 * @property {() => Promise<void>} close also ends what runs in it, as a user may
 */

/** Thrown where something that is needed is not on this machine: a line in the tables or a skipped test, no failure. */
export class Missing extends Error {}
