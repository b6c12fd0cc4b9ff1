"""How a step is written: which name a `let` makes, and what a `for` counts. Nothing is evaluated, and nothing raises.

The files of a course are read before NumPy is there, so this knows characters only; `program` reads the expressions.
"""

from dataclasses import dataclass

_NO_NAME = frozenset("[]=(),")


@dataclass(frozen=True, slots=True)
class Target:
    """What stands left of the sign of equality: a name, and what is in the brackets after it (None without any)."""

    name: str
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """`t in range(count)`, or reversed; `at` is where the variable stands in the text, `count_at` where the count."""

    variable: str
    at: tuple[int, int]
    count: str
    count_at: int
    reverse: bool


def target(let: str) -> Target | None:
    """Return what `name = expression` or `name[t] = expression` defines; None where it is neither."""
    left, sign, right = let.partition("=")
    if not sign or right.startswith("=") or not right.strip():
        return None
    name, bracket, rest = left.partition("[")
    index, closing, after = rest.partition("]")
    name = name.strip()
    if not name or any(char.isspace() or char in _NO_NAME for char in name):
        return None
    if not bracket:
        return Target(name)
    return Target(name, index) if closing and "[" not in index and not after.strip() else None


def counted(loop: str) -> Counted | None:
    """Return what a `for` counts; None where it is neither `t in range(T)` nor `t in reversed(range(T))`."""
    words = loop.split(None, 2)
    if len(words) < 3 or words[1] != "in" or not _is_name(words[0]):
        return None
    variable, at = words[0], loop.index(words[0])
    over, over_at = words[2], len(loop) - len(words[2])
    backwards = _within("reversed", over, over_at)
    found = _within("range", *(backwards or (over, over_at)))
    if found is None:
        return None
    return Counted(variable, (at, at + len(variable)), *found, backwards is not None)


def variable_of(loop: str) -> str:
    """Return what a `for` counts with, whatever it counts; t where it does not say."""
    words = loop.split(None, 2)
    return words[0] if len(words) == 3 and words[1] == "in" and _is_name(words[0]) else "t"


def _is_name(word: str) -> bool:
    return word.isascii() and word.isidentifier() and not word.startswith("_")


def _within(word: str, text: str, at: int) -> tuple[str, int] | None:
    """Return what stands in the brackets of `word(...)`, and where; `at` is where the text stands."""
    at += len(text) - len(text.lstrip())
    text = text.strip()
    opening = text.find("(")
    if opening < 0 or text[:opening].rstrip() != word or not text.endswith(")"):
        return None
    return text[opening + 1 : -1], at + opening + 1
