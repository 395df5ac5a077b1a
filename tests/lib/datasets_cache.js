// Imported by tests that load datasets: their tables are kept apart from the user's, and for this run
// alone. Programs that tests start find the folder in their environment.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

if (process.env.HF_DATASETS_CACHE === undefined) {
  const cache = mkdtempSync(join(tmpdir(), "tunelab-datasets-"));
  process.env.HF_DATASETS_CACHE = cache;
  process.on("exit", () => rmSync(cache, { recursive: true, force: true }));
}
