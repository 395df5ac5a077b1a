// hub_fetch: the one way to the Hub and its dataset server. Adds the token where it belongs, keeps to the
// Hub's limits, waits and tries again, and says what went wrong.
import { in_node } from "../core/builds.js";
import { error_text } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { HubError, refusal, subject_text } from "./hub_error.js";
import { LONGEST_WAIT, parse_rate_limit, wait_before_retry } from "./rate_limit.js";
import { body_of } from "./response_body.js";
import { hub_settings } from "./settings.js";
import { sleep } from "./sleep.js";
import { turnstile } from "./turnstile.js";

/** @typedef {import("./hub_error.js").Subject} Subject */
/** @typedef {import("./settings.js").HubSettings} HubSettings */

/**
 * @typedef {object} HubRequest
 * @property {string} [method] GET by default
 * @property {URLSearchParams} [body] a form, for POST
 * @property {Record<string, string>} [headers]
 * @property {string | boolean} [token] another than the settings'; false sends none
 * @property {AbortSignal} [signal] ends the request and all waiting; its reason is thrown
 * @property {Subject} subject what is asked for, for messages
 * @property {readonly number[]} [allow] statuses that the caller handles itself
 * @property {Partial<HubSettings>} [settings] over those that count
 * @property {(wait: {seconds: number, reason: string}) => void} [on_wait] before each wait
 */

/** Statuses that may be another a moment later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** So many requests of this thread wait for their answers at once. */
const in_turn = turnstile(6);

/**
 * When each of the Hub's limits lets the next request through, in milliseconds: it counts its API apart from its
 * files.
 * @type {Map<string, number>}
 */
const open_from = new Map();

/** @param {URL} address */
const limit_of = ({ origin, pathname }) => origin + (pathname.startsWith("/api/") ? "/api" : "");

/**
 * The token for an address: the Hub's own hosts get it, no other does. (A redirect to another host loses the header:
 * so the fetch standard has it.)
 * @param {URL} address
 * @param {HubSettings} settings
 * @param {string | boolean | undefined} token
 */
function token_for(address, settings, token) {
  const own = [settings.endpoint, settings.datasets_server].map((text) => new URL(text).origin);
  if (token === false || !own.includes(address.origin)) return undefined;
  return typeof token === "string" ? token : settings.token;
}

/**
 * One try.
 * @param {URL} address
 * @param {RequestInit} init
 * @param {number} timeout seconds until the headers are there
 */
async function try_once(address, init, timeout) {
  return in_turn(async () => {
    const late = new AbortController();
    const silent = new Error(`no answer within ${timeout} s`);
    const timer = setTimeout(() => late.abort(silent), 1000 * timeout);
    const signals = init.signal ? [init.signal, late.signal] : [late.signal];
    try {
      return await fetch(address, { ...init, signal: AbortSignal.any(signals) });
    } finally {
      clearTimeout(timer);
    }
  });
}

/** What a failed fetch says, with the reason that Node.js hides behind "fetch failed". @param {unknown} error */
function network_reason(error) {
  const { cause } = /** @type {{cause?: {code?: string, message?: string}}} */ (error);
  return cause?.code ?? cause?.message ?? error_text(error);
}

/**
 * Whether a signed address that the Hub redirected to is over; the next request gets another.
 * @param {Response} response
 * @param {URL} address
 */
const is_expired = ({ status, url }, { origin }) => status === 403 && !url.startsWith(`${origin}/`);

/** @param {Response} response @param {URL} address */
function note_limit(response, address) {
  const limit = parse_rate_limit(response.headers);
  if (limit?.remaining === 0) open_from.set(limit_of(address), Date.now() + 1000 * limit.reset);
}

/**
 * Asks the Hub. What may pass (a broken connection, 429, 5xx) is tried again: 429 after the time that its headers
 * name, for all requests under the same limit.
 * @param {string} url
 * @param {HubRequest} request
 * @returns {Promise<Response>} an answer of success, or one of the statuses in `allow`
 * @throws {HubError} for any other answer, when there is none, and in offline mode
 */
