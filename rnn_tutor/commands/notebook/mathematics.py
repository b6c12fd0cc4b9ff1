"""Prose of an exercise as Markdown with its formulas as LaTeX, and its steps as a worked solution."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array, Expr, Index, Name, names_in
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.steps import Let, Loop, Start, lets
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.writing.facts import Facts
from rnn_tutor.engine.writing.latex import Mathematics
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.script import sentences
from rnn_tutor.printable import plain

from ..paper.markdown import Writer
from ..paper.prose import paragraphs

_SIDES = re.compile(r"\s*([A-Za-z]\w*(?:\[[^=\[\]]*\])?)\s*=(?!=)(.+)", re.DOTALL)
_BETWEEN = re.compile(r"[,;]?\s{2,}|[,;]\s+(?=[A-Za-z]\w*(?:\[[^\]]*\])?\s*=)")  # two formulas on one line
_ACTS = re.compile(r"[`*_\[\]|~]|(?<!&)#")  # ... but for that of an entity
_ENTITIES = str.maketrans(
    {"\\": "&#92;", "$": "&#36;", "<": "&lt;", ">": "&gt;", "&": "&amp;", "{": "&#123;", "}": "&#125;"}
)


@dataclass(frozen=True)
class Formulas:
    """Reads formulas of an exercise: those whose names are all its own."""

    known: frozenset[str]
    mathematics: Mathematics

    def latex(self, text: str, *, alone: bool = False) -> str | None:
        """Return a formula as LaTeX, None for what is none: words, functions, sizes in brackets, other languages.

        alone: an author's line of formulas, in which other names stand too, and a full stop behind them.
        """
        if not alone:
            return self._one(text, alone=False)
        parts = [self._one(part, alone=True) for part in _BETWEEN.split(text.strip().rstrip(".,;"))]
        return r",\qquad ".join(part for part in parts if part is not None) if None not in parts else None

    def _one(self, text: str, *, alone: bool) -> str | None:
        whole = self._read(text, alone)
        if whole is not None:
            return None if isinstance(whole, Array) else self.mathematics.expression(whole)
        sides = _SIDES.fullmatch(text)
        if sides is None:
            return None
        target, value = self._read(sides[1], alone), self._read(sides[2], alone)
        if target is None or value is None or not isinstance(target, Name | Index):
            return None
        return f"{self.mathematics.expression(target)} = {self.mathematics.expression(value)}"

    def _read(self, text: str, alone: bool) -> Expr | None:
        try:
            expr = parse(text, loose=True, names=self.known)
        except EngineError:
            return None
        names = names_in(expr)
        if not names - CONSTANTS.keys() or any(canonical(name) is not None for name in names - self.known):
            return None
        return expr if alone or all(name in self.known or len(name) == 1 for name in names) else None


def formulas_of(question: Question) -> Formulas:
    """Return what reads the formulas of a question."""
    facts = Facts(question.graph)
    names = {*question.graph.names, *(let.name for let in lets(question.compiled.program)), *CONSTANTS}
    names |= {loop.variable for loop in question.compiled.program if isinstance(loop, Loop)}
    return Formulas(frozenset(names), Mathematics(facts.axes))


class NotebookWriter(Writer):
    """Writes Markdown for Jupyter, which looks for mathematics before it reads Markdown: after two backslashes too.

    So what acts there is written as an entity, and foreign text is never mathematics.
    """

    def __init__(self) -> None:
        super().__init__(False)

    def text(self, text: str) -> str:
        return self.first(self.inner(text.strip()))

    def inner(self, text: str) -> str:
        return _ACTS.sub(r"\\\g<0>", plain(text).translate(_ENTITIES))


class ProseWriter(NotebookWriter):
    """Writes the prose of one exercise."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._formulas = formulas_of(question)
        self._mathematics = self._formulas.mathematics
        self._question = question

    def formula(self, text: str, *, alone: bool = False) -> str | None:
        latex = self._formulas.latex(text, alone=alone)
        if latex is None:
            return None
        return f"$${latex}$$" if alone else f"${latex}$"

    def name(self, name: str) -> str:
        """Return a name as LaTeX."""
        return self._mathematics.expression(Name(name))

    def line(self, text: str) -> str:
        """Return prose on one line."""
        return " ".join(map(self.spans, paragraphs(" ".join(text.split()))))

    def steps(self) -> Iterator[str]:
        """Give the lines of the worked solution: a formula for each step, and the sentence of the author."""
        says = dict(sentences(self._question.exercise.steps))
        number = 0
        for statement in self._question.compiled.program:
            if isinstance(statement, Let):
                number += 1
                yield from self._step(number, self._mathematics.step(statement.name, statement.expr), statement, says)
            elif isinstance(statement, Start):
                for name, expr in statement.values.items():
                    yield from ("", f"Before the first step: ${self._mathematics.step(name, expr)}$")
                yield from self._said(says.get(statement.key, ""))
            else:
                count = self._mathematics.expression(statement.count)
                order = "from the last to the first of" if statement.reverse else "for"
                variable = self._mathematics.expression(Name(statement.variable))
                yield from ("", f"Then {order} ${variable} = 0, \\ldots, {count} - 1$:")
                for let in statement.body:
                    number += 1
                    formula = self._mathematics.step(let.name, let.expr, statement.variable)
                    yield from self._step(number, formula, let, says)

    def _step(self, number: int, formula: str, let: Let, says: dict[str, str]) -> Iterator[str]:
        yield from ("", f"**{number}.** ${formula}$")
        yield from self._said(says.get(let.key, ""))

    def _said(self, text: str) -> Iterator[str]:
        if text.strip():
            yield ""
            yield from self.prose(text)
