// The files of a repository on the Hub at one commit: from the cache where it has them, else downloaded into it.
import { TunelabError } from "../core/errors.js";
import { download_file } from "./download.js";
import { open_cache } from "./hub_cache.js";
import { HubError, subject_text } from "./hub_error.js";
import { byte_progress } from "./progress.js";
import { open_ranges } from "./range_file.js";
import { etag_of, fetch_tree, size_of } from "./repo_tree.js";
import { check_repo_id, check_revision, display_name, resolve_address } from "./repository.js";
import { resolve_revision } from "./revision.js";
import { hub_settings } from "./settings.js";
import { shared_work } from "./shared_work.js";
import { turnstile } from "./turnstile.js";

/** @typedef {import("./file_source.js").OpenFile} OpenFile */
/** @typedef {import("./progress.js").ProgressEvent} ProgressEvent */
/** @typedef {import("./repo_tree.js").Tree} Tree */
/** @typedef {import("./repo_tree.js").TreeEntry} TreeEntry */

/**
 * @typedef {object} HubOptions
 * @property {import("./repository.js").RepoType} [repo_type] "model" by default
 * @property {string} [revision] a branch, a tag or a commit hash; "main" by default
 * @property {string | boolean} [token] instead of the settings'; false sends none
 * @property {string} [cache_dir]
 * @property {string} [endpoint]
 * @property {boolean} [force_download] even what the cache has
 * @property {boolean} [local_files_only] nothing but what the cache has
 * @property {import("./progress.js").ProgressCallback} [progress_callback]
 * @property {AbortSignal} [signal] ends downloads; what has come stays for the next one
 */

/** @implements {FileSource} @typedef {import("./file_source.js").FileSource} FileSource */
export class HubSource {
  /**
   * @param {import("./revision.js").Question} question
   * @param {string} commit
   * @param {HubOptions} options
   */
  constructor(question, commit, options) {
    this._question = question;
    this._options = options;
    this._repository = question.repository;
    this._cache = question.cache;
    /** The commit's hash: what is read is of this version alone. */
    this.revision = commit;
    this.repo_id = question.repository.repo_id;
    this.repo_type = question.repository.repo_type;
    this.location = display_name(question.repository);
    /** @type {Promise<Tree> | undefined} */
    this._tree = undefined;
    /** Whether the Hub did not even tell the commit: what the cache lacks then counts as not there. */
    this._is_cut_off = false;
    /** Files that force_download has brought. @type {Set<string>} */
    this._fresh = new Set();
  }

  /**
   * Finds out which commit is meant: one request, or none for a commit's hash, offline, or with local_files_only.
   * @param {string} repo_id
   * @param {HubOptions} [options]
   * @returns {Promise<HubSource>}
   * @throws {HubError} for a name or revision that the Hub does not have, or gives to others only
   */
  static async open(repo_id, options = {}) {
    check_repo_id(repo_id);
    const { repo_type = "model", revision = "main", cache_dir, endpoint, ...rest } = options;
    check_revision(revision);
    const settings = await hub_settings({ cache_dir, endpoint });
    const repository = { endpoint: settings.endpoint, repo_type, repo_id };
    const cache = await open_cache(repository, settings);
    const on_wait = waiting_told(rest.progress_callback, { name: repo_id });
    let is_cut_off = false;
    const on_fallback = () => (is_cut_off = true);
    const question = { repository, revision, settings, cache, ...rest, on_wait, on_fallback };
    const commit = await resolve_revision(question);
    const source = new HubSource(question, commit, options);
    source._is_cut_off = is_cut_off;
    return source;
  }

  _is_offline() {
    return Boolean(this._options.local_files_only || this._question.settings.offline);
  }

  /** What every request of this source shares. */
  _request() {
    const { settings } = this._question;
    const { token, signal, progress_callback } = this._options;
    const on_wait = waiting_told(progress_callback, { name: this.repo_id });
    return { settings, token, signal, on_wait };
  }

  /** The listing: from the cache, or from the Hub, once. @returns {Promise<Tree>} */
  async _listing() {
    await this._cached_listing();
    this._tree ??= this._fetch_listing().catch((error) => {
      this._tree = undefined;
      throw error;
    });
    return this._tree;
  }

  async _fetch_listing() {
    const tree = await fetch_tree(this._repository, this.revision, this._request());
    await this._cache.write_tree(this.revision, tree);
    return tree;
  }

  /** @param {string} path */
  async exists(path) {
    if (!(await this._cached_listing())) {
      const kept = await this._cache.open(this.revision, path);
      await kept?.close();
      if (kept) return true;
      if (this._is_offline() || this._is_cut_off) return false;
      if (await this._cache.is_absent(this.revision, path)) return false;
    }
    if (Object.hasOwn(await this._listing(), path)) return true;
    await this._cache.note_absent(this.revision, path);
    return false;
  }

  /** The listing if no request is needed for it. */
  async _cached_listing() {
    if (!this._tree) {
      const known = await this._cache.read_tree(this.revision);
      if (known) this._tree ??= Promise.resolve(known);
    }
    return this._tree;
  }

