// Text as Python's repr() shows it: how features print.

/** What repr() escapes in a string: backslashes, and characters that do not print. */
const ESCAPES = /** @type {Record<string, string>} */ ({
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
});

/** In single quotes, or in double ones if only single ones occur in it. @param {string} text */
export function python_repr(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character]);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** @param {readonly string[]} texts */
export const python_list = (texts) => `[${texts.map(python_repr).join(", ")}]`;
