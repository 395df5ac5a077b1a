// Which bytes of a file an answer says it brings.

/**
 * @param {Headers} headers
 * @returns {{begin: number | undefined, total: number | undefined}} undefined where it is not told: a page sees the
 *   header only if the server lets it
 */
export function content_range(headers) {
  const text = headers.get("content-range") ?? "";
  const [, begin] = /^bytes (\d+)-/.exec(text) ?? [];
  const [, total] = /\/(\d+)$/.exec(text) ?? [];
  return { begin: numbered(begin), total: numbered(total) };
}

/** @param {string | undefined} text */
const numbered = (text) => (text === undefined ? undefined : Number(text));
