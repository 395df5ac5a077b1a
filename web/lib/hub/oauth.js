// "Sign in with Hugging Face": OAuth's code flow with PKCE, by which a page gets a token without seeing a password. The
// steps and their order are those of @huggingface/hub's helpers of the same names; that package itself loads only through
// a bundler, and keeps its secrets in storage that all tabs share.
import { TunelabError } from "../core/errors.js";
import { HubError } from "./hub_error.js";
import { hub_json } from "./http.js";
import { login, tab_storage } from "./login.js";
import { hub_settings } from "./settings.js";

/** What a sign-in asks for: who it is, and reading gated repositories that the account may read. */
const SCOPES = "openid profile gated-repos";

/** Where a tab keeps what it must know when the Hub sends it back. */
const STORED = "tunelab.hub.sign_in";

/** @param {Uint8Array<ArrayBuffer>} bytes as base64url */
const text_of = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** @param {number} bytes */
const random_text = (bytes) => text_of(crypto.getRandomValues(new Uint8Array(bytes)));

/** The storage of this tab; signing in needs one. */
function required_storage() {
  const storage = tab_storage();
  if (!storage)
    throw new TunelabError(
      "signing in needs a page; elsewhere give a token (HF_TOKEN, or login)",
      "TL_ERR_UNSUPPORTED",
    );
  return storage;
}

/**
 * The Hub's addresses for signing in. Those of another host are refused: codes and tokens go to the Hub alone.
 * @param {import("./settings.js").HubSettings} settings
 * @returns {Promise<{authorization_endpoint: string, token_endpoint: string}>}
 */
async function addresses(settings) {
  const { origin } = new URL(settings.endpoint);
  const address = `${origin}/.well-known/openid-configuration`;
  const subject = { what: "how to sign in" };
  const { json } = await hub_json(address, { subject, settings, token: false });
  const { authorization_endpoint, token_endpoint } = json;
  for (const each of [authorization_endpoint, token_endpoint])
    if (!URL.canParse(each) || new URL(each).origin !== origin)
      throw new HubError("server", `${origin} names another host for signing in: ${each}`);
  return { authorization_endpoint, token_endpoint };
}

/**
 * The address to send the user to; the Hub sends them back to `redirect_url`, where oauth_handle_redirect goes on.
 * @param {object} options
 * @param {string} options.client_id of the application that is registered with the Hub
 * @param {string} [options.redirect_url] registered with it; default: this page, without its query
 * @param {string} [options.scopes] default "openid profile gated-repos"; "read-repos" is for private ones
 * @param {string} [options.endpoint]
 * @returns {Promise<string>}
 * @throws {TunelabError} outside of a page
 */
export async function oauth_login_url({ client_id, redirect_url, scopes = SCOPES, endpoint }) {
  const storage = required_storage();
  if (!client_id)
    throw new TunelabError("oauth_login_url: client_id is missing; the Hub gives one to each app");
  const settings = await hub_settings({ endpoint });
  const { authorization_endpoint } = await addresses(settings);
  const page = globalThis.location;
  const back = redirect_url ?? page.origin + page.pathname;
  const verifier = random_text(48);
  const state = random_text(24);
  storage.setItem(STORED, JSON.stringify({ verifier, state, back, endpoint: settings.endpoint }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    client_id,
    scope: scopes,
    response_type: "code",
    redirect_uri: back,
    state,
    code_challenge: text_of(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  return `${authorization_endpoint}?${query}`;
}

/**
 * Goes on after the Hub has sent the user back: exchanges the code for a token and uses it from now on, as `login`. The
 * code is taken out of the page's address, so that no bookmark or reload has it.
 * @param {{redirected_url?: string}} [options] default: this page's address
 * @returns {Promise<{name: string, fullname?: string} | undefined>} who signed in; undefined if this page's address
 *   is no answer to a sign-in of this tab
 * @throws {HubError} "unauthorized" if the user or the Hub said no, or the answer is to another question than this
 *   tab asked
 */
export async function oauth_handle_redirect({ redirected_url = globalThis.location.href } = {}) {
  const storage = required_storage();
  const { searchParams: query } = new URL(redirected_url);
  const text = storage.getItem(STORED);
  if (!text || !(query.has("code") || query.has("error"))) return undefined;
  storage.removeItem(STORED);
  clean_address();
  const { verifier, state, back, endpoint } = JSON.parse(text);
  if (query.get("state") !== state)
    throw new HubError(
      "unauthorized",
      "the answer to the sign-in is not to what this tab asked; sign in again",
    );
  if (query.has("error")) {
    const reason = query.get("error_description") ?? query.get("error");
    throw new HubError("unauthorized", `the sign-in was refused: ${reason}; sign in again`);
  }
  const settings = await hub_settings({ endpoint });
  const { token_endpoint } = await addresses(settings);
  const answer = await hub_json(token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: String(query.get("code")),
      redirect_uri: back,
      code_verifier: verifier,
    }),
    subject: { what: "the token of the sign-in" },
    settings: { ...settings, max_retries: 0 }, // a code counts once
    token: false,
    allow: [400],
  });
  const { access_token, expires_in } = answer.json;
  if (typeof access_token !== "string")
    throw new HubError(
      "unauthorized",
      "the Hub did not accept the code of the sign-in, which counts once and for some minutes; sign in again",
    );
  const expires_at = new Date(Date.now() + 1000 * expires_in);
  return login(access_token, { endpoint, expires_at });
}

/** Takes the answer to a sign-in out of the page's address. */
function clean_address() {
  const { location, history } = globalThis;
  const address = new URL(location.href);
  for (const name of ["code", "state", "error", "error_description"])
    address.searchParams.delete(name);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