  /** @returns {Promise<string[]>} */
  async list() {
    const alone = this._is_offline() || this._is_cut_off;
    if (alone && !(await this._cached_listing())) return this._cache.list(this.revision);
    return Object.keys(await this._listing()).sort();
  }

  /** The commit, and the file's place in it. @param {string} path */
  async identity(path) {
    const { repo_type, repo_id, revision } = this;
    return `hub:${repo_type}:${repo_id}@${revision}:${path}`;
  }

  /** @param {string} path @returns {Promise<number>} bytes, without a download */
  async size(path) {
    return size_of(await this._entry(path));
  }

  /** @param {string} path @returns {Promise<TreeEntry>} */
  async _entry(path) {
    const tree = await this._listing();
    if (Object.hasOwn(tree, path)) return tree[path];
    await this._cache.note_absent(this.revision, path);
    const there = Object.keys(tree).slice(0, 12).join(", ") || "nothing";
    throw new HubError("entry_not_found", `there is no ${this._text(path)}; it holds ${there}`);
  }

  /** @param {string} path */
  _subject(path) {
    return { ...this._repository, revision: this._question.revision, path };
  }

  /** @param {string} path */
  _text(path) {
    return subject_text(this._subject(path));
  }

  /**
   * Opens a file, downloaded and verified first if the cache lacks it.
   * @param {string} path
   * @returns {Promise<OpenFile>}
   */
  async open(path) {
    const kept = await this._kept(path);
    if (kept) return kept;
    const entry = await this._entry(path);
    await this._download(path, entry);
    const file = await this._cache.open(this.revision, path, entry);
    if (file) return file;
    throw new HubError("corrupt", `${this._text(path)} vanished from the cache; try again`);
  }

  /** The file as the cache has it; undefined if it has to be downloaded. @param {string} path */
  async _kept(path) {
    const anew = this._options.force_download && !this._fresh.has(path);
    if (anew && !this._is_offline()) return undefined;
    const tree = await this._cached_listing();
    const kept = await this._cache.open(this.revision, path, tree?.[path]);
    if (kept || !this._is_offline()) return kept;
    throw new HubError(
      "offline",
      `${this._text(path)} is not in the cache (${this._cache.location}), and no download is allowed`,
    );
  }

  /** @param {string} path @param {TreeEntry} entry */
  async _download(path, entry) {
    const cache = this._cache;
    const { progress_callback: listener = () => {}, force_download } = this._options;
    const what = { name: this.repo_id, file: path };
    listener({ status: "initiate", ...what });
    const key = `${cache.location} ${etag_of(entry)} ${path}`;
    const caller = { signal: this._options.signal, listener };
    await shared_work(key, caller, async (signal, /** @type {typeof listener} */ emit) => {
      if (force_download) await cache.forget(this.revision, path, entry);
      const download = {
        ...this._request(),
        url: resolve_address(this._repository, this.revision, path),
        entry,
        signal,
        subject: this._subject(path),
        on_bytes: byte_progress(emit, what, size_of(entry)),
        on_wait: waiting_told(emit, what),
      };
      const fill = async (/** @type {import("./hub_cache.js").Partial} */ partial) => {
        emit({ status: "download", ...what });
        await in_line(() => download_file(download, partial));
      };
      await cache.store(this.revision, path, entry, fill, signal);
    });
    this._fresh.add(path);
    listener({ status: "done", ...what });
  }

  /**
   * Opens a file without downloading it as a whole: each `stream` asks for its bytes, small ones for some more around
   * them. For reading a little of a large file; nothing is kept, and only the size is verified.
   * @param {string} path
   * @returns {Promise<OpenFile>}
   */
  async open_remote(path) {
    const kept = await this._kept(path);
    if (kept) return kept;
    const entry = await this._entry(path);
    const url = resolve_address(this._repository, this.revision, path);
    const size = size_of(entry);
    return open_ranges({ ...this._request(), url, subject: this._subject(path), size });
  }

  /** Node.js: the folder that the cache shows this commit's files in. */
  get cached_folder() {
    return this._cache.path_of?.(this.revision, "");
  }

  /**
   * Node.js: where a file lies in the cache, downloaded first if need be.
   * @param {string} path
   * @returns {Promise<string>}
   */
  async local_path(path) {
    const place = this._cache.path_of?.(this.revision, path);
    if (!place)
      throw new TunelabError(
        "files of the Hub have paths in Node.js only; in a page read them with open",
        "TL_ERR_UNSUPPORTED",
      );
    await (await this.open(path)).close();
    return place;
  }
}

/** So many files come at once. */
const in_line = turnstile(4);

/**
 * @param {import("./progress.js").ProgressCallback | undefined} receive
 * @param {{name: string, file?: string}} what
 */
function waiting_told(receive, what) {
  return (/** @type {{seconds: number, reason: string}} */ wait) =>
    receive?.({ status: "wait", ...what, ...wait });
}
