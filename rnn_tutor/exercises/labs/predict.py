"""A learner's guess -> what is understood of it, and whether it comes so. Nothing here ever raises for a guess."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.exercises.labs.instance import Bench, answer
from rnn_tutor.exercises.labs.model import WITHIN, part_name
from rnn_tutor.exercises.model import Ask, Option
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import read as read_answer
from rnn_tutor.exercises.verdict import Reading
from rnn_tutor.figures.numbers import values

Word = Literal["right", "wrong", "not_understood"]


@dataclass(frozen=True)
class Told:
    """What is said to a guess. Where it was understood: `guess` as it was read, `truth` as it was computed."""

    part: str
    text: str
    verdict: Word
    reading: Reading
    guess: str = ""
    truth: str = ""
    says: str = ""

    @property
    def answer(self) -> tuple[str, str, str]:
        """The guess beside what came, as a sentence of three pieces: the second is what came.

        An option is quoted, as it may be a sentence of its own.
        """
        if not isinstance(self.reading.value, frozenset):
            return f"You said {self.guess}; it is ", self.truth, "."
        if self.verdict == "right":
            return "", f"{self.truth[:1].upper()}{self.truth[1:].rstrip('.')}", "."
        return f'You said "{self.guess}"; the answer is "', self.truth, '".'


def read(bench: Bench, place: int, text: str) -> Reading:
    """Return what is understood of a guess: an option by its number, letter or words, or a number.

    Raises ExerciseError where the lab itself cannot be evaluated.
    """
    question = _question(bench, place)
    reading = read_answer(question, question.parts[0].name, text)
    if isinstance(reading.value, np.ndarray) and reading.value.shape:
        return _refused(reading, "Type a single number.")
    if isinstance(reading.value, np.ndarray) and not np.isfinite(reading.value):
        return _refused(reading, "That is not a finite number.")
    return reading


def tell(bench: Bench, place: int, text: str) -> Told:
    """Return whether it comes as guessed, and how it comes. Raises ExerciseError as `read` does."""
    asked = bench.lab.predict[place]
    part = part_name(place)
    reading = read(bench, place, text)
    if reading.value is None:
        return Told(part, text, "not_understood", reading)
    truth = answer(bench, place)
    if isinstance(reading.value, frozenset):
        (chosen,) = reading.value
        right = chosen - 1 == truth
        guess, truth_text = asked.options[chosen - 1].text, asked.options[int(truth)].text
    else:
        value = np.asarray(reading.value, dtype=float)
        right = bool(close(value, np.asarray(truth), asked.within or WITHIN, 0.0))
        guess, truth_text = values(value, 4), values(np.asarray(truth), 4)
    return Told(part, text, "right" if right else "wrong", reading, guess, truth_text, asked.say)


def _refused(reading: Reading, sentence: str) -> Reading:
    from rnn_tutor.engine.errors import EngineError

    return Reading(reading.text, sentence, error=EngineError("value", sentence))


def _question(bench: Bench, place: int) -> Question:
    """Return a prediction as a question of one part, so that a guess is read as answers are."""
    asked = bench.lab.predict[place]
    scene = bench.untrained(place)
    name = "guess"
    if asked.answer is None:
        options = [Option(text=option.text) for option in asked.options]
        part = Part(name, "choice", Ask(answer=name, as_="choice", options=options), frozenset())
    else:
        part = Part(name, "scalar", Ask(answer=name, as_="scalar"), np.zeros(()))
    named = {**bench.givens, **{key: dial.value(scene.settings[key]) for key, dial in bench.dials.items()}}
    return Question(bench.lab.as_exercise, bench.seed, named, scene.graph, (part,), bench.source)
