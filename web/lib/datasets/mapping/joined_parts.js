// The results of several workers as one: of columns and types that hold what each of them made.
import { TunelabError } from "../../core/errors.js";
import { feature_of_type, is_float, is_integer, type_of_feature } from "../table/storage_type.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../table/storage_type.js").StorageType} StorageType */
/** @typedef {import("../table/table.js").Table} Table */
/** @typedef {import("./result_maker.js").Shape} Shape */
/** @typedef {{table: Table, shape: Shape}} MadePart */

/**
 * The type that holds values of both, as one writer would have found it.
 * @param {StorageType} a
 * @param {StorageType} b
 * @returns {StorageType | undefined}
 */
function wider_type(a, b) {
  if (a === "null" || a === b) return b;
  if (b === "null") return a;
  if (typeof a === "string" || typeof b === "string") {
    const numbers = [a, b].every((type) => is_integer(type) || is_float(type));
    return numbers ? "float64" : undefined;
  }
  if ("list" in a && "list" in b) {
    const items = wider_type(a.list, b.list);
    return items && { list: items };
  }
  if (!("struct" in a && "struct" in b)) return undefined;
  /** @type {Record<string, StorageType>} */
  const fields = {};
  for (const name of new Set([...Object.keys(a.struct), ...Object.keys(b.struct)])) {
    const field = wider_type(a.struct[name] ?? "null", b.struct[name] ?? "null");
    if (!field) return undefined;
    fields[name] = field;
  }
  return { struct: fields };
}

/** @param {string} name @param {Feature | undefined} a @param {Feature} b @returns {Feature} */
function wider_feature(name, a, b) {
  if (a === undefined || String(a) === String(b)) return b;
  const type = wider_type(type_of_feature(a, name), type_of_feature(b, name));
  if (type) return feature_of_type(type);
  throw new TunelabError(
    `map: column ${name} is ${a} in one worker's part and ${b} in another's; a column holds one type`,
  );
}

/**
 * @param {readonly MadePart[]} made in the rows' order
 * @returns {{parts: Table[], shape: Shape}}
 * @throws {TunelabError} for parts whose columns do not go together
 */
export function joined_parts(made) {
  const kept = made[0].shape.kept;
  const odd = made.find(({ shape }) => String(shape.kept) !== String(kept));
  if (odd)
    throw new TunelabError(
      `map: the function returns other columns for some rows (${odd.shape.order.join(", ")}) than for others ` +
        `(${made[0].shape.order.join(", ")}); it must return an old column always or never`,
    );
  /** @type {Record<string, Feature>} */
  const features = {};
  for (const { table } of made)
    for (const [name, feature] of Object.entries(table.features))
      features[name] = wider_feature(name, features[name], feature);
  const order = [...new Set(made.flatMap(({ shape }) => shape.order))];
  return {
    parts: made.map(({ table }) => table.completed(features)),
    shape: { order, kept },
  };
}
