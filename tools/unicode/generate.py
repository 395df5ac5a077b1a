"""Writes src/text/unicode_{classes,mappings,compositions}.c: what Hugging Face's `tokenizers` knows of each code point.

    python tools/unicode/generate.py            (needs tests/reference/requirements.txt; about a minute)

`tokenizers` mixes Unicode versions: general categories from the crate unicode_categories 0.1 (about Unicode 8),
normalization forms from unicode-normalization-alignments 0.1 (about Unicode 12), lowercase and white space from the
Rust standard library it was built with (Unicode 17 in tokenizers 0.23.3), word characters from the crate regex, and
\\p{L} and \\p{N} from Oniguruma.
So the library itself is asked about every code point. Python's unicodedata only proposes combining classes and
composition pairs; each proposal is checked against the library before it is written.
"""

import unicodedata
from pathlib import Path

from tables import mapping_pool, two_level, write_array, write_file
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

TEXT = Path(__file__).parents[2] / "src" / "text"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xD7A4)  # (de)composed by arithmetic, not by table

# Bits of tl_unicode_flag in src/text/unicode.h.
WHITE_SPACE, OTHER, PUNCTUATION, NONSPACING, COMBINING, WORD = 1, 2, 4, 8, 16, 32
LETTER, NUMBER, NUMERIC = 64, 128, 256


def bert(**steps):
    """A BertNormalizer that does just the steps given."""
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return normalizers.BertNormalizer(**{**off, **steps}).normalize_str


NFC, NFD = normalizers.NFC().normalize_str, normalizers.NFD().normalize_str
NFKD, LOWER = normalizers.NFKD().normalize_str, normalizers.Lowercase().normalize_str


def word_characters():
    """Code points after which a single_word token is no word of its own: \\w of the crate regex."""
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "|": 1}, unk_token="[UNK]"))
    tokenizer.add_tokens([AddedToken("|", single_word=True, normalized=False)])
    texts = [chr(c) + "|" for c in CODE_POINTS]
    found = set()
    for start in range(0, len(texts), 50000):
        batch = tokenizer.encode_batch(texts[start : start + 50000], add_special_tokens=False)
        found.update(CODE_POINTS[start + i] for i, e in enumerate(batch) if 1 not in e.ids)
    return found - {ord("|")}


def matched(pattern):
    """Code points that the library's regular expressions find by a pattern."""
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    return {ord(char) for piece, _ in split.pre_tokenize_str("".join(map(chr, CODE_POINTS))) for char in piece}


def numeric():
    """Code points that the pre-tokenizer Digits takes for digits."""
    text = "".join(f"a{chr(c)}a" for c in CODE_POINTS if c != ord("a"))
    pieces = [piece for piece, _ in pre_tokenizers.Digits(individual_digits=True).pre_tokenize_str(text)]
    return {ord(piece) for piece in pieces if len(piece) == 1 and piece != "a"}


def flags():
    clean, strip_bert = bert(clean_text=True), bert(strip_accents=True)
    strip_all = normalizers.StripAccents().normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    words = word_characters()
    letters, numbers, digits = matched(r"\p{L}"), matched(r"\p{N}"), numeric()
    white_space = {c for c in CODE_POINTS if len(split("a" + chr(c) + "a")) == 2}
    assert matched(r"\s") == white_space
    result = [0] * 0x110000
    for c in CODE_POINTS:
        char, bits = chr(c), 0
        pieces = [piece for piece, _ in split("a" + char + "a")]
        if pieces == ["a", "a"]:
            bits |= WHITE_SPACE
        elif len(pieces) == 3:
            bits |= PUNCTUATION
        if clean(char) == "" and c not in (0, 0xFFFD):
            bits |= OTHER
        if NFD(char) == char and strip_bert(char) == "":
            bits |= NONSPACING
        if strip_all(char) == "":
            bits |= COMBINING
        if c in words:
            bits |= WORD
        if c in letters:
            bits |= LETTER
        if c in numbers:
            bits |= NUMBER
        if c in digits:
            bits |= NUMERIC
        result[c] = bits
    # clean_text drops U+0000 and U+FFFD by name; the first is a control character anyway.
    result[0] |= OTHER
    return result


