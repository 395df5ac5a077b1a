"""What AutoTokenizer makes of folders whose files disagree, or of which one is missing."""

import copy
import json
import tempfile
from pathlib import Path

from transformers import AutoTokenizer, BertTokenizer

from golden_io import GOLDENS, write_json

PIECES = ["##s", "##e", "##é", "##s中文", "##É", "##中", "##文"]
WORDS = ["cafe", "café", "Café", "CAFE", "the", "The", "caf", "中", "文", "中文", "a", "!", "<", ">", "[", "]", "x"]
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
OTHER_SPECIALS = ["<pad>", "<unk>", "<cls>", "<sep>", "<mask>"]
VOCAB = SPECIALS + OTHER_SPECIALS + PIECES + WORDS
OTHER_NAMES = {
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "cls_token": "<cls>",
    "sep_token": "<sep>",
    "mask_token": "<mask>",
}

TEXTS = [
    "The Cafés",
    "CAFÉ 中文 the",
    "café [MASK] <mask> a!",
    "zzz <x> [X] [x] the",
    "a <cls> [CLS] <new> <extra> x",
    "the the the the the the",
]
PAIR = ["The café", "中文 a!"]
BERT = {"model_type": "bert"}
DISTILBERT = {"model_type": "distilbert"}


def tokenizer_json(vocab=VOCAB, **changes):
    """tokenizer.json of a BertTokenizer as transformers saves it, with some of its parts changed."""
    with tempfile.TemporaryDirectory() as folder:
        BertTokenizer(vocab={token: number for number, token in enumerate(vocab)}).save_pretrained(folder)
        saved = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
    return saved | changes


def vocab_txt(tokens=VOCAB):
    return "\n".join(tokens) + "\n"


def added(content, number, **flags):
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": number, "content": content} | plain | flags


def decoder(*tokens):
    """added_tokens_decoder of tokenizer_config.json."""
    return {str(token["id"]): {k: v for k, v in token.items() if k != "id"} for token in copy.deepcopy(tokens)}


CASED = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False, "strip_accents": False} | {
    "lowercase": False
}
STORED_TRUNCATION = {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0}
STORED_PADDING = {"strategy": {"Fixed": 12}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 5} | {
    "pad_type_id": 1,
    "pad_token": "<pad>",
}


