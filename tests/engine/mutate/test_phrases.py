"""Every kind of mistake that may be told has a few words for those who made it again."""

from pathlib import Path

import numpy as np

from rnn_tutor.engine.mutate import COSTS
from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark

SLIPS = {"element_sign", "cut_off", "digits_exchanged", "digit_wrong", "decimal_point", "product_left_out"} | {
    "two_exchanged"
}


def test_each_rule_has_a_phrase_and_each_phrase_a_rule():
    assert PHRASES.keys() == COSTS.keys() | SLIPS


def test_a_phrase_is_a_few_words_and_no_sentence():
    for rule, phrase in PHRASES.items():
        assert 0 < len(phrase) <= 70, rule
        assert not phrase.endswith(".") and phrase[:1].islower(), rule
    assert len(set(PHRASES.values())) == len(PHRASES)


def test_a_slip_in_the_course_is_one_of_those():
    library = Library([Path(__file__).parents[3] / "content"])
    question = ask(library.exercise("output-layer"))
    part = next(part for part in question.parts if np.size(part.expected) > 1)
    value = np.array(part.expected)
    value.flat[0] *= -1
    found = mark(question, part.name, ", ".join(f"{one:.4g}" for one in value.flat)).diagnosis
    assert found is not None
    assert found.rule in PHRASES


def test_each_wrong_version_in_some_exercises_has_a_phrase():
    library = Library([Path(__file__).parents[3] / "content"])
    for name in library.ids[::9]:
        question = ask(library.exercise(name))
        for part in question.parts:
            if isinstance(part.expected, np.ndarray) and part.node is not None:
                assert {rule for one in search(question, part).singles for rule in one.rules} <= PHRASES.keys()
