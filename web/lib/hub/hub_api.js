// The functions of huggingface_hub that this library has, under its names.
import { TunelabError } from "../core/errors.js";
import { in_form } from "./answer_form.js";
import { fnmatch } from "./fnmatch.js";
import { subject_text } from "./hub_error.js";
import { hub_json } from "./http.js";
import { HubSource } from "./hub_source.js";
import {
  api_address,
  check_repo_id,
  check_revision,
  is_repo_id,
  resolve_address,
} from "./repository.js";
import { hub_settings } from "./settings.js";

/** @typedef {import("./hub_source.js").HubOptions} HubOptions */

/**
 * The address of a file on the Hub.
 * @param {string} repo_id
 * @param {string} filename with "/" between folders
 * @param {Pick<HubOptions, "repo_type" | "revision" | "endpoint">} [options]
 * @returns {Promise<string>}
 */
export async function hf_hub_url(repo_id, filename, options = {}) {
  const { repo_type = "model", revision = "main" } = options;
  check_repo_id(repo_id);
  check_revision(revision);
  const { endpoint } = await hub_settings({ endpoint: options.endpoint });
  return resolve_address({ endpoint, repo_type, repo_id }, revision, filename);
}

/**
 * Brings one file into the cache, if it is not there.
 * @param {string} repo_id
 * @param {string} filename
 * @param {HubOptions} [options]
 * @returns {Promise<string>} its path in the cache folder; Node.js only
 * @throws {import("./hub_error.js").HubError}
 */
export async function hf_hub_download(repo_id, filename, options = {}) {
  return (await HubSource.open(repo_id, options)).local_path(filename);
}

/**
 * @param {string} path
 * @param {string | readonly string[]} patterns of fnmatch; one that ends with "/" stands for all in that folder
 */
const fits = (path, patterns) =>
  [patterns]
    .flat()
    .some((pattern) => fnmatch(path, pattern.endsWith("/") ? `${pattern}*` : pattern));

/**
 * Brings a whole repository into the cache, or those of its files that fit `allow_patterns` and not
 * `ignore_patterns`.
 * @param {string} repo_id
 * @param {HubOptions & {allow_patterns?: string | string[], ignore_patterns?: string | string[]}} [options]
 * @returns {Promise<string>} Node.js: the folder of the snapshot; page: the repository's name
 * @throws {import("./hub_error.js").HubError}
 */
export async function snapshot_download(repo_id, options = {}) {
  const { allow_patterns, ignore_patterns, ...hub } = options;
  const source = await HubSource.open(repo_id, hub);
  const wanted = (await source.list()).filter(
    (path) =>
      (allow_patterns === undefined || fits(path, allow_patterns)) &&
      (ignore_patterns === undefined || !fits(path, ignore_patterns)),
  );
  await Promise.all(wanted.map(async (path) => (await source.open(path)).close()));
  return source.cached_folder ?? source.location;
}

/**
 * The paths of a repository's files, sorted.
 * @param {string} repo_id
 * @param {HubOptions} [options]
 * @returns {Promise<string[]>}
 */
export async function list_repo_files(repo_id, options = {}) {
  return (await HubSource.open(repo_id, options)).list();
}

/**
 * @param {string} repo_id
 * @param {string} filename
 * @param {HubOptions} [options]
 * @returns {Promise<boolean>}
 */
export async function file_exists(repo_id, filename, options = {}) {
  return (await HubSource.open(repo_id, options)).exists(filename);
}

/**
 * What the Hub says of a model: sha, tags, downloads, siblings, cardData, gated, …
 * @param {string} repo_id
 * @param {HubOptions} [options]
 * @returns {Promise<Record<string, any>>}
 * @throws {import("./hub_error.js").HubError}
 */
export const model_info = (repo_id, options) =>
  repo_info(repo_id, { ...options, repo_type: "model" });

/**
 * As model_info, of a dataset.
 * @param {string} repo_id
 * @param {HubOptions} [options]
 */
export const dataset_info = (repo_id, options) =>
  repo_info(repo_id, { ...options, repo_type: "dataset" });

/** A repository's present name. @param {unknown} id */
function checked_id(id) {
  if (typeof id !== "string" || !is_repo_id(id)) throw new TypeError("its id is missing");
  return id;
}

/** @param {string} repo_id @param {HubOptions & {repo_type: "model" | "dataset"}} options */
async function repo_info(
  repo_id,
  { repo_type, revision = "main", token, signal, endpoint, ...rest },
) {
  check_repo_id(repo_id);
  check_revision(revision);
  if (rest.local_files_only)
    throw new TunelabError(
      `what the Hub says of ${repo_id} is not cached; leave local_files_only out`,
    );
  const settings = await hub_settings({ endpoint });
  const repository = { endpoint: settings.endpoint, repo_type, repo_id };
  const address = `${api_address(repository)}/revision/${encodeURIComponent(revision)}`;
  const request = { subject: { ...repository, revision }, settings, token, signal };
  const { json } = await hub_json(address, request);
  return in_form(subject_text(request.subject), () => ({ ...json, id: checked_id(json.id) }));
}
