// The `transformers` package: what a course reader imports from it.
export { AutoModelForSequenceClassification } from "./auto_model.js";
export { AutoTokenizer } from "./auto_tokenizer.js";
export { AutoConfig, PretrainedConfig } from "./config.js";
export { DataCollatorWithPadding, default_data_collator } from "./data_collator.js";
export { get_length_grouped_indices, LengthGroupedSampler } from "./length_grouped_sampler.js";
export { PreTrainedModel } from "./modeling.js";
export { get_scheduler } from "./optimization.js";
export { PreTrainedTokenizerFast } from "./tokenizer.js";
export { Trainer } from "./trainer.js";
export {
  DefaultFlowCallback,
  PrinterCallback,
  TrainerCallback,
  TrainerControl,
  TrainerState,
} from "./trainer_callback.js";
export { EvalPrediction, PredictionOutput, set_seed } from "./trainer_utils.js";
export { TrainingArguments } from "./training_args.js";
export { TRAINING_FIELDS } from "./training_fields.js";
