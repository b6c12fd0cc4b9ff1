"""In a review numbers are drawn on which the mistakes that the learner made before would show."""

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.earlier import hidden, telling_seed
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.summary import Mistakes

NAME, RULE = "gradient-product", "powers"


@pytest.fixture(scope="module")
def exercise():
    return Library([content_folder()]).exercise(NAME)


def hides(exercise, seeds):
    return [hidden(ask(exercise, seed), {RULE}) for seed in seeds]


def test_a_seed_that_hides_an_earlier_mistake_is_passed_over(exercise):
    counts = hides(exercise, range(6))
    hiding, showing = (next(at for at, count in enumerate(counts) if bool(count) is found) for found in (True, False))
    assert telling_seed(exercise, [hiding, showing], {RULE}) == showing
    assert telling_seed(exercise, [showing, hiding], {RULE}) == showing
    assert telling_seed(exercise, [hiding, showing], {"no_such_rule"}) == hiding


def test_where_every_seed_hides_it_the_one_that_hides_fewest_is_taken(exercise):
    counts = hides(exercise, range(6))
    hiding = [at for at, count in enumerate(counts) if count]
    assert telling_seed(exercise, hiding, {RULE}) == min(hiding, key=lambda at: counts[at])


def test_what_is_counted_is_what_would_be_marked_right(exercise):
    """A version that looks right is marked right when its value is typed."""
    from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
    from rnn_tutor.exercises.diagnosis.earlier import _values

    question = ask(exercise, next(at for at, count in enumerate(hides(exercise, range(6))) if count))
    marked = 0
    for part in question.parts:
        if isinstance(part.expected, np.ndarray):
            values = [value for value in _values(question, part, {RULE}) if looks_right(part, value)]
            marked += len(values)
            assert all(mark(question, part.name, str(value.tolist())).verdict == "right" for value in values)
    assert marked


def test_what_draws_nothing_has_the_first_seed():
    fixed = Library([content_folder()]).exercise("debug-checklist")
    assert telling_seed(fixed, [5, 6], {RULE}) == 5


def test_the_rules_of_a_learner_are_those_that_were_named():
    class Answer:
        def __init__(self, rule, verdict="wrong"):
            self.exercise, self.rule, self.verdict = "one", rule, verdict

    answers = [Answer("sign"), Answer("powers+bias"), Answer("a or b"), Answer(""), Answer("other", "right")]
    assert Mistakes(answers).made == {"sign", "powers", "bias"}
