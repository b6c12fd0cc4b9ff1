"""The line at fault in a wrong program: told only where a small change of it is right with all numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.programs.edits import EditsOf, Scope
from rnn_tutor.engine.programs.interpreter import Meter, run_program
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.programs.watch import Event
from rnn_tutor.exercises import mark as mark_module
from rnn_tutor.exercises import programs
from rnn_tutor.exercises.diagnosis import other_numbers, program_repair, worked_steps
from rnn_tutor.exercises.diagnosis.foreseen import prepare
from rnn_tutor.exercises.diagnosis.program_difference import compared_by_step
from rnn_tutor.exercises.diagnosis.program_repair import Candidates
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.paths import content_folder

FOLDER = Path(__file__).parent.parent / "programs"
RNN = load_exercise(FOLDER / "rnn-forward.yaml")
MEAN = load_exercise(FOLDER / "masked-mean.yaml")
GATES = load_exercise(FOLDER / "gated.yaml")

LIST = """\
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
h = []
before = zeros(3)
for row in x:
    before = tanh(W_xh @ row + W_hh @ before + b)
    h.append(before)
"""
HELPER = """\
def step(row, h):
    h = tanh(W_xh @ row + W_hh @ h + b)
    return h
h = zeros(3)
hs = []
for row in x:
    h = step(row, h)
    hs.append(h)
return hs
"""
WHILE = """\
t = 0
h = zeros(3)
hs = []
while t < T:
    h = tanh(W_xh @ x[t] + W_hh @ h + b)
    hs.append(h)
    t += 1
return hs
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
GATED = """\
def gated(x, h_start, W, U):
    h = h_start
    hs = []
    for t in range(len(x)):
        a = x[t] * W
        r = sigmoid(a[:2] + U @ h)
        z = sigmoid(a[2:4] - U @ h)
        n = tanh(a[4:] + U @ (r * h))
        h = (1 - z) * h + z * n
        hs.append(h)
    return hs
"""
UNPACKED = """\
def gated(x, h_start, W, U):
    h = h_start
    hs = []
    for t in range(len(x)):
        a, b, c = (x[t] * W).reshape(3, 2)
        r, z = sigmoid(a + U @ h), sigmoid(b - U @ h)
        h = (1 - z) * h + z * tanh(c + U @ (r * h))
        hs.append(h)
    return hs
"""


def marked(text, exercise, seed=None):
    question = ask(exercise, seed)
    return mark(question, question.parts[0].name, text)


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("text", "exercise"), [(LIST, RNN), (MEANS, MEAN), (GATED, GATES), (UNPACKED, GATES)])
def test_what_is_changed_below_is_right_as_it_stands(text, exercise):
    assert marked(text, exercise).verdict == "right"


def test_numbers_that_a_program_is_tried_on_are_drawn_before_the_first_answer(monkeypatch):
    question = ask(load_exercise(FOLDER / "rnn-forward.yaml"))
    prepare(question)
    monkeypatch.setattr(other_numbers, "ask", lambda *_: pytest.fail("numbers were drawn while an answer was marked"))
    assert mark(question, question.parts[0].name, LIST).verdict == "right"
    assert mark(question, question.parts[0].name, changed(LIST, "+ b", "- b")).verdict == "wrong"


def test_the_formulas_of_the_steps_are_written_before_the_first_answer(monkeypatch):
    question = ask(load_exercise(FOLDER / "rnn-forward.yaml"))
    prepare(question)
    monkeypatch.setattr(worked_steps, "_formulas", lambda *_: pytest.fail("formulas were written while marking"))
    assert mark(question, question.parts[0].name, changed(LIST, "+ b", "- b")).diagnosis.kind == "program"


