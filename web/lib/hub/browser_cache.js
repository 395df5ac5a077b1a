// The Hub's files in a page's Cache API: in chunks, so that a closed tab loses little and nothing is held whole.
import { error_text } from "../core/errors.js";
import { HubError } from "./hub_error.js";
import { etag_of, size_of, tree_from_json, tree_to_json } from "./repo_tree.js";
import { api_address } from "./repository.js";

/** @typedef {import("./hub_cache.js").HubCache} HubCache */
/** @typedef {import("./repo_tree.js").TreeEntry} TreeEntry */

/** Bytes of an entry: what a closed tab loses at most, and what reading holds. */
const CHUNK = 1 << 22;

/**
 * Entries are named by addresses below the repository's, which nobody requests:
 *
 *     <repository>/tunelab/refs/main            the commit
 *     <repository>/tunelab/trees/<commit>       its listing
 *     <endpoint>/tunelab/blobs/<hash>/<n>       the nth chunk of a file
 *     <endpoint>/tunelab/blobs/<hash>           written last: the file is whole and verified
 *
 * @implements {HubCache}
 */
export class BrowserCache {
  /**
   * @param {import("./repository.js").Repository} repository
   * @param {Cache} cache
   */
  constructor(repository, cache) {
    this._cache = cache;
    this.location = `${api_address(repository)}/tunelab`;
    this._blobs = `${repository.endpoint}/tunelab/blobs`;
  }

  /**
   * @param {import("./repository.js").Repository} repository
   * @param {string} name of the cache
   * @param {Pick<CacheStorage, "open">} storage
   */
  static async open(repository, name, storage) {
    return new BrowserCache(repository, await storage.open(name));
  }

  /** @param {string} revision */
  read_ref(revision) {
    return this._read(`${this.location}/refs/${encodeURIComponent(revision)}`);
  }

  /** @param {string} revision @param {string} commit */
  write_ref(revision, commit) {
    return this._put(`${this.location}/refs/${encodeURIComponent(revision)}`, commit);
  }

  /** @param {string} commit */
  async read_tree(commit) {
    const text = await this._read(`${this.location}/trees/${commit}`);
    return text === undefined ? undefined : tree_from_json(text);
  }

  /** @param {string} commit @param {import("./repo_tree.js").Tree} tree */
  write_tree(commit, tree) {
    return this._put(`${this.location}/trees/${commit}`, tree_to_json(tree));
  }

  /** The cache is filled by this library alone, which keeps the listing first. */
  async list() {
    return [];
  }

  async is_absent() {
    return false;
  }

  async note_absent() {}

  /** @param {string} _commit @param {string} _path @param {TreeEntry} [entry] */
  async open(_commit, _path, entry) {
    if (!entry || !(await this._is_whole(entry))) return undefined;
    const size = size_of(entry);
    const chunk = (/** @type {number} */ n) => this._chunk(entry, n);
    return {
      size,
      /** @param {number} begin @param {number} end */
      async *stream(begin, end) {
        for (let at = begin; at < end;) {
          const n = Math.floor(at / CHUNK);
          const bytes = await chunk(n);
          if (!bytes)
            throw new HubError(
              "corrupt",
              "the browser dropped a part of a cached file; load it again",
            );
          const from = at - n * CHUNK;
          const piece = bytes.subarray(from, from + end - at);
          yield piece;
          at += piece.length;
        }
      },
      close: async () => {},
    };
  }

  /** @param {TreeEntry} entry */
  async _is_whole(entry) {
    if (!(await this._cache.match(this._index(entry)))) return false;
    const chunks = Math.ceil(size_of(entry) / CHUNK);
    for (let n = 0; n < chunks; n++)
      if (!(await this._cache.match(`${this._index(entry)}/${n}`))) return false;
    return true;
  }

  /** @param {TreeEntry} entry */
  _index(entry) {
    return `${this._blobs}/${etag_of(entry)}`;
  }

  /** @param {TreeEntry} entry @param {number} n @returns {Promise<Uint8Array | undefined>} */
  async _chunk(entry, n) {
    const kept = await this._cache.match(`${this._index(entry)}/${n}`);
    const bytes = kept && new Uint8Array(await kept.arrayBuffer());
    const expected = Math.min(CHUNK, size_of(entry) - n * CHUNK);
    return bytes?.length === expected ? bytes : undefined;
  }

  /**
   * @param {string} commit
   * @param {string} path
   * @param {TreeEntry} entry
   * @param {(partial: import("./hub_cache.js").Partial) => Promise<void>} fill
   * @param {AbortSignal} [signal]
   */
  async store(commit, path, entry, fill, signal) {
    const work = async () => {
      if (!(await this._is_whole(entry))) await fill(new ChunkedPartial(this, entry));
    };
    // Other tabs wait instead of downloading the same; where there are no locks, they do that.
    const locks = globalThis.navigator?.locks;
    if (locks) await locks.request(this._index(entry), signal ? { signal } : {}, work);
    else await work();
  }

  /** @param {string} _commit @param {string} _path @param {TreeEntry} entry */
  async forget(_commit, _path, entry) {
    await this._cache.delete(this._index(entry));
    const chunks = Math.ceil(size_of(entry) / CHUNK);
    for (let n = 0; n < chunks; n++) await this._cache.delete(`${this._index(entry)}/${n}`);
  }

  /** @param {string} key */
  async _read(key) {
    return (await this._cache.match(key))?.text();
  }

  /** @param {string} key @param {BodyInit} body */
  async _put(key, body) {
    try {
      await this._cache.put(key, new Response(body));
    } catch (error) {
      throw new HubError(
        "storage",
        `the browser has no room for more of this site's data (${error_text(error)}); free some on the disk or in ` +
          "the browser's settings, or leave its private mode",
        { cause: error },
      );
    }
  }
}

/** @implements {Partial} @typedef {import("./hub_cache.js").Partial} Partial */
class ChunkedPartial {
  /** @param {BrowserCache} cache @param {TreeEntry} entry */
  constructor(cache, entry) {
    this._cache = cache;
    this._entry = entry;
    /** The chunk that is being filled. */
    this._bytes = new Uint8Array(Math.min(CHUNK, size_of(entry)));
    this._filled = 0;
    this._chunks = 0;
  }

  async *inherit() {
    for (; this._chunks * CHUNK < size_of(this._entry); this._chunks++) {
      const bytes = await this._cache._chunk(this._entry, this._chunks);
      if (!bytes) return;
      yield bytes;
    }
  }

  /** @param {Uint8Array} bytes */
  async append(bytes) {
    for (let at = 0; at < bytes.length;) {
      const n = Math.min(bytes.length - at, this._bytes.length - this._filled);
      this._bytes.set(bytes.subarray(at, at + n), this._filled);
      this._filled += n;
      at += n;
      if (this._filled === this._bytes.length) await this._flush();
    }
  }

  async _flush() {
    const key = `${this._cache._index(this._entry)}/${this._chunks}`;
    await this._cache._put(key, this._bytes.slice(0, this._filled));
    this._chunks++;
    this._filled = 0;
  }

  async restart() {
    await this._cache.forget("", "", this._entry);
    this._chunks = 0;
    this._filled = 0;
  }

  async finish() {
    if (this._filled > 0) await this._flush();
    await this._cache._put(this._cache._index(this._entry), "whole");
  }

  async leave() {}
}
