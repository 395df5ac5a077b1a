"""Whether transformers predicts what Tunelab predicted: the saved folders of `npm run mrpc`, all validation pairs.

    python mrpc_agreement.py --runs FOLDER --data FOLDER

--runs holds seed-*/ with a saved model and predictions.jsonl; --data holds MRPC's validation.tsv. Ends with status 1 if
one prediction differs or transformers reports a weight that is missing or left over.
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from mrpc_baseline import read_split
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def predictions_of(folder, validation):
    """The labels that transformers gives, one pair at a time (nothing is padded), and whether the folder fits."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    model.eval()
    labels, scores = [], []
    with torch.no_grad():
        for row in validation:
            inputs = tokenizer(row["sentence1"], row["sentence2"], truncation=True, return_tensors="pt")
            probabilities = model(**inputs).logits.softmax(-1)[0]
            labels.append(model.config.id2label[int(probabilities.argmax())])
            scores.append(float(probabilities.max()))
    fits = not any(report[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    return labels, scores, fits


def compare(folder, validation):
    """Prints one line about a folder; True if all is equal."""
    labels, scores, fits = predictions_of(folder, validation)
    ours = [json.loads(line) for line in (folder / "predictions.jsonl").read_text(encoding="utf-8").splitlines()]
    if len(ours) != len(labels):
        raise SystemExit(f"{folder}: {len(ours)} predictions for {len(labels)} pairs.")
    equal = sum(mine["label"] == theirs for mine, theirs in zip(ours, labels))
    furthest = max(abs(mine["score"] - theirs) for mine, theirs in zip(ours, scores))
    weights = "all weights fit" if fits else "WEIGHTS DO NOT FIT"
    print(f"{folder.name}: {equal} of {len(labels)} predictions equal, scores within {furthest:.1e}, {weights}")
    return fits and equal == len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    folders = sorted(options.runs.glob("seed-*"))
    if not folders:
        raise SystemExit(f"{options.runs} holds no seed-*/ folders; run `npm run mrpc` first.")
    validation = read_split(options.data / "validation.tsv")
    results = [compare(folder, validation) for folder in folders]
    raise SystemExit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