def combining_classes():
    """The canonical combining class of each code point as the library orders marks (0: starter)."""
    reference = {}
    overlay = "\u0334"  # class 1, the lowest: every mark of a higher class moves behind it
    for c in CODE_POINTS:
        if chr(c) == overlay or NFD(chr(c) + overlay) == overlay + chr(c):
            reference.setdefault(unicodedata.combining(chr(c)), chr(c))
    classes = sorted(reference)
    assert classes[0] == 1

    def above(char, k):
        """Whether char's class is above k: the two change places."""
        return char != reference[k] and NFD(char + reference[k]) == reference[k] + char

    def below(char, k):
        return char != reference[k] and NFD(reference[k] + char) == char + reference[k]

    result = [0] * 0x110000
    for c in CODE_POINTS:
        char = chr(c)
        if NFD(char) != char or not (above(char, classes[0]) or below(char, classes[-1])):
            continue
        k = unicodedata.combining(char)
        at = classes.index(k)
        assert not above(char, k) and not below(char, k), hex(c)
        assert at == 0 or above(char, classes[at - 1]), hex(c)
        assert at + 1 == len(classes) or below(char, classes[at + 1]), hex(c)
        result[c] = k
    return result


def mapping(function):
    """{code point: result} where the function changes it."""
    return {c: function(chr(c)) for c in CODE_POINTS if c not in HANGUL and function(chr(c)) != chr(c)}


def compositions():
    """(first, second, composed) of every canonical pair that NFC joins, ascending."""
    pairs = []
    for c in CODE_POINTS:
        if c in HANGUL or NFD(chr(c)) == chr(c):
            continue
        parts = unicodedata.decomposition(chr(c)).split()
        assert parts and not parts[0].startswith("<"), hex(c)
        first_second = [int(part, 16) for part in parts]
        if len(first_second) == 2 and NFC("".join(map(chr, first_second))) == chr(c):
            pairs.append((*first_second, c))
    return sorted(pairs)


def main():
    kinds = list(zip(flags(), combining_classes()))
    distinct = sorted(set(kinds))
    blocks, entries = two_level([distinct.index(kind) for kind in kinds])
    assert len(distinct) <= 256
    write_file(
        TEXT / "unicode_classes.c",
        "Flags and combining class of every code point",
        write_array("uint8_t", "tl_unicode_class_blocks", blocks)
        + write_array("uint8_t", "tl_unicode_class_entries", entries)
        + write_array("uint16_t", "tl_unicode_class_flags", [bits for bits, _ in distinct])
        + write_array("uint8_t", "tl_unicode_class_combining", [k for _, k in distinct]),
    )

    canonical = mapping(NFD)
    # A compatibility decomposition equal to the canonical one needs no entry of its own.
    compatible = {c: text for c, text in mapping(NFKD).items() if canonical.get(c) != text}
    # ASCII is lowercased without a table.
    lower = {c: text for c, text in mapping(LOWER).items() if c >= 0x80}
    pool, offsets = mapping_pool([lower, canonical, compatible])
    body = write_array("uint16_t", "tl_unicode_pool", pool)
    for name, table in (("lower", lower), ("canonical", canonical), ("compatible", compatible)):
        last = max(table)
        blocks, entries = two_level([offsets[table[c]] if c in table else 0 for c in range(last + 1)])
        body += write_array("uint8_t", f"tl_unicode_{name}_blocks", blocks)
        body += write_array("uint16_t", f"tl_unicode_{name}_entries", entries)
        body += f"const uint32_t tl_unicode_{name}_blocks_count = {len(blocks)};\n\n"
    write_file(
        TEXT / "unicode_mappings.c",
        "Lowercase and full decompositions, as runs of UTF-16 units",
        body,
    )

    pairs = compositions()
    rows = ",\n".join(
        "    " + ", ".join(f"{{{a}, {b}, {c}}}" for a, b, c in pairs[i : i + 4]) for i in range(0, len(pairs), 4)
    )
    write_file(
        TEXT / "unicode_compositions.c",
        "Canonical pairs that NFC joins, ascending by first, then second",
        f"const tl_unicode_composition tl_unicode_compositions[] = {{\n{rows}}};\n\n"
        f"const uint32_t tl_unicode_compositions_count = {len(pairs)};\n",
    )


if __name__ == "__main__":
    main()
