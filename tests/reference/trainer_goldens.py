"""Whole runs of the real Hugging Face Trainer with dropout off: every logged number, every batch, the predictions."""

import tempfile
from dataclasses import dataclass

import numpy as np
from peft import LoraConfig, get_peft_model
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

MAX_STEPS = {
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
}
GROUPED = EVERY_EPOCH | {
    "train_sampling_strategy": "group_by_length",
    "per_device_train_batch_size": 4,
    "gradient_accumulation_steps": 2,
    "learning_rate": 1e-3,
    "seed": 11,
}
FROZEN = EVERY_EPOCH | {
    "train_sampling_strategy": "sequential",
    "activation_checkpointing": True,
    "learning_rate": 1e-3,
    "weight_decay": 0.01,
}

ADAPTED = EVERY_EPOCH | {"learning_rate": 1e-2, "weight_decay": 0.01, "warmup_steps": 4}


@dataclass
class Run:
    """TrainingArguments beside the defaults; whether the losses of an update are averaged (see README.md); what of the
    encoder is not trained; what peft's LoraConfig is given, if the model gets adapters."""

    settings: dict
    averaged: bool = False
    frozen: tuple = ()
    lora: dict | None = None


RUNS = {
    "defaults": Run(EVERY_EPOCH),
    "higher_rate": Run(EVERY_EPOCH | {"learning_rate": 2e-3, "weight_decay": 0.01, "warmup_steps": 0.1}),
    "accumulation": Run(ACCUMULATION),
    "accumulation_averaged": Run(ACCUMULATION, averaged=True),
    "max_steps": Run(MAX_STEPS),
    "group_by_length": Run(GROUPED),
    "frozen": Run(FROZEN, frozen=("embeddings", "encoder.layer.0")),
    "lora": Run(ADAPTED, lora={"r": 4, "lora_alpha": 16, "task_type": "SEQ_CLS"}),
}


def compute_metrics(eval_preds):
    logits, labels = eval_preds
    predictions = np.argmax(logits, axis=-1)
    return {"accuracy": accuracy_score(labels, predictions), "f1": f1_score(labels, predictions)}


def without_timings(entry):
    timed = ("runtime", "per_second", "total_flos", "model_preparation_time")
    return {key: value for key, value in entry.items() if not any(word in key for word in timed)}


def in_row_order(trainer, dataset, predictions):
    """With group_by_length, transformers evaluates and predicts in the sampler's order."""
    order = list(trainer._get_eval_sampler(dataset))[: len(predictions)]
    return predictions[np.argsort(order)]


def run(name, job):
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
            **job.settings,
        )
        set_seed(arguments.seed)
        model = AutoModelForSequenceClassification.from_pretrained(pair_task.MODEL, num_labels=2)
        for part in job.frozen:
            for parameter in model.base_model.get_submodule(part).parameters():
                parameter.requires_grad = False
        if job.lora:
            model = get_peft_model(model, LoraConfig(**job.lora))
        trainer = Trainer(
            model,
            arguments,
            train_dataset=train,
            eval_dataset=validation,
            data_collator=recorder,
            compute_metrics=compute_metrics,
        )
        trainer.remove_callback(PrinterCallback)
        if job.averaged:
            trainer.loss_is_scaled_for_ga = False
        trainer.train()
        history = [without_timings(entry) for entry in trainer.state.log_history]
        prediction = trainer.predict(validation)
        predictions = in_row_order(trainer, validation, prediction.predictions)
    write_json(
        GOLDENS / "trainer" / f"{name}.json",
        {
            "arguments": job.settings,
            "accumulated_losses_averaged": job.averaged,
            "frozen": job.frozen,
            "batches": recorder.rows,
            "log_history": history,
            "predictions": [float32_list(row) for row in predictions],
            "test_metrics": without_timings(prediction.metrics),
            "parameter_norms": {key: p.detach().norm().item() for key, p in model.named_parameters()},
        }
        | ({"lora": job.lora} if job.lora else {}),
    )


def generate():
    for name, job in RUNS.items():
        run(name, job)
