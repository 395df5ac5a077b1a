// The dataset server's endpoints: splits, features, sizes, Parquet files and rows of a dataset.
import { json } from "../answer.js";
import { gate, may_read } from "../routes/access.js";
import { stored_features } from "./stored_features.js";
import { parquet_rows } from "./tables.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../settings.js").Account} Account */
/** @typedef {import("../start_hub.js").Hub} Hub */
/** @typedef {import("./parquet_export.js").Export} Export */
/** @typedef {import("./parquet_export.js").Part} Part */
/** @typedef {{dataset: string, exported: Export, query: URLSearchParams, hub: Hub}} Request */

const MOST_ROWS = 100;

/** @type {Record<string, (request: Request) => unknown | Promise<unknown>>} by the last part of the path */
const ENDPOINTS = {
  "is-valid": ({ exported }) => ({
    ...{ preview: true, viewer: exported.parts.length > 0, filter: false, statistics: false },
    search: exported.parts.length > 0,
  }),
  splits: (request) => ({
    splits: splits_of(request).map(({ dataset, config, split }) => ({ dataset, config, split })),
    ...DONE,
  }),
  info: info,
  size: size,
  parquet: parquet_files,
  rows: rows,
  "first-rows": first_rows,
  search: rows,
};

const DONE = { pending: [], failed: [] };

/** @param {string | undefined} name */
export const is_endpoint = (name) => name !== undefined && Object.hasOwn(ENDPOINTS, name);

/**
 * A refusal as the dataset server words it, which has no header for the message.
 * @param {number} status
 * @param {string} code
 * @param {string} error
 * @returns {Answer}
 */
const refusal = (status, code, error) => ({ ...json({ error }, { "X-Error-Code": code }), status });

/** @param {Account | undefined} account */
const closed = (account) =>
  account
    ? refusal(
        404,
        "ExternalAuthenticatedError",
        "The dataset does not exist, or is not accessible with the current credentials (private or gated). Please check the spelling of the dataset name or retry with other authentication credentials.",
      )
    : refusal(
        401,
        "ExternalUnauthenticatedError",
        "The dataset does not exist, or is not accessible without authentication (private or gated). Please check the spelling of the dataset name or retry with authentication.",
      );

/**
 * @param {Hub} hub
 * @param {Asked} asked
 * @param {Account | undefined} account
 * @returns {Promise<Answer>}
 */
export async function dataset_server(hub, asked, account) {
  const query = asked.url.searchParams;
  const missing = (/** @type {string} */ name) =>
    refusal(422, "MissingRequiredParameter", `Parameter '${name}' is required`);
  const { dataset, config, split, length = "0" } = Object.fromEntries(query);
  if (!dataset) return missing("dataset");
  if (hub.settings.renamed[`datasets/${dataset}`])
    return refusal(
      404,
      "RenamedDatasetError",
      "The dataset has been renamed. Please use the current dataset name.",
    );
  const repository = await hub.repositories.find("dataset", dataset);
  if (!repository || gate(repository, account, hub.endpoint)) return closed(account);
  if (repository.is_private && !may_read(account, repository)) return closed(account);
  const name = asked.segments[0];
  if (["rows", "first-rows", "search"].includes(name)) {
    if (!config || !split) return missing(config ? "split" : "config");
    if (Number(length) > MOST_ROWS)
      return refusal(
        422,
        "InvalidParameter",
        `Parameter 'length' must not be greater than ${MOST_ROWS}`,
      );
  }
  const request = { dataset, exported: await hub.exports.of(repository), query, hub };
  if ((config || split) && splits_of(request).length === 0)
    return refusal(404, "ResponseNotFound", "Not found.");
  return json(await ENDPOINTS[name](request), { "X-Revision": request.exported.source.sha });
}

/** The parts that the query's configuration and split leave, split by split. @param {Request} request */
function splits_of({ dataset, exported, query }) {
  /** @type {{dataset: string, config: string, split: string, parts: Part[]}[]} */
  const splits = [];
  for (const part of exported.parts) {
    const { config, split } = part;
    if ((query.get("config") ?? config) !== config || (query.get("split") ?? split) !== split)
      continue;
    const last = splits.at(-1);
    if (last?.config === config && last.split === split) last.parts.push(part);
    else splits.push({ dataset, config, split, parts: [part] });
  }
  return splits;
}

/** @template T @param {T[]} values @param {(value: T) => number} number */
const sum = (values, number) => values.reduce((total, value) => total + number(value), 0);

/** @param {Part} part */
const rows_in = ({ metadata }) => Number(metadata.num_rows);

/** @param {Part} part the columns' bytes before compression */
const memory_of = ({ metadata }) =>
  sum(metadata.row_groups, (group) => Number(group.total_byte_size));

