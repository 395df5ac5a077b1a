// The repositories that a folder holds, and their files at a revision.
import { createHash } from "node:crypto";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { FileHashes, is_lfs, lfs_pointer } from "./file_hashes.js";

/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {"model" | "dataset"} RepoType */

/**
 * A file of a repository at a revision.
 * @typedef {object} RepoFile
 * @property {string} path in the repository
 * @property {string} file on disk
 * @property {number} size
 * @property {string} oid git's name for the blob: of the file, or of the pointer that stands for it
 * @property {{oid: string, size: number, pointerSize: number}} [lfs] oid: the content's SHA-256
 */

/** @typedef {{sha: string, date: Date, files: RepoFile[]}} Snapshot */

/** What no repository holds. */
const HIDDEN = new Set([".git", ".cache", "node_modules"]);

export class Repositories {
  /** @param {string} root @param {Settings} settings */
  constructor(root, settings) {
    this.root = root;
    this.settings = settings;
    this.hashes = new FileHashes();
  }

  /**
   * @param {RepoType} type
   * @param {string} id
   * @returns {Promise<Repository | undefined>}
   */
  async find(type, id) {
    const parts = id.split("/");
    if (parts.length > 2 || parts.some((part) => !/^[\w.-]+$/.test(part) || /^\.+$/.test(part)))
      return undefined;
    if (type === "model" && parts[0] === "datasets") return undefined;
    const folder = join(this.root, type === "dataset" ? "datasets" : "", id);
    if (!(await holds_files(folder)) || !(await this.contains(folder))) return undefined;
    return new Repository(this, type, id, folder);
  }

  /**
   * @param {RepoType} type
   * @returns {Promise<Repository[]>} sorted by name
   */
  async all(type) {
    const top = join(this.root, type === "dataset" ? "datasets" : "");
    const ids = [];
    for (const name of await folders_in(top))
      if (await holds_files(join(top, name))) ids.push(name);
      else for (const inner of await folders_in(join(top, name))) ids.push(`${name}/${inner}`);
    const found = await Promise.all(ids.sort().map((id) => this.find(type, id)));
    return found.filter((repository) => repository !== undefined);
  }

  /** Whether a path, its links followed, lies in the root. @param {string} path */
  async contains(path) {
    const [real_root, real] = await Promise.all([realpath(this.root), realpath(path)]);
    return real === real_root || real.startsWith(real_root + sep);
  }
}

export class Repository {
  /**
   * @param {Repositories} repositories
   * @param {RepoType} type
   * @param {string} id
   * @param {string} folder
   */
  constructor(repositories, type, id, folder) {
    this.repositories = repositories;
    this.type = type;
    this.id = id;
    this.folder = folder;
    /** its name in settings and addresses */
    this.key = type === "dataset" ? `datasets/${id}` : id;
  }

  get gated() {
    return this.repositories.settings.gated[this.key] ?? false;
  }

  get is_private() {
    return this.repositories.settings.private.includes(this.key);
  }

  /**
   * The files at a revision: "main" and its commit, or a revision that has a folder "name@revision" beside, and its
   * commit.
   * @param {string} [revision]
   * @returns {Promise<Snapshot | undefined>}
   */
  async at(revision = "main") {
    const main = await this._snapshot(this.folder);
    if (revision === "main" || revision === main.sha) return main;
    for (const { name, folder } of await this.other_revisions()) {
      const other = await this._snapshot(folder);
      if (revision === name || revision === other.sha) return other;
    }
    return undefined;
  }

  /** @returns {Promise<{name: string, folder: string}[]>} */
  async other_revisions() {
    const beside = join(this.folder, "..");
    const prefix = `${String(this.id.split("/").at(-1))}@`;
    const names = (await folders_in(beside, true)).filter((name) => name.startsWith(prefix));
    return names.map((name) => ({ name: name.slice(prefix.length), folder: join(beside, name) }));
  }

  /** @param {string} folder @returns {Promise<Snapshot>} */
  async _snapshot(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = [];
    let newest = 0;
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name);
      const path = relative(folder, file).split(sep).join("/");
      if (path.split("/").some((part) => HIDDEN.has(part))) continue;
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) continue;
      if (entry.isSymbolicLink() && !(await this.repositories.contains(file))) continue;
      newest = Math.max(newest, found.mtimeMs);
      files.push(await described_file(this.repositories.hashes, path, file));
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return { sha: commit_of(this.key, files), date: new Date(Math.floor(newest)), files };
  }
}

/**
 * @param {FileHashes} hashes
 * @param {string} path in the repository
 * @param {string} file on disk
 * @returns {Promise<RepoFile>}
 */
export async function described_file(hashes, path, file) {
  const { size, sha1, sha256 } = await hashes.of(file);
  if (!is_lfs(path, size)) return { path, file, size, oid: sha1 };
  const pointer = lfs_pointer(sha256, size);
  return {
    ...{ path, file, size, oid: pointer.oid },
    lfs: { oid: sha256, size, pointerSize: pointer.size },
  };
}

/**
 * A commit's hash, which is another as soon as any file is.
 * @param {string} key
 * @param {RepoFile[]} files
 */
export function commit_of(key, files) {
  const hash = createHash("sha1").update(`${key}\0`);
  for (const { path, oid } of files) hash.update(`${path}\0${oid}\0`);
  return hash.digest("hex");
}

/** @param {string} folder */
async function holds_files(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => !entry.isDirectory());
}

/** @param {string} folder @param {boolean} [revisions] also those named "name@revision" */
async function folders_in(folder, revisions = false) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !HIDDEN.has(entry.name) && entry.name !== "datasets")
    .map(({ name }) => name)
    .filter((name) => revisions || !name.includes("@"));
}
