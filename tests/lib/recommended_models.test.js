// The list of recommended encoders: its sizes are what the library's plan says of the configurations, and the terminal shows it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { listed_models, readme_table, sizes_of } from "../../tools/models.js";
import { repository, run_tunelab, start_core } from "./support.js";

before(() => start_core({ threads: 2 }));

for (const { name, config, parameters, training_bytes } of listed_models())
  test(`${name} has the size that its configuration gives`, async () => {
    const sizes = await sizes_of(config);
    assert.equal(sizes.parameters, parameters);
    for (const [batch, bytes] of Object.entries(sizes.training_bytes)) {
      // Threads have scratch memory of their own: the list is made with two, as this test runs.
      assert.equal(bytes, training_bytes[batch]);
      assert.ok(bytes > 16 * parameters && bytes < 2 ** 32, "weights, gradients, two moments");
    }
  });

test("tunelab models lists them, the smallest first", async () => {
  const { code, stdout, stderr } = await run_tunelab(["models"]);
  assert.equal(code, 0, stderr);
  const models = listed_models();
  const names = stdout.split("\n").slice(1, 1 + models.length);
  assert.deepEqual(
    names.map((line) => line.split(" ")[0]),
    models.map(({ name }) => name),
  );
  assert.match(names[0], /prajjwal1\/bert-tiny +bert +4\.4 M +18 MB .* WordPiece +mit/);
  assert.deepEqual(
    models.map(({ parameters }) => parameters),
    models.map(({ parameters }) => parameters).sort((a, b) => a - b),
  );
});

test("the README has the list's table", async () => {
  const readme = await readFile(repository("README.md"), "utf8");
  assert.ok(readme.includes(readme_table(listed_models())));
});
