// What a mapped function depends on besides its rows: its text, what it calls, and its arguments.
import { FINGERPRINT, fingerprint_of } from "../fingerprint.js";
import { surroundings_of } from "./free_variables.js";

/** @typedef {import("../../core/use_record.js").Uses} Uses */

/**
 * @typedef {object} Known
 * @property {string[]} free the names it takes from around it
 * @property {(uses: Uses) => {fingerprint: string} | {unknown: string[]}} identify given what the
 *   function called on some rows, its fingerprint; or what of it cannot be told, named for people
 */

/** @typedef {Function & {[FINGERPRINT]?: () => string}} Work */

/**
 * @param {Uses} uses
 * @returns {any[]} the called objects and their options, as plain values
 */
function uses_as_values(uses) {
  return [...uses].map(([object, options]) => [
    /** @type {any} */ (object)[FINGERPRINT](),
    [...new Set(options.map((given) => fingerprint_of(given)))].sort(),
  ]);
}

/**
 * Looks into a function. Names from around it are accounted for if they are globals that never
 * change; or called, and just as many objects of the library recorded their calls; or nothing but
 * options of such calls, which are recorded too.
 * @param {Work} work
 * @returns {Promise<Known>}
 */
export async function look_into(work) {
  const own = work[FINGERPRINT]?.();
  if (own !== undefined) return { free: [], identify: () => ({ fingerprint: own }) };
  const source = String(work);
  const around = await surroundings_of(source);
  if (!around)
    return {
      free: [],
      identify: () => ({ unknown: [`${work.name || "the function"}, whose text is hidden`] }),
    };
  const names = [...around.free.keys()];
  const of_use = (/** @type {string} */ use) =>
    names.filter((name) => around.free.get(name) === use);
  return {
    free: names,
    identify: (uses) => {
      const told = of_use("called").length === uses.size && uses.size > 0;
      const unknown = [...around.changing, ...(told ? of_use("other") : names)];
      if (unknown.length > 0) return { unknown };
      return { fingerprint: fingerprint_of(source, uses_as_values(uses)) };
    },
  };
}

/**
 * A function's arguments with functions among them replaced by what they depend on.
 * @param {Record<string, any>} fn_kwargs
 * @returns {Promise<{values: Record<string, any>, unknown: string[]}>} unknown: what of the
 *   functions cannot be told
 */
export async function arguments_as_values(fn_kwargs) {
  /** @type {Record<string, any>} */
  const values = {};
  const unknown = [];
  for (const [name, value] of Object.entries(fn_kwargs)) {
    values[name] = value;
    if (typeof value !== "function" || value[FINGERPRINT]) continue;
    const found = (await look_into(value)).identify(new Map());
    if ("fingerprint" in found) values[name] = found.fingerprint;
    else unknown.push(...found.unknown.map((what) => `${what} in ${name}`));
  }
  return { values, unknown };
}
