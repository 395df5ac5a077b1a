"""The course's hand-written loop (plain DataLoader, AdamW, linear schedule), alone and under Accelerate."""

import torch
from accelerate import Accelerator
from torch.utils.data import DataLoader
from transformers import AutoModelForSequenceClassification, get_scheduler, set_seed

import pair_task
from golden_io import GOLDENS, float32_list, write_json

EPOCHS = 3
BATCH = 8
LEARNING_RATE = 1e-3
SEED = 42


def plain(*prepared):
    """Stands where Accelerator.prepare would, so that both runs are one piece of code."""
    return prepared


def run(prepare, backward):
    """Evaluates after every epoch too: opening the evaluation loader draws from the generator that shuffles."""
    train, validation, collator = pair_task.load()
    recorder = pair_task.RecordingCollator(collator)
    set_seed(SEED)
    model = AutoModelForSequenceClassification.from_pretrained(pair_task.MODEL, num_labels=2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    train_dataloader, eval_dataloader, model, optimizer = prepare(
        DataLoader(train, shuffle=True, batch_size=BATCH, collate_fn=recorder),
        DataLoader(validation, batch_size=BATCH, collate_fn=recorder),
        model,
        optimizer,
    )
    steps = EPOCHS * len(train_dataloader)
    schedule = get_scheduler("linear", optimizer=optimizer, num_warmup_steps=0, num_training_steps=steps)
    losses, evaluations = [], []
    for _ in range(EPOCHS):
        model.train()
        for batch in train_dataloader:
            loss = model(**batch).loss
            backward(loss)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            logits = torch.cat([model(**batch).logits for batch in eval_dataloader])
        evaluations.append([float32_list(row) for row in logits])
    return {"batches": recorder.rows, "losses": losses, "evaluation_logits": evaluations}


def run_plain():
    return run(plain, lambda loss: loss.backward())


def run_accelerate():
    accelerator = Accelerator(cpu=True)
    return run(accelerator.prepare, accelerator.backward)


def generate():
    alone, accelerated = run_plain(), run_accelerate()
    write_json(
        GOLDENS / "hand_loop.json",
        {
            "seed": SEED,
            "epochs": EPOCHS,
            "batch_size": BATCH,
            "learning_rate": LEARNING_RATE,
            "weight_decay": 0.01,
            **alone,
            "accelerate": {key: accelerated[key] for key in ("batches", "losses")},
        },
    )
