"""AdamW in two decay groups, gradient clipping, learning-rate schedules, and which parameters decay."""

import tempfile

import torch
from transformers import (
    BertForSequenceClassification,
    DistilBertForSequenceClassification,
    TrainingArguments,
    get_scheduler,
)

from golden_io import GOLDENS, float32_list, write_json
from loss_curve import decay_names
from tiny_models import bert_config, distilbert_config

ADAM_STEPS = 12
ADAM_SETTINGS = [
    {"lr": 5e-5, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0},
    {"lr": 1e-2, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01},
    {"lr": 1e-3, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1},
]
SCHEDULES = ["linear", "cosine", "constant", "constant_with_warmup"]
WARMUP_AND_TOTAL = [(0, 10), (3, 10), (10, 10), (0, 1), (1, 1), (5, 3), (7, 100)]


def adam_run(settings, seed):
    """Two vectors of one length, the first decayed, the second not; gradients span many magnitudes and hold zeros."""
    source = torch.Generator().manual_seed(seed)
    size = 13
    decayed, plain = (torch.empty(size).normal_(0.0, 1.0, generator=source).requires_grad_() for _ in range(2))
    start = {"decayed": float32_list(decayed), "plain": float32_list(plain)}
    optimizer = torch.optim.AdamW(
        [
            {"params": [decayed], "weight_decay": settings["weight_decay"]},
            {"params": [plain], "weight_decay": 0.0},
        ],
        lr=settings["lr"],
        betas=tuple(settings["betas"]),
        eps=settings["eps"],
    )
    scale = torch.logspace(-8, 1, size)
    scale[5] = 0.0
    steps = []
    for _ in range(ADAM_STEPS):
        for parameter in (decayed, plain):
            parameter.grad = torch.empty(size).normal_(0.0, 1.0, generator=source) * scale
        gradients = {"decayed_grad": float32_list(decayed.grad), "plain_grad": float32_list(plain.grad)}
        optimizer.step()
        steps.append(gradients | {"decayed": float32_list(decayed), "plain": float32_list(plain)})
    return {"settings": settings, "start": start, "steps": steps}


def schedule_values(name, warmup, total):
    """The rate at each step from 0 past the end, for a base rate of 1."""
    optimizer = torch.optim.AdamW([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=total)
    values = []
    for _ in range(total + 3):
        values.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return {"name": name, "warmup": warmup, "total": total, "rates": values}


def clip_case(vectors, max_norm):
    parameters = [torch.nn.Parameter(torch.zeros(len(v))) for v in vectors]
    for parameter, vector in zip(parameters, vectors, strict=True):
        parameter.grad = torch.tensor(vector)
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return {
        "grads": vectors,
        "max_norm": max_norm,
        "norm": float32_list(norm)[0],
        "clipped": [float32_list(p.grad) for p in parameters],
    }


def clip_cases():
    return [
        clip_case([[3.0, 4.0]], 1.0),
        clip_case([[3.0, 4.0], [12.0]], 5.0),
        clip_case([[0.3, 0.4]], 1.0),
        clip_case([[0.6, 0.8]], 1.0),
        clip_case([[0.0, 0.0]], 1.0),
        clip_case([[1e-20, 0.0], [3e-3, -4e-3]], 1e-3),
    ]


def warmup_cases():
    """TrainingArguments.warmup_steps: a count from 1 up, a share of the run below 1 (rounded up)."""
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for warmup in (0, 0.06, 0.1, 0.5, 1, 7, 500):
            for total in (10, 53, 1377):
                arguments = TrainingArguments(output_dir=folder, warmup_steps=warmup, report_to="none")
                cases.append({"warmup_steps": warmup, "total": total, "steps": arguments.get_warmup_steps(total)})
    return cases


def decay_rule():
    models = {
        "bert": BertForSequenceClassification(bert_config(layers=1)),
        "distilbert": DistilBertForSequenceClassification(distilbert_config(layers=1)),
    }
    rule = {}
    for name, model in models.items():
        decay = decay_names(model)
        names = [n for n, _ in model.named_parameters()]
        rule[name] = {
            "decay": [n for n in names if n in decay],
            "no_decay": [n for n in names if n not in decay],
        }
    return rule


def generate():
    write_json(
        GOLDENS / "optimizer.json",
        {
            "adamw": [adam_run(settings, seed) for seed, settings in enumerate(ADAM_SETTINGS, start=300)],
            "schedules": [schedule_values(name, w, t) for name in SCHEDULES for w, t in WARMUP_AND_TOTAL],
            "clip_grad_norm": clip_cases(),
            "warmup_steps": warmup_cases(),
            "decay_groups": decay_rule(),
        },
    )
