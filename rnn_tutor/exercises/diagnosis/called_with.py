"""What the arguments of a program's own functions have: the formulas of the steps that they are first called with.

So a line of `def f(x): return exp(x)` is compared with what the steps compute of `K[t]`, where f is called with that.
"""

from collections.abc import Iterator, Mapping

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, names_in, with_children
from rnn_tutor.engine.programs.edits.tree import Spot, slots, spots
from rnn_tutor.engine.programs.statements import Code, Def
from rnn_tutor.exercises.diagnosis.own_names import Meanings


class Known:
    """What is known of the names in each function of a program, as its statements are gone through as they were run."""

    def __init__(self, code: Code, given: Mapping[str, str]) -> None:
        self.code = code
        self._given: Meanings = {Name(own): Name(name) for own, name in given.items()}
        self._inside: dict[str, Meanings] = {"": dict(self._given)}

    def inside(self, function: str) -> Meanings:
        """Return what the names in a function have, "" for the program itself: to be changed as lines are run."""
        if function not in self._inside:
            self._inside[function] = dict(self._given)
        return self._inside[function]

    def enter(self, spot: Spot, counters: Mapping[str, int]) -> None:
        """Note what the functions are called with that a statement calls, where they are called for the first time."""
        own = self.inside(spot.place.function)
        for slot in slots(spot.statement):
            for call in _calls(slot.expr):
                called = self.code.functions.get(call.function[:-2])
                if called is not None and called.name not in self._inside:
                    self._inside[called.name] = self._arguments(called, call, own, counters)

    def _arguments(self, called: Def, call: Call, own: Meanings, counters: Mapping[str, int]) -> Meanings:
        hidden = called.local | set(called.params)
        found = {name: meaning for name, meaning in self._given.items() if not names_in(name) & hidden}
        for param, arg in (*zip(called.params, call.args, strict=False), *call.keywords):
            meaning = _meaning(arg, own, counters)
            if meaning is not None:
                found[Name(param)] = meaning
        return found


def called_on(code: Code, line: int) -> list[str]:
    """Return the program's own functions that a line calls, each once."""
    exprs = [slot.expr for spot in spots(code) if spot.line == line for slot in slots(spot.statement)]
    names = (call.function[:-2] for expr in exprs for call in _calls(expr))
    return list(dict.fromkeys(name for name in names if name in code.functions))


def _calls(expr: Expr) -> Iterator[Call]:
    """Yield the calls of the program's own functions in an expression, as they are carried out."""
    for part in children(expr):
        yield from _calls(part)
    if isinstance(expr, Call) and expr.function.endswith("()"):
        yield expr


def _meaning(expr: Expr, own: Meanings, counters: Mapping[str, int]) -> Expr | None:
    """Return an expression of a program as the steps have it, None where it reads what nothing is known of."""
    if expr in own:
        return own[expr]
    match expr:
        case Number():
            return expr
        case Name(id=name):
            return Name(f"@{counters[name]}") if name in counters else None
        case Index() | Call():
            parts = [_meaning(part, own, counters) for part in children(expr)]
            known = tuple(part for part in parts if part is not None)
            return with_children(expr, known) if len(known) == len(parts) else None
        case _:
            return None
