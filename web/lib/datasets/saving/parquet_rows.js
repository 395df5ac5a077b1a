// Rows as a Parquet file, a row group at a time, with the features beside them as the datasets library
// stores and reads them.
import { TunelabError } from "../../core/errors.js";
import { feature_to_json } from "../features/feature_json.js";
import { dtype_of, is_text } from "../features.js";
import { batches } from "./text_rows.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../dataset_view.js").DatasetView} DatasetView */
/** @typedef {import("hyparquet").SchemaElement} SchemaElement */
/** @typedef {Omit<SchemaElement, "name">} Element */

/** @param {"INT32" | "INT64"} type @param {string} converted_type @returns {Element} */
const integer = (type, converted_type) => ({
  type,
  converted_type: /** @type {any} */ (converted_type),
});

/** @type {Record<string, Element>} */
const ELEMENTS = {
  null: { type: "INT32" },
  bool: { type: "BOOLEAN" },
  int8: integer("INT32", "INT_8"),
  int16: integer("INT32", "INT_16"),
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  uint8: integer("INT32", "UINT_8"),
  uint16: integer("INT32", "UINT_16"),
  uint32: integer("INT32", "UINT_32"),
  uint64: integer("INT64", "UINT_64"),
  float16: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  binary: { type: "BYTE_ARRAY" },
  large_binary: { type: "BYTE_ARRAY" },
  date32: integer("INT32", "DATE"),
  date64: integer("INT32", "DATE"),
};

/** @type {Record<string, "MILLIS" | "MICROS" | "NANOS">} */
const UNITS = { s: "MILLIS", ms: "MILLIS", us: "MICROS", ns: "NANOS" };

/** @param {Feature} feature @param {string} name of the column, for messages @returns {Element} */
function element_of(feature, name) {
  if (is_text(feature)) return { type: "BYTE_ARRAY", converted_type: "UTF8" };
  const [, unit, zone] = /^timestamp\[(\w+)(, ?tz=.*)?\]$/.exec(feature.dtype) ?? [];
  if (unit) {
    const time = { type: "TIMESTAMP", isAdjustedToUTC: Boolean(zone), unit: UNITS[unit] };
    return { type: "INT64", logical_type: /** @type {any} */ (time) };
  }
  if (Object.hasOwn(ELEMENTS, feature.dtype)) return ELEMENTS[feature.dtype];
  throw new TunelabError(
    `to_parquet: column ${name} is of type ${feature.dtype}, which is not written`,
    "TL_ERR_UNSUPPORTED",
  );
}

/**
 * A column's part of the schema, in pre-order; anything may be null.
 * @param {Feature} feature
 * @param {string} name
 * @returns {SchemaElement[]}
 */
function schema_of(feature, name) {
  const repetition_type = /** @type {const} */ ("OPTIONAL");
  if (dtype_of(feature) === "list")
    return [
      { name, repetition_type, num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ...schema_of(feature.feature, "element"),
    ];
  if (dtype_of(feature) === "struct") {
    const fields = Object.entries(feature);
    return [
      { name, repetition_type, num_children: fields.length },
      ...fields.flatMap(([key, each]) => schema_of(each, key)),
    ];
  }
  return [{ name, repetition_type, ...element_of(feature, name) }];
}

/**
 * 64-bit integers are written from BigInt alone.
 * @param {Feature} feature
 * @returns {((value: any) => any) | undefined} undefined: values are written as they are
 */
function converter(feature) {
  if (/^u?int64$/.test(dtype_of(feature))) return (value) => BigInt.asIntN(64, BigInt(value));
  if (dtype_of(feature) === "list") {
    const convert = converter(feature.feature);
    return convert && ((list) => converted(list, convert));
  }
  if (dtype_of(feature) !== "struct") return undefined;
  const fields = Object.entries(feature).map(([key, each]) => ({ key, convert: converter(each) }));
  if (!fields.some(({ convert }) => convert)) return undefined;
  return (dict) =>
    Object.fromEntries(
      fields.map(({ key, convert }) => [
        key,
        convert ? converted([dict[key]], convert)[0] : dict[key],
      ]),
    );
}

/** @param {any[]} values @param {((value: any) => any) | undefined} convert of what is not null */
const converted = (values, convert) =>
  convert ? values.map((value) => (value === null ? null : convert(value))) : values;

/** What the datasets library looks for in a file's metadata. @param {Record<string, Feature>} features */
function stored_features(features) {
  const json = Object.entries(features).map(([name, each]) => [name, feature_to_json(each)]);
  return JSON.stringify({ info: { features: Object.fromEntries(json) } });
}

/**
 * @param {DatasetView} dataset
 * @param {{batch_size?: number}} settings rows of a row group; default 10,000
 * @returns {Promise<Iterable<Uint8Array>>}
 * @throws {TunelabError} for columns of types that are not written
 */
export async function parquet_rows(dataset, { batch_size = 10_000 }) {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const columns = Object.entries(dataset.features);
  const schema = [
    { name: "schema", num_children: columns.length },
    ...columns.flatMap(([name, feature]) => schema_of(feature, name)),
  ];
  const bytes = new ByteWriter();
  const value = stored_features(dataset.features);
  const file = new ParquetWriter({
    writer: bytes,
    schema,
    kvMetadata: [{ key: "huggingface", value }],
    createdBy: "tunelab",
  });
  const written = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  return (function* () {
    for (const { columns: values, rows } of batches(dataset, batch_size)) {
      const columnData = columns.map(([name, feature]) => ({
        name,
        data: converted(values[name], converter(feature)),
      }));
      file.write({ columnData, rowGroupSize: rows });
      yield written();
    }
    file.finish();
    yield written();
  })();
}
