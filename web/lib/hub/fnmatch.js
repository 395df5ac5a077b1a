// Python's fnmatch patterns: "*" stands for anything, "/" too; "?" for one character, "[a-z]" and "[!a-z]" for one of a
// set; everything else, a bracket that nothing closes too, for itself.

/** @param {string} set between the brackets; a range that runs backwards holds nothing */
function set_of(set) {
  const not = set.startsWith("!");
  const held = set
    .slice(Number(not))
    .replace(/([^])-([^])/gu, (range, first, last) => (first <= last ? range : ""));
  return `[${not ? "^" : ""}${held.replace(/[\\\]^]/g, "\\$&")}]`;
}

/**
 * @param {string} path
 * @param {string} pattern
 * @returns {boolean} whether all of the path fits
 */
export function fnmatch(path, pattern) {
  const body = pattern.replace(/\[(!?\]?[^\]]*)\]|[^]/gu, (sign, set) => {
    if (set !== undefined) return set_of(set);
    if (sign === "*") return ".*";
    return sign === "?" ? "." : sign.replace(/[\\^$.+()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${body}$`, "su").test(path);
}
