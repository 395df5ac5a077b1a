"""What from_config makes for a seed, per architecture: every weight of a new model, and which of them decay."""

import torch
from transformers import AutoModelForSequenceClassification, XLMRobertaConfig, set_seed

from golden_io import fresh_folder, write_json, write_tensors
from loss_curve import decay_names
from tiny_models import (
    albert_config,
    bert_config,
    distilbert_config,
    electra_config,
    modernbert_config,
    mpnet_config,
    roberta_config,
)

SEED = 42

# Sizes that 16 does not divide, and tables of fewer than 16 numbers: torch draws these otherwise.
SIZES = {"hidden": 15, "layers": 1, "heads": 3, "intermediate": 18, "vocabulary": 21, "positions": 11, "num_labels": 1}

CONFIGS = {
    "bert": bert_config(**SIZES),
    "distilbert": distilbert_config(**SIZES),
    "roberta": roberta_config(**SIZES),
    "xlm_roberta": roberta_config(config_class=XLMRobertaConfig, **SIZES),
    "electra": electra_config(embedding=9, **SIZES),
    "albert": albert_config(embedding=9, num_hidden_groups=2, inner_group_num=2, **{**SIZES, "layers": 3}),
    "mpnet": mpnet_config(**SIZES),
    "modernbert": modernbert_config(**{**SIZES, "hidden": 12, "layers": 2}),
}


def generate_case(name, config):
    folder = fresh_folder("fresh", name)
    set_seed(SEED)
    model = AutoModelForSequenceClassification.from_config(config)
    next_draw = torch.empty((), dtype=torch.int64).random_().item()
    config.save_pretrained(folder)
    write_tensors(folder / "fresh.safetensors", dict(model.named_parameters()))
    write_json(
        folder / "fresh.json",
        {"seed": SEED, "next_random_int64": str(next_draw), "decay": sorted(decay_names(model))},
    )


def generate():
    for name, config in CONFIGS.items():
        generate_case(name, config)
