"""Answers marked again: the same verdict and the same mistake as when they were marked first, and seldom a search."""

import numpy as np
import pytest

from rnn_tutor.exercises import again as marking_again
from rnn_tutor.exercises.again import Again, Named
from rnn_tutor.exercises.carried import what_follows
from rnn_tutor.exercises.diagnosis.pairs import pairs
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import MAX_TRIES, ask, drawn_from
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import Explaining, mark
from rnn_tutor.exercises.question import with_givens
from rnn_tutor.figures.numbers import listed
from rnn_tutor.paths import content_folder

LIBRARY = Library([content_folder()])
SEED = 4_321


@pytest.fixture
def searched(monkeypatch):
    """The answers for which a mistake was searched."""
    found = []

    def value(self, question, asked, reading, comparison):
        found.append(reading.text)
        return thorough(self, question, asked, reading, comparison)

    thorough = Explaining.value
    monkeypatch.setattr(Explaining, "value", value)
    return found


def named(verdict):
    said = verdict.diagnosis
    return Named(said.kind, said.rule) if verdict.verdict == "wrong" and said is not None else Named("", "")


def wrong_answers(question, part, most):
    expected = np.asarray(part.expected)
    versions = [one for one in search(question, part).singles if one.value.size < 100]
    for version in versions[:: max(1, len(versions) // most)]:
        yield listed(version.value, 4)
    yield listed(expected * 1.37 + 0.123, 5)
    yield listed(expected, 1)
    yield listed(expected[..., None], 4) if expected.size < 100 else "0"
    yield "nothing_known + 1"
    yield from list(question.told)[:2]


@pytest.mark.parametrize("name", list(LIBRARY.ids)[::7])
def test_what_is_marked_again_is_what_was_marked(name):
    """Every seventh exercise, with the numbers of another learner than the one that was met first."""
    exercise, again = LIBRARY.exercise(name), Again()
    for seed in (SEED, SEED + 1):
        question = ask(exercise, seed)
        for part in question.parts:
            if part.node is None or part.kind == "program" or not isinstance(part.expected, np.ndarray):
                continue
            for text in wrong_answers(question, part, 4):
                first = mark(question, part.name, text)
                then = again.mark(question, part.name, text, {}, (), named=named(first))
                assert (then.verdict, then.score, named(then)) == (first.verdict, first.score, named(first)), text


def a_question(seed=SEED):
    question = ask(LIBRARY.exercise("lstm-cell"), seed)
    return question, question.parts[0]


def a_mistake(question, part):
    """The text of a wrong answer of which one mistake is named, and what is said of it."""
    for version in search(question, part).singles:
        text = listed(version.value, 5)
        verdict = mark(question, part.name, text)
        if verdict.verdict == "wrong" and verdict.diagnosis.kind == "mutation" and " or " not in verdict.diagnosis.rule:
            return text, named(verdict)
    raise AssertionError("no mistake of it has a name")


def test_a_name_that_proves_true_is_not_searched_for(searched):
    question, part = a_question()
    text, known = a_mistake(question, part)
    again = Again()
    again.mark(question, part.name, text, {}, (), named=known)
    searched.clear()
    assert named(again.mark(question, part.name, text, {}, (), named=known)) == known
    assert searched == []


def test_a_name_that_does_not_give_the_answer_is_searched_for_anew(searched):
    question, part = a_question()
    text, known = a_mistake(question, part)
    searched.clear()
    for other in ("sign", "nobody_knows_this", "sign+power", ""):
        found = Again().mark(question, part.name, text, {}, (), named=Named("mutation", other))
        assert named(found) == known
    assert searched == [text] * 4


@pytest.mark.parametrize(
    "kind", ["none", "elements", "mutation", "authored", "intermediate", "slip", "program", "x" * 900]
)
def test_no_name_makes_a_right_answer_wrong_or_a_wrong_one_right(kind):
    question, part = a_question()
    right = listed(part.expected, 5)
    assert Again().mark(question, part.name, right, {}, (), named=Named(kind, "sign")).verdict == "right"
    wrong = listed(np.asarray(part.expected) + 1.234, 5)
    assert Again().mark(question, part.name, wrong, {}, (), named=Named(kind, "sign")).verdict == "wrong"


def test_two_mistakes_are_proved_together():
    question, part = a_question()
    for pair in pairs(search(question, part)):
        text = listed(pair.value, 6)
        known = named(mark(question, part.name, text))
        if known.rule.count("+") == 1 and " or " not in known.rule:
            assert named(Again().mark(question, part.name, text, {}, (), named=known)) == known
            return
    pytest.fail("no two mistakes of it have names")


def test_an_answer_that_follows_from_an_earlier_one_is_right_again():
    for exercise in LIBRARY.ids:
        question = ask(LIBRARY.exercise(exercise), SEED)
        parts = [part for part in question.parts if part.kind in ("scalar", "vector", "matrix")]
        if len(parts) < 2:
            continue
        first, second = parts[:2]
        text = listed(np.asarray(first.expected) * 1.5 + 0.25, 6)
        followed = what_follows(question, second, {first.name: np.asarray(first.expected) * 1.5 + 0.25})
        if followed is None or np.allclose(followed, second.expected):
            continue
        verdict = mark(question, second.name, listed(followed, 6), {first.name: text})
        if verdict.follows:
            again = Again().mark(
                question, second.name, listed(followed, 6), {first.name: text}, (), named=Named("", "")
            )
            assert (again.verdict, again.follows) == ("right", verdict.follows)
            return
    pytest.fail("nothing follows from anything")


def test_the_numbers_of_a_seed_are_known_when_they_are_seen():
    for name in list(LIBRARY.ids)[::37]:
        exercise = LIBRARY.exercise(name)
        for seed in (None, SEED):
            asked = ask(exercise, seed)
            wanted = {key: np.asarray(value).tolist() for key, value in asked.givens.items()}

            def is_it(givens, wanted=wanted):
                return {key: np.asarray(value).tolist() for key, value in givens.items()} == wanted

            found = drawn_from(exercise, seed, is_it)
            assert found is not None
            assert [(part.name, str(part.expected)) for part in found.parts] == [
                (part.name, str(part.expected)) for part in asked.parts
            ]


def test_the_numbers_of_one_seed_are_not_those_of_another():
    exercise = LIBRARY.exercise("lstm-cell")
    wanted = listed(ask(exercise, SEED).parts[0].expected, 9)

    def is_it(givens):
        return listed(with_givens(exercise, givens, None).parts[0].expected, 9) == wanted

    assert drawn_from(exercise, SEED, is_it) is not None
    assert drawn_from(exercise, SEED + 1, is_it) is None
    assert drawn_from(exercise, None, is_it) is None


def test_numbers_that_a_seed_never_draws_are_looked_for_within_bounds():
    seen = []
    assert drawn_from(LIBRARY.exercise("lstm-cell"), SEED, lambda givens: bool(seen.append(givens))) is None
    assert len(seen) == MAX_TRIES


def test_versions_that_are_kept_are_bounded():
    rules = marking_again.Rules(most=10)
    for name in ("lstm-cell", "gradient-product", "lstm-cell"):
        question = ask(LIBRARY.exercise(name), SEED)
        part = next(one for one in question.parts if one.node is not None and one.kind != "shape")
        assert rules.versions(question, part, search(question, part).singles[0].rules[0])
        assert len(rules._of) == 1  # of the part in hand all are there


def test_names_that_no_rule_has_are_not_kept():
    """A file may be full of them."""
    question, part = a_question()
    text, _ = a_mistake(question, part)
    again = Again()
    for at in range(5):
        for rule in (f"nobody knows {at}", f"nobody+knows {at}"):
            again.mark(question, part.name, text, {}, (), named=Named("mutation", rule))
    ((_, by_rule),) = again._rules._of.values()
    assert [rule for rule in by_rule if "nobody" in rule or "knows" in rule] == []
