"""What a unit asks about, it teaches or names the unit that does; words that are only used stand in the glossary."""

import re
from functools import cache

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Exercise
from tests.content.course import CONTENT

TAUGHT = {
    "perplexity": "sequence-models", "cross-entropy": "sequence-models", "softmax": "sequence-models",
    "Jacobian": "bptt", "truncated": "bptt", "spectral radius": "stability", "orthogonal": "stability",
    "clipped": "clipping", "LSTM": "lstm", "forget gate": "lstm", "GRU": "gru", "update gate": "gru",
    "padding": "masks", "padded": "masks", "masked": "masks", "embedding": "shapes", "bidirectional": "shapes",
    "beam": "decoding", "top-p": "decoding", "attention weight": "attention",
    "context vector": "attention", "query": "attention", "layer norm": "beyond",
}  # fmt: skip
# Words of the field that prompts, options and steps use and no unit explains at length.
USED = (
    "dropout", "bucketing", "embedding", "encoder", "decoder", "self-attention", "projection", "momentum",
    "weight decay", "optimiser", "Adam", "micro-batch", "entropy", "free-running", "kernel",
    "singular value", "epoch", "one-hot", "checkpoint", "minGRU", "peephole", "logit",
)  # fmt: skip
# Each tells in its own prompt what the word means.
EXPLAINED = {
    ("shifted-targets", "padded"), ("shifted-targets", "padding"), ("greedy-decoding", "embedding"),
    ("reverse-in-length", "bidirectional"), ("output-layer", "softmax"), ("read-state-dict", "GRU"),
}  # fmt: skip


@cache
def library() -> Library:
    return Library([CONTENT])


def needed(unit: str) -> set[str]:
    """A unit, and all that it builds on."""
    found, new = {unit}, [unit]
    needs = {one.id: one.needs for one in library().course.units}
    while new:
        for one in needs[new.pop()]:
            if one not in found:
                found.add(one)
                new.append(one)
    return found


def asked(exercise: Exercise) -> str:
    """All that stands on the screen of a question."""
    options = [option.text for part in exercise.ask for option in part.options]
    return " ".join([exercise.prompt, *(part.prompt for part in exercise.ask), *options])


def everything(exercise: Exercise) -> str:
    reasons = [option.why for part in exercise.ask for option in part.options]
    return " ".join([asked(exercise), *reasons, *(one.say for one in exercise.steps), *exercise.hints])


@pytest.mark.parametrize("unit", [unit.id for unit in library().course.units])
def test_a_unit_asks_about_nothing_that_it_does_not_build_on(unit: str) -> None:
    known = needed(unit)
    missing = []
    for name in [one for one in library().ids if (CONTENT / unit / f"{one}.yaml").is_file()]:
        text = asked(library().exercise(name)).lower()
        for word, where in TAUGHT.items():
            if word.lower() in text and where not in known and (name, word) not in EXPLAINED:
                missing.append((name, word, where))
    assert missing == []


@pytest.mark.parametrize("word", USED)
def test_words_that_no_unit_explains_are_in_the_glossary(word: str) -> None:
    texts = [everything(library().exercise(name)) for name in library().ids]
    assert any(re.search(rf"\b{word}", text, re.IGNORECASE) for text in texts), f"{word} is used nowhere any more"
    explained = [one for one in library().glossary().terms if word.lower() in f"{one.term} {one.means}".lower()]
    assert explained
