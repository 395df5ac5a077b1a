// torch.nn.utils.clip_grad_norm_ over a model's trainable parameters.
import { TunelabError } from "../core/errors.js";
import { Tensor } from "./tensor.js";

/** @typedef {import("./parameter.js").Parameter} Parameter */

/**
 * Scales all gradients so that their 2-norm is at most `max_norm`. The parameters must be all of a
 * model's that require grad, as the core clips them together.
 * @param {Iterable<Parameter>} parameters
 * @param {number} max_norm Infinity (or 0, as in the Trainer): only measure
 * @returns {Tensor} the norm before
 */
export function clip_grad_norm_(parameters, max_norm) {
  const given = [...parameters].filter((parameter) => parameter.requires_grad);
  if (given.length === 0) return new Tensor(Float32Array.of(0), []);
  const { model } = given[0];
  const { core } = model;
  const spans = core.call("tl_model_span_count", model.pointer);
  let trainable = 0;
  for (let span = 0; span < spans; ++span)
    trainable += core.call("tl_model_trainable", model.pointer, span);
  if (new Set(given.map(({ index }) => index)).size !== trainable)
    throw new TunelabError(
      "clip_grad_norm_ works on all of a model's parameters: pass model.parameters()",
    );
  return core.heap.frame((frame) => {
    const norm = frame.alloc(4);
    core.run("tl_clip_grad_norm", model.pointer, Number.isFinite(max_norm) ? max_norm : 0, norm);
    return new Tensor(core.heap.f32_at(norm, 1).slice(), []);
  });
}
