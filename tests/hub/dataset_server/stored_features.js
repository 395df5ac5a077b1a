// A dataset's features as the datasets library writes them: from its Parquet files, its card, or the columns' types.

/** @typedef {import("hyparquet").FileMetaData} FileMetaData */
/** @typedef {import("hyparquet").SchemaElement} SchemaElement */

/**
 * @param {FileMetaData} metadata
 * @param {Record<string, any>} card
 * @param {string} config
 * @returns {Record<string, any>} in the form of `datasets.Features.to_dict`
 */
export function stored_features(metadata, card, config) {
  const text = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  const stored = text && JSON.parse(text).info?.features;
  if (stored) return stored;
  const infos = [card.dataset_info ?? []].flat();
  const info = infos.find((each) => (each.config_name ?? "default") === config);
  if (info?.features) return features_of_card(info.features);
  return features_of_schema(metadata.schema);
}

/** @param {any[]} features as in the YAML of a card */
function features_of_card(features) {
  return Object.fromEntries(features.map(({ name, ...rest }) => [name, feature_of_card(rest)]));
}

/** @param {any} given @returns {any} */
function feature_of_card(given) {
  const inner = given.list ?? given.sequence;
  if (inner !== undefined)
    return {
      feature: feature_of_card(typeof inner === "string" ? { dtype: inner } : inner),
      _type: "List",
    };
  const names = given.dtype?.class_label?.names;
  if (names) return { names: Object.values(names), _type: "ClassLabel" };
  return { dtype: given.dtype, _type: "Value" };
}

/** @type {Record<string, string>} */
const DTYPES = {
  BOOLEAN: "bool",
  INT32: "int32",
  INT64: "int64",
  FLOAT: "float32",
  DOUBLE: "float64",
};

/** @param {SchemaElement[]} schema the tree in pre-order */
function features_of_schema(schema) {
  /** @type {Record<string, any>} */
  const features = {};
  for (let at = 1; at < schema.length;) {
    const { name } = schema[at];
    const [feature, next] = feature_of_schema(schema, at);
    features[name] = feature;
    at = next;
  }
  return features;
}

/**
 * @param {SchemaElement[]} schema
 * @param {number} at
 * @returns {[any, number]} the feature, and where the next one begins
 */
function feature_of_schema(schema, at) {
  const { type, converted_type, num_children = 0 } = schema[at];
  if (num_children === 0) {
    const text = converted_type === "UTF8" || converted_type === "JSON";
    const dtype = type === "BYTE_ARRAY" ? (text ? "string" : "binary") : DTYPES[String(type)];
    return [{ dtype, _type: "Value" }, at + 1];
  }
  if (converted_type === "LIST") {
    const [feature, next] = feature_of_schema(schema, at + 2);
    return [{ feature, _type: "List" }, next];
  }
  /** @type {Record<string, any>} */
  const inside = {};
  let next = at + 1;
  for (let child = 0; child < num_children; child++) {
    const { name } = schema[next];
    [inside[name], next] = feature_of_schema(schema, next);
  }
  return [inside, next];
}
