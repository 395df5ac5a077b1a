// What the Hub keeps of each dataset on its branch refs/convert/parquet: Parquet files as they are, others converted, of
// large ones only the first rows, in folders named partial-….
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { read_card } from "../card.js";
import { commit_of, described_file } from "../repositories.js";
import { splits_of } from "./data_files.js";
import { parquet_metadata, parquet_rows, rows_of, write_parquet } from "./tables.js";

/** @typedef {import("../repositories.js").RepoFile} RepoFile */
/** @typedef {import("../repositories.js").Repository} Repository */
/** @typedef {import("../repositories.js").Snapshot} Snapshot */

/**
 * A file of the branch.
 * @typedef {object} Part
 * @property {string} config
 * @property {string} split
 * @property {string} filename such as 0000.parquet
 * @property {RepoFile} file
 * @property {import("hyparquet").FileMetaData} metadata
 */

/**
 * @typedef {object} Export
 * @property {Snapshot} source what it was made of
 * @property {Snapshot} snapshot the branch
 * @property {Part[]} parts
 * @property {boolean} partial
 * @property {Record<string, any>} card
 */

export class ParquetExports {
  constructor() {
    /** @type {Map<string, Promise<Export>>} by the source's commit */
    this._made = new Map();
    /** @type {Promise<string> | undefined} the folder for converted files */
    this._folder = undefined;
  }

  /** @param {Repository} repository @returns {Promise<Export>} */
  async of(repository) {
    const source = /** @type {Snapshot} */ (await repository.at());
    const made = this._made.get(source.sha) ?? this._make(repository, source);
    this._made.set(source.sha, made);
    return made;
  }

  /** @param {Repository} repository @param {Snapshot} source @returns {Promise<Export>} */
  async _make(repository, source) {
    const partial = repository.repositories.settings.partial.includes(repository.key);
    const card = await read_card(source);
    /** @type {Part[]} */
    const parts = [];
    for (const { config, split, files } of splits_of(source, card))
      for (const [index, file] of files.entries()) {
        const filename = `${String(index).padStart(4, "0")}.parquet`;
        const path = `${config}/${partial ? "partial-" : ""}${split}/${filename}`;
        const as_it_is = file.path.endsWith(".parquet") && !partial;
        const exported = as_it_is
          ? { ...file, path }
          : await this._converted(repository, file, path, partial);
        const metadata = await parquet_metadata(exported.file);
        parts.push({ ...{ config, split, filename, file: exported, metadata } });
      }
    const files = parts.map(({ file }) => file);
    const sha = commit_of(`${repository.key} as Parquet`, files);
    return { source, parts, partial, card, snapshot: { sha, date: source.date, files } };
  }

  /**
   * @param {Repository} repository
   * @param {RepoFile} file
   * @param {string} path on the branch
   * @param {boolean} partial keeps the first half of the rows
   */
  async _converted(repository, file, path, partial) {
    this._folder ??= mkdtemp(join(tmpdir(), "stand-in-hub-"));
    const target = join(await this._folder, `${this._made.size}-${path.replaceAll("/", "-")}`);
    const parquet = file.path.endsWith(".parquet");
    const metadata = parquet ? await parquet_metadata(file.file) : undefined;
    const rows = metadata
      ? await parquet_rows(file.file, 0, Math.ceil(Number(metadata.num_rows) / (partial ? 2 : 1)))
      : await rows_of(file.file);
    const kept = partial && !metadata ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
    write_parquet(target, kept, metadata?.key_value_metadata);
    return described_file(repository.repositories.hashes, path, target);
  }

  /** Removes what was converted. */
  async close() {
    if (this._folder) await rm(await this._folder, { recursive: true, force: true });
  }
}
