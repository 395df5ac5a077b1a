// What a repository's README.md and files tell about it: the tags that searches filter by.
import { open, readFile } from "node:fs/promises";
import { parse } from "yaml";

/** @typedef {import("./repositories.js").Snapshot} Snapshot */

/**
 * The YAML header of the README; empty without one.
 * @param {Snapshot} snapshot
 * @returns {Promise<Record<string, any>>}
 */
export async function read_card(snapshot) {
  const text = await read_text(snapshot, "README.md");
  const header = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text ?? "")?.[1];
  try {
    return (header && parse(header)) || {};
  } catch {
    return {}; // the Hub shows a repository whose header it cannot read, too
  }
}

/** @param {Snapshot} snapshot @returns {Promise<Record<string, any> | undefined>} */
export async function read_config(snapshot) {
  try {
    return JSON.parse((await read_text(snapshot, "config.json")) ?? "");
  } catch {
    return undefined;
  }
}

/** @param {Snapshot} snapshot @param {string} path */
async function read_text(snapshot, path) {
  const found = snapshot.files.find((file) => file.path === path);
  return found && readFile(found.file, "utf8");
}

/** @param {unknown} value one, several or none @returns {string[]} */
const listed = (value) => [value ?? []].flat().map(String);

/**
 * A model's tags, in the Hub's words.
 * @param {Snapshot} snapshot
 * @param {Record<string, any>} card
 * @param {Record<string, any> | undefined} config
 */
export function model_tags(snapshot, card, config) {
  const has = (/** @type {RegExp} */ name) => snapshot.files.some(({ path }) => name.test(path));
  return unique([
    ...listed(config && (card.library_name ?? "transformers")),
    ...(has(/\.safetensors$/) ? ["safetensors"] : []),
    ...(has(/^pytorch_model.*\.bin$/) ? ["pytorch"] : []),
    ...listed(config?.model_type),
    ...listed(card.pipeline_tag),
    ...listed(card.tags),
    ...listed(card.language),
    ...listed(card.datasets).map((name) => `dataset:${name}`),
    ...listed(card.license).map((name) => `license:${name}`),
    "region:us",
  ]);
}

/**
 * A dataset's tags.
 * @param {Snapshot} snapshot
 * @param {Record<string, any>} card
 */
export function dataset_tags(snapshot, card) {
  const kinds = ["parquet", "csv", "json"].filter((kind) =>
    snapshot.files.some(({ path }) => path.replace(/jsonl$/, "json").endsWith(`.${kind}`)),
  );
  const with_prefix = ["task_categories", "task_ids", "language", "license", "size_categories"];
  return unique([
    ...with_prefix.flatMap((field) => listed(card[field]).map((value) => `${field}:${value}`)),
    ...kinds.map((kind) => `format:${kind}`),
    ...listed(card.tags),
    "region:us",
  ]);
}

/** @param {string[]} words */
const unique = (words) => [...new Set(words)];

/**
 * The number of parameters in the repository's safetensors files by type, from their headers.
 * @param {Snapshot} snapshot
 * @returns {Promise<{parameters: Record<string, number>, total: number} | undefined>}
 */
export async function parameters_of(snapshot) {
  /** @type {Record<string, number>} */
  const parameters = {};
  for (const { path, file } of snapshot.files)
    if (path.endsWith(".safetensors"))
      for (const [name, tensor] of Object.entries(await safetensors_header(file))) {
        if (name === "__metadata__") continue;
        const count = tensor.shape.reduce(
          (/** @type {number} */ a, /** @type {number} */ b) => a * b,
          1,
        );
        parameters[tensor.dtype] = (parameters[tensor.dtype] ?? 0) + count;
      }
  const counts = Object.values(parameters);
  return counts.length > 0 ? { parameters, total: counts.reduce((a, b) => a + b, 0) } : undefined;
}

/** @param {string} path @returns {Promise<Record<string, any>>} empty for what is no such file */
async function safetensors_header(path) {
  const file = await open(path);
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const bytes = Buffer.alloc(Math.min(Number(length.readBigUInt64LE()), 25_000_000));
    await file.read(bytes, 0, bytes.length, 8);
    return JSON.parse(bytes.toString());
  } catch {
    return {};
  } finally {
    await file.close();
  }
}
