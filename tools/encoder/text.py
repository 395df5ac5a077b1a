"""Writes the corpus: one sentence a line, an empty line after each document.

    python tools/encoder/text.py --cache FOLDER [--corpora FOLDER] [--benchmarks FILE...]

--corpora names a folder of zip files of NLTK's data, as its distribution ships them. --benchmarks names files whose text
must not occur (tab-separated or plain); the embedded datasets' sentences are left out always.
"""

import argparse
import random
from pathlib import Path

from packages import unpack
from sentences import benchmark_grams, leaked, split
from sources import CAPS, PACKAGE_READERS, corpora

TOOLS = Path(__file__).parents[1]
SEED = 42
# A longer text is cut into documents of so many sentences, so that shuffling mixes the sources well.
DOCUMENT = 12


def documents(files, corpora_folder):
    """(source, raw text) of everything there is to read."""
    for source, read in PACKAGE_READERS.items():
        for text in read(files):
            yield source, text
    if corpora_folder:
        yield from corpora(corpora_folder)


def collect(raw, benchmark):
    """Documents of each source, without repeated and without leaked sentences; and how many leaked."""
    seen, kept, dropped = set(), {}, 0
    for source, text in raw:
        fresh = []
        for sentence in split(text):
            key = sentence.lower()
            if key in seen:
                continue
            seen.add(key)
            if leaked(sentence, benchmark):
                dropped += 1
            else:
                fresh.append(sentence)
        for start in range(0, len(fresh), DOCUMENT):
            kept.setdefault(source, []).append(fresh[start : start + DOCUMENT])
    return kept, dropped


def capped(kept, generator):
    """Shuffled documents of all sources, each source up to its cap of sentences."""
    chosen = []
    for source, found in kept.items():
        generator.shuffle(found)
        left = CAPS.get(source, 10**9)
        taken = 0
        for document in found:
            if taken >= left:
                break
            chosen.append(document)
            taken += len(document)
        print(f"{source}: {taken} sentences, {sum(len(s.split()) for d in found for s in d)} words found")
    generator.shuffle(chosen)
    return chosen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--benchmarks", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    embedded = [*TOOLS.glob("emotion/sentences/*.txt"), *TOOLS.glob("paraphrase/pairs/*.tsv")]
    benchmark = benchmark_grams([*arguments.benchmarks, *embedded])
    kept, dropped = collect(documents(unpack(arguments.cache), arguments.corpora), benchmark)
    chosen = capped(kept, random.Random(SEED))
    lines = "".join("\n".join(document) + "\n\n" for document in chosen)
    (arguments.cache / "corpus.txt").write_text(lines, encoding="utf-8")
    print(f"{dropped} leaked sentences left out; {len(lines.split())} words in {len(chosen)} documents")


if __name__ == "__main__":
    main()
