"""What is written of the givens of an imported exercise beside their values: guesses, and draws that were tried."""

from pathlib import Path

import numpy as np

from rnn_tutor.exercises.files.convert import convert
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.importing.building import Built
from rnn_tutor.exercises.importing.guesses import Guess, guess
from rnn_tutor.exercises.importing.trying import with_draws
from rnn_tutor.exercises.importing.uses import Uses, is_looped
from rnn_tutor.exercises.importing.writing import GivenText, exercise_text
from rnn_tutor.exercises.model import Exercise

Proposal = tuple[dict[str, GivenText], tuple[str, ...]]


def guessed(made: Built) -> dict[str, GivenText]:
    """Return for each given what is guessed of it, without a draw."""
    return _texts(_guesses(made), None)


def proposals(made: Built, ident: str, source: str) -> list[Proposal]:
    """Return what may be written of the givens, with conditions; the best first, the last without any draw."""
    guesses = _guesses(made)
    plain = _texts(guesses, None)
    found: list[Proposal] = []
    exercise = _exercise(exercise_text(made, ident, source, plain), ident)
    if exercise is not None:
        drawn = with_draws(exercise, guesses)
        if not _draws(drawn) and made.kind == "program":  # which needs new numbers to be tried on
            guesses = _guesses(made, needed=True)
            drawn = with_draws(exercise, guesses)
        if _draws(drawn):
            found.append((_texts(guesses, drawn), tuple(drawn.conditions)))
    return [*found, (plain, ())]


def _guesses(made: Built, *, needed: bool = False) -> dict[str, Guess]:
    steps = tuple(text for _, text in made.lets())
    prose = f"{made.title}\n{made.prompt}"
    return {
        name: guess(
            name,
            made.values.get(name, np.zeros(())),
            prose,
            Uses(
                steps,
                made.values,
                whole=name in made.whole,
                looped=is_looped(name, made.code),
                fixed=name in made.fixed,
                comment=made.comments.get(name, ""),
                needed=needed,
            ),
        )
        for name in made.givens
    }


def _texts(guesses: dict[str, Guess], drawn: Exercise | None) -> dict[str, GivenText]:
    texts = {}
    for name, one in guesses.items():
        given = drawn.given[name] if drawn is not None else None
        draw, decimals = (given.draw, given.decimals) if given is not None and given.draw else ("", 2)
        texts[name] = GivenText(one.means, one.says, one.axes, draw or "", decimals)
    return texts


def _draws(exercise: Exercise) -> bool:
    return any(given.draw is not None for given in exercise.given.values())


def _exercise(text: str, ident: str) -> Exercise | None:
    """Return the exercise of a text, whatever else an exercise has to be; None where it does not read."""
    try:
        tree = parse(text, Path(f"{ident}.yaml"))
    except ContentError:
        return None
    return convert(tree, Exercise).value
