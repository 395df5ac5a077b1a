"""Texts that a tokenizer may trip over: hand-picked ones, and random ones over scripts, marks and added tokens."""

import random

HAND_PICKED = """
|Hello, world!|  two  spaces |tab\tline\nfeed\r\nreturn|don't can't won't I'm they've you're it's|naïve café résumé Über Straße
|[CLS]|[CLS] [SEP]|[cls]|a[MASK]b|[MASK][MASK]|[PAD]x[UNK]|[ CLS ]|[[CLS]]|[CLS|CLS]|##s|#|##|un##able|<new>|<NEW>|a <new> b|a<new>b
|İstanbul|ΣΊΣΥΦΟΣ ΟΔΟΣ|ǅ ǆ Ǆ|ß ẞ|ﬁ ﬂ ﬃ|Å Å Å|é é|한국어 각|각|か゚が|日本語テスト|一丁七万丈三上下|㐀㐁|𠀀𠀁|豈更|丽丸
|👍|👍🏽|👨‍👩‍👧‍👦|🇩🇪🇫🇷|❤️|☕︎|😀😁😂|a😀b|مرحبا بالعالم|اَلْعَرَبِيَّةُ|ﷺ|שָׁלוֹם עולם|नमस्ते दुनिया|สวัสดีชาวโลก|Ελληνικά|Привет, мир!|Ёлка й
|zero\u200bwidth|soft\u00adhyphen|no\u00a0break|en\u2002space|ideographic\u3000space|line\u2028sep\u2029para|bom\ufeffinside|word\u2060joiner
|\u0000|a\u0000b|a\u0001b|a\u007fb|a\u0085b|a\u000bb\u000cc|\u200e\u200fmarks|\u202eoverride\u202c|\ufffd|a\ufffdb|\ue000private|\U000f0000|\U0010ffff
|e\u0301|e\u0301\u0327|e\u0327\u0301|\u0301|\u0301a|a\u0334\u0301\u0316|q\u0323\u0307|q\u0307\u0323|\u0345\u0301|a\u1dfa|\U0001d165\U0001d16e|\u302e가\u302f
|“quoted” ‘single’ «guillemets» „low“|—em – en - hyphen|…|¿qué? ¡sí!|$5.00 €10 ¥100|50% ±2|a+b=c<d>e|^caret `tick` ~tilde||¶§©®™|½ ² ₂ ①|°C
|http://example.com/a?b=c&d=e#f|user@example.com|#hashtag @mention|C++ C# .NET|3.14 1,000,000 1e-5|2024-01-31T12:34:56Z|x_y_z|a/b\\c
|tokenization tokenizers tokenizing|unlearnable|smallest|readings|xyzzy|qqq|A|a|.|..|...|!?!?|'|''|n't|'s|do not|I do not
|\u1734\u1732|\u0378|\u061c|\u070f|\u17b5a|\u180e|\U000e0001|\U000110bd|\u2b820|\U0002b820|\U0002b91f|\U0002ceb0|\u9fff\ua000|\ufb1d|\u0958|\u2126|\u212b|\u1e9b\u0323
"""

