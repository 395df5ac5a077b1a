"""Writes assets/hub/tunelab/bert-tiny-random/: a small BERT with random weights and a vocabulary of its own.

    python tools/encoder/random_encoder.py      (needs tests/reference/requirements.txt and the emotion dataset)

It stands in for a pre-trained encoder. Same versions, same dataset: same bytes.
"""

import json
from pathlib import Path

import pyarrow.parquet
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import BertConfig, BertModel, BertTokenizer
from transformers.utils import logging

from model_card import model_card

HUB = Path(__file__).parents[2] / "assets" / "hub"
TRAIN = HUB / "datasets/tunelab/emotion/data/train-00000-of-00001.parquet"
TARGET = HUB / "tunelab/bert-tiny-random"

SEED = 42
VOCABULARY = 2400
POSITIONS = 512
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# Every printable ASCII character has its two entries, so that no plain English text is unknown.
ALPHABET = [chr(c) for c in range(0x21, 0x7F) if not chr(c).isupper()]


def train_vocabulary(texts):
    """WordPiece entries in the order of their ids."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    # The trainer takes "##x" only where it saw x inside a word; each character alone and inside a word is added here.
    inside = ["##" + c for c in ALPHABET if c.isalnum()]
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIALS + ALPHABET + inside, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    numbered = tokenizer.get_vocab()
    return sorted(numbered, key=numbered.get)


def write_tokenizer(entries):
    """tokenizer.json and tokenizer_config.json by transformers, and the two files that older readers look for."""
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=True, model_max_length=POSITIONS)
    tokenizer.save_pretrained(TARGET)
    (TARGET / "vocab.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
    special = json.dumps(tokenizer.special_tokens_map, indent=2)
    (TARGET / "special_tokens_map.json").write_text(special + "\n", encoding="utf-8")


def write_model(vocabulary_size):
    """config.json and model.safetensors; returns the number of parameters."""
    config = BertConfig(
        vocab_size=vocabulary_size,
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=512,
        max_position_embeddings=POSITIONS,
    )
    torch.manual_seed(SEED)
    model = BertModel(config)
    # Half precision in the file for its size alone; config.json asks readers to compute in single precision.
    model.half().save_pretrained(TARGET)
    config = json.loads((TARGET / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float32"
    (TARGET / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return model.num_parameters()


def main():
    logging.disable_progress_bar()
    texts = pyarrow.parquet.read_table(TRAIN, columns=["text"])["text"].to_pylist()
    entries = train_vocabulary(texts)
    TARGET.mkdir(parents=True, exist_ok=True)
    write_tokenizer(entries)
    parameters = write_model(len(entries))
    (TARGET / "README.md").write_text(model_card(len(entries), parameters, SEED), encoding="utf-8")


if __name__ == "__main__":
    main()
