"""The pair task on disk (train and validation JSON Lines, a model folder) and loaded the way the course loads it."""

import json

from datasets import Dataset
from transformers import AutoTokenizer, BertModel, DataCollatorWithPadding

from golden_io import GOLDENS, fresh_folder, write_json
from pair_text import pairs
from tiny_models import bert_config, fill_with_large_weights
from tiny_tokenizer import write_tokenizer

FOLDER = GOLDENS / "pair_task"
MODEL = FOLDER / "model"
# Neither is a multiple of 8: the last batch of an epoch is short.
TRAIN_ROWS, VALIDATION_ROWS = 141, 45
POSITIONS = 40


def write_rows(name, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / f"{name}.jsonl").write_text(text, encoding="utf-8")


def read_rows(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def encodings(split):
    return {key: split[key][:] for key in ("input_ids", "token_type_ids")}


def generate():
    """Writes both splits and an encoder without a head (BertModel), so that loading it draws the head."""
    fresh_folder("pair_task")
    train, validation = pairs(TRAIN_ROWS, 1), pairs(VALIDATION_ROWS, 2)
    write_rows("train", train)
    write_rows("validation", validation)
    texts = [row[key] for row in train + validation for key in ("sentence1", "sentence2")]
    MODEL.mkdir()
    _, size = write_tokenizer(MODEL, texts, POSITIONS)
    config = bert_config(vocabulary=size, positions=POSITIONS)
    fill_with_large_weights(BertModel(config), 400).save_pretrained(MODEL)
    encoded_train, encoded_validation, _ = load()
    write_json(
        FOLDER / "encoded.json", {"train": encodings(encoded_train), "validation": encodings(encoded_validation)}
    )


def load():
    """Tokenized splits and the collator. Training rows keep their number in `row`, which the collator may record."""
    tokenizer = AutoTokenizer.from_pretrained(MODEL)

    def tokenize_function(example):
        return tokenizer(example["sentence1"], example["sentence2"], truncation=True)

    def split(name):
        return Dataset.from_list(read_rows(name)).map(
            tokenize_function, batched=True, remove_columns=["sentence1", "sentence2"]
        )

    train = split("train")
    train = train.add_column("row", list(range(len(train))))
    return train, split("validation"), DataCollatorWithPadding(tokenizer=tokenizer)


class RecordingCollator:
    """Collates as `collator` does and notes which training rows each batch holds."""

    def __init__(self, collator):
        self.collator = collator
        self.rows = []

    def __call__(self, features):
        if "row" in features[0]:
            self.rows.append([feature["row"] for feature in features])
            features = [{key: value for key, value in feature.items() if key != "row"} for feature in features]
        return self.collator(features)
