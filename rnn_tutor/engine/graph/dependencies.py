"""What the steps of a program read: what a name is made of, what a change moves, which steps lead to what is wanted.

It is read off the expressions, without evaluating any. A name of a loop reads what its line reads, how often the loop
runs and what the name starts from. Loops are evaluated as a whole, so programs are taken apart in blocks: a statement,
or a loop together with its starts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Slice, children, names_in, walk
from rnn_tutor.engine.functions import TABLE
from rnn_tutor.engine.graph.calls import bound_arguments
from rnn_tutor.engine.graph.steps import Let, Loop, Program, Start, Statement
from rnn_tutor.engine.remember import remembered

_MEASURES = ("shape", "size", "ndim", "len")
_ALL_ARRAYS = ("dotted", "concat", "stack", "hstack", "vstack", "grad", "jacobian", "local", "parts")


@dataclass(frozen=True)
class _Block:
    """Statements that are evaluated together, the names that they make, and those of others that they read."""

    statements: tuple[Statement, ...]
    makes: frozenset[str]
    reads: frozenset[str]


class Dependencies:
    """What the names of a program read: `reads` has every name that a step makes."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.reads: dict[str, frozenset[str]] = dict(_reads(program))
        self._blocks = list(_blocks(program, self.reads))
        self._structural: frozenset[str] | None = None
        self._fixed: frozenset[str] | None = None

    def behind(self, names: Iterable[str], *, also: Mapping[str, Iterable[str]] | None = None) -> set[str]:
        """Return names and all that they are made of, givens too; `also` has what other names (givens) read."""
        behind: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in behind:
                behind.add(name)
                todo += self.reads.get(name, ())
                todo += (also or {}).get(name, ())
        return behind

    def steps_behind(self, names: Iterable[str]) -> set[str]:
        """Return the steps among names and all that they are made of."""
        return self.behind(names) & self.reads.keys()

    def moved_by(self, names: Iterable[str]) -> set[str]:
        """Return names and all that depend on one of them."""
        moved = set(names)
        while more := {name for name, reads in self.reads.items() if name not in moved and reads & moved}:
            moved |= more
        return moved

    def leading_to(self, names: Iterable[str]) -> "Dependencies":
        """Return the program of the statements that names are made of, in order."""
        wanted = set(names)
        blocks: list[_Block] = []
        for block in reversed(self._blocks):
            if block.makes & wanted:
                wanted |= block.reads
                blocks.append(block)
        return Dependencies(tuple(statement for block in reversed(blocks) for statement in block.statements))

    def split(self, names: Iterable[str]) -> tuple[Program, Program]:
        """Return the statements that no change of these names reaches, and the others."""
        moved = set(names)
        still: list[Statement] = []
        moving: list[Statement] = []
        for block in self._blocks:
            if block.reads & moved:
                moved |= block.makes
                moving += block.statements
            else:
                still += block.statements
        return tuple(still), tuple(moving)

    @property
    def blocks(self) -> list[Program]:
        """The statements in order, those together that are evaluated together: a loop and its starts."""
        return [block.statements for block in self._blocks]

    @property
    def needs(self) -> set[str]:
        """The names that the program reads and does not make."""
        return set[str]().union(*(block.reads for block in self._blocks)) - self.reads.keys()

    @property
    def structural(self) -> frozenset[str]:
        """The names from whose numbers more than numbers is read while a graph is made.

        Counts of loops, sizes, axes, and indexes. What is asked of an array's shape alone (`len(x)`) is not.
        """
        if self._structural is None:
            self._structural = self._read(_read_off)
        return self._structural

    @property
    def fixed(self) -> frozenset[str]:
        """The structural names of which the graph keeps no trace: those of an index into an array are its parents."""
        if self._fixed is None:
            made = {let.name for loop in self.program if isinstance(loop, Loop) for let in loop.body}
            self._fixed = self._read(partial(_read_off_without_trace, recurrent=made))
        return self._fixed

    def _read(self, read_off: Callable[[Expr], Iterator[Expr]]) -> frozenset[str]:
        names = set[str]()
        for statement in self.program:
            if isinstance(statement, Loop):
                names |= _names_of_numbers(statement.count)
            for expr in expressions(statement):
                for part in walk(expr):
                    names |= set[str]().union(*map(_names_of_numbers, read_off(part)))
        return frozenset(names)


