"""Endless batches for the distillation: single sentences, runs of sentences, and pairs with token types."""

import numpy
import torch

CLS, SEP, MASK, FIRST_ORDINARY = 2, 3, 4, 5
LONGEST = 64
PIECES_A_BATCH = 4096
# Sequences wait with others of like length, so that a batch needs little padding; each length has one batch size,
# because the processor's half-precision kernels are compiled anew for every shape.
ROUND = 8


class Sampler:
    """Draws sequences from documents (lists of sentences, each a list of piece numbers)."""

    def __init__(self, documents, neighbours, generator, pairs=1 / 3):
        """neighbours: (vocabulary × k) numbers of like entries; pairs: the share of sequences that are pairs."""
        self.documents, self.neighbours, self.generator, self.pairs = documents, neighbours, generator, pairs
        self.order, self.at = generator.permutation(len(documents)), 0

    def document(self):
        if self.at == len(self.order):
            self.order, self.at = self.generator.permutation(len(self.documents)), 0
        self.at += 1
        return self.documents[self.order[self.at - 1]]

    def sequences(self):
        """(first, second) of one document, all its sentences used once; second is empty for a sequence without a pair."""
        sentences, at = self.document(), 0
        while at < len(sentences):
            first = sentences[at]
            at += 1
            kind = self.generator.random()
            if kind < self.pairs / 2 and at < len(sentences):
                yield first, sentences[at]
                at += 1
            elif kind < self.pairs:
                copy = self.corrupted(first)
                yield (first, copy) if self.generator.random() < 0.5 else (copy, first)
            else:
                # Half of the rest stay alone; the others go on with what follows while there is room.
                while kind > (1 + self.pairs) / 2 and at < len(sentences) and len(first) + len(sentences[at]) < LONGEST:
                    first = first + sentences[at]
                    at += 1
                yield first, []

    def corrupted(self, pieces):
        """A copy with pieces dropped, swapped with the next, or replaced by a like one: near in wording, not in meaning."""
        pieces, rate = list(pieces), self.generator.uniform(0.05, 0.3)
        kept = []
        for i, piece in enumerate(pieces):
            chance = self.generator.random() / rate
            if chance < 0.3:
                continue
            if chance < 0.6 and i + 1 < len(pieces):
                pieces[i], pieces[i + 1] = pieces[i + 1], pieces[i]
            elif chance < 1:
                piece = int(self.generator.choice(self.neighbours[piece]))
            kept.append(pieces[i] if chance < 0.6 else piece)
        return kept

    def framed(self):
        """Endless (pieces with specials, length of the part with token type 0)."""
        while True:
            for first, second in self.sequences():
                half = LONGEST - 3 if not second else (LONGEST - 3) // 2
                first, second = first[:half], second[:half]
                yield [CLS, *first, SEP] + ([*second, SEP] if second else []), len(first) + 2

    def batches(self):
        """Endless (input_ids, token_type_ids, attention_mask), int64 tensors of batch × length."""
        buckets = {}
        for sequence in self.framed():
            length = -(-len(sequence[0]) // ROUND) * ROUND
            bucket = buckets.setdefault(length, [])
            bucket.append(sequence)
            if len(bucket) == PIECES_A_BATCH // length:
                yield padded(bucket, length)
                bucket.clear()


def padded(group, length):
    ids = numpy.zeros((3, len(group), length), dtype=numpy.int64)
    for row, (pieces, first) in enumerate(group):
        ids[0, row, : len(pieces)] = pieces
        ids[1, row, first : len(pieces)] = 1
        ids[2, row, : len(pieces)] = 1
    return torch.from_numpy(ids)


def masked(ids, mask, vocabulary_size, generator, rate=0.15):
    """BERT's masking: the ids with `rate` of the ordinary pieces hidden, and which places were chosen.

    Of ten chosen, eight become [MASK], one any entry, one stays as it was.
    """
    chosen = (torch.rand(ids.shape, generator=generator) < rate) & (ids >= FIRST_ORDINARY) & (mask == 1)
    how = torch.rand(ids.shape, generator=generator)
    anything = torch.randint(FIRST_ORDINARY, vocabulary_size, ids.shape, generator=generator)
    hidden = torch.where(how < 0.8, torch.full_like(ids, MASK), torch.where(how < 0.9, anything, ids))
    return torch.where(chosen, hidden, ids), chosen
