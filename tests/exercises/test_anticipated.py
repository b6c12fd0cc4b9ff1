"""Mistakes that are told beforehand: what marking names of their values, whatever the numbers."""

import numpy as np
import pytest

from rnn_tutor.exercises.anticipated import MOST, anticipated, anticipated_sizes, typed
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.paths import content_folders

LIBRARY = Library(content_folders(None, only=False))


@pytest.mark.parametrize("exercise", ["rnn-update", "sequence-probability"])
def test_marking_says_what_was_listed(exercise: str) -> None:
    question = ask(LIBRARY.exercise(exercise))
    (part, *_) = [part for part in question.parts if isinstance(part.expected, np.ndarray)]
    listed = anticipated(question, part)
    assert 3 < len(listed) <= MOST
    for mistake in listed:
        verdict = mark(question, part.name, typed(mistake.value))
        if verdict.verdict == "right":  # the original numbers do not show it; others do
            assert mistake.kind == "authored"
            continue
        assert verdict.diagnosis is not None
        assert verdict.diagnosis.kind == mistake.kind
        clause = mistake.says.removeprefix("You would get this if ").removesuffix(".")
        assert clause in verdict.says


def test_values_are_those_of_the_numbers() -> None:
    """Two of the mistakes, computed by hand for two draws."""
    for seed in (3, 4):
        question = ask(LIBRARY.exercise("rnn-update"), seed)
        given = {name: np.asarray(value) for name, value in question.givens.items()}
        found = {one.says: one.value for one in anticipated(question, question.parts[0])}
        a, b = given["W_xh"] @ given["x"], given["W_hh"] @ given["h_prev"]
        (left_out,) = [value for says, value in found.items() if "`W_hh @ h_prev` were missing" in says]
        (one_tanh,) = [value for says, value in found.items() if "tanh of the input part only" in says]
        np.testing.assert_allclose(left_out, np.tanh(a))
        np.testing.assert_allclose(one_tanh, np.tanh(a) + b)


def test_sizes_are_as_many_as_are_asked_for_and_nothing_is_said_of_the_others() -> None:
    checked = 0
    for entry in next(unit for unit in LIBRARY.course.units if unit.id == "shapes").exercises[:4]:
        question = ask(LIBRARY.exercise(entry.id))
        for part in question.parts:
            if not isinstance(part.expected, tuple):
                continue
            for mistake in anticipated_sizes(question, part):
                assert len(mistake.sizes) == len(part.expected)
                assert mistake.sizes != part.expected
                assert not mistake.says.endswith(("is right.", "are right."))
                checked += 1
    assert checked > 5


def test_choices_and_programs_have_none() -> None:
    for exercise in ("rnn-update", "rnn-with-output"):
        question = ask(LIBRARY.exercise(exercise))
        for part in question.parts:
            if part.ask.options or part.kind == "program":
                assert anticipated(question, part) == []
