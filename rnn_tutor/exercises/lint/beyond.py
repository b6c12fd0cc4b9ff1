"""What of a file that cannot be used can still be looked at: what was found, and what does not follow from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from rnn_tutor.engine.graph.graph import ANY
from rnn_tutor.exercises.files.convert import related, usable
from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.files.rules import Problem
from rnn_tutor.exercises.files.yaml_text import Data
from rnn_tutor.exercises.read import read_tree

Model = TypeVar("Model", bound=msgspec.Struct)

_MAKING = ("given", "controls", "steps")  # the keys under which names are made


@dataclass(frozen=True)
class Beyond(Generic[Model]):
    """The usable part of a file, None where too little is: everything in its place, and what is missing made up.

    `findings` has what is wrong so far. Of the rest, `blamed` are the keys that were told of, `unknown` the names that
    the author made and of which nothing else is known.
    """

    findings: list[Finding]
    value: Model | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    hash: str = ""
    blamed: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()


def beyond(
    error: ContentError, path: Path, inside: Path, model: type[Model], problems: Callable[[Model], list[Problem]]
) -> Beyond[Model]:
    """Return what can be looked at of a file in which `error` was found; `problems` is what its kind must be."""
    found = list(error.findings)
    blamed = [one.key.rstrip(".?") for one in found]
    try:
        tree, content = read_tree(path, inside)
    except ContentError:
        return Beyond(found)  # not even YAML
    value, made_up = usable(tree, model)
    if value is None or "" in blamed:
        return Beyond(found)
    parts_made_up = {key.partition(".")[0] for key in made_up if key.startswith("ask")}
    blamed += [*made_up, *parts_made_up]
    for key, says in problems(value):
        of_a_part = key.startswith("mistakes") and key.endswith(".answer")
        if not related(key, blamed) and not (of_a_part and parts_made_up):
            found.append(Finding(path, tree.line(key), shown(key, 120), says))
    blamed += [one.key for one in found]
    unknown = _not_there(tree.data, value, error.findings)
    return Beyond(found, value, tree.lines, content, tuple(dict.fromkeys(blamed)), frozenset(unknown))


def _not_there(data: Data, value: msgspec.Struct, findings: Sequence[Finding]) -> set[str]:
    """Return the names that a file has and that are not in what is usable of it; ANY where there may be others.

    There may be where a name stands twice, and where givens or steps may stand under another key.
    """
    given, *others = (data.get(key) if isinstance(data, dict) else None for key in _MAKING if hasattr(value, key))
    whole = isinstance(given, dict) and all(isinstance(one, list) for one in others)
    elsewhere = any("." not in one.key and "[" not in one.key for one in findings)
    twice = any("stands twice" in one.says and one.key.startswith(_MAKING) for one in findings)
    if twice or (elsewhere and not whole):
        return {ANY}
    return set(given if isinstance(given, dict) else ()) - set(getattr(value, "given", ()))
