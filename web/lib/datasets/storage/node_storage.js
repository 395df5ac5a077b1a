// Files in a folder, in Node.js. A file is written under a name of its own and renamed when it is
// whole, so processes that share the folder never see half of one.
import { closeSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { error_text, TunelabError } from "../../core/errors.js";
import { make_folder } from "../../hub/make_folder.js";

/** @typedef {import("./storage.js").Storage} Storage */

/** The names of files that are being written: not listed. */
const TEMPORARY = /\.(\d+)-[0-9a-f]{8}\.part$/;

/** Small writes are gathered to pieces of this many bytes. */
const PIECE = 1 << 20;

/** @implements {Storage} */
export class NodeStorage {
  /** @param {string} folder made when the first file is */
  constructor(folder) {
    this.location = folder;
    this.portable = /** @type {const} */ ({ kind: "node", folder });
  }

  /** @param {string} path */
  async exists(path) {
    return stat(join(this.location, path)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** @param {string} path */
  async open_read(path) {
    const full = join(this.location, path);
    const file = await open(full, "r").catch((error) => {
      throw new TunelabError(
        `${full} cannot be read: ${error_text(error)}`,
        "TL_ERR_ARGUMENT",
        error,
      );
    });
    const { size } = await file.stat();
    await file.close();
    const fd = openSync(full, "r");
    return {
      size,
      /** @param {Uint8Array} target @param {number} at */
      read_into(target, at) {
        for (let done = 0; done < target.length;) {
          const count = readSync(fd, target, done, target.length - done, at + done);
          if (count === 0)
            throw new TunelabError(`${full} ends after ${at + done} bytes`, "TL_ERR_FORMAT");
          done += count;
        }
      },
      close: () => closeSync(fd),
    };
  }

  /** @param {string} path */
  async create(path) {
    const full = join(this.location, path);
    // Threads of one process may write the same file at once: its number alone does not tell them apart.
    const temporary = `${full}.${process.pid}-${crypto.randomUUID().slice(0, 8)}.part`;
    let fd;
    try {
      await make_folder(dirname(full));
      await remove_orphans(full);
      fd = openSync(temporary, "wx");
    } catch (error) {
      throw new TunelabError(
        `${full} cannot be written (${error_text(error)}); set HF_DATASETS_CACHE to a folder that can`,
        "TL_ERR_ARGUMENT",
        error,
      );
    }
    return new_file(fd, full, temporary);
  }

  async list() {
    const entries = await readdir(this.location, { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    return entries
      .filter((entry) => entry.isFile() && !TEMPORARY.test(entry.name))
      .map((entry) => relative(this.location, join(entry.parentPath, entry.name)))
      .map((path) => path.split(sep).join("/"))
      .sort();
  }

  /** @param {string} path */
  async remove(path) {
    await rm(join(this.location, path), { force: true });
  }
}

/** @param {number} pid */
function is_running(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** Removes what processes that died left of a file. @param {string} full */
async function remove_orphans(full) {
  const start = `${basename(full)}.`;
  for (const name of await readdir(dirname(full))) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid !== undefined && name.startsWith(start) && !is_running(Number(pid)))
      await rm(join(dirname(full), name), { force: true });
  }
}

/**
 * @param {number} fd
 * @param {string} full
 * @param {string} temporary
 * @returns {import("./storage.js").NewFile}
 */
function new_file(fd, full, temporary) {
  const gathered = new Uint8Array(PIECE);
  let used = 0;
  /** @param {Uint8Array} bytes */
  const write_out = (bytes) => {
    for (let done = 0; done < bytes.length;) {
      try {
        done += writeSync(fd, bytes, done);
      } catch (error) {
        throw new TunelabError(
          `${full} cannot be written: ${error_text(error)}`,
          "TL_ERR_ARGUMENT",
          error,
        );
      }
    }
  };
  let is_open = true;
  const close = () => {
    if (is_open) closeSync(fd);
    is_open = false;
  };
  const flush = () => {
    write_out(gathered.subarray(0, used));
    used = 0;
  };
  const file = {
    size: 0,
    /** @param {Uint8Array} bytes */
    write(bytes) {
      if (used + bytes.length > PIECE) flush();
      if (bytes.length > PIECE) write_out(bytes);
      else {
        gathered.set(bytes, used);
        used += bytes.length;
      }
      file.size += bytes.length;
    },
    async commit() {
      flush();
      fsyncSync(fd);
      close();
      await rename(temporary, full);
    },
    async abort() {
      close();
      await rm(temporary, { force: true }); // after a commit there is none
    },
  };
  return file;
}
