"""torch's CPU generator: permutations, normal deviates and 64-bit draws for a seed."""

import torch

from golden_io import GOLDENS, rounded_hex, write_json

SEEDS = [0, 42, 2**32 + 5, 2**63 + 11]
PERMUTATION_SIZES = [0, 1, 2, 10, 100, 3668]
# 16 is where torch changes method: below it, one deviate at a time in double; from it on, blocks of sixteen in float.
NORMAL_SIZES = [1, 5, 15, 16, 17, 100, 1000]
DRAWS = 6


def generator(seed):
    return torch.Generator().manual_seed(seed)


def permutations(seed):
    return {str(n): torch.randperm(n, generator=generator(seed)).tolist() for n in PERMUTATION_SIZES}


def normals(seed, std):
    return {str(n): rounded_hex(torch.empty(n).normal_(0.0, std, generator=generator(seed))) for n in NORMAL_SIZES}


def integers(seed):
    """random_() on int64 is what seeds a sampler; text, because JSON numbers lose digits past 2**53."""
    source = generator(seed)
    return [str(torch.empty((), dtype=torch.int64).random_(generator=source).item()) for _ in range(DRAWS)]


def mixed_sequence(seed):
    """Draws of every kind from one generator in turn: the state after each must be right for the next."""
    source = generator(seed)
    return {
        "normal_3": rounded_hex(torch.empty(3).normal_(0.0, 1.0, generator=source)),
        "randperm_7": torch.randperm(7, generator=source).tolist(),
        "normal_2": rounded_hex(torch.empty(2).normal_(0.0, 1.0, generator=source)),
        "normal_20": rounded_hex(torch.empty(20).normal_(0.0, 1.0, generator=source)),
        "random_int64": str(torch.empty((), dtype=torch.int64).random_(generator=source).item()),
        "uniform_5": rounded_hex(torch.empty(5).uniform_(generator=source)),
        "randperm_4": torch.randperm(4, generator=source).tolist(),
    }


def one_seed(seed):
    return {
        "seed": str(seed),
        "randperm": permutations(seed),
        "normal_std_1": normals(seed, 1.0),
        "normal_std_0.02": normals(seed, 0.02),
        "random_int64": integers(seed),
        "mixed_sequence": mixed_sequence(seed),
    }


def generate():
    cases = {f"seed_{seed}": one_seed(seed) for seed in SEEDS}
    write_json(GOLDENS / "rng.json", cases)
