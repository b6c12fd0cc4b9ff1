"""Givens and steps that were renamed: what was typed, stored and drawn under their old names goes on."""

import json
import re
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.rules import let_name, lets
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read
from rnn_tutor.exercises.renamed import as_it_was, in_todays_givens, stored_question
from rnn_tutor.exercises.scratch import notes
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.record import givens_json


@cache
def library() -> Library:
    return Library([content_folder()])


def today(exercise: Exercise) -> Exercise:
    """An exercise all of whose givens and steps have other names now, but for those that parts are named by."""
    parts = " ".join(one.answer for one in exercise.ask)
    started = {name for step in exercise.steps for name in step.start or {}}
    made = {let_name(step.let or "") for _, step in lets(exercise.steps)}
    names = {*exercise.given, *started, *made} - set(re.findall(r"\w+", parts))
    new = {f"{name}_today": name for name in names if name and len(name) < 30}
    there = as_it_was(msgspec.structs.replace(exercise, was={old: name for name, old in new.items()}))
    return msgspec.structs.replace(there, was={old: name for name, old in new.items()})


def unchanged(name: str) -> None:
    before = msgspec.structs.replace(library().exercise(name), was={})
    now = today(before)
    assert as_it_was(now) == before
    for seed in (None, 1, 2, 3):
        old, new = ask(before, seed), ask(now, seed)
        assert (new.seed, new.tries) == (old.seed, old.tries)
        assert givens_json(new.givens) == givens_json(in_todays_givens(now, old.givens))
        assert [repr(part.expected) for part in new.parts] == [repr(part.expected) for part in old.parts]


@pytest.mark.parametrize("name", library().ids[::8])
def test_a_seed_draws_what_it_drew_under_the_old_names(name: str) -> None:
    unchanged(name)


@pytest.mark.long
@pytest.mark.parametrize("name", library().ids)
def test_every_seed_draws_what_it_drew_under_the_old_names(name: str) -> None:
    unchanged(name)


EXERCISE = """\
format: 1
id: cell
title: A cell
prompt: Compute c, then twice it.
was: {f_old: f, i_old: i, kept_old: kept}
given:
  f: {value: "[0.9, 0.2]", means: forget gate, draw: "uniform(0.05, 0.95)"}
  i: {value: "[0.1, 0.8]", means: input gate, draw: "uniform(0.05, 0.95)"}
  c_prev: {value: "[1.0, -1.0]", means: old cell, draw: "normal(0, 1)"}
  cand: {value: "[0.5, 0.25]", means: candidate, draw: "normal(0, 1)"}
steps:
  - let: "kept = f * c_prev"
    say: What is kept.
  - let: "c = kept + i * cand"
    say: And what is new.
  - let: "twice = 2 * c"
    say: Twice that.
  - let: "both = concat(f, i)"
    say: Side by side.
ask:
  - {answer: c, as: vector}
  - {answer: both, as: shape}
  - {answer: twice, as: program, function: "cell(f, i, c_prev, cand)"}
"""


def exercise(tmp_path: Path, text: str = EXERCISE) -> Exercise:
    path = tmp_path / "cell.yaml"
    path.write_text(text)
    return load_exercise(path)


@pytest.fixture
def question(tmp_path):
    return ask(exercise(tmp_path))


def test_old_names_are_marked_as_the_new_ones(question):
    for text in ("f_old * c_prev + i_old * cand", "f * c_prev + i_old*cand", "c = f_old ⊙ c_prev + i*cand"):
        verdict = mark(question, "c", text)
        assert verdict.verdict == "right", text
        assert "_old" not in verdict.reading.says
        assert "f_old" not in verdict.reading.uses
    assert mark(question, "both", "(f_old.size + i_old.size,)").verdict == "right"
    assert mark(question, "both", "f_old.size + i.size").verdict == "right"


def test_a_diagnosis_names_the_names_of_today(question):
    verdict = mark(question, "c", "i_old * c_prev + f_old * cand")
    assert verdict.verdict == "wrong" and verdict.diagnosis is not None
    same = mark(question, "c", "i * c_prev + f * cand")
    assert verdict.diagnosis == same.diagnosis
    assert "old" not in verdict.diagnosis.says.replace("old cell", "")


