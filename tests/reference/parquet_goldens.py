"""Parquet files as pyarrow writes them, of every type, codec and page version that is read, and their rows."""

import datetime

import pyarrow
import pyarrow.parquet
from datasets import Features

from golden_io import GOLDENS, write_json

ROWS = 200

SCHEMA = pyarrow.schema(
    [
        ("text", pyarrow.string()),
        ("category", pyarrow.dictionary(pyarrow.int32(), pyarrow.string())),
        ("i8", pyarrow.int8()),
        ("i32", pyarrow.int32()),
        ("i64", pyarrow.int64()),
        ("u64", pyarrow.uint64()),
        ("f32", pyarrow.float32()),
        ("f64", pyarrow.float64()),
        ("yes", pyarrow.bool_()),
        ("ids", pyarrow.list_(pyarrow.int32())),
        ("tags", pyarrow.list_(pyarrow.string())),
        ("nested", pyarrow.list_(pyarrow.list_(pyarrow.int64()))),
        (
            "object",
            pyarrow.struct([("a", pyarrow.int32()), ("b", pyarrow.string()), ("c", pyarrow.list_(pyarrow.int8()))]),
        ),
        ("objects", pyarrow.list_(pyarrow.struct([("x", pyarrow.int32()), ("y", pyarrow.string())]))),
        ("time", pyarrow.timestamp("us")),
        ("day", pyarrow.date32()),
        ("bytes", pyarrow.binary()),
        ("nothing", pyarrow.null()),
    ]
)

# Pages of a few rows, so that a row group has many, and rows of lists go over their ends.
SMALL_PAGES = {"data_page_size": 100, "write_batch_size": 8}
FILES = {
    "snappy_one_page": {"compression": "snappy"},
    "zstd_second_version": {"compression": "zstd", "data_page_version": "2.0", "row_group_size": 70, **SMALL_PAGES},
    "gzip_no_dictionary": {"compression": "gzip", "use_dictionary": False, **SMALL_PAGES},
    "plain_row_groups": {"compression": "none", "row_group_size": 33, **SMALL_PAGES},
    "delta_encodings": {
        "compression": "none",
        "use_dictionary": False,
        "column_encoding": {
            "text": "DELTA_BYTE_ARRAY",
            "category": "DELTA_LENGTH_BYTE_ARRAY",
            "i8": "DELTA_BINARY_PACKED",
            "i64": "DELTA_BINARY_PACKED",
            "f64": "BYTE_STREAM_SPLIT",
            "yes": "RLE",
            "ids.list.element": "DELTA_BINARY_PACKED",
        },
        **SMALL_PAGES,
    },
    "lz4_brotli": {"compression": {"text": "lz4", "nothing": "lz4", "ids": "brotli"}, **SMALL_PAGES},
}


def row(i):
    return {
        "text": None if i % 7 == 3 else f"row {i} naïve" if i % 3 else f"row {i}",
        "category": ["a", "b", None, "c"][i % 4],
        "i8": i % 200 - 100,
        "i32": i * 1000,
        "i64": 2**60 + i if i % 9 == 0 else -i,
        "u64": 2**63 + i if i % 9 == 1 else i,
        "f32": i / 4,
        "f64": i / 7,
        "yes": bool(i % 2) if i % 5 else None,
        "ids": None if i % 11 == 5 else list(range(i % 17)),
        "tags": [f"s{i}", None, ""][: i % 4],
        "nested": [[i], [], [i, i + 1]][: i % 4],
        "object": None if i % 6 == 1 else {"a": i, "b": None if i % 3 else f"b{i}", "c": [i % 100] * (i % 3)},
        "objects": [{"x": j, "y": f"y{j}"} for j in range(i % 3)],
        "time": datetime.datetime(2020, 1, 1) + datetime.timedelta(hours=i),
        "day": datetime.date(2020, 1, 1) + datetime.timedelta(days=i),
        "bytes": bytes([i % 256, 0]),
        "nothing": None,
    }


def plain(value):
    """Large integers as text, since JSON's readers round them; times as ISO; bytes as lists."""
    if isinstance(value, int) and abs(value) > 2**53:
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat() + ".000Z"
    if isinstance(value, datetime.date):
        return value.isoformat() + "T00:00:00.000Z"
    if isinstance(value, bytes):
        return list(value)
    return value


def generate():
    folder = GOLDENS / "parquet"
    folder.mkdir(exist_ok=True)
    rows = [row(i) for i in range(ROWS)]
    table = pyarrow.Table.from_pylist(rows, schema=SCHEMA)
    for name, options in FILES.items():
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet", **options)
    features = Features.from_arrow_schema(pyarrow.parquet.read_schema(folder / "snappy_one_page.parquet"))
    write_json(
        folder / "rows.json",
        {
            "features": {name: str(feature) for name, feature in features.items()},
            "rows": [{name: plain(value) for name, value in each.items()} for each in rows],
        },
    )
