// AutoTokenizer on folders whose files disagree, or of which one is missing: equal to transformers.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { AutoTokenizer } from "../../web/lib/index.js";
import { golden, start_core, temporary_folder } from "./support.js";

const { texts, pair, ...cases } = await golden("tokenizer_folders.json");

before(() => start_core());

/** @returns {Promise<string>} the folder */
async function folder_with(t, files) {
  const folder = await temporary_folder(t);
  for (const [name, content] of Object.entries(files))
    await writeFile(
      join(folder, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  return folder;
}

/** The same facts as describe() of the goldens' generator. */
function describe(tokenizer) {
  const names = ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"];
  const { input_ids } = tokenizer(texts);
  const limit = tokenizer.model_max_length;
  return {
    input_ids,
    truncated: tokenizer(texts, { truncation: true, max_length: 5 }).input_ids,
    padded: tokenizer(texts, { padding: true }),
    pair: tokenizer(...pair),
    decoded: input_ids.map((ids) => tokenizer.decode(ids)),
    decoded_plain: input_ids.map((ids) => tokenizer.decode(ids, { skip_special_tokens: true })),
    model_max_length: Number.isFinite(limit) ? limit : null,
    model_input_names: tokenizer.model_input_names,
    special_tokens: Object.fromEntries(names.map((name) => [name, tokenizer[name]])),
    special_ids: Object.fromEntries(names.map((name) => [`${name}_id`, tokenizer[`${name}_id`]])),
  };
}

for (const [name, { files, expected }] of Object.entries(cases))
  test(name, async (t) => {
    const tokenizer = await AutoTokenizer.from_pretrained(await folder_with(t, files));
    assert.deepEqual(describe(tokenizer), expected);
    const saved = await temporary_folder(t);
    await tokenizer.save_pretrained(saved);
    const again = await AutoTokenizer.from_pretrained(saved);
    assert.deepEqual(describe(again), expected, "and after saving and loading again");
  });

test("a side other than the right is refused with what to do", async (t) => {
  const plain = cases["vocab.txt alone"].files;
  for (const name of ["padding_side", "truncation_side"]) {
    const folder = await folder_with(t, { ...plain, "tokenizer_config.json": { [name]: "left" } });
    await assert.rejects(AutoTokenizer.from_pretrained(folder), {
      message: `${folder}/vocab.txt: ${name} "left" is not supported, only "right"; pass {${name}: "right"} to from_pretrained`,
    });
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { [name]: "right" });
    assert.equal(tokenizer[name], "right");
  }
});

test("a damaged tokenizer.json is named with what is wrong", async (t) => {
  const plain = cases["no tokenizer_config, cased tokenizer.json"].files;
  const damaged = [
    [{ ...plain["tokenizer.json"], model: null }, /tokenizer\.json: .*model/],
    [{ ...plain["tokenizer.json"], added_tokens: [null] }, /added_tokens\[0\] must be an object/],
    [{ ...plain["tokenizer.json"], added_tokens: 7 }, /added_tokens must be an array/],
    [{ ...plain["tokenizer.json"], added_tokens: [{ content: 5 }] }, /added_tokens\[0\]/],
    ["{", /tokenizer\.json is not JSON/],
    ["null", /tokenizer\.json is not a JSON object/],
  ];
  for (const [content, message] of damaged) {
    const folder = await folder_with(t, { ...plain, "tokenizer.json": content });
    await assert.rejects(AutoTokenizer.from_pretrained(folder), { message });
  }
});

test("padding and truncation stored without a direction, as older files have them, are read", async (t) => {
  const { files, expected } = cases["no tokenizer_config, cased tokenizer.json"];
  const stored = {
    truncation: { max_length: 4, strategy: "LongestFirst", stride: 0 },
    padding: { strategy: { Fixed: 4 }, pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
  };
  const folder = await folder_with(t, {
    ...files,
    "tokenizer.json": { ...files["tokenizer.json"], ...stored },
  });
  assert.deepEqual(describe(await AutoTokenizer.from_pretrained(folder)), expected);
});

test("a damaged tokenizer_config.json is named with the field and what it must be", async (t) => {
  for (const [content, message] of [
    ["[]", /tokenizer_config\.json is not a JSON object/],
    [{ tokenizer_class: 5 }, /tokenizer_class must be a class's name, not 5/],
    [{ model_max_length: "x" }, /model_max_length must be a number, not "x"/],
    [{ added_tokens_decoder: { 3: null } }, /added_tokens_decoder must be an object of tokens/],
    [{ cls_token: 7 }, /cls_token must be a token's text, not 7/],
    [{ unk_token: null }, /tokenizer_config\.json has no unk_token; expected a token's text/],
    [{ do_lower_case: "yes" }, /lowercase must be true or false/],
  ]) {
    const files = { ...cases["vocab.txt alone"].files, "tokenizer_config.json": content };
    const folder = await folder_with(t, files);
    await assert.rejects(AutoTokenizer.from_pretrained(folder), { name: "TunelabError", message });
  }
});
