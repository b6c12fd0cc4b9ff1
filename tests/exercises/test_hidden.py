"""Knobs behind the picture of a question: the curve is seen, its knobs are neither told nor usable."""

from pathlib import Path

from rnn_tutor.exercises.diagnosis.mistakes import mutants
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read
from rnn_tutor.exercises.script import givens_code

FILE = """\
format: 1
id: curve
title: A curve
prompt: After how many of the {n} steps is less than a tenth left?
given:
  n: {value: "12", means: steps, draw: "integers(9, 15)"}
  rate: {value: "0.7", means: what is kept, draw: "choice(0.6, 0.65, 0.7)", hidden: true}
steps:
  - let: "left = rate ** arange(n)"
    say: What is left.
  - let: "when = sum(left >= 0.1)"
    say: So many points stand above a tenth.
ask:
  - {answer: when, as: scalar}
picture:
  lines: [left]
hints: [Look where a tenth is., Count.]
"""


def question(folder: Path) -> Question:
    path = folder / "curve.yaml"
    path.write_text(FILE)
    return ask(load_exercise(path))


def test_a_hidden_knob_is_not_told(tmp_path: Path) -> None:
    found = question(tmp_path)
    assert found.told == ["n"]
    assert "rate" not in givens_code(found, "numpy")
    assert [item.name for one in found.shown(given_away=False) for item in one.items] == ["left", "n"]


def test_a_hidden_knob_cannot_be_typed(tmp_path: Path) -> None:
    found = question(tmp_path)
    assert read(found, "when", "log(0.1)/log(rate)").value is None
    verdict = mark(found, "when", "log(0.1)/log(rate)")
    assert verdict.diagnosis is not None
    assert (verdict.verdict, verdict.diagnosis.kind) == ("not_understood", "name")


def test_what_is_seen_has_no_wrong_versions(tmp_path: Path) -> None:
    found = question(tmp_path)
    assert found.compiled.pictured == {"left"}
    assert {mutant.let for mutant in mutants(found, found.parts[0])} <= {"when", ""}
    assert mark(found, "when", "7").verdict == "right"


def test_what_is_inside_of_a_seen_step_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "curve.yaml"
    path.write_text(FILE.replace('"left = rate ** arange(n)"', '"left = (rate * 10) / 10 * rate ** (arange(n) - 1)"'))
    verdict = mark(ask(load_exercise(path)), "when", "0.7")
    assert "rate" not in verdict.says


def test_what_is_read_off_has_no_wrong_versions(tmp_path: Path) -> None:
    """Read within a tenth, twice the answer is a misreading and not "a factor of 2 too much"."""
    path = tmp_path / "curve.yaml"
    path.write_text(FILE)
    computed = mark(ask(load_exercise(path)), "when", "14.0").diagnosis
    path.write_text(FILE.replace("as: scalar", "as: scalar, rtol: 0.1"))
    read_off = mark(ask(load_exercise(path)), "when", "14.0").diagnosis
    assert computed is not None
    assert computed.kind == "mutation"
    assert read_off is None or read_off.kind != "mutation"
