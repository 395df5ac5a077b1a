"""What AutoTokenizer makes of folders of the classes beside BERT's, from tokenizer.json and from their own files."""

import base64
import io
import json
import tempfile
from pathlib import Path

import sentencepiece
from transformers import AutoTokenizer

from golden_io import GOLDENS, write_json
from tokenizer_folders_goldens import SPECIALS, WORDS
from tokenizer_kinds import corpus

TEXTS = [
    "I was so happy",
    "It's  a lóvely day, isn't it?\n",
    "love <mask> and[MASK] <mask>fear",
    "中文 ½ ﬁne ``quoted'' (café) Ａ",
    " leading <s> specials </s> <unk> [CLS] <new>",
    "",
    "the the the the the the",
    "\ufeffhe left , isn't it ?",
]
PAIR = ["He left.", "She went away!"]
NAMES = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]
# A few replacements instead of SentencePiece's thousands: code points, and what they become.
RULES = "FB01\t66 69\nFF21\t41\nBD\t31 2F 32\n9\t20\nA\t20\n65 301\tE9\n"


def kind(name, **changes):
    """tokenizer.json of one of the tokenizers of tokenizer_kinds."""
    return json.loads((GOLDENS / "tokenizer_kinds" / f"{name}.json").read_text("utf-8")) | changes


def spm(folder, **options):
    """The bytes of a SentencePiece model, as a file of a folder."""
    rules = folder / "rules.tsv"
    rules.write_text(RULES, encoding="utf-8")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()),
        model_writer=model,
        vocab_size=300,
        normalization_rule_tsv=str(rules),
        minloglevel=2,
        num_threads=1,
        hard_vocab_limit=False,
        **options,
    )
    return {"base64": base64.b64encode(model.getvalue()).decode()}


def added(content, **flags):
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"__type": "AddedToken", "content": content} | plain | flags


def folders(scratch):
    """name → the files of a folder; text is written as it is, {"base64"} as bytes, all else as JSON."""
    bpe = kind("roberta")["model"]
    merges = "#version: 0.2\n" + "".join(" ".join(merge) + "\n" for merge in bpe["merges"])
    files = {"vocab.json": bpe["vocab"], "merges.txt": merges}
    albert = spm(
        scratch,
        pad_id=0,
        unk_id=1,
        bos_id=-1,
        eos_id=-1,
        control_symbols="[CLS],[SEP]",
        user_defined_symbols="[MASK],(,)",
    )
    fairseq = spm(scratch, unk_id=0, bos_id=1, eos_id=2)
    words = "\n".join(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *SPECIALS, *WORDS]) + "\n"

    def of(model_type, class_name=None, **config):
        named = {"tokenizer_class": class_name} if class_name else {}
        return {"config.json": {"model_type": model_type}} | (
            {"tokenizer_config.json": named | config} if named else {}
        )

    return {
        "RoBERTa's tokenizer.json": of("roberta", "RobertaTokenizer", model_max_length=12)
        | {"tokenizer.json": kind("roberta")},
        "RoBERTa's vocab.json and merges.txt": of("roberta") | files,
        "RoBERTa with a prefix space and another mask": of(
            "roberta", "RobertaTokenizerFast", add_prefix_space=True, mask_token=added("<mask>", lstrip=True)
        )
        | files,
        "RoBERTa's class over another tokenizer.json": of("roberta", "RobertaTokenizer")
        | {"tokenizer.json": kind("modernbert", post_processor=None, decoder=None)},
        "BART's class": of("bart", "BartTokenizer") | files,
        "PreTrainedTokenizerFast over byte-level BPE": of(
            "modernbert",
            "PreTrainedTokenizerFast",
            cls_token="<s>",
            sep_token="</s>",
            pad_token="<pad>",
            mask_token="<mask>",
            clean_up_tokenization_spaces=True,
        )
        | {"tokenizer.json": kind("modernbert")},
        "PreTrainedTokenizerFast over Unigram, its blanks cleaned up": of(
            "bert", "PreTrainedTokenizerFast", pad_token="<pad>", clean_up_tokenization_spaces=True
        )
        | {"tokenizer.json": kind("xlm_roberta")},
        "GPT-NeoX's class": of("gpt_neox", "GPTNeoXTokenizer", pad_token="<pad>") | {"tokenizer.json": kind("roberta")},
        "XLM-RoBERTa's tokenizer.json": of("xlm-roberta", "XLMRobertaTokenizer")
        | {"tokenizer.json": kind("xlm_roberta")},
        "XLM-RoBERTa's SentencePiece model": of("xlm-roberta") | {"sentencepiece.bpe.model": fairseq},
        "CamemBERT's SentencePiece model": of("camembert") | {"sentencepiece.bpe.model": fairseq},
        "CamemBERT's tokenizer.json": of("camembert", "CamembertTokenizerFast", add_prefix_space=False)
        | {"tokenizer.json": kind("deberta")},
        "ALBERT's SentencePiece model": of("albert") | {"spiece.model": albert},
        "ALBERT's SentencePiece model, cased and with accents": of(
            "albert", "AlbertTokenizer", do_lower_case=False, keep_accents=True
        )
        | {"spiece.model": albert},
        "MPNet's vocab.txt": of("mpnet", "MPNetTokenizer") | {"vocab.txt": words},
        "ELECTRA's vocab.txt": of("electra") | {"vocab.txt": words},
    }


def describe(tokenizer):
    """What a caller sees: ids with and without padding and truncation, decoded text, and the attributes."""
    ids = tokenizer(TEXTS)["input_ids"]
    return {
        "input_ids": ids,
        "truncated": tokenizer(TEXTS, truncation=True, max_length=5)["input_ids"],
        "padded": dict(tokenizer(TEXTS, padding=True)) if tokenizer.pad_token else None,
        "pair": dict(tokenizer(*PAIR)),
        "decoded": [tokenizer.decode(row) for row in ids],
        "decoded_plain": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
        "tokens": [tokenizer.convert_ids_to_tokens(row) for row in ids],
        "model_max_length": tokenizer.model_max_length if tokenizer.model_max_length < 1e20 else None,
        "model_input_names": tokenizer.model_input_names,
        "special_tokens": {name: getattr(tokenizer, name) for name in NAMES},
        "special_ids": {f"{name}_id": getattr(tokenizer, f"{name}_id") for name in NAMES},
    }


def write_folder(folder, files):
    for name, content in files.items():
        if isinstance(content, dict) and "base64" in content:
            data = base64.b64decode(content["base64"])
        else:
            data = (content if isinstance(content, str) else json.dumps(content)).encode()
        (folder / name).write_bytes(data)


def generate():
    cases = {}
    with tempfile.TemporaryDirectory() as scratch:
        made = folders(Path(scratch))
    for name, files in made.items():
        with tempfile.TemporaryDirectory() as folder:
            write_folder(Path(folder), files)
            cases[name] = {"files": files, "expected": describe(AutoTokenizer.from_pretrained(folder))}
    write_json(GOLDENS / "tokenizer_classes.json", {"texts": TEXTS, "pair": PAIR} | cases)
