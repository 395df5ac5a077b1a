// Who may include or import whom: a layer knows itself and what stands left of it, never what stands right.
import { posix } from "node:path";
import { forEachLine } from "./source_text.js";

/** @typedef {import("./source_text.js").Source} Source */

/** The core's layers (folders of src/), from the bottom up. */
export const cLayers = ["base", "kernels", "text", "data", "model", "train"];

/** The library's packages (folders of web/lib/), from the bottom up. Those of one row do not know each other. */
export const jsLayers = [
  ["core"],
  ["hub"],
  ["numpy", "torch"],
  ["datasets", "evaluate"],
  ["transformers"],
  ["accelerate", "peft"],
];

/**
 * @param {Source} source
 * @returns {string[]} what is wrong, a sentence each
 */
export function checkCLayering({ path, text }) {
  /** @type {string[]} */
  const wrong = [];
  const layer = path.match(/^src\/([^/]+)\//)?.[1];
  const isPublic = path.startsWith("include/");
  if (!layer && !isPublic) return wrong;
  if (layer && !cLayers.includes(layer)) wrong.push(`${path}: src/${layer} is no layer`);
  forEachLine(text, (line, number) => {
    const include = line.match(/^\s*#\s*include\s*(["<])([^">]+)[">]/);
    if (!include) return;
    const [, quote, name] = include;
    const at = `${path}:${number}`;
    if (/cJSON/i.test(name) && layer !== "base") wrong.push(`${at}: only src/base knows cJSON`);
    if (/simd128|intrin\.h|arm_neon/.test(name) && path !== "src/kernels/simd.h") {
      wrong.push(`${at}: only src/kernels/simd.h includes intrinsics`);
    }
    if (quote === "<") {
      if (name.startsWith("tunelab/")) wrong.push(`${at}: write "${name}", in quotes`);
      return;
    }
    const folder = name.split("/")[0];
    if (folder === "tunelab" || /cJSON/i.test(name)) return;
    if (isPublic) wrong.push(`${at}: a public header includes only public headers, not "${name}"`);
    else if (!name.includes("/") || !cLayers.includes(folder)) {
      wrong.push(`${at}: write "layer/${posix.basename(name)}" instead of "${name}"`);
    } else if (layer && cLayers.indexOf(folder) > cLayers.indexOf(layer)) {
      wrong.push(`${at}: ${layer} stands below ${folder} and must not include "${name}"`);
    }
  });
  return wrong;
}

/**
 * @param {Source} source
 * @returns {string[]}
 */
export function checkJsLayering({ path, text }) {
  /** @type {string[]} */
  const wrong = [];
  const area = path.match(/^web\/(lib|app|cli)\//)?.[1];
  if (!area) return wrong;
  const own = rank(path);
  if (area === "lib" && own === undefined && /^web\/lib\/[^/]+\//.test(path)) {
    wrong.push(`${path}: ${posix.dirname(path)} is no package of the library`);
  }
  forEachLine(text, (line, number) => {
    const imported = line.match(/(?:\bfrom|^\s*import|\bimport\()\s*["'](\.[^"']*)["']/)?.[1];
    if (!imported) return;
    const at = `${path}:${number}`;
    const target = posix.normalize(posix.join(posix.dirname(path), imported));
    const targetArea = target.match(/^web\/(lib|app|cli)\//)?.[1];
    if (area === "lib" && targetArea !== "lib")
      wrong.push(`${at}: the library must not import ${target}`);
    else if (area !== "lib" && targetArea !== "lib" && targetArea !== area) {
      wrong.push(`${at}: web/${area} imports only itself and web/lib, not ${target}`);
    }
    const theirs = rank(target);
    const samePackage = path.split("/")[2] === target.split("/")[2];
    if (own !== undefined && theirs !== undefined && !samePackage && theirs >= own) {
      wrong.push(
        `${at}: ${path.split("/")[2]} must not import ${target}, which does not stand below it`,
      );
    }
  });
  return wrong;
}

/**
 * The row of jsLayers that a file of a package stands in; undefined outside the packages.
 *
 * @param {string} path
 */
function rank(path) {
  const name = path.match(/^web\/lib\/([^/]+)\//)?.[1];
  const row = jsLayers.findIndex((names) => name !== undefined && names.includes(name));
  return row === -1 ? undefined : row;
}
