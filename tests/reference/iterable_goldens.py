"""The order in which the datasets library's streams give rows: shuffled shards and buffers, epochs, parts."""

import tempfile
from pathlib import Path

from datasets import Dataset, concatenate_datasets, load_dataset

from golden_io import GOLDENS, write_json

ROWS = 45

# Rows, shards, the methods called, the epoch.
STREAMS = [
    [1, [], 0],
    [4, [], 2],
    [1, [["shuffle", {"seed": 42, "buffer_size": 10}]], 0],
    [1, [["shuffle", {"seed": 42, "buffer_size": 10}]], 3],
    [4, [["shuffle", {"seed": 42, "buffer_size": 10}]], 0],
    [4, [["shuffle", {"seed": 42, "buffer_size": 10}]], 1],
    [4, [["shuffle", {"seed": 42, "buffer_size": 10}]], 2],
    [12, [["shuffle", {"seed": 7, "buffer_size": 100}]], 0],
    [12, [["shuffle", {"seed": 7, "buffer_size": 7}]], 1],
    [4, [["shuffle", {"seed": 1, "buffer_size": 5, "max_buffer_input_shards": 2}]], 0],
    [4, [["shuffle", {"seed": 1, "buffer_size": 5, "max_buffer_input_shards": 1}]], 0],
    [4, [["shuffle", {"seed": 1, "buffer_size": 1}]], 0],
    [4, [["take", {"n": 20}], ["shuffle", {"seed": 1, "buffer_size": 6}]], 0],
    [4, [["skip", {"n": 20}], ["shuffle", {"seed": 1, "buffer_size": 6}]], 1],
    [4, [["shuffle", {"seed": 1, "buffer_size": 6}], ["skip", {"n": 5}], ["take", {"n": 9}]], 0],
    [3, [["shuffle", {"seed": 9, "buffer_size": 30}]], 0],
    [3, [["shuffle", {"seed": 9, "buffer_size": 30}]], 1],
    [3, [["skip", {"n": 2}], ["shuffle", {"seed": 9, "buffer_size": 30}], ["take", {"n": 30}]], 0],
    [4, [["shuffle", {"seed": 1, "buffer_size": 40}], ["shuffle", {"seed": 2, "buffer_size": 25}]], 1],
    [4, [["shuffle", {"seed": 1, "buffer_size": 6}], ["shuffle", {"seed": 2, "buffer_size": 9}]], 1],
]


def numbered(rows, start=0):
    return Dataset.from_dict({"i": list(range(start, start + rows))})


def order(stream):
    return [row["i"] for row in stream]


def one(num_shards, calls, epoch):
    stream = numbered(ROWS).to_iterable_dataset(num_shards=num_shards)
    for name, arguments in calls:
        stream = getattr(stream, name)(**arguments)
    stream.set_epoch(epoch)
    return {"num_shards": num_shards, "calls": calls, "epoch": epoch, "order": order(stream)}


def joined(epoch):
    parts = [numbered(10).to_iterable_dataset(num_shards=2), numbered(10, 10).to_iterable_dataset(num_shards=3)]
    stream = concatenate_datasets(parts).shuffle(seed=5, buffer_size=4)
    stream.set_epoch(epoch)
    return order(stream)


def mapped():
    """A function between the data and the shuffle."""
    stream = numbered(ROWS).to_iterable_dataset(num_shards=3).map(lambda row: {"i": row["i"]})
    return order(stream.shuffle(seed=9, buffer_size=30))


def files():
    """Five Parquet files of nine rows."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{file}.parquet") for file in range(5)]
        for file, path in enumerate(paths):
            numbered(9, 9 * file).to_parquet(path)
        stream = load_dataset("parquet", data_files=paths, split="train", streaming=True)
        shuffled = stream.shuffle(seed=3, buffer_size=25)
        return {"plain": order(stream), "shuffled": order(shuffled)}


def generate():
    write_json(
        GOLDENS / "iterable.json",
        {
            "rows": ROWS,
            "streams": [one(*case) for case in STREAMS],
            "joined": [joined(0), joined(1)],
            "mapped": mapped(),
            "files": files(),
        },
    )
