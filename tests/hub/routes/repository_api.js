// /api/models/… and /api/datasets/… of one repository: what it is, its tree, single paths, its revisions.
import { createHash } from "node:crypto";
import { json, failure } from "../answer.js";
import { dataset_tags, model_tags, parameters_of, read_card, read_config } from "../card.js";
import { find_repository, no_entry, no_revision, split_id, split_revision } from "./access.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../repositories.js").Repository} Repository */
/** @typedef {import("../repositories.js").RepoFile} RepoFile */
/** @typedef {import("../repositories.js").Snapshot} Snapshot */
/** @typedef {import("../start_hub.js").Hub} Hub */

/** The tree comes in pages of so many entries; with expand, of fewer. */
const PAGE = 1000;
const EXPANDED_PAGE = 50;

/**
 * @param {Hub} hub
 * @param {Asked} asked with the path's parts after /api/{type}s
 * @param {import("../settings.js").Account | undefined} account
 * @param {import("../repositories.js").RepoType} type
 * @returns {Promise<Answer>}
 */
export async function repository_api(hub, asked, account, type) {
  const { id, rest } = split_id(asked.segments);
  const found = await find_repository(hub, asked, account, type, id);
  if ("answer" in found) return found.answer;
  const { repository } = found;
  const [verb, ...after] = rest;
  if (verb === "refs") return json(await refs(hub, repository));
  const { revision, path } = split_revision(after);
  const snapshot = await hub.snapshot(repository, revision);
  if (!snapshot) return no_revision(revision);
  if (verb === undefined || verb === "revision") {
    const query = asked.url.searchParams;
    const info = await repository_info(repository, snapshot, query);
    return json(expanded(info, query) ?? info);
  }
  if (verb === "tree") return tree(hub, asked, snapshot, path.join("/"));
  if (verb === "paths-info") return paths_info(asked, snapshot);
  return failure(404, `Sorry, we can't find the page you are looking for: ${verb}`);
}

/**
 * @param {Repository} repository
 * @param {Snapshot} snapshot
 * @param {URLSearchParams} query `blobs` adds sizes and hashes to the list of files
 */
export async function repository_info(repository, snapshot, query) {
  const card = await read_card(snapshot);
  const { popularity } = repository.repositories.settings;
  const date = snapshot.date.toISOString();
  const model = repository.type === "model";
  const config = model ? await read_config(snapshot) : undefined;
  return {
    _id: createHash("md5").update(repository.key).digest("hex").slice(0, 24),
    id: repository.id,
    ...(model && { modelId: repository.id }),
    ...(repository.id.includes("/") && { author: repository.id.split("/")[0] }),
    sha: snapshot.sha,
    lastModified: date,
    createdAt: date,
    private: repository.is_private,
    gated: repository.gated,
    disabled: false,
    downloads: popularity[repository.key]?.downloads ?? 0,
    likes: popularity[repository.key]?.likes ?? 0,
    tags: model ? model_tags(snapshot, card, config) : dataset_tags(snapshot, card),
    ...(model && {
      pipeline_tag: card.pipeline_tag,
      library_name: config && (card.library_name ?? "transformers"),
      config: config && { architectures: config.architectures, model_type: config.model_type },
      safetensors: await parameters_of(snapshot),
    }),
    cardData: card,
    siblings: snapshot.files.map(({ path, size, oid, lfs }) => ({
      rfilename: path,
      ...(query.has("blobs") && {
        ...{ size, blobId: oid },
        ...(lfs && { lfs: { sha256: lfs.oid, size: lfs.size, pointerSize: lfs.pointerSize } }),
      }),
    })),
    usedStorage: snapshot.files.reduce((sum, { size }) => sum + size, 0),
  };
}

/** @param {Record<string, any>} info @param {string[]} names */
export const chosen = (info, names) =>
  Object.fromEntries(Object.entries(info).filter(([name]) => names.includes(name)));

/**
 * What `expand` in the query names, and nothing else; undefined without it.
 * @param {Record<string, any>} info
 * @param {URLSearchParams} query
 */
export function expanded(info, query) {
  const names = [...query.getAll("expand"), ...query.getAll("expand[]")];
  return names.length > 0 ? chosen(info, ["_id", "id", "modelId", ...names]) : undefined;
}

