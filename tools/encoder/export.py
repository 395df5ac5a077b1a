"""Writes assets/hub/tunelab/MiniLM-L4-H192-uncased/ from a run of distil.py.

    python tools/encoder/export.py --cache FOLDER --run NAME
"""

import argparse
import json
from pathlib import Path

import torch
from transformers.utils import logging

from minilm_card import minilm_card
from student import new_student
from vocabulary import student_tokenizer

TARGET = Path(__file__).parents[2] / "assets/hub/tunelab/MiniLM-L4-H192-uncased"
LIMIT = 8_000_000


def write_tokenizer(entries):
    """tokenizer.json and tokenizer_config.json by transformers, and the two files that older readers look for."""
    tokenizer = student_tokenizer(entries)
    tokenizer.save_pretrained(TARGET)
    (TARGET / "vocab.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
    special = json.dumps(tokenizer.special_tokens_map, indent=2)
    (TARGET / "special_tokens_map.json").write_text(special + "\n", encoding="utf-8")


def write_model(model):
    # Half precision in the file for its size alone; config.json asks readers to compute in single precision.
    model.half().save_pretrained(TARGET)
    config = json.loads((TARGET / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float32"
    (TARGET / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    arguments = parser.parse_args()
    logging.disable_progress_bar()
    folder = arguments.cache / arguments.run
    entries = (folder / "entries.txt").read_text(encoding="utf-8").split("\n")[:-1]
    state = torch.load(folder / "checkpoint.pt")
    student = new_student(len(entries), seed=0)
    student.load_state_dict(state["student"])
    TARGET.mkdir(parents=True, exist_ok=True)
    write_tokenizer(entries)
    write_model(student)
    card = minilm_card(len(entries), student.num_parameters(), state["pieces"], state["seconds"])
    (TARGET / "README.md").write_text(card, encoding="utf-8")
    size = sum(path.stat().st_size for path in TARGET.iterdir())
    print(f"{student.num_parameters():,} parameters, {size:,} bytes")
    if size > LIMIT:
        raise SystemExit(f"the folder has {size} bytes, more than {LIMIT}: make VOCABULARY in distil.py smaller")


if __name__ == "__main__":
    main()
