"""Code fences and prompts around what was pasted are no part of it."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import one_line, parse, show
from rnn_tutor.engine.reading.pasted import unpasted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (">>> 0.848", "0.848"),
        ("  >>> 0.848\n", "0.848"),
        (">> 0.848", "0.848"),
        ("In [1]: 0.848", "0.848"),
        ("Out[12]: 0.848", "0.848"),
        ("Out[1]: \narray([0.1, 0.2])", "array([0.1, 0.2])"),
        (">>> tanh(a)\n0.848", "0.848"),
        (">>> a = 3\n>>> a\narray([[1., 2.],\n       [3., 4.]])", "array([[1., 2.],        [3., 4.]])"),
        ("In [1]: tanh(a)\nOut[1]: 0.848", "0.848"),
        (">>> [1,\n...  2]", "[1, 2]"),
        ("```\n0.848\n```", "0.848"),
        ("```python\n>>> 0.848\n```", "0.848"),
        ("~~~py\n0.848\n~~~", "0.848"),
        ("`0.848`", "0.848"),
        ("```0.848```", "0.848"),
    ],
)
def test_a_value(text: str, value: str) -> None:
    plain = unpasted(text)
    assert len(plain) == len(text)
    assert show(parse(plain, loose=True)) == show(parse(value, loose=True))


BODY = "def double(x):\n    y = x\n    return 2 * y"


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{BODY}\n```",
        f"~~~\n{BODY}\n~~~\n",
        ">>> def double(x):\n...     y = x\n...     return 2 * y\n...",
        ">>> def double(x):\n...     y = x\n...     return 2 * y\n... \n>>> double(1)\n2",
        "In [1]: def double(x):\n   ...:     y = x\n   ...:     return 2 * y\n   ...: ",
        "In [12]: def double(x):\n    ...:     y = x\n    ...:     return 2 * y\n    ...: \nOut[12]: 4",
    ],
)
def test_a_program(text: str) -> None:
    outcome = run_program(text, {"x": np.array(3.0)}, answer="y", function="double", arguments=["x"])
    assert outcome.value.item() == 6


def test_what_is_no_prompt_stays() -> None:
    for text in ("3 > 2", "x >> 2", "[1, ..., 2]", "In + Out[0]", "a `b` c", "In[1]", "0.5"):
        assert unpasted(text) == text
    with pytest.raises(EngineError, match="leaves numbers out"):
        parse(unpasted(">>> [1, ..., 3]"), loose=True)


def test_a_line_of_a_program_is_named_as_it_was_pasted() -> None:
    with pytest.raises(EngineError, match="Line 3"):
        run_program(">>> def double(x):\n...     y = x\n...     return 2 *\n", {}, answer="y")


def test_what_is_pasted_becomes_one_line_without_them() -> None:
    assert one_line("```\n[[1, 2],\n [3, -4]]\n```") == "[[1, 2], [3, -4]]"
    assert one_line(">>> h\narray([0.5,\n       0.25])\n") == "array([0.5, 0.25])"
    assert one_line("0.\u200b5") == "0.5"
    assert one_line("`0.5`") == "0.5"
