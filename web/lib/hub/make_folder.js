// Making a folder with its parents, in Node.js.
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder with what is missing above it; another may be at the same. Node's own `recursive` tries for ever where
 * a folder's parent exists but takes no folders (in /proc).
 * @param {string} folder
 * @returns {Promise<boolean>} whether it was not there before
 * @throws {NodeJS.ErrnoException} if it cannot be made, or is a file
 */
export async function make_folder(folder) {
  const parent = dirname(folder);
  try {
    return await make_in_parent(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT" || parent === folder)
      throw error;
    await make_folder(parent);
    return make_in_parent(folder);
  }
}

/** @param {string} folder */
async function make_in_parent(folder) {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    const there = await stat(folder).catch(() => undefined);
    if (there?.isDirectory()) return false;
    throw error;
  }
}
