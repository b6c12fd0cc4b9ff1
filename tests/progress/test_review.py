"""The rule that turns attempts into reviews, and the dates that FSRS-6 makes of them.

The dates are held against FSRS-6 as its authors publish it (w0-w20, retention 0.9), written out here by hand.
"""

from datetime import timedelta, timezone
from math import exp

import pytest

from rnn_tutor.progress.review import due, rating, reviews

DAY = timedelta(days=1)
AGAIN, HARD, GOOD = 0.212, 1.2931, 2.3065  # w0, w1, w2: the first stability in days, by rating


def only(attempts, now):
    (one,) = reviews(attempts, now)
    return one


def days(attempts, now):
    """How many days after the last round the one exercise is due."""
    one = only(attempts, now)
    return (one.due - one.last) / DAY


def test_nothing_yet(made):
    assert reviews([], made().at) == []
    assert due([], made().at) == []


@pytest.mark.parametrize(
    ("answers", "stability"),
    [
        ([{}], GOOD),
        ([{"verdict": "rounded"}, {"verdict": "not_understood"}, {}], GOOD),
        ([{"hints": 1}], HARD),
        ([{"verdict": "wrong"}, {}], HARD),
        ([{"verdict": "wrong", "hints": 1}, {"verdict": "wrong", "hints": 1}, {"hints": 2}], HARD),
        ([{"verdict": "wrong"}], AGAIN),
        ([{"solution": True}], AGAIN),
        ([{"verdict": "wrong"}, {"solution": True}], AGAIN),
        ([{"parts": 2}, {"parts": 2, "part": "h"}], GOOD),
        ([{"parts": 2}, {"parts": 2, "part": "h", "verdict": "wrong"}], AGAIN),
        ([{"parts": 2}, {"parts": 2, "part": "h", "hints": 1}], HARD),
    ],
)
def test_how_a_first_round_is_rated(made, answers, stability):
    """By the chance of recall that it leaves after a hundred days: R = (1 + F * t / S) ** -w20, R(S) = 0.9."""
    attempts = [made(hours=0.1 * number, **one) for number, one in enumerate(answers)]
    found = only(attempts, attempts[-1].at + 100 * DAY)
    factor = 0.9 ** (1 / -0.1542) - 1
    assert found.recall == pytest.approx((1 + factor * 100 / stability) ** -0.1542, rel=1e-9)
    assert found.rounds == 1
    assert found.last == attempts[-1].at
    assert found.due - found.last == max(round(stability), 1) * DAY


@pytest.mark.parametrize(
    "answers", [[{"verdict": "rounded"}], [{"verdict": "not_understood", "hints": 2}], [{"parts": 2}]]
)
def test_what_says_nothing_yet(made, answers):
    assert reviews([made(**one) for one in answers], made(hours=50).at) == []


def test_a_second_good_round_on_the_day_it_is_due(made):
    """Stability after recall: S * (1 + e^w8 * (11 - D) * S^-w9 * (e^(w10 * (1 - R)) - 1))."""
    second = made(hours=48, givens="other")
    difficulty = 6.4133 - exp(0.8334 * 2) + 1  # w4 - e^(w5 * (G - 1)) + 1 with G = 3
    recall = (1 + (0.9 ** (1 / -0.1542) - 1) * 2 / GOOD) ** -0.1542
    stability = GOOD * (1 + exp(1.8722) * (11 - difficulty) * GOOD**-0.1666 * (exp(0.796 * (1 - recall)) - 1))
    assert days([made(), second], second.at) == round(stability)
    assert round(stability) > 5


def test_intervals_grow_with_success_and_fall_with_failure(made):
    attempts, gaps = [], []
    now = made().at
    for number in range(5):
        attempts.append(made(at=now, givens=str(number)))
        gaps.append(days(attempts, now))
        now = reviews(attempts, now)[0].due
    assert gaps == sorted(set(gaps))
    attempts.append(made(at=now, givens="last", verdict="wrong"))
    assert days(attempts, now) < gaps[-1]


