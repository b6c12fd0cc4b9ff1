"""What the rules for wrong versions of an expression share: what they know, what they give, and how they say it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice

from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Index,
    Item,
    Name,
    NewAxis,
    Number,
    Slice,
    children,
    names_in,
    show,
    walk,
    with_children,
)
from rnn_tutor.engine.shapes import Shape

COMPARISONS = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "length_mask")
BRIEF = 60  # characters of an expression in a sentence
LONGER, LONGEST = 80, 120  # ... where fewer do not tell two of them apart
LONG_MEANING = 40  # ... and of what a name means
UNSAID = "`?`"  # an expression of what a learner does not see: `sentences` finds words without it
FEW = 3  # names that are told one after the other
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
HIDDEN = 6  # characters of a part that is not worth leaving out
_NAME = re.compile(r"\b[A-Za-z_]\w*\b(?![(=.])(?! =)")  # no function, and no axis=
_ASIDE = re.compile(r"(?:^| )\((?:[^()]|\([^()]*\))*\)")  # not the brackets of P(positive)


@dataclass(frozen=True)
class Context:
    """What rules may know of an exercise.

    `shapes` and `means` of names; `masks`, the names that are 0 and 1 for padding and real; `definitions`, what the
    steps are; inside a loop its `variable`, `count` and direction; `recurrent`, the names that a loop makes; `networks`
    is whether activations are about. `hidden` has the steps whose names a learner does not see: each with the variable
    of its loop, None outside of loops, and its expression. `starts` has what recurrent names are before the first step,
    `slices` the blocks that the steps read of a name; `whole`, the names of whole numbers: counts and sizes.
    `differentiated` is whether some step is a derivative of others. `sizes` has the shapes of parts of the steps, by
    identity; `pool` what stands in the steps, with its shape; `several` is whether the answer has several numbers.
    `shown` are the hidden steps that a picture has under their names; `unseen`, the givens that a learner is not told.
    """

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)
    masks: frozenset[str] = frozenset()
    variable: str | None = None
    recurrent: frozenset[str] = frozenset()
    definitions: Mapping[str, Expr] = field(default_factory=dict)
    count: Expr | None = None
    reverse: bool = False
    networks: bool = True
    hidden: Mapping[str, tuple[str | None, Expr]] = field(default_factory=dict)
    starts: Mapping[str, Expr] = field(default_factory=dict)
    slices: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    differentiated: bool = False
    sizes: Mapping[int, Shape] = field(default_factory=dict)
    pool: tuple[tuple[Expr, Shape], ...] = ()
    several: bool = False
    shown: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    _uncovered: dict[tuple[Expr, frozenset[str], int], tuple[object, Expr]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _texts: dict[tuple[int, int], tuple[Expr, object, str]] = field(default_factory=dict, repr=False, compare=False)

    def code(self, expr: Expr) -> str:
        """Return an expression as text for a sentence, in names that the learner sees.

        A part is told in every clause about it, and written once.
        """
        key = id(expr), id(self.hidden)
        known = self._texts.get(key)
        if known is None or known[0] is not expr or known[1] is not self.hidden:
            known = self._texts[key] = (expr, self.hidden, self._written(self.visible(expr)))
        return known[2]

    def _written(self, visible: Expr, most: int = BRIEF) -> str:
        if self.unseen and not self.unseen.isdisjoint(names_in(visible)):
            return UNSAID
        text = brief(visible, most)
        if "..." in text and most < LONGER:  # a little longer, and whole
            longer = brief(visible, LONGER)
            text = text if "..." in longer else longer
        return f"`{text}`"

    def codes(self, one: Expr, other: Expr) -> tuple[str, str]:
        """Return two expressions as texts that differ: of long ones the parts that do."""
        code, instead = self.code(one), self.code(other)
        if not any("..." in text or text == UNSAID for text in (code, instead)):
            return code, instead
        one, other = narrowed(self.visible(one), self.visible(other))
        for most in (BRIEF, LONGER, LONGEST):
            code, instead = self._written(one, most), self._written(other, most)
            if code != instead:
                break
        return code, instead

    def instead(self, new: Expr, old: Expr) -> str:
        """Return the clause of one expression that was used instead of another."""
        return self._other_element(new, old) or self._left_out(new, old) or self._instead(new, old)

    def _instead(self, new: Expr, old: Expr) -> str:
        new_code, old_code = self.codes(new, old)
        return f"{new_code} were used instead of {old_code}"

    def _other_element(self, new: Expr, old: Expr) -> str:
        """Return the clause of another element of what has no name, by its place; "" for anything else."""
        match new, old:
            case Index(base=base, items=items), Index(base=same, items=others) if base == same:
                places = _place(items), _place(others)
                if isinstance(self.visible(base), Name) or "" in places:
                    return ""
                code = self.code(base)
                of = "" if "..." in code or code == UNSAID else f" of {code}"
                return f"the {places[0]}{of} were taken, not the {places[1]}"
        return ""

    def _left_out(self, new: Expr, old: Expr) -> str:
        """Return which names were left out, where a long expression is made of a part of it and these; else ""."""
        if is_whole(self.visible(new)) and is_whole(self.visible(old)):
            return ""
        names = _around(self.visible(new), self.visible(old))
        if not names or len(names) > FEW or not self.unseen.isdisjoint(name.id for name in names):
            return ""
        *most, last = (self.named(name) for name in names)
        return f"{', '.join(most)} and {last} were left out" if most else f"{last} were left out"

    def speaks_of(self, *words: str) -> bool:
        """Tell whether a name or a meaning has one of some words in it."""
        said = " ".join([*self.shapes, *self.means.values()]).lower()
        return any(word in said for word in words)

    def named(self, expr: Expr) -> str:
        """Return an expression as the learner knows it: a name with its meaning, else its text."""
        meaning = self.meaning(expr.id) if isinstance(expr, Name) else ""
        return f"{self.code(expr)} ({meaning})" if meaning else self.code(expr)

    def visible(self, expr: Expr, within: frozenset[str] = frozenset()) -> Expr:
        """Return an expression with what hidden steps are made of in their place, and so on; a recurrence as `...`."""

        def uncovered(part: Expr) -> Expr | None:
            name = part.base if isinstance(part, Index) else part
            if not isinstance(name, Name) or name.id not in self.hidden or name.id in self.shown:
                return None
            if name.id in within:
                return Name("...")
            key = part, within, id(self.hidden)
            known = self._uncovered.get(key)
            if known is None or known[0] is not self.hidden:
                known = self._uncovered[key] = (self.hidden, made_of(part, name))
            return known[1]

        def made_of(part: Expr, name: Name) -> Expr:
            variable, line = self.hidden[name.id]
            further: tuple[Item, ...] = part.items if isinstance(part, Index) else ()
            if variable is not None and further and not isinstance(further[0], Slice | NewAxis):
                at, *left = further
                line, further = substituted(line, partial(_at, variable, at)), tuple(left)  # type: ignore[arg-type]
            inside = self.visible(line, within | {name.id})
            return Index(inside, further) if further else inside

        return substituted(expr, uncovered)

    def meaning(self, name: str) -> str:
        """Return the meaning of a given in a few words: without asides, "" where it is long."""
        means = _ASIDE.sub("", " ".join(self.means.get(name, "").split())).strip().rstrip(".")
        return means if len(means) <= LONG_MEANING and means.lower() != name.lower() else ""

    def size_of(self, expr: Expr) -> Shape | None:
        """Return the shape of a part of the steps; None where it is not known."""
        if isinstance(expr, Name):
            return self.shapes.get(expr.id)
        if isinstance(expr, Index) and isinstance(expr.base, Name) and id(expr) not in self.sizes:
            shape = self.shapes.get(expr.base.id)
            if shape is not None and not any(isinstance(item, Slice | NewAxis) for item in expr.items):
                return shape[len(expr.items) :]
        return () if isinstance(expr, Number) else self.sizes.get(id(expr))

    def resolved(self, expr: Expr) -> Expr:
        """Return what a step's name stands for, once; anything else as it is."""
        return self.definitions.get(expr.id, expr) if isinstance(expr, Name) else expr

    def is_single(self, expr: Expr) -> bool:
        """Tell whether an expression is a number, or the name of one."""
        return isinstance(expr, Number) or (isinstance(expr, Name) and self.shapes.get(expr.id) == ())

    def is_mask(self, expr: Expr) -> bool:
        """Tell whether an expression is a mask: one by name, a comparison, or a part of one."""
        match expr:
            case Name(id=name):
                return name in self.masks
            case Index(base=base):
                return self.is_mask(base)
            case Call(function=function, args=args):
                return function in COMPARISONS or (function == "expand_dims" and self.is_mask(args[0]))
        return False


