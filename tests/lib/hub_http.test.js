// Asking the Hub: whom the token goes to, what is tried again and when, and what is said in the end.
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hub_fetch, hub_json } from "../../web/lib/hub/http.js";
import { parse_rate_limit, wait_before_retry } from "../../web/lib/hub/rate_limit.js";
import { configure_hub, hub_settings } from "../../web/lib/hub/settings.js";
import { set_verbosity } from "../../web/lib/index.js";

set_verbosity("error");

/**
 * A server that gives its answers one after the other, the last one again and again: functions of request and
 * response, or [status, headers, body].
 */
async function serve(t, ...answers) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url, headers: request.headers, at: Date.now() });
    const answer = answers[Math.min(seen.length, answers.length) - 1];
    if (typeof answer === "function") return answer(request, response);
    const [status, headers = {}, body = ""] = answer;
    return response.writeHead(status, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { endpoint: `http://127.0.0.1:${server.address().port}`, seen };
}

const OK = [200, {}, '{"sha":"abc"}'];
const subject = { repo_type: "model", repo_id: "org/name" };
const settings_of = ({ endpoint }, more = {}) => ({
  endpoint,
  token: "hf_secret",
  base_wait_time: 0.01,
  ...more,
});

const ask = (hub, request = {}, path = "/api/models/org/name") =>
  hub_fetch(hub.endpoint + path, { subject, settings: settings_of(hub), ...request });

test("the Hub gets the token, and the host that it redirects to does not", async (t) => {
  const cdn = await serve(t, OK);
  const hub = await serve(t, [302, { location: `${cdn.endpoint}/blob` }]);
  await ask(hub);
  assert.equal(hub.seen[0].headers.authorization, "Bearer hf_secret");
  assert.equal(cdn.seen[0].path, "/blob");
  assert.equal(cdn.seen[0].headers.authorization, undefined);
});

test("an address that is not the Hub's does not get the token", async (t) => {
  const [hub, other] = [await serve(t, OK), await serve(t, OK)];
  await hub_fetch(other.endpoint, { subject, settings: settings_of(hub) });
  assert.equal(other.seen[0].headers.authorization, undefined);
});

test("token: false sends none, a token of the call goes before the settings'", async (t) => {
  const hub = await serve(t, OK);
  await ask(hub, { token: false });
  await ask(hub, { token: "hf_other" });
  assert.equal(hub.seen[0].headers.authorization, undefined);
  assert.equal(hub.seen[1].headers.authorization, "Bearer hf_other");
});

test("429 is tried again after the time that the RateLimit header names, and the wait is announced", async (t) => {
  const limited = [429, { ratelimit: '"api";r=0;t=1' }];
  const hub = await serve(t, limited, OK);
  const waits = [];
  await ask(hub, { on_wait: (wait) => waits.push(wait) });
  assert.ok(hub.seen[1].at - hub.seen[0].at >= 990, "a second lies between");
  assert.equal(waits.length, 1);
  assert.equal(waits[0].reason, "too many requests");
  assert.ok(waits[0].seconds > 0.9 && waits[0].seconds < 2.2, `${waits[0].seconds}`);
});

