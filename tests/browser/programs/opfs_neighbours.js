// One of several workers that use one storage at once: writes files and reads each when it is committed, or sweeps
// as a tab that starts does. Tells what went wrong.
import { OpfsStorage } from "../../../web/lib/datasets/storage/opfs_storage.js";

/** @param {OpfsStorage} storage @param {string} path */
async function write_and_read(storage, path) {
  const file = await storage.create(path);
  const bytes = new TextEncoder().encode(path);
  file.write(bytes);
  await file.commit();
  const written = await storage.open_read(path);
  const found = new Uint8Array(written.size);
  written.read_into(found, 0);
  written.close();
  if (new TextDecoder().decode(found) !== path) throw new Error(`${path} holds something else`);
}

/** @type {Record<string, (storage: OpfsStorage, name: string, turn: number) => Promise<void>>} */
const ACTIONS = {
  async write(storage, name, turn) {
    await write_and_read(storage, `${name}/${turn}.table`);
    await write_and_read(storage, `everyone/${turn}.table`);
  },
  async sweep(storage) {
    await storage.sweep();
  },
};

/** @param {{action: string, name: string, turns: number}} given name: the worker's own folder */
export async function run({ action, name, turns }) {
  const storage = await OpfsStorage.open("neighbours");
  /** @type {string[]} */
  const failures = [];
  for (let turn = 0; turn < turns; ++turn)
    await ACTIONS[action](storage, name, turn).catch((error) => failures.push(String(error)));
  return failures;
}
