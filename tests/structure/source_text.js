// Reading source files for the structure tests: which there are, and their code without comments and strings.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/command.js";

/** @typedef {{path: string, text: string}} Source a file: its path in the repository with "/", and its text */

/**
 * Every file of ours that people write and read; what generators and other projects made is not among them.
 *
 * @returns {Source[]}
 */
export function readSources() {
  const paths = globSync("{src,include,web,tests,tools,cmake}/**/*.{c,h,js,sh,py,cmake,css}", {
    cwd: root,
    exclude: (name) => ["goldens", "__pycache__", "node_modules"].includes(name),
  });
  return paths.sort().map((path) => ({
    path: path.replaceAll("\\", "/"),
    text: readFileSync(join(root, path), "utf8"),
  }));
}

/**
 * The code of a C file with comments and the contents of literals blanked out; lines stay where they are.
 *
 * @param {string} text
 * @returns {string}
 */
export function codeOnly(text) {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (match) => (/^["']/.test(match) ? '""' : match.replace(/[^\n]/g, " ")),
  );
}

/**
 * Calls visit(line, number) for each line, from 1.
 *
 * @param {string} text
 * @param {(line: string, number: number) => void} visit
 */
export function forEachLine(text, visit) {
  text.split("\n").forEach((line, index) => visit(line, index + 1));
}
