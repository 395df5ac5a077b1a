"""The stand-in encoder's model card."""


def model_card(vocabulary_size, parameters, seed):
    return f"""---
language: en
license: apache-2.0
library_name: transformers
tags:
- bert
- randomly-initialized
datasets:
- tunelab/emotion
---

# bert-tiny-random

**These weights are random: this model was never trained and knows nothing.** It stands in for a pre-trained encoder so that
Tunelab can fine-tune without a network. What a fine-tuned copy of it knows, it learned in that fine-tuning; expect less than from
any pre-trained encoder, even a small one.

| | |
|---|---|
| architecture | BERT encoder with pooler, no language-modelling head (`BertModel`) |
| layers, hidden size, heads, intermediate size | 2, 128, 2, 512 |
| positions | 512 |
| parameters | {parameters:,} |
| weights | as transformers initialises them, seed {seed}: normal with standard deviation 0.02; biases 0; layer norms 1 and 0 |
| stored in | 16-bit floating point, to be computed in 32-bit |
| vocabulary | uncased WordPiece, {vocabulary_size} entries |

The vocabulary was trained on the training split of `tunelab/emotion`; to it belongs every printable ASCII character, alone and,
for letters and digits, inside a word, so plain English text has no unknown words.

`tools/encoder/random_encoder.py` makes all files of this folder.
"""
