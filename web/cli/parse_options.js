// Command lines to values, by a table of options; what is wrong is said in one line.
import { parseArgs } from "node:util";
import { nearest_name } from "../lib/core/near_names.js";

/** @typedef {import("./option_tables.js").Option} Option */
/** @typedef {import("./option_tables.js").OptionTable} OptionTable */
/** @typedef {Record<string, any>} Options values by option name; absent where not given */

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/** @param {string} name @param {Option} option @param {string} text */
function number_of(name, { type, min = -Infinity }, text) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || (type === "int" && !Number.isInteger(value)))
    throw new UsageError(
      `--${name} must be ${type === "int" ? "a whole number" : "a number"}, not ${text}`,
    );
  if (value < min) throw new UsageError(`--${name} must be at least ${min}, not ${text}`);
  return value;
}

/** @param {string} name @param {Option} option @param {string} text */
function value_of(name, option, text) {
  if (option.choices && !option.choices.includes(text))
    throw new UsageError(`--${name} must be one of ${option.choices.join(", ")}, not ${text}`);
  if (option.type === "list") return text.split(",").map((part) => part.trim());
  return option.type === "string" ? text : number_of(name, option, text);
}

/**
 * @param {string} command for messages
 * @param {OptionTable} table
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {UsageError}
 */
export function parse_options(command, table, args) {
  const kinds = Object.entries(table).map(([name, { type }]) => [
    name,
    { type: /** @type {"boolean" | "string"} */ (type === "bool" ? "boolean" : "string") },
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(kinds),
    strict: false,
    allowNegative: true,
    tokens: true,
  });
  /** @type {Options} */
  const options = {};
  for (const token of tokens) {
    if (token.kind === "positional")
      throw new UsageError(
        `${token.value} stands alone; options begin with --, such as --model ${token.value}`,
      );
    if (token.kind !== "option") continue;
    const negated = token.rawName.startsWith("--no-") && !(token.rawName.slice(2) in table);
    const name = negated ? token.rawName.slice(5) : token.name;
    const option = table[name];
    if (!option || (negated && option.type !== "bool"))
      throw new UsageError(
        `tunelab ${command} has no option ${token.rawName}; the nearest is --${nearest_name(name, Object.keys(table))}`,
      );
    options[name] = taken(name, option, token, options[name], negated);
  }
  return options;
}

/**
 * @param {string} name
 * @param {Option} option
 * @param {{value?: string, rawName: string}} token
 * @param {any} before what the option had already
 * @param {boolean} negated
 */
function taken(name, option, { value, rawName }, before, negated) {
  if (option.type === "bool") {
    if (value !== undefined)
      throw new UsageError(`--${name} takes no value; give --${name} or --no-${name}`);
    return !negated;
  }
  if (value === undefined || (value === "" && !option.repeated))
    throw new UsageError(`${rawName} needs a value`);
  const made = value_of(name, option, value);
  return option.repeated ? [...(before ?? []), made] : made;
}

/**
 * @param {Options} options
 * @param {string} name
 */
export function require_option(options, name) {
  if (options[name] === undefined) throw new UsageError(`--${name} is needed; see --help`);
  return options[name];
}
