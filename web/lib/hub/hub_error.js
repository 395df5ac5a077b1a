// What the Hub refused or could not give, as one sentence for people.
import { TunelabError } from "../core/errors.js";

/**
 * @typedef {"gated" | "repo_not_found" | "revision_not_found" | "entry_not_found" | "unauthorized" |
 *   "forbidden" | "rate_limited" | "offline" | "network" | "server" | "corrupt" | "storage"} HubErrorKind
 */

/**
 * What a request is about, for messages. `what` replaces the rest where no repository is asked for.
 * @typedef {object} Subject
 * @property {"model" | "dataset"} [repo_type]
 * @property {string} [repo_id]
 * @property {string} [revision]
 * @property {string} [path] a file of the repository
 * @property {string} [what] such as "the search for models"
 */

/** A failed request to the Hub: `kind` tells programs which, `http_status` the answer if there was one. */
export class HubError extends TunelabError {
  /**
   * @param {HubErrorKind} kind
   * @param {string} message
   * @param {{http_status?: number, cause?: unknown}} [details]
   */
  constructor(kind, message, { http_status, cause } = {}) {
    super(message, kind === "corrupt" ? "TL_ERR_FORMAT" : "TL_ERR_ARGUMENT", cause);
    this.name = "HubError";
    this.kind = kind;
    this.http_status = http_status;
  }
}

/** @param {unknown} error @param {HubErrorKind[]} kinds */
export const is_hub_error = (error, ...kinds) =>
  error instanceof HubError && kinds.includes(error.kind);

/**
 * A request's subject in words: 'the model "org/name" (revision v1)', 'config.json of the model …'.
 * @param {Subject} subject
 */
export function subject_text({ repo_type = "model", repo_id, revision, path, what }) {
  if (what) return what;
  const at = revision && revision !== "main" ? ` (revision ${revision})` : "";
  return `${path ? `${path} of ` : ""}the ${repo_type} "${repo_id}"${at}`;
}

const HOW_TO_SIGN_IN =
  "sign in, or give a token (HF_TOKEN, or the token option) of an account that may read it";

/**
 * The error that an answer of the Hub stands for. The Hub answers 401 also for what does not exist, so as not
 * to tell which private names are taken.
 * @param {Response} response
 * @param {Subject} subject
 * @param {{endpoint: string, with_token: boolean}} request
 * @returns {HubError}
 */
export function refusal(response, subject, { endpoint, with_token }) {
  const { status: http_status, headers } = response;
  const code = headers.get("x-error-code");
  const reason = headers.get("x-error-message");
  const name = subject_text(subject);
  const repository = subject_text({ ...subject, path: undefined, revision: undefined });
  const page = `${endpoint}/${subject.repo_type === "dataset" ? "datasets/" : ""}${subject.repo_id}`;
  /** @param {HubErrorKind} kind @param {string} message */
  const error = (kind, message) => new HubError(kind, message, { http_status });
  if (code === "GatedRepo")
    return error(
      "gated",
      with_token
        ? `${repository} is gated and this token's account has no access; ask for it at ${page}`
        : `${repository} is gated: accept its conditions at ${page}, then ${HOW_TO_SIGN_IN}`,
    );
  if (http_status === 401 && (!code || code === "Unauthorized") && with_token)
    return error(
      "unauthorized",
      `${endpoint} refused the token (asked for ${name}); make a new one in the account's settings`,
    );
  if (code === "RevisionNotFound")
    return error(
      "revision_not_found",
      `${repository} has no revision "${subject.revision}"; expected a branch, a tag or a commit hash`,
    );
  if (code === "EntryNotFound")
    return error("entry_not_found", `there is no ${subject_text(subject)}`);
  if (subject.repo_id && (code === "RepoNotFound" || http_status === 401))
    return error(
      "repo_not_found",
      `there is no ${subject.repo_type ?? "model"} "${subject.repo_id}" on ${endpoint}, or it is private ` +
        `(then ${HOW_TO_SIGN_IN})`,
    );
  if (http_status === 401) return error("unauthorized", `${name} needs a token; ${HOW_TO_SIGN_IN}`);
  if (http_status === 403)
    return error("forbidden", `${endpoint} does not give ${name}: ${reason ?? "forbidden"}`);
  if (http_status === 404)
    return error(
      "entry_not_found",
      `${endpoint} does not know ${name}${reason ? `: ${reason}` : ""}`,
    );
  if (http_status === 429)
    return error(
      "rate_limited",
      `${endpoint} still answers "too many requests" for ${name}; wait a few minutes` +
        (with_token ? "" : ", or sign in: signed-in users have a limit of their own"),
    );
  return error(
    "server",
    `${endpoint} answered ${http_status} for ${name}${reason ? ` (${reason})` : ""}; try again later`,
  );
}
