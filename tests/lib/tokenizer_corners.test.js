// Corners where tokenizers easily differ, against Hugging Face's tokenizers: white space between added tokens, \w, and a
// piece that is there twice.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { AutoTokenizer } from "../../web/lib/index.js";
import { folder_with } from "./hub_support.js";
import { repository, start_core } from "./support.js";

const GOLDEN = repository("tests/reference/goldens/tokenizer_corners.json");
const { texts, cases } = JSON.parse(await readFile(GOLDEN, "utf8"));

before(() => start_core());

for (const { name, tokenizer, ids } of cases)
  test(`${name}: the ids are the library's`, async (t) => {
    const folder = await folder_with(t, {
      "tokenizer.json": JSON.stringify(tokenizer),
      "tokenizer_config.json": '{"tokenizer_class": "PreTrainedTokenizerFast"}',
    });
    const { input_ids } = (await AutoTokenizer.from_pretrained(folder))(texts);
    assert.deepEqual(input_ids, ids);
  });
