"""Whole runs of the real Hugging Face Trainer with dropout off: every logged number, every batch, the predictions."""

import tempfile

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from transformers import AutoModelForSequenceClassification, PrinterCallback, Trainer, TrainingArguments, set_seed

import pair_task
from golden_io import GOLDENS, float32_list, write_json

EVERY_EPOCH = {"eval_strategy": "epoch", "logging_steps": 1}
ACCUMULATION = EVERY_EPOCH | {
    "seed": 7,
    "learning_rate": 1e-3,
    "weight_decay": 0.01,
    "warmup_steps": 5,
    "gradient_accumulation_steps": 2,
    "max_grad_norm": 0.5,
}

# Run name: TrainingArguments beside the defaults, and whether the losses of an update are averaged: see README.md.
RUNS = {
    "defaults": (EVERY_EPOCH, False),
    "higher_rate": (EVERY_EPOCH | {"learning_rate": 2e-3, "weight_decay": 0.01, "warmup_steps": 0.1}, False),
    "accumulation": (ACCUMULATION, False),
    "accumulation_averaged": (ACCUMULATION, True),
    "max_steps": (
        {
            "eval_strategy": "steps",
            "eval_steps": 10,
            "logging_steps": 4,
            "max_steps": 25,
            "learning_rate": 1e-3,
            "lr_scheduler_type": "cosine",
            "warmup_steps": 3,
            "data_seed": 123,
            "dataloader_drop_last": True,
            "max_grad_norm": 0.0,
        },
        False,
    ),
}


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions)}


def without_timings(entry):
    timed = ("runtime", "per_second", "total_flos", "model_preparation_time")
    return {key: value for key, value in entry.items() if not any(word in key for word in timed)}


def run(name, settings, averaged):
    train, validation, collator = pair_task.load()
    recorder = pair_task.RecordingCollator(collator)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            use_cpu=True,
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
            remove_unused_columns=False,
            **settings,
        )
        set_seed(arguments.seed)
        model = AutoModelForSequenceClassification.from_pretrained(pair_task.MODEL, num_labels=2)
        trainer = Trainer(
            model,
            arguments,
            train_dataset=train,
            eval_dataset=validation,
            data_collator=recorder,
            compute_metrics=compute_metrics,
        )
        trainer.remove_callback(PrinterCallback)
        if averaged:
            trainer.loss_is_scaled_for_ga = False
        trainer.train()
        history = [without_timings(entry) for entry in trainer.state.log_history]
        prediction = trainer.predict(validation)
    write_json(
        GOLDENS / "trainer" / f"{name}.json",
        {
            "arguments": settings,
            "accumulated_losses_averaged": averaged,
            "batches": recorder.rows,
            "log_history": history,
            "predictions": [float32_list(row) for row in prediction.predictions],
            "test_metrics": without_timings(prediction.metrics),
            "parameter_norms": {key: p.detach().norm().item() for key, p in model.named_parameters()},
        },
    )


def generate():
    for name, (settings, averaged) in RUNS.items():
        run(name, settings, averaged)
