"""What of a program can be evaluated, where not all of it can.

A step that does not read, that reads a name which is not there, or that does not evaluate is told of once, and its
name is unknown from there on: whatever reads it is unknown too, without a word. The rest is evaluated as ever. In a
loop this holds for each line of its body. Keys tell the lines of a program apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import ANY, Graph
from rnn_tutor.engine.graph.rerun import branch
from rnn_tutor.engine.graph.steps import (
    Let,
    Loop,
    Program,
    ProgramError,
    Start,
    Statement,
    Told,
    check_starts,
    check_variable,
    resume,
)


class NotThereError(ProgramError):
    """A name is read that is not there."""


def resume_partly(graph: Graph, program: Program, told: Told) -> Program:
    """Evaluate into a graph what can be evaluated of a program; return that part of it. What is wrong is told."""
    run = _Partly(graph, told)
    evaluated: list[Statement] = []
    for statements in Dependencies(program).blocks:
        evaluated += run.block(statements)
    return tuple(evaluated)


def tell_strangers(graph: Graph, expr: Expr, key: str, told: Told, also: tuple[str, ...] = ()) -> bool:
    """Tell of each name in an expression that is not there, nor among `also`; return whether its value can be had."""
    strange, unknown = graph.missing(expr, also)
    for name in strange:
        told(NotThereError(EngineError("name", graph.no_name(name, also)), key))
    return not unknown


@dataclass
class _Partly:
    graph: Graph
    told: Told

    def block(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """Evaluate what can be evaluated of statements that belong together; return that."""
        given = [start for start in statements if isinstance(start, Start)]
        last = statements[-1]
        if isinstance(last, Loop):
            return self._loop(given, last)
        if isinstance(last, Let):
            return self._run((last,)) if self._let_is_known(last) else ()
        return self._run(tuple(start for start in map(self._started, given) if start.values))

    def _let_is_known(self, let: Let) -> bool:
        has_value = tell_strangers(self.graph, let.expr, let.key, self.told)
        if not has_value or let.name in self.graph.unknown:  # a name that stands twice
            self.graph.lose({let.name})
            return False
        return True

    def _started(self, start: Start) -> Start:
        """Return the values of a start that can be had."""
        values: dict[str, Expr] = {}
        for name, expr in start.values.items():
            if tell_strangers(self.graph, expr, f"{start.key}.{name}", self.told):
                try:
                    branch(self.graph).evaluate(expr)
                    values[name] = expr
                    continue
                except EngineError as error:
                    self._tell(ProgramError(error, start.key))
        return replace(start, values=values)

    def _loop(self, given: list[Start], loop: Loop) -> tuple[Statement, ...]:
        own = (*(let.name for let in loop.body), loop.variable)
        if ANY in own:
            self.graph.lose({ANY})
        starts = [self._started(start) for start in given]
        lost = {name for start in given for name in start.values} - {name for start in starts for name in start.values}
        bad = {let.key for let in loop.body if let.name in self.graph.unknown or let.name in lost}
        if not tell_strangers(self.graph, loop.count, loop.key, self.told):
            bad |= {let.key for let in loop.body}
        for let in loop.body:
            if not tell_strangers(self.graph, let.expr, let.key, self.told, own):
                bad.add(let.key)
        if not self._fits(given, loop):
            bad |= {let.key for let in loop.body}
        while True:
            evaluable = self._without(starts, loop, bad)
            if not evaluable:
                return ()
            try:
                resume(self.graph, evaluable)
            except ProgramError as error:
                self._tell(error)
                bad |= {error.key} if error.key in {let.key for let in loop.body} else {let.key for let in loop.body}
            else:
                return evaluable

    def _fits(self, given: list[Start], loop: Loop) -> bool:
        """Tell whether a loop can count with its variable and computes what is started; if not, it is told."""
        try:
            check_variable(self.graph, loop)
            if all(let.name != ANY for let in loop.body):
                check_starts([name for start in given for name in start.values], loop)
        except EngineError as error:
            self.told(ProgramError(error, loop.key))
            return False
        return True

    def _without(self, starts: list[Start], loop: Loop, bad: set[str]) -> tuple[Statement, ...]:
        """Return a loop without its bad lines and those that read them, which are unknown from now on."""
        lost = {let.name for let in loop.body if let.key in bad}
        lost = Dependencies((loop,)).moved_by(lost)
        body = tuple(let for let in loop.body if let.name not in lost)
        self.graph.lose(let.name for let in loop.body if let.name in lost)
        if not body:
            return ()
        fewer = [replace(start, values={k: v for k, v in start.values.items() if k not in lost}) for start in starts]
        return (*(start for start in fewer if start.values), replace(loop, body=body))

    def _run(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        try:
            resume(self.graph, statements)
        except ProgramError as error:
            self._tell(error)
            self.graph.lose(_names(statements))
            return ()
        return statements

    def _tell(self, error: ProgramError) -> None:
        if error.kind != "unknown":
            self.told(error)


def _names(statements: tuple[Statement, ...]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, Let):
            yield statement.name
        elif isinstance(statement, Start):
            yield from statement.values
