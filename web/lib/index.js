// Tunelab's JavaScript library: the names of the course's packages in one place.
//
//   import { load_dataset, AutoTokenizer, AutoModelForSequenceClassification, Trainer, TrainingArguments } from "tunelab";
export { BUILDS } from "./core/builds.js";
export { get_core, init } from "./core/core.js";
export { TunelabError } from "./core/errors.js";
export { get_verbosity, logger, set_log_sink, set_verbosity } from "./core/logging.js";
export * from "./datasets/datasets.js";
export { evaluate } from "./evaluate/evaluate.js";
export { numpy } from "./numpy/numpy.js";
export * from "./hub/hub.js";
export * from "./peft/peft.js";
export { torch } from "./torch/torch.js";
export * from "./transformers/transformers.js";
