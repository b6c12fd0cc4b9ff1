"""What an exercise trains: read off its file, unless that says it."""

import msgspec
import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.skills import KINDS, name_of, skills
from rnn_tutor.paths import content_folder

VECTOR = {"W": {"value": "[[1.0, 2.0]]", "means": "weights"}, "x": {"value": "[1.0, 0.5]", "means": "input"}}
SIZES = {"H": {"value": "4", "means": "units"}, "D": {"value": "3", "means": "inputs"}}
CHOICE = {"answer": "q", "as": "choice", "options": [{"text": "a", "right": True}, {"text": "b"}]}


def exercise(**fields):
    usual = {
        "format": 1,
        "id": "one",
        "title": "One",
        "prompt": "Compute it.",
        "ask": [{"answer": "y", "as": "scalar"}],
    }
    return msgspec.convert(usual | fields, Exercise)


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"given": VECTOR, "steps": [{"let": "y = W @ x"}]}, ["forward"]),
        ({"given": VECTOR, "steps": [{"let": "y = grad(L, W)"}]}, ["derivative"]),
        ({"given": SIZES, "steps": [{"let": "y = H * (H + D)"}]}, ["count"]),
        ({"given": VECTOR, "steps": [{"let": "y = sum(x * mask)"}]}, ["mask"]),
        ({"ask": [{"answer": "y", "as": "shape"}]}, ["shape"]),
        ({"ask": [{"answer": "y", "as": "program"}]}, ["program"]),
        ({"ask": [CHOICE]}, ["judgement"]),
        ({"given": VECTOR, "ask": [{"answer": "y", "as": "scalar"}, CHOICE]}, ["forward"]),
        ({"given": VECTOR, "picture": {"lines": ["x"]}}, ["forward", "picture"]),
        (
            {"given": VECTOR, "steps": [{"for": "t in range(T)", "do": [{"let": "y[t] = jacobian(h, W)"}]}]},
            ["derivative"],
        ),
    ],
)
def test_it_is_read_off_the_file(fields, kinds):
    assert sorted(skills(exercise(**fields), "lstm")) == sorted(f"{kind}/lstm" for kind in kinds)


def test_a_file_may_name_its_own():
    assert skills(exercise(trains=["beam-search", "masks"]), "lstm") == ("beam-search", "masks")


def test_each_exercise_of_the_course_has_some():
    library = Library([content_folder()])
    for unit in library.course.units:
        for entry in unit.exercises:
            found = skills(library.exercise(entry.id), unit.id)
            assert found
            assert library.exercise(entry.id).trains or {skill.partition("/")[0] for skill in found} <= set(KINDS)


def test_a_skill_has_a_name_that_can_be_read():
    assert name_of("derivative/bptt", {"bptt": "BPTT"}) == "BPTT: derivative"
    assert name_of("picture/pack", {}) == "pack: reading a picture"
    assert name_of("beam-search", {}) == "beam search"
