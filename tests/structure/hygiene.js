// What every source file keeps to: it says what it is for, stays short, and leaves out what the core must not do.
import { posix } from "node:path";
import { isGenerated } from "../../tools/generated.js";
import { codeOnly, forEachLine } from "./source_text.js";

/** @typedef {import("./source_text.js").Source} Source */

const maxLines = 500;
const opening = /^(\/\*|\/\/|#|""")/;

/**
 * The first line (after a "#!" line) is a comment with words in it.
 *
 * @param {Source} source
 * @returns {string[]} what is wrong, a sentence each
 */
export function checkFirstLine({ path, text }) {
  const lines = text.split("\n");
  const first = lines[0].startsWith("#!") ? lines[1] : lines[0];
  const words = first.replace(opening, "").match(/[A-Za-z][a-z]+/g) ?? [];
  const good = opening.test(first) && !/^#(include|ifndef|define)/.test(first) && words.length >= 3;
  return good ? [] : [`${path}: the first line must be a comment that says what the file is for`];
}

/**
 * @param {Source} source
 * @returns {string[]}
 */
export function checkLength({ path, text }) {
  const lines = text.split("\n").length - 1;
  if (lines <= maxLines || isGenerated(text)) return [];
  return [`${path}: ${lines} lines; split it by ideas so that each part has at most ${maxLines}`];
}

/**
 * A name in src/ and web/ stands for one file, so that it can be found and spoken of.
 *
 * @param {Source[]} sources
 * @returns {string[]}
 */
export function checkUniqueNames(sources) {
  /** @type {Map<string, string>} */
  const seen = new Map();
  /** @type {string[]} */
  const wrong = [];
  for (const { path } of sources) {
    if (!/^(src|web)\//.test(path)) continue;
    const name = posix.basename(path);
    const other = seen.get(name);
    if (other) wrong.push(`${path}: there is ${other} already; give one of them another name`);
    seen.set(name, path);
  }
  return wrong;
}

const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);

/**
 * @param {Source} source
 * @returns {string[]}
 */
export function checkFinished({ path, text }) {
  /** @type {string[]} */
  const wrong = [];
  forEachLine(text, (line, number) => {
    if (unfinished.test(line)) wrong.push(`${path}:${number}: unfinished: ${line.trim()}`);
  });
  return wrong;
}

/** What no file of the core may contain, outside comments and strings, and why. */
const forbiddenInCore = [
  {
    pattern: /\b(exit|_Exit|abort|assert)\s*\(/,
    why: "errors are values; nothing ends the process",
  },
  { pattern: /\b(v?f?printf|puts|putchar|perror)\s*\(/, why: "the core prints nothing" },
  { pattern: /\b(rand|srand|time)\s*\(/, why: "results depend on inputs alone" },
  {
    pattern: /^static\s+(?!const\b|inline\b|_Alignas\([^)]*\)\s+const\b)[^(]*[;=]/,
    why: "no globals: state lives in the context and in what it makes",
  },
];

/**
 * @param {Source} source
 * @returns {string[]}
 */
export function checkCore({ path, text }) {
  /** @type {string[]} */
  const wrong = [];
  if (!/^src\/.*\.[ch]$/.test(path)) return wrong;
  forEachLine(codeOnly(text), (line, number) => {
    for (const { pattern, why } of forbiddenInCore) {
      if (pattern.test(line)) wrong.push(`${path}:${number}: ${why}: ${line.trim()}`);
    }
    if (/\b(wasm_[a-z]+\d+x\d+|_mm\d*)_\w+\s*\(/.test(line) && path !== "src/kernels/simd.h") {
      wrong.push(`${path}:${number}: intrinsics belong in src/kernels/simd.h: ${line.trim()}`);
    }
  });
  return wrong;
}

const looseMath = new RegExp(
  ["ffast" + "-math", "Ofa" + "st\\b", "fp-contract=fa" + "st", "funsafe" + "-math"].join("|"),
);

/**
 * Floating-point arithmetic means what the code says, in every build.
 *
 * @param {Source} source
 * @returns {string[]}
 */
export function checkExactMath({ path, text }) {
  return looseMath.test(text)
    ? [`${path}: compiler options that change arithmetic are not allowed`]
    : [];
}
