"""Turns raw prose into clean sentences, and finds benchmark text among them."""

import re

QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
# A sentence is left out as leaked when this many of its words in a row stand in a benchmark.
LEAK = 7


def clean(text):
    """One line in plain ASCII punctuation, tokenised text (brown, movie reviews) joined again."""
    text = re.sub(r"\s+", " ", text.translate(QUOTES).replace("``", '"').replace("''", '"'))
    text = re.sub(r" ([.,;:?!)\]]|'(?:s|t|re|ve|ll|d|m)\b|n't\b)", r"\1", text)
    return re.sub(r"([(\[]) ", r"\1", text).strip()


def readable(sentence):
    words = sentence.split()
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return 4 <= len(words) <= 60 and sentence.isascii() and letters > 0.85 * len(sentence)


def split(text):
    """The readable sentences of one document, in order."""
    # A closing mark may be followed by a quotation mark; the next sentence need not begin with a capital (reviews).
    return [s for s in re.split(r"(?<=[.?!])[\"']?\s+", clean(text)) if readable(s)]


def words_of(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def grams(words):
    return {tuple(words[i : i + LEAK]) for i in range(len(words) - LEAK + 1)}


def benchmark_grams(paths):
    """Every run of LEAK words of the tab-separated or plain text files."""
    found = set()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            for cell in line.split("\t"):
                found |= grams(words_of(cell))
    return found


def leaked(sentence, benchmark):
    return not benchmark.isdisjoint(grams(words_of(sentence)))
