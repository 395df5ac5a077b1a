"""Trims the teacher's WordPiece vocabulary to what plain English needs most; student and teacher see the same pieces."""

from collections import Counter

import torch
from transformers import BertTokenizer

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Every printable ASCII character alone, and inside a word if it may stand there: no plain English text is unknown.
CHARACTERS = [chr(c) for c in range(0x21, 0x7F) if not chr(c).isupper()]
ALPHABET = CHARACTERS + ["##" + c for c in CHARACTERS if c.isalnum()]
POSITIONS = 256


def most_frequent(teacher_tokenizer, texts, size):
    """The entries to keep, in the teacher's order."""
    counts = Counter()
    for start in range(0, len(texts), 10_000):
        for ids in teacher_tokenizer(texts[start : start + 10_000], add_special_tokens=False)["input_ids"]:
            counts.update(ids)
    kept = dict.fromkeys(SPECIALS + ALPHABET)
    for number, _ in counts.most_common():
        if len(kept) == size:
            break
        kept[teacher_tokenizer.convert_ids_to_tokens(number)] = None
    numbered = teacher_tokenizer.get_vocab()
    return SPECIALS + sorted(set(kept) - set(SPECIALS), key=numbered.__getitem__)


def student_tokenizer(entries):
    return BertTokenizer(vocab={e: i for i, e in enumerate(entries)}, do_lower_case=True, model_max_length=POSITIONS)


def teacher_numbers(entries, teacher_tokenizer):
    """The teacher's number of each of the student's entries."""
    numbered = teacher_tokenizer.get_vocab()
    return torch.tensor([numbered[entry] for entry in entries])