HOW_IT_RUNS = [
    (RNN, LIST, "range(len(x))", "reversed(range(len(x)))", "Line 4: the loop runs from the last step to the first."),
    (RNN, ROWS, "in x:", "in x[::-1]:", "Line 3: the loop runs from the last step to the first."),
    (RNN, LIST, "range(len(x))", "range(len(x) - 1)", "Line 4: the loop stops one step too early."),
    (RNN, WHILE, "t < T", "t < T - 1", "Line 4: the loop stops one step too early."),
    (RNN, LIST, "range(len(x))", "range(1, len(x))", "Line 4: the loop starts one step too late."),
    (RNN, ROWS, "in x:", "in x[1:]:", "Line 3: x[1:] starts one place too late."),
    (MEAN, MEANS, "range(lengths[k])", "range(1, lengths[k])", "Line 4: the loop starts one step too late."),
    (RNN, LIST, "W_hh @ h ", "W_hh @ zeros(3) ", "Line 5 always starts from zeros(3): h is not carried on."),
    (RNN, ROWS, "@ before", "@ zeros(3)", "Line 4 always starts from zeros(3): before is not carried on."),
    (GATES, GATED, "h = h_start", "h = zeros(2)", "Line 2: h starts from zeros(2), and h_start is never read."),
    (RNN, ROWS, "zeros(3)", "ones(3)", "Line 2: before starts from ones(3), not from 0."),
    (
        RNN,
        LIST,
        "        z =",
        "        h = zeros(3)\n        z =",
        "Line 5 gives h its start again in each turn of the loop, so nothing is carried on.",
    ),
    (
        RNN,
        HELPER,
        "    h = step(row, h)\n    hs.append(h)",
        "    hs.append(step(row, h))",
        "Line 7 reads h, which no line of the loop changes: nothing is carried on.",
    ),
    (
        RNN,
        LIST,
        "        h = tanh(z)\n        hs.append(h)",
        "        hs.append(h)\n        h = tanh(z)",
        "Line 6 reads h before line 7 gives it its new value.",
    ),
    (
        GATES,
        GATED,
        "        n = tanh(a[4:] + U @ (r * h))",
        "        h = r * h\n        n = tanh(a[4:] + U @ h)",
        "Line 10 reads h after line 8 has changed it: the old value is needed.",
    ),
    (
        RNN,
        LIST,
        "        hs.append(h)\n    return",
        "    hs.append(h)\n    return",
        "Line 7 stands after the loop of line 4, so it is done once, not in each turn.",
    ),
    (RNN, LIST, "    return", "        return", "Line 8 returns inside the loop of line 4, so the loop ends there."),
]
WHICH_PART = [
    (
        GATES,
        GATED,
        "        r = sigmoid(a[:2] + U @ h)\n        z = sigmoid(a[2:4]",
        "        r = sigmoid(a[2:4] + U @ h)\n        z = sigmoid(a[:2]",
        "Lines 6 and 7 take the blocks of a in the wrong order.",
    ),
    (GATES, UNPACKED, "a, b, c =", "b, a, c =", "Line 5 unpacks the parts in the wrong order: b, a, c."),
    (GATES, UNPACKED, "a, b, c =", "c, a, b =", "Line 5 unpacks the parts in the wrong order: c, a, b."),
    (RNN, LIST, "x[t]", "x[0]", "Line 5 always reads x[0], not x[t]."),
    (RNN, LIST, "x[t]", "x[t - 1]", "Line 5 uses x[t - 1]; it should use x[t]."),
    (RNN, LIST, "append(h)", "append(z)", "Line 7 uses z; it should use h."),
    (RNN, LIST, "stack(hs)", "h", "Line 8 gives back h, not hs."),
    (RNN, LIST, " + b", "", "Line 5: the term b is missing."),
    (RNN, HELPER, "tanh(W_xh @ row + W_hh @ h + b)", "W_xh @ row + W_hh @ h + b", "Line 2: the tanh of "),
    (MEAN, MEANS, "/ lengths[k]", "/ T", "Line 6 uses T; it should use lengths[k]."),
    (GATES, GATED, "(1 - z) * h + z * n", "z * h + (1 - z) * n", "Line 9 exchanges z and 1 - z."),
]


@pytest.mark.parametrize(("exercise", "text", "old", "new", "said"), HOW_IT_RUNS + WHICH_PART)
def test_the_line_and_what_it_does_are_told(exercise, text, old, new, said):
    verdict = marked(changed(text, old, new), exercise)
    assert verdict.verdict == "wrong"
    assert verdict.says.startswith(said)
    assert verdict.diagnosis.kind == "program"
    assert f"{verdict.line}" in said.split(":")[0]


