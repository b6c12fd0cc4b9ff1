"""A program that cannot all be evaluated: what is wrong is told once, what hangs on it is unknown, the rest goes on."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Unknown, names_in
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import ANY
from rnn_tutor.engine.graph.partly import resume_partly
from rnn_tutor.engine.graph.steps import Program, Start, lets, read_let, read_loop, run
from rnn_tutor.engine.reading.language import parse


def evaluated(program: Program, graph: Graph | None = None) -> tuple[Graph, list[tuple[str, str]], Program]:
    graph = Graph() if graph is None else graph
    told: list[tuple[str, str]] = []
    kept = resume_partly(graph, program, lambda error: told.append((error.key, error.says)))
    return graph, told, kept


def steps(*texts: str, told: list[str] | None = None) -> Program:
    found = [] if told is None else told
    return tuple(read_let(text, key=f"{k}", told=lambda error: found.append(error.key)) for k, text in enumerate(texts))


def test_what_cannot_be_read_is_unknown_and_told_when_it_is_read():
    told: list[str] = []
    program = steps("a = 1 +", "b = a + 1", "c = 2", "d e = 3", told=told)
    assert told == ["0", "3"]
    assert isinstance(program[0].expr, Unknown)
    assert (program[0].name, program[3].name) == ("a", ANY)
    graph, more, kept = evaluated(program)
    assert more == []
    assert [let.name for let in lets(kept)] == ["c"]
    assert graph.whole("c").number == 2
    with pytest.raises(EngineError) as error:
        graph.evaluate(parse("c + a"))
    assert error.value.kind == "unknown"


def test_a_name_that_is_not_there_and_a_step_that_does_not_evaluate_are_told_once():
    program = steps("a = q + r", "b = [1, 2] + [1, 2, 3]", "c = a + b", "d = c", "e = 5 + s")
    _, told, kept = evaluated(program)
    assert [key for key, _ in told] == ["0", "0", "1", "4"]
    assert kept == ()


def test_names_are_looked_for_in_what_is_unknown_too():
    _, told, _ = evaluated(steps("a = q", "b = a + z"))
    assert told[1] == ("1", "There is no name z here. Known here: a.")


def test_after_a_step_of_any_name_there_may_be_any_name():
    _, told, kept = evaluated(steps("a = q", "?", "b = zz", "c = 1", told=[]))
    assert [key for key, _ in told] == ["0"]
    assert [let.name for let in lets(kept)] == ["c"]


def test_a_loop_goes_on_without_its_bad_lines_and_those_that_read_them():
    body = (
        ("a[t] = x[t] + q", "a"),
        ("b[t] = a[t] + 1", "b"),
        ("c[t] = 0.5 * c[t-1] + x[t]", "c"),
        ("d[t] = c[t+1]", "d"),
        ("e[t] = f[t-1]", "e"),
        ("f[t] = d[t]", "f"),
    )
    starts = Start({"c": parse("1"), "e": parse("0"), "f": parse("2")}, "start")
    loop = read_loop("t in range(3)", body, "loop")
    givens = {"x": np.array([1.0, 2.0, 3.0])}
    graph, told, kept = evaluated((starts, loop), run((), givens))
    assert [key for key, _ in told] == ["a", "d"]
    assert [let.name for let in lets(kept)] == ["c"]
    assert graph.unknown == {"a", "b", "d", "e", "f"}
    whole = run((Start({"c": parse("1")}), read_loop("t in range(3)", body[2:3])), givens)
    assert np.array_equal(graph.whole("c").number, whole.whole("c").number)
    assert np.array_equal(run(kept, givens).whole("c").number, whole.whole("c").number)


@pytest.mark.parametrize(
    ("over", "start", "told"),
    [
        ("t over 3", {}, []),
        ("t in range(n)", {}, ["loop"]),
        ("t in range(0)", {}, ["loop"]),
        ("t in range(3)", {"g": "1"}, ["loop"]),
        ("x in range(3)", {}, ["loop"]),
    ],
)
def test_a_loop_that_cannot_run_is_unknown_as_a_whole(over, start, told):
    loop = read_loop(over, ((f"h[{over[0]}] = 1", "h"),), "loop", lambda _: None)
    program = (Start({name: parse(text) for name, text in start.items()}, "start"), loop) if start else (loop,)
    graph, found, kept = evaluated(program, run((), {"x": np.asarray(1.0)}))
    assert ([key for key, _ in found], kept) == (told, ())
    assert "h" in graph.unknown


def test_the_numbers_of_a_given_are_unknown_and_its_shape_is_not():
    graph = run((), {"W": np.ones((2, 3))})
    graph.unknown_leaf("x", (3,))
    program = steps("y = W @ x", "z = y + [1, 2, 3]", "k = W[x]", "n = len(x)", "s = sum(y)")
    graph, told, kept = evaluated(program, graph)
    assert [key for key, _ in told] == ["1"]  # a shape is wrong whatever the numbers are
    assert [let.name for let in lets(kept)] == ["y", "n", "s"]
    assert (graph.whole("y").shape, float(graph.whole("n").number)) == ((2,), 3)
    with pytest.raises(EngineError) as error:
        _ = graph.whole("s").number
    assert error.value.kind == "unknown"


def test_what_could_be_read_of_an_unknown_text_is_known():
    found = read_let("h = w * x", "t", "k", lambda _: None)
    assert isinstance(found.expr, Unknown)
    assert names_in(found.expr) == {"w", "x"}
