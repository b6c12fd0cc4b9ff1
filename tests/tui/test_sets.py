"""Sets of questions: what they ask, what is kept of them, what counts at the end."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace

from rnn_tutor.exercises.choosing import Chosen, filled, mixed, placement, usual
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder
from rnn_tutor.progress import resets
from rnn_tutor.progress.notes import Begun
from rnn_tutor.tui.session import Session
from rnn_tutor.tui.sets import AskedFor, Sets, in_minutes, questions_of
from rnn_tutor.tui.visits import TroubleError

from .conftest import answered, stored

SEVEN = AskedFor(seed=7)


@pytest.fixture(scope="module")
def course():
    return Library([content_folder()])


@pytest.fixture
def library(content):
    return Library([content])


@pytest.fixture
def sitting(library, tmp_path):
    """Return a sitting on the small course, as often as one begins one: each knows what is on disk."""

    def begin():
        session = Session(library)
        session.open_store(tmp_path / "progress.sqlite3")
        return session

    return begin


def answer(session, current, answers):
    """Type answers: {exercise: {part: text}}."""
    for asked in current.asked:
        visit = session.sets.open(current, asked)
        visit.texts |= answers.get(asked.exercise, {})
        session.sets.keep(current, asked)


RIGHT = {"lstm-cell": {"c": "f * c_prev + i * cand"}}


def all_right(session, current):
    """Answer every question with what is expected."""
    for asked in current.asked:
        visit = session.sets.open(current, asked)
        visit.texts |= {part.name: right_text(part) for part in visit.question.parts}


def right_text(part):
    if isinstance(part.expected, frozenset):
        return " ".join(map(str, sorted(part.expected)))
    return str(part.expected.tolist() if isinstance(part.expected, np.ndarray) else list(part.expected))


# what is asked


def test_a_placement_asks_one_exercise_of_middle_level_in_each_of_twelve_units(course):
    chosen = placement(course.course.units, 7, course.exercise)
    units = [unit.id for unit in course.course.units]
    places = [units.index(one.unit) for one in chosen]
    assert len(set(places)) == 12 and places == sorted(places)
    twelve = course.course.units[:12]
    assert [one.unit for one in placement(twelve, 7, course.exercise)] == [unit.id for unit in twelve]
    asked = [course.exercise(one.exercise) for one in chosen]
    assert all(any(given.draw for given in exercise.given.values()) for exercise in asked)
    assert not any(ask.as_ == "program" for exercise in asked for ask in exercise.ask)
    assert sum(exercise.level == 2 for exercise in asked) >= 9
    assert chosen != placement(course.course.units, 8, course.exercise)


def test_of_many_units_a_placement_asks_some_spread_evenly(course):
    chosen = placement(course.course.units, 7, course.exercise, most=4)
    units = [unit.id for unit in course.course.units]
    places = [units.index(one.unit) for one in chosen]
    gaps = [later - sooner for sooner, later in pairwise(places)]
    assert (places[0], places[-1]) == (0, len(units) - 1) and max(gaps) - min(gaps) <= 1


def test_the_same_seed_asks_the_same_questions():
    """Frozen: an exam that was printed can be made again, on every machine and with every version of NumPy."""
    library = Library([content_folder()])
    begun = Begun("exam", ["lstm", "masks"], 7, 4, 0, "a1")
    chosen = questions_of(library, begun)
    assert [one.unit for one in chosen] == ["lstm", "lstm", "masks", "masks"]
    assert chosen == questions_of(Library([content_folder()]), begun)
    current = Sets.drawn(library, "exam", ["masks", "lstm"], AskedFor(7, 4))
    assert current[1] == chosen  # in the order of the course, however they are named


def test_a_check_asks_five_exercises_that_train_different_things(course):
    lstm = course.unit("lstm")
    for seed in range(5):
        chosen = mixed([lstm], seed, usual([lstm]), course.exercise)
        assert len({one.exercise for one in chosen}) == 5
        assert sum(course.exercise(one.exercise).ask[0].as_ == "program" for one in chosen) <= 1


def test_a_small_unit_asks_all_that_it_has(library):
    gates = library.unit("gates")
    assert len(mixed([gates], 1, 5, library.exercise)) == len(gates.exercises)


def test_a_check_of_a_small_unit_asks_some_again_with_other_numbers(sitting, library):
    session = sitting()
    current = session.sets.begin("check", ["gates"])
    assert [asked.exercise for asked in current.asked] == [
        "lstm-cell",
        "wide",
        "debug-checklist",
        "lstm-cell",
        "lstm-cell",
    ]
    assert current.fewer == ""
    numbers = [session.sets.open(current, asked).question.givens for asked in current.asked]
    assert len({str(one) for one in numbers}) == len(numbers)
    for place, asked in enumerate(current.asked):
        asked.visit.texts[asked.visit.question.parts[0].name] = f"{place}"
        session.sets.keep(current, asked)
    again = sitting()
    resumed = again.sets.begin("check")
    assert [asked.exercise for asked in resumed.asked] == [asked.exercise for asked in current.asked]
    texts = [asked.visit.texts[asked.visit.question.parts[0].name] for asked in resumed.asked]
    assert texts == ["0", "1", "2", "3", "4"]  # each with its own


def test_where_nothing_else_can_be_asked_that_is_said(sitting, library):
    session = sitting()
    exam = session.sets.begin("exam", ["gates"], AskedFor(seed=7, questions=9))
    assert exam.fewer == "This exam has only 3 questions: there is nothing else to ask here."
    assert session.sets.begin("placement").fewer == ""


def test_numbers_that_cannot_be_others_are_asked_once(library):
    one = replace(library.exercise("lstm-cell").given["f"], draw="choice(0.5)")
    only = {name: replace(given, draw=None) for name, given in library.exercise("lstm-cell").given.items()}
    fixed = replace(library.exercise("lstm-cell"), given={**only, "f": one})
    assert filled([Chosen("gates", "lstm-cell")], 7, 5, lambda _: fixed) == [Chosen("gates", "lstm-cell")]


# what counts


def test_a_placement_marks_units_as_known_and_counts_as_no_attempt(sitting):
    session = sitting()
    current = session.sets.begin("placement")
    all_right(session, current)
    session.sets.skip(current, current.asked[0])
    known = [asked.unit for asked in current.asked[1:]]
    session.sets.finish(current)
    assert known
    assert set(session.notes.known) == set(known)
    assert session.log == []
    again = sitting()
    assert set(again.notes.known) == set(known)
    assert again.standings == {}
    again.find_due()
    assert {review.skill.partition("/")[2] for review in again.reviews.coming()} == set(known)
    assert all(review.recall > 0.99 for review in again.reviews.coming())
    assert again.next_open() not in [entry.id for unit in known for entry in again.library.unit(unit).exercises]


def test_it_can_be_taken_back_on_the_screen_and_by_a_reset(sitting, tmp_path):
    session = sitting()
    current = session.sets.begin("placement")
    all_right(session, current)
    session.sets.finish(current)
    (first, *_) = session.notes.known
    resets.reset(tmp_path / "progress.sqlite3", first)
    assert first not in sitting().notes.known
    session.sets.take_back(current)
    assert session.notes.known == {} == sitting().notes.known


def test_what_is_not_known_any_more_is_told_by_the_next_placement(sitting):
    session = sitting()
    first = session.sets.begin("placement")
    all_right(session, first)
    session.sets.finish(first)
    second = session.sets.begin("placement")
    for asked in second.asked:
        session.sets.skip(second, asked)
    session.sets.finish(second)
    assert session.notes.known == {}


def test_an_exam_keeps_its_answers_as_attempts_only_at_the_end(sitting):
    session = sitting()
    current = session.sets.begin("exam", ["gates"], AskedFor(7, 3, 30))
    answer(session, current, {"lstm-cell": {"c": "i * cand"}})
    assert session.log == []
    assert all(not asked.visit.verdicts for asked in current.asked)
    session.sets.finish(current)
    (attempt,) = session.log
    assert (attempt.exercise, attempt.seed, attempt.verdict, attempt.hints) == ("lstm-cell", 7, "wrong", 0)
    assert [asked.mark for asked in current.asked if asked.exercise == "lstm-cell"] == ["wrong"]
    (result,) = sitting().notes.exams
    assert (result.over.right, result.over.of, result.over.units) == (0, 3, ["gates"])
    session.sets.finish(current)  # twice is once
    assert len(session.log) == 1


def test_the_time_of_an_answer_is_that_at_its_question(sitting, monkeypatch):
    session = sitting()
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    current = session.sets.begin("exam", ["gates"], SEVEN)
    for asked in current.asked:
        session.sets.open(current, asked)
        asked.enter()
        now[0] += 20 if asked.exercise == "lstm-cell" else 100
        asked.leave()
    answer(session, current, RIGHT)
    session.sets.finish(current)
    assert [attempt.seconds for attempt in session.log] == [20]


def test_the_parts_of_a_question_share_its_time(course, monkeypatch):
    session = Session(course)
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    current = session.sets.begin("exam", ["lstm"], SEVEN)
    all_right(session, current)
    for asked in current.asked:
        asked.enter()
        now[0] += 60
        asked.leave()
    counts = [len(asked.visit.question.parts) for asked in current.asked]
    now[0] += 1000  # nothing of it is spent on an answer
    session.sets.finish(current)
    assert max(counts) > 1
    assert [attempt.seconds for attempt in session.log] == [
        pytest.approx(60 / parts) for parts in counts for _ in range(parts)
    ]


def test_a_check_is_noted_with_its_unit(sitting):
    session = sitting()
    current = session.sets.begin("check", ["gates"])
    answer(session, current, RIGHT)
    session.sets.finish(current)
    assert (sitting().notes.checks["gates"].over.right, len(current.asked)) == (3, 5)  # one is asked three times


# what is kept


def test_a_set_that_was_cut_off_is_there_again_with_all_that_was_typed(sitting):
    """Nothing is closed: as after a kill."""
    session = sitting()
    current = session.sets.begin("exam", ["gates"], AskedFor(7, 3, 30))
    answer(session, current, {"lstm-cell": {"c": "f * c_prev"}})
    again = sitting()
    going_on = again.sets.begin("exam")
    assert (going_on.begun, [one.exercise for one in going_on.asked]) == (
        current.begun,
        [one.exercise for one in current.asked],
    )
    asked = next(one for one in going_on.asked if one.exercise == "lstm-cell")
    assert asked.text("c") == "f * c_prev"
    assert asked.visit.seed == 7
    assert abs(going_on.at - current.at) < timedelta(seconds=1)
    assert again.exercises.visit("lstm-cell").texts == {}  # an exercise goes on with nothing of it
    assert again.exercises.visit("lstm-cell").resumed == ""


def test_the_same_exam_once_more_begins_with_empty_lines(sitting):
    session = sitting()
    for text in ("f * c_prev", ""):
        current = session.sets.begin("exam", ["gates"], SEVEN)
        assert not any(asked.answered for asked in current.asked)
        answer(session, current, {"lstm-cell": {"c": text}} if text else {})
        session.sets.finish(current)


def test_another_exam_waits_until_the_first_is_handed_in(sitting):
    session = sitting()
    session.sets.begin("exam", ["gates"], SEVEN)
    assert session.sets.begin("exam", ["gates"]).begun.seed == 7
    with pytest.raises(TroubleError, match="not handed in"):
        session.sets.begin("exam", ["sequences"])
    with pytest.raises(TroubleError, match="not handed in"):
        session.sets.begin("exam", ["gates"], AskedFor(seed=8))


@pytest.mark.parametrize(
    ("units", "says"), [(["gate"], "Did you mean gates"), ([], "Name the units"), (["empty"], "no exercises|no unit")]
)
def test_what_cannot_be_asked_is_told(sitting, units, says):
    with pytest.raises(TroubleError, match=says):
        sitting().sets.begin("exam", units)


def test_the_time_that_is_left(sitting):
    current = sitting().sets.begin("exam", ["gates"], AskedFor(minutes=30))
    now = datetime.now(UTC)
    assert 1795 < current.seconds_left(now) <= 1800
    assert current.seconds_left(now + timedelta(hours=1)) == 0
    assert sitting().sets.begin("placement").seconds_left() is None
    assert [in_minutes(seconds) for seconds in (1800, 119.6, 1)] == ["30 minutes", "120 seconds", "1 second"]


@pytest.fixture
def past(tmp_path, library):
    """Make an exercise done: all of its parts right."""

    def done(exercise):
        asks = library.exercise(exercise).ask
        stored(tmp_path, *(answered(exercise, 1, ask.answer, parts=len(asks)) for ask in asks))

    return done


# ways, known units, and the check at the end of a unit


def test_the_way_that_was_chosen_says_what_comes_next(tmp_path):
    library = Library([content_folder()])
    session = Session(library)
    session.open_store(tmp_path / "progress.sqlite3")
    session.choose_way("modern")
    assert session.next_open() == "rnn-update"
    assert session.following("rnn-update").id == "unrolled-sum"
    again = Session(library)
    again.open_store(tmp_path / "progress.sqlite3")
    assert again.way.id == "modern"
    again.choose_way("")
    assert (again.way, again.following("rnn-update").id) == (None, "weight-shapes")


def test_the_page_of_a_unit_leads_on_along_the_way(tmp_path):
    session = Session(Library([content_folder()]))
    session.open_store(tmp_path / "progress.sqlite3")
    unit = next(unit for unit in session.course.units if unit.id == "sequence-models")
    assert session.first_open(unit) == unit.exercises[0].id == "sequence-probability"
    session.choose_way("build")
    on_the_way = session.first_open(unit)
    assert on_the_way == next(one for one in session.way.through if session.unit_of(one) is unit) == "token-loss"


def test_a_way_that_is_no_more_is_none(sitting):
    session = sitting()
    session.choose_way("gone")
    assert session.way is None
    assert session.next_open() == "sequence-probability"


def test_after_the_last_exercise_of_a_unit_its_check_is_offered_once(sitting, past):
    for exercise in ("lstm-cell", "wide", "debug-checklist"):
        past(exercise)
    session = sitting()
    assert session.following("debug-checklist").kind == "check"
    session.offered.add("gates")
    assert session.following("debug-checklist").kind == "end"
    other = sitting()
    current = other.sets.begin("check", ["gates"])
    other.sets.finish(current)
    assert sitting().following("debug-checklist").kind == "end"
