"""Runs a program: its statements, its functions, its budget, and what it did on the way.

Not Python in a sandbox but the engine's own evaluator walking statements: the same on every machine, with nothing that
could reach a file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_tutor.engine.clocks import CLOCKS, Allowance, Clocks
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, show
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import number
from rnn_tutor.engine.graph.graph import as_numbers, check_result
from rnn_tutor.engine.graph.indexing import key_of, picked
from rnn_tutor.engine.graph.node import Node
from rnn_tutor.engine.programs.calls import LOOPED_OVER, called_in_program, change, given_to, with_lists
from rnn_tutor.engine.programs.evaluator import (
    EVALUATORS,
    ITERATED,
    MAX_ALL_WORK,
    MAX_SECONDS,
    MAX_STEPS,
    MAX_WALL,
    Machine,
)
from rnn_tutor.engine.programs.lines import Line, located
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.programs.standing import Spent, Standing, Standings, Turn, Way, copied
from rnn_tutor.engine.programs.statements import (
    Assign,
    Augment,
    Block,
    Code,
    Def,
    Do,
    For,
    If,
    Jump,
    Return,
    Statement,
    While,
    inner_blocks,
)
from rnn_tutor.engine.programs.values import Frame, List, Table, Value, held_bytes
from rnn_tutor.engine.programs.watch import Event, Watch
from rnn_tutor.engine.shapes import in_words

MAX_CALLS = 20
NOTED = 2  # frames: the program's and that of the function that is asked for
MAX_STATE = 2_000  # elements of a value that is kept of how a program stood

States = dict[int, dict[str, Array]]
"""The values of the names when a statement, by its id(), was first run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program returned, the watched values on the way, and how many steps and CPU seconds it took."""

    value: Array
    events: tuple[Event, ...]
    steps: int
    lines: int
    seconds: float
    remarks: tuple[str, ...] = ()
    work: int = 0  # element operations


@dataclass(slots=True)
class Meter:
    """How many steps and element operations programs have taken together, those that stopped with an error too."""

    steps: int = 0
    work: int = 0


def run_program(
    text: str | Code,
    givens: Mapping[str, Array],
    *,
    answer: str,
    function: str = "",
    arguments: Sequence[str] = (),
    watch: frozenset[str] = frozenset(),
    seconds: float | None = None,
    most: Meter | None = None,
    accepts: Callable[[Event], bool] | None = None,
    meter: Meter | None = None,
    seen: list[Event] | None = None,
    states: States | None = None,
    standings: Standings | None = None,
    begin: Standing | None = None,
    clocks: Clocks = CLOCKS,
) -> Outcome:
    """Return what a program makes of the givens.

    Where it defines `function`, that is called with the givens named in `arguments`; otherwise it is what the program
    returns, or the value of the name `answer` at its end. It may take `seconds` of CPU time, 2 at
    the most, and as much as `most` has. Raises LineError, which names the line, for everything that does not read, run
    or end, and where `accepts` says no to a watched value. `seen` is given the watched values of what was
    run, also then. `states` is given what each name had when a statement was run for the first time,
    `standings` how the program stood then. With `begin` it goes on from there, as the same program with a change did:
    `meter` is told what is taken from there on, and the events are those from there on.
    """
    code = text if isinstance(text, Code) else read_program(text)
    allowance = Allowance(MAX_SECONDS if seconds is None else min(MAX_SECONDS, seconds), MAX_WALL, clocks)
    runner = _Runner(code, givens if begin is None else {}, watch, allowance)
    if most is not None:
        runner.most_steps, runner.most_work = min(MAX_STEPS, most.steps), min(MAX_ALL_WORK, most.work)
    runner.watch.accepts = accepts
    runner.states, runner.standings = states, standings
    spent = begin.spent if begin is not None else Spent(0, 0, 0, 0, 0)
    try:
        with np.errstate(all="ignore"):
            value = runner.result(answer, function, arguments, begin)
    except RecursionError:
        error = EngineError("limit", "This is nested too deep; do it in smaller steps.")
        raise located(error, runner.line) from None
    except EngineError as error:
        raise located(error, runner.line) from None
    finally:
        if meter is not None:
            meter.steps += runner.steps - spent.steps
            meter.work += runner.all_work - spent.work
        if seen is not None:
            seen += runner.watch.events
    events, remarks = tuple(runner.watch.events), tuple(runner.remarks)
    return Outcome(value, events, runner.steps, code.lines, allowance.used, remarks, runner.all_work)


@dataclass(eq=False, slots=True)
class _Returned:
    value: Value | None


_Signal = _Returned | str | None  # what ends a block early: a return, "break", "continue"


class _Runner(Machine):
    def __init__(self, code: Code, givens: Mapping[str, Array], watch: frozenset[str], allowance: Allowance) -> None:
        super().__init__(givens, allowance)
        self.code = code
        self.watch = Watch(watch)
        self.line = _first_line(code)
        self._loop = 0
        self._base_held = 0
        self._turns: list[int] = []  # of the loops that are running, how many were before
        self.states: States | None = None
        self.standings: Standings | None = None

    def result(self, answer: str, function: str, arguments: Sequence[str], begin: Standing | None = None) -> Array:
        """Return what the program makes, as numbers; `begin` is where it goes on, None for from the beginning."""
        returned = self.block(self.code.body) if begin is None else self._gone_on(begin, function)
        value = returned.value if isinstance(returned, _Returned) else None
        if function in self.code.functions:
            self.line = self.code.functions[function].line
            if begin is None:
                if self.standings is not None:
                    self.standings.is_called()
                value = self.call_own(function, [self.outermost.names[name] for name in arguments])
            if value is None:
                raise EngineError("value", f"{function} returns nothing: end it with return {answer}.")
        elif value is None:
            value = self.outermost.names.get(answer)
        if value is None:
            wanted = f"define {function}({', '.join(arguments)})" if function else f"end with return {answer}"
            raise EngineError("value", f"The program returns no answer: {wanted}.")
        node = self.as_array(value, Name(answer))
        check_result(node)
        return np.array(as_numbers(node.number))

    # ---- statements

    def block(self, body: Block) -> _Signal:
        """Run statements one after another; return what ended them early, None where nothing did."""
        for statement in body:
            self.line = statement.line
            self.work, self._held = 0, self._base_held
            self.tick()
            if self.states is not None and id(statement) not in self.states:
                self.states[id(statement)] = self._state()
            if self.standings is not None and id(statement) in self.standings.places:
                self._note(statement, self.standings)
            try:
                signal: _Signal = _RUN[type(statement)](self, statement)
            except EngineError as error:
                raise located(error, self.line if isinstance(statement, If) else statement.line) from None
            if signal is not None:
                return signal
        return None

    # ---- where it stands, and how it goes on from there

    def _note(self, statement: Statement, standings: Standings) -> None:
        """Note how the program stands before a statement, if that is run for the first time."""
        if len(self.frames) > NOTED:  # the function calls itself: it does not begin there
            standings.places.pop(id(statement), None)
            return
        standings.latest = id(statement)
        if id(statement) in standings.first:
            return
        held = held_bytes(self.frames)
        names = copied(tuple(frame.names for frame in self.frames), self.given) if held <= standings.room else None
        if names is None:  # nor is it when it is run once more: it has begun by then
            standings.places.pop(id(statement))
            return
        standings.room -= held
        loops = zip(self.watch.loops, self._turns, strict=True)
        turns = tuple(Turn(own, position, before) for (own, position), before in loops)
        spent = Spent(self.steps - 1, self.all_work, self.kept_bytes, self._loop, len(self.watch.events))
        way, at = standings.places[id(statement)]
        standings.first[id(statement)] = Standing(way, at, turns, tuple(names), self.given, spent)

    def _gone_on(self, begin: Standing, function: str) -> _Signal:
        """Run the program from where it stood; return what ended it."""
        names = begin.copied()
        if names is None:
            raise EngineError("value", "The program cannot go on from here.")
        self.given = dict(begin.given)
        self.outermost.names = names[0]
        body = self.code.body
        if function in self.code.functions:
            called = self.code.functions[function]
            body = called.body
            self.frames.append(Frame(names[1], called.local, function))
        spent = begin.spent
        self.steps, self.all_work, self.kept_bytes, self._loop = spent.steps, spent.work, spent.kept_bytes, spent.loops
        return self._block_from(body, begin.way, begin.at, begin.turns)

    def _block_from(self, body: Block, way: Way, at: int, turns: tuple[Turn, ...]) -> _Signal:
        """Run a block from a statement on that is in it, or within one of its statements."""
        if not way:
            return self.block(body[at:])
        (outer, which), *further = way
        statement = body[outer]
        if isinstance(statement, For | While):
            signal = self._loop_from(statement, tuple(further), at, turns)
        else:
            signal = self._block_from(inner_blocks(statement)[which], tuple(further), at, turns)
        return self.block(body[outer + 1 :]) if signal is None else signal

    def _loop_from(self, statement: For | While, way: Way, at: int, turns: tuple[Turn, ...]) -> _Signal:
        """Run a loop from a statement in one of its turns on."""
        turn, *inner = turns
        values: Iterator[tuple[int, Value]] = iter(())
        if isinstance(statement, For):
            steps, work = self.steps, self.all_work
            values = self.iterate(statement.values)
            for _ in range(turn.before + 1):
                next(values, None)
            self.steps, self.all_work = steps, work  # that was counted when it was done
        depth = len(self.watch.loops)
        try:
            self._turn(depth, turn.loop, turn.position, turn.before)
            signal = self._block_from(statement.body, way, at, tuple(inner))
        finally:
            self._loop_ends(depth)
        if signal not in (None, "continue"):
            return None if signal == "break" else signal
        if isinstance(statement, For):
            return self._go_over(statement, values, turn.loop, turn.before + 1)
        self._next_turn(statement)
        return self._go_while(statement, turn.loop, turn.before + 1)

    def _turn(self, depth: int, own: int, position: int, before: int) -> None:
        self.watch.loops[depth:] = [(own, position)]
        self._turns[depth:] = [before]

    def _loop_ends(self, depth: int) -> None:
        del self.watch.loops[depth:]
        del self._turns[depth:]

    def _state(self) -> dict[str, Array]:
        """Return the values of all names that are in reach, lists as arrays; without what is large or no array."""
        found: dict[str, Array] = {}
        for name, value in {**self.outermost.names, **self.frames[-1].names}.items():
            parts = [value] if isinstance(value, Node) else value.items
            shapes = {part.shape for part in parts if isinstance(part, Node)}
            if len(shapes) != 1 or sum(part.number.size for part in parts if isinstance(part, Node)) > MAX_STATE:
                continue
            arrays = [as_numbers(part.number) for part in parts if isinstance(part, Node)]
            if len(arrays) == len(parts) and not isinstance(value, Table):
                found[name] = np.stack(arrays) if isinstance(value, List) else np.array(arrays[0])
        return found

    def assign(self, statement: Assign) -> None:
        value = self.value(statement.value)
        for target in statement.targets:
            self.bind(target, value)
            self.watch.record(self, target, statement.line)

    def augment(self, statement: Augment) -> None:
        """target += value: into the array itself, as NumPy does; of a number, a new one."""
        target, line = statement.target, statement.line
        if isinstance(target, Index):
            self._augment_element(target, statement)
        elif isinstance(target, Name):
            frame = self.frames[-1]
            if frame is not self.outermost and target.id not in frame.names:
                raise EngineError(
                    "name", f"{target.id} has no value yet here: give it one before this line.", target.span
                )
            before = self.lookup(target)
            self.frames[-1].names[target.id] = self._augmented(before, statement, show(target))
        self.watch.record(self, target, line)

    def _augment_element(self, target: Index, statement: Augment) -> None:
        base = self.value(target.base)
        if isinstance(base, List):
            item = target.items[0]
            if len(target.items) != 1 or not isinstance(item, Expr):
                raise EngineError("notation", "Change a list item by item.", target.span)
            at = self.place(base, item, target)
            value = self._augmented(base.items[at], statement, show(target))
            if not -len(base.items) <= at < len(base.items):
                name = show(target.base)
                raise EngineError(
                    "value", f"{name} has become shorter in this line: {show(target)} is gone.", target.span
                )
            base.items[at] = value
            return
        key, _ = key_of(self, base, target.items, target)
        before = picked(self, base, target.items, target)
        value = self._calculated(before, statement)
        self.write(base, key, self.as_array(value, statement.value).number, show(target.base))

    def _augmented(self, before: Value, statement: Augment, name: str) -> Value:
        if isinstance(before, List) and statement.function == "add":
            extra = self.several(self.value(statement.value))
            before.items[:] = self.listed(before.items + extra).items
            return before
        value = self._calculated(before, statement)
        if isinstance(before, List) or before.shape == () or statement.function == "matmul":
            return value
        node = self.as_array(value, statement.value)
        if node.shape != before.shape:
            has, wants = in_words(before.shape), in_words(node.shape)
            sentence = f"{name} is {has} and cannot become {wants} where it is: write {name} = ... with a new value."
            raise EngineError("shape", sentence)
        self.write(before, ..., node.number, name)
        return before

    def _calculated(self, before: Value, statement: Augment) -> Value:
        right = self.value(statement.value)
        call = Call(statement.function, (statement.target, statement.value), style="operator")
        if isinstance(before, Node) and isinstance(right, Node):
            return self.apply(statement.function, (before, right), {}, call)
        return with_lists(self, statement.function, before, right, call)

    def do(self, statement: Do) -> None:
        """A call that stands by itself."""
        expr = statement.expr
        if not isinstance(expr, Call):
            raise EngineError("notation", "This line does nothing.")
        if not expr.function.startswith("."):
            self.call_own(expr.function[:-2], *given_to(self, expr))
            return
        change(self, expr)
        self.watch.record_item(self, expr, statement.line)

    def loop_for(self, statement: For) -> _Signal:
        self._loop += 1
        return self._go_over(statement, self.iterate(statement.values), self._loop, 0)

    def _go_over(self, statement: For, values: Iterator[tuple[int, Value]], own: int, before: int) -> _Signal:
        """Run the turns of a loop for some values; so many were before."""
        depth = len(self.watch.loops)
        try:
            for turn, (position, value) in enumerate(values, before):
                self._turn(depth, own, position, turn)
                self.line = statement.line
                self.bind(statement.target, value)
                signal = self.block(statement.body)
                if signal == "break":
                    break
                if isinstance(signal, _Returned):
                    return signal
                self.line = statement.line
        finally:
            self._loop_ends(depth)
        return None

    def loop_while(self, statement: While) -> _Signal:
        self._loop += 1
        return self._go_while(statement, self._loop, 0)

    def _go_while(self, statement: While, own: int, turn: int) -> _Signal:
        """Run the turns of a loop as long as its condition is true; so many were before."""
        depth = len(self.watch.loops)
        try:
            while self.truth(statement.condition):
                self._turn(depth, own, turn, turn)
                signal = self.block(statement.body)
                if signal == "break":
                    break
                if isinstance(signal, _Returned):
                    return signal
                turn += 1
                self._next_turn(statement)
        finally:
            self._loop_ends(depth)
        return None

    def _next_turn(self, statement: While) -> None:
        self.line = statement.line
        self.work, self._held = 0, self._base_held
        self.tick()

    def choose(self, statement: If) -> _Signal:
        """if, elif, else."""
        for line, condition, body in statement.branches:
            self.line = line
            if self.truth(condition):
                return self.block(body)
        return self.block(statement.otherwise)

    def jump(self, statement: Jump) -> _Signal:
        """break, continue, pass."""
        return None if statement.word == "pass" else statement.word

    def give_back(self, statement: Return) -> _Signal:
        return _Returned(None if statement.value is None else self.value(statement.value))

    def call_own(self, name: str, args: list[Value], named: Mapping[str, Value] | None = None) -> Value | None:
        """Return what a function of the program returns, None where it returns nothing."""
        called: Def = self.code.functions[name]
        if self.standings is not None:
            self.standings.called_at.setdefault(name, self.standings.latest)
        given = self._arguments(called, args, named or {})
        if len(self.frames) > MAX_CALLS:
            raise EngineError("limit", f"Functions call each other at most {MAX_CALLS} deep.")
        around = next(
            (frame for frame in reversed(self.frames) if called.within and frame.function == called.within), None
        )
        if called.within and around is None:
            raise EngineError("name", f"{name} is defined inside {called.within} and known there only.")
        frame = Frame(given, called.local, name, around)
        self.frames.append(frame)
        work, held, base, line = self.work, self._held, self._base_held, self.line
        self._base_held = held
        try:
            returned = self.block(called.body)
        finally:
            self.frames.pop()
            self._base_held = base
        self.work, self._held, self.line = work, held, line
        value = returned.value if isinstance(returned, _Returned) else None
        if isinstance(value, Node):
            self._held += value.number.size
        return value

    def _arguments(self, called: Def, args: list[Value], named: Mapping[str, Value]) -> dict[str, Value]:
        """Return the value of each parameter: as given in order, by name, or its own."""
        count = len(called.params)
        wants = f"{called.name}({', '.join(called.params)})"
        given: dict[str, Value] = dict(zip(called.params, args, strict=False))
        unknown = [name for name in named if name not in called.params or name in given]
        if unknown:
            raise EngineError("notation", f"{wants} has no {unknown[0]} that is still to be given.")
        given |= named
        for name, value in zip(called.params[count - len(called.defaults) :], called.defaults, strict=True):
            if name not in given:
                given[name] = self.node(value)
        if len(args) > count or len(given) < count:
            raise EngineError("notation", f"{wants} takes {count} values, and is given {len(args) + len(named)}.")
        return given


def _first_line(code: Code) -> Line:
    lines = [statement.line for statement in code.body[:1]] + [function.line for function in code.functions.values()]
    return min(lines, key=lambda line: line.number)


_RUN: dict[type[Any], Callable[[_Runner, Any], _Signal]] = {
    Assign: _Runner.assign,
    Augment: _Runner.augment,
    Do: _Runner.do,
    For: _Runner.loop_for,
    While: _Runner.loop_while,
    If: _Runner.choose,
    Jump: _Runner.jump,
    Return: _Runner.give_back,
}

EVALUATORS |= {
    Number: number,
    Name: Machine.lookup,
    ArrayExpr: Machine.display,
    Index: Machine.index,
    Call: called_in_program,
}
ITERATED |= LOOPED_OVER
