"""What the student is told to reproduce of the teacher: hidden states, hidden pieces and the sentence's embedding."""

import torch
from torch import nn
from torch.nn import functional

from student import LAYERS, WIDTH

# The last layer counts like all the others together; masked pieces little, their loss being large in numbers.
MIDDLE, LAST, PIECES, SENTENCE = 0.33, 1.0, 0.1, 1.0


class Targets:
    """The teacher's outputs for one batch, its hidden states standardised per coordinate."""

    def __init__(self, mean, deviation):
        self.mean, self.deviation = mean, deviation

    @torch.no_grad()
    def __call__(self, teacher, ids, types, mask):
        with torch.autocast("cpu", torch.bfloat16):
            hidden = teacher(ids, mask, types, output_hidden_states=True).hidden_states
        kept = [hidden[layer + 1].float() for layer in LAYERS]
        states = [(state - m) / d for state, m, d in zip(kept, self.mean, self.deviation)]
        weights = mask[..., None].float()
        sentence = functional.normalize((hidden[-1].float() * weights).sum(1) / weights.sum(1), dim=-1)
        return states, sentence


@torch.no_grad()
def survey(teacher, batches):
    """Of a few batches: the mean and deviation of each coordinate, per layer of LAYERS; all layers' hidden states."""
    gathered = []
    for ids, types, mask in batches:
        hidden = teacher(ids, mask, types, output_hidden_states=True).hidden_states
        gathered.append(torch.stack([state[mask.bool()] for state in hidden]))
    states = torch.cat(gathered, dim=1)
    chosen = states[[layer + 1 for layer in LAYERS]]
    deviation = chosen.std(1)
    # The teacher has coordinates that never change; divided by their deviation they would be infinite.
    return chosen.mean(1), deviation.clamp(min=0.1 * deviation.mean().item()), states.flatten(0, 1)


def mean_square(difference, mask):
    """Over the places that are no padding."""
    return (difference.pow(2).mean(-1) * mask).sum() / mask.sum()


class Heads(nn.Module):
    """What is needed to compare student and teacher, and thrown away afterwards."""

    def __init__(self, basis, mean, deviation, vocabulary_size):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(WIDTH, len(basis)) for _ in LAYERS)
        self.sentence = nn.Linear(WIDTH, len(basis))
        self.pieces_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.transform = nn.Linear(WIDTH, WIDTH)
        with torch.no_grad():
            # At first the student's coordinates are the basis's, so this is the way back.
            for linear, m, d in zip(self.layers, mean, deviation):
                linear.weight.copy_(basis / d[:, None])
                linear.bias.copy_(-m / d)

    def losses(self, student, inputs, original, chosen, types, mask, states, sentence):
        """The four losses by name: middle layers, last layer, masked pieces, sentence."""
        with torch.autocast("cpu", torch.bfloat16):
            output = student(inputs, mask, types, output_hidden_states=True)
            distances = [
                mean_square(head(state).float() - target, mask)
                for head, state, target in zip(self.layers, output.hidden_states[1:], states)
            ]
            summary = self.sentence(output.pooler_output)
        # In single precision: the number of hidden pieces differs from batch to batch (see ROUND in batches.py).
        guess = functional.gelu(self.transform(output.last_hidden_state.float()[chosen]))
        logits = functional.linear(guess, student.embeddings.word_embeddings.weight, self.pieces_bias)
        return {
            "middle": sum(distances[:-1]) * MIDDLE,
            "last": distances[-1] * LAST,
            "pieces": functional.cross_entropy(logits, original[chosen]) * PIECES,
            "sentence": (1 - functional.cosine_similarity(summary.float(), sentence, dim=-1)).mean() * SENTENCE,
        }
