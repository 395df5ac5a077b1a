// Answers of the Hub that come in pages: the address of the next one, from the Link header.

/**
 * @param {Headers} headers of a page
 * @param {string} address where it came from
 * @returns {string | undefined} undefined after the last page
 */
export function next_page(headers, address) {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  return next && new URL(next, address).href;
}
