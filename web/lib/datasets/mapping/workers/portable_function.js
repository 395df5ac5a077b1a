// Functions and their arguments on the way to a worker: a function as its text, an object of the library
// as what rebuilds it, all else as it is.
import { TunelabError } from "../../../core/errors.js";
import { surroundings_of } from "../free_variables.js";

/**
 * The method by which an object tells how a worker rebuilds it: a module's address, the name of the
 * function there that makes it, and that function's argument, plain data.
 */
export const PORTABLE = Symbol.for("tunelab.portable");

/** @typedef {{module: string, name: string, data: any}} Recipe */
/** @typedef {{function: string} | {recipe: Recipe} | {value: any}} PortableValue */

/**
 * A function's text as an expression.
 * @param {Function} work
 * @param {string} what for messages
 * @returns {Promise<string>}
 * @throws {TunelabError} if it takes something from around it, which a worker does not have
 */
export async function portable_function(work, what) {
  const around = await surroundings_of(String(work));
  if (!around)
    throw new TunelabError(
      `${what} is bound or built in, so workers cannot get its text; write it as a function`,
    );
  const missing = [...around.free.keys()];
  if (missing.length === 0 && !around.changing.includes("this")) return around.expression;
  const names = missing.length > 0 ? missing.join(", ") : "this";
  throw new TunelabError(
    `with num_proc ${what} runs in workers, which do not have ${names} from around it; pass it in fn_kwargs, and take ` +
      `it from the function's last argument: (example, { ${missing[0] ?? "name"} }) => …`,
  );
}

/**
 * @param {Record<string, any>} fn_kwargs
 * @returns {Promise<Record<string, PortableValue>>}
 */
export async function portable_arguments(fn_kwargs) {
  /** @type {Record<string, PortableValue>} */
  const made = {};
  for (const [name, value] of Object.entries(fn_kwargs)) {
    if (typeof value?.[PORTABLE] === "function") made[name] = { recipe: value[PORTABLE]() };
    else if (typeof value === "function")
      made[name] = { function: await portable_function(value, name) };
    else made[name] = { value };
  }
  return made;
}

/**
 * A function from its text, by way of a module: that needs no leave to evaluate text, which a page's
 * security policy often refuses, and works in Node.js alike.
 * @param {string} expression
 * @returns {Promise<Function>}
 */
export async function function_from(expression) {
  const source = `export default ${expression};`;
  const made = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  );
  return made.default;
}

/** @param {Record<string, PortableValue>} given @returns {Promise<Record<string, any>>} */
export async function restored_arguments(given) {
  /** @type {Record<string, any>} */
  const made = {};
  for (const [name, portable] of Object.entries(given)) {
    if ("recipe" in portable) {
      const { module, name: maker, data } = portable.recipe;
      made[name] = await (await import(/* @vite-ignore */ module))[maker](data);
    } else if ("function" in portable) made[name] = await function_from(portable.function);
    else made[name] = portable.value;
  }
  return made;
}
