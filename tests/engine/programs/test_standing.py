"""A program with a change is run from where it is another one: that gives what running all of it gives."""

import tracemalloc

import numpy as np
import pytest

from rnn_tutor.engine.programs.edits import EditsOf, Scope
from rnn_tutor.engine.programs.edits.tree import line_of, spots
from rnn_tutor.engine.programs.interpreter import Meter, run_program
from rnn_tutor.engine.programs.lines import LineError
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.programs.standing import MOST_HELD, Standings

GIVENS = {
    "x": np.array([[1.0, -0.5], [0.25, 2.0], [-1.5, 0.75], [0.5, 0.5]]),
    "W": np.array([[0.5, -1.0], [0.25, 0.75]]),
    "n": np.array(3.0),
}
LIST = """
def f(x, W, n):
    h = zeros(2)
    hs = []
    for t in range(len(x)):
        a = W @ h
        h = tanh(a + x[t])
        hs.append(h)
    return stack(hs)
"""
BACKWARDS = """
def f(x, W, n):
    T = len(x)
    d = zeros(2)
    dx = zeros((T, 2))
    dW = zeros((2, 2))
    for t in reversed(range(T)):
        d = W.T @ d + x[t]
        dx[t] = d
        dW += outer(d, x[t])
    total = sum(dW)
    return dx * total
"""
IN_PLACE = """
def f(x, W, n):
    h = zeros((4, 2))
    first = h[0]
    both = [first, h]
    for t in range(4):
        row = h[t]
        row += x[t]
        if t > 1:
            row *= 2
            both.append(row)
        elif t == 1:
            row -= first
        else:
            both[1] = both[0]
    return stack(both[2:]) + first
"""
NESTED = """
def f(x, W, n):
    k = 0
    out = []
    while k < n:
        s = 0
        for i, row in enumerate(x):
            if i > k:
                continue
            for j in range(2):
                s = s + row[j] * W[j, 0]
            if s > 2:
                break
        out.append(s)
        k += 1
    return array(out)
"""
HELPED = """
def g(a, b):
    c = tanh(a) * b
    return c + 1
def f(x, W, n):
    h = W[0]
    hs = {}
    for t in range(len(x)):
        if t > 0:
            h = g(W @ h, x[t])
        hs[t] = h
    return stack([hs[t] for t in range(len(x))])
"""
GROWING = """
def f(x, W, n):
    waiting = [x[0], x[1]]
    s = zeros(2)
    for one in waiting:
        s = s + one
        if len(waiting) < 5:
            waiting.append(W @ one)
    return s
"""
CALLS_ITSELF = """
def f(x, W, n):
    if n < 1:
        return x
    y = f(x @ W, W, n - 1)
    z = y + 1
    return z * n
"""
PLAIN = """
h = zeros(2)
for t in range(4):
    h = tanh(W @ h + x[t])
h = h * n
"""
PROGRAMS = (LIST, BACKWARDS, IN_PLACE, NESTED, HELPED, GROWING, CALLS_ITSELF, PLAIN)


def noted(text):
    code = read_program(text)
    standings = Standings(code, "f")
    outcome = run_program(code, GIVENS, answer="h", function="f", arguments=tuple(GIVENS), standings=standings)
    return code, outcome, standings


