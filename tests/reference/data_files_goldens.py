"""What the datasets library reads from small CSV, JSON and text files: types and values, of one split and of several."""

import math
import tempfile
from pathlib import Path

from datasets import Features, load_dataset

from golden_io import GOLDENS, write_json

# Kind, name: the file's text, load_dataset's options.
CASES = {
    ("csv", "quotes within cells are text"): ('a,b\n1,5" pipe and 6" pipe\n2,x"y\n', {}),
    ("csv", "text after a closing quote goes on"): ('a,b\n1,"x"y\n2,"z, ""w"""\n', {}),
    ("csv", "a quote after a space is text"): ('a,b\n1, "x"\n2,y\n', {}),
    ("csv", "line ends within quotes stay"): ('a,b\r\n1,"x\r\ny"\r\n2,"p\rq"\r\n', {}),
    ("csv", "carriage returns alone end lines"): ("a,b\r1,x\r2,y\r", {}),
    ("csv", "blank lines are no rows"): ("\n\na,b\n1,x\n  \n2,y\n\n", {}),
    ("csv", "a quoted nothing is a row"): ('a\nx\n""\ny\n', {}),
    ("csv", "columns without a name"): (",a,\n0,x,y\n1,y,z\n", {}),
    ("csv", "columns of one name"): ("a,a,a.1,b,b\n1,2,3,4,5\n", {}),
    ("csv", "infinity"): ("a,b\ninf,-Infinity\n1,2\n", {}),
    ("csv", "cells that stand for no number"): ("a,b\n1.5,True\nnan,NA\n2,False\n", {}),
    ("csv", "the ends of int64"): ("a\n9223372036854775807\n-9223372036854775808\n", {}),
    ("csv", "integers beyond int64"): ("a,b\n18446744073709551615,1\n1,2\n", {}),
    ("csv", "integers that no type of 64 bits holds are text"): ("a\n18446744073709551615\n-1\n", {}),
    ("csv", "integers beyond int64 among floats"): ("a\n9223372036854775808\n1.5\n", {}),
    ("csv", "rows of fewer cells end in nulls"): ('a,b,c\nx\n"p, q",r\ns,t,u\n', {}),
    ("csv", "more names than cells"): ("x,1\ny,2\n", {"names": ["t", "n", "m"], "features": {
        "t": {"dtype": "string", "_type": "Value"}, "n": {"dtype": "int32", "_type": "Value"},
        "m": {"dtype": "string", "_type": "Value"}}}),
    ("csv", "other quotes, delimiters, names"): (
        "junk\n1;'x;y'\n2;z\n",
        {"sep": ";", "quotechar": "'", "names": ["n", "t"], "skiprows": 1},
    ),
    ("csv", "features give the order"): (
        "b,a\n1,x\n2,y\n",
        {"features": {"a": {"dtype": "string", "_type": "Value"}, "b": {"dtype": "int32", "_type": "Value"}}},
    ),
    ("json", "whole floats are floats"): (
        '{"a": 1.0, "b": 1, "c": 1e3, "d": [2.0]}\n{"a": 2.0, "b": 2, "c": 5, "d": [3]}\n',
        {},
    ),
    ("json", "integers before a whole float"): ('{"a": 1}\n{"a": 2.0}\n', {}),
    ("json", "integers keep their digits"): (
        '{"a": 9007199254740993, "b": [-9223372036854775808]}\n{"a": 1, "b": []}\n',
        {},
    ),
    ("json", "integers beyond 64 bits are floats"): ('{"a": 18446744073709551615}\n', {}),
    ("json", "digits in texts stay"): ('{"a": "x: 1.0, [5e3, 9007199254740993]", "b": 1.0}\n', {}),
    ("json", "NaN as Python writes it"): ('{"a": NaN, "b": "NaN"}\n{"a": 1.5, "b": "x"}\n', {}),
    ("json", "a declared column that is not there"): (
        '{"a": 1}\n{"a": 2}\n',
        {"features": {"b": {"dtype": "string", "_type": "Value"}, "a": {"dtype": "int8", "_type": "Value"}}},
    ),
    ("json", "objects over several lines"): (
        '{\n "a": 1,\n "b": {"c": [1]}\n}\n{\n "a": 2,\n "b": {"c": []}\n}\n',
        {},
    ),
    ("json", "a list of texts"): ('["x", "y"]', {}),
    ("json", "a list of numbers"): ("[1, 2, 3]", {}),
    ("json", "a row that is null"): ('[{"a": 1}, null]', {}),
    ("json", "columns as a field"): ('{"data": {"a": [1, 2], "b": ["x", "y"]}}', {"field": "data"}),
    ("text", "all kinds of line ends"): ("a\r\nb\rc\n\r\n\rd", {}),
    ("text", "other separators are text"): ("a\u2028b\x85c\x0bd\x0ce\x1cf\n", {}),
    ("text", "line ends kept"): ("a\n\nb", {"keep_linebreaks": True}),
    ("text", "paragraphs"): ("a\nb\n\nc\n\n\nd\n", {"sample_by": "paragraph"}),
    ("text", "paragraphs of another system"): ("a\r\n\r\nb\r\n", {"sample_by": "paragraph"}),
}

