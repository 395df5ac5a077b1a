// What is trained in a page can be saved there, found again by its name, and taken out.
import assert from "node:assert/strict";
import { MODEL } from "../lib/hub_support.js";
import { in_browsers, tab_for } from "./in_browsers.js";

in_browsers(
  "checkpoints and models are saved in the page as in a folder, whole or not at all",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const model = `${session.origin}/assets/hub/${MODEL}`;
    const result = await tab.run("tests/browser/programs/save_model.js", { model, threads: 2 });
    assert.deepEqual(result.logits[1], result.logits[0]);
    assert.deepEqual(result.checkpoints, ["checkpoint-2", "checkpoint-3"]);
    assert.deepEqual(result.files, [
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
      "trainer_state.json",
    ]);
    assert.match(
      result.failed,
      /could not be saved \(no more\); what was there before is untouched/,
    );
    assert.equal(result.has_new, false);
    assert.equal(result.num_labels, 2);
    assert.ok(result.bytes > 1_000_000);
  },
);
