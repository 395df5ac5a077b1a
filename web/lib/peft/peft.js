// The `peft` package: LoRA, under its names.
export { LoraConfig, TaskType } from "./lora_config.js";
export { get_peft_model, PeftModel } from "./peft_model.js";
