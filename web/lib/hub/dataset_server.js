// The Hub's dataset server: which splits a dataset has, their features and sizes, its Parquet files, and single rows
// without downloading any.
import { in_form } from "./answer_form.js";
import { HubError, subject_text } from "./hub_error.js";
import { dataset_info } from "./hub_api.js";
import { hub_json } from "./http.js";
import { check_repo_id } from "./repository.js";
import { hub_settings } from "./settings.js";

/**
 * @typedef {object} ViewerOptions
 * @property {string} [config_name] one configuration; without it, all
 * @property {string | boolean} [token]
 * @property {string} [endpoint]
 * @property {AbortSignal} [signal]
 */

/**
 * What every answer says of itself.
 * @typedef {object} Answered
 * @property {string} repo_id the dataset's present name, where a former one was given
 * @property {string | undefined} commit that the answer was made from; another than the repository's: out of date
 * @property {boolean} partial only the first rows of a large dataset are there
 * @property {boolean} complete no configuration is still being worked on, or has failed
 */

/**
 * A Parquet file of a dataset. Its bytes are read from the dataset's repository at revision PARQUET_REVISION.
 * @typedef {object} ParquetFile
 * @property {string} config
 * @property {string} split as users name it; the folder in `path` may be called partial-train, say
 * @property {string} path in the repository, at that revision
 * @property {number} size bytes, of the file as it is: no compression of the transfer hides it
 */

/** The branch that the dataset server keeps its Parquet files on. */
export const PARQUET_REVISION = "refs/convert/parquet";

/** The most rows that one request brings. */
export const MOST_ROWS = 100;

/**
 * The configurations and splits of a dataset.
 * @param {string} repo_id
 * @param {ViewerOptions} [options]
 * @returns {Promise<Answered & {splits: {config: string, split: string}[]}>}
 * @throws {HubError}
 */
export async function viewer_splits(repo_id, options = {}) {
  return ask("splits", repo_id, options, ({ splits }) => ({
    splits: splits.map((/** @type {any} */ { config, split }) => ({ config, split })),
  }));
}

/**
 * Features and numbers of rows, by configuration.
 * @param {string} repo_id
 * @param {ViewerOptions} [options]
 * @returns {Promise<Answered & {configs: Record<string, {features: Record<string, any>, splits: Record<string,
 *   {num_examples: number, num_bytes: number}>, download_size?: number}>}>} features in the form of the datasets
 *   library's JSON; num_bytes in memory
 * @throws {HubError}
 */
export async function viewer_info(repo_id, options = {}) {
  const { config_name } = options;
  return ask("info", repo_id, options, ({ dataset_info: told }) => {
    const configs = config_name ? { [config_name]: told } : { ...told };
    if (!Object.values(configs).every((info) => info?.features))
      throw new TypeError("features are missing");
    return { configs };
  });
}

/**
 * How large the splits are.
 * @param {string} repo_id
 * @param {ViewerOptions} [options]
 * @returns {Promise<Answered & {splits: {config: string, split: string, num_rows: number, num_columns: number,
 *   num_bytes_parquet_files: number, num_bytes_memory: number, estimated_num_rows: number | null}[]}>}
 *   estimated_num_rows: of the whole, where only a part is there
 * @throws {HubError}
 */
export async function viewer_size(repo_id, options = {}) {
  return ask("size", repo_id, options, ({ size }) => ({ splits: [...size.splits] }));
}

/**
 * The Parquet files of a dataset, with their true sizes.
 * @param {string} repo_id
 * @param {ViewerOptions} [options]
 * @returns {Promise<Answered & {files: ParquetFile[]}>} in the order of their rows
 * @throws {HubError}
 */
export async function viewer_parquet_files(repo_id, options = {}) {
  return ask("parquet", repo_id, options, ({ parquet_files }) => ({
    files: parquet_files.map(parquet_file),
  }));
}

/** @param {any} file @returns {ParquetFile} */
function parquet_file({ config, split, url, size }) {
  // The address names the public host, also to those who ask by way of another: only its path counts.
  const path = /\/resolve\/refs(?:%2F|\/)convert(?:%2F|\/)parquet\/(.+)$/i.exec(url)?.[1];
  if (path === undefined || !Number.isSafeInteger(size))
    throw new HubError("server", `the dataset server lists a file that is not understood: ${url}`);
  return { config, split, size, path: decodeURIComponent(path) };
}

/**
 * Rows of a split by their numbers, at most MOST_ROWS.
 * @param {string} repo_id
 * @param {ViewerOptions & {config_name: string, split: string, offset?: number, length?: number, query?: string}} options
 *   offset: the first row, default 0; length: default MOST_ROWS; query: only rows with these words, numbered from 0
 * @returns {Promise<Answered & {features: Record<string, any>, rows: Record<string, any>[], row_indices: number[],
 *   truncated: boolean, num_rows_total: number}>} row_indices: where the rows stand in the split; truncated: some cells
 *   are cut off
 * @throws {HubError}
 */
