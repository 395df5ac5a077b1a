// Who one is: /api/whoami-v2, and signing in by OAuth, which here agrees at once.
import { createHash, randomBytes } from "node:crypto";
import { failure, json, redirect } from "../answer.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../settings.js").Account} Account */
/** @typedef {import("../start_hub.js").Hub} Hub */

/** @param {Account | undefined} account @returns {Answer} */
export function whoami(account) {
  if (!account) return failure(401, "Invalid username or password.");
  return json({
    ...{ type: "user", id: "0", name: account.name, fullname: account.name, orgs: [] },
    auth: { type: "access_token", accessToken: { displayName: "token", role: "read" } },
  });
}

/** The steps of OAuth's code flow with PKCE. */
export class Oauth {
  constructor() {
    /** @type {Map<string, {challenge: string, redirect_uri: string, nonce: string | null}>} */
    this._codes = new Map();
  }

  /** @param {string} endpoint @returns {Answer} */
  configuration(endpoint) {
    return json({
      issuer: endpoint,
      authorization_endpoint: `${endpoint}/oauth/authorize`,
      token_endpoint: `${endpoint}/oauth/token`,
      userinfo_endpoint: `${endpoint}/oauth/userinfo`,
      scopes_supported: ["openid", "profile", "email", "read-repos", "gated-repos"],
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
    });
  }

  /** Sends the page back with a code, as if its user had agreed. @param {Asked} asked @returns {Answer} */
  authorize({ url: { searchParams: query } }) {
    const missing = ["client_id", "redirect_uri", "state", "code_challenge"].find(
      (name) => !query.get(name),
    );
    if (missing) return failure(400, `Missing parameter: ${missing}`);
    const code = randomBytes(16).toString("hex");
    const back = new URL(String(query.get("redirect_uri")));
    this._codes.set(code, {
      challenge: String(query.get("code_challenge")),
      redirect_uri: back.href,
      nonce: query.get("nonce"),
    });
    back.searchParams.set("code", code);
    back.searchParams.set("state", String(query.get("state")));
    return redirect(303, back.href);
  }

  /** Exchanges a code for a token, once. @param {Asked} asked @returns {Promise<Answer>} */
  async token(asked) {
    const form = new URLSearchParams(await asked.text());
    const code = form.get("code") ?? "";
    const given = this._codes.get(code);
    this._codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const back = form.get("redirect_uri");
    if (
      !given ||
      given.challenge !== challenge ||
      !back ||
      new URL(back).href !== given.redirect_uri
    )
      return failure(400, "invalid_grant");
    const claims = { sub: "0", name: "student", ...(given.nonce && { nonce: given.nonce }) };
    const part = (/** @type {object} */ value) =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    return json({
      access_token: `hf_oauth_${randomBytes(16).toString("hex")}`,
      token_type: "bearer",
      expires_in: 28800,
      scope: "openid profile gated-repos",
      id_token: `${part({ alg: "none" })}.${part(claims)}.`,
    });
  }

  /** @param {Account | undefined} account @returns {Answer} */
  userinfo(account) {
    if (!account) return failure(401, "Invalid username or password.");
    const { name } = account;
    return json({ sub: "0", name, preferred_username: name, picture: "", orgs: [], isPro: false });
  }
}
