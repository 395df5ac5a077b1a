"""A small text-pair task written for the goldens: does the reply agree with the statement?"""

import random

SUBJECTS = [
    "the old sailor",
    "my sister",
    "a young farmer",
    "our teacher",
    "Zoë",
    "the baker",
    "a tired nurse",
    "Mr. Owen",
]
VERBS = ["repairs", "paints", "buys", "watches", "cleans", "carries"]
OBJECTS = [
    "a wooden boat",
    "the broken chair",
    "two red bicycles",
    "an old radio",
    "the kitchen window",
    "a heavy basket",
]
TIMES = ["in the morning", "after lunch", "on Sundays", "before the rain", "at the café", "during the storm"]

# Each reply may use any fact of the statement: {subject}, {verb}, {item}, {time}.
AGREEMENTS = [
    "Yes, {subject} {verb} {item}.",
    "Indeed, I saw it {time}!",
    "True, always {time}.",
    "Of course: {subject} {verb} {item} {time}.",
    "Right",
]
DENIALS = [
    "No, {subject} never {verb} {item}.",
    "That's wrong, I saw nothing {time}!",
    "False, not {time}.",
    "I doubt that {subject} {verb} {item} {time}.",
    "Wrong",
]


def capitalised(text):
    return text[0].upper() + text[1:]


def facts(source):
    choices = {"subject": SUBJECTS, "verb": VERBS, "item": OBJECTS, "time": TIMES}
    return {name: source.choice(options) for name, options in choices.items()}


def pairs(count, seed):
    """Rows {sentence1, sentence2, label}: label 1 where the second sentence agrees, 0 where it denies."""
    source = random.Random(seed)
    rows = []
    for _ in range(count):
        said = facts(source)
        label = source.randrange(2)
        reply = source.choice(AGREEMENTS if label else DENIALS).format(**said)
        statement = "{subject} {verb} {item} {time}.".format(**said)
        rows.append({"sentence1": capitalised(statement), "sentence2": reply, "label": label})
    return rows
