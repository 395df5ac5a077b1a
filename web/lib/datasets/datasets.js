// The `datasets` package: what a course reader imports from it.
export { concatenate_datasets, interleave_datasets } from "./combine.js";
export { Dataset } from "./dataset.js";
export {
  DatasetBuilder,
  get_dataset_config_names,
  get_dataset_split_names,
  load_dataset_builder,
} from "./dataset_builder.js";
export { DatasetDict } from "./dataset_dict.js";
export { ClassLabel, LargeList, List, Sequence, Value } from "./features.js";
export { Features } from "./features/features_dict.js";
export { IterableDataset } from "./iterable_dataset.js";
export { IterableDatasetDict } from "./iterable_dataset_dict.js";
export { load_dataset } from "./load_dataset.js";
export { load_from_disk } from "./load_from_disk.js";
export { ReadInstruction } from "./read_instruction.js";
export { choose_label_column, choose_text_columns } from "./tasks/choose_columns.js";
export { known_tasks, task_settings } from "./tasks/task_settings.js";
