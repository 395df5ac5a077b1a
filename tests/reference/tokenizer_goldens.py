"""Tokenizer goldens: what `tokenizers` makes of some 14,000 texts, pairs and id lists, and of every code point."""

import random
import zlib

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertTokenizer

from golden_io import fresh_folder, write_json
from tokenizer_records import Records, decodes, rows, singles
from tokenizer_text import broken_bytes, hand_picked, random_texts
from tokenizer_vocab import SPECIALS, vocabulary

SEED = 20240607
NAMED = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Added tokens beside BERT's, for each flag at least one.
ADDED = [
    AddedToken("<new>", normalized=False),
    AddedToken("<Émile>", normalized=True),
    AddedToken("whole", single_word=True, normalized=True),
    AddedToken("<left>", lstrip=True, normalized=False),
    AddedToken("<right>", rstrip=True, normalized=False, special=True),
    AddedToken("<both>", lstrip=True, rstrip=True, normalized=True),
    AddedToken("[CL", normalized=False),
    AddedToken("丁七", normalized=True),
    AddedToken("in", single_word=True, lstrip=True, normalized=False),
]
SPELLED = (
    NAMED
    + [str(token.content) for token in ADDED]
    + ["[cls]", "<NEW>", "<émile>", "Whole", "wholesome", " <left>", "<both> "]
)
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
BLOCK = 0x1000  # code points under one checksum


