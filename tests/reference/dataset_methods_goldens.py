"""What the datasets library's methods make of small tables: orders, splits, sorts, casts, several datasets as one."""

import hashlib

import numpy as np
from datasets import ClassLabel, Dataset, Features, List, Value, concatenate_datasets, interleave_datasets

from golden_io import GOLDENS, write_json

ROWS = 57
LARGE = 1_000_000
SHUFFLES = [0, 42, 2**40 + 1]
SPLITS = [
    {"seed": 42},
    {"test_size": 0.2, "seed": 42},
    {"test_size": 10, "seed": 1},
    {"train_size": 0.5, "seed": 1},
    {"train_size": 20, "test_size": 0.31, "seed": 3},
    {"test_size": 0.33, "shuffle": False},
    {"test_size": 0.2, "seed": 42, "stratify_by_column": "label"},
    {"test_size": 13, "train_size": 17, "seed": 7, "stratify_by_column": "label"},
]
REFUSED_SPLITS = [
    {"test_size": 57},
    {"test_size": 1.5},
    {"test_size": 0},
    {"train_size": -0.1},
    {"test_size": 0.7, "train_size": 0.6},
    {"test_size": 40, "train_size": 30},
    {"train_size": 0.01},
    {"test_size": 0.2, "stratify_by_column": "label", "shuffle": False},
    {"test_size": 2, "stratify_by_column": "label"},
]
SORTED = {
    "name": ["b", "a", None, "é", "Z", "a", "\U0001f600", "\uffee", "ab"],
    "n": [3, 1, 2, None, 1, 0, 3, -1, 1],
    "x": [0.5, None, float("nan"), -1.0, 2.0, 0.5, float("inf"), 0.5, float("nan")],
    "yes": [True, False, True, None, False, True, False, False, True],
}
SORTS = [
    ["name", {}],
    ["name", {"reverse": True}],
    ["n", {}],
    ["n", {"reverse": True, "null_placement": "at_start"}],
    ["x", {}],
    ["x", {"null_placement": "first"}],
    ["x", {"reverse": True}],
    ["yes", {}],
    [["n", "name"], {"reverse": [True, False]}],
    [["yes", "x"], {}],
]
ENCODED = {
    "integers": [10, 9, None, 10],
    "text": ["x", "Y", None, "x"],
    "numbers": [1.5, 2.0, None, 2.0],
    "truth": [True, False, None, True],
}
LABEL = ClassLabel(names=["no", "yes"])
CASTS = [
    [[1, 2, None], Value("int64"), Value("string")],
    [[True, False], Value("bool"), Value("string")],
    [["1", "-2", None], Value("string"), Value("int64")],
    [["1.5", "2"], Value("string"), Value("float32")],
    [[1.0, 2.0], Value("float64"), Value("int64")],
    [[0, 1, 5], Value("int64"), Value("bool")],
    [["true", "False", "1", "0"], Value("string"), Value("bool")],
    [["no", "yes", None], Value("string"), LABEL],
    [[0, 1, -1], Value("int64"), LABEL],
    [[1, 0], LABEL, Value("int8")],
    [[[1, 2], None, []], List(Value("int64")), List(Value("string"))],
    [[{"a": 1}, None], {"a": Value("int64")}, {"a": Value("string")}],
    [["a"], Value("string"), Value("large_string")],
    [["x"], Value("string"), Value("int64")],
    [[1.5], Value("float64"), Value("int64")],
    [[300], Value("int64"), Value("int8")],
    [["yes"], Value("string"), Value("bool")],
    [["maybe"], Value("string"), LABEL],
    [[[1]], List(Value("int64")), Value("int64")],
]
LENGTHS = [3, 4, 5]
INTERLEAVED = [
    {"stopping_strategy": strategy, **probabilities}
    for strategy in ["first_exhausted", "all_exhausted", "all_exhausted_without_replacement"]
    for probabilities in [{}, {"probabilities": [0.2, 0.3, 0.5], "seed": 42}, {"probabilities": [0.7, 0.1, 0.2], "seed": 1}]
]


