"""The course's section "Processing the data", line by line, and what each line gives."""

import hashlib
import json

import torch
from datasets import load_dataset
from torch.optim import AdamW
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, set_seed

SEED = 42


def digest(value):
    """SHA-256 of a value's compact JSON, which JavaScript writes with the same bytes: no text has to be kept."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def one_batch(tokenizer, checkpoint):
    """The loss of two sentences before and after a step of AdamW; the head is drawn from SEED, dropout is off."""
    set_seed(SEED)
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint)
    sequences = ["I've been waiting for a HuggingFace course my whole life.", "This course is amazing!"]
    batch = tokenizer(sequences, padding=True, truncation=True, return_tensors="pt")
    batch["labels"] = torch.tensor([1, 1])
    optimizer = AdamW(model.parameters())
    loss = model(**batch).loss
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        return [loss.item(), model(**batch).loss.item()]


def tokenized_split(split):
    columns = {name: split[name][:] for name in ("label", "input_ids", "token_type_ids", "attention_mask")}
    return {
        "printed": str(split),
        "features": str(split.features),
        "tokens": sum(len(row) for row in columns["input_ids"]),
        "columns": {name: digest(values) for name, values in columns.items()},
    }


def section(dataset, checkpoint, cache):
    """`dataset` is a folder laid out as the Hub's "glue"; the checkpoint is a BERT's."""
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    losses = one_batch(tokenizer, checkpoint)

    raw_datasets = load_dataset(dataset, "mrpc", cache_dir=cache)
    raw_train_dataset = raw_datasets["train"]
    element = raw_train_dataset[15]

    tokenized_sentences_1 = tokenizer(raw_datasets["train"]["sentence1"][:])
    tokenized_sentences_2 = tokenizer(raw_datasets["train"]["sentence2"][:])
    inputs = tokenizer("This is the first sentence.", "This is the second one.")
    tokenized_dataset = tokenizer(
        raw_datasets["train"]["sentence1"][:], raw_datasets["train"]["sentence2"][:], padding=True, truncation=True
    )

    def tokenize_function(example):
        return tokenizer(example["sentence1"], example["sentence2"], truncation=True)

    tokenized_datasets = raw_datasets.map(tokenize_function, batched=True)

    data_collator = DataCollatorWithPadding(tokenizer=tokenizer)
    samples = tokenized_datasets["train"][:8]
    samples = {k: v for k, v in samples.items() if k not in ["idx", "sentence1", "sentence2"]}
    batch = data_collator(samples)

    return {
        "losses": losses,
        "printed": str(raw_datasets),
        "features": str(raw_train_dataset.features),
        "first_row": digest(raw_train_dataset[0]),
        "labels": {"train 15": element["label"], "validation 87": raw_datasets["validation"][87]["label"]},
        "label_names": raw_train_dataset.features["label"].names,
        "element_15": [
            digest(tokenizer(element["sentence1"])["input_ids"]),
            digest(tokenizer(element["sentence2"])["input_ids"]),
            digest(tokenizer(element["sentence1"], element["sentence2"])["input_ids"]),
        ],
        "sentences": [digest(tokenized_sentences_1["input_ids"]), digest(tokenized_sentences_2["input_ids"])],
        "inputs": {name: list(values) for name, values in inputs.items()},
        "tokens": tokenizer.convert_ids_to_tokens(inputs["input_ids"]),
        "padded": {name: digest(rows) for name, rows in tokenized_dataset.items()},
        "splits": {name: tokenized_split(split) for name, split in tokenized_datasets.items()},
        "lengths": [len(x) for x in samples["input_ids"]],
        "shapes": {k: list(v.shape) for k, v in batch.items()},
        "batch": {k: digest(v.tolist()) for k, v in batch.items()},
    }
