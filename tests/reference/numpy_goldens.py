"""NumPy's default_rng: what the datasets library draws from it, for seeds of several kinds."""

import hashlib

import numpy as np

from golden_io import GOLDENS, write_json

SEEDS = [0, 1, 42, 2**32 - 1, 2**40 + 3, 2**130 + 7, [5, 4, 3, 2, 1, 2**33]]
LENGTHS = [0, 1, 2, 10, 97]
LARGE = 1_000_000
WEIGHTS = [0.2, 0.3, 0.5]


def checksum(order):
    return hashlib.sha256(order.astype("<i4").tobytes()).hexdigest()


def one_seed(seed):
    def fresh():
        return np.random.default_rng(seed)

    mixed = fresh()
    return {
        "seed": [str(each) for each in seed] if isinstance(seed, list) else str(seed),
        "random": fresh().random(3).tolist(),
        "permutations": {n: fresh().permutation(n).tolist() for n in LENGTHS},
        "large_permutation": checksum(fresh().permutation(LARGE)),
        "shuffled_list": fresh().permutation(list("abcdefg")).tolist(),
        "integers": fresh().integers(-5, 1000, size=20).tolist(),
        "int63": str(fresh().integers(0, 1 << 63)),
        "samples": {
            "3 of 5": fresh().choice(np.arange(5), size=3, replace=False).tolist(),
            "40 of 50": fresh().choice(np.arange(50), size=40, replace=False).tolist(),
            "300 of 11000": fresh().choice(np.arange(11000), size=300, replace=False).tolist(),
        },
        "weighted": fresh().choice(3, size=50, p=WEIGHTS).tolist(),
        # An odd count of 32-bit draws leaves half an output waiting for the next one.
        "mixed": [
            mixed.integers(0, 7, size=3).tolist(),
            mixed.random(),
            mixed.permutation(4).tolist(),
            mixed.choice(3, size=2, p=WEIGHTS).tolist(),
            mixed.integers(0, 2**31, size=2).tolist(),
        ],
    }


def generate():
    cases = {f"seed_{at}": one_seed(seed) for at, seed in enumerate(SEEDS)}
    write_json(GOLDENS / "numpy_random.json", cases)
