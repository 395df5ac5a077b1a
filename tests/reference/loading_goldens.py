"""What from_pretrained makes of folders that do not match the model: the keys it reports and the head it draws."""

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    AlbertForPreTraining,
    AlbertForSequenceClassification,
    AlbertModel,
    BertForMaskedLM,
    BertForPreTraining,
    BertForSequenceClassification,
    BertModel,
    DistilBertForMaskedLM,
    DistilBertForSequenceClassification,
    DistilBertModel,
    ElectraForMaskedLM,
    ElectraForPreTraining,
    ElectraForSequenceClassification,
    ElectraModel,
    ModernBertForMaskedLM,
    ModernBertForSequenceClassification,
    ModernBertModel,
    MPNetForMaskedLM,
    MPNetForSequenceClassification,
    MPNetModel,
    RobertaForMaskedLM,
    RobertaForSequenceClassification,
    RobertaModel,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
    XLMRobertaModel,
    set_seed,
)

from batches import for_model, random_batch
from golden_io import fresh_folder, write_json, write_tensors
from tiny_models import (
    albert_config,
    bert_config,
    distilbert_config,
    electra_config,
    fill_with_large_weights,
    modernbert_config,
    mpnet_config,
    roberta_config,
)

SEED = 42
NUM_LABELS = 3


def as_stored(tensors):
    return tensors


def with_old_names(tensors):
    """Checkpoints converted from TensorFlow call a layer norm's two vectors gamma and beta."""
    renamed = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    for new, old in renamed.items():
        tensors = {name.replace(new, old): value for name, value in tensors.items()}
    return tensors


def with_position_ids(tensors):
    """transformers before 4.31 stored the position numbers as a weight; they load without a word."""
    return tensors | {"embeddings.position_ids": torch.arange(32).unsqueeze(0)}


def without_one_bias(tensors):
    """A module of which only one parameter is missing keeps the other."""
    return {name: value for name, value in tensors.items() if name != "bert.encoder.layer.0.output.dense.bias"}


def with_one_tensor(tensors):
    """A checkpoint of little else than a bias: all else is drawn, in the order of the model's own modules."""
    return {name: value for name, value in tensors.items() if name == "embeddings.LayerNorm.bias"}


def with_final_norm(tensors):
    """The same for an encoder whose layer norms have no biases."""
    return {name: value for name, value in tensors.items() if name == "final_norm.weight"}


def xlm_roberta_config(**changes):
    return roberta_config(config_class=XLMRobertaConfig, **changes)


# Folder name: the class that was saved, its configuration, the class that loads it, a change to the stored tensors.
CASES = {
    "bert_model": (BertModel, bert_config, BertForSequenceClassification, with_position_ids),
    "bert_for_pretraining": (BertForPreTraining, bert_config, BertForSequenceClassification, as_stored),
    "bert_for_masked_lm": (BertForMaskedLM, bert_config, BertForSequenceClassification, as_stored),
    "bert_old_names": (BertForPreTraining, bert_config, BertForSequenceClassification, with_old_names),
    "bert_partial": (BertForPreTraining, bert_config, BertForSequenceClassification, without_one_bias),
    "distilbert_model": (DistilBertModel, distilbert_config, DistilBertForSequenceClassification, as_stored),
    "distilbert_for_masked_lm": (
        DistilBertForMaskedLM,
        distilbert_config,
        DistilBertForSequenceClassification,
        as_stored,
    ),
    "roberta_model": (RobertaModel, roberta_config, RobertaForSequenceClassification, with_position_ids),
    "roberta_for_masked_lm": (RobertaForMaskedLM, roberta_config, RobertaForSequenceClassification, as_stored),
    "roberta_old_names": (RobertaForMaskedLM, roberta_config, RobertaForSequenceClassification, with_old_names),
    "roberta_nothing": (RobertaModel, roberta_config, RobertaForSequenceClassification, with_one_tensor),
    "xlm_roberta_model": (XLMRobertaModel, xlm_roberta_config, XLMRobertaForSequenceClassification, as_stored),
    "electra_model": (ElectraModel, electra_config, ElectraForSequenceClassification, as_stored),
    "electra_for_pretraining": (ElectraForPreTraining, electra_config, ElectraForSequenceClassification, as_stored),
    "electra_for_masked_lm": (ElectraForMaskedLM, electra_config, ElectraForSequenceClassification, with_old_names),
    "electra_nothing": (ElectraModel, electra_config, ElectraForSequenceClassification, with_one_tensor),
    "albert_model": (AlbertModel, albert_config, AlbertForSequenceClassification, with_position_ids),
    "albert_for_pretraining": (AlbertForPreTraining, albert_config, AlbertForSequenceClassification, with_old_names),
    "albert_nothing": (AlbertModel, albert_config, AlbertForSequenceClassification, with_one_tensor),
    "mpnet_model": (MPNetModel, mpnet_config, MPNetForSequenceClassification, as_stored),
    "mpnet_for_masked_lm": (MPNetForMaskedLM, mpnet_config, MPNetForSequenceClassification, with_position_ids),
    "mpnet_nothing": (MPNetModel, mpnet_config, MPNetForSequenceClassification, with_one_tensor),
    "modernbert_model": (ModernBertModel, modernbert_config, ModernBertForSequenceClassification, as_stored),
    "modernbert_for_masked_lm": (
        ModernBertForMaskedLM,
        modernbert_config,
        ModernBertForSequenceClassification,
        as_stored,
    ),
    "modernbert_nothing": (
        ModernBertModel,
        modernbert_config,
        ModernBertForSequenceClassification,
        with_final_norm,
    ),
    "xlm_roberta_nothing": (
        XLMRobertaModel,
        xlm_roberta_config,
        XLMRobertaForSequenceClassification,
        with_one_tensor,
    ),
}


def save_source(folder, saved_class, config, change, seed):
    model = fill_with_large_weights(saved_class(config(layers=1)), seed)
    model.save_pretrained(folder)
    path = folder / "model.safetensors"
    save_file(change(load_file(path)), path, metadata={"format": "pt"})


def load_with_seed(folder, target_class):
    """The course's order: set the seed, then load. Also the next draw, which shows that nothing else was drawn."""
    set_seed(SEED)
    model, info = target_class.from_pretrained(folder, num_labels=NUM_LABELS, output_loading_info=True)
    next_draw = torch.empty((), dtype=torch.int64).random_().item()
    return model.eval(), info, next_draw


def generate_case(name, seed, saved_class, config, target_class, change):
    folder = fresh_folder("loading", name)
    save_source(folder, saved_class, config, change, seed)
    model, info, next_draw = load_with_seed(folder, target_class)
    inputs = for_model(random_batch(4, 12, seed, pairs=True, pad=model.config.pad_token_id), model.config)
    with torch.no_grad():
        logits = model(**inputs).logits
    parameters = dict(model.named_parameters())
    initialised = {f"initialised.{key}": parameters[key] for key in info["missing_keys"]}
    write_tensors(folder / "loaded.safetensors", inputs | {"logits": logits} | initialised)
    write_json(
        folder / "loaded.json",
        {
            "seed": SEED,
            "num_labels": NUM_LABELS,
            "class": target_class.__name__,
            "missing_keys": sorted(info["missing_keys"]),
            "unexpected_keys": sorted(info["unexpected_keys"]),
            "next_random_int64": str(next_draw),
        },
    )


def generate():
    for seed, (name, case) in enumerate(CASES.items(), start=200):
        generate_case(name, seed, *case)
