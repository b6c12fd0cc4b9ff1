"""docs/authoring.md is true: its examples load, pass the check and are marked; it names every function there is."""

import re
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine import functions
from rnn_tutor.engine.draw import DISTRIBUTIONS, parse_draw
from rnn_tutor.exercises.book import Page, Term, read_page
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.labs.instance import answer, original
from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.exercises.labs.model import Control, Lab, Outcome, Prediction
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.load import Library, load_course
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Ask, Course, Exercise, Given, Kind, Mistake, Unit
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.solution import solve

TEXT = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
EXERCISES = {re.search(r"^id: (\S+)$", one, re.MULTILINE)[1]: one for one in BLOCKS if "\nask:" in one}
COURSE = next(one for one in BLOCKS if "\nunits:" in one)
PAGE = next(one for one in BLOCKS if "\ntext: |" in one)
GLOSSARY = next(one for one in BLOCKS if "\nterms:" in one)

PROGRAMS = {
    "running-sum": "def leaky(x, a):\n    s = 0\n    found = []\n    for one in x:\n        s = a * s + one\n"
    "        found.append(s)\n    return found\n"
}


def saved(folder: Path, name: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(EXERCISES[name], encoding="utf-8")
    return path


def typed(value: object) -> str:
    if isinstance(value, frozenset | tuple):
        return " ".join(map(str, sorted(value) if isinstance(value, frozenset) else value))
    return str(np.asarray(value).tolist())


def test_there_are_examples() -> None:
    assert {"halving", "decay", "two-steps-back", "last-state", "vanishing"} <= set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_example_is_checked_and_marked(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name)
    report = check(path)
    assert not report.errors, str(report)
    wishes = [one for one in report.findings if one.severity != "note"]
    assert len(wishes) == (2 if name == "halving" else 0), str(report)
    exercise = load_exercise(path)
    for seed in (None, 1, 2):
        question = ask(exercise, seed)
        assert solve(question)
        for part in question.parts:
            right = PROGRAMS[name] if part.kind == "program" else typed(part.expected)
            assert mark(question, part.name, right).verdict == "right"
            assert mark(question, part.name, typed(np.ones(9) * 7)).verdict != "right"


def test_a_first_exercise_has_ten_lines_and_these_warnings(tmp_path: Path) -> None:
    assert EXERCISES["halving"].count("\n") == 10
    said = str(check(saved(tmp_path, "halving"))).replace(f"{tmp_path}/", "")
    block = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)
    assert block is not None and said.strip() == block[1].strip()


def test_the_gradient_of_the_example_by_hand(tmp_path: Path) -> None:
    x, w = np.array([1.0, 0.5, -0.5]), 0.8
    h = np.zeros(3)
    for t in range(3):
        h[t] = np.tanh(w * (h[t - 1] if t else 0.0) + x[t])
    back = np.array([h[2] * w * (1 - h[2] ** 2) * w * (1 - h[1] ** 2), h[2] * w * (1 - h[2] ** 2), h[2]])
    (part,) = ask(load_exercise(saved(tmp_path, "two-steps-back"))).parts
    assert np.allclose(part.expected, back, rtol=1e-12)


def test_the_course_example_opens(tmp_path: Path) -> None:
    for name, text in (("course", COURSE), ("glossary", GLOSSARY)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    for unit, name in (("recurrence", "decay"), ("gradients", "two-steps-back")):
        (tmp_path / unit).mkdir()
        saved(tmp_path / unit, name)
    course = load_course(tmp_path)
    assert [entry.id for unit in course.units for entry in unit.exercises] == ["decay", "two-steps-back"]
    report = check(tmp_path, draws=3)
    assert all(one.severity == "note" for one in report.findings), str(report)
    assert [(term.term, term.unit) for term in Library([tmp_path]).glossary().terms] == [
        ("gradient", "gradients"),
        ("hidden state", "recurrence"),
    ]


def test_the_page_example_reads_and_is_only_short(tmp_path: Path) -> None:
    file = tmp_path / "page.yaml"
    file.write_text(PAGE, encoding="utf-8")
    assert read_page(file)[0].sources
    assert [(one.severity, "words of prose" in one.says) for one in check(file).findings] == [("warning", True)]


def test_every_function_is_named_and_none_that_is_not_there() -> None:
    table = TEXT.split("| group | functions |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z_0-9]+)(?:\([^`]*\))?`", table))
    assert named == {*functions.TABLE, *functions.SPECIAL}


def test_every_draw_is_named_and_reads() -> None:
    table = TEXT.split("| draw | what it gives |")[1].split("\n\n")[0]
    calls = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert {call.split("(")[0] for call in calls} == set(DISTRIBUTIONS)
    for call in calls:
        parse_draw(call)


@pytest.mark.parametrize("part", [Exercise, Given, Ask, Mistake, Course, Unit, Page, Term])
def test_every_key_is_named(part: type) -> None:
    for name in part.__struct_encode_fields__:
        assert f"`{name}`" in TEXT or f"\n{name}:" in COURSE, name


def test_every_kind_of_answer_is_named() -> None:
    for kind in Kind.__args__:
        assert f"`{kind}`" in TEXT


def test_what_is_said_of_conditions_holds(tmp_path: Path) -> None:
    path = tmp_path / "decay.yaml"
    chained = EXERCISES["decay"].replace('"abs(h) > 0.1"', '"0.2 < abs(left) < 0.3"')
    path.write_text(chained, encoding="utf-8")
    for seed in range(5):
        (part,) = ask(load_exercise(path), seed).parts
        size = np.abs(np.asarray(part.expected))
        assert (size > 0.2).all() and (size < 0.3).all()


def test_the_lab_of_the_guide_is_one(tmp_path: Path) -> None:
    text = next(one for one in BLOCKS if "\ncontrols:" in one)
    (tmp_path / "labs").mkdir()
    path = tmp_path / "labs" / "leaky-memory.yaml"
    path.write_text(text, encoding="utf-8")
    assert str(check(path)) == "no exercises, 1 lab, no errors, no warnings"
    bench = original(read_lab(path).lab)
    assert answer(bench, 0) == pytest.approx(0.9**39)
    state = np.tanh(1.0)
    for _ in range(39):
        state = np.tanh(state)
    assert answer(bench, 1) == (0 if state >= 0.5 else 1) == 1


def test_every_key_of_a_lab_is_in_the_guide() -> None:
    section = TEXT[TEXT.index("## Labs") : TEXT.index("## The course")]
    for model in (Lab, Control, Prediction, Outcome):
        for key in model.__struct_encode_fields__:
            assert f"`{key}`" in section, key