/** @param {Hub} hub @param {Repository} repository */
async function refs(hub, repository) {
  const ref = async (/** @type {string} */ name, /** @type {string} */ long) => ({
    ...{ name, ref: long },
    targetCommit: (await hub.snapshot(repository, name))?.sha,
  });
  const others = await repository.other_revisions();
  const branches = ["main", ...others.map(({ name }) => name)];
  return {
    branches: await Promise.all(branches.map((name) => ref(name, `refs/heads/${name}`))),
    converts:
      repository.type === "dataset"
        ? [{ ...(await ref("refs/convert/parquet", "refs/convert/parquet")), name: "parquet" }]
        : [],
    tags: [],
  };
}

/** @param {RepoFile} file */
const file_entry = ({ path, size, oid, lfs }) => ({
  ...{ type: "file", oid, size, path },
  ...(lfs && { lfs }),
});

/** @param {string} path @param {RepoFile[]} inside */
const folder_entry = (path, inside) => ({
  ...{ type: "directory", size: 0, path },
  oid: createHash("sha1")
    .update(inside.map(({ oid }) => oid).join())
    .digest("hex"),
});

/**
 * The entries in a folder, or all below it, in pages that a Link header joins.
 * @param {Hub} hub
 * @param {Asked} asked
 * @param {Snapshot} snapshot
 * @param {string} folder
 * @returns {Answer}
 */
function tree(hub, asked, snapshot, folder) {
  const query = asked.url.searchParams;
  const prefix = folder && `${folder}/`;
  const inside = snapshot.files.filter(({ path }) => path.startsWith(prefix));
  if (inside.length === 0 && folder) return no_entry(folder, snapshot.sha);
  const recursive = query.get("recursive")?.toLowerCase() === "true";
  const entries = tree_entries(inside, prefix, recursive);
  const expand = query.get("expand")?.toLowerCase() === "true";
  const limit = Math.min(Number(query.get("limit") ?? Infinity), expand ? EXPANDED_PAGE : PAGE);
  const begin = Number(query.get("cursor") ?? 0);
  const shown = entries
    .slice(begin, begin + limit)
    .map((entry) => (expand ? { ...entry, lastCommit: last_commit(snapshot) } : entry));
  const next = new URL(asked.url.pathname + asked.url.search, hub.endpoint);
  next.searchParams.set("cursor", String(begin + limit));
  const more = begin + limit < entries.length;
  return json(shown, more ? { Link: `<${next}>; rel="next"` } : {});
}

/**
 * @param {RepoFile[]} files below the prefix
 * @param {string} prefix a folder's path with its slash, or nothing
 * @param {boolean} recursive
 */
function tree_entries(files, prefix, recursive) {
  const folders = new Set();
  for (const { path } of files) {
    const parts = path.slice(prefix.length).split("/").slice(0, -1);
    for (let count = 1; count <= (recursive ? parts.length : Math.min(parts.length, 1)); count++)
      folders.add(prefix + parts.slice(0, count).join("/"));
  }
  const shown = files.filter(({ path }) => recursive || !path.slice(prefix.length).includes("/"));
  return [
    ...[...folders].sort().map((path) =>
      folder_entry(
        path,
        files.filter((file) => file.path.startsWith(`${path}/`)),
      ),
    ),
    ...shown.map(file_entry),
  ];
}

/** @param {Snapshot} snapshot */
const last_commit = ({ sha, date }) => ({ id: sha, title: "Upload", date: date.toISOString() });

/**
 * Entries of the paths that the body names, as a form or as JSON; those that are not there are left out.
 * @param {Asked} asked
 * @param {Snapshot} snapshot
 */
async function paths_info(asked, snapshot) {
  const text = await asked.text();
  const as_json = asked.headers["content-type"]?.includes("json");
  const form = new URLSearchParams(as_json ? "" : text);
  const given = as_json
    ? JSON.parse(text)
    : { paths: form.getAll("paths"), expand: form.get("expand") };
  const expand = String(given.expand).toLowerCase() === "true";
  const entries = [given.paths].flat().flatMap((path) => {
    const file = snapshot.files.find((each) => each.path === path);
    if (file) return [file_entry(file)];
    const inside = snapshot.files.filter((each) => each.path.startsWith(`${path}/`));
    return inside.length > 0 ? [folder_entry(path, inside)] : [];
  });
  return json(
    entries.map((entry) => (expand ? { ...entry, lastCommit: last_commit(snapshot) } : entry)),
  );
}
