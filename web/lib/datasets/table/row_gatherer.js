// Rows gathered column by column and given on in chunks of a few thousand.
import { error_text, TunelabError } from "../../core/errors.js";
import { Misfit } from "./builder.js";
import { check_name } from "./check_name.js";
import { ColumnBuilder } from "./column_builder.js";
import { LentTexts } from "./lent_texts.js";
import { feature_of_type, type_of_feature } from "./storage_type.js";

/** @typedef {import("../features.js").Features} Features */
/** @typedef {import("./vector.js").AnyVector} AnyVector */
/** @typedef {Record<string, ArrayLike<any>>} Columns */
/** @typedef {(columns: Record<string, AnyVector>, rows: number) => void} TakeChunk */

/** A chunk ends after so many rows, or about so many bytes. */
const CHUNK_ROWS = 4096;
const CHUNK_BYTES = 1 << 20;

/** The bytes are looked at after so many rows. */
const STEP_ROWS = 256;

/** What the datasets library stores a tokenizer's lists as. */
const TOKENIZER_ITEMS = /** @type {Record<string, string>} */ ({
  input_ids: "int32",
  token_type_ids: "int8",
  attention_mask: "int8",
  special_tokens_mask: "int8",
});

export class RowGatherer {
  /**
   * @param {TakeChunk} take_chunk is given each chunk
   * @param {Features} [features] the types of columns that are declared; others are found
   */
  constructor(take_chunk, features = {}) {
    this._take_chunk = take_chunk;
    this._declared = { ...features }; // own names alone: `dtype` may be one
    for (const [name, feature] of Object.entries(features)) type_of_feature(feature, name);
    /** @type {Map<string, ColumnBuilder>} */
    this._builders = new Map();
    this.num_rows = 0;
    this._waiting = 0;
  }

  /**
   * Adds rows. A column that is not among them has no values there.
   * @param {Columns} columns all of one length
   * @throws {TunelabError} for columns of different lengths, and values that do not fit their column
   */
  write(columns) {
    const names = Object.keys(columns);
    const rows = names.length > 0 ? columns[names[0]].length : 0;
    const odd = names.find((name) => columns[name].length !== rows);
    if (odd !== undefined)
      throw new TunelabError(
        `column ${odd} has ${columns[odd].length} rows where ${names[0]} has ${rows}; columns must be of one length`,
      );
    for (const name of names) if (!this._builders.has(name)) this._add_builder(name);
    for (let begin = 0; begin < rows; begin += STEP_ROWS)
      this._step(columns, begin, Math.min(rows, begin + STEP_ROWS));
  }

  /** @param {string} name */
  _add_builder(name) {
    check_name(name);
    const builder = new ColumnBuilder(this._declared[name]);
    for (let row = 0; row < this._waiting; ++row) builder.add(null);
    this._builders.set(name, builder);
  }

  /** @param {Columns} columns @param {number} begin @param {number} end */
  _step(columns, begin, end) {
    let bytes = 0;
    for (const [name, builder] of this._builders) {
      this._add(name, builder, columns[name], begin, end);
      bytes += builder.bytes;
    }
    this.num_rows += end - begin;
    this._waiting += end - begin;
    if (this._waiting >= CHUNK_ROWS || bytes >= CHUNK_BYTES) this.flush();
  }

  /**
   * @param {string} name
   * @param {ColumnBuilder} builder
   * @param {ArrayLike<any> | undefined} values one that holds texts may be LentTexts
   * @param {number} begin
   * @param {number} end
   */
  _add(name, builder, values, begin, end) {
    if (values instanceof LentTexts) {
      builder.add_texts(values, begin, end);
      return;
    }
    let row = begin;
    try {
      for (; row < end; ++row) builder.add(values ? values[row] : null);
    } catch (error) {
      const at = this.num_rows + row - begin;
      throw this._refusal(name, /** @type {ArrayLike<any>} */ (values)[row], at, error);
    }
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {number} row
   * @param {unknown} error
   */
  _refusal(name, value, row, error) {
    if (!(error instanceof Misfit))
      return new TunelabError(
        `column ${name}, row ${row}: ${error_text(error)}`,
        "TL_ERR_FORMAT",
        error,
      );
    const shown = JSON.stringify(value, (_, each) =>
      typeof each === "bigint" ? String(each) : each,
    );
    const short = String(shown).slice(0, 80);
    const declared = this._declared[name];
    return new TunelabError(
      declared
        ? `column ${name} is declared ${declared}, but row ${row} holds ${short}`
        : `column ${name} mixes ${error.expected} and ${error.found} (row ${row}: ${short}); a column holds one type`,
      "TL_ERR_FORMAT",
      error,
    );
  }

  /** Gives on what waits, as a chunk. */
  flush() {
    if (this._waiting === 0) return;
    /** @type {Record<string, AnyVector>} */
    const chunk = {};
    for (const [name, builder] of this._builders) {
      try {
        chunk[name] = builder.take();
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        throw new TunelabError(
          `column ${name} holds numbers beyond ${error.expected}`,
          "TL_ERR_FORMAT",
          error,
        );
      }
    }
    this._take_chunk(chunk, this._waiting);
    this._waiting = 0;
  }

  /** The columns' types: as declared, or as found by now. @returns {Features} */
  features() {
    const features = [...this._builders].map(([name, builder]) => [
      name,
      this._declared[name] ?? found_feature(name, builder.type),
    ]);
    return Object.fromEntries(features);
  }
}

/** @param {string} name @param {import("./storage_type.js").StorageType} type */
function found_feature(name, type) {
  const integers = typeof type === "object" && "list" in type && type.list === "int64";
  return feature_of_type(
    integers && name in TOKENIZER_ITEMS ? { list: TOKENIZER_ITEMS[name] } : type,
  );
}
