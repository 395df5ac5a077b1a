// What the folder's hub.json says about its repositories: who may read them, former names, numbers for sorting.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Repositories are named as in addresses: "org/name" for a model, "datasets/org/name" for a dataset.
 * @typedef {object} Settings
 * @property {Record<string, "auto" | "manual">} gated
 * @property {string[]} private
 * @property {Record<string, string>} renamed former name to present name
 * @property {Record<string, Account>} tokens without any, every token that begins with "hf_" reads everything
 * @property {string[]} partial datasets of which the viewer converted only the first rows
 * @property {Record<string, {downloads?: number, likes?: number}>} popularity
 */

/** @typedef {object} Account
 * @property {string} name
 * @property {string[]} [may_read] the private and gated repositories open to it; without the list, all
 */

/** @type {Settings} */
const NOTHING = {
  gated: {},
  private: [],
  renamed: {},
  tokens: {},
  partial: [],
  popularity: {},
};

/**
 * @param {string} root the folder
 * @param {Partial<Settings>} given take the place of the file's
 * @returns {Promise<Settings>}
 */
export async function read_settings(root, given) {
  const file = join(root, "hub.json");
  const text = await readFile(file, "utf8").catch(() => "{}");
  const read = JSON.parse(text);
  for (const name of Object.keys({ ...read, ...given }))
    if (!(name in NOTHING))
      throw new Error(
        `${file} has no setting "${name}"; there are ${Object.keys(NOTHING).join(", ")}`,
      );
  return { ...NOTHING, ...read, ...given };
}

/**
 * The account behind a request's token.
 * @param {Settings} settings
 * @param {string | undefined} authorization the header
 * @returns {Account | "invalid" | undefined} undefined without a token
 */
export function account_of(settings, authorization) {
  if (authorization === undefined) return undefined;
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? "";
  if (Object.keys(settings.tokens).length > 0) return settings.tokens[token] ?? "invalid";
  return token.startsWith("hf_") ? { name: "student" } : "invalid";
}
