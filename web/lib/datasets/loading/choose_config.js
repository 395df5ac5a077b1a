// Which configuration of a dataset is meant.
import { TunelabError } from "../../core/errors.js";
import { near_names } from "../../core/near_names.js";
import { python_list } from "../features/python_repr.js";

/**
 * @param {readonly {config_name: string, default?: boolean}[]} configs
 * @param {string | undefined} name without one: the default configuration, or the only one
 * @param {string} dataset for messages
 * @returns {string} the configuration's name
 * @throws {TunelabError} for a name that is none, or none where one is needed; lists them
 */
export function choose_config(configs, name, dataset) {
  const names = configs.map(({ config_name }) => config_name);
  if (name !== undefined && names.includes(name)) return name;
  if (name !== undefined) {
    const [near] = near_names(name, names);
    throw new TunelabError(
      `BuilderConfig '${name}' not found. Available: ${python_list(names)}${near ? `; did you mean '${near}'?` : ""}`,
    );
  }
  const usual =
    configs.find((config) => config.default) ??
    configs.find(({ config_name }) => config_name === "default") ??
    (configs.length === 1 ? configs[0] : undefined);
  if (usual) return usual.config_name;
  throw new TunelabError(
    `Config name is missing. Please pick one among the available configs: ${python_list(names)}, as in load_dataset("${dataset}", "${names[0]}")`,
  );
}
