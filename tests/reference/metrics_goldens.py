"""Metrics as scikit-learn and SciPy give them, the corners where a denominator is zero included."""

import warnings

import torch
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, precision_score, recall_score

from golden_io import GOLDENS, write_json

AVERAGES = ["macro", "micro", "weighted"]


def binary(references, predictions):
    return {
        "f1": f1_score(references, predictions),
        "precision": precision_score(references, predictions),
        "recall": recall_score(references, predictions),
    }


def averaged(references, predictions):
    scores = {"f1": f1_score, "precision": precision_score, "recall": recall_score}
    return {
        f"{name}_{average}": score(references, predictions, average=average)
        for name, score in scores.items()
        for average in AVERAGES
    }


def case(name, references, predictions):
    values = {"accuracy": accuracy_score(references, predictions)} | averaged(references, predictions)
    if set(references) | set(predictions) <= {0, 1}:
        values |= binary(references, predictions)
    values["f1_macro_of_1_and_2"] = f1_score(references, predictions, average="macro", labels=[1, 2])
    values["matthews_correlation"] = matthews_corrcoef(references, predictions)
    values["f1_per_class"] = f1_score(references, predictions, average=None).tolist()
    return {
        "name": name,
        "references": references,
        "predictions": predictions,
        "values": {key: value if isinstance(value, list) else float(value) for key, value in values.items()},
    }


def random_classes(count, classes, seed):
    return torch.randint(0, classes, (count,), generator=torch.Generator().manual_seed(seed)).tolist()


def correlation_case(name, references, predictions):
    return {
        "name": name,
        "references": references,
        "predictions": predictions,
        "pearsonr": float(pearsonr(references, predictions)[0]),
        "spearmanr": float(spearmanr(references, predictions)[0]),
    }


def random_numbers(count, seed):
    return torch.randn(count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).tolist()


def correlation_cases():
    x, noise = random_numbers(200, 5), random_numbers(200, 6)
    return [
        correlation_case("independent", x, noise),
        correlation_case("close", x, [a + 0.1 * b for a, b in zip(x, noise)]),
        correlation_case("against", x, [-a for a in x]),
        correlation_case("curved", x, [a**3 for a in x]),
        correlation_case("with ties", [0.0, 1.0, 1.0, 2.5, 5.0, 5.0, 5.0], [0.2, 1.0, 0.9, 0.9, 4.0, 4.5, 4.0]),
    ]


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
    write_json(GOLDENS / "correlations.json", {item["name"]: item for item in correlation_cases()})
