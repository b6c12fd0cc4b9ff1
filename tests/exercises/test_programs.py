"""A program as an answer: right on all numbers or not right, and the first value that differs is named."""

import io
import json
import shutil
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.cli import main
from rnn_tutor.engine.clocks import Clocks
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.exercises import programs
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Ask
from rnn_tutor.exercises.programs import misread, signature, starter
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read

FOLDER = Path(__file__).parent / "programs"
RNN = load_exercise(FOLDER / "rnn-forward.yaml")
MEAN = load_exercise(FOLDER / "masked-mean.yaml")
QUESTION = ask(RNN)

GOOD = """\
def rnn(x, W_xh, W_hh, b):
    h = zeros(len(b))
    hs = []
    for t in range(len(x)):
        z = W_xh @ x[t] + W_hh @ h + b
        h = tanh(z)
        hs.append(h)
    return stack(hs)
"""
ROWS = """\
def rnn(x, W_xh, W_hh, b):
    T = x.shape[0]
    h = zeros((T + 1, len(b)))
    for t in range(T):
        h[t + 1] = tanh(W_xh @ x[t] + W_hh @ h[t] + b)
    return h[1:]
"""
BODY = """\
h = []
before = zeros(3)
for row in x:
    before = tanh(W_xh @ row + W_hh @ before + b)
    h.append(before)
"""
MEANS = """\
found = []
for k in range(B):
    total = zeros(2)
    for t in range(lengths[k]):
        total += h[k, t]
    found.append(total / lengths[k])
return found
"""


def marked(text, exercise=RNN, seed=None):
    question = ask(exercise, seed)
    return mark(question, question.parts[0].name, text)


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("text", [GOOD, ROWS, BODY])
def test_a_right_program_is_right(text, seed):
    verdict = marked(text, seed=seed)
    assert (verdict.verdict, verdict.score, verdict.line) == ("right", 1.0, None), verdict.says
    assert verdict.reading.says.startswith("returns a matrix")


@pytest.mark.parametrize(
    "text",
    [
        MEANS,
        "mask = length_mask(lengths, T)\nreturn sum(h * mask[:, :, None], axis=1) / lengths[:, None]",
        "mean_h = [mean(h[k, :lengths[k]], axis=0) for k in range(B)]",
    ],
)
def test_the_value_of_the_step_is_the_reference(text):
    assert marked(text, MEAN).verdict == "right"


@pytest.mark.parametrize(
    ("change", "line", "said", "cause"),
    [
        (("tanh(z)", "(relu(z) if t < 5 else z) - b"), 6, "h at t = 0, on line 6", ""),
        (("x[t] + W_hh @ h + b", "x[t] - W_hh @ (h - 1 if t < 9 else h)"), 5, "z at t = 0, on line 5", ""),
        (("W_hh @ h", "W_xh @ (h[0] * x[t] if t < 9 else h)"), 5, "z at t = 1, on line 5", ""),
    ],
)
def test_the_first_value_that_differs_is_named(change, line, said, cause):
    verdict = marked(GOOD.replace(*change))
    assert verdict.verdict == "wrong"
    assert verdict.line == line
    assert said in verdict.says
    assert cause in verdict.says
    assert not any(f"{number:.3f}" in verdict.says for number in np.abs(QUESTION.parts[0].expected.ravel()))


def test_elements_are_named_where_some_are_right():
    text = GOOD.replace("tanh(z)", "tanh(z)\n        if t == 1: h[2] = 0")
    verdict = marked(text.replace("stack(hs)", "stack(hs) - tanh(W_hh)"))
    assert "h[2] at t = 1, on line 7" in verdict.says
    assert verdict.line == 7


def test_values_that_are_written_place_by_place_are_compared_as_a_whole():
    """Where the pieces cannot be put together, nothing is said of their name."""
    inner = "        h = zeros(3)\n        for k in range(3):\n            h[k] = tanh(z[k]){}\n"
    text = GOOD.replace("        h = tanh(z)\n", inner)
    assert marked(text.format("")).verdict == "right"
    verdict = marked(text.format(" + (z[k] * 3 if k == 1 and t == 1 else 0)"))
    assert "h[1] at t = 1, on line 8" in verdict.says
    assert marked(text.format("").replace("stack(hs)", "zeros((3, 3))")).line is None