@remembered(16)
def dependencies_of(program: Program) -> Dependencies:
    """Return what the names of a program read, worked out once: graphs of one program are many."""
    return Dependencies(program)


def expressions(statement: Statement) -> Iterator[Expr]:
    """Give every expression of a statement."""
    if isinstance(statement, Let):
        yield statement.expr
    elif isinstance(statement, Start):
        yield from statement.values.values()
    else:
        yield statement.count
        yield from (let.expr for let in statement.body)


def _reads(program: Program) -> Iterator[tuple[str, frozenset[str]]]:
    starts: dict[str, frozenset[str]] = {}
    for statement in program:
        if isinstance(statement, Start):
            starts |= {name: frozenset(names_in(expr)) for name, expr in statement.values.items()}
        elif isinstance(statement, Loop):
            for let in statement.body:
                own = names_in(let.expr) | names_in(statement.count) | starts.get(let.name, frozenset())
                yield let.name, frozenset(own - {statement.variable})
            starts = {}
        else:
            yield statement.name, frozenset(names_in(statement.expr))


def _blocks(program: Program, reads: Mapping[str, frozenset[str]]) -> Iterator[_Block]:
    waiting: list[Start] = []
    for statement in program:
        if isinstance(statement, Start):
            waiting.append(statement)
        elif isinstance(statement, Loop):
            makes = frozenset(let.name for let in statement.body)
            started = [names_in(expr) for start in waiting for expr in start.values.values()]
            read = frozenset().union(*(reads[name] for name in makes), *started) - makes
            yield _Block((*waiting, statement), makes, read)
            waiting = []
        else:
            yield _Block((statement,), frozenset({statement.name}), reads[statement.name])
    if waiting:  # a start without a loop, which running it will refuse
        yield _Block(tuple(waiting), frozenset(), frozenset())


def _read_off(part: Expr) -> Iterator[Expr]:
    """Give what of an expression is read off a value while the graph is made."""
    if isinstance(part, Index):
        for item in part.items:
            yield from _bounds(item) if isinstance(item, Slice) else (item,) if isinstance(item, Expr) else ()
    elif isinstance(part, Call):
        yield from _arguments_read_off(part)


def _read_off_without_trace(part: Expr, recurrent: AbstractSet[str]) -> Iterator[Expr]:
    """As `_read_off`, but for an index into an array: which step of a recurrence is read, and slices, leave none."""
    if isinstance(part, Index) and not (isinstance(part.base, Name) and part.base.id in recurrent):
        yield from (bound for item in part.items if isinstance(item, Slice) for bound in _bounds(item))
    else:
        yield from _read_off(part)


def _bounds(item: Slice) -> Iterator[Expr]:
    yield from (bound for bound in (item.start, item.stop, item.step) if bound is not None)


def _arguments_read_off(part: Call) -> Iterator[Expr]:
    """Give the arguments of a call that are no arrays: axes, sizes, counts."""
    yield from (value for _, value in part.keywords)
    if part.function in ("max", "min"):
        yield from part.args[1:]  # an axis, where it is no second array
    elif part.function in TABLE and part.function not in _ALL_ARRAYS:
        for param, given in bound_arguments(TABLE[part.function], part):
            yield from given if param.kind != "array" else ()


def _names_of_numbers(expr: Expr) -> set[str]:
    """Return the names whose numbers an expression reads: all but those of which it asks the shape alone."""
    if isinstance(expr, Name):
        return {expr.id}
    if isinstance(expr, Call) and expr.function in _MEASURES:
        return set()
    return set[str]().union(*map(_names_of_numbers, children(expr)))
