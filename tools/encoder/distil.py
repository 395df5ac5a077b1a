"""Distils the teacher into the student on the corpus of text.py, for a given time; resumable.

    python tools/encoder/distil.py --cache FOLDER --teacher FOLDER --run NAME --minutes 24

Writes FOLDER/NAME/{checkpoint.pt, log.txt, entries.txt}. A run that was cut off goes on from its last checkpoint. The
learning rate follows the clock: it rises for the first 3 % of the time and falls to nothing at its end.
"""

import argparse
import math
import time
from pathlib import Path

import numpy
import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from batches import Sampler, masked
from losses import Heads, Targets, survey
from student import cut_from, new_student
from vocabulary import most_frequent, student_tokenizer, teacher_numbers

VOCABULARY = 9800
SEED = 42
CHECKPOINT_SECONDS = 120


def read_documents(path):
    return [part.split("\n") for part in path.read_text(encoding="utf-8").strip().split("\n\n")]


def tokenised(documents, tokenizer):
    """Piece numbers of every sentence, none longer than the longest sequence."""
    sentences = [sentence for document in documents for sentence in document]
    numbers = []
    for start in range(0, len(sentences), 10_000):
        numbers += tokenizer(sentences[start : start + 10_000], add_special_tokens=False)["input_ids"]
    remaining = iter(numbers)
    return [[next(remaining) for _ in document] for document in documents]


def like_entries(embeddings, count=8):
    """For each entry the numbers of the `count` nearest others by the teacher's word embeddings."""
    unit = functional.normalize(embeddings, dim=-1)
    near = (unit @ unit.T).topk(count + 1).indices[:, 1:]
    return near.numpy()


def rate_at(share):
    """The learning rate's factor when `share` of the time has passed."""
    return share / 0.03 if share < 0.03 else 0.5 + 0.5 * math.cos(math.pi * (share - 0.03) / 0.97)


class Run:
    """One distillation: its models, its optimizer and how much time it has used."""

    def __init__(self, arguments):
        self.arguments, self.folder = arguments, arguments.cache / arguments.run
        self.folder.mkdir(parents=True, exist_ok=True)
        self.teacher = AutoModel.from_pretrained(arguments.teacher).eval()
        teacher_tokenizer = AutoTokenizer.from_pretrained(arguments.teacher)
        documents = read_documents(arguments.cache / "corpus.txt")
        entries = most_frequent(teacher_tokenizer, [" ".join(d) for d in documents], VOCABULARY)
        (self.folder / "entries.txt").write_text("\n".join(entries) + "\n", encoding="utf-8")
        self.kept = teacher_numbers(entries, teacher_tokenizer)
        embeddings = self.teacher.embeddings.word_embeddings.weight.detach()[self.kept]
        self.documents, self.neighbours = tokenised(documents, student_tokenizer(entries)), like_entries(embeddings)
        self.draw_from(SEED)
        few = [self.renumbered(next(self.batches)) for _ in range(6)]
        mean, deviation, states = survey(self.teacher, few)
        self.student, basis = cut_from(self.teacher, self.kept, states, SEED)
        if arguments.random:
            self.student = new_student(len(entries), SEED)
        # The weights distilled are to be those that are fine-tuned: dropout belongs to the latter.
        self.student.eval()
        self.targets, self.heads = Targets(mean, deviation), Heads(basis, mean, deviation, len(entries))
        self.parameters = [*self.student.parameters(), *self.heads.parameters()]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=arguments.rate, weight_decay=0.01, betas=(0.9, 0.98))
        self.seconds, self.steps, self.pieces = 0.0, 0, 0

    def draw_from(self, seed):
        """Batches and masks in the order that `seed` gives."""
        generator = numpy.random.default_rng(seed)
        self.batches = Sampler(self.documents, self.neighbours, generator, self.arguments.pairs).batches()
        self.generator = torch.Generator().manual_seed(seed)

    def renumbered(self, batch):
        ids, types, mask = batch
        return self.kept[ids], types, mask

    def step(self):
        """One batch; returns its losses by name."""
        ids, types, mask = next(self.batches)
        states, sentence = self.targets(self.teacher, *self.renumbered((ids, types, mask)))
        inputs, chosen = masked(ids, mask, len(self.kept), self.generator)
        losses = self.heads.losses(self.student, inputs, ids, chosen, types, mask, states, sentence)
        for group in self.optimizer.param_groups:
            group["lr"] = self.arguments.rate * rate_at(min(1.0, self.seconds / (60 * self.arguments.minutes)))
        self.optimizer.zero_grad()
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.steps += 1
        self.pieces += int(mask.sum())
        return {name: loss.item() for name, loss in losses.items()}

    def save(self):
        state = {name: getattr(self, name).state_dict() for name in ("student", "heads", "optimizer")}
        state |= {name: getattr(self, name) for name in ("seconds", "steps", "pieces")}
        torch.save(state, self.folder / "new.pt")
        (self.folder / "new.pt").replace(self.folder / "checkpoint.pt")

    def resume(self):
        path = self.folder / "checkpoint.pt"
        if path.exists():
            state = torch.load(path)
            for name in ("student", "heads", "optimizer"):
                getattr(self, name).load_state_dict(state[name])
            self.seconds, self.steps, self.pieces = state["seconds"], state["steps"], state["pieces"]
            # Not the text again that the steps before have seen first.
            self.draw_from(SEED + self.steps)

    def train(self):
        log = (self.folder / "log.txt").open("a", encoding="utf-8", buffering=1)
        saved, means = self.seconds, {}
        while self.seconds < 60 * self.arguments.minutes:
            started = time.monotonic()
            for name, loss in self.step().items():
                means[name] = 0.98 * means.get(name, loss) + 0.02 * loss
            self.seconds += time.monotonic() - started
            if self.steps % 25 == 0:
                figures = "  ".join(f"{name} {value:.4f}" for name, value in means.items())
                print(f"{self.seconds:6.0f} s  {self.steps} steps  {self.pieces} pieces  {figures}", file=log)
            if self.seconds - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = self.seconds
        self.save()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--teacher", required=True, help="the folder of all-MiniLM-L6-v2")
    parser.add_argument("--run", required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--pairs", type=float, default=1 / 3)
    parser.add_argument("--random", action="store_true", help="begin with random weights: to compare with")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    run = Run(arguments)
    run.resume()
    run.train()


if __name__ == "__main__":
    main()
