"""Per LoRA case: a base model's folder, peft's adapters on it, logits, gradients, a curve, merged weights."""

import contextlib
import copy
import io
from dataclasses import dataclass, field

import torch
from peft import LoraConfig, get_peft_model

import loss_curve
from batches import for_model
from golden_io import float32_list, fresh_folder, write_json, write_tensors
from model_cases import ModelCase, albert, bert, distilbert, electra, modernbert, mpnet, pairs, roberta, singles
from model_goldens import in_double, write_model

SEED = 42


@dataclass
class LoraCase:
    model: ModelCase
    r: int
    lora_alpha: int
    target_modules: list | None = None
    options: dict = field(default_factory=dict)

    def config(self):
        return LoraConfig(
            r=self.r,
            lora_alpha=self.lora_alpha,
            target_modules=self.target_modules,
            task_type="SEQ_CLS",
            **self.options,
        )


BERT_PROJECTIONS = ["query", "key", "value", "attention.output.dense"]

CASES = [
    LoraCase(bert("bert_default", 210, pairs(210, 17), hidden=48, num_labels=2), 4, 8),
    LoraCase(
        bert("bert_upper_layer", 220, singles(220), num_labels=3),
        3,
        5,
        BERT_PROJECTIONS,
        {"layers_to_transform": [1], "use_rslora": True},
    ),
    LoraCase(distilbert("distilbert", 230, singles(230, 17), heads=2, num_labels=3), 2, 16, ["q_lin", "v_lin"]),
    LoraCase(
        distilbert("distilbert_all", 240, singles(240), heads=2, num_labels=1, problem_type="regression"),
        5,
        5,
        ["q_lin", "k_lin", "v_lin", "out_lin"],
    ),
    LoraCase(roberta("roberta_default", 250, pairs(250, pad=1), layers=2, num_labels=2), 3, 6),
    LoraCase(electra("electra_default", 260, pairs(260), layers=1, num_labels=3), 2, 4),
    LoraCase(
        albert("albert_all", 270, pairs(270), layers=3, num_labels=3), 4, 8, ["query", "key", "value", "attention.dense"]
    ),
    LoraCase(mpnet("mpnet", 280, pairs(280, pad=1), layers=2, num_labels=2), 3, 6, ["q", "v"]),
    LoraCase(modernbert("modernbert", 290, pairs(290, 24), layers=3, num_labels=3), 3, 6, ["Wqkv", "attn.Wo"]),
]


def plain_name(name):
    """The name in the model without peft's wrappers: what a span is called."""
    return name.removeprefix("base_model.model.").replace(".base_layer", "").replace(".modules_to_save.default", "")


def trainable(model):
    return {plain_name(name): p for name, p in model.named_parameters() if p.requires_grad}


def adapters(model):
    return {name: p.detach().clone() for name, p in trainable(model).items() if ".lora_" in name}


def fill_b(model, seed):
    """B starts at zero, and then A has no gradient: noise instead, so that every path shows."""
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if ".lora_B." in name:
                p.normal_(0.0, 0.3, generator=source)


def printed_counts(model):
    """The line of print_trainable_parameters."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        model.print_trainable_parameters()
    return text.getvalue().rstrip("\n")


def merged_weights(model):
    """The adapted matrices after merge_and_unload, of a copy."""
    names = {name.split(".lora_")[0] + ".weight" for name in adapters(model)}
    merged = copy.deepcopy(model).merge_and_unload()
    return {f"merged.{name}": p for name, p in merged.named_parameters() if name in names}


def generate_case(case):
    folder = fresh_folder("lora", case.model.name)
    base = write_model(case.model, folder)
    inputs = for_model(case.model.batch(), case.model.config)
    labels = case.model.labels()
    torch.manual_seed(SEED)
    model = get_peft_model(base, case.config()).eval()
    next_draw = torch.empty((), dtype=torch.int64).random_().item()
    counts = model.get_nb_trainable_parameters()
    names = list(adapters(model))
    initial = {f"init.{name}": p for name, p in adapters(model).items()}
    fill_b(model, case.model.seed + 2)
    start = {f"start.{name}": p for name, p in adapters(model).items()}
    logits, loss, gradients = in_double(model, inputs, labels)
    merged = merged_weights(model)
    curve = loss_curve.run(model, inputs, labels)
    with torch.no_grad():
        trained_logits = model(**inputs).logits
    write_tensors(
        folder / "case.safetensors",
        {**inputs, "labels": labels, "logits": logits, "trained_logits": trained_logits}
        | {f"grad.{plain_name(name)}": gradient for name, gradient in gradients.items()}
        | initial
        | start
        | merged,
    )
    write_json(
        folder / "case.json",
        {
            "seed": SEED,
            "next_random_int64": str(next_draw),
            "lora": {
                "r": case.r,
                "lora_alpha": case.lora_alpha,
                "target_modules": case.target_modules,
                **case.options,
            },
            "adapters": names,
            "trainable": list(trainable(model)),
            "peft_names": [name for name, _ in model.named_parameters() if ".original_module." not in name],
            "parameter_counts": counts,
            "printed": printed_counts(model),
            "loss": float32_list(loss)[0],
            "settings": loss_curve.SETTINGS,
            "curve": curve,
        },
    )


def generate():
    for case in CASES:
        generate_case(case)
