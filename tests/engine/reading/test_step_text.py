"""How a step is written, read off its characters alone: what makes no sense is None, and nothing raises."""

import pytest

from rnn_tutor.engine.reading.step_text import Target, counted, target, variable_of


@pytest.mark.parametrize(
    ("let", "found"),
    [
        ("a = 1", Target("a")),
        (" h [ t ] = 1", Target("h", " t ")),
        ("h[t]=x == 1", Target("h", "t")),
        ("a == 1", None),
        ("a =", None),
        ("a b = 1", None),
        ("f(x) = 1", None),
        ("h[t = 1", None),
        ("h[t]] = 1", None),
        ("h[t] x = 1", None),
        ("= 1", None),
        ("", None),
    ],
)
def test_what_a_let_defines(let, found):
    assert target(let) == found


@pytest.mark.parametrize(
    ("loop", "variable", "count", "reverse"),
    [
        ("t in range(T)", "t", "T", False),
        ("  k  in  range ( 2 * (n + 1) ) ", "k", " 2 * (n + 1) ", False),
        ("t in reversed(range(T))", "t", "T", True),
        ("t in reversed( range( T ) )", "t", " T ", True),
    ],
)
def test_what_a_loop_counts(loop, variable, count, reverse):
    found = counted(loop)
    assert found is not None
    assert (found.variable, found.count, found.reverse) == (variable, count, reverse)
    assert loop[found.at[0] : found.at[1]] == variable
    assert loop[found.count_at :].startswith(count)


@pytest.mark.parametrize(
    ("loop", "variable"),
    [("t over T", "t"), ("k in rnge(T)", "k"), ("k in T", "k"), ("2 in range(T)", "t"), ("", "t"), ("k in", "t")],
)
def test_a_loop_that_counts_nothing_has_a_variable_all_the_same(loop, variable):
    assert counted(loop) is None
    assert variable_of(loop) == variable
