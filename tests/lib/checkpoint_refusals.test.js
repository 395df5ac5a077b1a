// torch.save's files that would run code, lie or are damaged are refused with a sentence; nothing of them is ever run.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TunelabError } from "../../web/lib/index.js";
import { read_checkpoint } from "../../web/lib/torch/checkpoint/checkpoint_file.js";
import { fuzz_checkpoints } from "../fuzz/checkpoint_fuzz.js";
import { file_of, forged_checkpoint, forged_zip, pickle } from "./forged_checkpoint.js";
import { assert_one_line, repository, run_tunelab } from "./support.js";

const FORMS = repository("tests/reference/goldens/checkpoints");
const ZIP = await readFile(join(FORMS, "torch_zip/pytorch_model.bin"));
const LEGACY = await readFile(join(FORMS, "torch_legacy/pytorch_model.bin"));

/** @param {Uint8Array} bytes */
const read = (bytes) => read_checkpoint(file_of(bytes));

/** @param {Uint8Array} bytes @param {RegExp} message */
async function assert_refused(bytes, message) {
  await assert.rejects(read(bytes), (error) => {
    assert.ok(error instanceof TunelabError, String(error.stack));
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
}

const { call, dict, global, int, storage, tensor, text, tuple, whole } = pickle;
const FOUR = Buffer.alloc(16);

/** A state dict of one tensor, in the zip form. */
const of_tensor = (bytes) => forged_checkpoint(whole(dict(text("w"), bytes)), { 0: FOUR });

test("a forged file is read where it is sound, so that what is refused below is refused for what it does", async () => {
  const [found] = await read(of_tensor(tensor(storage("0", 4), 1, [3, 1], [1, 1])));
  const { name, dtype, shape, strides, begin, extent } = found;
  assert.deepEqual(
    { name, dtype, shape, strides, begin, extent },
    { name: "w", dtype: "F32", shape: [3, 1], strides: null, begin: 4, extent: 12 },
  );
});

const CALLS = {
  "os.system": call(global("os", "system"), text("id")),
  "posix.system": call(global("posix", "system"), text("id")),
  "builtins.eval": call(global("builtins", "eval"), text("1")),
  "builtins.getattr": call(
    global("builtins", "getattr"),
    global("collections", "OrderedDict"),
    text("x"),
  ),
  "__builtin__.exec": call(global("__builtin__", "exec"), text("1")),
  "torch.load": call(global("torch", "load"), text("x")),
  "torch._utils.__builtins__": global("torch._utils", "__builtins__"),
  "torch.storage.toString": global("torch.storage", "toString"),
  "torch.constructor": global("torch", "constructor"),
  "numpy.core.multiarray.scalar": global("numpy.core.multiarray", "scalar"),
};

for (const [name, bytes] of Object.entries(CALLS))
  test(`${name} is refused by name, in both forms`, async () => {
    const expected = new RegExp(
      `it wants to call ${name.replaceAll(".", "\\.")}: a weights file holds tensors only`,
    );
    await assert_refused(forged_checkpoint(whole(bytes)), expected);
    await assert_refused(of_tensor(bytes), expected);
    const head = LEGACY.indexOf(Buffer.from([0x80, 2]), LEGACY.indexOf("type_sizes"));
    await assert_refused(Buffer.concat([LEGACY.subarray(0, head), whole(bytes)]), expected);
  });

test("what calls code before torch's first words is refused", async () => {
  await assert_refused(
    whole(CALLS["os.system"]),
    /no weights file of torch\.save: it begins with a call of os\.system/,
  );
});

const INSTRUCTIONS = {
  STACK_GLOBAL: Buffer.concat([text("os"), text("system"), Buffer.from([0x93])]),
  INST: Buffer.from("(ios\nsystem\n"),
  OBJ: Buffer.from("(o"),
  NEWOBJ: Buffer.from(")\x81", "latin1"),
  EXT1: Buffer.from([0x82, 1]),
  PERSID: Buffer.from("Pname\n"),
};

for (const [name, bytes] of Object.entries(INSTRUCTIONS))
  test(`the instruction ${name} is not known`, () =>
    assert_refused(
      forged_checkpoint(whole(bytes)),
      /has the instruction 0x[0-9a-f]{2}, which no state dict needs/,
    ));

const PICKLES = {
  "another protocol": [
    Buffer.from([0x80, 4, 0x4e, 0x2e]),
    /protocol 4; torch\.save's own, 2, is read/,
  ],
  "a call of a string": [whole(call(text("os"), text("x"))), /calls what is no function/],
  "a call of a tensor's class": [
    whole(call(global("torch", "FloatStorage"), int(9))),
    /calls what is no function/,
  ],
  "a memo beyond all bounds": [
    whole(Buffer.from([0x4e, 0x72, 255, 255, 255, 255])),
    /remembers value 4294967295/,
  ],
  "a memo never made": [whole(Buffer.from([0x68, 3])), /recalls a value that it did not remember/],
  "an empty stack": [whole(Buffer.from("R")), /takes from an empty stack/],
  "no mark": [whole(Buffer.from("t")), /looks for a mark that is not there/],
  "items of no dict": [whole(Buffer.from("]NNs")), /sets items of what is no dict/],
  "an append to no list": [whole(Buffer.from("}Na")), /appends to what is no list/],
  "text longer than the file": [whole(Buffer.from("X\xff\xff\xff\x7f", "latin1")), /ends early/],
  "text that is not UTF-8": [
    whole(Buffer.from("U\x02\xff\xfe", "latin1")),
    /text that is not UTF-8/,
  ],
  "attributes of a list": [whole(Buffer.from("]}b")), /sets attributes of what is no dict/],
  "no end": [Buffer.from([0x80, 2, 0x4e]), /ends early/],
  "no dict": [whole(Buffer.from("N")), /holds no state dict/],
  "a dict that holds itself": [
    whole(Buffer.from("}q\0U\x01ah\0s", "latin1")),
    /no state dict .* but a dict of a; save/,
  ],
  "ten thousand lists in each other": [
    whole(Buffer.from("]".repeat(10000) + "a".repeat(9999))),
    /holds no state dict/,
  ],
  "a state dict deeper down": [
    whole(
      dict(
        text("state_dict"),
        dict(text("w"), tensor(storage("0", 4), 0, [4], [1])),
        text("epoch"),
        int(3),
      ),
    ),
    /no state dict .* but a dict of state_dict, epoch; save model\.state_dict\(\) alone/,
  ],
  "a persistent id of something else": [
    whole(tuple(text("module"), text("x")), Buffer.from("Q")),
    /refers to something else than a storage/,
  ],
  "a storage of two sizes": [
    whole(storage("0", 4), storage("0", 3)),
    /its storage 0 has two sizes/,
  ],
};

for (const [what, [bytes, message]] of Object.entries(PICKLES))
  test(`a pickle with ${what} is refused`, () =>
    assert_refused(forged_checkpoint(bytes, { 0: FOUR }), message));

const TENSORS = {
  "beyond its storage": [
    tensor(storage("0", 4), 1, [4], [1]),
    /size \[4\] leaves its storage 0, which has 16 bytes/,
  ],
  "with steps beyond its storage": [
    tensor(storage("0", 4), 0, [2, 2], [3, 1]),
    /leaves its storage/,
  ],
  "of a size beyond all numbers": [
    tensor(storage("0", 4), 0, [2 ** 31 - 1, 2 ** 31 - 1, 9], [0, 0, 0]),
    /leaves its storage/,
  ],
  "of a negative size": [tensor(storage("0", 4), 0, [2 ** 32 - 1], [1]), /a size that is no tuple/],
  "with a negative step": [
    tensor(storage("0", 4), 0, [2], [2 ** 32 - 1]),
    /a stride that is no tuple/,
  ],
  "at a negative place": [
    tensor(storage("0", 4), 2 ** 32 - 1, [1], [1]),
    /other things than a storage/,
  ],
  "with too few steps": [
    tensor(storage("0", 4), 0, [2, 2], [1]),
    /not as many strides as dimensions/,
  ],
  "of nine dimensions": [
    tensor(storage("0", 4), 0, Array(9).fill(1), Array(9).fill(1)),
    /up to 8 whole numbers/,
  ],
  "without a storage": [tensor(text("0"), 0, [1], [1]), /other things than a storage/],
  "whose storage is missing": [
    tensor(storage("1", 4), 0, [4], [1]),
    /storage 1 should have 16 bytes, but is missing/,
  ],
  "whose storage is shorter": [
    tensor(storage("0", 5), 0, [4], [1]),
    /storage 0 should have 20 bytes, but has 16/,
  ],
  "in a storage by another path": [tensor(storage("../data.pkl", 4), 0, [4], [1]), /is missing/],
};

for (const [what, [bytes, message]] of Object.entries(TENSORS))
  test(`a tensor ${what} is refused`, () => assert_refused(of_tensor(bytes), message));

const DATA = {
  name: "a/data.pkl",
  data: whole(dict(text("w"), tensor(storage("0", 4), 0, [4], [1]))),
};
const STORAGE = { name: "a/data/0", data: FOUR };
const ZIPS = {
  "a compressed entry": [[DATA, { ...STORAGE, method: 8 }], /has a\/data\/0 compressed/],
  "an encrypted entry": [[DATA, { ...STORAGE, flags: 1 }], /has a\/data\/0 encrypted/],
  "a name that leaves it": [
    [DATA, { ...STORAGE, name: "../../etc/passwd" }],
    /names "\.\.\/\.\.\/etc\/passwd", which is no path/,
  ],
  "an absolute name": [[DATA, { ...STORAGE, name: "/etc/passwd" }], /which is no path/],
  "a name twice": [[DATA, STORAGE, STORAGE], /has a\/data\/0 twice/],
  "overlapping entries": [[DATA, { ...STORAGE, begin: 8 }], /overlap what follows it/],
  "an entry larger than it": [[DATA, { ...STORAGE, size: 2 ** 31 }], /overlap what follows it/],
  "a 64-bit size that is not there": [
    [DATA, { ...STORAGE, size: 2 ** 32 - 1 }],
    /lacks the zip64 numbers/,
  ],
  "no data.pkl": [[STORAGE], /has no data\.pkl/],
  "a program": [
    [DATA, STORAGE, { name: "a/constants.pkl" }],
    /TorchScript program, which holds code/,
  ],
  "the other order of bytes": [
    [DATA, STORAGE, { name: "a/byteorder", data: Buffer.from("big") }],
    /big-endian/,
  ],
};

for (const [what, [entries, message]] of Object.entries(ZIPS))
  test(`a zip file with ${what} is refused`, () => assert_refused(forged_zip(entries), message));

test("an entry that is not where the directory has it is found when it is read", async () => {
  const bytes = forged_zip([DATA, STORAGE]);
  const [found] = await read(bytes);
  const { begin, header, data_begin } = found.block;
  const head = bytes.subarray(begin, begin + header);
  assert.equal(data_begin(head), bytes.indexOf(FOUR, begin + header));
  head[0] = 0;
  assert.throws(() => data_begin(head), /entry a\/data\/0 is not where the directory has it/);
});

for (const [form, bytes] of Object.entries({ zip: ZIP, legacy: LEGACY }))
  test(`a file of the ${form} form that ends early is refused wherever it ends`, async () => {
    await read(bytes);
    for (let size = 0; size < bytes.length; size += 1 + (size >> 5))
      await assert_refused(bytes.subarray(0, size), /./);
    await assert_refused(bytes.subarray(0, -1), /truncated|damaged|ends early|missing/);
  });

test("changed files give tensors that lie in them, or a sentence", async (t) => {
  const { rounds, sound } = await fuzz_checkpoints(7, (done) => done === 4000);
  t.diagnostic(`${sound} of ${rounds} were still sound`);
  assert.ok(sound > 0.05 * rounds && sound < 0.8 * rounds, "both ways out are taken");
});

test("the terminal tells a harmful file in one line and leaves nothing of it done", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "tunelab-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(repository("tests/reference/goldens/pair_task/model"), folder, { recursive: true });
  await rm(join(folder, "model.safetensors"));
  await writeFile(join(folder, "pytorch_model.bin"), forged_checkpoint(whole(CALLS["os.system"])));
  assert_one_line(
    await run_tunelab(["predict", "--model", folder, "--text", "a"]),
    1,
    /pytorch_model\.bin: it wants to call os\.system: .* such a file is not read/,
  );
});
