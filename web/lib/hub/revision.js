// Which commit a branch or tag stands for now: one small request, and the cache's answer where there is no Hub.
import { logger } from "../core/logging.js";
import { HubError, is_hub_error, subject_text } from "./hub_error.js";
import { hub_json } from "./http.js";
import { near_repositories } from "./near_repositories.js";
import { api_address, is_commit } from "./repository.js";

/** @typedef {import("./repository.js").Repository} Repository */
/** @typedef {import("./settings.js").HubSettings} HubSettings */

/**
 * @typedef {object} Question
 * @property {Repository} repository
 * @property {string} revision
 * @property {HubSettings} settings
 * @property {import("./hub_cache.js").HubCache} cache
 * @property {boolean} [local_files_only]
 * @property {boolean} [force_download] the cache's answer does not do
 * @property {string | boolean} [token]
 * @property {AbortSignal} [signal]
 * @property {import("./http.js").HubRequest["on_wait"]} [on_wait]
 * @property {() => void} [on_fallback] told when the Hub did not answer and the cache did
 */

/** What was answered lately: a model, its tokenizer and its config ask once. @type {Map<string, {commit: string, at: number}>} */
const lately = new Map();

/**
 * The commit of a revision. A whole commit hash asks nobody.
 * @param {Question} question
 * @returns {Promise<string>}
 * @throws {HubError}
 */
export async function resolve_revision(question) {
  const { repository, revision, settings, cache, local_files_only } = question;
  if (is_commit(revision)) return revision;
  const cached = await cache.read_ref(revision);
  if (local_files_only || settings.offline) {
    if (cached) return cached;
    throw new HubError(
      "offline",
      `${subject_text({ ...repository, revision })} is not in the cache (${cache.location}), and ` +
        `${local_files_only ? "local_files_only" : "offline mode (HF_HUB_OFFLINE)"} allows no download`,
    );
  }
  const key = [api_address(repository), revision, question.token].join(" ");
  const known = lately.get(key);
  const fresh = known && Date.now() - known.at < 1000 * settings.revision_check_interval;
  if (fresh && !question.force_download) return known.commit;
  const fallback = question.force_download ? undefined : cached;
  const commit = await asked(question, fallback);
  lately.set(key, { commit, at: Date.now() });
  await cache.write_ref(revision, commit);
  return commit;
}

/** @param {Question} question @param {string | undefined} fallback the commit that the cache knows */
async function asked(question, fallback) {
  const { repository, revision, settings, token, signal, on_wait } = question;
  const subject = { ...repository, revision };
  const address = `${api_address(repository)}/revision/${encodeURIComponent(revision)}?expand=sha`;
  try {
    // With the files at hand it is not worth waiting for a Hub that does not answer.
    const patience = fallback ? { ...settings, max_retries: 0 } : settings;
    const request = { subject, settings: patience, token, signal, on_wait };
    const { json } = await hub_json(address, request);
    if (is_commit(json?.sha)) return json.sha;
    throw new HubError(
      "server",
      `${settings.endpoint} names no commit for ${subject_text(subject)}`,
    );
  } catch (error) {
    if (signal?.aborted || is_hub_error(error, "revision_not_found")) throw error;
    if (fallback && error instanceof HubError) {
      logger.warning(`${error.message}; going on with what the cache has of it`);
      question.on_fallback?.();
      return fallback;
    }
    if (is_hub_error(error, "repo_not_found")) throw await with_near_names(error, question);
    throw error;
  }
}

/** @param {unknown} error @param {Question} question */
async function with_near_names(error, question) {
  const { message, http_status } = /** @type {HubError} */ (error);
  const near = await near_repositories(question);
  if (near.length === 0) return error;
  const names = near.map((name) => `"${name}"`).join(", ");
  return new HubError("repo_not_found", `${message}; did you mean ${names}?`, {
    http_status,
    cause: error,
  });
}
