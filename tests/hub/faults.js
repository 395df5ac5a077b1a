// Faults on demand: which requests they meet.
import { decoded } from "./answer.js";
import { KINDS } from "./fault_kinds.js";

/** @typedef {import("./answer.js").Asked} Asked */
/** @typedef {import("./fault_kinds.js").Stage} Stage */

/**
 * A fault and the requests it meets.
 * @typedef {object} Fault
 * @property {string} kind one of KINDS
 * @property {RegExp | string} [path] found in the path with its query, decoded; without it, every request
 * @property {"hub" | "cdn"} [server] without it, both
 * @property {number} [times] how often; without it, always
 * @property {number} [skip] so many such requests are spared first
 * @property {number} [after] cut, stall: so many bytes go out before
 * @property {number} [bytes_per_second] slow
 * @property {number} [status] status, gated
 * @property {number} [seconds] rate_limit: how long to wait
 * @property {boolean} [retry_after] rate_limit: told by Retry-After instead of RateLimit
 * @property {number} [bytes] gzip_bomb: how many it unpacks to
 */

/** What may be given for a fault beside its kind. */
const NUMBERS = ["times", "skip", "after", "bytes_per_second", "status", "seconds", "bytes"];
const WORDS = ["path", "server", "retry_after"];

export class Faults {
  constructor() {
    /** @type {(Fault & {met: number})[]} */
    this._rules = [];
  }

  /** @param {Fault} fault */
  add(fault) {
    if (!(fault.kind in KINDS))
      throw new Error(`no fault "${fault.kind}"; there are ${Object.keys(KINDS).join(", ")}`);
    for (const name of Object.keys(fault))
      if (![...NUMBERS, ...WORDS, "kind"].includes(name))
        throw new Error(`a fault has no "${name}"; there are ${[...WORDS, ...NUMBERS].join(", ")}`);
    this._rules.push({ ...fault, met: 0 });
  }

  clear() {
    this._rules = [];
  }

  /** What was given, and how many requests each has met. */
  list() {
    return this._rules.map((rule) => ({ ...rule, path: String(rule.path ?? "") }));
  }

  /**
   * The fault that meets a request at this stage, if any. The first that was given goes first, until its times are over.
   * @param {Stage} stage
   * @param {"hub" | "cdn"} server
   * @param {Asked} asked
   */
  meet(stage, server, asked) {
    const where = decoded(asked.url.pathname + asked.url.search);
    return this._rules.find((rule) => {
      if (KINDS[rule.kind].stage !== stage || (rule.server ?? server) !== server) return false;
      const { path = "", skip = 0, times = Infinity } = rule;
      if (!(path instanceof RegExp ? path.test(where) : where.includes(path))) return false;
      rule.met++;
      return rule.met > skip && rule.met <= skip + times;
    });
  }
}

/**
 * A fault from words.
 * @param {string} kind
 * @param {Iterable<[string, string]>} words what belongs to it, by name
 * @returns {Fault}
 */
export function fault_of(kind, words) {
  const given = [...words].map(([name, word]) => {
    const number = NUMBERS.includes(name);
    if (number && !Number.isFinite(Number(word || NaN)))
      throw new Error(`${name}=${word} of the fault ${kind}: ${name} is a number`);
    return [name, number ? Number(word) : name === "retry_after" ? true : word];
  });
  return { kind, ...Object.fromEntries(given) };
}

/**
 * A fault as it is written on the command line: its kind, then what belongs to it, as in
 * "cut,path=model.safetensors,after=100000,times=1".
 * @param {string} text
 */
export function parse_fault(text) {
  const [kind, ...pairs] = text.split(",");
  return fault_of(
    kind,
    pairs.map((pair) => {
      const [name, ...word] = pair.split("=");
      return [name, word.join("=")];
    }),
  );
}
