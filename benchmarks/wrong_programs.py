"""Wrong programs for `marking.py`: what the tests hold as right with one or two things changed, and what stops.

A right program is found by the function that it defines. The changes are changes of text, as learners make them: the
search of the tutor has no part in what is wrong here.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.programs import is_accepted, signature, starter
from rnn_tutor.exercises.question import Part, Question

TESTS = Path(__file__).parent.parent / "tests" / "content"
SINGLE = 5
PAIRS = 2
CHANGES = (
    (r" \+ ", " - "),
    (r" - ", " + "),
    (r" \* ", " + "),
    (r" / ", " * "),
    (r"\brange\(", "range(1, "),
    (r"\[t\]", "[t - 1]"),
    (r"\btanh\b", "sigmoid"),
    (r"\bzeros\(", "ones("),
    (r"\bexp\(", "log("),
    (r" @ ", " * "),
    (r"\breversed\((range\(.*?\))\)", r"\1"),
    (r"\*\*2", ""),
    (r"\.append\((\w+)\)", r".append(2 * \1)"),
    (r"\.T\b", ""),
)
LONG = "    spun = 0\n    for turn in range(3000):\n        spun = spun + turn\n"


@cache
def _texts() -> tuple[str, ...]:
    """Return the texts of several lines in the tests of the course."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(TESTS.glob("*.py"))]
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tuple(dict.fromkeys(text for text in constants if isinstance(text, str) and "def " in text))


def right_program(question: Question, part: Part) -> str:
    """Return a program that is right; "" where the tests hold none."""
    name, _ = signature(part.ask)
    head = f"def {name}("
    draws = [question, *fresh_questions(question.exercise)]
    return next((text for text in _texts() if name and head in text and is_accepted(draws, part.name, text)), "")


def wrong_programs(question: Question, part: Part) -> Iterator[str]:
    """Yield the starter, programs with one change and with two, one that takes long, and one that stops."""
    yield starter(part)
    right = right_program(question, part)
    if not right:
        return
    single = [text for text in _changed(right) if not is_accepted([question], part.name, text)]
    yield from _some(single, SINGLE)
    pairs = [text for one in _some(single, PAIRS) for text in _some(list(_changed(one))[1:], 1)]
    yield from (text for text in pairs if not is_accepted([question], part.name, text))
    if single:
        head, line, body = single[0].partition(":\n")
        yield head + line + LONG + body
    yield re.sub(r"= (\w)", r"= my_\1", right, count=1)


def _changed(program: str) -> Iterator[str]:
    for pattern, instead in CHANGES:
        for found in re.finditer(pattern, program):
            yield program[: found.start()] + found.expand(instead) + program[found.end() :]


def _some(texts: list[str], count: int) -> list[str]:
    """Return so many of some texts, from all over them."""
    return texts[:: max(1, len(texts) // count)][:count] if texts else []
