// torch.optim.AdamW over the core's, with parameter groups.
import { TunelabError } from "../core/errors.js";
import { Parameter } from "./parameter.js";

/**
 * @typedef {object} Hyperparameters
 * @property {number} lr
 * @property {readonly [number, number]} betas
 * @property {number} eps
 * @property {number} weight_decay
 * @property {number} [initial_lr] written by a scheduler
 *
 * @typedef {{params: Iterable<Parameter>} & Partial<Hyperparameters>} GroupArgument
 * @typedef {{params: Parameter[]} & Hyperparameters} ParamGroup
 */

/** torch's defaults. */
const DEFAULTS = /** @type {const} */ ({
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 1e-2,
});

/**
 * @param {Iterable<Parameter> | Iterable<GroupArgument>} params
 * @param {Hyperparameters} defaults
 * @returns {ParamGroup[]}
 */
function groups_of(params, defaults) {
  const items = /** @type {(Parameter | GroupArgument)[]} */ ([...params]);
  if (items.length === 0) throw new TunelabError("optimizer got an empty parameter list");
  const groups = items[0] instanceof Parameter ? [{ params: items }] : items;
  return groups.map((group) => {
    const { params: members, ...values } = /** @type {GroupArgument} */ (group);
    return { ...defaults, ...values, params: [...members] };
  });
}

/**
 * Decoupled weight decay and bias correction, as torch defines them. The moments live in the core.
 */
export class AdamW {
  /**
   * @param {Iterable<Parameter> | Iterable<GroupArgument>} params parameters of one model, or
   *   groups {params, lr, weight_decay, …}
   * @param {Partial<Hyperparameters>} [options] defaults: lr 1e-3, betas [0.9, 0.999], eps 1e-8,
   *   weight_decay 0.01
   */
  constructor(params, options = {}) {
    for (const name of Object.keys(options))
      if (!(name in DEFAULTS))
        throw new TunelabError(
          `AdamW has no argument ${name}; it has ${Object.keys(DEFAULTS).join(", ")}`,
        );
    /** @type {Hyperparameters} */
    this.defaults = { ...DEFAULTS, ...options };
    /** Read at each step: set `param_groups[i].lr` and the like at will. */
    this.param_groups = groups_of(params, this.defaults);
    const all = this.param_groups.flatMap((group) => group.params);
    if (all.length === 0) throw new TunelabError("optimizer got an empty parameter list");
    const { model } = all[0];
    if (all.some((parameter) => parameter.model !== model))
      throw new TunelabError("AdamW: all parameters must belong to one model");
    this._model = model;
    this._handle = model.core.create("tl_adamw_create", [model.pointer], [model]);
    this._assign(all);
    this._apply();
  }

  /** @param {Parameter[]} all */
  _assign(all) {
    const { core, pointer } = this._handle;
    const spans = core.call("tl_model_span_count", this._model.pointer);
    const seen = new Set();
    for (const { index, name } of all) {
      if (seen.has(index))
        throw new TunelabError(`some parameters appear in more than one parameter group: ${name}`);
      seen.add(index);
    }
    for (let span = 0; span < spans; ++span) core.run("tl_adamw_assign", pointer, span, -1);
    this.param_groups.forEach((group, number) => {
      for (const { index } of group.params) core.run("tl_adamw_assign", pointer, index, number);
    });
  }

  /** Hands the groups' numbers to the core. */
  _apply() {
    const { core, pointer } = this._handle;
    this.param_groups.forEach(({ lr, betas, eps, weight_decay }, number) =>
      core.heap.frame((frame) => {
        const numbers = { lr, beta1: betas[0], beta2: betas[1], eps, weight_decay };
        const values = core.struct(frame, "tl_adamw_group", "f64", numbers);
        core.run("tl_adamw_set_group", pointer, number, values);
      }),
    );
  }

  /** One update of every parameter that requires grad, from its gradient. */
  step() {
    this._apply();
    this._handle.core.run("tl_adamw_step", this._handle.pointer);
  }

  /** Zeroes the gradients of the model's parameters. */
  zero_grad() {
    this._handle.core.call("tl_model_zero_grad", this._model.pointer);
  }

  /** Gives the moments' memory back now. */
  free() {
    this._handle.free();
  }
}