def test_several_starts_inside_a_loop_are_told_together():
    """Each by itself moved out of the loop makes nothing right."""
    text = changed(GATED, "    h = h_start\n", "").replace(
        "        a =", "        k = h_start\n        h = k\n        a ="
    )
    said = "Lines 4 and 5 give h and k their start again in each turn of the loop, so nothing is carried on."
    assert marked(text, GATES).says == said


@pytest.mark.parametrize(("exercise", "text", "old", "new", "said"), HOW_IT_RUNS[:4])
def test_the_same_is_said_with_other_numbers(exercise, text, old, new, said):
    assert [marked(changed(text, old, new), exercise, seed).says.startswith(said) for seed in (1, 2, 3)] == [True] * 3


def test_a_line_that_other_numbers_show_to_be_wrong_is_told_too():
    verdict = marked(changed(LIST, "tanh(z)", "tanh(z) if x[0, 0] == 1 else z"), RNN)
    assert verdict.diagnosis.kind == "these_numbers_only"
    assert (verdict.line, "Line 6 takes tanh(z) only if x[0, 0] == 1; it should always." in verdict.says) == (6, True)


THREE_LINES = changed(
    changed(changed(LIST, "tanh(z)", "z"), "W_hh @ h", "(W_hh + 1) @ h"), "append(h)", "append(h * 7 - 2)"
)


@pytest.mark.parametrize(
    "text", [THREE_LINES, changed(LIST, "tanh(z)", "(relu(z) if t < 5 else z) - b"), "return x @ W_xh.T * 7"]
)
def test_nothing_is_named_where_no_small_change_is_right(text):
    verdict = marked(text, RNN)
    assert verdict.verdict == "wrong"
    assert verdict.diagnosis.kind != "program"


def test_what_is_right_only_with_the_numbers_shown_is_not_named(monkeypatch):
    """An edit counts if it is right on every draw: here with other numbers nothing is."""
    text = changed(LIST, "range(len(x))", "reversed(range(len(x)))")
    assert marked(text, RNN).diagnosis.kind == "program"
    shown = ask(RNN).parts[0].expected
    right = programs._right

    def only_here(part, value):
        return right(part, value) and part.expected.shape == shown.shape and (part.expected == shown).all()

    monkeypatch.setattr(programs, "_right", only_here)
    assert marked(text, RNN).diagnosis.kind != "program"


def test_how_much_is_tried_is_counted_in_steps(monkeypatch):
    """No clock decides: the same program is told the same, and what all tries take together is bounded."""
    meters = []

    class Kept(program_repair.Meter):
        def __init__(self, steps=0, work=0):
            super().__init__(steps, work)
            meters.append(self)

    monkeypatch.setattr(program_repair, "Meter", Kept)
    marked(THREE_LINES, RNN)
    own = run_program(THREE_LINES, ask(RNN).givens, answer="h", function="rnn", arguments=("x", "W_xh", "W_hh", "b"))
    one_run = program_repair.MORE * own.steps + 50
    assert 0 < meters[0].steps <= program_repair.MOST_STEPS + one_run
    for name in ("MOST_STEPS", "MOST_STEPS_RUNNING", "MOST_STEPS_UNENDED"):
        monkeypatch.setattr(program_repair, name, 0)
    text = changed(LIST, "append(h)", "append(z)")
    assert marked(text, RNN).diagnosis.rule == "line"  # which is no change that was tried
    monkeypatch.setattr(program_repair, "LONGEST", 0)
    assert marked(text, RNN).diagnosis.kind != "program"


def test_what_a_value_shows_is_looked_for_only_where_no_line_is_at_fault(monkeypatch):
    looked = []
    known = mark_module.diagnose
    monkeypatch.setattr(mark_module, "diagnose", lambda *given: looked.append(given) or known(*given))
    assert "Line 5" in marked(changed(LIST, "+ b", "- b"), RNN).diagnosis.says
    assert not looked
    assert marked(THREE_LINES, RNN).diagnosis.kind != "program"
    assert len(looked) == 1


class Counting:
    """Runs programs as nobody would: it says what it was asked to run, shows one value, and takes 7 steps."""

    def __init__(self):
        self.ran = []

    def run(self, draw, code, accepts, most, meter, begin=None):
        self.ran.append(code)
        meter.steps += 7
        event = Event(1, "h", (), np.ones(2))
        return np.ones(2) if accepts is None or accepts(event) else None


