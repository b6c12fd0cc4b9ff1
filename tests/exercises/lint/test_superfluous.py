"""Mistakes of a file that the engine names without it: told to their author, and only what was tried."""

import subprocess
import sys
from pathlib import Path

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.lint import superfluous as module
from rnn_tutor.exercises.lint.exercise import examine
from rnn_tutor.exercises.lint.superfluous import superfluous
from rnn_tutor.exercises.read import read_exercise

GATES = """\
format: 1
id: gates
title: Cell update
prompt: Compute c, then h.
given:
  f: {value: "[0.9, 0.2]", means: forget gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  i: {value: "[0.1, 0.8]", means: input gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  old: {value: "[1.0, -1.0]", means: old cell, axes: [unit], draw: "normal(0, 1)"}
  new: {value: "[0.5, 0.25]", means: candidate, axes: [unit], draw: "normal(0, 1)"}
steps:
  - {let: kept = f * old, say: What is kept.}
  - {let: c = kept + i * new, say: What there is then.}
  - {let: h = tanh(c), say: What is shown of it.}
ask:
  - {answer: c, as: vector, prompt: The cell.}
  - {answer: h, as: vector, prompt: What is shown.}
mistakes:
  - {value: (f + i) * (old + new), answer: c, say: Sums first.}
  - {value: i * old + f * new, answer: c, say: The gates were exchanged.}
  - {value: f * old, answer: c, say: Only the kept part.}
hints: ["Which gate belongs to the old cell?", A sum of products.]
"""
TIME = """\
format: 1
id: gates
title: Time
prompt: Compute t.
given:
  lam: {value: "0.37", means: growth of a distance, draw: "uniform(0.1, 0.9)", decimals: 2}
  far: {value: "31.5", means: factor, draw: "uniform(20, 90)", decimals: 1}
steps:
  - {let: t = log(far) / lam, say: The time.}
ask:
  - {answer: t, as: scalar, prompt: The time.}
mistakes:
  - {value: log(far / lam), answer: t, say: Only the factor has a logarithm.}
  - {value: log10(far) / lam, answer: t, say: Another base.}
hints: ["What grows?", A logarithm.]
"""
EXCHANGED = "You would get this if `f` (forget gate) and `i` (input gate) were exchanged."
KEPT = "That is `f * old`: one step is still missing."


def question(text: str, folder: Path):
    file = folder / "gates.yaml"
    file.write_text(text)
    return ask(read_exercise(file).exercise)


def test_what_the_engine_says_as_well_is_told_with_what_it_says(tmp_path):
    asked = question(GATES, tmp_path)
    assert [(one.index, one.says) for one in superfluous(asked)] == [(1, EXCHANGED), (2, KEPT)]


def test_it_is_a_note_at_its_line(tmp_path):
    file = tmp_path / "gates.yaml"
    file.write_text(GATES)
    told = [one for one in examine(read_exercise(file), file, 3) if one.key.startswith("mistakes")]
    assert [(one.line, one.key, one.severity) for one in told] == [
        (19, "mistakes[1]", "note"),
        (20, "mistakes[2]", "note"),
    ]
    wanted = f"the engine already says this: {EXCHANGED[:-1]}; keep it only if your sentence teaches more"
    assert told[0].says == wanted


def test_one_that_the_file_describes_twice_is_not_told(tmp_path):
    twice = GATES.replace("hints:", "  - {value: new * f + old * i, answer: c, say: Gates.}\nhints:")
    assert [one.index for one in superfluous(question(twice, tmp_path))] == [2]


def test_what_is_said_of_one_draw_and_not_of_the_others_is_not_told(tmp_path):
    """With the original numbers `old[0]` is 1, and the value is that of `old * i + f * new`; elsewhere it is not."""
    here = GATES.replace("value: i * old + f * new", 'value: "where(old[0] == 1, i * old + f * new, f + i + 3)"')
    assert [one.index for one in superfluous(question(here, tmp_path))] == [2]


def test_what_takes_more_digits_than_are_asked_for_is_not_told(tmp_path, monkeypatch):
    """Of one number with three digits that can be several mistakes, none is named."""
    asked = question(TIME, tmp_path)
    assert [one.index for one in superfluous(asked)] == [1]
    monkeypatch.setattr(module, "DIGITS", 4)
    assert [one.index for one in superfluous(asked)] == [0, 1]


def test_what_is_named_only_if_it_is_read_exactly_is_not_told(tmp_path):
    read = GATES.replace("prompt: The cell.}", "prompt: The cell., rtol: 0.1, digits: 2}")
    assert [one.index for one in superfluous(question(read, tmp_path))] == []


def test_a_mistake_of_no_part_has_to_be_named_for_each(tmp_path):
    """Of h, what is a square too many in c is no mistake that is known."""
    in_c = GATES.replace("i * old + f * new", "f * old + i * new**2")
    assert [one.index for one in superfluous(question(in_c, tmp_path))] == [1, 2]
    everywhere = in_c.replace("i * new**2, answer: c", "i * new**2")
    assert [one.index for one in superfluous(question(everywhere, tmp_path))] == [2]


def test_only_so_many_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    assert [one.index for one in superfluous(question(GATES, tmp_path))] == [1]


def test_an_exercise_that_is_opened_and_answered_computes_nothing_of_it(tmp_path):
    question(GATES, tmp_path)
    code = (
        "import sys; from rnn_tutor.cli import main; "
        f"main(['answer', {str(tmp_path / 'gates.yaml')!r}, '--part', 'c', '[1, 2]']); "
        "print('superfluous' in ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("False\n"), done.stderr


@pytest.mark.parametrize("value", ["1 / (f - f)", "[0.4, -0.6, 1]"])
def test_what_nobody_can_be_told_of_is_not_told(value, tmp_path):
    odd = GATES.replace("value: i * old + f * new", f'value: "{value}"')
    assert [one.index for one in superfluous(question(odd, tmp_path))] == [2]


def test_without_draws_nothing_is_compared(monkeypatch):
    from rnn_tutor.exercises.lint import exercise as lint

    asked = []
    monkeypatch.setattr(lint, "superfluous", lambda question: asked.append(question) or [])
    file = Path(__file__).parents[3] / "content" / "lstm" / "lstm-cell.yaml"
    lint.examine_file(file, file.parent, draws=0)
    assert asked == []
    lint.examine_file(file, file.parent, draws=1)
    assert len(asked) == 1
