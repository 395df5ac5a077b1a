"""The distilled encoder's model card."""


def minilm_card(vocabulary_size, parameters, pieces, seconds):
    return f"""---
language: en
license: apache-2.0
library_name: transformers
base_model: sentence-transformers/all-MiniLM-L6-v2
tags:
- bert
- distillation
---

# MiniLM-L4-H192-uncased

A small English encoder to fine-tune in a web page: cut out of
[all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) (Apache 2.0, by the sentence-transformers team)
and then distilled from it.

| | |
|---|---|
| architecture | BERT encoder with pooler, no language-modelling head (`BertModel`) |
| layers, hidden size, heads, intermediate size | 4, 192, 6, 768 |
| positions | 256; distilled on at most 64, so longer texts rest on the teacher's position embeddings alone |
| parameters | {parameters:,} |
| stored in | 16-bit floating point, to be computed in 32-bit |
| vocabulary | uncased WordPiece, {vocabulary_size} of the teacher's 30,522 entries; every printable ASCII character among them |

## How it was made

Every weight began as part of the teacher's: its hidden states projected onto their 192 strongest directions, four of its six layers,
half of each layer's attention heads and feed-forward units. The distillation saw {pieces:,} pieces in {seconds / 60:.0f} minutes on two
processor cores. With 15 % of the pieces masked, it learned four things: the teacher's hidden states after each kept layer, the masked
pieces, and, through the pooler, the teacher's sentence embedding; a third of the input were pairs of sentences, adjacent ones or
one with a corrupted copy of itself.

The text was plain English: glosses of WordNet, definitions of GCIDE, fortunes, software manuals, and, of the corpora that NLTK
distributes, the Brown corpus, MASC, news, speeches, plays, film and product reviews, and talk from the web. Sentences that share
seven words in a row with SST-2, MRPC or Tunelab's own datasets were left out. The recipe is `tools/encoder/` of Tunelab.

## Limits

- English only; letter case and accents are lost. Words outside the vocabulary fall into more pieces than with BERT's.
- It is far smaller than the models usually fine-tuned, and saw little text: it knows few facts and learns less from few examples
  than its teacher. It does not embed sentences by itself: fine-tune it.
- The text is partly old and mostly American or Australian; film reviews, a dictionary of 1913, Genesis and Shakespeare are
  over-represented. Stereotypes of these texts and of the teacher are in it. Do not let it decide about people.
- Text that shares fewer than seven words in a row with a benchmark may have stayed in, and the teacher's own training data is
  the teacher's.
"""
