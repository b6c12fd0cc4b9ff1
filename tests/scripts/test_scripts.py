"""Scripts of NumPy give what the exercises expect; those of PyTorch and JAX are run by `make test-torch`, `-jax`."""

import ast
import builtins
import keyword
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Name
from rnn_tutor.engine.functions import SPECIAL, TABLE
from rnn_tutor.engine.functions.names import WRITTEN
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import Let, run
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.writing.helpers import HELPERS, text_of
from rnn_tutor.engine.writing.library import LIBRARIES
from rnn_tutor.engine.writing.literals import SHORT
from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.engine.writing.script import Expected, GivenText, Source, written
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.script import givens_code, script

from . import collection

FROZEN = Path(__file__).parent / "frozen"
KEYS = ("numpy", "torch", "jax")


def ran(text: str) -> dict:
    """Run a script of NumPy and return its names; it raises where a value is another."""
    names: dict = {"__name__": "__main__"}
    with np.errstate(all="ignore"):
        exec(compile(text, "script", "exec"), names)  # noqa: S102 - our own text, run as a learner would
    return names


def written_alone(text: str, key: str, givens: dict | None = None) -> str:
    """Return the script of lines `name = expression`; what is expected is the last."""
    lets = []
    for line in text.split("\n"):
        name, _, expr = line.partition(" = ")
        lets.append(Let(name, parse(expr), expr, key=name))
    numbers = {name: np.asarray(value, dtype=float) for name, value in (givens or {}).items()}
    graph = run(tuple(lets), numbers)
    last = lets[-1].name
    expected = [Expected(last, Name(last), as_numbers(graph.whole(last).number))]
    told = [GivenText(name, value, "") for name, value in numbers.items()]
    return written(Source(tuple(lets), graph, told, {}, expected), LIBRARIES[key])


@pytest.mark.parametrize("seed", collection.SEEDS)
@pytest.mark.parametrize("path", collection.COURSE, ids=lambda path: path.stem)
def test_every_exercise_of_the_course_is_the_same_in_numpy(path, seed, capsys):
    text = collection.of_exercise(path, "numpy", seed)
    if text is None:
        return
    ran(text)
    assert "NumPy agrees: " in capsys.readouterr().out


@pytest.mark.parametrize("path", [*collection.OTHERS, *collection.LABS], ids=lambda path: path.stem)
def test_labs_and_other_exercises_are_the_same_in_numpy(path):
    of = collection.of_lab if path in collection.LABS else collection.of_exercise
    ran(of(path, "numpy", None) or "")


@pytest.mark.parametrize("row", [row for row, _ in collection.ROWS])
def test_every_way_to_write_a_function_is_the_same_in_numpy(row):
    text = collection.of_text(row, "numpy")
    if text is not None:
        ran(text)


@pytest.mark.parametrize("name", collection.PROGRAMS)
def test_whatever_steps_can_be_is_the_same_in_numpy_and_written_in_all(name):
    for key in KEYS:
        if key == "numpy" and name in collection.NOT_IN_NUMPY:
            with pytest.raises(UnwrittenError, match="not written in NumPy, which takes differences"):
                collection.of_program(name, key)
        else:
            ast.parse(collection.of_program(name, key))
    if name not in collection.NOT_IN_NUMPY:
        ran(collection.of_program(name, "numpy"))


@pytest.mark.parametrize("key", KEYS)
def test_everything_can_be_written_in_every_library(key):
    """A row of the table each, and exercises with everything that steps can be: starts, loops, derivatives."""
    for row, _ in collection.ROWS:
        text = collection.of_text(row, key)
        assert text is None or ast.parse(text)
    for path in collection.OTHERS:
        ast.parse(collection.of_exercise(path, key, None) or "")


def test_every_function_has_a_row_and_every_helper_a_text():
    rows = {signature.partition("(")[0] for signature in WRITTEN}
    assert set(TABLE) <= rows
    assert rows - set(TABLE) <= set(SPECIAL)
    for written_in in WRITTEN.values():
        for text in (written_in,) if isinstance(written_in, str) else written_in:
            for call in ast.walk(ast.parse(text)):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id != "tuple":
                    assert call.func.id in {*HELPERS, "range"}
    for name in HELPERS:
        for library in LIBRARIES.values():
            tree = ast.parse(text_of(name, library))
            assert [part.name for part in tree.body] == [name]
            assert not re.search(r"\b[A-Z]{3,}\(", ast.unparse(tree))


