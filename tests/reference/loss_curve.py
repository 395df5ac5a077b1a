"""Twenty optimizer steps in float32 as the Trainer takes them: clip, AdamW in two groups, linear schedule."""

import torch
from transformers import Trainer, get_linear_schedule_with_warmup

STEPS = 20
BATCH = 5
SETTINGS = {
    "learning_rate": 2e-3,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "weight_decay": 0.01,
    "warmup_steps": 3,
    "max_grad_norm": 1.0,
    "steps": STEPS,
    "batch_size": BATCH,
}


def decay_names(model):
    """Asks the Trainer's own rule, which uses nothing of the Trainer but the method."""
    return set(Trainer.get_decay_parameter_names(None, model))


def parameter_groups(model, weight_decay):
    decay = decay_names(model)
    named = list(model.named_parameters())
    return [
        {"params": [p for n, p in named if n in decay], "weight_decay": weight_decay},
        {"params": [p for n, p in named if n not in decay], "weight_decay": 0.0},
    ]


def rows_of_step(step, rows):
    """Batches in order, wrapping round: step s takes rows s·BATCH … modulo the number of rows."""
    first = step * BATCH % rows
    return slice(first, first + BATCH)


def run(model, inputs, labels):
    """Trains `model` in place; returns loss, gradient norm before clipping, and rate of each step."""
    model.eval()
    optimizer = torch.optim.AdamW(
        parameter_groups(model, SETTINGS["weight_decay"]),
        lr=SETTINGS["learning_rate"],
        betas=(SETTINGS["adam_beta1"], SETTINGS["adam_beta2"]),
        eps=SETTINGS["adam_epsilon"],
    )
    schedule = get_linear_schedule_with_warmup(optimizer, SETTINGS["warmup_steps"], STEPS)
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        rows = rows_of_step(step, len(labels))
        loss = model(**{name: value[rows] for name, value in inputs.items()}, labels=labels[rows]).loss
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), SETTINGS["max_grad_norm"])
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        norms.append(norm.item())
    return {"loss": losses, "grad_norm": norms, "learning_rate": rates}
