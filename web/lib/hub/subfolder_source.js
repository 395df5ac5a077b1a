// The files of one folder of a source, as a source of its own.

/** @typedef {import("./file_source.js").FileSource} FileSource */

/** @implements {FileSource} */
export class SubfolderSource {
  /**
   * @param {FileSource} source
   * @param {string} subfolder its path in the source
   */
  constructor(source, subfolder) {
    this._source = source;
    this._prefix = `${subfolder.replace(/\/+$/, "")}/`;
    this.location = `${source.location}/${this._prefix.slice(0, -1)}`;
  }

  /** @param {string} path */
  exists(path) {
    return this._source.exists(this._prefix + path);
  }

  /** @param {string} path */
  open(path) {
    return this._source.open(this._prefix + path);
  }

  async list() {
    const paths = await this._source.list();
    return paths
      .filter((path) => path.startsWith(this._prefix))
      .map((path) => path.slice(this._prefix.length));
  }
}
