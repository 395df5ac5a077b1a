// The memory of processes that this one started, and of those that they started, watched from outside: what Linux
// tells in /proc.
import { readdirSync, readFileSync } from "node:fs";
import { Missing } from "../../browser/host.js";

/** Milliseconds between two samples. */
const PERIOD = 50;

/** @param {string} path @returns {string} "" for a process that has just ended */
function text_of(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** All processes below this one. @returns {string[]} */
function descendants() {
  /** @type {Map<string, string[]>} */
  const children = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    // The name in brackets may hold anything; the state and the parent follow it.
    const parent = /\) \S (\d+) [^)]*$/.exec(text_of(`/proc/${pid}/stat`))?.[1];
    if (parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  /** @type {(pid: string) => string[]} */
  const below = (pid) => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(String(process.pid)).slice(1);
}

/** Bytes, pages that processes share counted in parts. @param {string} pid */
function bytes_of(pid) {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(text_of(`/proc/${pid}/smaps_rollup`))?.[1];
  return 1024 * Number(kilobytes ?? 0);
}

/** @typedef {{time: number, all: number, pages: number}} Sample time: milliseconds since 1970; bytes of all processes,
 *   and of those that run pages */

/** @returns {Sample} */
function sample() {
  let all = 0;
  let pages = 0;
  for (const pid of descendants()) {
    const bytes = bytes_of(pid);
    all += bytes;
    if (text_of(`/proc/${pid}/cmdline`).includes("--type=renderer")) pages += bytes;
  }
  return { time: Date.now(), all, pages };
}

/**
 * Begins to watch.
 * @returns {() => Sample[]} ends it
 * @throws {Missing} where there is no such thing as /proc
 */
export function watch_memory() {
  if (text_of("/proc/self/smaps_rollup") === "")
    throw new Missing("a browser's memory is read from /proc, which only Linux has");
  /** @type {Sample[]} */
  const samples = [];
  const timer = setInterval(() => samples.push(sample()), PERIOD);
  return () => {
    clearInterval(timer);
    return samples;
  };
}

/**
 * What was held at most between two moments beyond what was held before.
 * @param {Sample[]} samples
 * @param {"all" | "pages"} which
 * @param {{idle: number, begin: number, end: number}} moments idle from `idle` to `begin`, at work from `begin` to `end`
 * @returns {number} bytes
 */
export function most_beyond_idle(samples, which, { idle, begin, end }) {
  const between = (/** @type {number} */ from, /** @type {number} */ to) =>
    samples.filter(({ time }) => time >= from && time < to).map((each) => each[which]);
  return Math.max(...between(begin, end)) - Math.min(...between(idle, begin));
}
