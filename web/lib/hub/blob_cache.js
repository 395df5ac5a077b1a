// What stands in for the Cache API in a page that has none: blobs, which the browser may keep on disk, until the tab is
// closed.

/** The part of a Cache that browser_cache.js uses. @typedef {Pick<Cache, "match" | "put" | "delete">} ChunkStore */

/** @implements {ChunkStore} */
export class BlobCache {
  constructor() {
    /** @type {Map<string, Blob>} */
    this._kept = new Map();
  }

  /** @param {RequestInfo | URL} key */
  async match(key) {
    const blob = this._kept.get(String(key));
    return blob && new Response(blob);
  }

  /** @param {RequestInfo | URL} key @param {Response} response */
  async put(key, response) {
    this._kept.set(String(key), await response.blob());
  }

  /** @param {RequestInfo | URL} key */
  async delete(key) {
    return this._kept.delete(String(key));
  }
}