def test_rows_and_loops_over_rows_are_matched_with_their_time_steps():
    assert "h at t = 2, on line 5" in marked(ROWS.replace("x[t] +", "x[min(t, 1)] +")).says
    assert (
        "h at t = 1, on line 5"
        in marked(BODY.replace("W_hh @ before", "(W_hh + 1) @ (2 * before if sum(before) < 99 else b)")).says
    )
    line = "    h = tanh(W_xh @ x[t] - W_hh @ (h * (h + 1) if sum(h) < 99 else b) + b)\n"
    start = f"t = 0\nh = zeros(3)\nhs = []\nwhile t < T:\n{line}"
    verdict = marked(start + "    hs.append(h)\n    t += 1\nreturn hs")
    assert "h at t = 1, on line 5" in verdict.says


def test_nothing_is_said_of_a_place_where_time_steps_are_counted_in_another_way():
    late = GOOD.replace("        hs.append(h)\n", "").replace("        z =", "        hs.append(h)\n        z =")
    verdict = marked(late)
    assert verdict.verdict == "wrong"
    assert verdict.says == "Line 5 reads h before line 7 gives it its new value."
    shifted = "before = zeros(3)\nfor row in x:\n    h = before\n    before = tanh(W_xh @ row + W_hh @ h + b)\n"
    assert marked(shifted + "return [h, h, h]").line is None


def test_helper_functions_are_watched_too():
    text = "def step(row, h):\n    h = tanh(W_xh @ row + {} - b)\n    return h\n"
    text += "h = zeros(3)\nhs = []\nfor row in x:\n    h = step(row, h)\n    hs.append(h)\nreturn hs"
    assert "h at t = 0, on line 2" in marked(text.format("(W_hh @ h if sum(h) < 9 else h) * (2 + b)")).says
    assert (
        marked(text.format("(W_hh + 1) @ h")).says
        == "Line 2 subtracts b; it should add it. Line 2 adds 1; leave it out."
    )


def test_right_for_these_numbers_only():
    written = marked(GOOD.replace("len(x)", "3"))
    assert (written.verdict, written.diagnosis.kind, written.score) == ("wrong", "these_numbers_only", 0.0)
    assert "T = " in written.says
    assert written.line == 5
    numbers = read(QUESTION, "h", GOOD).value.tolist()
    copied = marked(f"return {numbers}")
    assert copied.diagnosis.kind == "these_numbers_only"
    assert "(" in copied.says
    branch = marked(GOOD.replace("tanh(z)", "tanh(z) if x[0, 0] == 1 else z"))
    assert branch.diagnosis.kind == "these_numbers_only"
    assert branch.line == 6


def test_a_wrong_shape_is_said_in_words():
    verdict = marked(GOOD.replace("stack(hs)", "stack(hs)[None]"))
    assert verdict.verdict == "wrong"
    assert "There is one axis too many" in verdict.says
    assert marked(GOOD.replace("stack(hs)", "stack(hs)[:, None] + b")).diagnosis.kind == "shape"


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        (GOOD.replace("hs = []", "hs = [)"), 3, "notation"),
        (GOOD.replace("+ b", "+ c"), 5, "name"),
        (GOOD.replace("W_hh @ h", "W_hh @ x"), 5, "shape"),
        (GOOD.replace("return stack(hs)", "pass"), 1, "notation"),
        ("while True: pass", 1, "notation"),
        ("", 1, "notation"),
        ("import os", 1, "notation"),
    ],
)
def test_what_does_not_run_costs_nothing_and_names_its_line(text, line, kind):
    start = time.perf_counter()
    verdict = marked(text)
    assert (verdict.verdict, verdict.line, verdict.diagnosis.kind) == ("not_understood", line, kind)
    assert verdict.says.startswith(f"Line {line}: ")
    assert verdict.reading.error.at is not None
    assert time.perf_counter() - start < 30


