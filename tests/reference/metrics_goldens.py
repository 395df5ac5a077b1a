"""accuracy, F1, precision and recall as scikit-learn gives them, the corners where a denominator is zero included."""

import warnings

import torch
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from golden_io import GOLDENS, write_json

AVERAGES = ["macro", "micro", "weighted"]


def binary(references, predictions):
    return {
        "f1": f1_score(references, predictions),
        "precision": precision_score(references, predictions),
        "recall": recall_score(references, predictions),
    }


def averaged(references, predictions):
    return {f"f1_{average}": f1_score(references, predictions, average=average) for average in AVERAGES}


def case(name, references, predictions):
    values = {"accuracy": accuracy_score(references, predictions)} | averaged(references, predictions)
    if set(references) | set(predictions) <= {0, 1}:
        values |= binary(references, predictions)
    values["f1_per_class"] = f1_score(references, predictions, average=None).tolist()
    return {
        "name": name,
        "references": references,
        "predictions": predictions,
        "values": {key: value if isinstance(value, list) else float(value) for key, value in values.items()},
    }


def random_classes(count, classes, seed):
    return torch.randint(0, classes, (count,), generator=torch.Generator().manual_seed(seed)).tolist()


def generate():
    with warnings.catch_warnings():
        # scikit-learn warns where it sets an undefined ratio to 0; that value is what the goldens keep.
        warnings.simplefilter("ignore")
        cases = [
            case("binary, mixed", [0, 1, 1, 0, 1, 1, 0], [0, 1, 0, 0, 1, 1, 1]),
            case("binary, all right", [0, 1, 1, 0], [0, 1, 1, 0]),
            case("binary, all wrong", [0, 1, 1, 0], [1, 0, 0, 1]),
            case("no positive reference", [0, 0, 0, 0], [0, 1, 0, 0]),
            case("no positive prediction", [0, 1, 1, 0], [0, 0, 0, 0]),
            case("no positive at all", [0, 0, 0], [0, 0, 0]),
            case("only positives", [1, 1, 1], [1, 1, 1]),
            case("one row", [1], [0]),
            case("three classes", [0, 1, 2, 2, 1, 0, 2], [0, 2, 2, 2, 1, 1, 0]),
            case("a class that is only predicted", [0, 0, 1, 1], [0, 2, 1, 1]),
            case("a class that is never predicted", [0, 1, 2, 2], [0, 1, 1, 0]),
            case("a gap in the class numbers", [0, 3, 3, 5], [0, 3, 5, 5]),
            case("binary, 408 rows", random_classes(408, 2, 1), random_classes(408, 2, 2)),
            case("six classes, 300 rows", random_classes(300, 6, 3), random_classes(300, 6, 4)),
        ]
    write_json(GOLDENS / "metrics.json", {item["name"]: item for item in cases})
