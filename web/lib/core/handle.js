// Ownership of what the core makes: freed on request, or when JavaScript lets go of it.
import { TunelabError } from "./errors.js";

/** @typedef {import("./core.js").Core} Core */

/**
 * What the registry keeps of a handle. `parents` are kept alive by it, so that a model is never
 * freed before its optimizer.
 * @typedef {{core: Core, pointer: number, free_name: string, parents: Handle[]}} Held
 */

/** @type {FinalizationRegistry<Held>} */
const registry = new FinalizationRegistry((held) => held.core.call(held.free_name, held.pointer));

export class Handle {
  /**
   * @param {Core} core
   * @param {number} pointer what a tl_…_create returned; owned by this handle from now on
   * @param {string} free_name the C function that frees it
   * @param {Handle[]} [parents] what must outlive it
   */
  constructor(core, pointer, free_name, parents = []) {
    this.core = core;
    this._pointer = pointer;
    this._free_name = free_name;
    registry.register(this, { core, pointer, free_name, parents }, this);
  }

  /** The C pointer. */
  get pointer() {
    if (this._pointer === 0)
      throw new TunelabError(
        `${this._free_name.replace(/^tl_|_free$/g, "")} was used after free()`,
      );
    return this._pointer;
  }

  /** Frees it now; later uses throw. A second call does nothing. */
  free() {
    if (this._pointer === 0) return;
    registry.unregister(this);
    this.core.call(this._free_name, this._pointer);
    this._pointer = 0;
  }
}
