// Where the Hub is, who asks, and where what it gives is kept: from the environment in Node.js, as
// huggingface_hub reads it, from configure_hub in a page.
import { in_node } from "../core/builds.js";
import { TunelabError } from "../core/errors.js";

/**
 * @typedef {object} HubSettings
 * @property {string} endpoint the Hub's address, without a slash at its end
 * @property {string} datasets_server the dataset server's address
 * @property {string} [token] never shown; sent to `endpoint` and `datasets_server` alone
 * @property {boolean} offline no request is made
 * @property {string} cache_dir Node.js: the folder of the Hub's cache; page: the name of the Cache
 * @property {string} datasets_cache the folder for processed data
 * @property {number} timeout seconds without an answer, or without a byte of one, that count as broken
 * @property {number} max_retries of a request that failed for a passing reason
 * @property {number} base_wait_time seconds before the first retry; each next one waits twice as long
 * @property {number} revision_check_interval seconds that the answer to "which commit is main?" counts
 */

/** The public Hub, where nothing else is asked for. */
export const DEFAULT_ENDPOINT = "https://huggingface.co";
const DEFAULT_DATASETS_SERVER = "https://datasets-server.huggingface.co";

const DEFAULTS = {
  endpoint: DEFAULT_ENDPOINT,
  offline: false,
  cache_dir: "tunelab-hub",
  datasets_cache: "tunelab-datasets",
  timeout: 10,
  max_retries: 5,
  base_wait_time: 1,
  revision_check_interval: 60,
};

/** @type {Partial<HubSettings>} */
let configured = {};

/** @template {object} T @param {T} fields @returns {T} without what is undefined */
const given = (fields) =>
  /** @type {T} */ (
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  );

/** @param {string} endpoint @param {string} name */
function checked_address(endpoint, name) {
  if (!/^https?:\/\/[^/?#\s]+/.test(endpoint))
    throw new TunelabError(
      `${name} must be an http or https address, such as ${DEFAULT_ENDPOINT}; not ${JSON.stringify(endpoint)}`,
    );
  if (/^https?:\/\/[^/]*@/.test(endpoint))
    throw new TunelabError(
      `${name} must not hold a user's name and password; give a token (HF_TOKEN)`,
    );
  return endpoint.replace(/\/+$/, "");
}

/** Whether a text can be a token: none has spaces, and no header takes other characters. @param {string} text */
export const is_token = (text) => /^[\x21-\x7e]+$/.test(text);

/**
 * Sets what hub_settings gives, over the environment. In a page the token so lives in the tab's memory alone.
 * A field set to undefined counts as not set.
 * @param {Partial<HubSettings>} changes
 */
export function configure_hub(changes) {
  configured = { ...configured, ...changes };
}

/**
 * The settings that count now: `overrides`, then configure_hub's, then the environment's (Node.js: HF_ENDPOINT,
 * HF_TOKEN (formerly HUGGING_FACE_HUB_TOKEN) or the token file, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_DATASETS_CACHE,
 * HF_DATASETS_SERVER, HF_HUB_DOWNLOAD_TIMEOUT), then the public Hub's.
 * @param {Partial<HubSettings>} [overrides]
 * @returns {Promise<HubSettings>}
 */
export async function hub_settings(overrides = {}) {
  const environment = in_node ? await (await import("./environment.js")).read_environment() : {};
  const known = { ...DEFAULTS, ...environment, ...given(configured), ...given(overrides) };
  const endpoint = checked_address(known.endpoint, "the Hub's endpoint (HF_ENDPOINT)");
  const server =
    known.datasets_server ?? (endpoint === DEFAULT_ENDPOINT ? DEFAULT_DATASETS_SERVER : endpoint);
  return {
    ...known,
    endpoint,
    datasets_server: checked_address(server, "the dataset server's address (HF_DATASETS_SERVER)"),
  };
}
