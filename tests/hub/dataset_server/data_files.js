// Which files of a dataset's repository make up which split of which configuration.
import { posix } from "node:path";

/** @typedef {import("../repositories.js").RepoFile} RepoFile */
/** @typedef {import("../repositories.js").Snapshot} Snapshot */

/** @typedef {{config: string, split: string, files: RepoFile[]}} Split */

const DATA = /\.(parquet|csv|tsv|jsonl?|txt)$/;

/** The words that name a split in a file's path, in the order in which splits are listed. */
const SPLIT_WORDS = Object.entries({
  train: /(^|[^a-z])(train|training)([^a-z]|$)/i,
  validation: /(^|[^a-z])(validation|valid|dev|val)([^a-z]|$)/i,
  test: /(^|[^a-z])(test|testing|eval|evaluation)([^a-z]|$)/i,
});

/**
 * The splits as the card's configurations name them; without those, by the files' names, all in "default".
 * @param {Snapshot} snapshot
 * @param {Record<string, any>} card
 * @returns {Split[]}
 */
export function splits_of(snapshot, card) {
  const files = snapshot.files.filter(({ path }) => DATA.test(path));
  if (!Array.isArray(card.configs)) return splits_by_name("default", files);
  return card.configs.flatMap((config) => {
    const { config_name, data_files, data_dir } = config;
    if (data_files === undefined) {
      const inside = files.filter(({ path }) => path.startsWith(`${data_dir ?? config_name}/`));
      return splits_by_name(config_name, inside);
    }
    const parts = [data_files]
      .flat()
      .map((part) => (typeof part === "string" ? { split: "train", path: part } : part));
    return parts.map(({ split, path }) => ({
      config: config_name,
      split,
      files: files.filter((file) => [path].flat().some((pattern) => glob(pattern).test(file.path))),
    }));
  });
}

/** @param {string} config @param {RepoFile[]} files @returns {Split[]} */
function splits_by_name(config, files) {
  const named = SPLIT_WORDS.map(([split, words]) => ({
    ...{ config, split },
    files: files.filter(({ path }) => words.test(path)),
  })).filter((split) => split.files.length > 0);
  if (named.length > 0) return named;
  return files.length > 0 ? [{ config, split: "train", files }] : [];
}

/** A pattern with *, ** and ? as an expression. @param {string} pattern */
function glob(pattern) {
  const source = posix
    .normalize(pattern)
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/?|\*|\?/g, (mark) => (mark === "?" ? "[^/]" : mark === "*" ? "[^/]*" : ".*"));
  return new RegExp(`^${source}$`);
}
