"""Hugging Face's tokenizers on one thread, timed on request; suites/tokenizer.js takes turns with it.

Reads one JSON object a line and answers with one line. {"train": path of a tokenizer.json, "texts": path of a JSON
array}: trains a byte-level BPE tokenizer and writes it there; the answer is its number of tokens. {"tokenizer": path
of tokenizer.json, "texts", "seconds"}: the seconds of one call for encode_batch (`batch`), for encode_batch_fast,
which leaves offsets out (`fast`), and for encode_batch_fast with the ids taken out as lists (`ids`), medians; and the
SHA-256 of all ids.
"""

import hashlib
import json
import os
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

VOCABULARY = 8000


def median_seconds(work, seconds):
    taken = []
    end = time.perf_counter() + seconds
    while len(taken) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2]


def train(texts, path):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(path)
    return {"tokens": tokenizer.get_vocab_size()}


def measure(path, texts, seconds):
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    works = {
        "batch": lambda: tokenizer.encode_batch(texts),
        "fast": lambda: tokenizer.encode_batch_fast(texts),
        "ids": lambda: [encoding.ids for encoding in tokenizer.encode_batch_fast(texts)],
    }
    ids = np.concatenate([encoding.ids for encoding in tokenizer.encode_batch(texts)])
    digest = hashlib.sha256(ids.astype("<i4").tobytes()).hexdigest()
    return {name: median_seconds(work, seconds) for name, work in works.items()} | {"sha256": digest}


def answer(request):
    with open(request["texts"], encoding="utf-8") as file:
        texts = json.load(file)
    if "train" in request:
        return train(texts, request["train"])
    return measure(request["tokenizer"], texts, request["seconds"])


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