@pytest.mark.parametrize("key", ["numpy", "torch"])
def test_what_is_written_reads_back_as_the_same(key):
    """The table is read both ways: what a library calls a function is, where the tutor reads it, the same value."""
    read = 0
    for row, _ in collection.ROWS:
        text = collection.of_text(row, key)
        if text is None:
            continue
        (line,) = [line for line in text.split("\n") if line.startswith("answer = ")] or [""]
        graph = run((Let("answer", parse(row, loose=True, names=collection.GIVENS), row),), collection.GIVENS)
        try:
            expr = parse(line.removeprefix("answer = "), loose=True, names=collection.GIVENS)
            value = graph.scope(graph.names).evaluate(expr).number
        except EngineError:
            continue  # a helper, a method or a keyword that answers do not have
        np.testing.assert_allclose(as_numbers(value), as_numbers(graph.whole("answer").number), atol=1e-12)
        read += 1
    assert read > len(collection.ROWS) // 2


@pytest.mark.parametrize("path", sorted(FROZEN.glob("*.py")), ids=lambda path: path.stem)
def test_the_text_of_some_scripts_is_held(path):
    """PyTorch and JAX need not be installed to see that a script has changed; look at it, and run it there."""
    name, key = path.stem.rsplit(".", 1)
    (file,) = [file for file in (*collection.COURSE, *collection.OTHERS) if file.stem == name]
    assert collection.of_exercise(file, key, None) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", KEYS)
def test_a_script_begins_with_its_givens(key):
    question = ask(load_exercise(next(path for path in collection.COURSE if path.stem == "lstm-cell")))
    *head, last = givens_code(question, key).rstrip("\n").split("\n")
    assert last.startswith("cand = ")
    lines = iter(script(question, key).split("\n"))
    assert all(line in lines for line in [*head, last])


# Foreign text.

HOSTILE = (
    "x\nimport os\n", "a\rb = 1", "a\x0bb = 1", "a\x0cb = 1", "a\x1cb = 1", "a\x85b = 1", "a\u2028b = 1",
    "a\u2029b = 1",     "\"\"\" + open('x') + \"\"\"", "''' + 1 + '''", "\\\nb = 1", "ends with \\", "coding: utf-7",
    "-*- coding: latin-1 -*-",     "# noqa", "\x00", "\u202eevil", "{x}", "%(x)s", "é ü λ", "\x1b]52;c;eA==\x07",
)  # fmt: skip
FILE = """
format: 1
id: hostile
title: plain
prompt: Compute it.
given:
  lam: {value: "2.0", means: plain}
  np: {value: "[1.0, 2.0]", means: plain}
  range: {value: "3", means: plain}
  sigmoid: {value: "0.5", means: plain}
steps:
  - let: "torch = np * lam"
    say: plain
  - start: {print: "0"}
    say: plain
  - for: tuple in range(range)
    do:
      - let: "print[tuple] = print[tuple-1] + sigmoid(sigmoid) * tuple"
        say: plain
  - let: "total = sum(torch) + print[-1]"
    say: plain
ask:
  - {answer: total, as: scalar, prompt: plain}
  - {answer: print, as: vector, prompt: plain}
"""


def _said(folder: Path, text: str) -> Exercise:
    """Return the exercise with a text wherever one stands that is no expression, as if a reader had let it through."""
    path = folder / "hostile.yaml"
    path.write_text(FILE, encoding="utf-8")
    exercise = load_exercise(path)
    change = msgspec.structs.replace
    return change(
        exercise,
        title=text,
        prompt=text,
        given={name: change(given, means=text) for name, given in exercise.given.items()},
        steps=[
            change(step, say=text, do=None if step.do is None else [change(inner, say=text) for inner in step.do])
            for step in exercise.steps
        ],
        ask=[change(asked, prompt=text) for asked in exercise.ask],
    )


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("foreign", HOSTILE, ids=ascii)
def test_foreign_text_is_a_comment_or_a_literal_and_nothing_else(tmp_path, foreign, key):
    """The tree of a script is the same whatever a pack says of its numbers; only the graph decides it."""
    trees = []
    for text in (foreign, "plain"):
        made = script(ask(_said(tmp_path, text)), key)
        trees.append(ast.dump(ast.parse(made)))
        assert trees[-1] == ast.dump(ast.parse(made.encode()))  # as bytes, where a coding would count
        first, second = made.encode().split(b"\n")[:2]
        assert not re.search(rb"coding[:=]", first + second)
        assert all(char == "\n" or char.isprintable() for char in made)
        assert len(made.rstrip("\n").split("\n")) == len(made.splitlines())
        assert made.count("#") > 8
        assert not foreign.isalnum() or foreign in made
    assert trees[0] == trees[1]


