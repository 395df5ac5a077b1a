"""Scores of a Unigram vocabulary as they are written in tokenizer.json and as the tokenizers library then has them."""

import json
import random

from tokenizers import Tokenizer

from golden_io import GOLDENS, write_json


def generate():
    draw = random.Random(7)
    written = [0.0, -1.0, -10.0, -1e-7, 1e22, 1e23, -9.007199254740993e15]
    written += [-20 * draw.random() for _ in range(200)]
    written += [draw.gauss(0, 1) * 10.0 ** draw.randint(-320, 290) for _ in range(50)]
    vocab = [[f"token {i}", score] for i, score in enumerate(written)]
    model = {"type": "Unigram", "unk_id": 0, "vocab": vocab, "byte_fallback": False}
    tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], "model": model}))
    read = [score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]]
    write_json(GOLDENS / "unigram_scores.json", {"written": written, "read": read})
