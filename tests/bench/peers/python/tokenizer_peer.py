"""Hugging Face's tokenizers on one thread, timed on request; suites/tokenizer.js takes turns with it.

Reads one JSON object a line: {"tokenizer": path of tokenizer.json, "texts": path of a JSON array, "seconds"}; answers
with one line: the seconds of one call for encode_batch (`batch`), for encode_batch_fast, which leaves offsets out
(`fast`), and for encode_batch_fast with the ids taken out as lists (`ids`), medians; and the SHA-256 of all ids.
"""

import hashlib
import json
import os
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
from tokenizers import Tokenizer


def median_seconds(work, seconds):
    taken = []
    end = time.perf_counter() + seconds
    while len(taken) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2]


def answer(request):
    tokenizer = Tokenizer.from_file(request["tokenizer"])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    with open(request["texts"], encoding="utf-8") as file:
        texts = json.load(file)
    works = {
        "batch": lambda: tokenizer.encode_batch(texts),
        "fast": lambda: tokenizer.encode_batch_fast(texts),
        "ids": lambda: [encoding.ids for encoding in tokenizer.encode_batch_fast(texts)],
    }
    ids = np.concatenate([encoding.ids for encoding in tokenizer.encode_batch(texts)])
    digest = hashlib.sha256(ids.astype("<i4").tobytes()).hexdigest()
    return {name: median_seconds(work, request["seconds"]) for name, work in works.items()} | {"sha256": digest}


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
