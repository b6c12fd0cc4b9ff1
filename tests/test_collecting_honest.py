"""Whoever has worked honestly is not said to have altered anything, however they have worked: `collect` of a sitting.

A sitting is played by chance: parts in any order, answers that are right, short, mistaken, expressions of givens and of
other parts, what follows from an earlier part that stands there wrong and was never checked, names of the scratchpad.
"""

import random

import numpy as np
import pytest

from rnn_tutor.commands.classes.telling import terms_of
from rnn_tutor.commands.collecting.checking import Marker, Source
from rnn_tutor.exercises.carried import what_follows
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.programs import starter
from rnn_tutor.figures.numbers import listed
from rnn_tutor.paths import content_folder
from rnn_tutor.progress import events, handin
from rnn_tutor.progress.attempt import bounded
from rnn_tutor.progress.record import Run, attempt_of

LIBRARY = Library([content_folder()])
ANSWERS = 8


@pytest.fixture(scope="module")
def marker():
    return Marker(Source((content_folder(),), terms_of(LIBRARY, None)))


def number_text(question, part, standing, rng):
    """An answer to a part with a value. What else is typed for it stands in `standing`."""
    kind = rng.randrange(6)
    if kind == 0:
        return listed(part.expected, rng.choice([2, 3, 5]))
    if kind == 1 and (versions := search(question, part).singles):
        return listed(rng.choice(versions).value, rng.choice([3, 5]))
    if kind == 2:
        return rng.choice([*question.told, *(one.name for one in question.parts)])
    if kind == 3:
        return f"2 * {rng.choice(question.parts).name}"
    own = {name: value * rng.choice([1.3, 1]) + rng.choice([0, 0.1]) for name, value in question.truths.items()}
    own.pop(part.name, None)
    followed = what_follows(question, part, own)
    standing |= {name: listed(value, 6) for name, value in own.items()}
    return listed(followed, 5) if followed is not None and followed.size < 100 else "0.5"


def typed(question, part, standing, rng):
    """An answer to a part, and the scratchpad beside it."""
    if part.kind == "program":
        return rng.choice([f"{starter(part)}\n    return 0", "x = 1"]), ""
    if isinstance(part.expected, frozenset):
        return str(rng.randint(1, len(part.ask.options))), ""
    if isinstance(part.expected, tuple):
        return rng.choice([str(part.expected), "(2, 3)"]), ""
    text = number_text(question, part, standing, rng)
    return rng.choice([(text, ""), ("mine", f"mine = {text}") if len(text) < 300 else (text, "")])


def sitting(question, rng):
    """The answers of a sitting, as they come out of a file."""
    standing, verdicts = {}, {}
    for _ in range(ANSWERS):
        part = rng.choice(question.parts)
        text, pad = typed(question, part, standing, rng)
        standing[part.name] = text
        names = [one.name for one in question.parts]
        earlier = {name: standing[name] for name in names[: names.index(part.name)] if standing.get(name, "").strip()}
        known = [name for name, one in verdicts.items() if one.verdict == "right" and not one.follows]
        verdict = verdicts[part.name] = mark(question, part.name, text, earlier, pad.split("\n"), solved=known)
        digest = LIBRARY.hash(question.exercise.id)
        attempt = bounded(attempt_of(question, digest, verdict, text, Run(scratch=pad)))
        yield events.from_event(events.as_event(attempt))


@pytest.mark.parametrize("name", list(LIBRARY.ids)[::6])
def test_an_honest_sitting_is_whole_or_at_most_unsure(marker, name):
    rng = random.Random(name)  # noqa: S311 - a sitting played by chance
    for seed in (None, rng.randrange(10_000)):
        attempts = list(sitting(ask(LIBRARY.exercise(name), seed), rng))
        handed = handin.Handed(handin.Head("ada", "", ""), attempts, list(range(2, len(attempts) + 2)))
        found, problems = marker.file(handed, "ada")
        assert [problem for problem in problems if problem.state != "unsure"] == []
        assert list(found) == [one.uid for one in attempts]
        for one in attempts:
            marked = found[one.uid].attempt
            if marked.verdict == one.verdict == "wrong":
                assert (marked.diagnosis, marked.rule) == (one.diagnosis, one.rule)
                assert np.isclose(marked.score, one.score)
