// Finding models and datasets by words, task, licence and size, as the pickers of a page and huggingface_hub's
// list_models do.
import { TunelabError } from "../core/errors.js";
import { in_form } from "./answer_form.js";
import { hub_json } from "./http.js";
import { next_page } from "./next_page.js";
import { hub_settings } from "./settings.js";

/**
 * @typedef {object} SearchOptions
 * @property {string} [search] words in the name
 * @property {string} [author] the organisation or user
 * @property {string | string[]} [filter] tags that all must be there, such as "transformers"
 * @property {string} [license] such as "apache-2.0"
 * @property {string | string[]} [language] such as "en"
 * @property {boolean} [gated] only gated ones, or only open ones
 * @property {"downloads" | "likes" | "trending_score" | "last_modified" | "created_at"} [sort] the highest or newest first;
 *   default "downloads"
 * @property {number} [limit] a page has so many, list_… gives so many in all; default 20 for a page, all for list_…
 * @property {string | boolean} [token]
 * @property {string} [endpoint]
 * @property {AbortSignal} [signal] for a search that further typing has overtaken
 */

/**
 * @typedef {object} ModelFilters
 * @property {string} [pipeline_tag] the task, such as "fill-mask"
 * @property {string} [library] such as "transformers"
 * @property {string} [model_type] such as "bert"
 * @property {string} [num_parameters] as "min:1M,max:50M". Models without safetensors tell no size and are left out then
 */

/**
 * @typedef {object} DatasetFilters
 * @property {string | string[]} [task_categories] such as "text-classification"
 * @property {string | string[]} [size_categories] such as "10K<n<100K"
 */

/**
 * What is known of a repository without asking for it. Fields that the Hub does not tell are undefined.
 * @typedef {object} Found
 * @property {string} id
 * @property {number} downloads in the last month
 * @property {number} likes
 * @property {false | "auto" | "manual"} gated
 * @property {boolean} private
 * @property {string[]} tags
 * @property {string} [license]
 * @property {string[]} languages
 * @property {Date} [last_modified]
 */

/** @typedef {Found & {pipeline_tag?: string, library_name?: string, model_type?: string, num_parameters?: number}} FoundModel */
/** @typedef {Found & {description?: string, task_categories: string[], size_category?: string}} FoundDataset */

/**
 * A page of results.
 * @template T
 * @typedef {object} Page
 * @property {T[]} items
 * @property {() => Promise<Page<T>>} [next] brings the next page; undefined after the last
 */

/** Results of a page, where nothing else is asked for. */
const PAGE = 20;

/** The most that one request brings. */
const LARGEST_PAGE = 500;

const COMMON_FIELDS = ["downloads", "likes", "gated", "private", "tags", "lastModified"];

/** The Hub's words for the orders. @type {Record<string, string>} */
const SORTS = {
  downloads: "downloads",
  likes: "likes",
  trending_score: "trendingScore",
  last_modified: "lastModified",
  created_at: "createdAt",
};

/**
 * Searches for models, a page at a time.
 * @param {SearchOptions & ModelFilters} [options]
 * @returns {Promise<Page<FoundModel>>}
 * @throws {import("./hub_error.js").HubError}
 */
export async function search_models(options = {}) {
  const { pipeline_tag, library, model_type, num_parameters } = options;
  const fields = [...COMMON_FIELDS, "pipeline_tag", "library_name", "safetensors", "config"];
  // Models are tagged with bare language codes.
  const tags = [library, model_type, ...listed(options.language)];
  const query = query_of(options, tags, fields);
  if (pipeline_tag) query.set("pipeline_tag", pipeline_tag);
  if (num_parameters) query.set("num_parameters", num_parameters);
  return first_page("model", options, query, model_of);
}

/**
 * Searches for datasets, a page at a time.
 * @param {SearchOptions & DatasetFilters} [options]
 * @returns {Promise<Page<FoundDataset>>}
 * @throws {import("./hub_error.js").HubError}
 */
export async function search_datasets(options = {}) {
  const tags = /** @type {const} */ (["task_categories", "size_categories", "language"]).flatMap(
    (field) => listed(options[field]).map((value) => `${field}:${value}`),
  );
  const query = query_of(options, tags, [...COMMON_FIELDS, "description"]);
  return first_page("dataset", options, query, dataset_of);
}

