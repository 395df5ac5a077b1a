"""SentencePiece's precompiled character map, built for small tables: a Darts double array and the replacements."""

import struct

LEAF, VALUE = 1 << 8, 1 << 31  # bits of a unit: a key ends at its children; it holds a value


def charsmap(replacements):
    """The bytes of the map that replaces each key (a text) by its value, as normalizers.Precompiled takes them."""
    texts, root = b"", {}
    for key, value in sorted(replacements.items()):
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[None] = len(texts)
        texts += value.encode() + b"\0"
    units, used = {0: 0}, {0}

    def place(node, at):
        """Gives the children of the unit at `at` their places: `base` exclusive-or their byte, 0 for the value."""
        labels = [byte or 0 for byte in node]
        base = 1
        while any(base ^ label in used for label in labels):
            base += 1
        used.update(base ^ label for label in labels)
        units[at] |= (at ^ base) << 10 | (LEAF if None in node else 0)
        for byte, child in node.items():
            units[base ^ (byte or 0)] = VALUE | child if byte is None else byte
        for byte, child in node.items():
            if byte is not None:
                place(child, base ^ byte)

    place(root, 0)
    count = (max(units) // 256 + 1) * 256
    array = struct.pack(f"<{count}I", *(units.get(i, 0) for i in range(count)))
    return struct.pack("<I", len(array)) + array + texts