Clause = str | Callable[[], str]
"""What was done, after "if"; or what writes that, where there are thousands of versions and hardly one is told."""
Versions = Iterator[tuple[Expr, Clause]]
Rule = Callable[[Expr, Context], Versions]

ONE = Number(1.0, "1")
TWO = Number(2.0, "2")


def whole_number(value: int) -> Number:
    """Return a whole number as an expression, such as the size of an axis."""
    return Number(float(value), str(value))


def told(clause: Clause) -> str:
    """Return a clause as text."""
    return clause if isinstance(clause, str) else clause()


def _at(variable: str, step: Expr, part: Expr) -> Expr | None:
    return step if isinstance(part, Name) and part.id == variable else None


def brief(expr: Expr, most: int = BRIEF) -> str:
    """Return an expression as text; where it would fill the sentence, its deepest parts are left out as `...`.

    What is left is whole: `sum((x - ...) * ...) / sqrt(...)` is a quotient of a sum and a root. It has a name in it,
    without which nobody could tell what it is of: more of a list such as `[..., ...]` is told.
    """
    if len(list(islice(walk(expr), most + 1))) <= most:  # else its text is longer
        text = show(expr)
        if len(text) <= most:
            return text
    fits = of_something = before = ""
    for depth in count(1):
        cut = show(_to_depth(expr, depth))
        fits = cut if len(cut) <= most or not fits else fits
        of_something = of_something or (cut if len(cut) <= LONGEST and _NAME.search(cut) else "")
        if len(cut) > LONGEST or cut == before:
            break
        before = cut
    return of_something if of_something and not _NAME.search(fits) else fits


