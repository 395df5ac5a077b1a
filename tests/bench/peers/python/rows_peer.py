"""The datasets library on many short rows, timed on request; suites/rows.js runs it after Tunelab.

Reads one JSON object a line: {"model": folder, "files": Parquet files, "processes", "cache": an empty folder}; answers
with one line: the rows, and the seconds of load_dataset, of map with the model's tokenizer, and of the same map again.
"""

import json
import sys
import time

import datasets
from transformers import AutoTokenizer

datasets.disable_progress_bars()


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def tokenize(batch, tokenizer):
    return tokenizer(batch["text"], truncation=True)


def answer(request):
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    processes = request["processes"]
    load, rows = timed(
        lambda: datasets.load_dataset(
            "parquet", data_files={"train": request["files"]}, split="train", cache_dir=request["cache"]
        )
    )

    def run():
        return rows.map(
            tokenize, batched=True, fn_kwargs={"tokenizer": tokenizer}, num_proc=processes if processes > 1 else None
        )

    first, made = timed(run)
    second, _ = timed(run)
    return {"rows": len(made), "load": load, "map": first, "second": second}


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
