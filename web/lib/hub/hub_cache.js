// What a cache of the Hub's files can do, and which one this host has.
import { in_node } from "../core/builds.js";
import { logger } from "../core/logging.js";

/** @typedef {import("./file_source.js").OpenFile} OpenFile */
/** @typedef {import("./repo_tree.js").Tree} Tree */
/** @typedef {import("./repo_tree.js").TreeEntry} TreeEntry */

/**
 * A file on its way into the cache. Its bytes come in order; what an earlier download left is inherited.
 * @typedef {object} Partial
 * @property {() => AsyncGenerator<Uint8Array>} inherit takes over what is left of an earlier download
 *   and yields it, to be hashed
 * @property {(bytes: Uint8Array) => Promise<void>} append
 * @property {() => Promise<void>} restart forgets all bytes
 * @property {() => Promise<void>} finish puts the file, whole and verified, in its place
 * @property {() => Promise<void>} leave stops here; what has come is kept for the next download
 */

/**
 * The cache of one repository. Every file has two names: its path at a commit, and its content's hash.
 * @typedef {object} HubCache
 * @property {string} location for messages
 * @property {(revision: string) => Promise<string | undefined>} read_ref the commit that a branch or tag was at
 * @property {(revision: string, commit: string) => Promise<void>} write_ref
 * @property {(commit: string) => Promise<Tree | undefined>} read_tree
 * @property {(commit: string, tree: Tree) => Promise<void>} write_tree
 * @property {(commit: string) => Promise<string[]>} list paths of what the cache holds, whatever filled it
 * @property {(commit: string, path: string) => Promise<boolean>} is_absent whether the commit is known not to have it
 * @property {(commit: string, path: string) => Promise<void>} note_absent
 * @property {(commit: string, path: string, entry?: TreeEntry) => Promise<OpenFile | undefined>} open undefined if it
 *   is not there, or not whole
 * @property {(commit: string, path: string, entry: TreeEntry, fill: (partial: Partial) => Promise<void>,
 *   signal?: AbortSignal) => Promise<void>} store runs `fill` with a partial file unless another has
 *   stored the file meanwhile
 * @property {(commit: string, path: string, entry: TreeEntry) => Promise<void>} forget the file, before it is
 *   downloaded anew
 * @property {(commit: string, path: string) => string} [path_of] Node.js: where the file lies
 */

/** Where a page without the Cache API keeps what it has read. @type {Pick<CacheStorage, "open"> | undefined} */
let until_the_tab_closes;

/** The page's storage, or what stands in for it. */
async function page_storage() {
  if (globalThis.caches) return globalThis.caches;
  logger.warning_once(
    "this page has no Cache API (it needs https or localhost), so files of the Hub are kept until the tab is closed only",
  );
  if (!until_the_tab_closes) {
    const { BlobCache } = await import("./blob_cache.js");
    const cache = /** @type {any} */ (new BlobCache());
    until_the_tab_closes = { open: async () => cache };
  }
  return until_the_tab_closes;
}

/**
 * The cache of a repository on this host: the Hub's cache folder in Node.js, the Cache API in a page.
 * @param {import("./repository.js").Repository} repository
 * @param {import("./settings.js").HubSettings} settings
 * @returns {Promise<HubCache>}
 */
export async function open_cache(repository, settings) {
  if (in_node) {
    const { FolderCache } = await import("./folder_cache.js");
    return new FolderCache(repository, settings.cache_dir);
  }
  const { BrowserCache } = await import("./browser_cache.js");
  return BrowserCache.open(repository, settings.cache_dir, await page_storage());
}
