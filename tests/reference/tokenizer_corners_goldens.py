"""Goldens of corners where tokenizers easily differ: added tokens that take each other's white space, Oniguruma's \\w,
and a Unigram vocabulary that has a piece twice."""

import json

from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers

from golden_io import GOLDENS, write_json

TEXTS = ["", "a\n\nb", "a \n\t\n x b\n", "\nx\n", "a² b½ ¼³¹ x_1", "a\u200db \u200c\u200d a\u0301 ٣", "x a x", "b<new>a <new>"]
WORDS = {"[UNK]": 0, "a": 1, "b": 2, "x": 3, "\u00b2": 4, "a\u00b2": 5, "b\u00bd": 6, "a\u200db": 7, "x_1": 8}


def blanks(normalized):
    tokenizer = Tokenizer(models.WordPiece(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_tokens([AddedToken("\n", lstrip=True, rstrip=True, normalized=normalized), AddedToken("x")])
    return tokenizer


def words(behavior):
    tokenizer = Tokenizer(models.WordPiece(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+|[^\w\s]+"), behavior)
    return tokenizer


def twice():
    pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -2.0), (" ", -2.5), ("a", -3.0), ("x", -3.5)]
    tokenizer = Tokenizer(models.Unigram(pieces, 0, False))
    tokenizer.add_tokens([AddedToken("<new>")])
    return tokenizer


def generate():
    tokenizers = {
        "white space between added tokens": blanks(False),
        "white space between added tokens that are normalized": blanks(True),
        "a regular expression's words": words("isolated"),
        "a regular expression's words taken out": words("merged_with_next"),
        "a piece that is there twice": twice(),
    }
    cases = [
        {"name": name, "tokenizer": json.loads(each.to_str()), "ids": [each.encode(text).ids for text in TEXTS]}
        for name, each in tokenizers.items()
    ]
    write_json(GOLDENS / "tokenizer_corners.json", {"texts": TEXTS, "cases": cases})
