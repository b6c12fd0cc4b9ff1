"""A question -> the cells of a notebook: what is asked and given, a cell for each answer and its check, a solution."""

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_lowercase

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.writing.library import NUMPY
from rnn_tutor.engine.writing.literals import literal, safe_names
from rnn_tutor.engine.writing.script import Pieces
from rnn_tutor.engine.writing.starters import Started, started
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.programs import signature, starter
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.script import in_pieces
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.pages import without_numbers
from rnn_tutor.figures.plotted import NAMES as OF_FIGURES
from rnn_tutor.figures.plotted import in_digits, plotted

from ..paper.solved import choices
from .carried import NAMES as OF_CHECKS
from .cells import Cell, Graded
from .locks import given_numbers, lock_of, numbers_of, packed, rules_of
from .mathematics import ProseWriter

# Functions that NumPy lacks, and that each learner may use; others are a part of solutions.
ALLOWED = ("sigmoid", "softmax", "log_softmax", "logsumexp", "softmax_or_0")
_OF_KERNELS = ("In", "Out", "get_ipython", "display")
_MARKS = re.compile(r"(BEGIN|END)\s+(SOLUTION|HIDDEN|MARK)", re.IGNORECASE)
_DICT = re.compile(r"(\w+) = \{(?:([^:{}]+): (.+))?\}(  #.*)?")
_WANTED = {
    "scalar": "a number", "vector": "a vector", "matrix": "a matrix", "shape": "a shape, such as (3, 4)",
    "choice": "the number of one option", "checklist": "the numbers of all right options, such as [1, 3]",
    "program": "a program",
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """An exercise as cells, and the helpers that its cells call and that stand at the head of the notebook."""

    cells: tuple[Cell, ...]
    helpers: tuple[tuple[str, ...], ...] = ()


def notebook_cells(number: int, question: Question, *, solutions: bool) -> Written:
    """Return an exercise with cells that check it. Raises UnwrittenError for what NumPy cannot be told."""
    writer = _Exercise(number, question)
    return Written(tuple(writer.checked(solutions)), writer.helpers())


def graded_cells(number: int, question: Question) -> Written:
    """Return an exercise with cells that nbgrader grades, solutions in them. Raises UnwrittenError."""
    writer = _Exercise(number, question)
    return Written(tuple(writer.graded()), writer.helpers())


class _Exercise:
    def __init__(self, number: int, question: Question) -> None:
        self.number, self.question, self.exercise = number, question, question.exercise
        self.prose = ProseWriter(question)
        self.functions = {part.name: signature(part.ask)[0] for part in question.parts if part.kind == "program"}
        self.also = {*OF_CHECKS, *OF_FIGURES, *_OF_KERNELS, *ALLOWED, *filter(None, self.functions.values())}
        self.pieces = in_pieces(question, "numpy", also=self.also)
        self.answers = self._answers()

    # Names.

    def _answers(self) -> dict[str, str]:
        """Return for each part what holds its answer: the name of the step, of the function, or one of its own."""
        texts = self.pieces.texts
        wanted: dict[str, str] = {}
        for part in self.question.parts:
            function = self.functions.get(part.name, "")
            if function:
                wanted[part.name] = f"{function}_" if _is_reserved(function) else function
            elif part.kind in ("choice", "checklist", "shape") or part.name not in texts:
                wanted[part.name] = part.name if part.name.isidentifier() else "answer"
                wanted[part.name] += "_shape" if part.kind == "shape" else ""
            else:
                wanted[part.name] = texts[part.name]
        taken = {*texts.values(), *self.also}
        answers: dict[str, str] = {}
        for name, wish in wanted.items():
            text = wish
            own = text == texts.get(name) or text == self.functions.get(name)
            while text in answers.values() or (not own and text in taken) or _is_reserved(text):
                text += "_"
            answers[name] = text
        return answers

    @cached_property
    def starts(self) -> dict[str, Started]:
        """What the answers of programs begin with, by their parts."""
        return {part.name: started(starter(part)) for part in self.question.parts if part.kind == "program"}

    def helpers(self) -> tuple[tuple[str, ...], ...]:
        """Return the helpers that anybody may call: of the steps, and of what programs begin with."""
        from rnn_tutor.engine.writing.helpers import needed, text_of

        named = [name for start in self.starts.values() for name in start.helpers]
        texts = [tuple(text_of(name, NUMPY).split("\n")) for name in needed(named, NUMPY) if "import" not in name]
        return (*self._helpers(self.pieces, allowed=True), *texts)

    @staticmethod
    def _helpers(pieces: Pieces, *, allowed: bool) -> tuple[tuple[str, ...], ...]:
        return tuple(text for text in pieces.helpers if (text[0][4:].partition("(")[0] in ALLOWED) is allowed)

    # Cells.

    def checked(self, solutions: bool) -> Iterator[Cell]:
        """Give the cells of a notebook that checks answers by itself."""
        yield from self._asked()
        fresh = fresh_questions(self.exercise) if any(self.functions.values()) else []
        for at, part in enumerate(self.question.parts):
            yield self._answer(at, part)
            lock = literal(lock_of(part, self.question, fresh, self.pieces))
            yield Cell("code", f"# Check\ncheck({self._call(part)}, {lock})", folded=True)
        if solutions:
            yield from self._solution()

    def graded(self) -> Iterator[Cell]:
        """Give the cells of an assignment: the solution stands in the cells of answers, and hidden tests in others."""
        for cell in self._asked():
            yield replace(cell, text=without_marks(cell.text))
        for at, part in enumerate(self.question.parts):
            grade_id = f"{self.exercise.id}-{at + 1}"
            pieces = in_pieces(self.question, "numpy", part.name, self.also) if part.node is not None else None
            solved = without_marks("\n".join(self._solved(part, pieces)))
            answer = self._answer(at, part)
            text = f"{without_marks(answer.text)}\n### BEGIN SOLUTION\n{solved}\n### END SOLUTION"
            yield replace(answer, text=text, graded=Graded(f"{grade_id}-answer", "answer"))
            yield Cell("code", "\n".join(self._test(part)), graded=Graded(f"{grade_id}-test", "test", 1.0))

    def _asked(self) -> Iterator[Cell]:
        """Give what is asked in one cell, with all of its parts, then what is given."""
        lines = [f"## Exercise {self.number}. {self.prose.inner(self.exercise.title)}", ""]
        lines += self.prose.prose(self.exercise.prompt)
        means = [
            f"- ${self.prose.name(name)}$: {self.prose.inner(self.question.meaning(name))}"
            for name in self.question.told
        ]
        lines += ["", "Given:", "", *means] if means else []
        for at, part in enumerate(self.question.parts):
            lines += self._part(at, part)
        yield Cell("markdown", "\n".join(lines))
        if self.question.asked_with is not None:
            yield Cell("code", "\n".join(plotted(self.question.asked_with, packed)), folded=True)
        if self.pieces.givens:
            yield Cell("code", "\n".join(self.pieces.givens))

    def _label(self, at: int) -> str:
        return f"({ascii_lowercase[at % 26]}) " if len(self.question.parts) > 1 else ""

    def _part(self, at: int, part: Part) -> Iterator[str]:
        """Give what is asked, where that is more than the prompt says: of several parts, or of one with options."""
        label, prompt = self._label(at), part.ask.prompt.strip()
        if label or prompt:
            yield ""
            yield from self.prose.prose(f"{label}{prompt or f'Compute `{part.name}`.'}")
        if part.ask.options:
            yield ""
            numbered = choices(part, solved=False)
            yield from (f"{option.number}. {self.prose.line(option.text)}" for option in numbered.options)

    def _answer(self, at: int, part: Part) -> Cell:
        digits = f", with {part.ask.digits} significant digits" if _is_rounded(part) else ""
        name = self.answers[part.name]
        head = f"# Your answer {self._label(at)}".rstrip()
        if part.kind == "program" and self.starts[part.name].text.strip():
            start = self.starts[part.name]
            text = start.text if start.runs and name == self.functions[part.name] else f"{start.text}\n{name} = ..."
            return Cell("code", f"{head}: complete this program.\n{text}", tags=("answer",))
        return Cell("code", f"{head}: {_WANTED[part.kind]}{digits}\n{name} = ...", tags=("answer",))

    def _call(self, part: Part) -> str:
        name = self.answers[part.name]
        return f"{literal(name)}, {name}"

    # Solutions.

    def _solution(self) -> Iterator[Cell]:
        """Give the steps as mathematics and as code, the answers printed and checked, and what there is to look at."""
        chosen = [line for part in self.question.parts for line in self._reasons(part)]
        steps = "\n".join([*self.prose.steps(), *chosen]).strip("\n")
        yield Cell("markdown", f"### Solution\n\n{steps}".rstrip(), closed=True)
        for code in self._solution_code():
            yield Cell("code", "\n".join(code), folded=True, tags=("solution",))
        for figure in self._figures():
            yield Cell("code", "\n".join(plotted(figure, in_digits)), folded=True)

    def _solution_code(self) -> Iterator[list[str]]:
        """Give the code of the solution, a function in a cell of its own: who reads it there reads nothing else."""
        asked = [part for part in self.question.parts if self.functions.get(part.name)]
        others = [part for part in self.question.parts if part not in asked]
        alone = asked and all(part.node is None for part in others)
        code = [] if alone else self._code(self.pieces)
        for part in asked:
            before, function = self._function(part, self.answers[part.name])
            if before:
                yield before
            yield function
        for part in others:
            code += self._assigned(part, self.pieces)
        code += [line for part in self.question.parts for line in self._printed(part)]
        yield [*code, *(f"check({self._call(part)})" for part in self.question.parts)]

    def _printed(self, part: Part) -> Iterator[str]:
        """Give the line that prints an answer; of a function what it gives for the numbers shown."""
        name = self.answers[part.name]
        if self.functions.get(part.name):
            arguments = ", ".join(self.pieces.texts.get(arg, arg) for arg in signature(part.ask)[1])
            yield f"print({name}({arguments}))"
        elif not part.ask.options:
            yield f"print({literal(f'{name} =')}, {name})"

    def _reasons(self, part: Part) -> Iterator[str]:
        """Give the right options, each with why."""
        for option in choices(part, solved=True).options if part.ask.options else ():
            if option.right:
                why = f" {self.prose.line(option.why)}" if option.why else ""
                yield from ("", f"Option {option.number} is right.{why}")

    def _figures(self) -> Iterator[Figure]:
        for figure in self.question.shown():
            drawable, _ = without_numbers(figure) if figure is not self.question.asked_with else (None, "")
            if drawable is not None:
                yield drawable

    def _solved(self, part: Part, pieces: Pieces | None) -> list[str]:
        """Return the lines that answer one part by themselves."""
        function = self.functions.get(part.name, "")
        if pieces is None or function:
            return self._assigned(part, pieces or self.pieces)
        return [*self._code(pieces), *self._assigned(part, pieces)]

    def _code(self, pieces: Pieces) -> list[str]:
        """Return the steps, with what they need before them."""
        hidden = ["# Behind the picture:", *pieces.hidden] if pieces.hidden else []
        helpers = [line for text in self._helpers(pieces, allowed=False) for line in ("", *text, "")]
        return [*pieces.imports, *helpers, *hidden, *pieces.steps]

    def _assigned(self, part: Part, pieces: Pieces) -> list[str]:
        """Return the lines that give an answer its value, once the steps have been computed."""
        name = self.answers[part.name]
        if isinstance(part.expected, frozenset):
            picked = numbers_of(part)
            return [f"{name} = {picked[0] if part.kind == 'choice' and len(picked) == 1 else picked}"]
        if self.functions.get(part.name):
            return [line for lines in self._function(part, name) for line in lines]
        before, text = pieces.answers[pieces.labels.index(part.name)]
        if isinstance(part.expected, tuple):
            listed = part.node is not None and part.node.value is not None and part.expected != part.node.shape
            sizes = f"[int(size) for size in {text}]" if listed else f"np.shape({text})"
            return [*before, f"{name} = tuple({sizes})"]
        return [*before, *([f"{name} = {text}"] if text != name else [])]

    def _function(self, part: Part, name: str) -> tuple[list[str], list[str]]:
        """Return what a function needs before it, and the steps as the function that is asked for.

        What it is not handed it takes from the sizes of its arguments, or else it reads it, as in the tutor.
        """
        pieces = in_pieces(self.question, "numpy", part.name, self.also)
        arguments = ", ".join(pieces.texts.get(arg, arg) for arg in signature(part.ask)[1])
        before, result = pieces.answers[pieces.labels.index(part.name)]
        helpers = [line for lines in self._helpers(pieces, allowed=False) for line in ("", *lines, "")]
        body = [*(line for step in pieces.steps for line in _in_dialect(step)), *before, f"return {result}"]
        sizes = self._sizes(signature(part.ask)[1], pieces, "\n".join(body))
        inner = [f"    {line}" if line else "" for text in (*sizes, *body) for line in text.split("\n")]
        return [*pieces.imports, *helpers, *pieces.hidden], [f"def {name}({arguments}):", *inner]

    def _sizes(self, arguments: Sequence[str], pieces: Pieces, code: str) -> Iterator[str]:
        """Give the lines for counts that a function reads and that are sizes of its arguments, in every draw."""
        read = set(re.findall(r"\w+", code)) - set(arguments)
        names = [name for name in self.question.givens if name in pieces.whole and pieces.texts[name] in read]
        draws = [self.question, *fresh_questions(self.exercise)] if names else []
        for name in names:
            counts = [np.asarray(draw.givens[name]) for draw in draws]
            if counts[0].ndim or len({float(count) for count in counts}) == 1:  # which may be equal by chance
                continue
            size = next(filter(None, (_size(argument, draws, counts, pieces) for argument in arguments)), "")
            if size:
                yield f"{pieces.texts[name]} = {size}"

    # Tests for nbgrader.

    def _test(self, part: Part) -> Iterator[str]:
        name = self.answers[part.name]
        yield f"# {self.exercise.id}, {self.answers[part.name]}: 1 point"
        yield f'assert {name} is not ..., "There is no answer yet."'
        yield "### BEGIN HIDDEN TESTS"
        kind = "value" if isinstance(part.expected, np.ndarray) else part.kind
        rules: dict[str, object] = rules_of(part.ask)
        expected: object
        if self.functions.get(part.name):
            kind = "program"
            rules |= {"arguments": [self.pieces.texts.get(arg, arg) for arg in signature(part.ask)[1]]}
            draws = [self.question, *fresh_questions(self.exercise)]
            expected = [
                (given_numbers(draw, self.pieces), np.asarray(draw.part(part.name).expected).tolist()) for draw in draws
            ]
        elif isinstance(part.expected, np.ndarray):
            expected = part.expected.tolist()
        else:
            expected = numbers_of(part)
        if "inf" in repr(expected) or "nan" in repr(expected):
            yield "inf, nan = np.inf, np.nan"
        yield f"assert is_expected({self._call(part)}, {kind!r}, {expected!r}, {rules!r})"
        yield "### END HIDDEN TESTS"


def _size(argument: str, draws: Sequence[Question], counts: Sequence[Array], pieces: Pieces) -> str:
    """Return the code for the size of an argument that is the count of each draw, "" where it has none."""
    shapes = [np.shape(np.asarray(draw.givens[argument])) for draw in draws]
    for axis in range(len(shapes[0])):
        if all(shape[axis] == count for shape, count in zip(shapes, counts, strict=True)):
            return f"{pieces.texts[argument]}.shape[{axis}]" if axis else f"len({pieces.texts[argument]})"
    return ""


def _in_dialect(line: str) -> list[str]:
    """Return a line as programs of the tutor have it: `dict()` is its only dict, and is empty."""
    started = _DICT.fullmatch(line)
    if started is None:
        return [line]
    name, at, value, said = started.groups()
    first = f"{name} = dict(){said or ''}"
    return [first] if at is None else [first, f"{name}[{at}] = {value}"]


def without_marks(text: str) -> str:
    """Return a text in which nobody but us says where a solution or a hidden test begins and ends."""
    return _MARKS.sub(r"\1-\2", text)


def _is_reserved(name: str) -> bool:
    return safe_names([name], ())[name] != name or keyword.issoftkeyword(name)


def _is_rounded(part: Part) -> bool:
    """Tell whether an answer is one of numbers that are rounded."""
    values: object = part.expected
    return (
        isinstance(values, np.ndarray)
        and part.kind != "program"
        and bool((np.asarray(values) != np.round(np.asarray(values))).any())
    )