def folders():
    """name → the files of a folder; text is written as it is, all else as JSON."""
    plain = tokenizer_json()
    bert_class = {"tokenizer_class": "BertTokenizer"}
    return {
        "tokenizer_config says cased, tokenizer.json says uncased": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"do_lower_case": False},
        },
        "tokenizer_config says uncased, tokenizer.json says cased": {
            "tokenizer.json": tokenizer_json(normalizer=CASED),
            "tokenizer_config.json": {"tokenizer_class": "BertTokenizerFast", "do_lower_case": True},
        },
        "tokenizer_config keeps accents": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"strip_accents": False},
        },
        "tokenizer_config is cased and strips accents": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"do_lower_case": False, "strip_accents": True},
        },
        "tokenizer_config does not split Chinese": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"tokenize_chinese_chars": False},
        },
        "no tokenizer_config, cased tokenizer.json": {"tokenizer.json": tokenizer_json(normalizer=CASED)},
        "no tokenizer_class, cased tokenizer.json": {
            "tokenizer.json": tokenizer_json(normalizer=CASED),
            "tokenizer_config.json": {"model_max_length": 5},
        },
        "PreTrainedTokenizerFast takes tokenizer.json as it is": {
            "tokenizer.json": tokenizer_json(normalizer=CASED),
            "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": True}
            | {name: f"[{name[:-6].upper()}]" for name in OTHER_NAMES},
        },
        "tokenizer.json without post-processor, with other limits": {
            "tokenizer.json": tokenizer_json(
                post_processor=None,
                decoder=None,
                pre_tokenizer={"type": "Whitespace"},
                model=plain["model"] | {"max_input_chars_per_word": 3, "unk_token": "<unk>"},
            ),
            "tokenizer_config.json": bert_class,
        },
        "truncation and padding stored in tokenizer.json": {
            "tokenizer.json": tokenizer_json(truncation=STORED_TRUNCATION, padding=STORED_PADDING),
            "tokenizer_config.json": bert_class | {"model_max_length": 8},
        },
        "vocab.txt alone": {"vocab.txt": vocab_txt()},
        "vocab.txt with CRLF, trailing blanks and no last line end": {"vocab.txt": "\r\n".join(VOCAB) + " \u2003"},
        "vocab.txt and a cased tokenizer_config": {
            "vocab.txt": vocab_txt(),
            "tokenizer_config.json": {"do_lower_case": False, "model_max_length": 6},
        },
        "vocab.txt without [MASK] and [PAD]": {"vocab.txt": vocab_txt(VOCAB[1:4] + VOCAB[5:])},
        "vocab.txt beside another tokenizer.json": {"tokenizer.json": plain, "vocab.txt": vocab_txt(SPECIALS + WORDS)},
        "special tokens of tokenizer_config": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | OTHER_NAMES,
        },
        "special tokens of special_tokens_map": {
            "vocab.txt": vocab_txt(),
            "tokenizer_config.json": bert_class,
            "special_tokens_map.json": OTHER_NAMES
            | {"mask_token": {"content": "<mask>", "lstrip": True, "normalized": False}},
        },
        "special_tokens_map goes above tokenizer_config": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"cls_token": "[CLS]", "sep_token": "<sep>"},
            "special_tokens_map.json": {"cls_token": "<cls>"},
        },
        "added_tokens_decoder puts special_tokens_map aside": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class
            | {
                "added_tokens_decoder": decoder(
                    added("[PAD]", 0, special=True), added("<new>", 40, normalized=True), added("<x>", 34, lstrip=True)
                )
            },
            "special_tokens_map.json": OTHER_NAMES,
        },
        "added_tokens.json and extra special tokens": {
            "vocab.txt": vocab_txt(),
            "added_tokens.json": {"<new>": len(VOCAB)},
            "tokenizer_config.json": bert_class | {"additional_special_tokens": ["<extra>"]},
        },
        "added tokens of tokenizer.json": {
            "tokenizer.json": tokenizer_json(
                added_tokens=plain["added_tokens"] + [added("<new>", len(VOCAB)), added("<x>", len(VOCAB) + 1)]
            ),
            "tokenizer_config.json": bert_class,
        },
        "DistilBertTokenizer": {
            "config.json": DISTILBERT,
            "vocab.txt": vocab_txt(),
            "tokenizer_config.json": {"tokenizer_class": "DistilBertTokenizer", "do_lower_case": False},
        },
        "DistilBERT without tokenizer_config": {"config.json": DISTILBERT, "tokenizer.json": plain},
        "DistilBERT with BertTokenizer": {
            "config.json": DISTILBERT,
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class,
        },
        "model_input_names and max_len of tokenizer_config": {
            "tokenizer.json": plain,
            "tokenizer_config.json": bert_class | {"model_input_names": ["input_ids"], "max_len": 7},
        },
    }


def describe(tokenizer):
    """What a caller sees: ids with and without padding and truncation, decoded text, and the attributes."""
    padded = tokenizer(TEXTS, padding=True)
    pair = tokenizer(*PAIR)
    return {
        "input_ids": tokenizer(TEXTS)["input_ids"],
        "truncated": tokenizer(TEXTS, truncation=True, max_length=5)["input_ids"],
        "padded": dict(padded),
        "pair": dict(pair),
        "decoded": [tokenizer.decode(ids) for ids in tokenizer(TEXTS)["input_ids"]],
        "decoded_plain": [tokenizer.decode(ids, skip_special_tokens=True) for ids in tokenizer(TEXTS)["input_ids"]],
        "model_max_length": tokenizer.model_max_length if tokenizer.model_max_length < 1e20 else None,
        "model_input_names": tokenizer.model_input_names,
        "special_tokens": {name: str(getattr(tokenizer, name)) for name in OTHER_NAMES},
        "special_ids": {f"{name}_id": getattr(tokenizer, f"{name}_id") for name in OTHER_NAMES},
    }


def write_folder(folder, files):
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_bytes(text.encode("utf-8"))


def generate():
    cases = {}
    for name, given in folders().items():
        files = {"config.json": BERT} | given
        with tempfile.TemporaryDirectory() as folder:
            write_folder(Path(folder), files)
            cases[name] = {"files": files, "expected": describe(AutoTokenizer.from_pretrained(folder))}
    write_json(GOLDENS / "tokenizer_folders.json", {"texts": TEXTS, "pair": PAIR} | cases)