# Kind, name: each split's text.
SPLITS = {
    ("csv", "integers, then nothing"): {"train": "a,b\n1,2\n", "test": "a,b\n,2\n"},
    ("csv", "texts, then nothing"): {"train": "a,b\nx,2\n", "test": "a,b\n,2\n"},
    ("csv", "texts, then integers"): {"train": "a,b\nx,2\n", "test": "a,b\n1,2\n"},
    ("csv", "floats, then integers"): {"train": "a,b\n1.5,2\n", "test": "a,b\n1,2\n"},
    ("csv", "a column that is missing later"): {"train": "a,b\nx,2\n", "test": "a\ny\n"},
    ("csv", "columns in another order"): {"train": "a,b\nx,2\n", "test": "b,a\n1,y\n"},
    ("json", "integers, then nothing"): {"train": '{"a": 1, "b": 1}\n', "test": '{"a": null, "b": 1}\n'},
    ("json", "a key that is missing later"): {"train": '{"a": "x", "b": 1}\n', "test": '{"b": 1}\n'},
    ("json", "lists, then empty ones"): {"train": '{"a": ["x"]}\n', "test": '{"a": []}\n'},
    ("json", "dicts with fewer keys later"): {"train": '{"a": {"b": 1, "c": "x"}}\n', "test": '{"a": {"c": "y"}}\n'},
}


def as_json(value):
    """Integers beyond a double's as texts, floats that JSON has not by name."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, int) and abs(value) > 2**53:
        return {"integer": str(value)}
    return value


def described(dataset):
    return {
        "features": {name: str(feature) for name, feature in dataset.features.items()},
        "rows": [as_json(row) for row in dataset],
    }


def loaded(kind, text, options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.txt")
        path.write_bytes(text.encode("utf-8"))
        features = options.get("features")
        given = options | ({"features": Features.from_dict(features)} if features else {})
        return described(load_dataset(kind, data_files=str(path), split="train", cache_dir=folder, **given))


def loaded_splits(kind, texts):
    with tempfile.TemporaryDirectory() as folder:
        paths = {split: Path(folder, f"{split}.txt") for split in texts}
        for split, path in paths.items():
            path.write_text(texts[split])
        data_files = {split: str(path) for split, path in paths.items()}
        splits = load_dataset(kind, data_files=data_files, cache_dir=folder)
        return {split: described(dataset) for split, dataset in splits.items()}


def generate():
    cases = [
        {"kind": kind, "name": name, "text": text, "options": options, **loaded(kind, text, options)}
        for (kind, name), (text, options) in CASES.items()
    ]
    splits = [
        {"kind": kind, "name": name, "texts": texts, "splits": loaded_splits(kind, texts)}
        for (kind, name), texts in SPLITS.items()
    ]
    write_json(GOLDENS / "data_files.json", {"cases": cases, "splits": splits})
