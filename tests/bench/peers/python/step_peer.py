"""A training step in PyTorch and transformers, timed on request; suites/pytorch.js takes turns with it.

Reads one JSON object a line: {"C", "L", "H", "F", "B", "S": sizes, "threads", "steps"}; answers with one line, the
seconds of each step; {"about": true} is answered by the versions instead. A step is what step_bench.c does: zero_grad,
forward with the loss, backward, clip_grad_norm_, AdamW; dropout on, random weights, full sequences. The model stays
until another one is asked for.
"""

import json
import sys
import time

import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification

VOCABULARY = 30522


class Job:
    """One model, its optimizer and its batch."""

    def __init__(self, sizes):
        torch.manual_seed(42)
        config = BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=sizes["C"],
            num_hidden_layers=sizes["L"],
            num_attention_heads=sizes["H"],
            intermediate_size=sizes["F"],
        )
        self.model = BertForSequenceClassification(config).train()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-5)
        rows, columns = sizes["B"], sizes["S"]
        self.batch = {
            "input_ids": torch.randint(1, VOCABULARY, (rows, columns)),
            "attention_mask": torch.ones(rows, columns, dtype=torch.long),
            "labels": torch.arange(rows) % 2,
        }

    def step(self):
        self.optimizer.zero_grad()
        self.model(**self.batch).loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def about():
    libraries = {"MKL": torch.backends.mkl.is_available(), "oneDNN": torch.backends.mkldnn.is_available()}
    used = " and ".join(name for name, there in libraries.items() if there) or "neither MKL nor oneDNN"
    return f"PyTorch {torch.__version__} with {used}, transformers {transformers.__version__}"


def main():
    sizes, job = None, None
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("about"):
            print(json.dumps(about()), flush=True)
            continue
        torch.set_num_threads(request["threads"])
        wanted = {key: request[key] for key in "CLHFBS"}
        if wanted != sizes:
            job = None  # the old model goes before the new one comes
            sizes, job = wanted, Job(wanted)
        job.step()  # warms the caches and the threads
        print(json.dumps([seconds_of(job.step) for _ in range(request["steps"])]), flush=True)


if __name__ == "__main__":
    main()
