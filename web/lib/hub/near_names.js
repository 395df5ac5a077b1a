// Names of repositories that someone who mistyped one may have meant.
import { hub_json } from "./http.js";

/** At most so many are offered. */
const SHOWN = 3;

/**
 * What to search for: the Hub finds names that contain it, so the end, where a name was more likely mistyped than at
 * its beginning, is left out.
 * @param {string} name without organisation
 */
function beginning_of(name) {
  const words = name.split(/(?<=[-_.])/);
  const some = words
    .slice(0, Math.ceil(words.length / 2))
    .join("")
    .replace(/[-_.]$/, "");
  return words.length > 1 ? some : name.slice(0, Math.max(3, Math.ceil(name.length * 0.6)));
}

/**
 * Letters to change, put in or leave out to get from one name to the other.
 * @param {string} a
 * @param {string} b
 */
export function edit_distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
    row = next;
  }
  return row[b.length];
}

/** @param {string} name */
const bare = (name) => name.slice(name.indexOf("/") + 1).toLowerCase();

/**
 * Asks the Hub once, and does without an answer if there is none.
 * @param {Omit<import("./revision.js").Question, "revision">} question
 * @returns {Promise<string[]>} the nearest first
 */
export async function near_names({ repository, settings, token, signal }) {
  const { endpoint, repo_type, repo_id } = repository;
  const wanted = bare(repo_id);
  const query = new URLSearchParams({
    search: beginning_of(wanted),
    limit: "50",
    sort: "downloads",
  });
  const subject = { what: `the search for ${repo_type}s` };
  const request = { subject, settings: { ...settings, max_retries: 0 }, token, signal };
  const answer = await hub_json(`${endpoint}/api/${repo_type}s?${query}`, request).catch(
    () => undefined,
  );
  const found = Array.isArray(answer?.json) ? answer.json : [];
  return found
    .map(({ id }) => ({ id, distance: edit_distance(wanted, bare(String(id))) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ id }) => id);
}
