"""Edits of a program: each is a program that runs or stops with an error of its line, and its sentence names a line."""

import re

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import show
from rnn_tutor.engine.programs.edits import EditsOf, Scope, all_functions, all_names
from rnn_tutor.engine.programs.edits.loops import shifted
from rnn_tutor.engine.programs.edits.tree import carried, spots, values_read
from rnn_tutor.engine.programs.interpreter import Meter, run_program
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.programs.statements import For
from rnn_tutor.engine.reading.language import parse

GIVENS = {"x": np.array([[0.5, 1.0], [-1.0, 0.2], [0.3, 0.4]]), "W": np.array([[0.5, -0.2], [0.3, 0.8]])}
PROGRAMS = [
    "def f(x, W):\n    h = zeros(2)\n    hs = []\n    for t in reversed(range(1, len(x))):\n"
    "        h = tanh(x[t] @ W + (1 - h) * W[0] + 2)\n        hs.append(h)\n    return hs",
    "h = x.copy()\nn = 0\nfor k, row in enumerate(x[1:]):\n    if n < 2 and not k > 5:\n        n += 1\n"
    "        h[k, :1] = max(row[0], row[1]) ** 2\n    elif k == 1:\n        continue\n    else:\n        n = n\n"
    "while n < 4:\n    n = n + 1\nreturn -h / n",
    "def step(a, b):\n    return a @ b, sum(a, axis=0)\ny, z = step(x, W)\n"
    "return [v if norm(v) > 1 else 2 * v for v in concat(y, -y)]",
]


def edits(text):
    code = read_program(text)
    names = all_names(code) | set(GIVENS)
    needed = frozenset(("tanh", "sqrt", "power", "sum", "mean", "max", "matmul", "log"))
    scope = Scope(dict.fromkeys(names, (2,)), needed, all_functions(code))
    lines = frozenset(range(40))
    edits = EditsOf(code, scope)
    return [*edits.of_running(), *edits.of_lines(lines, lines)]


@pytest.mark.parametrize("text", PROGRAMS)
def test_every_edit_is_a_program_and_says_what_its_line_does(text):
    found = edits(text)
    assert len({edit.rule for edit in found}) > 8
    for edit in found:
        assert re.fullmatch(r"(Line \d+|Lines \d+(, \d+)* and \d+)\b[^\n]+\.", edit.says)
        assert "()(" not in edit.says
        assert str(edit.line) in edit.says
        assert 1 <= edit.line <= text.count("\n") + 1
        try:
            run_program(edit.code, GIVENS, answer="h", function="f", arguments=("x", "W"), most=Meter(500, 10**6))
        except EngineError as error:
            assert error.says.startswith("Line ")


@pytest.mark.parametrize("text", PROGRAMS)
def test_an_edit_leaves_the_program_that_it_is_made_from(text):
    code = read_program(text)
    edited = [edit.code for edit in edits(text)]
    assert read_program(text) == code
    assert all(changed != code for changed in edited[:50])


def test_the_same_edits_come_in_the_same_order():
    assert [edit.says for edit in edits(PROGRAMS[1])] == [edit.says for edit in edits(PROGRAMS[1])]


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [("T", 1, "T + 1"), ("T - 1", 1, "T"), ("T - 1", -1, "T - 2"), ("T + 1", -1, "T"), ("0", -1, "-1"), ("-1", 1, "0")],
)
def test_one_more_or_less_is_written_in_the_shortest_way(text, change, wanted):
    assert show(shifted(parse(text), change)) == wanted


def test_what_is_carried_on_is_read_before_it_is_written():
    code = read_program("h = 0\nfor t in range(3):\n    k = h + t\n    h = k\n    s = 1\n    r = s\nreturn h")
    loop = next(spot.statement for spot in spots(code) if isinstance(spot.statement, For))
    assert carried(loop) == {"h"}


def test_a_name_of_which_only_the_size_is_read_is_not_calculated_with():
    code = read_program("h = zeros(len(b))\nfor t in range(T):\n    h = h + x[t] * W.shape[0]\nreturn h")
    assert values_read(code.body) == {"h", "x", "t"}


def test_steps_and_work_of_what_stops_with_an_error_count():
    meter = Meter()
    with pytest.raises(EngineError):
        run_program("while 1 < 2: pass", GIVENS, answer="h", most=Meter(100, 10**6), meter=meter)
    assert 100 <= meter.steps <= 110
    seen = []
    with pytest.raises(EngineError):
        run_program(
            "h = 1\nh = 2\nh = 3\nreturn h",
            GIVENS,
            answer="h",
            watch=frozenset("h"),
            accepts=lambda event: not seen.append(float(event.value)) and float(event.value) < 2,
            meter=meter,
        )
    assert seen == [1.0, 2.0]


def test_what_is_read_of_an_edit_is_as_python_writes_it():
    says = " ".join(edit.says for edit in edits(PROGRAMS[2]))
    assert "step(x, W)" in says