def test_names_of_python_and_of_libraries_are_renamed(tmp_path):
    question = ask(_said(tmp_path, "plain"))
    for key in KEYS:
        tree = ast.parse(script(question, key))
        stored = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        assert not stored & {*keyword.kwlist, *dir(builtins), "np", "torch", "jnp", "jax", "F", "math"}
    names = ran(script(question, "numpy"))
    assert names["total"] == pytest.approx(float(question.part("total").expected))
    assert callable(names["sigmoid"])
    assert names["sigmoid_"] == 0.5


def test_a_long_sentence_is_left_out_and_a_short_one_is_a_comment():
    text = written_alone("a = 1 + 1", "numpy")
    assert "#" not in text.split("a = 1 + 1")[0].split("\n")[-2]
    program = (Let("a", parse("[1, 2] * 3"), "[1, 2] * 3", key="k"),)
    graph = run(program, {})
    for say, there in (("Short.", True), ("x" * (SHORT + 1), False)):
        expected = [Expected("a", Name("a"), graph.whole("a").number)]
        made = written(Source(program, graph, [], {"k": say}, expected), LIBRARIES["torch"])
        assert (f"# {say}\na = " in made) == there


# What libraries tell apart and the language does not.


@pytest.mark.parametrize(
    ("lines", "givens", "line"),
    [
        ("y = x[::-1]", {"x": [1, 2, 3]}, "y = torch.flip(x, (0,))"),
        ("m = x > 1\ny = m + m", {"x": [1, 2, 3]}, "y = m.double() + m.double()"),
        ("y = x * (x > 1)", {"x": [1, 2, 3]}, "y = x * (x > 1)"),
        ("y = W[k]", {"W": [[1, 2], [3, 4]], "k": [1, 0]}, "y = W[k]"),
        ("y = 2 * sqrt(n) * x[n]", {"x": [1, 2, 3], "n": 2}, "y = 2 * math.sqrt(n) * x[n]"),
        ("y = maximum(x, 0)", {"x": [1, -2]}, "y = torch.maximum(x, torch.tensor(0.0))"),
        ("y = where(x > 0, 1, 0)", {"x": [1, -2]}, "y = torch.where(x > 0, 1, 0)"),
        ("y = max(x, axis=0)", {"x": [[1, 2], [3, 4]]}, "y = torch.amax(x, dim=0)"),
        ("y = std(x)", {"x": [1, 2, 4]}, "y = torch.std(x, correction=0)"),
        ("y = x.T @ x", {"x": [[1, 2], [3, 4]]}, "y = x.T @ x"),
        ("y = softmax(x)", {"x": [1, 2]}, "y = torch.softmax(x, dim=-1)"),
        ("y = one_hot(k, 3) @ x", {"k": [1, 0], "x": [1, 2, 3]}, "y = F.one_hot(k, 3).double() @ x"),
        ("y = zeros(shape(x)) + x", {"x": [1, 2]}, "y = torch.zeros(x.shape) + x"),
        (
            "y = grad(sum(x**2), x)",
            {"x": [1, 2]},
            "y = torch.autograd.grad(torch.sum(x ** 2), x, retain_graph=True)[0]",
        ),
    ],
)
def test_pytorch_is_written_as_by_hand(lines, givens, line):
    assert line in written_alone(lines, "torch", givens).split("\n")
    ran(written_alone(lines, "numpy", givens))


@pytest.mark.parametrize("key", KEYS)
def test_no_script_is_longer_than_a_screen_is_wide_but_for_its_numbers(key):
    """Of the exercises of the tests: what is long there is a formula, not the text around it."""
    for path in collection.OTHERS:
        long = [line for line in (collection.of_exercise(path, key, None) or "").split("\n") if len(line) > 120]
        assert len(long) <= 1, path.stem


def test_a_lab_that_trains_has_no_script_and_says_so():
    paths = [path for path in collection.CONTENT.glob("*/labs/*.yaml") if path not in collection.LABS]
    for path in paths:
        with pytest.raises(UnwrittenError, match="trains a network while you watch"):
            collection.of_lab(path, "torch", None)
    assert paths
