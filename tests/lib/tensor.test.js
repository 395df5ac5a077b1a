// Tensors: made of lists, read back, reduced, and printed as torch prints them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { torch } from "../../web/lib/index.js";

const { tensor } = torch;

test("lists become tensors of int32 or float32 and come back", () => {
  const ids = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual([ids.shape, ids.dtype], [[2, 3], "int32"]);
  assert.deepEqual(ids.tolist(), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.equal(tensor([0.5, 1]).dtype, "float32");
  assert.equal(tensor(7).item(), 7);
  assert.deepEqual(
    [...ids].map((row) => row.tolist()),
    ids.tolist(),
  );
  assert.deepEqual(ids.at(-1).tolist(), [4, 5, 6]);
});

test("lists of unequal lengths, text, and wrong shapes are refused", () => {
  assert.throws(() => tensor([[1, 2], [3]]), /expected sequence of length 2 at dim 1 \(got 1\)/);
  assert.throws(() => tensor(["a"]), /found a string/);
  assert.throws(() => tensor([1, 2]).item(), /2 elements cannot be converted to Scalar/);
  assert.throws(() => tensor([1, 2]).argmax(1), /dimension out of range/);
  assert.throws(() => tensor([1, 2]).at(2), /out of bounds/);
});

test("argmax takes the first of equals, along any dimension", () => {
  const logits = tensor([
    [0.1, 0.9, 0.9],
    [2.5, -1, 0],
  ]);
  assert.deepEqual(logits.argmax(-1).tolist(), [1, 0]);
  assert.deepEqual(logits.argmax(0).tolist(), [1, 0, 0]);
  assert.equal(logits.argmax().item(), 3);
  assert.deepEqual(torch.argmax(logits, { dim: -1 }).tolist(), [1, 0]);
});

test("softmax sums to one and survives large logits", () => {
  const [row] = tensor([[1000.5, 999.5]])
    .softmax(-1)
    .tolist();
  assert.ok(Math.abs(row[0] - 1 / (1 + Math.exp(-1))) < 1e-6);
  assert.ok(Math.abs(row[0] + row[1] - 1) < 1e-6);
});

test("printing", () => {
  assert.equal(String(tensor([1, 0])), "tensor([1, 0])");
  assert.equal(
    String(
      tensor([
        [0.25, -1.5],
        [3, 4],
      ]),
    ),
    "tensor([[ 0.2500, -1.5000],\n        [ 3.0000,  4.0000]])",
  );
  assert.equal(String(tensor(0.54411)), "tensor(0.5441)");
  assert.equal(String(tensor([1.5, NaN])), "tensor([1.5000,    nan])");
});

test("cat and stack", () => {
  assert.deepEqual(torch.cat([tensor([[1, 2]]), tensor([[3, 4]])]).tolist(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(torch.stack([tensor([1, 2]), tensor([3, 4])]).shape, [2, 2]);
  assert.throws(
    () => torch.cat([tensor([[1, 2]]), tensor([[3]])]),
    /expected tensors like the first/,
  );
});