def make(cased, added, processor="template", normalizer=None):
    tokens = vocabulary(cased)
    ids = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizer or normalizers.BertNormalizer(lowercase=not cased)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(NAMED)
    tokenizer.add_tokens(added)
    cls, sep = ("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])
    if processor == "bert":
        tokenizer.post_processor = processors.BertProcessing(sep, cls)
    else:
        single, pair = "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"
        if processor == "odd":
            single, pair = "$A:3 two:1", "[SEP]:2 $B:1 two $A:4 [CLS]:5"
        two = {"id": "two", "ids": [ids["[CLS]"], ids["[MASK]"]], "tokens": ["[CLS]", "[MASK]"]}
        tokenizer.post_processor = processors.TemplateProcessing(single, pair, special_tokens=[cls, sep, two])
    return tokenizer, tokens


def truncation_cases(rng, texts, count):
    """Rows of all strategies; max_length never below what the special tokens take (the library counts below zero there).

    Appends the texts that it needs besides to `texts`."""
    cases = []
    for _ in range(count):
        a, b = rng.randrange(len(texts)), rng.choice([None, rng.randrange(len(texts)), rng.randrange(len(texts))])
        truncation = rng.choice([None, "longest_first", "longest_first", "only_first", "only_second"])
        cases.append((a, b, truncation, rng.randint(4, 24), rng.randint(0, 1)))
    # Pairs of every two small lengths: who is cut, and by how much, when they are equal or nearly so.
    repeated = len(texts)
    texts.extend(" ".join("a" * i) for i in range(8))
    for i in range(8):
        for j in range(8):
            for max_length in (4, 5, 6, 7, 8, 9, 10):
                cases.append((repeated + i, repeated + j, "longest_first", max_length, 1))
    return cases


def decode_cases(rng, tokenizer, texts, count):
    size = tokenizer.get_vocab_size()
    cases = [([], 0, 0), ([size + 5, 7, 1 << 30], 0, 0)]
    for _ in range(count):
        ids = [rng.randrange(size + 2) for _ in range(rng.randint(1, 12))]
        if rng.random() < 0.7:
            ids = tokenizer.encode(rng.choice(texts)).ids
        cases.append((ids, rng.randint(0, 1), rng.randint(0, 1)))
    return cases


def write_tokenizer(folder, name, tokenizer, tokens, seed, count, few):
    """<name>.json, and <name>.bin with single texts, rows under truncation, and decoding."""
    rng = random.Random(seed)
    texts = hand_picked() + random_texts(seed, count, tokens[len(SPECIALS) :], SPELLED)
    cases = truncation_cases(rng, texts, few)
    records = Records()
    singles(records, tokenizer, texts + broken_bytes(seed, few, texts))
    rows(records, tokenizer, texts, cases)
    clean_up = BertTokenizer(vocab={token: i for i, token in enumerate(tokens)}).clean_up_tokenization
    decodes(records, tokenizer, decode_cases(rng, tokenizer, texts, few), clean_up)
    records.write(folder / f"{name}.bin")
    tokenizer.save(str(folder / f"{name}.json"), pretty=False)


def write_vocab_txt(folder, name, cased, seed, count):
    """vocab.txt read with BERT's defaults or, cased, without lowercasing."""
    tokens = vocabulary(cased)
    (folder / f"{name}.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    tokenizer = BertTokenizer(
        vocab={token: i for i, token in enumerate(tokens)}, do_lower_case=not cased
    ).backend_tokenizer
    records = Records()
    singles(records, tokenizer, hand_picked() + random_texts(seed, count, tokens[len(SPECIALS) :], SPELLED))
    records.write(folder / f"{name}.bin")


def write_code_points(folder, tokenizer):
    """For each normalizer, and for words around every code point, a CRC-32 over each block of code points."""

    def checksums(results):
        """results[c] is the bytes for code point c."""
        sums = {}
        for c, result in zip(CODE_POINTS, results):
            sums[c // BLOCK] = zlib.crc32(result + b"\xff", sums.get(c // BLOCK, 0))
        return [sums.get(block, 0) for block in range(0x110000 // BLOCK)]

    bert = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    components = {
        "NFC": normalizers.NFC(),
        "NFD": normalizers.NFD(),
        "NFKC": normalizers.NFKC(),
        "NFKD": normalizers.NFKD(),
        "Lowercase": normalizers.Lowercase(),
        "StripAccents": normalizers.StripAccents(),
        "clean_text": normalizers.BertNormalizer(**{**bert, "clean_text": True}),
        "handle_chinese_chars": normalizers.BertNormalizer(**{**bert, "handle_chinese_chars": True}),
        "strip_accents": normalizers.BertNormalizer(**{**bert, "strip_accents": True}),
        "clean_and_lower": normalizers.BertNormalizer(**{**bert, "clean_text": True, "lowercase": True}),
        "uncased": normalizers.BertNormalizer(),
        "cased": normalizers.BertNormalizer(lowercase=False),
    }
    sums = {
        name: checksums(part.normalize_str(chr(c)).encode() for c in CODE_POINTS) for name, part in components.items()
    }
    # A word on both sides of the code point, and an added token (single_word, lstrip) after it.
    texts = [f"go{chr(c)}go {chr(c)}in in" for c in CODE_POINTS]
    encodings = (e for at in range(0, len(texts), BLOCK) for e in tokenizer.encode_batch(texts[at : at + BLOCK]))
    sums["words"] = checksums(b"".join(i.to_bytes(4, "little") for i in e.ids) for e in encodings)
    write_json(folder / "code_points.json", {"block": BLOCK, **sums})


def write_forms(folder, seed, count, words):
    """Normalization forms of whole texts: the order of marks, long runs of them, composition across them."""
    rng = random.Random(seed)
    marks = [
        chr(c)
        for c in [
            *range(0x300, 0x370),
            *range(0x591, 0x5C0),
            *range(0x64B, 0x660),
            0x1D165,
            0x1D16E,
            0x302E,
            0x94D,
            0x3099,
        ]
    ]
    texts = hand_picked() + random_texts(seed, count, words, SPELLED)
    texts += ["q" + "".join(rng.choice(marks) for _ in range(n)) for n in (2, 3, 5, 31, 32, 33, 34, 500)]
    texts += [
        "".join(rng.choice(marks + ["a", "e", "é", "ệ", "가", "ㄱ", "ᄀ", "ᅡ", "ᆨ"]) for _ in range(40))
        for _ in range(count)
    ]
    records = Records()
    forms = [normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD()]
    records.number(len(texts))
    for text in texts:
        records.text(text)
        records.numbers([zlib.crc32(form.normalize_str(text).encode()) for form in forms])
    records.write(folder / "forms.bin")


def generate():
    folder = fresh_folder("tokenizer")
    uncased, tokens = make(False, ADDED)
    write_tokenizer(folder, "uncased", uncased, tokens, SEED, 7500, 600)
    write_code_points(folder, uncased)
    write_forms(folder, SEED + 1, 300, tokens[len(SPECIALS) :])
    cased, tokens = make(True, ADDED, processor="bert")
    write_tokenizer(folder, "cased", cased, tokens, SEED + 2, 2500, 300)
    sequence = normalizers.Sequence([normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents()])
    odd, tokens = make(False, ADDED[:2], processor="odd", normalizer=sequence)
    write_tokenizer(folder, "sequence", odd, tokens, SEED + 3, 500, 100)
    write_vocab_txt(folder, "vocab_uncased", False, SEED + 4, 400)
    write_vocab_txt(folder, "vocab_cased", True, SEED + 5, 400)


if __name__ == "__main__":
    generate()
