// A loss that can be followed back into the model that made it, scaled on the way.
import { TunelabError } from "../core/errors.js";
import { Tensor } from "./tensor.js";

/**
 * What made a loss: `backward(scale)` adds scale times the gradient of that forward's loss.
 * @typedef {{backward: (scale: number) => void}} LossSource
 */

/** The scalar tensor `outputs.loss`. */
export class LossTensor extends Tensor {
  /**
   * @param {number} value
   * @param {LossSource | undefined} source undefined under no_grad
   * @param {number} [scale] what the model's loss was multiplied by
   */
  constructor(value, source, scale = 1) {
    super(Float32Array.of(value), []);
    this._source = source;
    this._scale = scale;
  }

  /**
   * Adds the gradients of this loss to the parameters'. Once for each forward, and before the next
   * one.
   */
  backward() {
    if (!this._source)
      throw new TunelabError(
        "backward: this loss was computed under no_grad() and does not require grad",
      );
    this._source.backward(this._scale);
  }

  /** @param {number} factor */
  mul(factor) {
    return new LossTensor(this.item() * factor, this._source, this._scale * factor);
  }

  /** @param {number} divisor such as gradient_accumulation_steps */
  div(divisor) {
    return this.mul(1 / divisor);
  }

  toString() {
    const printed = super.toString();
    return this._source ? printed.replace(/\)$/, ", requires_grad=True)") : printed;
  }
}
