// What a host is: a place where benchmark programs run.

/** One measured figure, as a program printed it or a worker posted it. @typedef {Record<string, any>} Figure */

/**
 * @typedef {object} Host
 * @property {string} name node, chromium or firefox
 * @property {string} label its name and version, for people
 * @property {(build: string, program: string, args: (string | number)[]) => Promise<Figure[]>} run_program runs a C
 *   program of a build (such as "relaxed-threads") in a process or a page of its own
 * @property {(url: string, args: object, type?: "classic" | "module") => Promise<Figure[]>} [run_worker] browsers only:
 *   runs a worker script of the repository (a path from its root) by the contract of pages/page.js
 * @property {() => Promise<void>} close
 */

/** Thrown where something that is measured is not on this machine: a line in the tables, no failure. */
export class Missing extends Error {}

/** @param {string} build */
export const programs_folder = (build) => `build/wasm/${build}/tests/bench`;
