"""The lines of a program that are wrong by themselves, by the worked formulas in the program's own names."""

from collections import Counter
from functools import partial

import pytest

from rnn_tutor.exercises.diagnosis import own_names
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

HOLT = """\
format: 1
id: holt
title: Smoothing with a trend
prompt: Write it.
given:
  T: {value: "5", means: values, draw: "integers(4, 8)"}
  y: {value: "[3.0, 4.5, 4.0, 6.2, 7.1]", means: series, axes: [time], shape: "(T,)", draw: "uniform(1, 9)"}
  alpha: {value: "0.4", means: of the level, draw: "choice(0.3, 0.4, 0.6)"}
  beta: {value: "0.2", means: of the trend, draw: "choice(0.1, 0.2, 0.3)"}
steps:
  - start: {l: "y[0]", b: "y[1] - y[0]"}
  - for: t in range(T - 1)
    do:
      - let: "l[t] = alpha * y[t+1] + (1 - alpha) * (l[t-1] + b[t-1])"
      - let: "b[t] = beta * (l[t] - l[t-1]) + (1 - beta) * b[t-1]"
ask:
  - {answer: l, as: program, function: "holt(y, alpha, beta)"}
"""
SMOOTHED = """\
def holt(y, alpha, beta):
    level, trend = y[0], y[1] - y[0]
    out = []
    for t in range(1, len(y)):
        old = level
        level = alpha * y[t] + (1 - alpha) * (level + trend)
        trend = beta * (level - old) + (1 - beta) * trend
        out.append(level)
    return out
"""
HEAT = """\
format: 1
id: heat
title: A rod that cools
prompt: Write it.
given:
  M: {value: "5", means: points, draw: "integers(5, 8)"}
  u: {value: "[0.0, 4.0, 9.0, 5.0, 1.0]", means: temperatures, axes: [point], shape: "(M,)", draw: "uniform(0, 10)"}
  k: {value: "0.3", means: speed, draw: "choice(0.2, 0.3, 0.4)"}
  dx: {value: "0.8", means: distance, draw: "choice(0.7, 0.8)"}
  n: {value: "3", means: steps, draw: "integers(2, 5)"}
steps:
  - let: "lam = k / dx ** 2"
  - start: {v: u}
  - for: t in range(n)
    do:
      - let: "v[t] = concat(u[0:1], v[t-1][1:M-1] + lam * (v[t-1][0:M-2] - 2 * v[t-1][1:M-1] + v[t-1][2:M]), u[M-1:M])"
  - let: "last = v[-1]"
ask:
  - {answer: last, as: program, function: "heat(u, k, dx, n)"}
"""
POINT_BY_POINT = """\
def heat(u, k, dx, n):
    s = k / dx ** 2
    now = 1 * u
    for step in range(n):
        new = 1 * now
        for i in range(1, len(u) - 1):
            new[i] = now[i] + s * (now[i-1] - 2 * now[i] + now[i+1])
        now = new
    return now
"""
RANK = """\
format: 1
id: rank
title: Ranks
prompt: Write it.
given:
  V: {value: "4", means: pages, draw: "integers(4, 7)"}
  M:
    value: "[[0, 0.5, 0.5, 0], [1, 0, 0, 0], [0.5, 0, 0, 0.5], [0, 1, 0, 0]]"
    means: links
    axes: [from, to]
    shape: "(V, V)"
    draw: "uniform(0, 1)"
  d: {value: "0.8", means: "to follow a link", draw: "choice(0.7, 0.8, 0.9)"}
  n: {value: "3", means: steps, draw: "integers(2, 5)"}
steps:
  - start: {p: "ones(V) / V"}
  - for: t in range(n)
    do:
      - let: "p[t] = d * (M.T @ p[t-1]) + (1 - d) / V"
  - let: "rank = p[-1]"
ask:
  - {answer: rank, as: program, function: "ranks(M, d, n)"}
"""
RANKS = """\
def ranks(M, d, n):
    k = len(M)
    r = ones(k) / k
    for step in range(n):
        r = d * (M.T @ r) + (1 - d) / k
    return r
"""


@pytest.fixture
def told(tmp_path):
    return partial(verdict_on, tmp_path)


def verdict_on(folder, text, program, *changes):
    path = folder / f"{text.split()[3]}.yaml"
    path.write_text(text)
    question = ask(load_exercise(path))
    part = question.parts[0].name
    assert mark(question, part, program).verdict == "right"
    for old, new in changes:
        assert old in program
        program = program.replace(old, new)
    verdict = mark(question, part, program)
    assert verdict.verdict == "wrong"
    return verdict


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("y[0], y[1] - y[0]", "y[0], 0"), 2, "Line 2: trend starts from 0; it should start from y[1] - y[0]."),
        (
            ("(level + trend)", "level + trend"),
            6,
            "Line 6: the brackets are in the wrong place: it needs level + trend.",
        ),
        (("(level - old)", "(y[t] - old)"), 7, "Line 7 uses y[t]; it should use level."),
        (("level - old", "level - trend"), 7, "Line 7 uses trend; it should use old."),
    ],
)
def test_the_line_that_is_wrong_by_itself_is_told(told, change, line, said):
    """Not the line in which the first wrong value comes up: a wrong start shows in the loop only."""
    verdict = told(HOLT, SMOOTHED, change)
    assert (verdict.diagnosis.kind, verdict.line, verdict.says) == ("program", line, said)


