// The hash that names a file's content on the Hub, taken piece by piece.
import { in_node } from "../core/builds.js";
import { size_of } from "./repo_tree.js";

/** @typedef {{update: (bytes: Uint8Array) => void, hex: () => string}} ContentHash */

/** @param {"sha1" | "sha256"} name @returns {Promise<ContentHash>} */
async function create_hash(name) {
  if (in_node) {
    const { createHash } = await import("node:crypto");
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
  }
  const hash =
    name === "sha256"
      ? (await import("@noble/hashes/sha2.js")).sha256.create()
      : (await import("@noble/hashes/legacy.js")).sha1.create();
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
}

/**
 * A hash to be fed with the file's bytes and compared with etag_of(entry): SHA-256 for a file in LFS, for others
 * the SHA-1 of git's blob.
 * @param {import("./repo_tree.js").TreeEntry} entry
 */
export async function content_hash(entry) {
  const hash = await create_hash(entry.lfs_sha256 ? "sha256" : "sha1");
  if (!entry.lfs_sha256) hash.update(new TextEncoder().encode(`blob ${size_of(entry)}\0`));
  return hash;
}
