import re

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.widgets.givens import givens


def _question(content, exercise):
    return ask(Library([content]).exercise(exercise))


def test_four_short_ones_stand_in_two_columns_as_in_the_design(content):
    lines = givens(_question(content, "lstm-cell"), 78, False, look="F5").plain.splitlines()
    assert len(lines) == 2
    assert re.match(r"f +forget gate +\(2\) +0\.90 +0\.20 +i +input gate +\(2\) +0\.10 +0\.80", lines[0])
    assert re.match(r"c_prev +old cell +\(2\) +1\.00 +-1\.00 +cand +candidate +\(2\) +0\.50 +0\.25", lines[1])


@pytest.mark.parametrize("exercise", ["lstm-cell", "wide", "sequence-probability", "task-shapes"])
@pytest.mark.parametrize("width", [30, 40, 56, 78, 116])
def test_lines_fit_and_no_number_is_cut(content, exercise, width):
    question = _question(content, exercise)
    shown = givens(question, width, False, look="F5")
    known = {f"{value:.4f}" for array in question.givens.values() for value in array.ravel()}
    known |= {f"{size:.4f}" for array in question.givens.values() for size in array.shape}
    for line in shown.plain.splitlines():
        assert len(line) <= width
        for word in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", line):
            assert f"{float(word):.4f}" in known


def test_every_given_is_named_with_its_meaning(content):
    shown = givens(_question(content, "wide"), 78, False, look="F5").plain
    for word in ("X", "three axes", "(batch 2, time 2, unit 2)", "W", "a large matrix", "(30, 40)", "v", "(40)"):
        assert word in shown


def test_an_exercise_without_givens(content):
    assert givens(_question(content, "debug-checklist"), 78, False, look="F5").plain == ""
