// Which repository a request means, and whether whoever asks may read it.
import { failure, redirect } from "../answer.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../repositories.js").Repository} Repository */
/** @typedef {import("../repositories.js").RepoType} RepoType */
/** @typedef {import("../repositories.js").Snapshot} Snapshot */
/** @typedef {import("../settings.js").Account} Account */
/** @typedef {import("../start_hub.js").Hub} Hub */

/** What may follow a repository's name in an address. */
const VERBS = new Set(["resolve", "tree", "revision", "paths-info", "refs", "commits", "raw"]);

/**
 * Splits the parts of a path that begin with a repository's name, which has an organisation or none.
 * @param {string[]} segments
 * @returns {{id: string, rest: string[]}}
 */
export function split_id(segments) {
  const words = segments.length > 1 && !VERBS.has(segments[1]) ? 2 : 1;
  return { id: segments.slice(0, words).join("/"), rest: segments.slice(words) };
}

/**
 * Takes the revision off the front of what follows: refs/convert/parquet and refs/pr/1 may come in one part or in three.
 * @param {string[]} rest
 * @returns {{revision: string, path: string[]}}
 */
export function split_revision(rest) {
  const words = rest[0] === "refs" ? 3 : 1;
  return { revision: rest.slice(0, words).join("/") || "main", path: rest.slice(words) };
}

/**
 * The repository, or the answer in its stead: a redirect for a former name, the Hub's refusals for what is not there or
 * not open to this account.
 * @param {Hub} hub
 * @param {Asked} asked
 * @param {Account | undefined} account
 * @param {RepoType} type
 * @param {string} id
 * @returns {Promise<{repository: Repository} | {answer: Answer}>}
 */
export async function find_repository(hub, asked, account, type, id) {
  const { renamed } = hub.settings;
  const prefix = type === "dataset" ? "datasets/" : "";
  const present = renamed[prefix + id];
  if (present !== undefined)
    return { answer: redirect(307, moved(asked.url, id, present, prefix)) };
  const repository = await hub.repositories.find(type, id);
  if (repository && (!repository.is_private || may_read(account, repository)))
    return { repository };
  // Whether it is missing or private is not told.
  return {
    answer: account
      ? failure(404, "Repository not found", "RepoNotFound")
      : failure(401, "Invalid username or password.", "RepoNotFound"),
  };
}

/** @param {URL} url @param {string} id @param {string} present @param {string} prefix */
function moved(url, id, present, prefix) {
  const name = present.slice(prefix.length);
  return url.pathname.replace(`/${id}`, `/${name}`) + url.search;
}

/** @param {Account | undefined} account @param {Repository} repository */
export function may_read(account, repository) {
  return account !== undefined && (account.may_read?.includes(repository.key) ?? true);
}

/**
 * The Hub's refusal to hand out a gated repository's files; undefined where they are open.
 * @param {Repository} repository
 * @param {Account | undefined} account
 * @param {string} endpoint
 * @returns {Answer | undefined}
 */
export function gate(repository, account, endpoint) {
  if (!repository.gated || may_read(account, repository)) return undefined;
  const restricted = `Access to ${repository.type} ${repository.id} is restricted`;
  return account
    ? failure(
        403,
        `${restricted} and you are not in the authorized list. Visit ${endpoint}/${repository.key} to ask for access.`,
        "GatedRepo",
      )
    : failure(
        401,
        `${restricted}. You must have access to it and be authenticated to access it. Please log in.`,
        "GatedRepo",
      );
}

/** @param {string} revision */
export const no_revision = (revision) =>
  failure(404, `Invalid rev id: ${revision}`, "RevisionNotFound");

/** @param {string} path @param {string} sha */
export const no_entry = (path, sha) =>
  failure(404, `Entry not found: ${path}`, "EntryNotFound", { "X-Repo-Commit": sha });
