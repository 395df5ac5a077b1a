// Answers of the Hub that come in pages: the address of the next one, from the Link header.
import { HubError } from "./hub_error.js";

/**
 * @param {Headers} headers of a page
 * @param {string} address where it came from
 * @returns {string | undefined} undefined after the last page
 * @throws {HubError} for an address that leads nowhere, or to the page itself
 */
export function next_page(headers, address) {
  const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  if (next === undefined) return undefined;
  const url = URL.canParse(next, address) ? new URL(next, address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href === new URL(address).href)
    throw new HubError("server", `the Hub names ${JSON.stringify(next)} as the page that follows`);
  return url.href;
}