/** @param {Request} request */
function info(request) {
  const { dataset, exported, query } = request;
  /** @type {Record<string, any>} */
  const infos = {};
  for (const { config, split, parts } of splits_of(request)) {
    const entry = (infos[config] ??= {
      features: stored_features(parts[0].metadata, exported.card, config),
      ...{ builder_name: "parquet", dataset_name: dataset.split("/").at(-1), config_name: config },
      ...{ splits: {}, download_size: 0, dataset_size: 0 },
    });
    const num_bytes = sum(parts, memory_of);
    entry.splits[split] = { name: split, num_bytes, num_examples: sum(parts, rows_in) };
    entry.download_size += sum(parts, ({ file }) => file.size);
    entry.dataset_size += num_bytes;
  }
  const { partial } = exported;
  const config = query.get("config");
  return config
    ? { dataset_info: infos[config], partial }
    : { dataset_info: infos, ...DONE, partial };
}

/** @param {Request} request */
function size(request) {
  const { dataset, exported, query } = request;
  const splits = splits_of(request).map(({ config, split, parts }) => ({
    ...{ dataset, config, split },
    num_bytes_parquet_files: sum(parts, ({ file }) => file.size),
    num_bytes_memory: sum(parts, memory_of),
    num_rows: sum(parts, rows_in),
    num_columns: parts[0].metadata.schema[0].num_children,
    estimated_num_rows: exported.partial ? 2 * sum(parts, rows_in) : null,
  }));
  const total = (/** @type {typeof splits} */ some) => ({
    num_bytes_parquet_files: sum(some, (each) => each.num_bytes_parquet_files),
    num_bytes_memory: sum(some, (each) => each.num_bytes_memory),
    num_rows: sum(some, (each) => each.num_rows),
    estimated_num_rows: exported.partial
      ? sum(some, (each) => Number(each.estimated_num_rows))
      : null,
  });
  const configs = [...new Set(splits.map(({ config }) => config))].map((config) => ({
    ...{ dataset, config },
    ...total(splits.filter((each) => each.config === config)),
  }));
  const { partial } = exported;
  if (query.get("config")) return { size: { config: configs[0], splits }, partial };
  return { size: { dataset: { dataset, ...total(splits) }, configs, splits }, ...DONE, partial };
}

/** @param {Request} request */
function parquet_files(request) {
  const { dataset, exported, query, hub } = request;
  const files = splits_of(request).flatMap(({ config, split, parts }) =>
    parts.map(({ filename, file }) => ({
      ...{ dataset, config, split, filename, size: file.size },
      url: `${hub.endpoint}/datasets/${dataset}/resolve/refs%2Fconvert%2Fparquet/${file.path}`,
    })),
  );
  const config = query.get("config");
  const { partial } = exported;
  if (!config) return { parquet_files: files, ...DONE, partial };
  const [{ parts }] = splits_of(request);
  return {
    parquet_files: files,
    features: stored_features(parts[0].metadata, exported.card, config),
    partial,
  };
}

/** @param {Request} request */
function features_list({ exported, query }) {
  const config = String(query.get("config"));
  const part = /** @type {Part} */ (exported.parts.find((each) => each.config === config));
  const features = Object.entries(stored_features(part.metadata, exported.card, config));
  return features.map(([name, type], feature_idx) => ({ feature_idx, name, type }));
}

/** Rows by offset and length; for /search those in which a text contains the query. @param {Request} request */
async function rows(request) {
  const { query, exported } = request;
  const [{ parts }] = splits_of(request);
  const words = query.get("query")?.toLowerCase();
  const offset = Number(query.get("offset") ?? 0);
  const length = Number(query.get("length") ?? MOST_ROWS);
  const total = sum(parts, rows_in);
  const found =
    words === undefined
      ? await numbered_rows(parts, offset, offset + length)
      : (await numbered_rows(parts, 0, total)).filter(({ row }) => contains(row, words));
  return {
    features: features_list(request),
    rows: words === undefined ? found : found.slice(offset, offset + length),
    num_rows_total: words === undefined ? total : found.length,
    num_rows_per_page: MOST_ROWS,
    partial: exported.partial,
  };
}

/** @param {Record<string, any>} row @param {string} words */
const contains = (row, words) =>
  Object.values(row).some((cell) => typeof cell === "string" && cell.toLowerCase().includes(words));

/** @param {Part[]} parts @param {number} begin @param {number} end */
async function numbered_rows(parts, begin, end) {
  const found = [];
  let first = 0;
  for (const part of parts) {
    const from = Math.max(begin - first, 0);
    const to = Math.min(end - first, rows_in(part));
    if (from < to)
      for (const [index, row] of (await parquet_rows(part.file.file, from, to)).entries())
        found.push({ row_idx: first + from + index, row, truncated_cells: [] });
    first += rows_in(part);
  }
  return found;
}

/** @param {Request} request */
async function first_rows(request) {
  const [{ dataset, config, split, parts }] = splits_of(request);
  const features = features_list(request);
  const truncated = sum(parts, rows_in) > MOST_ROWS;
  const found = await numbered_rows(parts, 0, MOST_ROWS);
  return { dataset, config, split, features, rows: found, truncated };
}
