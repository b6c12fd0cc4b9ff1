"""Every text of the language in an exercise: which do not read, and which read names that are not there.

Both are told without evaluating anything, so that none hides another.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial

from rnn_tutor.engine.draw import parse_draw
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import names_in
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.steps import ProgramError, check_name, read_let, read_loop
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.files.rules import let_name, lets, show_texts, shows
from rnn_tutor.exercises.model import Exercise, Step

CHOSEN = ("choice", "checklist")
Said = tuple[str, str]  # a key, and what is wrong there
_WORD = re.compile(r"[A-Za-z]\w*")
_COUNTED = re.compile(r"\s*([A-Za-z]\w*)\s+in\b(.*)", re.DOTALL)


def unread(exercise: Exercise) -> Iterator[Said]:
    """Give every text of the language that does not read, with what is wrong."""
    for name, given in exercise.given.items():
        key = f"given.{name}"
        yield from _tried(key, check_name, name)
        for part, text in (("value", given.value), ("shape", given.shape)):
            if text is not None:
                yield from _tried(f"{key}.{part}", parse, text)
        if given.draw is not None:
            yield from _tried(f"{key}.draw", parse_draw, given.draw)
    for index, step in enumerate(exercise.steps):
        yield from _unread_step(step, f"steps[{index}]")
    for key, text in asked_of_all(exercise):
        yield from _tried(key, parse, text)


def asked_of_all(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Give the expressions that may read every given and step: answers, conditions, mistakes and pictures."""
    for index, asked in enumerate(exercise.ask):
        if asked.as_ not in CHOSEN:
            yield f"ask[{index}].answer", asked.answer
    yield from ((f"conditions[{index}]", text) for index, text in enumerate(exercise.conditions))
    yield from ((f"mistakes[{index}].value", mistake.value) for index, mistake in enumerate(exercise.mistakes))
    for key, show in shows(exercise):
        yield from show_texts(show, key)


def _unread_step(step: Step, key: str) -> Iterator[Said]:
    if step.let is not None:
        yield from _tried(f"{key}.let", read_let, step.let)
    for name, text in (step.start or {}).items():
        yield from _tried(f"{key}.start.{name}", parse, text)
    if step.for_ is not None:
        yield from _unread_loop(
            step.for_, [(inner.let or "", f"{key}.do[{k}].let") for k, inner in enumerate(step.do or [])], key
        )


def _unread_loop(text: str, body: list[tuple[str, str]], key: str) -> Iterator[Said]:
    """Reading a loop stops at the first step that does not read; without that one it goes on to the next."""
    while body:
        try:
            read_loop(text, tuple(body))
        except ProgramError as error:
            yield error.key, error.says
            body = body[1 + next((k for k, (_, at) in enumerate(body) if at == error.key), len(body)) :]
        except EngineError as error:
            yield f"{key}.for", error.says
            for let, let_key in body:  # they are read as if the loop were fine
                yield from _tried(let_key, partial(read_let, variable=variable_of(text)), let)
            return
        else:
            return


def _tried(key: str, read: Callable[[str], object], text: str) -> Iterator[Said]:
    try:
        read(text)
    except EngineError as error:
        yield key, error.says


# Names


def unknown_names(exercise: Exercise, also: AbstractSet[str]) -> Iterator[Said]:
    """Give every name that is read where it is not there; `also` are names whose own text could not be used."""
    givens = set(exercise.given) | also
    for name, given in exercise.given.items():
        for part, said in (("value", given.value), ("shape", given.shape), ("draw", given.draw)):
            if said is not None:
                yield from _unknown(f"given.{name}.{part}", names_of(said, draw=part == "draw"), givens)
    there = set(givens)
    for index, step in enumerate(exercise.steps):
        key = f"steps[{index}]"
        for name, text in (step.start or {}).items():
            yield from _unknown(f"{key}.start.{name}", names_of(text), there)
        if step.let is not None:
            yield from _unknown(f"{key}.let", names_of(right(step.let)), there)
        if step.for_ is not None:
            yield from _unknown(f"{key}.for", _count_names(step.for_), there)
        made = {own for _, one in lets([step]) if (own := let_name(one.let or "")) is not None}
        inside = there | made | {variable_of(step.for_ or "")}
        for place, inner in enumerate(step.do or []):
            yield from _unknown(f"{key}.do[{place}].let", names_of(right(inner.let or "")), inside)
        there |= made
    for place_of, asked in asked_of_all(exercise):
        yield from _unknown(place_of, names_of(asked), there)


def _unknown(key: str, names: Iterable[str] | None, there: AbstractSet[str]) -> Iterator[Said]:
    graph = Graph()
    for name in sorted(set(names or ()) - there - set(CONSTANTS) - {"None"}):
        if not graph.names:
            for known in there:
                graph.leaf(known, None, ())
        yield key, graph.no_name(name)


def names_of(text: str, *, draw: bool = False) -> set[str] | None:
    """Return the names that a text reads; None if it does not read."""
    try:
        if draw:
            return set[str]().union(*(names_in(arg) for arg in parse_draw(text).args))
        return names_in(parse(text))
    except EngineError:
        return None


def words_of(text: str | None, *, draw: bool = False) -> set[str]:
    """Return the names that a text reads; where it does not read, every word in it."""
    names = names_of(text, draw=draw) if text else set[str]()
    return set(_WORD.findall(text or "")) if names is None else names


def right(let: str) -> str:
    """Return what stands right of the sign of equality."""
    return let.partition("=")[2].strip()


def variable_of(loop: str) -> str:
    """Return what a loop counts with; t where it does not say."""
    match = _COUNTED.match(loop)
    return match[1] if match else "t"


def count_words(loop: str) -> set[str]:
    """Return the names that a loop's count reads."""
    match = _COUNTED.match(loop)
    return set(_WORD.findall(match[2])) - {"range", "reversed"} if match else set()


def _count_names(loop: str) -> set[str]:
    try:
        return names_in(read_loop(loop, ((f"a[{variable_of(loop)}] = 0", ""),)).count)
    except EngineError:
        return set()
