// What the terminal program refuses beside damaged models: data, numbers and places that cannot be,
// each in one line.
import assert from "node:assert/strict";
import { access, chmod, cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { load_dataset } from "../../web/lib/index.js";
import { save_folder } from "../../web/lib/hub/save_folder.js";
import { assert_one_line, PAIR_MODEL, run_tunelab, temporary_folder } from "./support.js";

const ROWS = "text,label\na boat,1\na farmer,0\n";

/** `tunelab train` for one step on a file with this content. */
async function train_on(t, content, options = [], name = "rows.csv") {
  const folder = await temporary_folder(t);
  const file = join(folder, name);
  await writeFile(file, content);
  const where = ["--model", PAIR_MODEL, "--dataset", file, "--output", join(folder, "out")];
  return run_tunelab(["train", ...where, "--threads", "1", "--max-steps", "1", ...options]);
}

test("text that is not UTF-8 is refused instead of guessed at", async (t) => {
  const latin1 = Buffer.from("text,label\ncafé,1\nb,0\n", "latin1");
  assert_one_line(await train_on(t, latin1), 1, /rows\.csv is not UTF-8 text; save it with/);
});

test("several labels a row are refused with the way that takes them", async (t) => {
  const lines = '{"text":"a","label":[0,1]}\n{"text":"b","label":[1,0]}\n';
  assert_one_line(
    await train_on(t, lines, [], "rows.jsonl"),
    1,
    /must hold one label a row, but row 0 holds \[0,1\]; .*multi_label_classification/,
  );
});

for (const [option, value, message] of [
  ["--num-labels", "0", /--num-labels must be at least 1, not 0/],
  ["--max-length", "0", /--max-length must be at least 2, not 0/],
  ["--max-train-samples", "0", /--max-train-samples must be at least 1, not 0/],
  ["--threads", "0", /--threads must be at least 1, not 0/],
  ["--output", "", /--output needs a value/],
  ["--lora-r", "0", /--lora-r must be at least 1, not 0/],
  ["--lora-alpha", "16", /--lora-alpha needs --lora-r, the adapters' rank/],
])
  test(`a value that cannot be (exit code 2): ${option} "${value}"`, async (t) => {
    assert_one_line(await train_on(t, ROWS, [option, value]), 2, message);
  });

test("an output that cannot be a folder is refused before training, with the system's reason", async (t) => {
  const folder = await temporary_folder(t);
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const [output, reason] of [
    [file, "EEXIST"],
    [join(file, "below"), "ENOTDIR"],
  ])
    assert_one_line(
      await train_on(t, ROWS, ["--output", output]),
      1,
      new RegExp(`cannot be written \\(${reason}: .*\\); choose another --output`),
    );
});

test(
  "an output in a file system that takes no folders is refused, not tried for ever",
  { skip: process.platform !== "linux" && "only Linux has /proc" },
  async (t) => {
    assert_one_line(
      await train_on(t, ROWS, ["--output", "/proc/tunelab/out"]),
      1,
      /\/proc\/tunelab\/out cannot be written/,
    );
  },
);

test("predictions that cannot be written are refused in one line", async (t) => {
  const folder = await temporary_folder(t);
  const output = join(folder, "missing", "out.jsonl");
  const args = ["predict", "--model", PAIR_MODEL, "--text", "a boat", "--threads", "1"];
  assert_one_line(
    await run_tunelab([...args, "--output", output]),
    1,
    /out\.jsonl cannot be written \(ENOENT: .*\); choose another --output/,
  );
});

test("an index of weights without tensors is told with its file", async (t) => {
  const folder = await temporary_folder(t);
  const names = (await readdir(PAIR_MODEL)).filter((name) => name !== "model.safetensors");
  for (const name of names) await cp(join(PAIR_MODEL, name), join(folder, name));
  await writeFile(join(folder, "model.safetensors.index.json"), "{}");
  assert_one_line(
    await train_on(t, ROWS, ["--model", folder]),
    1,
    /model\.safetensors\.index\.json has no weight_map from tensors to files/,
  );
});

test("an unknown architecture is told once, with the file's whole path", async (t) => {
  const folder = await temporary_folder(t);
  await cp(PAIR_MODEL, folder, { recursive: true });
  await writeFile(join(folder, "config.json"), '{"model_type": "gpt2"}');
  assert_one_line(
    await train_on(t, ROWS, ["--model", folder]),
    1,
    new RegExp(`^tunelab: ${folder}/config\\.json: model_type is "gpt2"`),
  );
});

test("a text column in Arrow's wide strings is found by itself", async (t) => {
  const dataset = (await load_dataset("json", { data_files: await jsonl(t) })).train;
  const { text_columns } = await import("../../web/cli/task_data.js");
  dataset.features.text.dtype = "large_string";
  assert.deepEqual(text_columns(dataset, { "label-column": "label" }), ["text"]);
});

test("labels that are stored as floats are a regression's, whole ones too", async (t) => {
  const dataset = (await load_dataset("json", { data_files: await jsonl(t) })).train;
  const { task_of } = await import("../../web/cli/task_data.js");
  assert.deepEqual(task_of(dataset, "label"), { names: null, num_labels: 2 });
  dataset.features.label.dtype = "float64";
  assert.deepEqual(task_of(dataset, "label"), { names: null, num_labels: 1 });
});

/** A file of two rows. */
async function jsonl(t) {
  const file = join(await temporary_folder(t), "rows.jsonl");
  await writeFile(file, '{"text":"a","label":1}\n{"text":"b","label":0}\n');
  return file;
}

test("a save that fails takes back the folder it made, and leaves one that was there", async (t) => {
  const there = await temporary_folder(t);
  const made = join(there, "new", "model");
  const fail = async (sink) => {
    await sink.write("config.json", "{}");
    throw new Error("no space left on device");
  };
  await assert.rejects(save_folder(made, fail), /no space left on device/);
  await assert.rejects(access(made), { code: "ENOENT" });
  await assert.rejects(save_folder(there, fail), /no space left on device/);
  assert.deepEqual(await readdir(there), ["new"]);
});

test(
  "a file without permission is named with the system's reason",
  { skip: process.getuid?.() === 0 && "root reads everything" },
  async (t) => {
    const folder = await temporary_folder(t);
    await cp(PAIR_MODEL, folder, { recursive: true });
    await chmod(join(folder, "model.safetensors"), 0);
    assert_one_line(
      await train_on(t, ROWS, ["--model", folder]),
      1,
      /model\.safetensors cannot be read \(EACCES: /,
    );
  },
);