def test_what_was_run_to_its_end_is_counted_again_but_not_run_again():
    tries, bench, meter = Candidates(read_program(LIST), Scope()), Counting(), Meter()
    edit, other = list(tries.edits.of_running())[:2]
    assert next(tries.edits.of_running()) is edit
    for accepts in (lambda _event: True, None, None):
        assert tries.run(edit, bench, None, accepts, Meter(), meter) is not None
    assert bench.ran == [edit.code]
    assert tries.run(other, bench, None, lambda _event: False, Meter(), meter) is None
    assert tries.run(other, bench, None, None, Meter(), meter) is not None
    assert bench.ran == [edit.code, other.code, other.code]
    assert meter.steps == 5 * 7


def test_a_program_that_takes_long_is_run_once_and_no_more(monkeypatch):
    """What takes as much by itself as all tries together may is not tried, here or with other numbers."""
    count = []
    run = programs.run_program
    monkeypatch.setattr(programs, "run_program", lambda *args, **options: count.append(1) or run(*args, **options))
    wait = "        for k in range(3000): r = k\n        h = tanh(z)"
    verdict = marked(changed(changed(LIST, "        h = tanh(z)", wait), "append(h)", "append(z)"), RNN)
    assert (verdict.verdict, len(count)) == ("wrong", 1)
    assert verdict.diagnosis.kind != "program"


def test_a_program_is_judged_though_it_takes_too_much_to_note_all_that_it_does(monkeypatch):
    """One that takes nearly all that it may ends with an error while it is noted: not the tutor."""
    run = programs.run_program

    def ending(*args, standings=None, **options):
        most = {"most": Meter(25, 10**6)} if standings is not None else {}
        return run(*args, standings=standings, **options | most)

    monkeypatch.setattr(programs, "run_program", ending)
    verdict = marked(changed(LIST, "+ W_hh", "- W_hh"), RNN)
    assert verdict.verdict == "wrong" and verdict.says
    assert (verdict.diagnosis.kind, verdict.line) == ("program", 5)


ADDED = """\
def rnn(x, W_xh, W_hh, b):
    z = b
    h = zeros((len(x), 3))
    s = zeros(3)
    for t in range(len(x)):
        z = W_xh @ x[t] + W_hh @ s + b
        s = tanh(z)
        for j in range(3):
            h[t, j] = s[j]
    return h * 2
"""


def ends_of(text, **known):
    """What ends the runs of changes of a program, its edits by their rules, and what was seen of it."""
    question = ask(RNN)
    reading = programs.read_answer(question, question.parts[0], text)
    compared = replace(compared_by_step(question, question.parts[0], reading.outcome.events), **known)
    scope = Scope({}, frozenset({"tanh"}))
    edits = EditsOf(reading.code, scope)
    lines = frozenset(range(20))
    by_rule = {edit.rule: edit for edit in [*edits.of_running(), *edits.of_lines(lines, lines)]}
    return program_repair._ends(question.parts[0], compared, reading.outcome.events), by_rule, reading.outcome.events


def test_a_run_ends_where_a_value_that_was_right_is_wrong():
    """The values of h are right until line 6 is run for t = 2; no change of one line is right that changes them."""
    end, edits, events = ends_of(changed(LIST, "tanh(z)", "tanh(z) if t < 2 else z"))
    right = [event for event in events if event.name == "h" and event.loops and event.loops[0][1] < 2]
    assert len(right) == 2
    for edit in (edits["sign"], edits["loop_range"]):
        assert not edit.reorders
        accepts = end(edit, all_right=False)
        assert all(accepts(event) for event in right)
        assert not any(accepts(replace(event, value=event.value + 1)) for event in right)


def test_what_is_written_in_several_steps_ends_nothing_before_it_is_whole():
    question = ask(RNN)
    reading = programs.read_answer(question, question.parts[0], ADDED)
    found = compared_by_step(question, question.parts[0], reading.outcome.events)
    assert not [at for at in found.truths if at[0] == "h"]


def test_a_later_wrong_value_ends_a_run_only_where_nobody_asks_for_a_second_mistake():
    end, edits, events = ends_of(changed(LIST, "tanh(z)", "tanh(z) if t < 1 else z"))
    later = next(event for event in events if event.name == "h" and event.loops and event.loops[0][1] == 2)
    assert end(edits["sign"], all_right=False)(later)
    assert not end(edits["sign"], all_right=True)(later)


