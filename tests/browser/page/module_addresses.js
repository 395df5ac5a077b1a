// Browsers import by addresses: puts those of packages' files in the place of the names that modules import, as Node.js
// would resolve them for a browser. (Import maps do not reach workers.)
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parse } from "acorn";
import { root } from "../../../tools/command.js";

/** What a package's exports are chosen by. */
const CONDITIONS = new Set(["browser", "import", "default"]);

/** Whether it can be that a script imports a package: most do not, and are not read further. */
const MAY_IMPORT = /\b(from|import)\s*\(?\s*["'][^."'/]/;

/**
 * A module's text with addresses in the place of package names. Names of no installed package stay: those of Node.js's
 * own modules, which browsers do not come to.
 * @param {string} text
 * @param {string} file where it lies
 */
export function with_addresses(text, file) {
  if (!MAY_IMPORT.test(text)) return text;
  let result = "";
  let at = 0;
  for (const { start, end, value } of imported_names(text)) {
    const address = address_of(value, file);
    if (!address) continue;
    result += text.slice(at, start) + JSON.stringify(address);
    at = end;
  }
  return result + text.slice(at);
}

/** @typedef {{start: number, end: number, value: string}} Name a string that names a module, with its place */

/**
 * @param {string} text of a module
 * @returns {Name[]} in the order in which they stand
 */
function imported_names(text) {
  /** @type {Name[]} */
  const names = [];
  /** @param {any} node of the syntax tree */
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (node && typeof node === "object") {
      const { type, source } = node;
      const imports = /^(Import|Export)/.test(type ?? "") && source?.type === "Literal";
      if (imports && /^[^./]/.test(source.value)) names.push(source);
      Object.values(node).forEach(visit);
    }
  };
  visit(parse(text, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true }));
  return names.sort((a, b) => a.start - b.start);
}

/**
 * @param {string} name as it is imported: "package", "@scope/package", with a path below it or not
 * @param {string} file that imports it
 * @returns {string | undefined} a path on the server
 */
function address_of(name, file) {
  const [, package_name, path] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(name) ?? [];
  const folder = package_name && installed(package_name, dirname(file));
  if (!folder) return undefined;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const target =
    manifest.exports === undefined
      ? (path ?? `/${manifest.module ?? manifest.main ?? "index.js"}`)
      : exported(manifest.exports, `.${path ?? ""}`);
  if (target === undefined) throw new Error(`${package_name} exports no ${name} to browsers`);
  return `/${relative(root, join(folder, target)).split(sep).join("/")}`;
}

/** A package's folder, as found from a folder upwards. @param {string} name @param {string} from */
function installed(name, from) {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
  }
  return undefined;
}

/**
 * @param {any} exports of a package.json
 * @param {string} path "." or "./…"
 * @returns {string | undefined}
 */
function exported(exports, path) {
  const by_path = typeof exports === "object" && Object.keys(exports).some((key) => key[0] === ".");
  if (!by_path) return path === "." ? chosen(exports) : undefined;
  if (path in exports) return chosen(exports[path]);
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split("*");
    if (after === undefined || !path.startsWith(before) || !path.endsWith(after)) continue;
    return chosen(target)?.replaceAll("*", path.slice(before.length, path.length - after.length));
  }
  return undefined;
}

/** The first target whose condition holds. @param {any} target @returns {string | undefined} */
function chosen(target) {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(chosen).find(Boolean);
  for (const [condition, inner] of Object.entries(target ?? {}))
    if (CONDITIONS.has(condition)) return chosen(inner);
  return undefined;
}
