// /api/models?… and /api/datasets?…: repositories that match, sorted, in pages.
import { json } from "../answer.js";
import { chosen, expanded, repository_info } from "./repository_api.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../start_hub.js").Hub} Hub */

const PAGE = 1000;

/** @type {Record<string, (info: any) => number | string>} */
const SORTS = {
  downloads: (info) => info.downloads,
  likes: (info) => info.likes,
  trendingScore: (info) => info.likes,
  lastModified: (info) => info.lastModified,
  createdAt: (info) => info.createdAt,
};

/** @type {Record<string, number>} */
const UNITS = { "": 1, K: 1e3, M: 1e6, B: 1e9 };

/** What a result has; `expand` names what else, and `full` asks for the rest. */
const BRIEF = ["_id", "id", "modelId", "author", "likes", "downloads", "private", "gated", "tags"];
const BRIEF_TOO = ["pipeline_tag", "library_name", "createdAt", "lastModified", "disabled"];

/**
 * @param {Hub} hub
 * @param {import("../answer.js").Asked} asked
 * @param {import("../settings.js").Account | undefined} account
 * @param {import("../repositories.js").RepoType} type
 * @returns {Promise<Answer>}
 */
export async function search(hub, { url }, account, type) {
  const query = url.searchParams;
  const all = await hub.repositories.all(type);
  const seen = all.filter(({ is_private }) => !is_private || account);
  const infos = await Promise.all(
    seen.map(async (repository) => {
      const snapshot = await hub.snapshot(repository, "main");
      return snapshot && repository_info(repository, snapshot, query);
    }),
  );
  const found = infos.filter((info) => info !== undefined).filter((info) => matches(info, query));
  const sort = SORTS[query.get("sort") ?? "trendingScore"] ?? SORTS.likes;
  found.sort((a, b) => (sort(a) === sort(b) ? 0 : sort(a) > sort(b) ? -1 : 1));
  const begin = Number(query.get("cursor") ?? 0);
  const limit = Math.min(Number(query.get("limit") ?? PAGE), PAGE);
  const next = new URL(url.pathname + url.search, hub.endpoint);
  next.searchParams.set("cursor", String(begin + limit));
  return json(
    found.slice(begin, begin + limit).map((info) => shown(info, query)),
    begin + limit < found.length ? { Link: `<${next}>; rel="next"` } : {},
  );
}

/** @param {any} info @param {URLSearchParams} query */
function matches(info, query) {
  const words = (query.get("search") ?? "").toLowerCase();
  const tags = [...query.getAll("filter"), ...query.getAll("pipeline_tag")].flatMap((each) =>
    each.split(","),
  );
  const author = query.get("author");
  const gated = query.get("gated");
  return (
    info.id.toLowerCase().includes(words) &&
    tags.every((tag) => info.tags.includes(tag)) &&
    (author === null || info.author === author) &&
    (gated === null || Boolean(info.gated) === (gated === "true")) &&
    within(info.safetensors?.total, query.get("num_parameters"))
  );
}

/** @param {number | undefined} count @param {string | null} range as "min:6M,max:128M" */
function within(count, range) {
  if (range === null) return true;
  if (count === undefined) return false;
  return range.split(",").every((bound) => {
    const [, end, number, unit] = /^(min|max):([\d.]+)([KMB]?)$/i.exec(bound) ?? [];
    const value = Number(number) * UNITS[(unit ?? "").toUpperCase()];
    return end?.toLowerCase() === "min" ? count >= value : count <= value;
  });
}

/** @param {any} info @param {URLSearchParams} query */
function shown(info, query) {
  if (query.has("full")) return info;
  return expanded(info, query) ?? chosen(info, [...BRIEF, ...BRIEF_TOO]);
}
