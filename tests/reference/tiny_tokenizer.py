"""A WordPiece vocabulary for the pair task, made so that some words split and some are unknown."""

import re
import unicodedata

from transformers import BertTokenizer

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = ["##s", "##es", "##er", "##y", "##ing"]
# Left out on purpose, so that they become [UNK] or split into pieces.
UNKNOWN = {"owen", "storm", "doubt"}
ENDINGS = ("s", "es", "er")


def plain_words(texts):
    """Lower-cased, without accents: what BERT's normalizer leaves of the text."""
    words = set()
    for text in texts:
        stripped = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        words.update(re.findall(r"[a-z]+|[^a-z\s]", stripped))
    return words


def vocabulary(texts):
    """Every word or, where one of ENDINGS can come off a longer word, its stem."""
    tokens = set()
    for word in plain_words(texts) - UNKNOWN:
        ending = next((e for e in ENDINGS if len(word) > 5 and word.endswith(e)), "")
        tokens.add(word.removesuffix(ending))
    return SPECIALS + PIECES + sorted(tokens)


def write_tokenizer(folder, texts, positions):
    """Saves tokenizer.json and its companions as transformers does, and vocab.txt beside them."""
    tokens = vocabulary(texts)
    tokenizer = BertTokenizer(vocab={token: number for number, token in enumerate(tokens)}, model_max_length=positions)
    tokenizer.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return tokenizer, len(tokens)
