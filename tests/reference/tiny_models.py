"""Tiny encoders whose weights are large enough that every gradient means something."""

import torch
from torch import nn
from transformers import (
    AlbertConfig,
    BertConfig,
    DistilBertConfig,
    ElectraConfig,
    ModernBertConfig,
    MPNetConfig,
    RobertaConfig,
)

VOCABULARY = 64
POSITIONS = 32


def bert_config(
    hidden=32,
    layers=2,
    heads=4,
    intermediate=48,
    vocabulary=VOCABULARY,
    positions=POSITIONS,
    config_class=BertConfig,
    **changes,
):
    """A configuration in BERT's names with dropout off, for runs that must repeat exactly."""
    return config_class(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=intermediate,
        max_position_embeddings=positions,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        **changes,
    )


def distilbert_config(
    hidden=32, layers=2, heads=4, intermediate=48, vocabulary=VOCABULARY, positions=POSITIONS, **changes
):
    """The same in DistilBERT's names."""
    return DistilBertConfig(
        vocab_size=vocabulary,
        dim=hidden,
        n_layers=layers,
        n_heads=heads,
        hidden_dim=intermediate,
        max_position_embeddings=positions,
        dropout=0.0,
        attention_dropout=0.0,
        seq_classif_dropout=0.0,
        **changes,
    )


def roberta_config(positions=POSITIONS, config_class=RobertaConfig, **changes):
    """RoBERTa's: positions begin behind the padding token's, as many of them as elsewhere; one token type."""
    behind_pad = positions + config_class().pad_token_id + 1
    return bert_config(positions=behind_pad, config_class=config_class, **{"type_vocab_size": 1, **changes})


def electra_config(embedding=20, **changes):
    """ELECTRA's: embeddings narrower than the layers."""
    return bert_config(config_class=ElectraConfig, embedding_size=embedding, **changes)


def albert_config(embedding=20, **changes):
    """ALBERT's: layers that share weights."""
    return bert_config(
        config_class=AlbertConfig, embedding_size=embedding, **{"classifier_dropout_prob": 0.0, **changes}
    )


def mpnet_config(positions=POSITIONS, **changes):
    """MPNet's: positions begin behind row 1, as in RoBERTa; no token types."""
    return bert_config(positions=positions + 2, config_class=MPNetConfig, **changes)


def modernbert_config(
    hidden=32, layers=4, heads=2, intermediate=40, vocabulary=VOCABULARY, positions=POSITIONS, window=8, **changes
):
    """ModernBERT's: every third layer sees all, the others `window` tokens; ids of the tiny vocabulary."""
    return ModernBertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=intermediate,
        max_position_embeddings=positions,
        local_attention=window,
        pad_token_id=0,
        bos_token_id=2,
        cls_token_id=2,
        eos_token_id=3,
        sep_token_id=3,
        **changes,
    )


def fill_with_large_weights(model, seed):
    """Overwrites every parameter, the layer norms' too: at the usual 0.02 a wrong gradient hides in the tolerance."""
    source = torch.Generator().manual_seed(seed)

    def noise(parameter, std):
        return torch.empty_like(parameter).normal_(0.0, std, generator=source)

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.LayerNorm):
                module.weight.copy_(1.0 + noise(module.weight, 0.2))
                if module.bias is not None:
                    module.bias.copy_(noise(module.bias, 0.1))
            elif isinstance(module, nn.Linear):
                module.weight.copy_(noise(module.weight, 0.2))
                if module.bias is not None:
                    module.bias.copy_(noise(module.bias, 0.1))
            elif isinstance(module, nn.Embedding):
                module.weight.copy_(noise(module.weight, 0.3))
    return model
