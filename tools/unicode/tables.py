"""Packing and printing of lookup tables as C arrays."""

BLOCK = 128  # TL_UNICODE_BLOCK in src/text/unicode.h


def two_level(values):
    """(blocks, entries): value c is entries[blocks[c // BLOCK] * BLOCK + c % BLOCK]; equal blocks are stored once."""
    values = values + [0] * (-len(values) % BLOCK)
    seen, blocks, entries = {}, [], []
    for start in range(0, len(values), BLOCK):
        block = tuple(values[start : start + BLOCK])
        if block not in seen:
            seen[block] = len(seen)
            entries.extend(block)
        blocks.append(seen[block])
    assert len(seen) <= 256, "block numbers are stored as uint8_t"
    return blocks, entries


def mapping_pool(tables):
    """(pool, offsets): the distinct texts of all tables as runs of UTF-16 units, each after its count of units.

    Offset 0 holds an empty run and stands for "unchanged"."""
    pool, offsets = [0], {}
    for table in tables:
        for text in table.values():
            if text in offsets:
                continue
            encoded = text.encode("utf-16-le")
            units = [int.from_bytes(encoded[i : i + 2], "little") for i in range(0, len(encoded), 2)]
            offsets[text] = len(pool)
            pool += [len(units), *units]
    assert len(pool) < 0x10000
    return pool, offsets


def write_array(c_type, name, values):
    """The definition of a constant array, in lines of at most 110 columns."""
    lines, line = [], "   "
    for value in values:
        item = f" {value},"
        if len(line) + len(item) > 110:
            lines.append(line)
            line = "   "
        line += item
    lines.append(line.rstrip(","))
    return f"const {c_type} {name}[] = {{\n" + "\n".join(lines) + "};\n\n"


def write_file(path, about, body):
    path.write_text(
        f'/* {about} */\n/* clang-format off */\n#include "text/unicode.h"\n\n{body.rstrip()}\n', encoding="utf-8"
    )