def numbered(rows, start=0):
    return Dataset.from_dict({"i": list(range(start, start + rows))})


def labelled():
    dataset = numbered(ROWS).add_column("label", [(i * i) % 3 if i % 7 else 2 for i in range(ROWS)])
    return dataset.cast_column("label", ClassLabel(num_classes=3))


def split(arguments):
    parts = labelled().train_test_split(**arguments)
    return {"arguments": arguments, "train": parts["train"]["i"][:], "test": parts["test"]["i"][:]}


def refused_split(arguments):
    try:
        labelled().train_test_split(**arguments)
    except ValueError as error:
        return {"arguments": arguments, "error": str(error)}
    raise AssertionError(f"{arguments} were not refused")


def sort(columns, options):
    dataset = Dataset.from_dict({**SORTED, "i": list(range(len(SORTED["n"])))})
    return {"columns": columns, "options": options, "order": dataset.sort(columns, **options)["i"][:]}


def encode(name, values, include_nulls):
    made = Dataset.from_dict({name: values}).class_encode_column(name, include_nulls=include_nulls)
    return {"name": name, "include_nulls": include_nulls, "feature": repr(made.features[name]), "values": made[name][:]}


def cast(values, old, new):
    dataset = Dataset.from_dict({"a": values}, features=Features({"a": old}))
    case = {"values": values, "from": Features({"a": old}).to_dict(), "to": Features({"a": new}).to_dict()}
    try:
        return {**case, "cast": dataset.cast_column("a", new)["a"][:]}
    except (ValueError, TypeError):
        return {**case, "cast": None}


def several():
    first = Dataset.from_dict({"a": [1, 2], "b": ["x", "y"]})
    second = Dataset.from_dict({"c": [0.5], "a": [None]})
    below, beside = concatenate_datasets([first, second]), concatenate_datasets([first, numbered(2)], axis=1)
    return {
        "below": {"rows": below[:], "features": repr(below.features)},
        "beside": {"rows": beside[:], "features": repr(beside.features)},
    }


def interleave(arguments):
    starts = np.cumsum([0, *LENGTHS[:-1]]).tolist()
    parts = [numbered(length, start) for length, start in zip(LENGTHS, starts)]
    return {"arguments": arguments, "order": interleave_datasets(parts, **arguments)["i"][:]}


def shard(rows, num_shards, contiguous):
    parts = [numbered(rows).shard(num_shards, index, contiguous=contiguous)["i"][:] for index in range(num_shards)]
    return {"rows": rows, "num_shards": num_shards, "contiguous": contiguous, "parts": parts}


def large_shuffle():
    order = np.asarray(numbered(LARGE).shuffle(seed=42).with_format("numpy")["i"][:])
    return hashlib.sha256(order.astype("<i4").tobytes()).hexdigest()


def generate():
    write_json(
        GOLDENS / "dataset_methods.json",
        {
            "rows": ROWS,
            "labels": labelled()["label"][:],
            "shuffles": {seed: numbered(ROWS).shuffle(seed=seed)["i"][:] for seed in SHUFFLES},
            "shuffled_twice": numbered(ROWS).shuffle(seed=1).shuffle(seed=1)["i"][:],
            "large_shuffle": large_shuffle(),
            "splits": [split(arguments) for arguments in SPLITS],
            "refused_splits": [refused_split(arguments) for arguments in REFUSED_SPLITS],
            # NaN is no JSON: "nan" and "inf" stand for the numbers.
            "sorted": {
                name: [str(v) if isinstance(v, float) and not np.isfinite(v) else v for v in values]
                for name, values in SORTED.items()
            },
            "sorts": [sort(*case) for case in SORTS],
            "unencoded": ENCODED,
            "encoded": [encode(name, values, nulls) for name, values in ENCODED.items() for nulls in [False, True]],
            "casts": [cast(*case) for case in CASTS],
            "several": several(),
            "lengths": LENGTHS,
            "interleaved": [interleave(arguments) for arguments in INTERLEAVED],
            "shards": [shard(10, 3, True), shard(10, 3, False), shard(4, 4, True)],
        },
    )
