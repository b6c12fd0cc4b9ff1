"""A whole script: imports, givens, steps, what is expected; in the order in which one would write them by hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.expression import Call, Expr, Index, Name, children, functions_in, names_in, walk
from rnn_tutor.engine.functions import TABLE, Array, size
from rnn_tutor.engine.graph.calls import bound_arguments
from rnn_tutor.engine.graph.dependencies import Dependencies, expressions
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.steps import Let, Loop, Program
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.engine.writing.derivatives import derived
from rnn_tutor.engine.writing.expressions import PLACES, Known, Writer
from rnn_tutor.engine.writing.facts import Facts
from rnn_tutor.engine.writing.helpers import HELPERS, needed
from rnn_tutor.engine.writing.helpers import text_of as helper_text
from rnn_tutor.engine.writing.library import Library
from rnn_tutor.engine.writing.literals import WIDTH, comment, literal, number, numbers, safe_names
from rnn_tutor.engine.writing.pieces import Kind, Piece, text_of
from rnn_tutor.engine.writing.steps import BIG, StepWriter, by_what, derivatives_in, program_derivatives, shape_only

RTOL, ATOL = "1e-9", "1e-12"
TOLERANCE = "tolerance"
OF_DIFFERENCES = ("1e-5", "1e-8")  # of what NumPy takes differences for


@dataclass(frozen=True)
class GivenText:
    """A given: its numbers, or where only its shape matters that; `means` is foreign text."""

    name: str
    value: "Array | Shape"
    means: str


@dataclass(frozen=True)
class Expected:
    """What an expression must give: numbers, or a shape. `label` is what is said of it, foreign text."""

    label: str
    expr: Expr
    value: Array | None
    shape: Shape | None = None


@dataclass(frozen=True)
class Source:
    """What a script is written from. `says` has the sentence of each step by its key; `heading` is foreign text."""

    program: Program
    graph: Graph
    givens: Sequence[GivenText]
    says: Mapping[str, str]
    expected: Sequence[Expected]
    heading: Sequence[str] = ()
    about: str = ""  # of our own words: which exercise it is, with which numbers
    told: frozenset[str] | None = None  # the givens that the first part has, None for all


def written(source: Source, library: Library) -> str:
    """Return the script of a program. Raises UnwrittenError for what the library cannot be told."""
    return _Script(source, library).script()


@dataclass(frozen=True)
class Pieces:
    """The pieces of a script for whoever puts them elsewhere, each as lines. `texts`: how names are called in it.

    `whole` has the givens whose numbers are counts or places, and so have no decimal point.
    `answers` has what each expected expression is written as, with the lines before it: `labels` has their labels.
    """

    helpers: tuple[tuple[str, ...], ...]
    imports: tuple[str, ...]
    givens: tuple[str, ...]
    hidden: tuple[str, ...]
    steps: tuple[str, ...]
    answers: tuple[tuple[tuple[str, ...], str], ...]
    labels: tuple[str, ...]
    texts: Mapping[str, str]
    whole: frozenset[str]


def pieces(source: Source, library: Library, also: Collection[str] = ()) -> Pieces:
    """Return a script in pieces. also: names that it must not use. Raises UnwrittenError."""
    return _Script(source, library, also).pieces()


def givens(source: Source, library: Library) -> str:
    """Return what a script begins with: imports and the given numbers. Of these, those that are told of."""
    return _Script(source, library).givens()


class _Script:
    def __init__(self, source: Source, library: Library, also: Collection[str] = ()) -> None:
        self.source, self.library = source, library
        exprs = [expr for statement in source.program for expr in expressions(statement)]
        self.exprs = [*exprs, *(one.expr for one in source.expected)]
        functions = frozenset().union(*(functions_in(expr) for expr in self.exprs))
        helpers = needed([name for name in HELPERS if name in functions], library)
        if functions & {"grad", "jacobian", "local", "parts"}:
            helpers += ["derivative", "jacobian", "jacobian_of_steps"]
        own = {name for name in helpers if not name.startswith("import ")} | {"softmax_or_0", TOLERANCE, *also}
        self.texts = safe_names(self._names(), own)
        self.derivatives = list(program_derivatives(source.program))
        self.derivatives += [part for one in source.expected for part in derivatives_in(one.expr)]
        self.by = {by_what(part) for part in self.derivatives}
        self.looped = {let.name for loop in source.program if isinstance(loop, Loop) for let in loop.body}
        self.writer = Writer(library, Facts(source.graph), {}, taken=set(self.texts.values()))
        self.writer.holding = bool(self.derivatives)
        self.whole = self._whole_numbers()
        self.tracked_givens, tracked = self._tracked()
        self.steps = StepWriter(
            self.writer, self.texts, source.says, derived, kept_by_step=self._kept(), tracked=tracked,
            read_later=frozenset().union(*(names_in(one.expr) for one in source.expected)),
        )  # fmt: skip

    def _names(self) -> list[str]:
        names = [given.name for given in self.source.givens]
        for statement in self.source.program:
            if isinstance(statement, Let):
                names.append(statement.name)
            elif isinstance(statement, Loop):
                names += [statement.variable, *(let.name for let in statement.body)]
        return list(dict.fromkeys(names))

    def _kept(self) -> frozenset[str]:
        """Return the names of loops whose steps are read one by one behind the loop, by a derivative."""
        kept = self.by & self.looped if self.library.key == "torch" else set[str]()
        loops = [{let.name for let in loop.body} for loop in self.source.program if isinstance(loop, Loop)]
        for part in self.derivatives:
            target = part.args[0].base if isinstance(part.args[0], Index) else part.args[0]
            if part.function == "local" and isinstance(target, Name):
                kept = kept.union(*(made for made in loops if target.id in made))
        return frozenset(kept)

    def _whole_numbers(self) -> set[str]:
        """Return the givens that are counts or places: sizes, indexes, how often a loop runs."""
        dependencies = Dependencies(self.source.program)
        structural = set[str]().union(*(_counted(expr) for expr in self.exprs))
        structural |= {name for loop in self.source.program if isinstance(loop, Loop) for name in names_in(loop.count)}
        scalars = dependencies.behind(structural)
        found = set[str]()
        for expr in self.exprs:
            for part in walk(expr):
                if isinstance(part, Call) and part.function in PLACES:
                    found |= {
                        arg.id for arg in (*part.args, *(value for _, value in part.keywords)) if isinstance(arg, Name)
                    }
        placed = {name for name in found if self._is_places(name)}
        return {
            given.name
            for given in self.source.givens
            if isinstance(given.value, np.ndarray)
            and given.name not in self.by
            and (given.name in (scalars if given.value.ndim == 0 else structural | placed))
            and bool(
                (np.isfinite(given.value) & (given.value == np.floor(given.value)) & (abs(given.value) < 2**53)).all()
            )
        }

    def _is_places(self, name: str) -> bool:
        """Tell whether a name is only ever handed in as places, where it is one argument among others."""
        for expr in self.exprs:
            for part in walk(expr):
                placed = _placed(part) if isinstance(part, Call) and part.function in PLACES else []
                if any(isinstance(arg, Name) and arg.id == name for arg in placed):
                    return True
        return False

    def _tracked(self) -> tuple[set[str], frozenset[str]]:
        """Return the givens that PyTorch must follow, and the steps that no such given leads to."""
        if self.library.key != "torch":
            return set(), frozenset()
        dependencies = Dependencies(self.source.program)
        arrays = {given.name for given in self.source.givens if isinstance(given.value, np.ndarray)} - self.whole
        inside = [
            part
            for loop in self.source.program
            if isinstance(loop, Loop)
            for let in loop.body
            for part in derivatives_in(let.expr)
        ]
        givens: set[str] = set()
        alone: set[str] = set()
        for part in self.derivatives:
            if part.function not in ("grad", "jacobian"):
                continue
            name = by_what(part)
            if name in arrays:
                givens.add(name)
                continue
            behind = set[str]() if part in inside else dependencies.behind({name}) & arrays
            givens |= behind
            if not behind:
                alone.add(name)
        return givens, frozenset(alone)

    def givens(self) -> str:
        """Return the imports and the givens that are told of."""
        shown = [line for given in self.source.givens if self._is_told(given) for line in self._given(given)]
        return _tidy([*self._head(), "", *shown])

    def _is_told(self, given: GivenText) -> bool:
        return self.source.told is None or given.name in self.source.told

    def script(self) -> str:
        """Return the script; its parts are written in order, since each knows what those before it have made."""
        shown, hidden = self._givens()
        steps = self.steps.program(self.source.program)
        checks, labels = self._checks()
        helpers = self._helpers()
        imports = [line for line in needed(list(self.writer.called), self.library) if line not in HELPERS]
        about = [f"# {self.source.about}", ""] if self.source.about else []
        headings = [line for line in map(comment, self.source.heading) if line]
        lines = [*about, *headings, "", *self._head(imports), ""]
        for helper in helpers:
            lines += ["", *helper.split("\n"), "", ""]
        if shown or hidden:
            lines += [*shown, *(["# Behind the picture:"] if hidden else []), *hidden, ""]
        lines += [*steps, ""] if steps else []
        lines += [*checks, f"print({literal(f'{self.library.name} agrees: ' + ', '.join(labels))})"] if checks else []
        return _tidy(lines)

    def _givens(self) -> tuple[list[str], list[str]]:
        """Return the givens that are told of, and the others."""
        shown: list[str] = []
        hidden: list[str] = []
        for given in self.source.givens:
            (shown if self._is_told(given) else hidden).extend(self._given(given))
        return shown, hidden

    def pieces(self) -> Pieces:
        """Return the pieces; they too are written in order."""
        shown, hidden = self._givens()
        steps = self.steps.program(self.source.program)
        answers = []
        for one in self.source.expected:
            before = tuple(self.steps.prepared(one.expr))
            answers.append((before, text_of(self.writer.write(one.expr).tree)))
        helpers = tuple(tuple(helper.split("\n")) for helper in self._helpers())
        imports = tuple(line for line in needed(list(self.writer.called), self.library) if line not in HELPERS)
        labels = tuple(one.label for one in self.source.expected)
        whole = frozenset(self.whole)
        return Pieces(
            helpers, imports, tuple(shown), tuple(hidden), tuple(steps), tuple(answers), labels, self.texts, whole
        )

    def _head(self, imports: Sequence[str] = ()) -> list[str]:
        """Return imports, and what makes every number float64."""
        own = [line for line in imports if line.startswith("import ")]
        others = [line for line in imports if line.startswith("from ")]
        lines = [*own, *([""] if own else []), *self.library.imports, *others]
        return [*lines, "", *self.library.precision] if self.library.precision else lines

    def _helpers(self) -> list[str]:
        names = needed(list(self.writer.called), self.library)
        return [helper_text(name, self.library) for name in names if name in HELPERS]

    # Givens.

    def _given(self, given: GivenText) -> list[str]:
        text, value = self.texts[given.name], given.value
        means = comment(given.means)
        if isinstance(value, tuple):
            shape = "(" + ", ".join(map(str, value)) + ("," if len(value) == 1 else "") + ")"
            made = (
                f"{self.library.module}.zeros({shape})" if size(value) <= BIG else shape_only(self.library.key, value)
            )
            self.writer.known[given.name] = Known("array", text=text)
            return _with_comment(
                f"{text} = {made}", f"{means}; only its shape matters" if means else "# only its shape matters"
            )
        made, known = self._made(given.name, value)
        self.writer.known[given.name] = Known(known, text=text)
        return _with_comment(f"{text} = {made}", means)

    def _made(self, name: str, value: Array) -> tuple[str, Kind]:
        library, whole = self.library, name in self.whole
        plain = value.ndim == 0 and name not in self.by and (whole or library.key != "torch")
        if plain:
            is_int = float(value).is_integer() and abs(float(value)) < 1e15
            return number(float(value), library.module, whole=True), "int" if is_int else "float"
        text = numbers(value, library.module, whole=whole, indent=len(name) + len(library.array) + 5)
        if value.ndim == 0 and library.key == "numpy":
            return text, "float"
        kind: Kind = "whole" if whole and value.size else "array"
        grad = ", requires_grad=True" if name in self.tracked_givens else ""
        return f"{library.array}({text}{grad})", kind

    # What is expected.

    def _checks(self) -> tuple[list[str], list[str]]:
        lines: list[str] = []
        labels: list[str] = []
        for one in self.source.expected:
            lines += self.steps.prepared(one.expr)
            piece = self.writer.write(one.expr)
            lines += self._check(one, piece)
            labels.append(one.label)
        if not lines:
            return [], []
        rtol, atol = OF_DIFFERENCES if self._by_differences() else (RTOL, ATOL)
        allowed = f'{TOLERANCE} = {{"rtol": {rtol}, "atol": {atol}}}'
        if all(one.value is None or one.shape is not None for one in self.source.expected):
            return ["# What the exercise expects.", *lines], labels
        return ["# What the exercise expects, to 12 digits, and how far a result may be off.", allowed, *lines], labels

    def _by_differences(self) -> bool:
        return "derivative" in self.writer.called

    def _check(self, one: Expected, piece: Piece) -> list[str]:
        library = self.library
        if one.shape is not None:
            array = text_of(self.writer.array(piece))
            shape = "(" + ", ".join(map(str, one.shape)) + ("," if len(one.shape) == 1 else "") + ")"
            if one.value is not None:
                return [f"assert tuple({array}.tolist()) == {shape}"]
            return [f"assert {array}.shape == {shape}"]
        assert one.value is not None  # noqa: S101 - numbers or a shape
        text = numbers(one.value, library.module, whole=library.key != "torch", rounded=True, indent=50)
        if library.key == "torch":
            got = text_of(self.writer.array(Piece(self.writer.floating(piece), piece.kind)))
            nan = ", equal_nan=True" if np.isnan(one.value).any() else ""
            return _on_lines("torch.testing.assert_close", f"{got}, torch.tensor({text})", f"**{TOLERANCE}{nan}")
        return _on_lines("np.testing.assert_allclose", f"{text_of(piece.tree)}, {text}", f"**{TOLERANCE}")


def _on_lines(function: str, args: str, last: str) -> list[str]:
    """Return a call on one line, or on three where that is too long."""
    line = f"{function}({args}, {last})"
    if len(line) <= WIDTH or "\n" in args:
        return line.split("\n")
    return [f"{function}(", f"    {args}, {last}", ")"]


def _placed(part: Call) -> list[Expr]:
    """Return the arguments of a call that are places."""
    return [
        arg
        for param, args in bound_arguments(TABLE[part.function], part)
        for arg in args
        if param.name in PLACES[part.function]
    ]


def _counted(expr: Expr) -> set[str]:
    """Return the names that an expression reads as indexes, sizes, axes or counts."""
    found: set[str] = set()
    for part in walk(expr):
        if isinstance(part, Index):
            found = found.union(*(names_in(inner) for inner in children(part)[1:]))
        elif isinstance(part, Call) and part.function in TABLE and part.function not in ("concat", "stack"):
            if part.function in ("max", "min") and len(part.args) > 1 and not part.keywords:
                continue  # of several: no axis
            for param, args in bound_arguments(TABLE[part.function], part):
                if param.kind not in ("array", "number") or part.function in ("arange", "linspace"):
                    found = found.union(*(names_in(arg) for arg in args))
    return found


def _with_comment(line: str, said: str) -> list[str]:
    if not said:
        return [line]
    if "\n" in line or len(line) + len(said) + 2 > WIDTH:
        return [said, *line.split("\n")]
    return [f"{line}  {said}"]


def _tidy(lines: list[str]) -> str:
    """Return lines as a text, with no more than two empty ones in a row and none at its ends."""
    out: list[str] = []
    for line in "\n".join(lines).split("\n"):
        if line.strip() or (out[-2:] != ["", ""] and out):
            out.append(line.rstrip())
    return "\n".join(out).strip("\n") + "\n"
