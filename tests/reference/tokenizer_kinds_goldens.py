"""Goldens of the kinds of tokenizers beside BERT's: texts, pairs, truncation, decoding, and every code point."""

import json
import random
import zlib

from tokenizers import Tokenizer, normalizers

from charsmap import charsmap
from golden_io import fresh_folder, write_json
from tokenizer_goldens import BLOCK, CODE_POINTS, decode_cases, truncation_cases
from tokenizer_kinds import SPECIALS, kinds
from tokenizer_records import Records, decodes, rows, singles
from tokenizer_text import broken_bytes, hand_picked, random_texts

SEED = 20261124
SPELLED = [*SPECIALS, " <mask>", "it's", "IT'S", "'ſ", "``", "''", "▁", "▁▁", " ▁", "   ", "12345", "½", "\r\n", "\n\n"]
WORDS = "the feel a love I was so happy of sad fear angry surprise token ize un able Straße naïve 2024 x".split()


def with_bytes(tokenizer):
    """The tokenizer with a token for every byte but one, so that some characters fall back and some cannot."""
    fields = json.loads(tokenizer.to_str())
    vocab = fields["model"]["vocab"]
    for byte in range(256):
        if byte != 0xE2:
            vocab[f"<0x{byte:02X}>"] = len(vocab)
    return Tokenizer.from_str(json.dumps(fields))


def write_kind(folder, name, tokenizer, seed, count, few):
    rng = random.Random(seed)
    texts = hand_picked() + random_texts(seed, count, WORDS, SPELLED)
    cases = truncation_cases(rng, texts, few)
    records = Records()
    singles(records, tokenizer, texts + broken_bytes(seed, few, texts))
    rows(records, tokenizer, texts, cases)
    decodes(records, tokenizer, [case for case in decode_cases(rng, tokenizer, texts, few) if not case[2]], None)
    records.write(folder / f"{name}.bin")
    tokenizer.save(str(folder / f"{name}.json"), pretty=False)


def checksums(results):
    sums = {}
    for c, result in zip(CODE_POINTS, results):
        sums[c // BLOCK] = zlib.crc32(result + b"\xff", sums.get(c // BLOCK, 0))
    return [sums.get(block, 0) for block in range(0x110000 // BLOCK)]


def ids_of(tokenizer, texts):
    encodings = (e for at in range(0, len(texts), BLOCK) for e in tokenizer.encode_batch(texts[at : at + BLOCK]))
    return (b"".join(i.to_bytes(4, "little") for i in e.ids) for e in encodings)


def write_code_points(folder, made):
    """Each code point beside letters, digits, blanks and itself; and in clusters, of which the map sees the beginning."""
    texts = [f"a{chr(c)}1 {chr(c)}{chr(c)}'\n{chr(c)}" for c in CODE_POINTS]
    sums = {name: checksums(ids_of(made[name], texts)) for name in ("cl100k", "splits")}
    clusters = normalizers.Precompiled(charsmap({"a": "A", "o": "0", "\u0301": "^", "☕": "c"}))
    made_of = clusters.normalize_str
    sums["clusters"] = checksums(made_of(f"a{chr(c)}o{chr(c)}\u0301☕{chr(c)}\u0301a").encode() for c in CODE_POINTS)
    write_json(folder / "code_points.json", {"block": BLOCK, **sums, "normalizer": json.loads(clusters.__getstate__())})


def generate():
    folder = fresh_folder("tokenizer_kinds")
    made = kinds()
    made["fallback"] = with_bytes(made["fallback"])
    for number, (name, tokenizer) in enumerate(made.items()):
        write_kind(folder, name, tokenizer, SEED + number, 500, 120)
    write_code_points(folder, made)
