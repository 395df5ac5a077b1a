// Which route answers a request.
import { failure } from "../answer.js";
import { dataset_server, is_endpoint } from "../dataset_server/dataset_server.js";
import { account_of } from "../settings.js";
import { whoami } from "./account.js";
import { repository_api } from "./repository_api.js";
import { resolve, resolve_cache } from "./resolve.js";
import { search } from "./search.js";

/** @typedef {import("../answer.js").Answer} Answer */
/** @typedef {import("../answer.js").Asked} Asked */
/** @typedef {import("../start_hub.js").Hub} Hub */

/** @type {Record<string, import("../repositories.js").RepoType>} */
const TYPES = { models: "model", datasets: "dataset" };

/**
 * @param {Hub} hub
 * @param {Asked} asked
 * @returns {Promise<Answer>}
 */
export async function route(hub, asked) {
  const account = account_of(hub.settings, asked.headers.authorization);
  if (account === "invalid")
    return failure(401, "Invalid credentials in Authorization header", undefined);
  const { segments } = asked;
  const [first, second, third] = segments;
  const below = (/** @type {number} */ count) => ({ ...asked, segments: segments.slice(count) });
  if (asked.url.pathname === "/.well-known/openid-configuration")
    return hub.oauth.configuration(hub.endpoint);
  if (first === "oauth" && second === "authorize") return hub.oauth.authorize(asked);
  if (first === "oauth" && second === "token") return hub.oauth.token(asked);
  if (first === "oauth" && second === "userinfo") return hub.oauth.userinfo(account);
  if (first === "api") {
    if (second === "whoami-v2") return whoami(account);
    if (second === "resolve-cache" && third in TYPES)
      return resolve_cache(hub, below(3), account, TYPES[third]);
    if (!(second in TYPES))
      return failure(404, `Sorry, we can't find the page you are looking for.`);
    if (third === undefined) return search(hub, asked, account, TYPES[second]);
    return repository_api(hub, below(2), account, TYPES[second]);
  }
  if (is_endpoint(first) && second === undefined) return dataset_server(hub, asked, account);
  if (first === "datasets") return resolve(hub, below(1), account, "dataset");
  return resolve(hub, asked, account, "model");
}
