"""The datasets library's features: how they print, their JSON and YAML, how values are encoded and types inferred."""

import json

from datasets import ClassLabel, Dataset, Features, LargeList, List, Sequence, Value

from golden_io import GOLDENS, write_json

FEATURES = {
    "values": Features({dtype: Value(dtype) for dtype in ["string", "int64", "float", "double", "bool", "binary"]}),
    "times": Features({dtype: Value(dtype) for dtype in ["timestamp[us, tz=UTC]", "date32", "decimal128(3, 2)"]}),
    "labels": Features({"label": ClassLabel(names=["no", "it's", 'a "b"', "both ' and \""])}),
    "numbered": Features({"label": ClassLabel(num_classes=3)}),
    "lists": Features({"a": List(Value("int8")), "b": List(Value("int8"), length=5), "c": LargeList(Value("string"))}),
    "nested": Features(
        {
            "answers": {"text": List(Value("string")), "at": Value("int32")},
            "rows": List({"id": Value("int64"), "tags": List(ClassLabel(names=["x", "y"]))}),
            "deep": List(List(Value("float16"))),
        }
    ),
    "sequence_of_dict": Features({"s": Sequence({"t": Value("string"), "u": Value("int8")})}),
}

# What files written by older versions hold.
OLD_JSON = {
    "sequence": {"a": {"feature": {"dtype": "int32", "id": None, "_type": "Value"}, "length": -1, "_type": "Sequence"}},
    "sequence_of_dict": {"a": {"feature": {"b": {"dtype": "int32", "_type": "Value"}}, "length": 2, "_type": "Sequence"}},
    "list_of_one": {"a": [{"dtype": "string", "id": None, "_type": "Value"}]},
    "class_label": {"a": {"num_classes": 2, "names": ["n", "y"], "id": None, "_type": "ClassLabel"}},
}

CARDS = {
    "value": [{"name": "text", "dtype": "string"}],
    "class_label": [{"name": "label", "dtype": {"class_label": {"names": {"1": "yes", "0": "no"}}}}],
    "class_label_list": [{"name": "label", "dtype": {"class_label": {"names": ["no", "yes"]}}}],
    "sequence": [{"name": "ids", "sequence": "int32"}, {"name": "tags", "sequence": {"class_label": {"names": {"0": "O"}}}}],
    "sequence_of_dict": [{"name": "a", "sequence": [{"name": "b", "dtype": "int32"}, {"name": "c", "dtype": "string"}]}],
    "list_of_dict": [{"name": "a", "list": [{"name": "b", "dtype": "int32"}]}],
    "struct": [{"name": "a", "struct": [{"name": "b", "dtype": "int32"}, {"name": "c", "list": "string"}]}],
    "fixed": [{"name": "a", "list": "float32", "length": 3}],
    "large": [{"name": "a", "large_list": "string"}],
}

# A type, and what a value of it may be given as.
ENCODED = [
    [Value("string"), [3, "a", None, 1.5]],
    [Value("int32"), ["7", 3.9, -2.9, True, None]],
    [Value("float32"), ["1e3", 2, None]],
    [Value("bool"), [0, 1, "", "x", None]],
    [ClassLabel(names=["no", "yes"]), ["yes", " no ", "1", "-1", 0, -1, None]],
    [List(ClassLabel(names=["no", "yes"])), [["yes", "no"], [], None, [1, 0]]],
    [{"a": Value("int8"), "b": List(Value("int8"))}, [{"a": "1", "b": ["2"]}, {"b": [3]}, None]],
]

COLUMNS = {
    "integers": [1, 2, None],
    "numbers": [1, 2.5, None],
    "text": ["a", None],
    "truth": [True, None],
    "nulls": [None, None],
    "lists": [[1], [], None, [2.5]],
    "empty_lists": [[], []],
    "dicts": [{"x": 1}, {"y": [1.5]}, None],
    "lists_of_dicts": [[{"u": 1}], [{"v": "a"}], None],
    "input_ids": [[1, 2]],
    "attention_mask": [[1, 1]],
}


def generate():
    write_json(
        GOLDENS / "features.json",
        {
            "features": {
                name: {"repr": repr(each), "json": each.to_dict(), "yaml": each._to_yaml_list()}
                for name, each in FEATURES.items()
            },
            "old_json": {name: {"json": each, "repr": repr(Features.from_dict(each))} for name, each in OLD_JSON.items()},
            "cards": {
                name: {"yaml": each, "repr": repr(Features._from_yaml_list(json.loads(json.dumps(each))))}
                for name, each in CARDS.items()
            },
            "encoded": [
                {
                    "json": Features({"a": feature}).to_dict(),
                    "given": values,
                    "encoded": [Features({"a": feature}).encode_example({"a": value})["a"] for value in values],
                }
                for feature, values in ENCODED
            ],
            "inferred": {
                name: {"values": values, "repr": repr(Dataset.from_dict({name: values}).features[name])}
                for name, values in COLUMNS.items()
            },
        },
    )
