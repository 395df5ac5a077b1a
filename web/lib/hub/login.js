// Who asks the Hub: a token given by hand or by signing in. In a page it is kept for the tab alone, in Node.js for the
// process; it is sent to the Hub's own hosts only, and no message shows it.
import { in_node } from "../core/builds.js";
import { TunelabError } from "../core/errors.js";
import { in_form } from "./answer_form.js";
import { hub_json } from "./http.js";
import { configure_hub, hub_settings, is_token } from "./settings.js";

/** Where a tab keeps the token over a reload, with the Hub it belongs to and its end. */
const STORED = "tunelab.hub.login";

/** What a tab stores: it ends with the tab, and no other tab sees it. Workers have none. */
export const tab_storage = () => (in_node ? undefined : globalThis.sessionStorage);

/**
 * Whose token this is.
 * @param {{token?: string, endpoint?: string, signal?: AbortSignal}} [options] token: another than the one in use
 * @returns {Promise<{name: string, fullname?: string}>}
 * @throws {import("./hub_error.js").HubError} if the Hub refuses the token, or there is none
 */
export async function whoami({ token, endpoint, signal } = {}) {
  const settings = await hub_settings({ endpoint });
  const subject = { what: "the account's name" };
  const address = `${settings.endpoint}/api/whoami-v2`;
  const { json } = await hub_json(address, { subject, settings, token, signal });
  return in_form(subject.what, () => ({ name: json.name, fullname: json.fullname }));
}

/**
 * Uses a token from now on, once the Hub has accepted it. Unlike Python's, nothing is written to disk.
 * @param {string} token as pasted: spaces and line ends around it do not count
 * @param {{endpoint?: string, expires_at?: Date, signal?: AbortSignal}} [options] expires_at: until when the token is good
 * @returns {Promise<{name: string, fullname?: string}>} whose it is
 * @throws {TunelabError} for what cannot be a token, without showing it
 * @throws {import("./hub_error.js").HubError} if the Hub refuses it; what was in use before stays
 */
export async function login(token, { endpoint, expires_at, signal } = {}) {
  const trimmed = token.trim();
  if (!is_token(trimmed))
    throw new TunelabError(
      "this is no token of the Hub: it has spaces or other characters that no token has; copy it again",
    );
  const account = await whoami({ token: trimmed, endpoint, signal });
  configure_hub({ token: trimmed });
  const hub = (await hub_settings({ endpoint })).endpoint;
  const kept = { token: trimmed, endpoint: hub, expires_at: expires_at?.getTime() };
  tab_storage()?.setItem(STORED, JSON.stringify(kept));
  return account;
}

/** Forgets the token. In Node.js the environment's counts again. */
export function logout() {
  configure_hub({ token: undefined });
  tab_storage()?.removeItem(STORED);
}

/**
 * Takes up the token that this tab had before it was loaded anew.
 * @returns {Promise<boolean>} whether there was one, for the Hub in use, and still good
 */
export async function restore_login() {
  const text = tab_storage()?.getItem(STORED);
  if (!text) return false;
  const { token, endpoint, expires_at } = JSON.parse(text);
  const good = expires_at === undefined || Date.now() < expires_at;
  if (!good || endpoint !== (await hub_settings()).endpoint) {
    tab_storage()?.removeItem(STORED);
    return false;
  }
  configure_hub({ token });
  return true;
}
