"""Writes the goldens: `python generate.py` for all, or `python generate.py rng models …` for some parts."""

import os
import sys

# Nothing here may reach the network, and no cache may stand in for a file.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

import datasets
import torch
from transformers.utils import logging

import checkpoint_goldens
import course_goldens
import data_files_goldens
import dataset_layout_goldens
import dataset_methods_goldens
import encoder_goldens
import features_goldens
import fresh_goldens
import hand_loop_goldens
import iterable_goldens
import length_grouping_goldens
import loading_goldens
import lora_goldens
import metrics_goldens
import model_goldens
import numpy_goldens
import optimizer_goldens
import pair_task
import parquet_goldens
import rng_goldens
import read_instruction_goldens
import tokenizer_class_goldens
import tokenizer_corners_goldens
import tokenizer_folders_goldens
import tokenizer_goldens
import tokenizer_kinds_goldens
import trainer_goldens
import unigram_scores_goldens

PARTS = {
    "rng": rng_goldens.generate,
    "features": features_goldens.generate,
    "parquet": parquet_goldens.generate,
    "data_files": data_files_goldens.generate,
    "dataset_layouts": dataset_layout_goldens.generate,
    "read_instruction": read_instruction_goldens.generate,
    "dataset_methods": dataset_methods_goldens.generate,
    "iterable": iterable_goldens.generate,
    "numpy": numpy_goldens.generate,
    "models": model_goldens.generate,
    "loading": loading_goldens.generate,
    "checkpoints": checkpoint_goldens.generate,
    "encoder": encoder_goldens.generate,
    "fresh": fresh_goldens.generate,
    "lora": lora_goldens.generate,
    "tokenizer": tokenizer_goldens.generate,
    "tokenizer_kinds": tokenizer_kinds_goldens.generate,
    "tokenizer_classes": tokenizer_class_goldens.generate,
    "tokenizer_corners": tokenizer_corners_goldens.generate,
    "tokenizer_folders": tokenizer_folders_goldens.generate,
    "unigram_scores": unigram_scores_goldens.generate,
    "optimizer": optimizer_goldens.generate,
    "metrics": metrics_goldens.generate,
    "pair_task": pair_task.generate,
    "course": course_goldens.generate,
    "trainer": trainer_goldens.generate,
    "hand_loop": hand_loop_goldens.generate,
    "length_grouping": length_grouping_goldens.generate,
}


def main(names):
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"Unknown part {', '.join(unknown)}: expected some of {', '.join(PARTS)}.")
    # One thread, because the order of a sum over threads is the order of its roundings.
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    datasets.disable_progress_bars()
    for name in names or PARTS:
        print(f"{name} …", flush=True)
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
