// Results that are kept: table files beside the dataset's, and one small file that names them. It is
// written last, so a result is there as a whole or not at all.
import { error_text, TunelabError } from "../../core/errors.js";
import { logger } from "../../core/logging.js";
import { open_table } from "../table/table_file.js";

/** @typedef {import("../storage/storage.js").Storage} Storage */
/** @typedef {import("../table/table.js").Table} Table */

/** The form of the naming file; another is not read. */
const VERSION = 1;

/**
 * @typedef {object} Kept
 * @property {Table[]} parts one after the other
 * @property {any} facts what was kept beside them
 */

export class ResultCache {
  /**
   * @param {Storage} storage
   * @param {string} name the path without its ending, such as "glue/mrpc/cache-0123"
   */
  constructor(storage, name) {
    this.storage = storage;
    this.name = name;
  }

  /** Where a part of the result lies. @param {number} part @param {number} parts */
  part_path(part, parts) {
    const number = (/** @type {number} */ value) => String(value).padStart(5, "0");
    return `${this.name}-${number(part)}-of-${number(parts)}.table`;
  }

  get _names_path() {
    return `${this.name}.json`;
  }

  /**
   * The result, if there is one that can be read; a damaged one is as good as none.
   * @returns {Promise<Kept | undefined>}
   */
  async find() {
    if (!(await this.storage.exists(this._names_path))) return undefined;
    try {
      const { version, paths, rows, facts } = await this._read_names();
      if (version !== VERSION) return undefined;
      const parts = await Promise.all(
        paths.map((/** @type {string} */ path) => open_table(this.storage, path)),
      );
      const found = parts.reduce((sum, { num_rows }) => sum + num_rows, 0);
      if (found !== rows)
        throw new TunelabError(`it holds ${found} rows where ${rows} were written`);
      return { parts, facts };
    } catch (error) {
      logger.warning(
        `${this.storage.location}/${this.name} is made anew, since it cannot be read: ${error_text(error)}`,
      );
      return undefined;
    }
  }

  async _read_names() {
    const file = await this.storage.open_read(this._names_path);
    try {
      const bytes = new Uint8Array(file.size);
      file.read_into(bytes, 0);
      return JSON.parse(new TextDecoder().decode(bytes));
    } finally {
      file.close();
    }
  }

  /**
   * Names the parts, which are written already: from now on the result is found.
   * @param {readonly Table[]} parts
   * @param {any} facts plain data to keep beside them
   */
  async keep(parts, facts) {
    const file = await this.storage.create(this._names_path);
    try {
      const paths = parts.map((_, i) => this.part_path(i, parts.length));
      const rows = parts.reduce((sum, { num_rows }) => sum + num_rows, 0);
      const text = JSON.stringify({ version: VERSION, paths, rows, facts });
      file.write(new TextEncoder().encode(`${text}\n`));
      await file.commit();
    } catch (error) {
      await file.abort();
      throw error;
    }
  }
}
