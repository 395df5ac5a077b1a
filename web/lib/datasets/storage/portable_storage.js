// Storages on the way to a worker: what names the place, and the storage opened there again.

/** @typedef {import("./storage.js").Storage} Storage */

/** @typedef {{kind: "node" | "opfs", folder: string}} PortableStorage plain data */

/**
 * @param {PortableStorage} portable as a storage's `portable` tells
 * @returns {Promise<Storage>}
 */
export async function open_portable_storage({ kind, folder }) {
  if (kind === "opfs") {
    const { OpfsStorage } = await import("./opfs_storage.js");
    return OpfsStorage.open(folder);
  }
  const { NodeStorage } = await import("./node_storage.js");
  return new NodeStorage(folder);
}