test("while one limit is used up, other requests under it wait and those under another do not", async (t) => {
  const hub = await serve(t, [429, { "retry-after": "1" }], OK);
  const first = ask(hub);
  while (hub.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const [api, file] = [ask(hub), ask(hub, {}, "/org/name/resolve/main/config.json")];
  await file;
  assert.equal(hub.seen[1].path, "/org/name/resolve/main/config.json");
  assert.ok(hub.seen[1].at - hub.seen[0].at < 900);
  await Promise.all([first, api]);
  for (const { at } of hub.seen.slice(2)) assert.ok(at - hub.seen[0].at >= 990);
});

test("broken connections and 503 are tried again, and given up in one line that names the server's answer", async (t) => {
  const broken = (_, response) => response.destroy();
  const hub = await serve(t, broken, [503], OK);
  await ask(hub);
  assert.equal(hub.seen.length, 3);
  const down = await serve(t, [503]);
  const settings = settings_of(down, { max_retries: 2 });
  await assert.rejects(ask(down, { settings }), {
    kind: "server",
    http_status: 503,
    message: `${down.endpoint} answered 503 for the model "org/name"; try again later`,
  });
  assert.equal(down.seen.length, 3);
});

test("a server that does not answer counts as broken after the timeout", async (t) => {
  const hub = await serve(t, () => {}, OK);
  await ask(hub, { settings: settings_of(hub, { timeout: 0.5 }) });
  assert.equal(hub.seen.length, 2);
});

test("JSON whose connection breaks in the middle is asked for again", async (t) => {
  const cut = (_, response) => {
    response.writeHead(200, { "content-length": 100 }).write('{"sha":');
    setTimeout(() => response.destroy(), 20);
  };
  const hub = await serve(t, cut, OK);
  const { json } = await hub_json(hub.endpoint, { subject, settings: settings_of(hub) });
  assert.deepEqual(json, { sha: "abc" });
});

const REFUSALS = [
  [
    [401, { "x-error-code": "GatedRepo" }],
    false,
    "gated",
    /is gated: accept its conditions at http\S+\/org\/name, then sign in/,
  ],
  [
    [403, { "x-error-code": "GatedRepo" }],
    true,
    "gated",
    /is gated and this token's account has no access; ask for it/,
  ],
  [
    [401, { "x-error-code": "RepoNotFound" }],
    false,
    "repo_not_found",
    /there is no model "org\/name" on http\S+, or it is private/,
  ],
  [
    [404, { "x-error-code": "RepoNotFound" }],
    true,
    "repo_not_found",
    /there is no model "org\/name"/,
  ],
  [[401], true, "unauthorized", /refused the token/],
  [
    [404, { "x-error-code": "RevisionNotFound" }],
    true,
    "revision_not_found",
    /has no revision "v9"/,
  ],
  [
    [404, { "x-error-code": "EntryNotFound" }],
    true,
    "entry_not_found",
    /there is no a\.json of the model "org\/name" \(revision v9\)/,
  ],
  [
    [403, { "x-error-message": "disabled" }],
    true,
    "forbidden",
    /does not give a\.json .*: disabled/,
  ],
];
for (const [answer, with_token, kind, message] of REFUSALS)
  test(`${answer[0]} ${Object.values(answer[1] ?? {})} ${with_token ? "with" : "without"} a token is said as "${kind}", and the token is not`, async (t) => {
    const hub = await serve(t, answer);
    const about = { ...subject, revision: "v9", path: "a.json" };
    const error = await ask(hub, { token: with_token, subject: about }).catch((caught) => caught);
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n") && !error.message.includes("hf_secret"));
    assert.equal(hub.seen.length, 1, "what will not pass is not tried again");
  });

test("what cannot be a token is refused before it is sent, and not shown", async (t) => {
  const hub = await serve(t, OK);
  for (const token of ["hf_secret\u0001", "hf_secret…", "hf_sec ret"]) {
    const error = await ask(hub, { token }).catch((caught) => caught);
    assert.match(error.message, /^the token for the Hub .* has spaces or other characters/);
    assert.ok(!error.message.includes("hf_sec"));
  }
  const endpoint = hub.endpoint.replace("//", "//me:hf_secret@");
  const error = await hub_settings({ endpoint }).catch((caught) => caught);
  assert.match(error.message, /must not hold a user's name and password/);
  assert.ok(!error.message.includes("hf_secret"));
  assert.equal(hub.seen.length, 0);
});

test("a limit that is used up holds up the next request, unless it has no patience or the time is absurd", async (t) => {
  const used_up = (seconds) => [200, { ratelimit: `"api";r=0;t=${seconds}` }, "{}"];
  const hub = await serve(t, used_up(1), used_up(99_999_999), OK);
  await ask(hub);
  const impatient = settings_of(hub, { max_retries: 0 });
  await assert.rejects(ask(hub, { settings: impatient }), {
    kind: "rate_limited",
    message: /takes no more requests for 1 s, also for the model "org\/name"$/,
  });
  await ask(hub);
  assert.ok(hub.seen[1].at - hub.seen[0].at >= 990);
  await ask(hub);
  assert.ok(hub.seen[2].at - hub.seen[1].at < 900);
});

test("a refusal whose page breaks off is tried again", async (t) => {
  const broken = (_, response) => {
    response.writeHead(503, { "content-length": 1000 }).write("<html>");
    setTimeout(() => response.destroy(), 5);
  };
  const hub = await serve(t, broken, broken, OK);
  await ask(hub);
  assert.equal(hub.seen.length, 3);
});

test("an aborted request ends at once, also while it waits", async (t) => {
  const hub = await serve(t, [429, { "retry-after": "30" }]);
  const controller = new AbortController();
  const on_wait = () => setTimeout(() => controller.abort(new Error("cancelled")), 20);
  const begin = Date.now();
  await assert.rejects(ask(hub, { on_wait, signal: controller.signal }), /^Error: cancelled$/);
  assert.ok(Date.now() - begin < 5000);
});

test("offline mode asks nobody", async (t) => {
  const hub = await serve(t, OK);
  const settings = settings_of(hub, { offline: true });
  await assert.rejects(ask(hub, { settings }), { kind: "offline" });
  assert.equal(hub.seen.length, 0);
});

test("rate-limit headers are read as the Hub writes them", () => {
  assert.deepEqual(parse_rate_limit(new Headers({ ratelimit: '"api";r=0;t=55' })), {
    remaining: 0,
    reset: 55,
  });
  assert.equal(parse_rate_limit(new Headers()), undefined);
});

test("waits follow the headers, with jitter upwards; without headers they double up to eight seconds", () => {
  const at = (random) => ({ random: () => random, now: Date.parse("2026-01-01T00:00:00Z") });
  const headers = new Headers({ ratelimit: '"api";r=0;t=50', "retry-after": "7" });
  assert.equal(wait_before_retry(headers, 1, 1, at(0)), 50);
  assert.equal(wait_before_retry(headers, 1, 1, at(1)), 56);
  const date = new Headers({ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" });
  assert.equal(wait_before_retry(date, 1, 1, at(0)), 30);
  assert.equal(wait_before_retry(new Headers({ "retry-after": "1.5" }), 1, 1, at(0)), 1.5);
  assert.equal(wait_before_retry(new Headers({ "retry-after": "-7" }), 1, 1, at(0)), 0);
  const doubling = [1, 2, 3, 4, 5].map((n) => wait_before_retry(undefined, n, 1, at(1)));
  assert.deepEqual(doubling, [1, 2, 4, 8, 8]);
});

test("the environment is read as huggingface_hub reads it; configure_hub goes before it", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "tunelab-"));
  const saved = { ...process.env };
  t.after(() => {
    process.env = saved;
    configure_hub({ endpoint: undefined });
  });
  for (const name of Object.keys(process.env)) if (name.startsWith("HF_")) delete process.env[name];
  process.env.HF_HOME = home;
  const defaults = await hub_settings();
  assert.equal(defaults.cache_dir, join(home, "hub"));
  assert.equal(defaults.datasets_cache, join(home, "datasets"));
  assert.equal(defaults.token, undefined);
  assert.notEqual(defaults.datasets_server, defaults.endpoint);
  await writeFile(join(home, "token"), "hf_from_file\n");
  assert.equal((await hub_settings()).token, "hf_from_file");
  process.env.HUGGING_FACE_HUB_TOKEN = "hf_former";
  assert.equal((await hub_settings()).token, "hf_former");
  Object.assign(process.env, {
    HF_TOKEN: "hf_from_env",
    HF_ENDPOINT: "http://127.0.0.1:1/",
    HF_HUB_CACHE: "$HF_HOME/elsewhere",
    HF_HUB_OFFLINE: "1",
  });
  const from_env = await hub_settings();
  assert.equal(from_env.token, "hf_from_env");
  assert.equal(from_env.endpoint, "http://127.0.0.1:1");
  assert.equal(from_env.datasets_server, "http://127.0.0.1:1");
  assert.equal(from_env.cache_dir, `${home}/elsewhere`);
  assert.equal(from_env.offline, true);
  configure_hub({ endpoint: "http://127.0.0.1:2" });
  assert.equal((await hub_settings()).endpoint, "http://127.0.0.1:2");
  await assert.rejects(hub_settings({ endpoint: "hub" }), /must be an http or https address/);
});
