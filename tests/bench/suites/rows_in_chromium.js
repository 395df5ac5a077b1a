// The rows suite in a page's worker: Chromium with a profile on the disk, the files from a stand-in Hub, the memory of
// all its processes watched from outside.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open_chromium } from "../../browser/chromium.js";
import { start_hub } from "../../hub/start_hub.js";
import { most_beyond_idle, watch_memory } from "../hosts/watch_memory.js";

/** @typedef {import("./suite.js").Figure} Figure */

const MODEL = "bench/model";

/**
 * @param {string} root the stand-in's folder, which has the dataset bench/<rows>-rows
 * @param {string} model a folder, of which the stand-in is given a copy
 * @param {number} rows
 * @param {number} processes
 * @returns {Promise<Figure>} memory: bytes beyond the idle page with core and tokenizer, of all processes; of them
 *   memory_of_pages
 * @throws {import("../../browser/host.js").Missing} without Chromium, or where memory cannot be watched
 */
export async function measure_in_chromium(root, model, rows, processes) {
  const end_watch = watch_memory();
  const profile = await mkdtemp(join(tmpdir(), "tunelab-profile-"));
  try {
    const browser = await open_chromium({ profile });
    try {
      await cp(model, join(root, MODEL), { recursive: true, dereference: true });
      const hub = await start_hub({ root });
      try {
        const job = {
          endpoint: hub.endpoint,
          model: MODEL,
          dataset: `bench/${rows}-rows`,
          processes,
        };
        const [{ value }] = await browser.run_worker(
          "tests/browser/page/program_worker.js",
          { program: "/tests/bench/suites/rows_in_page.js", args: job },
          "module",
        );
        const { moments, ...figure } = value;
        const samples = end_watch();
        return {
          ...{ kind: "rows", who: `Tunelab, ${browser.label}`, processes, ...figure },
          memory: most_beyond_idle(samples, "all", moments),
          memory_of_pages: most_beyond_idle(samples, "pages", moments),
        };
      } finally {
        await hub.close();
      }
    } finally {
      await browser.close();
    }
  } finally {
    end_watch();
    await rm(profile, { recursive: true, force: true });
  }
}
