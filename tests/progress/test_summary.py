from dataclasses import replace

import pytest

from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import (
    Recurring,
    Week,
    next_exercise,
    recurring,
    standings,
    standings_so_far,
    too_early,
    week,
)

COURSE = ["rnn-update", "sequence-probability", "lstm-cell"]


def test_nothing_yet():
    assert standings([]) == {}
    assert next_exercise(COURSE, {}) == "rnn-update"
    assert next_exercise([], {}) is None


def test_an_exercise_from_first_try_to_done(made):
    one = {"exercise": "sequence-probability", "parts": 2, "seconds": 10.0}
    answers = [
        made(**one, part="p", verdict="not_understood"),
        made(**one, part="p", verdict="wrong"),
        made(**one, part="p", verdict="right", hints=2),
        made(**one, part="logp", verdict="rounded", hints=1),
    ]
    found = standings(answers)["sequence-probability"]
    assert (found.right, found.tried, found.tries, found.done) == ({"p"}, {"p"}, 2, False)
    assert (found.hints, found.seconds, found.solution) == (2, 40.0, False)
    answers.append(made(**one, part="logp", verdict="right", hours=3))
    found = standings(answers)["sequence-probability"]
    assert (found.right, found.tries, found.done) == ({"p", "logp"}, 3, True)
    assert found.at_once == {"logp"}
    assert found.last == made(hours=3).at


def test_what_was_right_only_after_the_solution_is_looked_up_until_it_is_right_without(made):
    one = {"exercise": "sequence-probability", "parts": 2}
    answers = [made(**one, part="p")]
    assert not standings(answers)["sequence-probability"].looked_up  # it is not done
    answers.append(made(**one, part="logp", solution=True))
    assert standings(answers)["sequence-probability"].looked_up
    answers.append(made(**one, part="logp", seed=3))
    assert not standings(answers)["sequence-probability"].looked_up


def test_parts_may_be_right_with_different_numbers(made):
    one = {"exercise": "sequence-probability", "parts": 2}
    found = standings([made(**one, part="p", seed=1), made(**one, part="logp", seed=2)])
    assert found["sequence-probability"].done


def test_done_stays_done(made):
    found = standings([made(), made(verdict="wrong", hours=48)])["lstm-cell"]
    assert (found.done, found.at_once, found.tries) == (True, {"c"}, 2)


def test_right_at_once_is_without_help(made):
    assert standings([made()])["lstm-cell"].at_once == {"c"}
    assert standings([made(hints=1)])["lstm-cell"].at_once == set()
    seen = standings([made(solution=True)])["lstm-cell"]
    assert (seen.at_once, seen.solution) == (set(), True)
    assert standings([made(verdict="wrong"), made()])["lstm-cell"].at_once == set()
    assert standings([made(verdict="rounded"), made()])["lstm-cell"].at_once == {"c"}


def test_an_exercise_that_was_given_another_part_stays_done_and_the_part_is_open(made):
    answers = [made(), made(parts=2, verdict="wrong", part="h")]
    standing = standings(answers)["lstm-cell"]
    assert (standing.done, standing.right, standing.parts) == (True, {"c"}, 2)
    assert not standings(answers[1:])["lstm-cell"].done
    assert next_exercise(["lstm-cell", "gru-update"], standings(answers)) == "gru-update"


def test_parts_that_were_right_when_there_were_more_are_not_all_that_there_were_before(made):
    """Two of three parts, the first when there were three: of two parts, only one was right when there were two."""
    answers = [made(parts=2, part="a"), made(parts=3, part="b")]
    assert not standings(answers)["lstm-cell"].done
    assert standings([*answers, made(parts=3, part="c")])["lstm-cell"].done
    assert standings([made(parts=3, part="a"), made(parts=2, part="b")])["lstm-cell"].done  # one part was taken out