def test_a_start_that_is_written_place_by_place(told):
    verdict = told(RANK, RANKS, ("ones(k) / k", "zeros(k)\n    r[0] = 1"))
    assert verdict.says == "Line 4: r starts from 1 0 0 0; it should start from ones(k) / k."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("now[i] + s *", "s *"), "Line 7: the term now[i] is missing."),
        (("- 2 * now[i]", "- now[i]"), "Line 7: the factor 2 is missing."),
        (("k / dx ** 2", "(k / dx) ** 2"), "Line 2: the brackets are in the wrong place: it needs dx**2."),
    ],
)
def test_what_is_computed_at_once_is_compared_with_a_loop_over_its_elements(told, change, said):
    assert told(HEAT, POINT_BY_POINT, change).says == said


def test_wrong_lines_are_told_together(told):
    two = ("(level - old)", "(y[t] - old)"), ("(1 - alpha) * (level + trend)", "(1 - alpha) * level + trend")
    verdict = told(HOLT, SMOOTHED, *two)
    assert [f"Line {line}" in verdict.says for line in (6, 7)] == [True, True], verdict.says
    assert verdict.line == 6


FORECAST = HOLT.replace(
    """ask:
  - {answer: l, as""",
    """      - let: "forecast[t] = l[t] + b[t]"
ask:
  - {answer: forecast, as""",
)
EACH_VALUE = """\
def holt(y, alpha, beta):
    level, trend = y[0], y[1] - y[0]
    out = []
    for seen in y[1:]:
        new = alpha * seen + (1 - alpha) * (level + trend)
        trend = beta * (new - level) + (1 - beta) * trend
        level = new
        out.append(level + trend)
    return out
"""


def test_two_wrong_lines_are_told_where_another_line_cannot_be_compared(told):
    """Nothing tells which value of y `seen` is, so line 5 is no worked formula; what is wrong is lines 6 and 8."""
    two = ("(1 - beta) * trend", "trend"), ("level + trend)\n    return", "level)\n    return")
    assert (
        told(FORECAST, EACH_VALUE, *two).says
        == "Line 6: the factor 1 - beta is missing. Line 8: the term trend is missing."
    )


COSTS = """\
format: 1
id: costs
title: Costs
prompt: Write it.
given:
  N: {value: "6", means: places, draw: "integers(5, 8)"}
  a: {value: "[0, 1, 2, 3, 1, 2]", means: first, axes: [place], shape: "(N,)", draw: "integers(0, 4)"}
  b: {value: "[2, 1, 0, 3, 3, 2]", means: second, axes: [place], shape: "(N,)", draw: "integers(0, 4)"}
  small: {value: "0.7", means: small cost, draw: "choice(0.6, 0.7)"}
  large: {value: "1.9", means: large cost, draw: "choice(1.7, 1.9)"}
steps:
  - let: "cost = where(abs(a - b) == 2, -small, -large)"
  - let: "change = where(a == b, 2, cost)"
  - start: {score: "0"}
  - for: t in range(N)
    do:
      - let: "score[t] = maximum(0, score[t-1] + change[t])"
ask:
  - {answer: score, as: program, function: "score(a, b, small, large)"}
"""
COSTED = """\
def score(a, b, small, large):
    s = 0
    out = []
    for t in range(len(a)):
        if a[t] == b[t]:
            c = 2
        elif abs(a[t] - b[t]) == 2:
            c = -small
        else:
            c = -large
        s = max(0, s + c)
        out.append(s)
    return out
"""


def test_one_mistake_that_two_lines_make_is_one(told):
    verdict = told(COSTS, COSTED, ("-small", "small"), ("-large", "large"))
    assert verdict.diagnosis.kind == "mutation" and "opposite sign" in verdict.says


def test_a_line_is_not_blamed_for_what_it_reads(told):
    """Line 5 could do without `s`, and the program would be right: what is wrong is line 4."""
    program = RANKS.replace("        r = d *", "        s = M.T @ r\n        r = d *").replace("(M.T @ r) +", "s +")
    verdict = told(RANK, program, ("s = M.T @ r", "s = M.T @ (r * r)"))
    assert verdict.line == 5 and "Line 6" not in verdict.says


def test_what_an_author_says_is_said_with_the_line(told):
    text = HOLT + 'mistakes:\n  - {value: "y[1:]", say: These are the values.}\n'
    verdict = told(text, SMOOTHED, ("alpha * y[t] + (1 - alpha) * (level + trend)", "y[t]"))
    assert verdict.diagnosis.kind == "authored" and verdict.says.endswith("These are the values.")


def test_places_that_are_overwritten_after_all_is_computed(told):
    ends = ("        now = new", "        new[0] = new[1]\n        new[-1] = new[-2]\n        now = new")
    assert told(HEAT, POINT_BY_POINT, ends).says == "Lines 8 and 9 change new, and should not."


def test_a_line_that_is_right_for_what_it_reads_is_not_blamed(told):
    """The old level is taken in a way that no formula has; the first value that differs comes up a line later."""
    verdict = told(HOLT, SMOOTHED.replace("trend", "b"), ("old = level", "old = sum([b * k + t for k in y])"))
    assert verdict.line == 7
    assert verdict.says.endswith("That line is right for the values that it reads; look at what comes before.")


def test_a_formula_is_written_in_the_names_of_a_line_once_as_a_whole_and_once_as_a_part(told, monkeypatch):
    counts, by_parts, look_at = Counter(), own_names.OwnNames._by_parts, own_names.OwnNames._look_at
    most = []

    def looking(self, stands):
        most.append(max(counts.values(), default=0))
        counts.clear()
        look_at(self, stands)

    def counting(self, expr, depth):
        counts[id(expr)] += 1
        return by_parts(self, expr, depth)

    monkeypatch.setattr(own_names.OwnNames, "_look_at", looking)
    monkeypatch.setattr(own_names.OwnNames, "_by_parts", counting)
    told(HOLT, SMOOTHED, ("(1 - beta)", "beta"))
    assert len(most) > 5
    assert max(most) == 2
