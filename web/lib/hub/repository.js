// A repository of the Hub: how it is named, where its addresses are, what it is called on disk.
import { TunelabError } from "../core/errors.js";

/** @typedef {"model" | "dataset"} RepoType */
/** @typedef {{endpoint: string, repo_type: RepoType, repo_id: string}} Repository */

const ID = /^(?:[A-Za-z0-9_][\w.-]*\/)?[A-Za-z0-9_][\w.-]{0,95}$/;

/**
 * Whether a name can be a repository's on the Hub: "name" or "organisation/name".
 * @param {string} name
 */
export function is_repo_id(name) {
  return ID.test(name) && !/--|\.\.|[-.]$|\.git$/.test(name);
}

/** @param {string} name @throws {TunelabError} if it cannot be a repository's */
export function check_repo_id(name) {
  if (!is_repo_id(name))
    throw new TunelabError(
      `${JSON.stringify(name)} cannot be the name of a repository on the Hub; expected "name" or "organisation/name"`,
    );
}

/** @param {string} revision @throws {TunelabError} for what git takes for no branch's name: it becomes a file's */
export function check_revision(revision) {
  const parts = revision.split("/");
  if (!/^[\w./+@-]+$/.test(revision) || parts.some((part) => /^\.{0,2}$/.test(part)))
    throw new TunelabError(
      `${JSON.stringify(revision)} cannot be a revision; expected a branch, a tag or a commit hash`,
    );
}

/** Whether a revision is a whole commit hash, which names the same files for ever. @param {string} revision */
export const is_commit = (revision) => /^[0-9a-f]{40}$/.test(revision);

/** @param {string} path */
const encoded_path = (path) => path.split("/").map(encodeURIComponent).join("/");

/** @param {Repository} repository */
export const api_address = ({ endpoint, repo_type, repo_id }) =>
  `${endpoint}/api/${repo_type}s/${repo_id}`;

/**
 * Where a file's bytes are.
 * @param {Repository} repository
 * @param {string} revision
 * @param {string} path
 */
export function resolve_address({ endpoint, repo_type, repo_id }, revision, path) {
  const prefix = repo_type === "dataset" ? "datasets/" : "";
  return `${endpoint}/${prefix}${repo_id}/resolve/${encodeURIComponent(revision)}/${encoded_path(path)}`;
}

/** The repository's folder in the Hub's cache. @param {Repository} repository */
export const folder_name = ({ repo_type, repo_id }) =>
  [`${repo_type}s`, ...repo_id.split("/")].join("--");

/** The repository for messages. @param {Repository} repository */
export const display_name = ({ repo_type, repo_id }) =>
  repo_type === "dataset" ? `datasets/${repo_id}` : repo_id;