SCRIPTS = {
    "ascii": [(0x20, 0x7E)],
    "latin": [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)],
    "latin_more": [(0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF)],
    "marks": [(0x61, 0x7A), (0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)],
    "greek": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "cyrillic": [(0x400, 0x52F)],
    "armenian_georgian": [(0x530, 0x58F), (0x10A0, 0x10FF), (0x1C90, 0x1CBF)],
    "hebrew": [(0x590, 0x5FF), (0xFB1D, 0xFB4F)],
    "arabic": [(0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)],
    "indic": [(0x900, 0xDFF)],
    "thai_lao_tibetan": [(0xE00, 0xFFF)],
    "hangul": [(0x1100, 0x11FF), (0xAC00, 0xAC40), (0xD780, 0xD7A3)],
    "kana": [(0x3000, 0x30FF), (0xFF00, 0xFFEF)],
    "cjk": [(0x4E00, 0x4E60), (0x9FF0, 0x9FFF), (0x3400, 0x3410)],
    "cjk_far": [
        (0x20000, 0x20010),
        (0x2A6D0, 0x2A720),
        (0x2B810, 0x2B930),
        (0x2CEA0, 0x2CEB0),
        (0xF900, 0xFAFF),
        (0x2F800, 0x2FA1F),
    ],
    "emoji": [
        (0x1F1E6, 0x1F1FF),
        (0x1F300, 0x1F64F),
        (0x1F900, 0x1F9FF),
        (0x200D, 0x200D),
        (0xFE0F, 0xFE0F),
        (0x1F3FB, 0x1F3FF),
    ],
    "punctuation": [(0x2000, 0x206F), (0x2E00, 0x2E7F), (0x3001, 0x3020), (0xFE10, 0xFE6F)],
    "symbols": [(0x20A0, 0x20BF), (0x2100, 0x23FF), (0x2460, 0x24FF), (0x1D400, 0x1D7FF)],
    "control": [(0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x61C, 0x61C), (0xFEFF, 0xFEFF)],
    "private": [
        (0xE000, 0xE010),
        (0xD7FB, 0xD7FF),
        (0xFDD0, 0xFDEF),
        (0xFFF0, 0xFFFF),
        (0xF0000, 0xF0010),
        (0x10FFF0, 0x10FFFF),
    ],
    "ancient": [(0x10000, 0x1055F), (0x10800, 0x10FFF), (0x11000, 0x1197F), (0x1D165, 0x1D1AD), (0xE0000, 0xE01EF)],
    "anything": [(0x0, 0xD7FF), (0xE000, 0x10FFFF)],
}
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u3000", "\u2003", "\r\n", ""]


def hand_picked():
    texts = HAND_PICKED.replace("\n|", "|").strip("\n").split("|")
    return [
        "",
        " ",
        "|",
        *texts,
        "a" * 99,
        "a" * 100,
        "a" * 101,
        "é" * 100,
        "é" * 101,
        "一" * 120,
        "e\u0301" * 60,
        "\u0301" * 300,
    ]


def random_word(rng, words):
    """A word of a vocabulary, as it is or with another case, an accent, or a neighbour's piece."""
    word = rng.choice(words).replace("##", "")
    style = rng.random()
    if style < 0.15:
        return word.upper()
    if style < 0.3:
        return word.capitalize()
    if style < 0.4:
        return word + rng.choice(["\u0301", "\u0308", "\u0327\u0301", "\u200d", "\u00ad"])
    if style < 0.5:
        return word + rng.choice(words).replace("##", "")
    return word


def random_piece(rng, words, added):
    kind = rng.random()
    if kind < 0.45:
        return random_word(rng, words)
    if kind < 0.55:
        return rng.choice(added)
    if kind < 0.57:
        return chr(rng.choice([0x61, 0x7A, 0x4E00, 0x301, 0x1F600])) * rng.choice([5, 60, 100, 101, 130])
    ranges = SCRIPTS[rng.choice(list(SCRIPTS))]
    return "".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.randint(1, 8)))


def random_texts(seed, count, words, added):
    """`count` different texts; the same for the same arguments."""
    rng = random.Random(seed)
    texts = {}
    while len(texts) < count:
        pieces = [random_piece(rng, words, added) + rng.choice(SPACES) for _ in range(rng.choice([1, 2, 2, 3, 4, 8]))]
        texts["".join(pieces)] = None
    return list(texts)


def broken_bytes(seed, count, texts):
    """Texts as UTF-8 with bytes changed, cut or put in, so that most are invalid."""
    rng = random.Random(seed)
    fixed = [
        b"\xff",
        b"a\xffb",
        b"\xc3",
        b"a\xc3",
        b"\xc3(",
        b"\xe4\xb8",
        b"\xe4\xb8\xad\xe4",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ]
    fixed += [b"\xc0\x80", b"\xe0\x80\xaf", b"\xf0\x9f\x98", b"[CLS\xff]", b"[CLS]\x80", b"\xef\xbf\xbd", b"a\x00b\xfe"]
    result = list(fixed)
    while len(result) < count:
        data = bytearray(rng.choice(texts).encode())
        for _ in range(rng.randint(1, 3)):
            at = rng.randint(0, len(data))
            if rng.random() < 0.5:
                data[at : at + 1] = b""
            else:
                data[at:at] = bytes([rng.randint(0x80, 0xFF)])
        result.append(bytes(data))
    return result