def test_the_sums_of_the_store_tell_the_same(made, tmp_path):
    later = {"parts": 3, "part": "later"}
    several = {
        "stays": [made(parts=2, part="a"), made(parts=2, part="b"), made(**later, verdict="wrong")],
        "open": [made(parts=2, part="a"), made(**later)],
        "all": [made(parts=2, part="a"), made(parts=3, part="b"), made(**later)],
        "rounded": [made(parts=1, part="a", verdict="rounded")],
    }
    store = Store.open(tmp_path / "progress.sqlite3")
    for name, attempts in several.items():
        for attempt in attempts:
            store.add(replace(attempt, exercise=name))
    summed, counted = standings_so_far(store.tallies()), standings(store.attempts())
    assert {name: one.done for name, one in summed.items()} == {name: one.done for name, one in counted.items()}
    assert [name for name, one in summed.items() if one.done] == ["stays", "all"]
    assert {name: one.parts for name, one in summed.items()} == {"stays": 3, "open": 3, "all": 3, "rounded": 1}
    assert summed["stays"].tries == counted["stays"].tries == 3


def test_the_last_answered_is_last_whatever_the_clock_says(made):
    found = standings([made(exercise="a"), made(exercise="b", hours=-99), made(exercise="a", hours=-200)])
    assert list(found) == ["b", "a"]
    assert found["a"].last == made(hours=-200).at


def test_next_goes_on_where_the_learner_was(made):
    def after(*answers):
        return next_exercise(COURSE, standings([made(exercise=name, verdict=verdict) for name, verdict in answers]))

    assert after(("sequence-probability", "wrong")) == "sequence-probability"
    assert after(("sequence-probability", "right")) == "lstm-cell"
    assert after(("lstm-cell", "right")) == "rnn-update"
    assert after(("rnn-update", "wrong"), ("lstm-cell", "right")) == "rnn-update"
    assert after(("gone-from-the-course", "wrong")) == "rnn-update"
    assert after(("sequence-probability", "wrong"), ("gone-from-the-course", "wrong")) == "sequence-probability"
    assert after(*((name, "right") for name in COURSE)) is None


UNITS = [
    ("recurrence", [], ["rnn-update", "rnn-output"]),
    ("empty", ["recurrence"], []),
    ("lstm", ["recurrence", "empty"], ["lstm-cell"]),
    ("gru", ["lstm", "unknown"], ["gru-update"]),
    ("shapes", [], ["task-shapes"]),
]
ORDER = [one for _, _, exercises in UNITS for one in exercises]


def test_what_needs_something_else_first_is_not_next(made):
    def early(*answers):
        found = standings([made(exercise=name, verdict=verdict) for name, verdict in answers])
        return too_early(UNITS, found), next_exercise(ORDER, found, too_early(UNITS, found))

    assert early() == ({"lstm-cell", "gru-update"}, "rnn-update")
    assert early(("task-shapes", "right")) == ({"lstm-cell", "gru-update"}, "rnn-update")
    assert early(("rnn-update", "wrong")) == ({"gru-update"}, "rnn-update")
    assert early(("rnn-update", "wrong"), ("rnn-output", "right")) == ({"gru-update"}, "lstm-cell")
    # who began a unit goes on with it, whatever it needs
    assert early(("gru-update", "wrong")) == ({"lstm-cell"}, "gru-update")
    assert early(("gru-update", "right")) == ({"lstm-cell"}, "task-shapes")
    assert early(("lstm-cell", "right"), ("gru-update", "right"), ("task-shapes", "right")) == (set(), "rnn-update")
    assert early(("lstm-cell", "not_understood")) == ({"lstm-cell", "gru-update"}, "task-shapes")


def test_units_that_need_each_other_are_suggested_when_nothing_else_is_left(made):
    round_about = [("a", ["b"], ["one"]), ("b", ["a"], ["two"])]
    assert too_early(round_about, {}) == {"one", "two"}
    assert next_exercise(["one", "two"], {}, too_early(round_about, {})) == "one"