def test_nobody_is_told_of_the_old_names(question):
    reading = read(question, "c", "f_ol + g")
    assert reading.error is not None
    assert "_old" not in reading.error.says.replace("f_ol ", "")


def test_the_scratchpad_reads_old_names_and_keeps_its_own(question):
    pad = notes(question, ["a = f_old * c_prev", "f_old + 1", "i_old = 3 * i_old", "i_old"])
    assert [note.error for note in pad] == [None] * 4
    np.testing.assert_allclose(pad[0].value, [0.9, -0.2])
    assert pad[0].uses == {"f", "c_prev"}
    np.testing.assert_allclose(pad[3].value, [0.3, 2.4])  # what was given a name on the pad has it
    assert read(question, "c", "i_old", scratch=["i_old = 3 * i"]).value.tolist() == pytest.approx([0.3, 2.4])
    assert read(question, "c", "f_old + a", scratch=["a = f_old * c_prev"]).error is None


@pytest.mark.parametrize(
    "program",
    [
        "def cell(f_old, i_old, c_prev, cand):\n    return 2 * (f_old * c_prev + i_old * cand)",
        "c = f_old * c_prev + i_old * cand\nreturn 2 * c",
        "t = 0\nwhile t < 1:\n    if t < 1:\n        twice = 2 * (f_old * c_prev + i*cand)\n    t += 1\nreturn twice",
        "f_old = f\ni_old = i\nreturn 2 * (f_old * c_prev + i_old * cand)",
        "def cell(f, i, c_prev, cand):\n    return 2 * (f_old * c_prev + i_old * cand)",
    ],
)
def test_programs_read_old_names_and_keep_their_own(question, program):
    assert mark(question, "twice", program).verdict == "right"


def test_a_stored_attempt_is_asked_again_with_its_numbers(question, tmp_path):
    stored = {"f_old": [0.5, 0.5], "i_old": [1.0, 2.0], "c_prev": [2.0, 4.0], "gone": [[1.0]]}
    again = stored_question(question.exercise, json.dumps(stored), 7)
    assert again.seed == 7
    assert list(again.givens) == ["f", "i", "c_prev", "cand"]
    np.testing.assert_allclose(again.part("c").expected, [1.5, 2.5])  # the candidate is that of the file
    same = stored_question(question.exercise, givens_json(question.givens), None)
    assert givens_json(same.givens) == givens_json(question.givens)


@pytest.mark.parametrize(
    "stored",
    ["", "[]", "{", '{"f": {"size": 3}}', '{"f": "x"}', '{"f": [[1], [1, 2]]}', '{"f": [NaN, 1]}', "[" * 9_000],
)
def test_stored_numbers_that_are_none_are_told(question, stored):
    with pytest.raises(ExerciseError, match="stored numbers"):
        stored_question(question.exercise, stored, None)


@pytest.mark.parametrize(
    ("was", "key", "words"),
    [
        ("{f_old: forget}", "was.f_old", "there is no given or step 'forget'"),
        ("{f: i}", "was.f", "'f' is still in use"),
        ("{kept: f}", "was.kept", "'kept' is still in use"),
        ("{c: kept}", "was.c", "'c' is still in use"),
        ("{f_older: f_old, f_old: f}", "was.f_older", "'f_old' was renamed too, to 'f'"),
        ("{'f old': f}", "was", "found the name 'f old'"),
        ("{f_old: 'f old'}", "was.f_old", "found 'f old'"),
    ],
)
def test_check_tells_of_names_that_lead_nowhere(tmp_path, was, key, words):
    text = EXERCISE.replace("{f_old: f, i_old: i, kept_old: kept}", was)
    with pytest.raises(ContentError) as told:
        exercise(tmp_path, text)
    (finding,) = told.value.findings
    assert finding.key.startswith(key)
    assert words in finding.says
    assert finding.line == 5


def test_names_may_have_led_to_one_name_twice(tmp_path):
    text = EXERCISE.replace("{f_old: f, i_old: i, kept_old: kept}", "{a: f, b: f}")
    found = ask(exercise(tmp_path, text), 3)
    assert mark(found, "c", "a * c_prev + i * cand").verdict == "right"
    assert mark(found, "c", "b * c_prev + i * cand").verdict == "right"
