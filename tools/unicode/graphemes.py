"""Writes src/text/unicode_graphemes.c: how each code point takes part in grapheme clusters (UAX #29).

    python tools/unicode/graphemes.py            (needs tests/reference/requirements.txt; some seconds)

The properties come from the package `regex`, whose Unicode may be newer than that of `tokenizers`: what extends a
cluster there but not in the library, which is asked about every code point, counts as an ordinary character.
"""

import sys
from pathlib import Path

import regex
from tables import two_level, write_array, write_file
from tokenizers import __version__ as tokenizers_version
from tokenizers import normalizers

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "reference"))
from charsmap import charsmap  # it lies beside the goldens

TEXT = ROOT / "src" / "text"
# In the order of tl_grapheme_class in src/text/graphemes.h; of the properties that fit, the last counts.
CLASSES = [
    None,
    r"\p{GCB=CR}",
    r"\p{GCB=LF}",
    r"\p{GCB=Control}",
    r"\p{GCB=Regional_Indicator}",
    r"\p{GCB=Prepend}",
    r"\p{GCB=SpacingMark}",
    r"\p{GCB=L}",
    r"\p{GCB=V}",
    r"\p{GCB=T}",
    r"\p{GCB=LV}",
    r"\p{GCB=LVT}",
    r"\p{Extended_Pictographic}",
    r"\p{InCB=Consonant}",
    r"\p{GCB=Extend}",
    r"[\p{GCB=Extend}&&\p{InCB=Extend}]",
    r"[\p{GCB=Extend}&&\p{InCB=Linker}]",
    r"\p{GCB=ZWJ}",
]

SPACING_MARK, EXTEND = CLASSES.index(r"\p{GCB=SpacingMark}"), CLASSES.index(r"\p{GCB=Extend}")


def extends(char):
    """Whether the library takes a cluster of "a" and the character for one: it replaces a cluster by its beginning."""
    return NORMALIZE("a" + char) == "A"


NORMALIZE = normalizers.Precompiled(charsmap({"a": "A"})).normalize_str


def main():
    values = [0] * 0x110000
    code_points = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    for number, pattern in enumerate(CLASSES):
        find = pattern and regex.compile(pattern, regex.V1).match
        for c in code_points if pattern else []:
            if find(chr(c)):
                values[c] = number
    for c in code_points:
        if values[c] >= EXTEND or values[c] == SPACING_MARK:
            values[c] *= extends(chr(c))
        else:
            assert not extends(chr(c)), hex(c)
    blocks, entries = two_level(values)
    write_file(
        TEXT / "unicode_graphemes.c",
        "What each code point does in grapheme clusters",
        write_array("uint8_t", "tl_unicode_grapheme_blocks", blocks)
        + write_array("uint8_t", "tl_unicode_grapheme_entries", entries),
        generator="graphemes.py",
        source=f"regex {regex.__version__}, tokenizers {tokenizers_version}",
        header="text/graphemes.h",
    )


if __name__ == "__main__":
    main()
