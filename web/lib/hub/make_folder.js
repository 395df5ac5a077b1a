// Making a folder with its parents, in Node.js.
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and what is missing above it. Node's own `recursive` tries for ever where a folder's parent
 * exists but takes no folders (in /proc).
 * @param {string} folder
 * @returns {Promise<boolean>} whether it was not there before
 * @throws {NodeJS.ErrnoException} if it cannot be made, or is a file
 */
export async function make_folder(folder) {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const there = await stat(folder).catch(() => undefined);
    if (there?.isDirectory()) return false;
    const parent = dirname(folder);
    const parent_there = await stat(parent).catch(() => undefined);
    if (code !== "ENOENT" || parent_there || parent === folder) throw error;
    await make_folder(parent);
    return make_folder(folder);
  }
}
