"""Which files of a folder the datasets library takes for which split: by their names, by patterns, by the card."""

import tempfile
from pathlib import Path

from datasets import load_dataset

from golden_io import GOLDENS, write_json

# Name: the folder's files, each with its own path as its one row; the card's YAML; load_dataset's options.
CASES = {
    "two words in one name": (["train_val.jsonl", "test.jsonl"], None, {}),
    "words at the ends of names": (["my-train.jsonl", "x.dev.jsonl", "eval2.jsonl", "2test3.jsonl"], None, {}),
    "words within words": (["strain.jsonl", "contest.jsonl", "training1.jsonl"], None, {}),
    "capital letters": (["Train.jsonl", "test.jsonl"], None, {}),
    "folders before files": (["train/test.jsonl", "train/b.jsonl", "dev/train.jsonl"], None, {}),
    "folders of folders": (["a/train-x/1.jsonl", "a/val_2/2.jsonl", "a/3.jsonl"], None, {}),
    "two words in one folder": (["train_test/1.jsonl", "dev/2.jsonl"], None, {}),
    "folder and file words": (["train/1.jsonl", "validation.jsonl"], None, {}),
    "several files of a split": (["train_b.jsonl", "train_a.jsonl", "a_train.jsonl", "z/training.jsonl"], None, {}),
    "other names alone": (["b.jsonl", "a/c.jsonl", "a.jsonl"], None, {}),
    "shards": (["data/test-00000-of-00001.jsonl", "data/extra-00000-of-00001.jsonl", "data/train-00001-of-00002.jsonl",
                "data/train-00000-of-00002.jsonl", "train.jsonl"], None, {}),
    "shards elsewhere": (["x/train-00000-of-00001.jsonl", "x/extra-00000-of-00001.jsonl"], None, {}),
    "shards with hashes": (["data/train-00000-of-00001-abc123.jsonl", "data/test-00000-of-00001-d.jsonl"], None, {}),
    "hidden files and folders": ([".train.jsonl", "__x__/train.jsonl", ".git/train.jsonl", "_train.jsonl"], None, {}),
    "a pattern": (["a1.jsonl", "a2.jsonl", "b/a3.jsonl"], None, {"data_files": "a*.jsonl"}),
    "a pattern for all folders": (["a1.jsonl", "b/a2.jsonl", "b/c/a3.jsonl"], None, {"data_files": "**/a*.jsonl"}),
    "a list of patterns": (["a.jsonl", "b.jsonl", "c.jsonl"], None, {"data_files": ["c.jsonl", "[ab].jsonl"]}),
    "patterns by split": (["a.jsonl", "b.jsonl", "c.jsonl"], None,
                          {"data_files": {"test": "c.jsonl", "train": ["b.jsonl", "a*"]}}),
    "patterns that share files": (["a.jsonl", "b.jsonl"], None, {"data_files": ["a.jsonl", "*.jsonl"]}),
    "a list of splits": (["a.jsonl", "b.jsonl"], None, {"data_files": [{"split": "dev", "path": "b.jsonl"}]}),
    "a folder whose name is a word": (["test/a-train.jsonl", "test/b.jsonl", "c.jsonl"], None, {"data_dir": "test"}),
    "a folder": (["x/train.jsonl", "x/test.jsonl", "train.jsonl"], None, {"data_dir": "x"}),
    "a folder and patterns": (["x/a.jsonl", "x/b.jsonl", "a.jsonl"], None, {"data_dir": "x", "data_files": "a*"}),
    "a card's files": (["a.jsonl", "b.jsonl"], "configs: [{config_name: x, data_files: b.jsonl}]", {}),
    "a card's list": (["a.jsonl", "b.jsonl"], "configs: [{config_name: x, data_files: [b.jsonl, a.jsonl]}]", {}),
    "a card's splits": (["a.jsonl", "b.jsonl", "c.jsonl"],
                        "configs: [{config_name: x, data_files: [{split: test, path: a.jsonl},"
                        " {split: dev, path: [c.jsonl, 'b*']}]}]", {}),
    "a card's folder": (["x/train.jsonl", "x/test.jsonl", "y/train.jsonl"],
                        "configs: [{config_name: x, data_dir: x}, {config_name: y, data_dir: y}]", {"name": "x"}),
    "a card's folder and files": (["x/a.jsonl", "x/b.jsonl", "a.jsonl"],
                                  "configs: [{config_name: x, data_dir: x, data_files: a.jsonl}]", {}),
    "a card's default": (["a.jsonl", "b.jsonl"],
                         "configs: [{config_name: x, data_files: a.jsonl},"
                         " {config_name: y, data_files: b.jsonl, default: true}]", {}),
    "a card's configuration called default": (["a.jsonl", "b.jsonl"],
                         "configs: [{config_name: x, data_files: a.jsonl},"
                         " {config_name: default, data_files: b.jsonl}]", {}),
    "patterns over the card's": (["a.jsonl", "b.jsonl"], "configs: [{config_name: x, data_files: a.jsonl}]",
                                 {"data_files": "b.jsonl"}),
    "a card without configurations": (["train.jsonl", "test.jsonl"], "license: mit", {}),
    "other files beside": (["train.jsonl", "notes.md", "LICENSE", "config.json"], None, {}),
    "texts beside tables": (["train.jsonl", "test.jsonl", "train_notes.txt"], None, {}),
}


def layout(paths, card, options):
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        for path in paths:
            Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, path).write_text(f'{{"path": "{path}"}}\n')
        if card:
            Path(folder, "README.md").write_text(f"---\n{card}\n---\n")
        splits = load_dataset(folder, cache_dir=cache, **options)
        return {split: rows["path"][:] for split, rows in splits.items()}


def generate():
    cases = [
        {"name": name, "paths": paths, "card": card, "options": options, "splits": layout(paths, card, options)}
        for name, (paths, card, options) in CASES.items()
    ]
    write_json(GOLDENS / "dataset_layouts.json", {"cases": cases})
