"""What marking a wrong answer needs of the question alone, worked out before there is one."""

from collections.abc import Callable

import numpy as np

from rnn_tutor.exercises.diagnosis.built import levels
from rnn_tutor.exercises.diagnosis.checkpoints import checkpoints
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.question import Question


@np.errstate(all="ignore")
def prepare(question: Question, between: Callable[[], None] = lambda: None) -> None:
    """Work out mistakes, short expressions and steps, so that the first wrong answer is marked as fast as any.

    Who marks meanwhile waits for what is being worked out, and does not work it out as well. `between` is called after
    each of them, so that a thread can let others go first.
    """
    for part in question.parts:
        if isinstance(part.expected, np.ndarray) and part.node is not None:
            search(question, part)
            between()
            levels(question, part)
            between()
            checkpoints(question, part, ())
            between()
    if any(part.kind == "program" for part in question.parts):  # which is run on other numbers as well, right or wrong
        fresh_questions(question.exercise)
        between()
