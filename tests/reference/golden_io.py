"""Writing goldens: one JSON layout, exact float32 text, and one place for paths."""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

GOLDENS = Path(__file__).parent / "goldens"


def fresh_folder(*parts):
    """An empty folder under goldens/, so that a renamed case leaves nothing behind."""
    folder = GOLDENS.joinpath(*parts)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def float32_list(values):
    """Numbers whose decimal text reads back as exactly the same float32 (and as that float64)."""
    return [float(x) for x in torch.as_tensor(values).detach().to(torch.float32).flatten().tolist()]


def rounded_hex(values):
    """The 32 bits of each float32 as 8 hex digits, for tests that compare bits."""
    array = torch.as_tensor(values).detach().to(torch.float32).contiguous().flatten().numpy()
    return [f"{bits:08x}" for bits in array.view(np.uint32).tolist()]


def write_json(path, value):
    """One key a line at the top level, so that a diff of two generations stays readable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"  {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def write_tensors(path, tensors):
    """Integers become I32 and floats F32: the widths that the core and a typed array take as they are."""

    def narrow(tensor):
        wanted = torch.float32 if tensor.is_floating_point() else torch.int32
        return tensor.detach().to(wanted).contiguous().clone()

    save_file({name: narrow(tensor) for name, tensor in tensors.items()}, path)
