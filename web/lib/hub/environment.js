// The environment variables and the token file that huggingface_hub reads, in Node.js.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** @param {string | undefined} value */
const is_true = (value) => /^(1|on|yes|true)$/i.test(value ?? "");

/** A path with "~" and variables put in. @param {string} path */
function expanded(path) {
  return path
    .replace(/^~(?=\/|$)/, homedir())
    .replace(/\$(\w+)|\$\{(\w+)\}/g, (whole, bare, braced) => process.env[bare ?? braced] ?? whole);
}

/** A token as pasted: line breaks and spaces around it do not count. @param {string | undefined} text */
const cleaned = (text) => text?.replace(/[\r\n]/g, "").trim() || undefined;

/**
 * The settings that the environment gives, as huggingface_hub's constants define them.
 * @returns {Promise<Partial<import("./settings.js").HubSettings>>}
 */
export async function read_environment() {
  const { env } = process;
  const caches = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const home = expanded(env.HF_HOME ?? join(caches, "huggingface"));
  const token_path = expanded(env.HF_TOKEN_PATH ?? join(home, "token"));
  const from_file = async () => cleaned(await readFile(token_path, "utf8").catch(() => undefined));
  const implicit = !is_true(env.HF_HUB_DISABLE_IMPLICIT_TOKEN);
  const timeout = Number(env.HF_HUB_DOWNLOAD_TIMEOUT);
  return {
    cache_dir: expanded(env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? join(home, "hub")),
    datasets_cache: expanded(env.HF_DATASETS_CACHE ?? join(home, "datasets")),
    offline: is_true(env.HF_HUB_OFFLINE || env.TRANSFORMERS_OFFLINE),
    token: implicit
      ? (cleaned(env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN) ?? (await from_file()))
      : undefined,
    ...(env.HF_ENDPOINT && { endpoint: env.HF_ENDPOINT }),
    ...(env.HF_DATASETS_SERVER && { datasets_server: env.HF_DATASETS_SERVER }),
    ...(timeout > 0 && { timeout }),
  };
}
