// One named tensor of a model: its shape, its values and gradient, whether it is trained.
import { Tensor } from "./tensor.js";

/**
 * One entry of tl_model_describe's spans.
 * @typedef {{name: string, shape: number[], offset: number, size: number, decay: boolean, head:
 *   boolean}} Span
 */

/** torch.nn.Parameter. The values live in the model's blocks; `data` and `grad` are copies. */
export class Parameter {
  /**
   * @param {import("../core/handle.js").Handle} model
   * @param {number} index of its span
   * @param {Span} span
   */
  constructor(model, index, span) {
    this.model = model;
    this.index = index;
    this.name = span.name;
    /** @type {readonly number[]} */
    this.shape = span.shape;
    this.decay = span.decay;
    this.offset = span.offset;
    this._size = span.size;
  }

  numel() {
    return this._size;
  }

  get data() {
    const { core, pointer } = this.model;
    return this._copy((core.call("tl_model_weights", pointer) >>> 0) + this.offset * 4);
  }

  /** Zeros where there is none yet, and of a frozen parameter. */
  get grad() {
    const { core, pointer } = this.model;
    const start = core.call("tl_model_gradient", pointer, this.index) >>> 0;
    return start ? this._copy(start) : new Tensor(new Float32Array(this._size), this.shape);
  }

  /** @param {number} start */
  _copy(start) {
    const values = this.model.core.heap.f32_at(start, this._size).slice();
    return new Tensor(values, this.shape);
  }

  /** false freezes it: no gradient is computed and the optimizer leaves it alone. */
  get requires_grad() {
    return Boolean(this.model.core.call("tl_model_trainable", this.model.pointer, this.index));
  }

  set requires_grad(trainable) {
    this.model.core.run("tl_model_set_trainable", this.model.pointer, this.index, trainable);
  }
}
