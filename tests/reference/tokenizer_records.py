"""Writing tokenizer goldens: numbers as unsigned LEB128, texts with their length before them, lists with their count."""


class Records:
    """A growing byte string, read by tests/c/text/golden_records.h."""

    def __init__(self):
        self.data = bytearray()

    def number(self, value):
        while value >= 0x80:
            self.data.append(value & 0x7F | 0x80)
            value >>= 7
        self.data.append(value)

    def text(self, value):
        encoded = value if isinstance(value, bytes) else value.encode()
        self.number(len(encoded))
        self.data += encoded

    def numbers(self, values):
        self.number(len(values))
        for value in values:
            self.number(value)

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(self.data))


# The values of tl_truncation.
TRUNCATIONS = {"longest_first": 1, "only_first": 2, "only_second": 3}


def singles(records, tokenizer, texts):
    """Each text, and its ids with special tokens. Bytes stand for what Python decodes them to."""
    decoded = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
    tokenizer.no_truncation()
    records.number(len(texts))
    for text, encoding in zip(texts, tokenizer.encode_batch(decoded)):
        records.text(text)
        records.numbers(encoding.ids)


def rows(records, tokenizer, texts, cases):
    """Single texts and pairs under truncation: (a, b or None, truncation or None, max_length, add_special_tokens), where a and b
    are indices of texts, which singles() wrote.

    For each: a, b + 1 (0: none), the options, whether it can be encoded, and if so ids, type ids, special mask."""
    records.number(len(cases))
    for first, second, truncation, max_length, special in cases:
        records.numbers([first, 0 if second is None else second + 1])
        records.numbers([TRUNCATIONS.get(truncation, 0), max_length, special])
        a, b = texts[first], None if second is None else texts[second]
        if truncation is None:
            tokenizer.no_truncation()
        else:
            tokenizer.enable_truncation(max_length, strategy=truncation)
        try:
            encoding = tokenizer.encode(a, b, add_special_tokens=bool(special))
        except Exception as error:  # noqa: BLE001 the library raises nothing more precise
            assert "Truncation error" in str(error), error
            records.number(0)
            continue
        records.number(1)
        records.numbers(encoding.ids)
        records.numbers(encoding.type_ids)
        records.numbers(encoding.special_tokens_mask)
    tokenizer.no_truncation()


def decodes(records, tokenizer, cases, clean_up):
    """(ids, skip_special_tokens, clean_up_tokenization_spaces) and the text that comes of them."""
    records.number(len(cases))
    for ids, skip, clean in cases:
        records.numbers(ids)
        records.numbers([skip, clean])
        text = tokenizer.decode(ids, skip_special_tokens=bool(skip))
        records.text(clean_up(text) if clean else text)
