// A process that downloads one file from the Hub and writes its path: endpoint, cache_dir, repository, file.
import { configure_hub, hf_hub_download } from "../../web/lib/index.js";

const [endpoint, cache_dir, repo_id, file] = process.argv.slice(2);
configure_hub({ base_wait_time: 0.01 });
process.stdout.write(
  await hf_hub_download(repo_id, file, {
    endpoint,
    cache_dir,
    progress_callback: ({ loaded }) => process.send?.(loaded ?? 0),
  }),
);
