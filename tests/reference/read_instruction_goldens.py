"""The datasets library's split expressions: which rows they name, and what is refused."""

from datasets import ReadInstruction

from golden_io import GOLDENS, write_json

SIZES = {"train": 1045, "test": 7, "validation.matched": 250}

SPECS = [
    "train",
    "train[:]",
    "train[:10%]",
    "train[10%:20%]",
    "train[-10%:]",
    "train[:-5%]",
    "train[33%:66%]",
    "train[50%:150]",
    "train[:10]",
    "train[100:200]",
    "train[-100:]",
    "train[1_000:]",
    "train[2000:3000]",
    "train[20:10]",
    "train[:1%](pct1_dropremainder)",
    "train[3%:99%](pct1_dropremainder)",
    "test[:50%]",
    "test[50%:]",
    "test[:7%]",
    "train + test",
    "train[:10%]+validation.matched[:2]",
    "validation.matched[1%:3%]",
    "test[:100%]",
    "train[:10](closest)",
    "train[:101%]",
    "train[:10%](nearest)",
    "train[:1%](pct1_dropremainder)+train[:1%]",
    "test[:1%](pct1_dropremainder)",
    "train[10%]",
    "train[a:b]",
    "valid",
    "",
]


def one(spec):
    try:
        instruction = ReadInstruction.from_spec(spec)
        rows = [[each.splitname, each.from_, each.to] for each in instruction.to_absolute(SIZES)]
        return {"spec": spec, "rows": rows, "again": instruction.to_spec()}
    except ValueError as error:
        return {"spec": spec, "error": str(error)}


def generate():
    write_json(GOLDENS / "read_instruction.json", {"sizes": SIZES, "cases": [one(spec) for spec in SPECS]})
