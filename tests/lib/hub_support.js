// What the tests of the Hub share: a stand-in of their own each, with an empty cache, and repositories made on the spot.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root as repository_root } from "../../tools/command.js";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  configure_hub,
  set_seed,
  set_verbosity,
} from "../../web/lib/index.js";
import { start_hub } from "../hub/start_hub.js";
import "./datasets_cache.js";

export const MODEL = "tunelab/bert-tiny-random";

/** @typedef {import("node:test").TestContext} TestContext */

/** A folder that is removed when the test ends. @param {TestContext} t */
async function folder_for(t) {
  const folder = await mkdtemp(join(tmpdir(), "tunelab-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A stand-in and an empty cache, as options for what asks the Hub. Retries wait no time to speak of.
 * @param {TestContext} t
 * @param {Partial<Parameters<typeof start_hub>[0]>} [options] the embedded repositories without `root`
 */
export async function hub_for(t, options = {}) {
  set_verbosity("error");
  configure_hub({ base_wait_time: 0.01, timeout: 5, token: "hf_test", revision_check_interval: 0 });
  const hub = await start_hub({ root: join(repository_root, "assets/hub"), ...options });
  t.after(() => hub.close());
  const cache_dir = await folder_for(t);
  /** Requests since the last call: server, method, path, the range, what the answer was. */
  const asked = () =>
    hub.requests
      .splice(0)
      .map(({ server, method, path, headers, status }) =>
        [server, method, path.replace(/\?.*/, ""), headers.range, status].filter(Boolean).join(" "),
      );
  return { hub, cache_dir, asked, options: { endpoint: hub.endpoint, cache_dir } };
}

/** The same bytes each time, and no two parts alike. @param {number} size */
export function some_bytes(size) {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, i) =>
    createHash("sha256").update(`block ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

/**
 * A folder with repositories for a stand-in.
 * @param {TestContext} t
 * @param {Record<string, string | Uint8Array>} files by path, "org/name/file"
 */
export async function folder_with(t, files) {
  const root = await folder_for(t);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/**
 * The logits of one text, by the model and the tokenizer of a name or folder; a new head is always the same.
 * @param {string} name
 * @param {object} [options] of from_pretrained
 */
export async function logits_of(name, options) {
  set_seed(3);
  const model = await AutoModelForSequenceClassification.from_pretrained(name, options);
  const tokenizer = await AutoTokenizer.from_pretrained(name, options);
  return model(tokenizer("A young farmer", { return_tensors: "pt" })).logits.tolist();
}
