// Tokens: accepted by the Hub before they count, sent to its hosts only, shown nowhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  configure_hub,
  HubError,
  login,
  logout,
  model_info,
  oauth_login_url,
  snapshot_download,
  whoami,
} from "../../web/lib/index.js";
import { hub_for, MODEL } from "./hub_support.js";

const TOKEN = "hf_AdasSecret";

/** A stand-in with one account, and the model gated. */
async function guarded(t) {
  const settings = { gated: { [MODEL]: "manual" }, tokens: { [TOKEN]: { name: "ada" } } };
  const made = await hub_for(t, { settings });
  configure_hub({ token: undefined, max_retries: 1 });
  t.after(() => configure_hub({ token: undefined, max_retries: undefined }));
  return made;
}

test("a token that the Hub accepts counts from then on, until logout", async (t) => {
  const { hub, options } = await guarded(t);
  await assert.rejects(snapshot_download(MODEL, options), { kind: "gated" });
  assert.equal((await login(` ${TOKEN}\n`, options)).name, "ada");
  assert.equal((await whoami(options)).name, "ada");
  await snapshot_download(MODEL, options);
  logout();
  await assert.rejects(whoami(options), { kind: "unauthorized" });
  assert.ok(hub.requests.some(({ server }) => server === "cdn"));
  for (const { server, headers } of hub.requests)
    if (server === "cdn") assert.equal(headers.authorization, undefined);
});

test("a token that the Hub refuses does not count, and no message shows it", async (t) => {
  const { options } = await guarded(t);
  await login(TOKEN, options);
  const refused = await login("hf_Wrong", options).catch((error) => error);
  assert.ok(refused instanceof HubError && refused.kind === "unauthorized");
  const malformed = await login("hf_with space", options).catch((error) => error);
  for (const { message, stack } of [refused, malformed])
    assert.doesNotMatch(`${message} ${stack}`, /hf_W|hf_with|Secret/);
  assert.equal((await whoami(options)).name, "ada", "the one before still counts");
});

test("signing in by the Hub's pages needs a page", async (t) => {
  const { options } = await guarded(t);
  await assert.rejects(
    oauth_login_url({ client_id: "app", ...options }),
    /signing in needs a page/,
  );
  assert.equal((await model_info(MODEL, options)).id, MODEL);
});
