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
export {
  viewer_info,
  viewer_parquet_files,
  viewer_rows,
  viewer_size,
  viewer_splits,
} from "./dataset_server.js";
export { HubError } from "./hub_error.js";
export { login, logout, restore_login, whoami } from "./login.js";
export { oauth_handle_redirect, oauth_login_url } from "./oauth.js";
export { list_datasets, list_models, search_datasets, search_models } from "./search.js";
export { saved_file } from "./save_folder.js";
export { configure_hub, hub_settings } from "./settings.js";