def test_the_sums_of_the_store_say_what_all_attempts_say(tmp_path, made):
    """What is done, begun, and was answered last is known without reading any attempt."""
    from random import Random

    from rnn_tutor.progress.store import Store
    from rnn_tutor.progress.summary import standings_so_far

    chance = Random(7)  # noqa: S311
    store = Store.open(tmp_path / "p.sqlite3", look=False)
    for _ in range(120):
        store.add(
            made(
                exercise=chance.choice("abcdef"),
                part=chance.choice(["x", "y"]),
                verdict=chance.choice(["right", "wrong", "rounded", "not_understood", "draft"]),
                parts=chance.choice([1, 2]),
            )
        )
        full = standings(store.attempts())
        short = standings_so_far(store.tallies())
        assert list(short) == list(full)
        for name, one in full.items():
            other = short[name]
            assert (other.parts, other.right, other.tried, other.tries, other.done) == (
                one.parts, one.right, one.tried, one.tries, one.done,
            )  # fmt: skip


def test_a_kind_of_mistake_comes_back_where_it_is_made_in_another_exercise(made):
    def wrong(exercise, rule, **more):
        return made(exercise=exercise, verdict="wrong", rule=rule, **more)

    answers = [
        wrong("rnn-update", "sign"),
        wrong("rnn-update", "sign"),
        wrong("lstm-cell", "sign+axis"),
        wrong("gru-update", "axis"),
        wrong("text-perplexity", "axis"),
        wrong("rnn-update", "loop"),  # in one exercise alone
        wrong("lstm-cell", "loop or start"),  # which of them it was cannot be told
        wrong("lstm-cell", ""),
        made(exercise="gru-update", rule="loop"),  # a right answer is no mistake
    ]
    assert recurring(answers) == [
        Recurring("axis", ("lstm-cell", "gru-update", "text-perplexity"), 3),
        Recurring("sign", ("rnn-update", "lstm-cell"), 3),
    ]
    assert recurring([]) == []


OTHER = '{"f": [0.1, 0.3]}'


@pytest.mark.parametrize(
    ("later", "mastered"),
    [
        ({"hours": 30, "givens": OTHER}, True),
        ({"hours": 30}, False),  # the same numbers: from memory
        ({"hours": 2, "givens": OTHER}, False),  # the same day
        ({"hours": 30, "givens": OTHER, "hints": 1}, False),
        ({"hours": 30, "givens": OTHER, "solution": True}, False),
        ({"hours": 30, "givens": OTHER, "verdict": "wrong"}, False),
    ],
)
def test_mastered_is_right_at_the_first_try_on_another_day_with_other_numbers(made, later, mastered):
    assert standings([made(), made(**later)])["lstm-cell"].mastered is mastered


def test_mastered_needs_each_part_at_its_first_try(made):
    two = [made(hours=30, parts=2, givens=OTHER), made(hours=30, parts=2, givens=OTHER, part="h")]
    assert standings([made(parts=2), *two])["lstm-cell"].mastered
    late = [made(hours=30, parts=2, givens=OTHER, part="h", verdict="wrong"), *two]
    assert not standings([made(parts=2), *late])["lstm-cell"].mastered


@pytest.mark.parametrize("givens", ["{}", '{"x": 2.0}'])  # nothing, or nothing to draw
def test_without_numbers_to_draw_the_options_have_to_be_in_another_order(made, givens):
    first = made(givens=givens)
    assert standings([first, made(givens=givens, seed=4, hours=30)])["lstm-cell"].mastered
    assert not standings([first, made(givens=givens, seed=4, hours=2)])["lstm-cell"].mastered
    assert not standings([first, made(givens=givens, hours=30)])["lstm-cell"].mastered


def test_a_week_counts_what_was_answered_in_it_and_what_was_mastered_then(made):
    old = [made(exercise=name) for name in ("a", "b", "c")]
    a, b = (made(exercise=name, hours=24 * 10, givens=OTHER) for name in ("a", "b"))
    now = made(hours=24 * 12).at
    assert week(standings([*old, a]).values(), now) == Week(1, 1)
    assert week(standings([*old, a, b, made(exercise="d", hours=24 * 11, verdict="wrong")]).values(), now) == Week(3, 2)
    assert week(standings([*old, a, b]).values(), made(hours=24 * 20).at) == Week(0, 0)
    again = [*old, a, made(exercise="a", hours=24 * 19, givens="{}")]
    assert week(standings(again).values(), made(hours=24 * 20).at) == Week(1, 0)
