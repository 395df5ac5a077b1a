"""The order of rows that transformers draws to put those of about one length together."""

import random

import torch
from transformers.trainer_pt_utils import get_length_grouped_indices

from golden_io import GOLDENS, write_json

# Rows, the longest row, rows in a group, batches in a mega-batch, seed. Few lengths: many rows are equally long.
CASES = [
    (1, 5, 1, None, 0),
    (7, 9, 8, None, 1),
    (33, 12, 8, None, 2),
    (141, 30, 8, None, 42),
    (141, 3, 16, 2, 43),
    (500, 64, 2, None, 44),
]


def case(rows, longest, batch_size, mega_batch_mult, seed):
    choose = random.Random(seed)
    lengths = [choose.randint(1, longest) for _ in range(rows)]
    generator = torch.Generator().manual_seed(seed)
    order = get_length_grouped_indices(lengths, batch_size, mega_batch_mult, generator)
    return {
        "lengths": lengths,
        "batch_size": batch_size,
        "mega_batch_mult": mega_batch_mult,
        "seed": seed,
        "order": order,
        "second_order": get_length_grouped_indices(lengths, batch_size, mega_batch_mult, generator),
    }


def generate():
    write_json(GOLDENS / "length_grouping.json", {"cases": [case(*settings) for settings in CASES]})