def test_a_change_after_the_first_wrong_value_is_not_run():
    text = changed(LIST, "return stack(hs)", "out = stack(hs)\n    return out * 1").replace("tanh(z)", "z")
    question = ask(RNN)
    asked = question.parts[0]
    reading = programs.read_answer(question, asked, text)
    own, standings, _ = programs._noted(question, asked, reading.code)
    tries = Candidates(reading.code, Scope({"hs": (3,), "out": (3,)}), standings, own.events)
    events = reading.outcome.events
    seen = tries.seen_by(compared_by_step(question, asked, events).first, events)
    late = [edit for edit in tries.edits.of_lines(frozenset({8, 9}), frozenset()) if edit.begins(standings)]
    assert seen is not None and late
    bench, meter = Counting(), Meter()
    for edit in late:
        assert tries.run(edit, bench, question, lambda _event: True, Meter(), meter, seen) is None
    assert not bench.ran
    assert tries.run(late[0], bench, question, None, Meter(), meter, seen) is not None


STOPPED = [  # what is done to LIST, the line that is told, and what is said of it beside the error
    ("W_hh @ h ", "W_hh @ h_prev ", 5, "Line 5 uses h_prev; it should use h."),
    ("tanh(z)", "tanh(a)", 6, "Line 6 uses a; it should use z."),
    ("stack(hs)", "stack(out)", 8, "Line 8 uses out; it should use hs."),
    ("append(h)", "append(hh)", 7, "Line 7 uses hh; it should use h."),
    ("x[t]", "x[t+1]", 5, "Line 5 uses x[t + 1]; it should use x[t]."),
    ("range(len(x))", "range(len(x) + 1)", 4, "Line 4: the loop goes one step too far."),
    ("W_hh @ h", "W_xh @ h", 5, "Line 5 uses W_xh; it should use W_hh."),
    ("x[t] +", "x +", 5, "Line 5 uses x; it should use x[t]."),
    ("W_xh @ x[t]", "x[t] @ W_xh", 5, "Line 5: W_xh is not transposed."),
]


@pytest.mark.parametrize(("good", "bad", "line", "says"), STOPPED, ids=[case[1] for case in STOPPED])
def test_a_program_that_stops_with_an_error_is_told_what_would_make_it_right(good, bad, line, says):
    assert good in LIST
    question = ask(RNN)
    verdict = mark(question, question.parts[0].name, LIST.replace(good, bad))
    assert verdict.verdict == "not_understood"
    assert verdict.says.startswith(verdict.reading.error.says)
    assert verdict.says.endswith(says)
    assert verdict.line == line
    assert verdict.diagnosis.rule


@pytest.mark.parametrize(
    "text",
    [
        "h = nothing\nreturn h",  # no single change makes it right
        "k = 0\nwhile k < 100000:\n    k += 1\nreturn W_hh @ nothing",  # too long to be tried again and again
        "def rnn(x, W_xh, W_hh, b):\n    return zeros(3",  # does not read
    ],
)
def test_of_another_error_nothing_more_is_said(text):
    question = ask(RNN)
    verdict = mark(question, question.parts[0].name, text)
    assert verdict.verdict == "not_understood"
    assert verdict.says == verdict.reading.error.says and not verdict.diagnosis.rule


TWO = [  # two things done to LIST, each told at its line
    (("W_hh @ h + b", "(W_hh + 1) @ h + b"), ("h = tanh(z)", "h = z"), (5, 6)),
    (("x[t]", "x[t-1]"), ("tanh(z)", "sigmoid(z)"), (5, 6)),
    (("W_hh @ h + b", "W_hh @ h - b"), ("hs.append(h)", "hs.append(z)"), (5, 7)),
]


@pytest.mark.parametrize(("first", "second", "lines"), TWO)
def test_two_mistakes_in_two_lines_are_both_told(first, second, lines):
    text = LIST.replace(*first).replace(*second)
    question = ask(RNN)
    verdict = mark(question, question.parts[0].name, text)
    assert verdict.verdict == "wrong"
    assert [f"Line {line}" in verdict.says for line in lines] == [True, True], verdict.says
    assert verdict.line == lines[0]
    assert "+" in verdict.diagnosis.rule


