// The files of a repository at one commit, with the sizes and hashes that downloads are checked against.
import { in_form } from "./answer_form.js";
import { HubError, subject_text } from "./hub_error.js";
import { hub_json } from "./http.js";
import { next_page } from "./next_page.js";
import { api_address } from "./repository.js";

/** @typedef {import("./repository.js").Repository} Repository */

/**
 * A file as the Hub lists it, with the names of huggingface_hub's cache of listings. Large files lie in LFS: their
 * bytes have a SHA-256, the others' the hash that git gives a blob.
 * @typedef {object} TreeEntry
 * @property {number} size bytes
 * @property {string} blob_id
 * @property {string} [lfs_sha256]
 * @property {number} [lfs_size]
 * @property {string} [xet_hash]
 */

/** @typedef {Record<string, TreeEntry>} Tree files by path */

/** The name of a file's content: its hash. @param {TreeEntry} entry */
export const etag_of = ({ lfs_sha256, blob_id }) => lfs_sha256 ?? blob_id;

/** Bytes of the file itself, not of the pointer that git holds. @param {TreeEntry} entry */
export const size_of = ({ lfs_size, size }) => lfs_size ?? size;

/** The version of the cached listing's form. */
const FORMAT_VERSION = 1;

/** @param {Tree} tree @returns {string} the file that huggingface_hub keeps beside the snapshots */
export function tree_to_json(tree) {
  const files = Object.fromEntries(
    Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
  );
  return JSON.stringify({ format_version: FORMAT_VERSION, files }, null, 1);
}

/** @param {string} text @returns {Tree | undefined} undefined for what is no listing of this version */
export function tree_from_json(text) {
  try {
    const { format_version, files } = JSON.parse(text);
    return format_version === FORMAT_VERSION ? files : undefined;
  } catch {
    return undefined; // cut off by a crash, say: the listing is asked for again
  }
}

/** A path that leads out of the repository's folder would be written there. @param {unknown} path */
const is_safe = (path) =>
  typeof path === "string" &&
  !/^\/|\\|\0|^[A-Za-z]:|\p{Surrogate}/u.test(path) &&
  path.split("/").every((part) => part !== "" && part !== "." && part !== "..");

/** A hash becomes a file's name, too. @param {unknown} text */
const is_hash = (text) => typeof text === "string" && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** @param {any} item of the Hub's answer @returns {TreeEntry} */
function entry_of(item) {
  const { lfs } = item;
  const sha256 = lfs && (lfs.oid ?? lfs.sha256);
  const size = lfs ? lfs.size : item.size;
  if (
    !is_safe(item.path) ||
    !(Number.isSafeInteger(size) && size >= 0) ||
    !is_hash(sha256 ?? item.oid)
  )
    throw new HubError(
      "server",
      `the Hub lists a file in a form that is not understood: ${JSON.stringify(item)}`,
    );
  return {
    size: item.size,
    blob_id: item.oid,
    ...(lfs && { lfs_sha256: sha256, lfs_size: lfs.size }),
    ...(item.xetHash && { xet_hash: item.xetHash }),
  };
}

/** A listing of more pages than this, of a thousand files each, has no end. */
const MOST_PAGES = 1000;

/**
 * Lists a repository: one request for each thousand files.
 * @param {Repository} repository
 * @param {string} commit
 * @param {Omit<import("./http.js").HubRequest, "subject">} request
 * @returns {Promise<Tree>}
 * @throws {HubError}
 */
export async function fetch_tree(repository, commit, request) {
  /** Names of files are no object's own. @type {Tree} */
  const tree = Object.create(null);
  const subject = { ...repository, revision: commit };
  const name = `the files of ${subject_text(repository)}`;
  /** @type {string | undefined} */
  let page = `${api_address(repository)}/tree/${commit}?recursive=true`;
  for (let pages = 0; page; pages++) {
    if (pages === MOST_PAGES) throw new HubError("server", `the Hub lists ${name} without an end`);
    /** @type {string} */
    const address = page;
    const { json, headers } = await hub_json(address, { ...request, subject });
    in_form(name, () => {
      for (const item of json) if (item.type === "file") tree[item.path] = entry_of(item);
    });
    page = next_page(headers, address);
  }
  return tree;
}
