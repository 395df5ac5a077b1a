// Names of repositories that someone who mistyped one may have meant.
import { edit_distance, near_names } from "../core/near_names.js";
import { hub_json } from "./http.js";

/** At most so many are offered. */
const SHOWN = 3;

/** What is asked for most, for when the Hub finds nothing by the letters that were right. */
const WELL_KNOWN = {
  dataset:
    "glue super_glue imdb ag_news emotion sst2 tweet_eval ar_sarcasm rotten_tomatoes yelp_polarity dbpedia_14".split(
      " ",
    ),
  model: (
    "bert-base-uncased bert-base-cased bert-base-multilingual-cased distilbert-base-uncased roberta-base distilroberta-base " +
    "xlm-roberta-base albert-base-v2 camembert-base all-MiniLM-L6-v2 all-mpnet-base-v2 ModernBERT-base bert-tiny"
  ).split(" "),
};

/**
 * What to search for, one after the other: the Hub finds names that contain it. First the beginning, for a name is more
 * likely mistyped at its end, then the end.
 * @param {string} name without organisation
 * @returns {string[]}
 */
function parts_of(name) {
  const words = name.split(/[-_.]/);
  const most = Math.max(3, Math.ceil(name.length * 0.6));
  if (words.length === 1) return [name.slice(0, most), name.slice(-most)];
  const half = name.split(/(?<=[-_.])/).slice(0, Math.ceil(words.length / 2));
  const beginning = half.join("").replace(/[-_.]$/, "");
  return [beginning, name.slice(beginning.length + 1)];
}

/** @param {string} name */
const bare = (name) => name.slice(name.indexOf("/") + 1).toLowerCase();

/**
 * Asks the Hub at most twice, and does without an answer if there is none.
 * @param {Omit<import("./revision.js").Question, "revision">} question
 * @returns {Promise<string[]>} the nearest first
 */
export async function near_repositories({ repository, settings, token, signal }) {
  const { endpoint, repo_type, repo_id } = repository;
  const wanted = bare(repo_id);
  const subject = { what: `the search for ${repo_type}s` };
  const request = { subject, settings: { ...settings, max_retries: 0 }, token, signal };
  for (const search of parts_of(wanted)) {
    const query = new URLSearchParams({ search, limit: "50", sort: "downloads" });
    const answer = await hub_json(`${endpoint}/api/${repo_type}s?${query}`, request).catch(
      () => undefined,
    );
    const ids = (Array.isArray(answer?.json) ? answer.json : []).map(({ id }) => String(id));
    const names = near_names(wanted, [...new Set(ids.map(bare))]).slice(0, SHOWN);
    // Of repositories of one name those whose organisation is nearest.
    const found = names.flatMap((name) =>
      ids
        .filter((id) => bare(id) === name)
        .sort((a, b) => edit_distance(a, repo_id) - edit_distance(b, repo_id)),
    );
    if (found.length > 0) return found.slice(0, SHOWN);
  }
  return near_names(wanted, WELL_KNOWN[repo_type] ?? []).slice(0, SHOWN);
}
