"""The MRPC baseline: transformers' Trainer with the course's settings; accuracy and F1 on validation, one run per seed.

    python mrpc_baseline.py --model FOLDER --data FOLDER --seed 42 43 44 --output results.json

--data holds train.tsv and validation.tsv in MRPC's own layout: a header, then Quality, two ids, two sentences, with
tabs between and quotation marks that are plain characters.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from datasets import Dataset
from sklearn.metrics import accuracy_score, f1_score
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)


def read_split(path):
    """The rows of one TSV file. Split by hand: a CSV reader would join lines at an unpaired quotation mark."""
    lines = path.read_text(encoding="utf-8-sig").rstrip("\n").split("\n")
    rows = [line.split("\t") for line in lines[1:]]
    bad = [number for number, row in enumerate(rows, start=2) if len(row) != 5]
    if bad:
        raise SystemExit(f"{path}: line {bad[0]} does not have the 5 columns of MRPC.")
    return Dataset.from_list([{"sentence1": r[3], "sentence2": r[4], "label": int(r[0])} for r in rows])


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions)}


def run(model_folder, train, validation, tokenizer, seed, epochs):
    """One fine-tuning, the seed set before the head is drawn; every setting but the reporting and, where asked for, the
    epochs is the default."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            seed=seed,
            num_train_epochs=epochs,
            eval_strategy="epoch",
            save_strategy="no",
            logging_steps=50,
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
        )
        set_seed(seed)
        model = AutoModelForSequenceClassification.from_pretrained(model_folder, num_labels=2)
        trainer = Trainer(
            model,
            arguments,
            train_dataset=train,
            eval_dataset=validation,
            data_collator=DataCollatorWithPadding(tokenizer=tokenizer),
            processing_class=tokenizer,
            compute_metrics=compute_metrics,
        )
        start = time.time()
        trainer.train()
        seconds = time.time() - start
        history = trainer.state.log_history
    final = [entry for entry in history if "eval_accuracy" in entry][-1]
    return {
        "seed": seed,
        "accuracy": final["eval_accuracy"],
        "f1": final["eval_f1"],
        "seconds": seconds,
        "log_history": history,
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, nargs="+", default=[42, 43, 44])
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    return parser.parse_args()


def main():
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    start = time.time()
    tokenizer = AutoTokenizer.from_pretrained(options.model)

    def tokenize_function(example):
        return tokenizer(example["sentence1"], example["sentence2"], truncation=True)

    train, validation = (
        read_split(options.data / f"{split}.tsv").map(tokenize_function, batched=True)
        for split in ("train", "validation")
    )
    runs = []
    for seed in options.seed:
        runs.append(run(options.model, train, validation, tokenizer, seed, options.epochs))
        # Written after every seed, so that a run cut short keeps what it has.
        means = {key: float(np.mean([r[key] for r in runs])) for key in ("accuracy", "f1", "seconds")}
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(
            json.dumps(
                {
                    "threads": options.threads,
                    "wall_seconds": time.time() - start,  # since before the files were read
                    "mean": means,
                    "runs": runs,
                },
                indent=1,
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
