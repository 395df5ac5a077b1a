"""Per model case: a Hugging Face folder, its inputs, logits, loss, every gradient, and a 20-step loss curve."""

import copy

import torch

import loss_curve
from batches import for_model
from golden_io import float32_list, fresh_folder, write_json, write_tensors
from model_cases import CASES
from tiny_models import fill_with_large_weights


def write_model(case, folder):
    """Saves the folder as transformers does, then reads it back as float32: what an engine gets to see."""
    model = fill_with_large_weights(case.model_class(case.config), case.seed)
    model.to(case.stored_as).save_pretrained(folder)
    return case.model_class.from_pretrained(folder, dtype=torch.float32).eval()


def forward_and_backward(model, inputs, labels):
    """Logits of all rows; loss and gradients of the first BATCH rows."""
    with torch.no_grad():
        logits = model(**inputs).logits
    first = slice(0, loss_curve.BATCH)
    model.zero_grad()
    loss = model(**{name: value[first] for name, value in inputs.items()}, labels=labels[first]).loss
    loss.backward()
    return logits, loss.detach(), {name: p.grad.clone() for name, p in model.named_parameters() if p.requires_grad}


def in_double(model, inputs, labels):
    """The same in float64: the goldens are the values themselves, not one machine's rounding of them."""
    exact_labels = labels.double() if labels.is_floating_point() else labels
    return forward_and_backward(copy.deepcopy(model).double(), inputs, exact_labels)


def float32_deviation(exact, single):
    """How far torch's own float32 lies from the golden: the floor under any tolerance."""
    logits, _, gradients = exact
    single_logits, _, single_gradients = single
    whole = torch.sqrt(sum(g.square().sum() for g in gradients.values()))
    worst = max(
        ((single_gradients[name] - g).norm() / g.norm()).item()
        for name, g in gradients.items()
        if g.norm() > 1e-9 * whole
    )
    return {"logits_max_abs": (single_logits - logits).abs().max().item(), "gradient_worst_relative": worst}


def generate_case(case):
    folder = fresh_folder("models", case.name)
    model = write_model(case, folder)
    inputs = for_model(case.batch(), case.config)
    labels = case.labels()
    exact = in_double(model, inputs, labels)
    single = forward_and_backward(model, inputs, labels)
    logits, loss, gradients = exact
    model.zero_grad()
    curve = loss_curve.run(model, inputs, labels)
    with torch.no_grad():
        trained_logits = model(**inputs).logits
    write_tensors(
        folder / "case.safetensors",
        {**inputs, "labels": labels, "logits": logits, "trained_logits": trained_logits}
        | {f"grad.{name}": gradient for name, gradient in gradients.items()},
    )
    write_json(
        folder / "case.json",
        {
            "loss": float32_list(loss)[0],
            "grad_norm": torch.sqrt(sum(g.square().sum() for g in gradients.values())).item(),
            "settings": loss_curve.SETTINGS,
            "curve": curve,
            "float32_deviation": float32_deviation(exact, single),
        },
    )


def generate():
    for case in CASES:
        generate_case(case)
