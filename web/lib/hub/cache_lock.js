// A lock between processes, in Node.js: a file that its owner touches again and again while it lives.
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { sleep } from "./sleep.js";

/** Seconds between signs of life, and without one after which an owner counts as dead. */
const BEAT = 2;
const DEAD = 10;

/** Seconds between two looks at a lock that another holds. */
const LOOK = 0.1;

const OWNER = `${process.pid} ${hostname()}`;

/**
 * Runs `work` while no other process does under the same lock. It saves downloading twice; nothing breaks where it
 * does not hold.
 * @param {string} path in a folder that is there
 * @param {AbortSignal | undefined} signal ends the waiting
 * @param {() => Promise<void>} work
 */
export async function with_lock(path, signal, work) {
  while (!(await take(path))) {
    if (!(await is_dead(path))) await sleep(LOOK, signal);
    else if (!(await removed(path))) break;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {}); // another took it for dead
  }, 1000 * BEAT);
  try {
    await work();
  } finally {
    clearInterval(beat);
    await removed(path);
  }
}

/** @param {string} path @returns {Promise<boolean>} false where that is not allowed */
const removed = (path) =>
  rm(path, { force: true }).then(
    () => true,
    () => false,
  );

/**
 * @param {string} path
 * @returns {Promise<boolean>} whether it is ours now, or cannot be anybody's
 */
async function take(path) {
  try {
    await writeFile(path, OWNER, { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    // A full disk, or a folder of others: what is locked tells what cannot be written.
    await removed(path);
    return true;
  }
}

/** @param {string} path */
async function is_dead(path) {
  const [text, found] = await Promise.all([
    readFile(path, "utf8").catch(() => ""),
    stat(path).catch(() => undefined),
  ]);
  if (!found) return false;
  const [pid, host] = text.split(" ");
  if (host === hostname() && !is_running(Number(pid))) return true;
  return Date.now() - found.mtimeMs > 1000 * DEAD;
}

/** @param {number} pid */
function is_running(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
