// Bytes of a file on the Hub, asked for again from where the connection broke.
import { error_text } from "../core/errors.js";
import { content_range } from "./content_range.js";
import { HubError, subject_text } from "./hub_error.js";
import { hub_fetch } from "./http.js";
import { wait_before_retry } from "./rate_limit.js";
import { body_of } from "./response_body.js";
import { sleep } from "./sleep.js";

/**
 * @typedef {object} RangedFields
 * @property {string} url
 * @property {number} size bytes of the whole file, as the Hub lists it
 * @property {import("./settings.js").HubSettings} settings
 * @property {() => void} [on_break] told when the bytes come to be of more than one answer
 */
/** @typedef {import("./http.js").HubRequest & RangedFields} RangedRequest */

/** A try that brings fewer bytes counts as failed: a file is not asked for byte by byte. */
const LEAST_BYTES = 1 << 16;

/**
 * Yields the bytes [begin, end), trying on as long as each try but a few brings some more. A range is asked for even
 * if it is the whole file: a browser then asks for bytes as they are, not compressed.
 * @param {RangedRequest} request
 * @param {number} begin
 * @param {number} end
 * @throws {HubError} "network" when it breaks for good, "corrupt" for another length than the listed one
 */
export async function* ranged(request, begin, end) {
  const { settings, signal, subject, size, on_wait, on_break } = request;
  let at = begin;
  for (let failures = 0; at < end;) {
    const before = at;
    let reason = "the connection ended early";
    const response = await answer_for(request, at, end);
    try {
      for await (const piece of pieces_between(response, at, end, request)) {
        at += piece.length;
        yield piece;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof HubError) throw error;
      reason = error_text(error);
    }
    if (at >= end) return;
    failures = at - before >= LEAST_BYTES ? 0 : failures + 1;
    if (failures > settings.max_retries)
      throw new HubError(
        "network",
        `${subject_text(subject)} stopped at ${at} of ${size} bytes (${reason}); try again, it goes on from there`,
      );
    on_break?.();
    const seconds = wait_before_retry(undefined, Math.max(1, failures), settings.base_wait_time);
    on_wait?.({ seconds, reason });
    await sleep(seconds, signal);
  }
}

/** @param {RangedRequest} request @param {number} begin @param {number} end */
async function answer_for({ url, size, ...request }, begin, end) {
  const headers = { range: `bytes=${begin}-${end - 1}` };
  const response = await hub_fetch(url, { ...request, headers, allow: [416] });
  const error = wrong_answer(response, request.subject, begin, size);
  if (!error) return response;
  await response.body?.cancel().catch(() => {});
  throw error;
}

/**
 * What is wrong with an answer before its bytes have come.
 * @param {Response} response
 * @param {import("./hub_error.js").Subject} subject
 * @param {number} begin of what was asked for
 * @param {number} size
 */
function wrong_answer({ status, headers }, subject, begin, size) {
  const came = content_range(headers);
  if (status === 416) return wrong_length(subject, came.total ?? `no more than ${begin}`, size);
  if (status === 206 && (came.total ?? size) !== size)
    return wrong_length(subject, came.total ?? size, size);
  if (status === 206 && (came.begin ?? begin) !== begin)
    return new HubError(
      "corrupt",
      `of ${subject_text(subject)} the bytes from ${came.begin} on came, where those from ${begin} on were asked for; ` +
        "try again",
    );
  const is_page = /^text\/html\b/.test(headers.get("content-type") ?? "");
  if (is_page && !/\.html?$/i.test(subject.path ?? ""))
    return new HubError(
      "network",
      `a web page came in the place of ${subject_text(subject)}; if this network wants you to sign in, do so and try again`,
    );
  return undefined;
}

/**
 * A server that ignores the range sends the whole file: it is cut.
 * @param {Response} response
 * @param {number} begin
 * @param {number} end
 * @param {RangedRequest} request
 */
async function* pieces_between({ status, body }, begin, end, { settings, subject, size }) {
  if (!body) return;
  let at = status === 206 ? begin : 0;
  for await (const piece of body_of(body, settings.timeout)) {
    const from = Math.max(begin - at, 0);
    const to = Math.min(end - at, piece.length);
    at += piece.length;
    if (at > size) throw wrong_length(subject, "more", size);
    if (to > from) yield piece.subarray(from, to);
    if (at >= end && end < size) return;
  }
}

/** @param {import("./hub_error.js").Subject} subject @param {string | number} came @param {number} size */
const wrong_length = (subject, came, size) =>
  new HubError(
    "corrupt",
    `${subject_text(subject)} has ${came} bytes where the Hub lists ${size}; nothing was kept, try again`,
  );
