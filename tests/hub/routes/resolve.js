// {id}/resolve/{revision}/{path}: a file's content. Small files come from this host after a relative redirect, those of
// LFS from another by a signed address, as on the Hub.
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { failure, file_answer, redirect } from "../answer.js";
import {
  find_repository,
  gate,
  no_entry,
  no_revision,
  split_id,
  split_revision,
} from "./access.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../settings.js").Account} Account */
/** @typedef {import("../start_hub.js").Hub} Hub */

/** How long a signed address is good for, in seconds. */
const SIGNED_SECONDS = 3600;

/** @type {Record<string, string>} by the end of a name */
const CONTENT_TYPES = {
  json: "application/json",
  md: "text/markdown",
  parquet: "application/octet-stream",
};

/**
 * @param {Hub} hub
 * @param {Asked} asked with the path's parts after /datasets, if that is there
 * @param {Account | undefined} account
 * @param {import("../repositories.js").RepoType} type
 * @returns {Promise<Answer>}
 */
export async function resolve(hub, asked, account, type) {
  const { id, rest } = split_id(asked.segments);
  const [verb, ...after] = rest;
  if (verb !== "resolve" && verb !== "raw") return failure(404, "Page not found");
  const found = await find_repository(hub, asked, account, type, id);
  if ("answer" in found) return found.answer;
  const { repository } = found;
  const closed = gate(repository, account, hub.endpoint);
  if (closed) return closed;
  const { revision, path } = split_revision(after);
  const snapshot = await hub.snapshot(repository, revision);
  if (!snapshot) return no_revision(revision);
  const name = path.join("/");
  const file = snapshot.files.find((each) => each.path === name);
  if (!file) return no_entry(name, snapshot.sha);
  const headers = {
    "X-Repo-Commit": snapshot.sha,
    "X-Linked-Size": String(file.size),
    "X-Linked-ETag": `"${file.lfs?.oid ?? file.oid}"`,
  };
  if (file.lfs) return redirect(302, hub.sign(file.file, file.lfs.oid, name), headers);
  const content = `/api/resolve-cache/${type}s/${id}/${snapshot.sha}/${name.split("/").map(encodeURIComponent).join("/")}`;
  return redirect(307, content, { ...headers, ETag: `"${file.oid}"` });
}

/**
 * The content behind the relative redirect; the account was checked there, and is once more here.
 * @param {Hub} hub
 * @param {Asked} asked with the path's parts after /api/resolve-cache/{type}s
 * @param {Account | undefined} account
 * @param {import("../repositories.js").RepoType} type
 * @returns {Promise<Answer>}
 */
export async function resolve_cache(hub, asked, account, type) {
  // The name has an organisation or none; the part after it is a commit.
  const at = asked.segments.findIndex((part) => /^[0-9a-f]{40}$/.test(part));
  const id = asked.segments.slice(0, at).join("/");
  const found = await find_repository(hub, asked, account, type, id);
  if ("answer" in found) return found.answer;
  const closed = gate(found.repository, account, hub.endpoint);
  if (closed) return closed;
  const sha = asked.segments[at];
  const snapshot = await hub.snapshot(found.repository, sha);
  if (!snapshot) return no_revision(sha);
  const name = asked.segments.slice(at + 1).join("/");
  const file = snapshot.files.find((each) => each.path === name);
  if (!file) return no_entry(name, sha);
  const ending = String(name.split(".").at(-1));
  const headers = {
    "X-Repo-Commit": sha,
    "Content-Type": CONTENT_TYPES[ending] ?? "text/plain; charset=utf-8",
  };
  return file_answer(asked, file, file.oid, { headers, compressible: true });
}

/** Signed addresses of the second origin: what they stand for, and how long. */
export class SignedFiles {
  constructor() {
    /** @type {Map<string, {file: string, sha256: string, expires: number}>} */
    this._signed = new Map();
  }

  /**
   * @param {string} origin
   * @param {string} file on disk
   * @param {string} sha256
   * @param {string} name for the one who saves it
   */
  address(origin, file, sha256, name) {
    const expires = Math.floor(Date.now() / 1000) + SIGNED_SECONDS;
    const signature = createHash("sha256").update(`${file}\0${expires}`).digest("hex").slice(0, 32);
    this._signed.set(signature, { file, sha256, expires });
    const query = new URLSearchParams({
      "response-content-disposition": `inline; filename="${name}"`,
      Expires: String(expires),
      Signature: signature,
    });
    return `${origin}/repos/${sha256}?${query}`;
  }

  /**
   * @param {Asked} asked
   * @returns {Promise<Answer>}
   */
  async answer(asked) {
    // Storage behind a signed address takes no second kind of credentials: whoever sends one has leaked a token.
    if (asked.headers.authorization !== undefined)
      return failure(400, "Only one auth mechanism allowed");
    const signed = this._signed.get(asked.url.searchParams.get("Signature") ?? "");
    if (!signed || asked.url.pathname !== `/repos/${signed.sha256}`)
      return failure(403, "Access Denied: the signature does not match");
    if (Date.now() / 1000 > signed.expires)
      return failure(403, "Access Denied: the address has expired");
    const { size } = await stat(signed.file);
    const headers = { "Content-Type": "application/octet-stream" };
    return file_answer(asked, { file: signed.file, size }, signed.sha256, { headers });
  }
}