export async function hub_fetch(url, request) {
  const settings = await hub_settings(request.settings);
  const { subject, signal, allow = [] } = request;
  if (settings.offline)
    throw new HubError(
      "offline",
      `${subject_text(subject)} is not in the cache, and offline mode (HF_HUB_OFFLINE) allows no download`,
    );
  const address = new URL(url);
  const token = token_for(address, settings, request.token);
  const headers = { ...request.headers, ...(in_node && { "user-agent": "tunelab" }) };
  /** @type {RequestInit} */
  const init = {
    method: request.method,
    body: request.body,
    headers: token ? { ...headers, authorization: `Bearer ${token}` } : headers,
    // What is kept is kept by this library, verified; the browser need not hold it twice.
    cache: "no-store",
    signal,
  };
  for (let attempt = 1; ; attempt++) {
    await until_open(address, request);
    /** @type {Response | undefined} */
    let response;
    let reason;
    try {
      response = await try_once(address, init, settings.timeout);
      if (response.ok || allow.includes(response.status)) {
        note_limit(response, address);
        return response;
      }
      reason = response.status === 429 ? "too many requests" : `answer ${response.status}`;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      reason = network_reason(error);
    }
    if (response) await response.body?.cancel();
    const seconds = wait_before_retry(response?.headers, attempt, settings.base_wait_time);
    const passing = !response || PASSING.has(response.status) || is_expired(response, address);
    if (!passing || attempt > settings.max_retries || seconds > LONGEST_WAIT)
      throw response
        ? refusal(response, subject, { endpoint: settings.endpoint, with_token: Boolean(token) })
        : new HubError(
            "network",
            `${address.origin} cannot be reached for ${subject_text(subject)} (${reason}); check the connection`,
          );
    if (response?.status === 429) open_from.set(limit_of(address), Date.now() + 1000 * seconds);
    else await announced_sleep(seconds, reason, request);
  }
}

/**
 * Waits until the limit that an address falls under lets requests through.
 * @param {URL} address
 * @param {HubRequest} request
 */
async function until_open(address, request) {
  for (;;) {
    const seconds = ((open_from.get(limit_of(address)) ?? 0) - Date.now()) / 1000;
    if (seconds <= 0) return;
    // Timers may ring a moment early.
    await announced_sleep(seconds + 0.002, "too many requests", request);
  }
}

/** @param {number} seconds @param {string} reason @param {HubRequest} request */
async function announced_sleep(seconds, reason, { on_wait, signal, subject }) {
  on_wait?.({ seconds, reason });
  const text = `${reason}: waiting ${Math.ceil(seconds)} s before ${subject_text(subject)} is asked for again`;
  (seconds > 5 ? logger.warning : logger.info)(text);
  await sleep(seconds, signal);
}

/** The longest answer of JSON: a listing of a thousand files takes a few hundred kilobytes. */
const LONGEST_JSON = 1 << 25;

/**
 * An answer's text. A few bytes that unpack to gigabytes are not taken.
 * @param {Response} response
 * @param {number} timeout
 * @param {string} name
 */
async function short_text({ body }, timeout, name) {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const piece of body ? body_of(body, timeout) : []) {
    length += piece.length;
    if (length > LONGEST_JSON)
      throw new HubError("server", `the answer for ${name} is longer than ${LONGEST_JSON} bytes`);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * An answer of JSON, whole; asked for again if the connection breaks in the middle.
 * @param {string} url
 * @param {HubRequest} request
 * @returns {Promise<{json: any, headers: Headers}>}
 * @throws {HubError} as hub_fetch, and for an answer that is no JSON
 */
export async function hub_json(url, request) {
  const settings = await hub_settings(request.settings);
  const name = subject_text(request.subject);
  for (let attempt = 1; ; attempt++) {
    const response = await hub_fetch(url, request);
    let text;
    try {
      text = await short_text(response, settings.timeout, name);
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      if (error instanceof HubError) throw error;
      const reason = network_reason(error);
      if (attempt > settings.max_retries)
        throw new HubError("network", `the connection broke during ${name} (${reason})`);
      const seconds = wait_before_retry(undefined, attempt, settings.base_wait_time);
      await announced_sleep(seconds, reason, request);
      continue;
    }
    try {
      return { json: JSON.parse(text), headers: response.headers };
    } catch (error) {
      throw new HubError(
        "server",
        `${settings.endpoint} answered something else than JSON for ${name}; is HF_ENDPOINT a Hub?`,
        { cause: error },
      );
    }
  }
}