class Counted:
    """A clock that goes on by so much with every look at it."""

    def __init__(self, step):
        self.now = 0.0
        self.step = step

    def __call__(self):
        self.now += self.step
        return self.now


@pytest.mark.parametrize("step", [0.1, 0.15, 0.2])
def test_a_slow_host_makes_no_right_program_wrong(monkeypatch, step):
    """With the numbers shown the program stays within its time; with all of the fresh ones together it does not."""
    seconds = []

    def slowly(*args, **keywords):
        clocks = Clocks(cpu=Counted(step), wall=Counted(0.0))
        found = run_program(*args, **keywords, clocks=clocks)
        seconds.append(found.seconds)
        return found

    monkeypatch.setattr(programs, "run_program", slowly)
    waits = "n = 0\nwhile n < 200:\n    n = n + 1\n"
    assert marked(waits + BODY).verdict == "right"
    assert len(seconds) > 1 and sum(seconds) > 1.2
    forever = marked("if T != 3:\n    while True: pass\n" + waits + BODY)
    assert (forever.verdict, forever.diagnosis.kind) == ("wrong", "these_numbers_only")


def test_a_program_that_runs_on_only_with_other_numbers_is_stopped():
    start = time.perf_counter()
    verdict = marked("if T != 3:\n    while True: pass\n" + BODY)
    assert verdict.diagnosis.kind == "these_numbers_only"
    assert verdict.line == 2
    assert time.perf_counter() - start < 30


def test_marking_is_quick():
    marked(GOOD)
    start = time.perf_counter()
    marked(GOOD)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("word", ["else", "elif x > 1"])
def test_an_else_without_its_if_is_told_as_that(word):
    assert misread(f"x = 1\n{word}:\n    x = 2\nreturn x").says == f"Line 2: There is no if for this {word.split()[0]}."


def test_what_a_learner_begins_with():
    assert starter(QUESTION.parts[0]).startswith("def rnn(x, W_xh, W_hh, b):")
    assert misread(starter(QUESTION.parts[0])) is None
    assert marked(starter(QUESTION.parts[0])).verdict == "wrong"
    assert starter(ask(MEAN).parts[0]) == ""
    assert misread("y = (1").line == 1
    assert signature(Ask(answer="h", as_="program", function="f( a, b )")) == ("f", ("a", "b"))
    assert signature(Ask(answer="h", as_="program")) == ("", ())


@pytest.mark.parametrize(
    ("ask_changes", "key"),
    [
        ({"function": "rnn(x, h)"}, "ask[0].function"),
        ({"function": "rnn x"}, "ask[0].function"),
        ({"as_": "matrix"}, "ask[0].function"),
        ({"as_": "matrix", "function": ""}, "ask[0].starter"),
    ],
)
def test_what_a_file_must_say_of_a_program(ask_changes, key):
    assert problems(RNN) == problems(MEAN) == []
    asked = msgspec.structs.replace(RNN.ask[0], **ask_changes)
    assert key in [key for key, _ in problems(msgspec.structs.replace(RNN, ask=[asked]))]


def test_a_program_needs_a_given_that_is_drawn():
    fixed = {name: msgspec.structs.replace(given, draw=None) for name, given in RNN.given.items()}
    assert [key for key, _ in problems(msgspec.structs.replace(RNN, given=fixed))] == ["ask[0].as"]


def test_the_command_reads_a_program_from_standard_input(monkeypatch, capsys, tmp_path):
    shutil.copytree(FOLDER, tmp_path / "unit")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n    # indented as it was copied\n" + _indented(BODY)))
    folder = ["--only", "--content", str(tmp_path)]
    assert main(["answer", "rnn-forward", "-", "--no-save", "--json", *folder]) == 0
    assert json.loads(capsys.readouterr().out)["parts"][0]["verdict"] == "right"
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD.replace("tanh(z)", "z")))
    assert main(["answer", "rnn-forward", "-", "--no-save", *folder]) == 1
    assert "Line 6" in capsys.readouterr().out
    assert main(["show", "rnn-forward", *folder]) == 0
    assert "  def rnn(x, W_xh, W_hh, b):" in capsys.readouterr().out


def _indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines())