def _to_depth(expr: Expr, depth: int) -> Expr:
    """Return an expression with the parts that stand deeper left out, but for those that are as short as `...`."""
    if isinstance(expr, Name | Number):
        return expr
    parts = children(expr)
    if depth > 0:
        return with_children(expr, tuple(_to_depth(part, depth - 1) for part in parts)) if parts else expr
    few = len(list(islice(walk(expr), HIDDEN))) < HIDDEN
    return expr if few and len(show(expr)) <= HIDDEN else Name("...")


def is_whole(expr: Expr) -> bool:
    """Tell whether an expression stands in a sentence with nothing left out."""
    return len(show(expr)) <= BRIEF


def _place(items: tuple[Item, ...]) -> str:
    """Return which element is read, in words; "" for what is no single element."""
    numbers = [_number(item) for item in items]
    if None in numbers:
        return ""
    if len(numbers) > 1:
        return f"element [{', '.join(f'{number}' for number in numbers)}]"
    at = numbers[0] or 0
    if at < 0:
        return {-1: "last", -2: "last but one"}.get(at, "")
    return ORDINALS[at] if at < len(ORDINALS) else ""


def _number(item: Item) -> int | None:
    match item:
        case Number(value=value):
            return int(value)
        case Call(function="negative", args=(Number(value=value),)):
            return -int(value)
    return None


BOTH_WAYS, ONE_WAY = ("add", "multiply"), ("subtract", "divide")  # where what is left may stand


def _around(new: Expr, old: Expr) -> list[Name] | None:
    """Return the names that one expression is added to, or multiplied by, to make another; None where it is not so."""
    if new == old:
        return []
    if not isinstance(old, Call) or len(old.args) != 2:
        return None
    left, right = old.args
    names = _around(new, left) if isinstance(right, Name) and old.function in BOTH_WAYS + ONE_WAY else None
    if names is not None and isinstance(right, Name):
        return [*names, right]
    names = _around(new, right) if isinstance(left, Name) and old.function in BOTH_WAYS else None
    return [left, *names] if names is not None and isinstance(left, Name) else None


def narrowed(one: Expr, other: Expr) -> tuple[Expr, Expr]:
    """Return two expressions, or where these are long the parts of them that differ, if they differ in one place.

    Not the numbers of an index or an exponent alone: "`0` instead of `1`" tells nothing.
    """
    while not (is_whole(one) and is_whole(other)):
        inside, instead = children(one), children(other)
        differ = [pair for pair in zip(inside, instead, strict=False) if pair[0] != pair[1]]
        alike = type(one) is type(other) and len(inside) == len(instead) and len(differ) == 1
        if not alike or with_children(one, instead) != other or all(isinstance(part, Number) for part in differ[0]):
            break
        one, other = differ[0]
    return one, other


def op(function: str, *args: Expr) -> Call:
    """Return an operation written with its sign."""
    return Call(function, args, style="operator")


def substituted(expr: Expr, by: Callable[[Expr], Expr | None]) -> Expr:
    """Return an expression with every part replaced for which `by` has another; outermost first.

    What does not change stays the same object, so that its value need not be computed again.
    """
    other = by(expr)
    if other is not None:
        return other
    before = children(expr)
    after = tuple(substituted(part, by) for part in before)
    if all(new is old for new, old in zip(after, before, strict=True)):
        return expr
    return with_children(expr, after)


def is_one(expr: Expr) -> bool:
    """Tell whether an expression is the number 1 (a factor of 1.0 too)."""
    return isinstance(expr, Number) and expr.value == 1.0
