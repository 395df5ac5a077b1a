"""Seeded token batches: singles and pairs, padded on the right, with the corners that break a packed engine."""

import torch

from tiny_models import VOCABULARY

PAD, CLS, SEP = 0, 2, 3
FIRST_WORD = 5


def sequence(words_a, words_b, source):
    """[CLS] a… [SEP] (b… [SEP]) with its token types; an empty b gives a single sequence."""

    def words(count):
        return torch.randint(FIRST_WORD, VOCABULARY, (count,), generator=source).tolist()

    ids = [CLS, *words(words_a), SEP]
    types = [0] * len(ids)
    if words_b:
        tail = [*words(words_b), SEP]
        ids += tail
        types += [1] * len(tail)
    return ids, types


def padded(sequences, length, pad):
    ids = torch.full((len(sequences), length), pad)
    types = torch.zeros_like(ids)
    mask = torch.zeros_like(ids)
    for row, (row_ids, row_types) in enumerate(sequences):
        ids[row, : len(row_ids)] = torch.tensor(row_ids)
        types[row, : len(row_types)] = torch.tensor(row_types)
        mask[row, : len(row_ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def random_batch(rows, length, seed, pairs, pad=PAD):
    """`rows` sequences of uneven length, one of them full (no padding), one as short as can be."""
    source = torch.Generator().manual_seed(seed)
    specials = 3 if pairs else 2
    room = length - specials
    totals = torch.randint(2, room, (rows,), generator=source).tolist()
    totals[0], totals[1] = room, 2
    sequences = []
    for total in totals:
        first = max(1, total // 3) if pairs else total
        sequences.append(sequence(first, total - first, source))
    return padded(sequences, length, pad)


def without_padding(rows, length, seed):
    """Every sequence full: the attention mask is all ones."""
    source = torch.Generator().manual_seed(seed)
    return padded([sequence(length - 2, 0, source) for _ in range(rows)], length, PAD)


def with_attended_pad(rows, length, seed, pad=PAD):
    """[PAD] in the middle of a sentence with its mask at 1: the token is computed, its embedding gets no gradient."""
    batch = random_batch(rows, length, seed, pairs=True, pad=pad)
    batch["input_ids"][0, 2] = pad
    batch["input_ids"][2, 1] = pad
    return batch


def with_hidden_tokens(rows, length, seed, pad=PAD):
    """Tokens in the middle, a word and a [PAD], whose mask is 0: they are not attended to, but those after them keep
    the positions that they have."""
    batch = random_batch(rows, length, seed, pairs=True, pad=pad)
    batch["attention_mask"][0, 2] = 0
    batch["attention_mask"][2, 1] = 0
    batch["input_ids"][0, 4] = pad
    batch["attention_mask"][0, 4] = 0
    return batch


def for_model(batch, config):
    """Without token types where the model has none, or one that says nothing."""
    if getattr(config, "type_vocab_size", 0) < 2:
        del batch["token_type_ids"]
    return batch