def gives(code, begin=None, meter=None, most=None):
    """What a program gives, or what it says of its error without the line."""
    try:
        outcome = run_program(
            code,
            {name: value.copy() for name, value in GIVENS.items()},
            answer="h",
            function="f",
            arguments=tuple(GIVENS),
            begin=begin,
            meter=meter,
            most=most or Meter(2_000, 10**6),
            watch=frozenset("hds"),
        )
    except LineError as error:
        return error.kind
    return outcome.value.tolist(), [(event.line, event.loops, event.value.tolist()) for event in outcome.events]


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_change_gives_from_where_it_begins_what_it_gives_in_full(text):
    code, _, standings = noted(text)
    there = frozenset(line_of(spot.statement) for spot in spots(code))
    edits = EditsOf(code, Scope({"x": (4, 2), "h": (2,), "d": (2,), "a": (2,)}, frozenset({"exp"})))
    begun = 0
    for edit in [*edits.of_running(), *edits.of_lines(there, there)]:
        begin = edit.begins(standings)
        if begin is None:
            continue
        begun += 1
        whole, rest = Meter(), Meter()
        in_full, from_there = gives(edit.code, meter=whole), gives(edit.code, begin, meter=rest)
        if isinstance(in_full, str):
            assert from_there == in_full, edit.says
        else:
            assert np.array_equal(in_full[0], from_there[0], equal_nan=True), edit.says
            left = in_full[1][len(in_full[1]) - len(from_there[1]) :]
            assert str(left) == str(from_there[1]), edit.says
            assert rest.steps + begin.spent.steps == whole.steps, edit.says
            assert rest.work + begin.spent.work == whole.work, edit.says
    assert begun > 10


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_program_gives_the_same_from_each_of_its_statements(text):
    """Whatever was run from there before: each time the names are copied."""
    code, outcome, standings = noted(text)
    assert standings.first
    for begin in standings.first.values():
        for _ in range(2):
            value, _ = gives(code, begin)
            assert np.array_equal(value, outcome.value)


def test_what_was_done_before_a_change_is_not_done_again():
    code, outcome, standings = noted(BACKWARDS)
    last = next(spot for spot in spots(code) if line_of(spot.statement) == 11)
    begin, meter = standings.first[id(last.statement)], Meter()
    assert isinstance(gives(code, begin, meter), tuple)
    assert meter.steps < outcome.steps // 4
    assert isinstance(gives(code, begin, most=Meter(outcome.steps, 10**6)), tuple)
    assert gives(code, begin, most=Meter(outcome.steps - 1, 10**6)) == "limit"  # what came before counts


def test_names_that_share_an_array_share_it_from_there_on():
    _, _, standings = noted(IN_PLACE)
    begin = next(one for one in standings.first.values() if one.turns and one.turns[0].before == 2)
    for _ in range(2):
        names = begin.copied()[1]
        first, whole, row = names["first"].value, names["h"].value, names["row"].value
        assert first.base is whole and row.base is whole and names["both"].items[0] is names["first"]
        assert whole is not begin.names[1]["h"].value and not whole.flags.writeable
        assert names["x"].value is begin.names[1]["x"].value  # nothing can write into what is given


def test_a_loop_that_goes_over_what_it_changes_is_begun_as_a_whole():
    code, _, standings = noted(GROWING)
    inside = [spot for spot in spots(code) if spot.loops]
    assert inside and not any(id(spot.statement) in standings.first for spot in inside)
    changed = next(edit for edit in EditsOf(code, Scope()).of_lines(frozenset({6}), frozenset()) if edit.line == 6)
    assert changed.begins(standings).at == 2


HALF = "def g(a):\n    return a / 2\n"


@pytest.mark.parametrize("before", ["y = f(2 * x, W, n)\n", "n = g(f(x, W, n)[0, 0])\n"])
@pytest.mark.parametrize("text", [LIST, BACKWARDS, HELPED.replace("def g", "def k").replace("h = g", "h = k")])
def test_a_call_of_the_program_s_own_is_not_the_one_that_is_asked_for(text, before):
    """What the function does when the program tries it out says nothing of how it stands when it is asked for."""
    code, outcome, standings = noted(HALF + text + before)
    assert not standings.first
    edits = EditsOf(code, Scope({}, frozenset({"exp"}))).of_lines(frozenset(range(20)), frozenset())
    assert all(edit.begins(standings) is None for edit in edits)
    assert np.array_equal(gives(code)[0], outcome.value)


def test_what_is_noted_of_a_run_is_bounded_whatever_its_names_hold():
    arrays = "".join(f"    a{k} = zeros(100000)\n" for k in range(20))
    text = LIST.replace("    hs = []\n", arrays + "    hs = []\n" + "".join(f"    b{k} = {k}\n" for k in range(100)))
    tracemalloc.start()
    try:
        code, outcome, standings = noted(text)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2 * MOST_HELD
    assert 1 < len(standings.first) < 100  # the first of them, before which there is little
    for begin in standings.first.values():
        assert np.array_equal(gives(code, begin, most=Meter(10_000, 10**7))[0], outcome.value)
