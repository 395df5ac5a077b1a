// The model as a function: what it refuses, what backward allows, modes, freezing, memory.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  get_core,
  set_seed,
  torch,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { PAIR_MODEL, pair_task, repository, start_core } from "./support.js";

let tokenizer;
let tokenized;

before(async () => {
  await start_core();
  ({ tokenizer, tokenized } = await pair_task());
});

const load = (options) => AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, options);

const texts = () =>
  tokenizer(["A young farmer", "My sister buys a boat"], { padding: true, return_tensors: "pt" });

const labelled = () => ({ ...texts(), labels: torch.tensor([0, 1]) });

test("padding does not change a row's logits", async () => {
  const model = await load();
  const { logits } = model(texts());
  const alone = model(tokenizer("A young farmer", { return_tensors: "pt" })).logits;
  for (const label of [0, 1])
    assert.ok(Math.abs(logits.at(0).data[label] - alone.at(0).data[label]) < 1e-6);
});

test("arguments that forward does not take, lists, and shapes that differ are refused", async () => {
  const model = await load();
  assert.throws(
    () => model({ ...texts(), idx: torch.tensor([0, 1]) }),
    /unexpected keyword argument 'idx'/,
  );
  assert.throws(
    () => model(tokenizer(["A", "B"])),
    /input_ids must be an int32 tensor .*return_tensors/,
  );
  const mask = torch.tensor([[1, 1]]);
  assert.throws(
    () => model({ ...texts(), attention_mask: mask }),
    /attention_mask is of shape \[1,2\] where input_ids/,
  );
  assert.throws(() => model({ input_ids: torch.tensor([[99999]]) }), { status: "TL_ERR_ARGUMENT" });
});

test("labels that do not fit the head are refused, naming the row", async () => {
  const model = await load();
  assert.throws(() => model({ ...texts(), labels: torch.tensor([0, 2]) }), {
    status: "TL_ERR_MISMATCH",
    message: /1/,
  });
  const halves = torch.tensor([0.5, 1]);
  const single = await load({ problem_type: "single_label_classification" });
  assert.throws(
    () => single({ ...texts(), labels: halves }),
    /must be whole numbers .* num_labels: 1/,
  );
});

test("a DistilBERT leaves token types aside, as transformers' does", async () => {
  const folder = repository("tests/reference/goldens/loading/distilbert_model");
  const model = await AutoModelForSequenceClassification.from_pretrained(folder);
  const input_ids = torch.tensor([[1, 2, 3]]);
  assert.equal(model({ input_ids }).logits.shape[1], 2);
  assert.deepEqual(
    model({ input_ids, token_type_ids: torch.tensor([[0, 1, 1]]) }).logits.tolist(),
    model({ input_ids }).logits.tolist(),
  );
});

test("a RoBERTa with one token type takes zeros and refuses a second type", async () => {
  const folder = repository("tests/reference/goldens/models/roberta_pairs");
  const model = await AutoModelForSequenceClassification.from_pretrained(folder);
  const input_ids = torch.tensor([[0, 7, 2]]);
  assert.deepEqual(
    model({ input_ids, token_type_ids: torch.tensor([[0, 0, 0]]) }).logits.tolist(),
    model({ input_ids }).logits.tolist(),
  );
  assert.throws(() => model({ input_ids, token_type_ids: torch.tensor([[0, 1, 1]]) }), {
    message: /sequence 0, token 1: token type 1 is outside 0 to 0 \(type_vocab_size\)/,
  });
});

test("a RoBERTa's longest text leaves out the positions up to its padding token", async () => {
  const folder = repository("tests/reference/goldens/models/camembert_full_length");
  const model = await AutoModelForSequenceClassification.from_pretrained(folder);
  const text = (length) => ({ input_ids: torch.tensor([Array(length).fill(5)]) });
  assert.equal(model(text(24)).logits.shape[1], 2);
  assert.throws(() => model(text(25)), {
    message: /has 25 tokens, but the model has 24 positions .*less those up to pad_token_id/,
  });
});

test("backward: once, before the next forward, and not under no_grad", async () => {
  const model = await load();
  const { loss } = model(labelled());
  loss.backward();
  assert.throws(() => loss.backward(), /a second time/);
  const stale = model(labelled()).loss;
  model(texts());
  assert.throws(() => stale.backward(), /has run another batch since/);
  assert.throws(() => torch.no_grad(() => model(labelled())).loss.backward(), /under no_grad/);
});

