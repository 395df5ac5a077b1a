"""The list of model cases: which architecture, head, activation, storage type and batch each one covers."""

from dataclasses import dataclass
from typing import Any, Callable

import torch
from transformers import (
    AlbertForSequenceClassification,
    BertForSequenceClassification,
    CamembertConfig,
    CamembertForSequenceClassification,
    DistilBertForSequenceClassification,
    ElectraForSequenceClassification,
    ModernBertForSequenceClassification,
    MPNetForSequenceClassification,
    RobertaForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

from batches import random_batch, with_attended_pad, with_hidden_tokens, without_padding
from tiny_models import (
    albert_config,
    bert_config,
    distilbert_config,
    electra_config,
    modernbert_config,
    mpnet_config,
    roberta_config,
)

ROWS = 20
LENGTH = 14


@dataclass
class ModelCase:
    name: str
    seed: int
    model_class: Any
    config: Any
    batch: Callable[[], dict]
    stored_as: torch.dtype = torch.float32

    def labels(self):
        """Class numbers, 0/1 vectors or real targets, by the head's own rule for the loss."""
        source = torch.Generator().manual_seed(self.seed + 1)
        count = self.config.num_labels
        if count == 1:
            return torch.empty(ROWS).normal_(0.0, 1.0, generator=source)
        if self.config.problem_type == "multi_label_classification":
            return torch.randint(0, 2, (ROWS, count), generator=source).float()
        return torch.randint(0, count, (ROWS,), generator=source)


def pairs(seed, length=LENGTH, pad=0):
    return lambda: random_batch(ROWS, length, seed, pairs=True, pad=pad)


def singles(seed, length=LENGTH, pad=0):
    return lambda: random_batch(ROWS, length, seed, pairs=False, pad=pad)


def bert(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, BertForSequenceClassification, bert_config(**config), batch, stored_as)


def distilbert(name, seed, batch, **config):
    return ModelCase(name, seed, DistilBertForSequenceClassification, distilbert_config(**config), batch)


def roberta(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, RobertaForSequenceClassification, roberta_config(**config), batch, stored_as)


def electra(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, ElectraForSequenceClassification, electra_config(**config), batch, stored_as)


def albert(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, AlbertForSequenceClassification, albert_config(**config), batch, stored_as)


def mpnet(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, MPNetForSequenceClassification, mpnet_config(**config), batch, stored_as)


def modernbert(name, seed, batch, stored_as=torch.float32, **config):
    return ModelCase(name, seed, ModernBertForSequenceClassification, modernbert_config(**config), batch, stored_as)


MULTI_LABEL = {"num_labels": 4, "problem_type": "multi_label_classification"}

CASES = [
    bert("bert_pairs", 10, pairs(10, 17), hidden=48, layers=2, heads=4, intermediate=72, num_labels=2),
    bert("bert_multi_label", 20, singles(20), **MULTI_LABEL),
    bert("bert_regression", 30, pairs(30), num_labels=1),
    bert("bert_gelu_new", 40, singles(40), layers=1, hidden_act="gelu_new", num_labels=3),
    bert("bert_relu", 50, singles(50), layers=1, heads=2, hidden_act="relu", num_labels=3),
    bert("bert_full_length", 60, lambda: without_padding(ROWS, 24, 60), layers=1, positions=24, num_labels=2),
    bert("bert_attended_pad", 70, lambda: with_attended_pad(ROWS, LENGTH, 70), layers=1, num_labels=2),
    bert("bert_float16", 80, pairs(80), torch.float16, layers=1, num_labels=2),
    bert("bert_bfloat16", 90, pairs(90), torch.bfloat16, layers=1, num_labels=2),
    distilbert("distilbert_single", 100, singles(100, 17), heads=2, num_labels=3),
    distilbert("distilbert_multi_label", 110, singles(110), layers=1, **MULTI_LABEL),
    distilbert("distilbert_regression", 120, singles(120), layers=1, heads=2, num_labels=1, problem_type="regression"),
    roberta("roberta_pairs", 130, pairs(130, 17, pad=1), num_labels=3),
    roberta("roberta_multi_label", 140, singles(140, pad=1), layers=1, heads=2, **MULTI_LABEL),
    roberta("roberta_attended_pad", 150, lambda: with_attended_pad(ROWS, LENGTH, 150, pad=1), layers=1),
    roberta("roberta_hidden_tokens", 160, lambda: with_hidden_tokens(ROWS, LENGTH, 160, pad=1), layers=1),
    roberta("roberta_float16", 170, pairs(170, pad=1), torch.float16, layers=1, type_vocab_size=2),
    ModelCase(
        "xlm_roberta_regression",
        180,
        XLMRobertaForSequenceClassification,
        roberta_config(config_class=XLMRobertaConfig, layers=1, num_labels=1),
        pairs(180, pad=1),
    ),
    ModelCase(
        "camembert_full_length",
        190,
        CamembertForSequenceClassification,
        roberta_config(config_class=CamembertConfig, layers=1, positions=24),
        lambda: without_padding(ROWS, 24, 190),
    ),
    electra("electra_pairs", 300, pairs(300, 17), num_labels=3),
    electra("electra_wide_embeddings", 310, pairs(310), layers=1, hidden=12, heads=2, intermediate=16, embedding=40),
    electra("electra_regression", 320, singles(320), layers=1, embedding=32, num_labels=1),
    electra("electra_multi_label", 330, singles(330), torch.bfloat16, layers=1, **MULTI_LABEL),
    albert("albert_pairs", 340, pairs(340, 17), layers=3, num_labels=3),
    albert("albert_groups", 350, singles(350), layers=5, num_hidden_groups=2, inner_group_num=2, **MULTI_LABEL),
    albert("albert_regression", 360, pairs(360), torch.float16, layers=2, embedding=32, num_labels=1),
    mpnet("mpnet_pairs", 400, pairs(400, 17, pad=1), num_labels=3),
    mpnet("mpnet_long", 410, singles(410, 150, pad=1), positions=150, layers=1, heads=2, num_labels=2),
    mpnet("mpnet_hidden_tokens", 420, lambda: with_hidden_tokens(ROWS, 40, 420, pad=1), positions=40, layers=1),
    mpnet("mpnet_regression", 430, pairs(430, pad=1), torch.float16, layers=1, num_labels=1),
    mpnet("mpnet_multi_label", 440, singles(440, pad=1), torch.bfloat16, layers=1, **MULTI_LABEL),
    modernbert("modernbert_pairs", 500, pairs(500, 30), num_labels=3),
    modernbert("modernbert_mean", 510, pairs(510, 30), layers=3, classifier_pooling="mean", num_labels=2),
    modernbert(
        "modernbert_biases",
        520,
        singles(520, 20),
        layers=2,
        attention_bias=True,
        mlp_bias=True,
        norm_bias=True,
        classifier_bias=True,
        classifier_pooling="mean",
        **MULTI_LABEL,
    ),
    modernbert(
        "modernbert_local_last",
        530,
        lambda: with_hidden_tokens(ROWS, 24, 530),
        layers=3,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        num_labels=1,
    ),
    modernbert(
        "modernbert_long",
        540,
        singles(540, 150),
        layers=2,
        positions=150,
        window=24,
        hidden_activation="gelu_pytorch_tanh",
        classifier_activation="relu",
    ),
    modernbert("modernbert_bfloat16", 550, lambda: with_attended_pad(ROWS, LENGTH, 550), torch.bfloat16, layers=1),
]
