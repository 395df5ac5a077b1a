// What this package gives to users of the library.
export {
  dataset_info,
  file_exists,
  hf_hub_download,
  hf_hub_url,
  list_repo_files,
  model_info,
  snapshot_download,
} from "./hub_api.js";
export { HubError } from "./hub_error.js";
export { configure_hub, hub_settings } from "./settings.js";