LOG_Z = """
format: 1
id: log-z
title: All tag sequences at once
prompt: Write it.
given:
  s: {value: "[0.5, -0.3, 0.1]", means: first scores, axes: [tag], draw: "uniform(-1, 1)", decimals: 1}
  E: {value: "[[1.2, 0.1, -0.5], [0.3, 0.9, 0.2], [-0.4, 0.8, 1.1]]", means: emissions, draw: "normal(0, 1)", decimals: 1}
  A: {value: "[[0.6, -0.2, 0.3], [-0.9, 0.5, 1.0], [0.2, -0.4, 0.8]]", means: transitions, draw: "normal(0, 1)", decimals: 1}
steps:
  - start: {alpha: "s + E[0]"}
    say: The first tag.
  - for: t in range(2)
    do:
      - let: "alpha[t] = logsumexp(alpha[t-1][:, None] + A, axis=0) + E[t+1]"
        say: From each tag to each.
  - let: "logz = logsumexp(alpha[-1])"
    say: Over the last tag.
ask: [{answer: logz, as: program, function: "log_z(s, E, A)"}]
hints: [Go from word to word., Add over the rows.]
"""  # noqa: E501 - a matrix on a line
FORWARD = """\
def log_z(s, E, A):
    alpha = s + E[0]
    for t in range(1, len(E)):
        alpha = logsumexp(alpha[:, None] + A, axis=0) + E[t]
    return logsumexp(alpha)
"""


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("logsumexp(alpha[:", "max(alpha[:", "Line 4 uses max; it should use logsumexp."),
        ("return logsumexp", "return max", "Line 5 uses max; it should use logsumexp."),
        ("alpha[:, None] + A", "alpha + A", "Line 4 uses alpha as a row; it should be a column, alpha[:, None]."),
        ("alpha[:, None] + A", "A + alpha", "Line 4 uses alpha as a row; it should be a column, alpha[:, None]."),
    ],
)
def test_another_reduction_and_a_row_for_a_column(tmp_path, right, wrong, says):
    (tmp_path / "log-z.yaml").write_text(LOG_Z)
    question = ask(load_exercise(tmp_path / "log-z.yaml"))
    assert mark(question, "logz", FORWARD).verdict == "right"
    assert mark(question, "logz", FORWARD.replace(right, wrong)).diagnosis.says.endswith(says)


PROBABILITIES = """\
def log_z(s, E, A):
    alpha = exp(s + E[0])
    for t in range(1, len(E)):
        alpha = exp(E[t]) * (exp(A).T @ alpha)
    return log(sum(alpha))
"""


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("exp(A).T", "A.T", "Line 4: the exp of A.T is missing."),
        ("exp(s + E[0])", "s + E[0]", "Line 2: the exp of s + E[0] is missing."),
        ("exp(E[t])", "E[t]", "Line 4: the exp of E[t] is missing."),
    ],
)
def test_a_name_that_holds_something_else_than_the_step_of_that_name_is_no_mistake(tmp_path, right, wrong, says):
    (tmp_path / "log-z.yaml").write_text(LOG_Z)
    question = ask(load_exercise(tmp_path / "log-z.yaml"))
    assert mark(question, "logz", PROBABILITIES).verdict == "right"
    assert mark(question, "logz", PROBABILITIES.replace(right, wrong)).diagnosis.says == says


ELEMENTS = """\
def net(x, h_start, w_x, W_hh, b, w_y, b_y):
    s = h_start
    ys = []
    for row in x:
        s = tanh(w_x * row + W_hh * s + b)
        ys.append(w_y @ s + b_y)
    return stack(ys)
"""


def test_a_product_by_elements_of_a_matrix_and_a_vector_is_told_at_its_line():
    """Its value is of another shape from there on, so no step is compared, and each trial runs to its end."""
    exercise = Library([content_folder()]).exercise("rnn-with-output")
    verdict = marked(ELEMENTS, exercise)
    assert (verdict.line, verdict.says) == (5, "Line 5 uses *; it should use @.")
    assert marked(changed(ELEMENTS, "W_hh * s", "W_hh @ s"), exercise).verdict == "right"
