"""What marking a wrong answer needs of the question alone, worked out before there is one."""

import numpy as np

from rnn_tutor.exercises.diagnosis.built import levels
from rnn_tutor.exercises.diagnosis.checkpoints import checkpoints
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.diagnosis.worked_steps import worked
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Question
from rnn_tutor.figures.numbers import listed

TIMES, MORE = (0.6345, 0.8321), 0.0391  # what is expected, nearer to 0: a tanh or a share may still be that
DIGITS = 5  # with which mistakes are looked for two at a time


@np.errstate(all="ignore")
def prepare(question: Question) -> None:
    """Work out mistakes, short expressions and steps, so that the first wrong answer is marked as fast as any.

    The likeliest to be asked for come first. The rest is what marking an answer needs that nothing explains. Who marks
    meanwhile waits for what is being worked out, and does not work it out as well.
    """
    for part in question.parts:
        if isinstance(part.expected, np.ndarray) and part.node is not None:
            search(question, part)
            levels(question, part)
            checkpoints(question, part, ())
            if part.kind == "program":
                worked(question, part)
            else:
                mark(question, part.name, nonsense(part.expected))
    if any(part.kind == "program" for part in question.parts):  # which is run on other numbers as well, right or wrong
        fresh_questions(question.exercise)


def nonsense(expected: np.ndarray) -> str:
    """Return an answer of an expected one's shape that no mistake gives, with many digits."""
    factors = np.linspace(*TIMES, max(1, expected.size)).reshape(expected.shape)
    return listed(np.nan_to_num(np.asarray(expected, dtype=float)) * factors + MORE, DIGITS)