test("a loss scaled before backward scales the gradients", async () => {
  const model = await load();
  const gradient = (scale) => {
    model.zero_grad();
    scale(model(labelled()).loss).backward();
    return model.parameters().at(-1).grad.tolist();
  };
  const whole = gradient((loss) => loss);
  assert.deepEqual(
    gradient((loss) => loss.div(4)),
    whole.map((g) => g / 4),
  );
});

test("gradients looked at after clipping are clipped, and looking changes no step", async () => {
  const trained = async (look) => {
    set_seed(1); // the head's weights are drawn
    const model = await load();
    const gradients = () => (look ? model.parameters().map(({ grad }) => grad.data) : []);
    const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 1e-3 });
    for (let step = 0; step < 3; ++step) {
      model(labelled()).loss.backward();
      const whole = gradients();
      const norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.01).item();
      const scale = 0.01 / (norm + 1e-6);
      assert.ok(scale < 1);
      const clipped = gradients();
      // The norm, its reciprocal, the coefficient and the product are rounded to float32.
      const near = (g, i, index) =>
        Math.abs(clipped[index][i] - g * scale) <= 3e-7 * Math.abs(g * scale) + 1e-44;
      assert.ok(whole.every((values, index) => values.every((g, i) => near(g, i, index))));
      optimizer.step();
      optimizer.zero_grad();
    }
    return Buffer.concat(model.parameters().map(({ data }) => Buffer.from(data.data.buffer)));
  };
  assert.ok((await trained(true)).equals(await trained(false)));
});

test("dropout is on in training mode only, and follows the seed", async () => {
  const model = await load({ hidden_dropout_prob: 0.5 });
  const loss = () => model(labelled()).loss.item();
  assert.equal(loss(), loss(), "a loaded model is in eval mode");
  model.train();
  set_seed(1);
  const first = [loss(), loss()];
  assert.notEqual(first[0], first[1], "each forward draws another mask");
  set_seed(1);
  assert.deepEqual([loss(), loss()], first);
  model.eval();
  assert.equal(loss(), loss());
});

test("frozen parameters keep their values; the others are trained", async () => {
  const model = await load();
  for (const parameter of model.base_model.parameters()) parameter.requires_grad = false;
  const values = () => model.parameters().map(({ data }) => data.tolist());
  const old = values();
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 0.1 });
  model(labelled()).loss.backward();
  optimizer.step();
  const frozen = new Set(model.base_model.parameters().map(({ name }) => name));
  assert.ok(frozen.size > 10 && frozen.size < old.length);
  for (const [i, { name }] of model.parameters().entries())
    if (frozen.has(name)) assert.deepEqual(values()[i], old[i], name);
    else assert.notDeepEqual(values()[i], old[i], name);
});

test("an optimizer wants parameters of one model, each once", async () => {
  const [model, other] = [await load(), await load()];
  const { AdamW } = torch.optim;
  assert.throws(() => new AdamW([]), /empty parameter list/);
  assert.throws(
    () => new AdamW([model.parameters()[0], other.parameters()[0]]),
    /must belong to one model/,
  );
  assert.throws(
    () => new AdamW([...model.parameters(), model.parameters()[0]]),
    /more than one parameter group/,
  );
  assert.throws(
    () => new AdamW(model.parameters(), { learning_rate: 1 }),
    /has no argument learning_rate; it has lr/,
  );
});

test("a job that cannot fit is refused before its first step, with the bytes", async () => {
  const core = get_core();
  let steps = 0;
  const trainer = new Trainer({
    model: await load(),
    args: new TrainingArguments("unused", { save_strategy: "no", disable_tqdm: true }),
    train_dataset: tokenized.train,
    processing_class: tokenizer,
    callbacks: [{ on_step_end: () => (steps += 1) }],
  });
  core.call("tl_context_set_max_bytes", core.context, core.memory_use().bytes + 100_000);
  try {
    await assert.rejects(trainer.train(), { status: "TL_ERR_MEMORY", message: /\d/ });
  } finally {
    core.call("tl_context_set_max_bytes", core.context, 0);
  }
  assert.equal(steps, 0);
});

test("what is freed cannot be used", async () => {
  const model = await load();
  model.free();
  assert.throws(() => model(texts()), /was used after free\(\)/);
});