/**
 * Every model that matches, asked for as they are taken.
 * @param {SearchOptions & ModelFilters} [options]
 */
export const list_models = (options = {}) => all_of(search_models, options);

/**
 * As list_models, of datasets.
 * @param {SearchOptions & DatasetFilters} [options]
 */
export const list_datasets = (options = {}) => all_of(search_datasets, options);

/**
 * @template {SearchOptions} O
 * @template T
 * @param {(options: O) => Promise<Page<T>>} search
 * @param {O} options
 * @returns {AsyncGenerator<T>}
 */
async function* all_of(search, options) {
  let left = options.limit ?? Infinity;
  /** @type {Page<T> | undefined} */
  let page = await search({ ...options, limit: Math.min(left, LARGEST_PAGE) });
  while (page) {
    for (const item of page.items) {
      if (left-- <= 0) return;
      yield item;
    }
    page = left > 0 ? await page.next?.() : undefined;
  }
}

/** @param {string | string[] | undefined} given one, several or none */
const listed = (given) => [given ?? []].flat();

/**
 * @param {SearchOptions} options
 * @param {(string | undefined)[]} tags beside those of the options
 * @param {string[]} fields that results have
 */
function query_of(options, tags, fields) {
  const { search, author, filter, license, gated } = options;
  const { sort = "downloads", limit = PAGE } = options;
  if (!(sort in SORTS))
    throw new TunelabError(`sort must be one of ${Object.keys(SORTS).join(", ")}, not ${sort}`);
  if (!(limit >= 1)) throw new TunelabError(`limit must be at least 1, not ${limit}`);
  const query = new URLSearchParams({ sort: SORTS[sort] });
  query.set("limit", String(Math.min(limit, LARGEST_PAGE)));
  if (search) query.set("search", search);
  if (author) query.set("author", author);
  if (gated !== undefined) query.set("gated", String(gated));
  const license_tag = license && `license:${license}`;
  for (const tag of [...listed(filter), ...tags, license_tag]) if (tag) query.append("filter", tag);
  for (const field of fields) query.append("expand", field);
  return query;
}

/**
 * @template T
 * @param {import("./repository.js").RepoType} repo_type
 * @param {SearchOptions} options
 * @param {URLSearchParams} query
 * @param {(item: any) => T} read
 * @returns {Promise<Page<T>>}
 */
async function first_page(repo_type, { endpoint, token, signal }, query, read) {
  const settings = await hub_settings({ endpoint });
  const subject = { what: `the search for ${repo_type}s` };
  /** @type {(address: string) => Promise<Page<T>>} */
  const page_at = async (address) => {
    const { json, headers } = await hub_json(address, { subject, settings, token, signal });
    const next = next_page(headers, address);
    const items = in_form(subject.what, () => json.map(read));
    return { items, next: next ? () => page_at(next) : undefined };
  };
  return page_at(`${settings.endpoint}/api/${repo_type}s?${query}`);
}

/** What stands behind "name:" in a tag. @param {string[]} tags @param {string} name */
const tagged = (tags, name) =>
  tags.filter((tag) => tag.startsWith(`${name}:`)).map((tag) => tag.slice(name.length + 1));

const language_names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** @param {string} tag */
const is_language = (tag) => /^[a-z]{2,3}$/.test(tag) && language_names.of(tag) !== undefined;

/** @param {any} item @returns {Found} */
function found(item) {
  const { id, downloads = 0, likes = 0, gated = false, tags = [], lastModified } = item;
  return {
    ...{ id, downloads, likes, gated, tags, private: item.private ?? false },
    license: tagged(tags, "license")[0],
    languages: [...tagged(tags, "language"), ...tags.filter(is_language)],
    last_modified: lastModified && new Date(lastModified),
  };
}

/** @param {any} item @returns {FoundModel} */
function model_of(item) {
  const { pipeline_tag, library_name, config, safetensors } = item;
  const known = { pipeline_tag, library_name, model_type: config?.model_type };
  return { ...found(item), ...known, num_parameters: safetensors?.total };
}

/** @param {any} item @returns {FoundDataset} */
function dataset_of(item) {
  const common = found(item);
  return {
    ...common,
    description: item.description?.trim() || undefined,
    task_categories: tagged(common.tags, "task_categories"),
    size_category: tagged(common.tags, "size_categories")[0],
  };
}
