// Storages on the way to a worker: what names the place, and the storage opened there again.
import { TunelabError } from "../../core/errors.js";

/** @typedef {import("./storage.js").Storage} Storage */

/** @typedef {{kind: "node", folder: string}} PortableStorage plain data */

/**
 * @param {PortableStorage} portable as a storage's `portable` tells
 * @returns {Promise<Storage>}
 */
export async function open_portable_storage({ kind, folder }) {
  if (kind !== "node")
    throw new TunelabError(`there is no storage of kind ${kind}`, "TL_ERR_UNSUPPORTED");
  const { NodeStorage } = await import("./node_storage.js");
  return new NodeStorage(folder);
}
