"""What steps read, taken off their expressions alone."""

import pytest

from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.steps import Start, read_let, read_loop
from rnn_tutor.engine.reading.language import parse

PROGRAM = (
    read_let("n = k + 1"),
    read_let("W = scale * A"),
    Start({"h": parse("h0 * 2")}),
    read_loop("t in range(n)", (("a[t] = W @ h[t-1]", "a"), ("h[t] = tanh(a[t]) + x[t]", "h"))),
    read_let("last = h[-1]"),
    read_let("rows = len(x)"),
)


@pytest.fixture
def found():
    return Dependencies(PROGRAM)


def test_a_name_of_a_loop_reads_its_line_what_it_starts_from_and_how_often_it_runs(found):
    assert found.reads["a"] == {"W", "h", "n"}
    assert found.reads["h"] == {"a", "x", "n", "h0"}


def test_what_a_name_is_made_of(found):
    assert found.behind(["last"]) == {"last", "h", "a", "x", "n", "h0", "W", "scale", "A", "k"}
    assert found.behind(["rows"]) == {"rows", "x"}
    assert found.behind(["rows"], also={"x": ["seed", "T"]}) == {"rows", "x", "seed", "T"}
    assert found.steps_behind(["last"]) == {"last", "h", "a", "n", "W"}


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        ("h0", {"h", "a", "last"}),
        ("k", {"n", "h", "a", "last"}),
        ("scale", {"W", "h", "a", "last"}),
        ("x", {"h", "a", "last", "rows"}),
        ("nothing", set()),
    ],
)
def test_what_a_change_moves(found, changed, moved):
    assert found.moved_by([changed]) == moved | {changed}
    still, moving = found.split([changed])
    assert Dependencies(moving).reads.keys() == moved
    assert Dependencies(still).reads.keys() == found.reads.keys() - moved


def test_a_loop_and_its_start_are_needed_together(found):
    assert found.leading_to(["last"]).program == (*PROGRAM[:4], PROGRAM[4])
    assert found.leading_to(["rows"]).program == (PROGRAM[5],)
    assert found.needs == {"k", "scale", "A", "h0", "x"}


def test_what_is_read_off_while_a_graph_is_made(found):
    assert found.structural == {"n", "t"}  # how often the loop runs; which step is read; of x the shape alone
    sizes = Dependencies(
        (read_let("y = sum(x, axis=k)"), read_let("z = zeros(m)"), read_let("u = x[p]"), read_let("v = ones(len(w))"))
    )
    assert sizes.structural == {"k", "m", "p"}
