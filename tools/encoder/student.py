"""Makes the student: four layers, 192 wide, every weight cut out of the teacher's.

The teacher's residual stream is projected onto the 192 directions that carry most of its hidden states (of all layers,
uncentred); four of its layers are kept, half of their heads and half of their feed-forward units, those that write most
into the stream. The directions are rotated at random, so that all coordinates have like variance, which is what the
student's layer norms make of them.
"""

import torch
from transformers import BertConfig, BertModel

from vocabulary import POSITIONS

WIDTH = 192
HEADS = 6
UNITS = 4 * WIDTH
# The teacher's layer (from 0) whose weights each of the student's layers begins with and whose output it learns.
LAYERS = (0, 2, 3, 5)


def new_student(vocabulary_size, seed):
    """A student with random weights."""
    torch.manual_seed(seed)
    return BertModel(
        BertConfig(
            vocab_size=vocabulary_size,
            hidden_size=WIDTH,
            num_hidden_layers=len(LAYERS),
            num_attention_heads=HEADS,
            intermediate_size=UNITS,
            max_position_embeddings=POSITIONS,
        )
    )


def directions(states, seed):
    """An orthonormal basis (teacher's width × WIDTH) of what `states` (rows × teacher's width) hold most of."""
    _, vectors = torch.linalg.eigh(states.T @ states)
    generator = torch.Generator().manual_seed(seed)
    rotation, _ = torch.linalg.qr(torch.randn(WIDTH, WIDTH, generator=generator))
    return vectors[:, -WIDTH:] @ rotation


def copy(linear, weight, bias):
    linear.weight.copy_(weight)
    linear.bias.copy_(bias)


def set_norm(norm, teacher_norm, basis, scale):
    norm.weight.fill_(scale)
    norm.bias.copy_(teacher_norm.bias @ basis)


def cut_embeddings(student, teacher, kept, basis, scale):
    # The teacher's norm scales each coordinate; the student's, of other coordinates, cannot, so the scale is folded in.
    fold = teacher.LayerNorm.weight[:, None] * basis
    student.word_embeddings.weight.copy_(teacher.word_embeddings.weight[kept] @ fold)
    student.position_embeddings.weight.copy_(teacher.position_embeddings.weight[:POSITIONS] @ fold)
    student.token_type_embeddings.weight.copy_(teacher.token_type_embeddings.weight @ fold)
    set_norm(student.LayerNorm, teacher.LayerNorm, basis, scale)


def cut_attention(student, teacher, basis, scale):
    size = student.self.attention_head_size
    output = teacher.output.dense.weight
    written = output * teacher.self.value.weight.norm(dim=1)
    strength = written.view(len(output), -1, size).norm(dim=(0, 2))
    heads = strength.topk(HEADS).indices.sort().values
    rows = (heads[:, None] * size + torch.arange(size)).flatten()
    for name in ("query", "key", "value"):
        full = getattr(teacher.self, name)
        copy(getattr(student.self, name), full.weight[rows] @ basis, full.bias[rows])
    copy(student.output.dense, basis.T @ output[:, rows], teacher.output.dense.bias @ basis)
    set_norm(student.output.LayerNorm, teacher.output.LayerNorm, basis, scale)


def cut_feed_forward(student, teacher, basis, scale):
    enter, leave = teacher.intermediate.dense, teacher.output.dense
    units = (enter.weight.norm(dim=1) * leave.weight.norm(dim=0)).topk(UNITS).indices.sort().values
    copy(student.intermediate.dense, enter.weight[units] @ basis, enter.bias[units])
    copy(student.output.dense, basis.T @ leave.weight[:, units], leave.bias @ basis)
    set_norm(student.output.LayerNorm, teacher.output.LayerNorm, basis, scale)


@torch.no_grad()
def cut_from(teacher, kept, states, seed):
    """The student cut out of `teacher` for the vocabulary entries `kept`; the basis of its coordinates in the teacher's.

    `states`: hidden states of the teacher on plain text, rows × its width.
    """
    student = new_student(len(kept), seed)
    basis = directions(states, seed)
    scale = (states @ basis).pow(2).mean().sqrt().item()
    cut_embeddings(student.embeddings, teacher.embeddings, kept, basis, scale)
    for layer, source in zip(student.encoder.layer, LAYERS, strict=True):
        full = teacher.encoder.layer[source]
        cut_attention(layer.attention, full.attention, basis, scale)
        cut_feed_forward(layer, full, basis, scale)
    return student, basis
