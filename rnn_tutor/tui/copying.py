"""What of an exercise can be copied: its givens, what is right so far, and once it is solved the steps; no widget."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.writing.library import Key
from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.exercises.question import as_list
from rnn_tutor.exercises.script import givens_code, has_steps, script

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Question
    from rnn_tutor.tui.visits import ExerciseVisit


class Copy(NamedTuple):
    """A text to copy: what it is called, and a few words on it."""

    name: str
    text: str
    says: str


def copies(visit: "ExerciseVisit") -> list[Copy]:
    """Return what can be copied of an exercise now; nothing of it tells what is still to be found."""
    question = visit.question
    found: dict[str, Copy] = {}
    for name in question.told:
        given = question.givens[name]
        text = str(given) if isinstance(given, tuple) else as_list(given)
        found[name] = Copy(name, text, question.meaning(name))
    for part in question.parts:
        if part.node is not None and part.node.value is not None and (visit.open or visit.right(part.name)):
            found.setdefault(part.name, Copy(part.name, as_list(np.asarray(part.node.value)), "the right answer"))
    if visit.open:
        for name in question.graph.names:
            value = _value(question, name)
            if name not in question.givens and value is not None:
                found.setdefault(name, Copy(name, as_list(value), "a step of the solution"))
    whole = [Copy("all givens", givens_code(question, "numpy"), "as NumPy code")] if question.told else []
    return [*found.values(), *whole]


def code_of(visit: "ExerciseVisit", key: Key) -> tuple[str, str]:
    """Return an exercise as code of a library, and a sentence on what is left out of it, each "" for nothing.

    As long as the steps would tell an answer, there are only the givens.
    """
    question = visit.question
    if visit.open and has_steps(question):
        try:
            return script(question, key), ""
        except UnwrittenError as error:
            return givens_code(question, key) if question.told else "", error.says
    if not question.told:
        more = " Once you have solved it, its steps are here." if has_steps(question) else ""
        return "", f"There are no givens here, so there is no code to copy.{more}"
    note = "The steps and the answers follow once you have solved it, or read the solution."
    return givens_code(question, key), note if has_steps(question) else ""


def _value(question: "Question", name: str) -> np.ndarray | None:
    try:
        value = question.graph.whole(name).value
    except EngineError:  # one that hangs on what could not be had
        return None
    return None if value is None else np.asarray(value)
