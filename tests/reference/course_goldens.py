"""What the course's section on data gives: from a dataset in MRPC's columns that is made here and, where TUNELAB_MRPC
and TUNELAB_MINILM_DIR are set, from MRPC itself (hashes only, since its sentences are not ours to give)."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from datasets import ClassLabel, Dataset, Features, Value

from course_section import section
from golden_io import GOLDENS, fresh_folder, write_json
from mrpc_tokens import read_sentences
from pair_task import MODEL
from pair_text import pairs

FOLDER = GOLDENS / "course"
FEATURES = Features(
    {
        "sentence1": Value("string"),
        "sentence2": Value("string"),
        "label": ClassLabel(names=["not_equivalent", "equivalent"]),
        "idx": Value("int32"),
    }
)
# The validation split has an element 87, and no split's size is a multiple of 8.
ROWS = {"train": (141, 11), "validation": (93, 12), "test": (21, 13)}
CARD = """---
dataset_info:
- config_name: mrpc
  features:
  - name: sentence1
    dtype: string
  - name: sentence2
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': not_equivalent
          '1': equivalent
  - name: idx
    dtype: int32
configs:
- config_name: mrpc
  data_files:
"""


def write_glue(folder, splits, shards):
    """A dataset laid out as the Hub's "glue": a card and, for each split, Parquet files of small row groups."""
    (folder / "mrpc").mkdir(parents=True)
    card = CARD
    for name, rows in splits.items():
        dataset = Dataset.from_list([{**row, "idx": i} for i, row in enumerate(rows)], features=FEATURES)
        for shard in range(shards):
            path = folder / "mrpc" / f"{name}-{shard:05}-of-{shards:05}.parquet"
            dataset.shard(shards, shard, contiguous=True).to_parquet(path, batch_size=50)
        card += f"  - split: {name}\n    path: mrpc/{name}-*\n"
    (folder / "README.md").write_text(card + "---\n", encoding="utf-8")


def mrpc_rows(path):
    sentences = read_sentences(path)
    labels = [int(line[0]) for line in path.read_text(encoding="utf-8-sig").split("\n")[1:] if line]
    return [
        {"sentence1": sentences[2 * i], "sentence2": sentences[2 * i + 1], "label": label}
        for i, label in enumerate(labels)
    ]


def bert_checkpoint(folder, minilm):
    """MiniLM's weights with bert-base-uncased's tokenizer: its vocabulary, and nothing that pads by itself."""
    folder.mkdir()
    for name in ("config.json", "model.safetensors", "vocab.txt"):
        shutil.copy(minilm / name, folder / name)
    settings = {"do_lower_case": True, "model_max_length": 512, "tokenizer_class": "BertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def generate():
    glue = fresh_folder("course", "glue")
    write_glue(glue, {name: pairs(*given) for name, given in ROWS.items()}, shards=2)
    with tempfile.TemporaryDirectory() as cache:
        write_json(FOLDER / "section.json", section(str(glue), MODEL, cache))
    if not {"TUNELAB_MRPC", "TUNELAB_MINILM_DIR"} <= os.environ.keys():
        print("mrpc.json stays as it is: TUNELAB_MRPC and TUNELAB_MINILM_DIR are not set")
        return
    mrpc = Path(os.environ["TUNELAB_MRPC"])
    with tempfile.TemporaryDirectory() as cache:
        glue = Path(cache) / "glue"
        write_glue(glue, {name: mrpc_rows(mrpc / f"{name}.tsv") for name in ("train", "validation")}, shards=1)
        checkpoint = bert_checkpoint(Path(cache) / "bert", Path(os.environ["TUNELAB_MINILM_DIR"]))
        write_json(FOLDER / "mrpc.json", section(str(glue), checkpoint, cache))
