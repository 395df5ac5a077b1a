// The loaded core: one WebAssembly instance and its context, and the one place where a status
// becomes an exception.
import { available_threads, BUILDS, choose_build, has_threads } from "./builds.js";
import { TunelabError } from "./errors.js";
import { Handle } from "./handle.js";
import { Heap } from "./heap.js";

/** @typedef {import("./builds.js").BuildName} BuildName */
/** @typedef {import("./errors.js").StatusName} StatusName */

/**
 * What tl_describe says: the build's features and the values of every public enum.
 * @typedef {{version: string, simd: string, threads: boolean, max_threads: number, status:
 *   Record<string, number>, structs: Record<string, Record<string, number>>} & Record<string,
 *   Record<string, number>>} Description
 */

/** Where the builds lie: build/wasm/ of the repository. */
const DEFAULT_BASE = new URL("../../../build/wasm/", import.meta.url);

/** 4 GB but for the last page, which a 32-bit size could not count. */
const ADDRESSABLE = 2 ** 32 - 2 ** 16;

export class Core {
  /**
   * @param {import("./heap.js").WasmModule} module
   * @param {BuildName} build
   * @param {number} threads
   * @param {string} base the address of the builds' folder
   */
  constructor(module, build, threads, base) {
    this.module = module;
    this.build = build;
    this.base = base;
    this.heap = new Heap(module);
    /** @type {Description} */
    this.constants = JSON.parse(this.heap.text(module._tl_describe()));
    this._status_names = Object.fromEntries(
      Object.entries(this.constants.status).map(([name, value]) => [value, name]),
    );
    this.context = module._tl_context_create(threads) >>> 0;
    if (this.context === 0)
      throw new TunelabError("out of memory: no context could be made", "TL_ERR_MEMORY");
    /** The threads that work runs on. */
    this.threads = /** @type {number} */ (module._tl_context_threads(this.context));
  }

  /**
   * Calls a C function by its name and returns what it returns.
   * @param {string} name
   * @param {...(number | bigint | boolean)} args
   * @returns {any}
   */
  call(name, ...args) {
    return this.module[`_${name}`](...args);
  }

  /**
   * Calls a C function that returns a tl_status; anything but TL_OK becomes a TunelabError with the
   * context's sentence.
   * @param {string} name
   * @param {...(number | bigint | boolean)} args
   */
  run(name, ...args) {
    const status = this.call(name, ...args);
    if (status === 0) return;
    const message = this.heap.text(this.call("tl_context_error", this.context) >>> 0);
    throw new TunelabError(message, /** @type {StatusName} */ (this._status_names[status]));
  }

  /**
   * Calls a C function that makes something: context first, where to put the pointer last.
   * @param {string} name such as "tl_batch_create"
   * @param {(number | bigint)[]} [args] what stands between
   * @param {Handle[]} [parents] what must outlive the result
   * @param {string} [free_name] if it is not the same name with _free
   */
  create(name, args = [], parents = [], free_name = name.replace(/_create.*$/, "_free")) {
    return this.heap.frame((frame) => {
      const out = frame.alloc(4);
      this.run(name, this.context, ...args, out);
      return new Handle(this, this.heap.i32_at(out, 1)[0] >>> 0, free_name, parents);
    });
  }

  /**
   * A C struct in a frame, laid out as tl_describe says; every member must be given.
   * @param {import("./heap.js").Frame} frame
   * @param {string} name such as "tl_adamw_group"
   * @param {"i32" | "f64"} type of all its members
   * @param {Record<string, number>} values
   * @returns {number} the pointer
   */
  struct(frame, name, type, values) {
    const { size, ...offsets } = this.constants.structs[name];
    const pointer = frame.alloc(size);
    const view = this.heap[type];
    for (const [member, offset] of Object.entries(offsets))
      view[(pointer + offset) / view.BYTES_PER_ELEMENT] = values[member];
    return pointer;
  }

  /** The most bytes that the core can ever hold: what 32-bit WebAssembly addresses. */
  get memory_limit() {
    return ADDRESSABLE;
  }

  /** The bytes the core holds now, and the most it ever held. */
  memory_use() {
    return {
      bytes: /** @type {number} */ (this.call("tl_context_bytes", this.context)),
      peak_bytes: /** @type {number} */ (this.call("tl_context_peak_bytes", this.context)),
    };
  }
}

/**
 * Loads a build.
 * @param {{threads?: number, build?: BuildName, base?: string | URL}} options
 */
async function load(options) {
  const wanted =
    options.threads ??
    (options.build && !has_threads(options.build) ? 1 : await available_threads());
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new TunelabError(`threads must be a whole number of at least 1, not ${options.threads}`);
  const build = options.build ?? (await choose_build(wanted));
  if (!BUILDS.includes(build))
    throw new TunelabError(`there is no build ${build}; the builds are ${BUILDS.join(", ")}`);
  const threads = has_threads(build) ? wanted : 1;
  const base = String(options.base ?? DEFAULT_BASE);
  const address = new URL(`${build}/tunelab.mjs`, base);
  let factory;
  try {
    factory = (await import(/* @vite-ignore */ address.href)).default;
  } catch (error) {
    throw new TunelabError(
      `the core could not be loaded from ${address.href}; build it first with \`npm run build\``,
      "TL_ERR_UNSUPPORTED",
      error,
    );
  }
  return new Core(await factory({ pthreadPoolSize: threads - 1 }), build, threads, base);
}

/** @type {Promise<Core> | undefined} */
let loading;

/** @type {Core | undefined} */
let loaded;

/**
 * Loads the core, once. `from_pretrained` and the like do so by themselves with the defaults; call
 * it first to choose.
 * @param {object} [options]
 * @param {number} [options.threads] threads that work runs on; default: the processors there are.
 *   Results do not depend on it.
 * @param {BuildName} [options.build] a build by name; default: the fastest this host runs
 * @param {string | URL} [options.base] the folder of the builds; default: build/wasm/
 * @returns {Promise<Core>}
 * @throws {TunelabError} TL_ERR_ARGUMENT if it is loaded already and options are given
 */
export async function init(options) {
  if (loading && options)
    throw new TunelabError("init: the core is loaded already; choose before anything else");
  loading ??= load(options ?? {});
  try {
    loaded = await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
  return loaded;
}

/** The loaded core, for code that cannot wait. */
export function get_core() {
  if (!loaded)
    throw new TunelabError(
      "the core is not loaded yet: `await init()` (or load a model or tokenizer) first",
    );
  return loaded;
}
