"""One model's weights in every form that folders hold them in; transformers reads the same from each here."""

import torch
from safetensors.torch import load_file
from transformers import BertForSequenceClassification

from batches import for_model, random_batch
from golden_io import fresh_folder, write_json
from tiny_models import bert_config, fill_with_large_weights

BIN = "pytorch_model.bin"
SEED = 300


def in_64ths(model):
    """Every weight a multiple of 1/64 below 2: the same number in float32, float16 and bfloat16."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((parameter * 64).round().clamp(-127, 127) / 64)
    return model


def as_views(tensors):
    """All in one storage, at offsets; matrices turned, so that their elements lie apart; one tensor twice."""
    flat = torch.zeros(sum(tensor.numel() for tensor in tensors.values()) + 3)
    views, at = {}, 3
    for name, tensor in tensors.items():
        turned = tensor.t() if tensor.dim() == 2 else tensor
        place = flat[at : at + tensor.numel()].view(turned.shape)
        place.copy_(turned)
        views[name] = place.t() if tensor.dim() == 2 else place
        at += tensor.numel()
    words = "bert.embeddings.word_embeddings.weight"
    return views | {"cls.predictions.decoder.weight": views[words]}


def as_many_types(tensors):
    """float16, bfloat16, float64 and float32 by turns, one turned, and the whole numbers that old files carry."""
    types = [torch.float16, torch.bfloat16, torch.float64, torch.float32]
    changed = {name: tensor.to(types[i % 4]) for i, (name, tensor) in enumerate(tensors.items())}
    words = "bert.embeddings.word_embeddings.weight"
    changed[words] = tensors[words].to(torch.float16).t().contiguous().t()
    return changed | {"bert.embeddings.position_ids": torch.arange(16).unsqueeze(0)}


def as_parameters(tensors):
    return {name: torch.nn.Parameter(tensor) for name, tensor in tensors.items()}


def with_old_names(tensors):
    renamed = {"LayerNorm.weight": "LayerNorm.gamma", "LayerNorm.bias": "LayerNorm.beta"}
    for new, old in renamed.items():
        tensors = {name.replace(new, old): tensor for name, tensor in tensors.items()}
    return tensors


# Folder name: a change to the weights, and whether torch.save writes its zip form.
TORCH_CASES = {
    "torch_zip_views": (as_views, True),
    "torch_zip_types": (as_many_types, True),
    "torch_zip_parameters": (as_parameters, True),
    "torch_legacy_views": (as_views, False),
    "torch_legacy_types": (as_many_types, False),
    "torch_legacy_old_names": (with_old_names, False),
}


def save_module(model, folder, is_zip):
    """A module's own state dict, which is an OrderedDict with attributes."""
    torch.save(model.state_dict(), folder / BIN, _use_new_zipfile_serialization=is_zip)


def save_shards(tensors, folder):
    """Two files and their index, as transformers wrote large models before safetensors."""
    names = list(tensors)
    weight_map = {}
    for i, part in enumerate([names[: len(names) // 2], names[len(names) // 2 :]], start=1):
        file = f"pytorch_model-{i:05}-of-00002.bin"
        torch.save({name: tensors[name] for name in part}, folder / file)
        weight_map |= dict.fromkeys(part, file)
    write_json(folder / f"{BIN}.index.json", {"metadata": {}, "weight_map": weight_map})


def check(folder, expected):
    """transformers reads the same weights from each form (products of turned matrices may round otherwise)."""
    loaded = BertForSequenceClassification.from_pretrained(folder, dtype=torch.float32).state_dict()
    assert loaded.keys() == expected.keys(), folder
    assert all(torch.equal(loaded[name], expected[name]) for name in expected), folder


def generate():
    config = bert_config(hidden=8, layers=1, heads=2, intermediate=12, positions=16, num_labels=2)
    model = in_64ths(fill_with_large_weights(BertForSequenceClassification(config), SEED)).eval()
    inputs = for_model(random_batch(4, 12, SEED, pairs=True), config)
    with torch.no_grad():
        logits = model(**inputs).logits
    whole = fresh_folder("checkpoints", "whole")
    model.save_pretrained(whole)
    tensors = load_file(whole / "model.safetensors")
    folders = [whole]

    def folder_of(name):
        folder = fresh_folder("checkpoints", name)
        config.save_pretrained(folder)
        folders.append(folder)
        return folder

    model.save_pretrained(folder_of("sharded_safetensors"), max_shard_size="3KB")
    save_shards(tensors, folder_of("sharded_torch"))
    save_module(model, folder_of("torch_zip"), is_zip=True)
    save_module(model, folder_of("torch_legacy"), is_zip=False)
    for name, (change, is_zip) in TORCH_CASES.items():
        torch.save(change(tensors), folder_of(name) / BIN, _use_new_zipfile_serialization=is_zip)
    for folder in folders:
        check(folder, model.state_dict())
    batch = {name: tensor.tolist() for name, tensor in inputs.items()}
    forms = [folder.name for folder in folders]
    write_json(whole.parent / "case.json", {"forms": forms, "inputs": batch, "logits": logits.tolist()})
