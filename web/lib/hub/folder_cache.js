// The Hub's cache folder in Node.js, laid out as huggingface_hub lays it out, so that either finds what the other
// has downloaded.
import { copyFile, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { error_text } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { with_lock } from "./cache_lock.js";
import { FolderPartial, random_name, storing } from "./folder_partial.js";
import { FolderSource } from "./folder_source.js";
import { make_folder } from "./make_folder.js";
import { etag_of, size_of, tree_from_json, tree_to_json } from "./repo_tree.js";
import { folder_name } from "./repository.js";

/** @typedef {import("./hub_cache.js").HubCache} HubCache */
/** @typedef {import("./repo_tree.js").TreeEntry} TreeEntry */

/** What backup programs know a cache by. */
const CACHEDIR_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n";

/** @param {string} path */
const stat_if_any = (path) => stat(path).catch(() => undefined);

/**
 *     cache_dir/models--org--name/
 *       refs/main                 the commit that "main" was at
 *       trees/<commit>.json       its files with sizes and hashes
 *       snapshots/<commit>/path   a link to
 *       blobs/<hash>              the content; <hash>.….incomplete while it comes
 *       .no_exist/<commit>/path   an empty file: the commit has no such path
 *     cache_dir/.locks/           who downloads what
 *
 * @implements {HubCache}
 */
export class FolderCache {
  /**
   * @param {import("./repository.js").Repository} repository
   * @param {string} cache_dir
   */
  constructor(repository, cache_dir) {
    this._root = cache_dir;
    this._name = folder_name(repository);
    /** @type {string} */
    this.location = join(cache_dir, this._name);
  }

  /** @param {string} revision */
  async read_ref(revision) {
    const text = await this._read("refs", revision);
    return text?.trim() || undefined;
  }

  /** @param {string} revision @param {string} commit */
  async write_ref(revision, commit) {
    if ((await this.read_ref(revision)) !== commit) await this._note(commit, "refs", revision);
  }

  /** @param {string} commit */
  async read_tree(commit) {
    const text = await this._read("trees", `${commit}.json`);
    return text === undefined ? undefined : tree_from_json(text);
  }

  /** @param {string} commit @param {import("./repo_tree.js").Tree} tree */
  async write_tree(commit, tree) {
    await this._note(tree_to_json(tree), "trees", `${commit}.json`);
  }

  /** @param {string} commit */
  async list(commit) {
    const folder = this.path_of(commit, "");
    return (await stat_if_any(folder)) ? new FolderSource(folder).list() : [];
  }

  /** @param {string} commit @param {string} path */
  async is_absent(commit, path) {
    return Boolean(await stat_if_any(join(this.location, ".no_exist", commit, path)));
  }

  /** @param {string} commit @param {string} path */
  async note_absent(commit, path) {
    await this._note("", ".no_exist", commit, path);
  }

  /** @param {string} commit @param {string} path */
  path_of(commit, path) {
    return join(this.location, "snapshots", commit, path);
  }

  /** @param {TreeEntry} entry */
  _blob(entry) {
    return join(this.location, "blobs", etag_of(entry));
  }

  /** @param {string} commit @param {string} path @param {TreeEntry} [entry] */
  async open(commit, path, entry) {
    if (!(await this._holds(commit, path, entry))) return undefined;
    return new FolderSource(this.path_of(commit, "")).open(path);
  }

  /** @param {string} commit @param {string} path @param {TreeEntry} [entry] */
  async _holds(commit, path, entry) {
    /** @param {string} file */
    const is_whole = async (file) => {
      const found = await stat_if_any(file);
      return Boolean(found?.isFile() && (!entry || found.size === size_of(entry)));
    };
    const place = this.path_of(commit, path);
    if (await is_whole(place)) return true;
    // Another commit, or huggingface_hub, has brought the same content.
    if (!entry || !(await is_whole(this._blob(entry)))) return false;
    await storing(this._root, () => this._link(place, this._blob(entry), copyFile));
    return true;
  }

  /**
   * @param {string} commit
   * @param {string} path
   * @param {TreeEntry} entry
   * @param {(partial: import("./hub_cache.js").Partial) => Promise<void>} fill
   * @param {AbortSignal} [signal]
   */
  async store(commit, path, entry, fill, signal) {
    const blob = this._blob(entry);
    const lock = join(this._root, ".locks", this._name, `${etag_of(entry)}.tunelab.lock`);
    await storing(this._root, async () => {
      await make_folder(dirname(blob));
      await make_folder(dirname(lock));
    });
    await writeFile(join(this._root, "CACHEDIR.TAG"), CACHEDIR_TAG, { flag: "wx" }).catch(() => {});
    await with_lock(lock, signal, async () => {
      if (await this._holds(commit, path, entry)) return;
      const partial = new FolderPartial(blob, (whole) => this._place(commit, path, blob, whole));
      try {
        await fill(partial);
      } finally {
        await partial.leave();
      }
    });
  }

  /** @param {string} commit @param {string} path @param {TreeEntry} entry */
  async forget(commit, path, entry) {
    await storing(this._root, async () => {
      await rm(this.path_of(commit, path), { force: true });
      await rm(this._blob(entry), { force: true });
    });
  }

  /**
   * Puts a whole file in its place.
   * @param {string} commit
   * @param {string} path
   * @param {string} blob
   * @param {string} whole under a name of its own
   */
  async _place(commit, path, blob, whole) {
    await rename(whole, blob);
    await this._link(this.path_of(commit, path), blob, rename);
  }

  /**
   * Makes a snapshot's entry: a link, or where there are none (Windows) the content itself.
   * @param {string} place
   * @param {string} blob
   * @param {(from: string, to: string) => Promise<void>} otherwise
   */
  async _link(place, blob, otherwise) {
    await make_folder(dirname(place));
    await rm(place, { force: true });
    const no_links = /^(1|on|yes|true)$/i.test(process.env.HF_HUB_DISABLE_SYMLINKS ?? "");
    try {
      if (no_links) throw new Error("links are not wanted");
      await symlink(relative(dirname(place), blob), place);
    } catch (error) {
      // Another process may have been faster.
      if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return;
      await otherwise(blob, place);
    }
  }

  /** @param {string[]} parts */
  async _read(...parts) {
    return readFile(join(this.location, ...parts), "utf8").catch(() => undefined);
  }

  /**
   * Writes a small file as a whole. A cache that cannot be written to is still good for reading.
   * @param {string} text
   * @param {string[]} parts
   */
  async _note(text, ...parts) {
    const path = join(this.location, ...parts);
    const temporary = `${path}.${random_name()}.tmp`;
    try {
      await make_folder(dirname(path));
      await writeFile(temporary, text);
      await rename(temporary, path);
    } catch (error) {
      logger.warning_once(`${this.location} cannot be written to (${error_text(error)})`);
    }
  }
}
