// Freezing parts of a model: by their Python names in code, by --freeze in the terminal.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { freeze } from "../../web/cli/freeze.js";
import { AutoModelForSequenceClassification } from "../../web/lib/index.js";
import {
  assert_one_line,
  PAIR_MODEL,
  PAIR_TASK,
  repository,
  run_tunelab,
  start_core,
  temporary_folder,
} from "./support.js";

before(() => start_core());

const load = (folder = PAIR_MODEL) => AutoModelForSequenceClassification.from_pretrained(folder);

const frozen_names = (model) =>
  model
    .named_parameters()
    .filter(([, parameter]) => !parameter.requires_grad)
    .map(([name]) => name);

const named = (model, ...prefixes) =>
  model
    .named_parameters()
    .map(([name]) => name)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));

test("a course's lines freeze the parts they name", async () => {
  const model = await load();
  for (const param of model.bert.embeddings.parameters()) param.requires_grad = false;
  assert.deepEqual(frozen_names(model), named(model, "bert.embeddings."));
  for (const layer of model.bert.encoder.layer.slice(0, 1))
    for (const param of layer.parameters()) param.requires_grad = false;
  assert.deepEqual(frozen_names(model), named(model, "bert.embeddings.", "bert.encoder.layer.0."));
  for (const param of model.base_model.parameters()) param.requires_grad = false;
  assert.deepEqual(frozen_names(model), named(model, "bert."));
  model.bert.encoder.layer[1].requires_grad_();
  model.bert.pooler.dense.bias.requires_grad = true;
  model.classifier.requires_grad_(false);
  const trained = named(model, "bert.encoder.layer.1.", "bert.pooler.dense.bias");
  assert.deepEqual(
    frozen_names(model),
    named(model, "").filter((name) => !trained.includes(name)),
  );
});

test("parts are those of the model's own architecture", async () => {
  const model = await load(repository("tests/reference/goldens/models/distilbert_single"));
  const { layer } = model.distilbert.transformer;
  assert.equal(layer.length, [...layer].length);
  layer[0].attention.q_lin.weight.requires_grad = false;
  assert.deepEqual(frozen_names(model), ["distilbert.transformer.layer.0.attention.q_lin.weight"]);
  assert.deepEqual(
    model.pre_classifier.named_parameters().map(([name]) => name),
    ["weight", "bias"],
  );
  assert.equal(model.base_model.parameters().length, model.distilbert.parameters().length);
  assert.throws(() => model.bert, {
    message: /no attribute 'bert'; its parts are distilbert, pre_classifier, classifier/,
  });
});

test("an ALBERT's layers are frozen by the group whose weights they share", async () => {
  const model = await load(repository("tests/reference/goldens/models/albert_groups"));
  const [first, second] = model.albert.encoder.albert_layer_groups;
  assert.equal(first.albert_layers.length, 2);
  first.albert_layers[1].attention.query.requires_grad_(false);
  const frozen = "albert.encoder.albert_layer_groups.0.albert_layers.1.attention.query.";
  assert.deepEqual(frozen_names(model), named(model, frozen));
  assert.equal(second.parameters().length, first.parameters().length);
  assert.equal(model.base_model.parameters().length, model.albert.parameters().length);
  assert.throws(() => freeze(model, ["encoder.layer.0"]), {
    message:
      /it has embeddings, encoder, encoder\.albert_layer_groups\.0, encoder\.albert_layer_groups\.1, pooler/,
  });
});

test("a ModernBERT's encoder is called model, its layers and its head are parts", async () => {
  const model = await load(repository("tests/reference/goldens/models/modernbert_pairs"));
  assert.equal(model.class_name, "ModernBertForSequenceClassification");
  assert.equal(model.base_model.parameters().length, model.model.parameters().length);
  freeze(model, ["layers.1"]);
  assert.deepEqual(frozen_names(model), named(model, "model.layers.1."));
  assert.deepEqual(
    model.model.layers[1].named_parameters().map(([name]) => name),
    ["attn_norm.weight", "attn.Wqkv.weight", "attn.Wo.weight"].concat([
      "mlp_norm.weight",
      "mlp.Wi.weight",
      "mlp.Wo.weight",
    ]),
  );
  assert.deepEqual(
    model.head.named_parameters().map(([name]) => name),
    ["dense.weight", "norm.weight"],
  );
});

test("an XLM-RoBERTa's encoder is called roberta, its head is two dense layers", async () => {
  const model = await load(repository("tests/reference/goldens/models/xlm_roberta_regression"));
  assert.equal(model.base_model_prefix, "roberta");
  assert.equal(model.class_name, "XLMRobertaForSequenceClassification");
  model.roberta.requires_grad_(false);
  assert.deepEqual(frozen_names(model), named(model, "roberta."));
  assert.deepEqual(
    model.classifier.named_parameters().map(([name]) => name),
    ["dense.weight", "dense.bias", "out_proj.weight", "out_proj.bias"],
  );
});

test("what is frozen at the bottom needs no memory for activations", async () => {
  const model = await load();
  const whole = model.plan_bytes(8, 240, 40);
  freeze(model, ["embeddings", "encoder.layer.0"]);
  const above = model.plan_bytes(8, 240, 40);
  assert.ok(above < whole);
});

test("--freeze takes whole names of parts, and knows the others", async () => {
  const model = await load();
  freeze(model, ["embeddings", "encoder.layer.1", "pooler.dense.bias"]);
  assert.deepEqual(
    frozen_names(model),
    named(model, "bert.embeddings.", "bert.encoder.layer.1.", "bert.pooler.dense.bias"),
  );
  for (const part of ["encoder.layer.2", "encoder.lay", "bert.embeddings", "classifier", ""])
    assert.throws(() => freeze(model, [part]), {
      message: `--freeze ${part}: the encoder has no such part; it has embeddings, encoder, encoder.layer.0, encoder.layer.1, pooler`,
    });
});

test("tunelab train --freeze says what is trained, and refuses what it does not know", async (t) => {
  const folder = await temporary_folder(t);
  const options = (part) => [
    ...[
      "train",
      "--model",
      PAIR_MODEL,
      "--train-file",
      `${PAIR_TASK}/train.jsonl`,
      "--output",
      folder,
    ],
    ...["--text-columns", "sentence1,sentence2", "--max-steps", "1", "--freeze", part],
    "--activation-checkpointing",
  ];
  const done = await run_tunelab(options("embeddings,encoder.layer.0"));
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /\(0\.0 M parameters, 0\.0 M of them trained\)/);
  const refused = await run_tunelab(options("encoder.layer.7"));
  assert_one_line(
    refused,
    1,
    /--freeze encoder\.layer\.7: the encoder has no such part; it has embeddings/,
  );
});