export async function viewer_rows(repo_id, options) {
  const { split, offset = 0, length = MOST_ROWS, query } = options;
  const numbers = { offset: String(offset), length: String(Math.min(length, MOST_ROWS)) };
  const more = { split, ...numbers, ...(query !== undefined && { query }) };
  return ask(query === undefined ? "rows" : "search", repo_id, options, rows_of, more);
}

/** @param {any} answer */
const rows_of = ({ features, rows, num_rows_total }) => ({
  features: Object.fromEntries(features.map((/** @type {any} */ each) => [each.name, each.type])),
  rows: rows.map((/** @type {any} */ { row }) => row),
  row_indices: rows.map((/** @type {any} */ { row_idx }) => row_idx),
  truncated: rows.some((/** @type {any} */ { truncated_cells }) => truncated_cells?.length > 0),
  num_rows_total,
});

/** Present names by those that were asked for: the dataset server, unlike the Hub, does not follow former ones.
 * @type {Map<string, string>} */
const present_names = new Map();

/** Refusals behind which stands something that the Hub itself tells: that there is no such dataset, that it is gated, its
 * present name; or a configuration or split that is not there. */
const UNCLEAR = new Set([
  null,
  "ExternalAuthenticatedError",
  "ExternalUnauthenticatedError",
  "RenamedDatasetError",
  "ResponseNotFound",
]);

/**
 * @template T
 * @param {string} what the endpoint
 * @param {string} given the dataset's name
 * @param {ViewerOptions} options
 * @param {(json: any) => T} read takes the answer's fields
 * @param {Record<string, string>} [more] of the query
 * @returns {Promise<Answered & T>}
 */
async function ask(what, given, options, read, more = {}) {
  check_repo_id(given);
  const { config_name, endpoint, token, signal } = options;
  const settings = await hub_settings({ endpoint });
  const key = `${settings.endpoint} ${given}`;
  const repo_id = present_names.get(key) ?? given;
  const query = new URLSearchParams({ dataset: repo_id, ...more });
  if (config_name) query.set("config", config_name);
  const subject = { repo_type: /** @type {const} */ ("dataset"), repo_id };
  const allow = [401, 403, 404, 422, 501];
  const address = `${settings.datasets_server}/${what}?${query}`;
  const { json, headers } = await hub_json(address, { subject, settings, token, signal, allow });
  const about = `the ${what} of ${subject_text(subject)}`;
  const fields = in_form(about, () => json.error === undefined && read(json));
  if (fields) {
    const { partial = false, pending = [], failed = [] } = json;
    const commit = headers.get("x-revision") ?? undefined;
    const complete = pending.length === 0 && failed.length === 0;
    return { repo_id, commit, partial, complete, ...fields };
  }
  const refused = new HubError(
    "server",
    `the dataset server does not tell the ${what} of the dataset "${repo_id}": ${json.error}`,
  );
  if (!UNCLEAR.has(headers.get("x-error-code"))) throw refused;
  const info = await dataset_info(repo_id, { endpoint, token, signal });
  // Once: names that lead from one to the next have no end.
  if (info.id !== repo_id && repo_id === given) {
    present_names.set(key, info.id);
    return ask(what, given, options, read, more);
  }
  if (config_name) throw await with_choices(refused, repo_id, options, more.split);
  throw info.gated ? await gated_error(repo_id, options) : refused;
}

/** @param {string} repo_id @param {ViewerOptions} options */
async function gated_error(repo_id, options) {
  const { endpoint, token } = await hub_settings({ endpoint: options.endpoint });
  const page = `${endpoint}/datasets/${repo_id}`;
  return new HubError(
    "gated",
    (options.token ?? token)
      ? `the dataset "${repo_id}" is gated and this token's account has no access; ask for it at ${page}`
      : `the dataset "${repo_id}" is gated: accept its conditions at ${page}, then sign in, or give a token of that account`,
  );
}

/**
 * What there is, for one who asked for a configuration or split that is not.
 * @param {HubError} error
 * @param {string} repo_id
 * @param {ViewerOptions} options
 * @param {string} [split]
 */
async function with_choices(error, repo_id, options, split) {
  const { splits } = await viewer_splits(repo_id, { ...options, config_name: undefined });
  const { config_name } = options;
  const configs = [...new Set(splits.map(({ config }) => config))];
  const there = configs.includes(String(config_name));
  const names = there
    ? splits.filter(({ config }) => config === config_name).map((each) => each.split)
    : configs;
  const missing = there ? `split "${split}"` : `configuration "${config_name}"`;
  const where = there ? `${config_name} of the dataset "${repo_id}"` : `the dataset "${repo_id}"`;
  if (names.includes(String(there ? split : config_name))) return error;
  return new HubError(
    "entry_not_found",
    `there is no ${missing} in ${where}; there are ${names.join(", ")}`,
    { cause: error },
  );
}
