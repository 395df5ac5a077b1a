// Which parameters a LoraConfig means: the matrices that get adapters, the modules trained whole.
import { TunelabError } from "../core/errors.js";
import { TaskType } from "./lora_config.js";

/** @typedef {import("../torch/parameter.js").Parameter} Parameter */
/** @typedef {import("./lora_config.js").LoraFields} LoraFields */

/** Where target_modules is not given. (peft has none for DistilBERT, MPNet and ModernBERT and wants it named.) */
const DEFAULT_TARGETS = /** @type {Record<string, string[]>} */ ({
  bert: ["query", "value"],
  distilbert: ["q_lin", "v_lin"],
  roberta: ["query", "value"],
  "xlm-roberta": ["query", "value"],
  camembert: ["query", "value"],
  mpnet: ["q", "v"],
  modernbert: ["Wqkv"],
  electra: ["query", "value"],
  albert: ["query", "value"],
});

/** The modules that peft trains whole for a task, by the ends of their names. */
const TASK_MODULES = { [TaskType.SEQ_CLS]: ["classifier", "score"] };

const WEIGHT = ".weight";

/** @param {string} module @param {string} target */
const is_target = (module, target) => module === target || module.endsWith(`.${target}`);

/** The first number in a name is its layer's. @param {string} module */
const layer_of = (module) => Number(/\.(\d+)\./.exec(module)?.[1] ?? NaN);

/** Last parts of the names of modules with a weight. @param {string[]} modules */
const last_parts = (modules) =>
  [...new Set(modules.map((module) => module.slice(module.lastIndexOf(".") + 1)))].join(", ");

/**
 * The matrices to adapt, in the model's order, which is the order in which peft draws.
 * @param {Parameter[]} parameters
 * @param {LoraFields} config
 * @param {string} model_type
 * @returns {Parameter[]}
 * @throws {TunelabError} if a name fits no module, or no layer is left
 */
export function adapted_matrices(parameters, config, model_type) {
  const targets = config.target_modules ?? DEFAULT_TARGETS[model_type];
  const weights = parameters.filter(({ name }) => name.endsWith(WEIGHT));
  const modules = weights.map(({ name }) => name.slice(0, -WEIGHT.length));
  const unknown = targets.find((target) => !modules.some((module) => is_target(module, target)));
  if (unknown !== undefined)
    throw new TunelabError(
      `LoraConfig: target module ${unknown} is not in the model; its modules are ${last_parts(modules)}`,
    );
  const layers = config.layers_to_transform === null ? null : [config.layers_to_transform].flat();
  const chosen = weights.filter(
    (_, i) =>
      targets.some((target) => is_target(modules[i], target)) &&
      (layers === null || layers.length === 0 || layers.includes(layer_of(modules[i]))),
  );
  if (chosen.length === 0)
    throw new TunelabError(
      `LoraConfig: no layer of the model is among layers_to_transform, ${layers?.join(", ")}`,
    );
  return chosen;
}

/**
 * The module around a parameter that is trained whole, if there is one: the outermost.
 * @param {Parameter} parameter
 * @param {LoraFields} config
 * @returns {string | undefined}
 */
export function saved_module({ name }, { modules_to_save, task_type }) {
  const ends = [
    ...(modules_to_save ?? []),
    ...(task_type === null ? [] : TASK_MODULES[TaskType.SEQ_CLS]),
  ];
  const parts = name.split(".");
  const modules = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
  return modules.find((module) => ends.some((end) => module.endsWith(end)));
}
