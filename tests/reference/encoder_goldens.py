"""What transformers computes with the embedded encoder under a new head, and that it loads the folder as it should."""

from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, set_seed

from golden_io import GOLDENS, float32_list, write_json

FOLDER = Path(__file__).parents[2] / "assets/hub/tunelab/MiniLM-L4-H192-uncased"
SEED = 42
TEXTS = [
    ["The train was late again, and nobody told us why.", None],
    ["He swam out to the buoy.", "Out to the buoy he swam, then back."],
    ["Unforgettable: a film with wit & heart!", "It cost $12.50 (popcorn included)."],
    ["Naïve cafés, ünïcode, and a zyzzyva.", None],
]


def generate():
    set_seed(SEED)
    model, report = AutoModelForSequenceClassification.from_pretrained(FOLDER, num_labels=6, output_loading_info=True)
    # Nothing but the new head may be missing, and nothing of the file may be left over.
    problems = {name: sorted(found) for name, found in report.items() if found}
    if problems != {"missing_keys": ["classifier.bias", "classifier.weight"]}:
        raise SystemExit(f"transformers reports more than a new head: {problems}")
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    rows = [tokenizer(first, second) for first, second in TEXTS]
    with torch.no_grad():
        logits = [model.eval().double()(**tokenizer(a, b, return_tensors="pt")).logits[0] for a, b in TEXTS]
    write_json(
        GOLDENS / "encoder.json",
        {
            "seed": SEED,
            "texts": TEXTS,
            "input_ids": [row["input_ids"] for row in rows],
            "token_type_ids": [row["token_type_ids"] for row in rows],
            "logits": [float32_list(row) for row in logits],
        },
    )