def test_the_same_numbers_right_again_on_the_same_day_say_nothing(made):
    once = only([made()], made(hours=1).at)
    assert only([made(), made(hours=0.5), made(hours=1, hints=1)], made(hours=1).at) == once
    assert only([made(), made(hours=0.5, givens="other")], made(hours=1).at).rounds == 2
    assert only([made(), made(hours=25)], made(hours=25).at).rounds == 2


def test_a_wrong_answer_that_is_put_right_the_next_day_is_two_rounds(made):
    attempts = [made(verdict="wrong"), made(hours=25)]
    assert only(attempts, made(hours=25).at).rounds == 2
    attempts = [made(verdict="wrong"), made(hours=2)]
    assert only(attempts, made(hours=2).at).rounds == 1


def test_due_is_by_the_calendar_where_the_learner_is(made):
    """Done at 10:00 UTC on a Monday and due two days later: from midnight on, wherever midnight is."""
    attempt = made()
    midnight = attempt.at.replace(hour=0) + 2 * DAY
    assert due([attempt], midnight - timedelta(minutes=1)) == []
    assert [one.skill for one in due([attempt], midnight)] == ["lstm-cell"]
    east = timezone(timedelta(hours=9))
    assert [one.skill for one in due([attempt], (midnight - timedelta(hours=9)).astimezone(east))] == ["lstm-cell"]


def test_the_longest_due_comes_first(made):
    attempts = [made(exercise="c"), made(exercise="b", hours=-24), made(exercise="a")]
    assert [one.skill for one in due(attempts, made(hours=240).at)] == ["b", "a", "c"]


def test_the_same_attempts_are_due_at_the_same_time_whenever_that_is_asked(made):
    attempts = [made(hours=30 * number, givens=str(number)) for number in range(6)]
    asked = {only(attempts, attempts[-1].at + DAY * later).due for later in (0, 0, 1, 40)}
    assert len(asked) == 1


def test_a_clock_that_was_wrong_does_no_lasting_harm(made):
    """Ten years ahead, then put right; and back again."""
    ahead = made(hours=24 * 3650, givens="a")
    attempts = [made(), ahead, made(hours=30, givens="a"), made(hours=-9999, givens="b")]
    now = made(hours=48).at
    found = only(attempts, now)
    assert found.last == now
    assert found.rounds == 4
    assert now < found.due < now + 100 * DAY


def test_many_attempts_are_no_burden(made):
    """Each attempt is looked at once: 20,000 at one exercise with ever new numbers."""
    attempts = [made(hours=number, givens=str(number)) for number in range(20_000)]
    assert only(attempts, attempts[-1].at).rounds == 20_000


SKILLS = {"a": ("forward", "mask"), "b": ("forward",), "c": ("count",)}


def test_a_skill_comes_back_once_whatever_trained_it(made):
    attempts = [made(exercise=name, hours=number) for number, name in enumerate("abc")]
    found = {one.skill: one for one in reviews(attempts, made(hours=99).at, SKILLS.__getitem__)}
    assert set(found) == {"forward", "mask", "count"}
    assert found["forward"].rounds == 2
    assert found["forward"].exercises == ("a", "b")
    assert found["mask"].due < found["forward"].due  # which was trained once more


def test_what_waited_long_does_not_come_back_all_at_once(made):
    attempts = [made(exercise=f"e{number:02}", hours=-number) for number in range(50)]
    late = made(hours=24 * 400).at
    assert len(due(attempts, late, most=None)) == 50
    assert [one.skill for one in due(attempts, late)] == [one.skill for one in due(attempts, late, most=None)[:20]]


@pytest.mark.parametrize(
    ("answers", "name"), [([{}], "Good"), ([{"hints": 1}], "Hard"), ([{"verdict": "wrong"}], "Again"), ([], None)]
)
def test_the_rating_of_the_last_round(made, answers, name):
    found = rating([made(exercise="other", verdict="wrong"), *(made(**one) for one in answers)], "lstm-cell")
    assert (found.name if found is not None else None) == name
