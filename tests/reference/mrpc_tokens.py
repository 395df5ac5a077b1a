"""Writes MRPC's token ids, to check the core's tokenizer against: every sentence, every pair, and pairs under truncation.

    TUNELAB_MRPC_DIR=… TUNELAB_MINILM_DIR=… python mrpc_tokens.py FOLDER

TUNELAB_MRPC_DIR holds train.tsv and validation.tsv (GLUE's columns), TUNELAB_MINILM_DIR a tokenizer.json. FOLDER gets
mrpc_tokens.bin and is what tests/c/text/mrpc_test.c takes from TUNELAB_MRPC_GOLDENS; it is not part of the repository."""

import os
import sys
from pathlib import Path

from tokenizers import Tokenizer

from tokenizer_records import Records, rows, singles


def read_sentences(path):
    """Both sentences of every row: the last two columns, which may hold quotes but no tabs."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")[1:]
    return [sentence for line in lines if line for sentence in line.split("\t")[3:5]]


def main(folder):
    mrpc = Path(os.environ["TUNELAB_MRPC_DIR"])
    tokenizer = Tokenizer.from_file(str(Path(os.environ["TUNELAB_MINILM_DIR"]) / "tokenizer.json"))
    tokenizer.no_padding()
    texts = [text for part in ("train", "validation") for text in read_sentences(mrpc / f"{part}.tsv")]
    cases = []
    for i in range(0, len(texts), 2):
        cases.append((i, i + 1, None, 0, 1))
        cases.append((i, i + 1, ("longest_first", "only_first", "only_second")[i // 2 % 3], 24 + i % 40, 1))
    records = Records()
    singles(records, tokenizer, texts)
    rows(records, tokenizer, texts, cases)
    records.write(Path(folder) / "mrpc_tokens.bin")
    print(f"{len(texts)} sentences, {len(cases)} pairs")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
