"""A learner for sixty days, played in a moment by a clock that is passed in: what is said each time.

The screens show what `Session` knows, and the commands print it; both are asked here, on the course itself.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from rnn_tutor.cli import main
from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PROGRESS, content_folder
from rnn_tutor.progress import clock
from rnn_tutor.progress.review import MOST_A_DAY, SHAKY
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import week
from rnn_tutor.tui.review import coming_back
from rnn_tutor.tui.session import Session
from rnn_tutor.tui.sets import AskedFor

BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
EXCHANGED = "i * c_prev + f * cand"  # of lstm-cell
CONVENTION = "z * h_prev + (1 - z) * h_tilde"  # of gru-update


@pytest.fixture(scope="module")
def library():
    return Library([content_folder()])


class Learner:
    """Somebody with a data folder and a calendar."""

    def __init__(self, library, data, capsys):
        self.library = library
        self.data = data
        self.now = BEGINS
        self._capsys = capsys

    def on(self, day, hour=9):
        """Go on to a day; none comes back."""
        then = BEGINS + timedelta(days=day, hours=hour - 9)
        assert then >= self.now
        self.now = then

    def read_clock(self):
        self.now += timedelta(seconds=20)  # nothing is done in no time
        return self.now

    def says(self, *words):
        """What a command prints, and its status."""
        self._capsys.readouterr()
        status = main([*map(str, words), "--data", str(self.data)])
        out = self._capsys.readouterr()
        return status, out.out + out.err

    @contextmanager
    def sitting(self):
        session = Session(self.library)
        session.open_store(self.data / PROGRESS)
        assert session.problem == ""
        assert session.take(session.read_past())
        session.find_due()
        yield session
        session.close()


@pytest.fixture
def learner(library, tmp_path, capsys, monkeypatch):
    draws = iter(range(1, 10_000))
    monkeypatch.setattr("rnn_tutor.exercises.seeds.any_seed", lambda: next(draws))
    someone = Learner(library, tmp_path / "data", capsys)
    with clock.passed_in(someone.read_clock):
        yield someone


def right_text(part):
    if isinstance(part.expected, frozenset):
        return " ".join(map(str, sorted(part.expected)))
    return str(part.expected if isinstance(part.expected, tuple) else np.asarray(part.expected).tolist())


def solve(session, exercise):
    """Answer all parts that are not right yet."""
    visit = session.exercises.visit(exercise)
    for part in visit.question.parts:
        if not visit.right(part.name):
            verdict = session.exercises.check(visit, part.name, right_text(part))
            assert verdict.verdict == "right", (exercise, part.name, verdict.says)
    assert visit.solved
    return visit


def answerable(session, unit):
    """The exercises of a unit but for programs."""
    asked = [entry.id for entry in session.library.unit(unit).exercises]
    return [name for name in asked if not is_program(session, name)]


def review(session):
    """Do the review that is due, all right at once but for programs, which are left; return what it is summed up as."""
    session.reviews.begin(10)
    for name in session.reviews.round.exercises:
        session.begin_in_review(name)
        if is_program(session, name):
            continue
        solve(session, name)
        assert session.reviews.solved(name) == "good"
    return session.reviews.sum_up()


def is_program(session, name):
    return any(one.as_ == "program" for one in session.library.exercise(name).ask)


def answer(session, current, asked):
    """Answer some questions of a set."""
    for one in asked:
        visit = session.sets.open(current, one)
        visit.texts |= {part.name: right_text(part) for part in visit.question.parts}
        session.sets.keep(current, one)


@pytest.mark.slow
@pytest.mark.long
def test_sixty_days(learner, tmp_path):
    begins_new(learner)
    a_known_mistake_is_named(learner)
    the_next_day_is_for_review(learner)
    the_same_mistake_elsewhere_comes_back(learner)
    whole_units_are_done(learner)
    a_unit_is_checked(learner)
    a_placement_marks_what_is_known(learner)
    a_rating_is_changed(learner)
    a_gap_of_three_weeks_does_not_come_back_at_once(learner)
    what_is_right_at_once_on_another_day_is_mastered(learner)
    a_reset_counts_for_nothing_and_is_undone(learner)
    a_backup_is_merged_on_another_machine(learner, tmp_path)
    what_is_forgotten_stays_forgotten(learner, tmp_path)
    an_exam_has_its_time(learner)
    after_sixty_days_he_is_told_what_he_can(learner)


def begins_new(learner):
    learner.on(0)
    first = next(iter(learner.library.ids))
    with learner.sitting() as session:
        assert session.new and session.next_open() == first
        assert session.due == () and session.log == []
        session.welcomed()
    assert learner.says("next") == (0, f"{first}  {learner.library.exercise(first).title}\n")
    assert learner.says("review", "--list") == (0, "Nothing is due today.\n")
    with learner.sitting() as session:
        assert not session.new
        for name in answerable(session, "recurrence"):
            assert session.next_open() == name
            solve(session, name)
            assert session.state(name) == "done"
        assert session.tally(session.library.unit("recurrence")) == (8, 9)
        assert week(session.standings.values(), clock.now()).exercises == 8
        # All was done today, so nothing of it is due today.
        session.find_due()
        assert session.due == ()
        assert coming_back(session.reviews).startswith("Skills due next: ")
        way = session.course.ways[0]
        session.choose_way(way.id)
        assert session.way == way and session.next_open() in way.through
    told = learner.says("progress")[1]
    assert told.startswith(
        f"8 of {len(learner.library.ids)} exercises done.\nThis week: 8 exercises. Skills due next: "
    )


def a_known_mistake_is_named(learner):
    learner.on(0, hour=15)
    with learner.sitting() as session:
        visit = session.exercises.visit("lstm-cell")
        verdict = session.exercises.check(visit, "c", EXCHANGED)
        assert verdict.verdict == "wrong" and "exchanged" in verdict.says
        session.exercises.read(visit, "c", "f * c_prev +")  # half of it is typed when he has to go
    with learner.sitting() as session:
        assert session.begun("lstm-cell") and session.left == "lstm-cell"
        visit = session.exercises.visit("lstm-cell")
        assert visit.texts["c"] == "f * c_prev +"
        solve(session, "lstm-cell")
        assert session.state("lstm-cell") == "done"


def the_next_day_is_for_review(learner):
    learner.on(8)
    status, told = learner.says("review", "--list")
    assert status == 0 and " due, about " in told and told.endswith("opens them, each with new numbers.\n")
    listed = learner.says("list", "--due")[1]
    assert " due for review. rnn-tutor review opens " in learner.says("progress")[1]
    with learner.sitting() as session:
        due = session.due
        # Eight exercises were done on one day, and fewer come back: what comes back are skills.
        assert 0 < len(due) < 9 and all(f"  {name} " in listed for name in due)
        numbers = {name: session.exercises.visit(name).question.givens for name in due}
        recalled = review(session)
        assert [one.exercise for one in recalled] == list(due)
        assert {one.went for one in recalled} == {"recalled"}
        for one in recalled:
            assert one.due > clock.now() + timedelta(days=5)
            asked = session.exercises.visit(one.exercise).question
            if asked.anew == "numbers":
                assert any(
                    np.shape(value) != np.shape(asked.givens[name]) or np.any(value != asked.givens[name])
                    for name, value in numbers[one.exercise].items()
                ), "a review asks with new numbers"
        session.find_due()
        assert session.due == ()
    assert learner.says("review", "--list") == (0, "Nothing is due today.\n")


def the_same_mistake_elsewhere_comes_back(learner):
    learner.on(9)
    rule = "activation"
    assert rule in PHRASES
    with learner.sitting() as session:
        for name in ("lstm-output", "rnn-update"):
            visit = session.exercises.visit(name)
            session.exercises.visits.renew(visit, 3)
            visit = session.exercises.visit(name)
            wrong = "o * c" if name == "lstm-output" else "W_xh @ x + W_hh @ h_prev"
            assert session.exercises.check(visit, visit.question.parts[0].name, wrong).verdict == "wrong"
            solve(session, name)
        rules = {attempt.exercise: attempt.rule for attempt in session.log if attempt.verdict == "wrong"}
    assert rules["lstm-output"] == rule
    told = json.loads(learner.says("progress", "--json")[1])
    expected = [{"rule": rule, "exercises": ["lstm-output", "rnn-update"]}] if rules["rnn-update"] == rule else []
    assert [{"rule": one["rule"], "exercises": one["exercises"]} for one in told["mistakes"]] == expected


def a_unit_is_checked(learner):
    learner.on(16)
    with learner.sitting() as session:
        check = session.sets.begin("check", ["recurrence"])
        assert len(check.asked) == 5 and check.seconds_left() is None
        answer(session, check, check.asked[:4])
        session.sets.finish(check)
        assert check.right == 4
    assert "Check of The recurrence: 4 of 5 right." in learner.says("progress")[1]


def a_placement_marks_what_is_known(learner):
    learner.on(17)
    with learner.sitting() as session:
        trained = {one.skill for one in session.reviews.coming()}
        tries = len(session.log)
        placement = session.sets.begin("placement")
        units = [unit.id for unit in session.course.units]
        asked = [one.unit for one in placement.asked]
        assert len(asked) == 12 and asked == sorted(set(asked), key=units.index)
        half = [one for one in placement.asked if one.unit == "masks"]
        answer(session, placement, half)
    with learner.sitting() as session:  # he goes on where he was
        placement = session.sets.begin("placement")
        (masks,) = [one for one in placement.asked if one.unit == "masks"]
        assert masks.answered and placement.left == len(placement.asked) - 1
        answer(session, placement, [one for one in placement.asked if one.unit == "attention"])
        for one in placement.asked:
            if not one.answered:
                session.sets.skip(placement, one)
        session.sets.finish(placement)
        assert set(session.notes.known) == {"masks", "attention"}
        assert len(session.log) == tries, "a placement counts as no attempt"
        session.find_due()
        fresh = {one.skill for one in session.reviews.coming()} - trained
        assert fresh and all(skill.endswith(("/masks", "/attention")) for skill in fresh)
    assert "Known by a placement: " in learner.says("progress")[1]


def an_exam_has_its_time(learner):
    learner.on(55)
    with learner.sitting() as session:
        exam = session.sets.begin("exam", ["lstm", "bptt"], AskedFor(seed=3, questions=4, minutes=30))
        assert len(exam.asked) == 4 and 1700 < exam.seconds_left() <= 1800
        answer(session, exam, exam.asked[:3])
    learner.now += timedelta(minutes=10)
    with learner.sitting() as session:
        exam = session.sets.begin("exam")
        assert exam.left == 1 and 600 < exam.seconds_left() < 1200
        session.sets.finish(exam)
        assert exam.right == 3
    day = f"{learner.now.astimezone():%Y-%m-%d}"
    assert f"Exam on {day} (bptt, lstm): 3 of 4 right." in learner.says("progress")[1]


def a_rating_is_changed(learner):
    learner.on(21)
    with learner.sitting() as session:
        assert session.due
        name = session.reviews.begin(10)
        session.begin_in_review(name)
        solve(session, name)
        assert "Solved, and recalled. Rated good" in session.reviews.says(name, "Ctrl+G")
        (good,) = [one.due for one in session.reviews.sum_up() if one.exercise == name]
        session.reviews.round.over = False
        assert session.rate(name, "again")
        assert session.reviews.says(name, "Ctrl+G").startswith("Solved. You rated it again: it comes back soon.")
        session.find_due()
        (again,) = [one.due for one in session.reviews.sum_up() if one.exercise == name]
        assert again < good
    with learner.sitting() as session:  # it is kept
        assert {review.due for review in session.reviews.coming() if name in review.exercises} >= {again}


def whole_units_are_done(learner):
    for day, unit in enumerate(("sequence-models", "bptt", "stability", "clipping", "lstm", "shapes"), start=10):
        learner.on(day)
        with learner.sitting() as session:
            for name in answerable(session, unit):
                if not session.done(name):
                    solve(session, name)
            done, count = session.tally(session.library.unit(unit))
            assert done >= len(answerable(session, unit)) > count / 2
    assert learner.says("next")[0] == 0


def a_gap_of_three_weeks_does_not_come_back_at_once(learner):
    learner.on(42)
    with learner.sitting() as session:
        waiting = [one for one in session.reviews.coming() if one.due <= clock.now()]
        planned = session.reviews.planned
        assert len(waiting) > MOST_A_DAY >= sum(len(one.skills) for one in planned) > 10
        assert len(planned) < len(waiting), "an exercise trains several skills"
        units = [session.unit_of(one.exercise).id for one in planned]
        assert sum(one == other for one, other in pairwise(units)) <= 1, ("units are mixed", units)
        shaky = sum(one.recall < SHAKY for one in session.reviews.skills())
        assert shaky > 5
        assert f"Shaky: {shaky} of {len(session.reviews.skills())} skills" in learner.says("progress")[1]
        recalled = review(session)
        assert len(recalled) == min(10, len(planned))
        session.find_due()
        assert session.due, "what waits longer comes on the next days"


def what_is_right_at_once_on_another_day_is_mastered(learner):
    learner.on(43)
    with learner.sitting() as session:
        drawn = [
            name for name in answerable(session, "lstm") if session.exercises.visit(name).question.anew == "numbers"
        ]
        without, helped, same, *_ = [name for name in drawn if session.state(name) == "done"]
        for name, seed, hints in ((without, 77, 0), (helped, 78, 1), (same, None, 0)):
            session.exercises.visits.renew(session.exercises.visit(name), seed)
            session.exercises.visit(name).run.hints = hints
            solve(session, name)
        assert session.state(without) == "mastered"
        assert session.state(helped) == session.state(same) == "done"
        assert week(session.standings.values(), clock.now()).mastered >= 1
    rows = json.loads(learner.says("progress", "--json")[1])["exercises"]
    mastered = {row["exercise"]: row["mastered"] for row in rows}
    assert mastered[without] and not mastered[helped] and not mastered[same]


def a_reset_counts_for_nothing_and_is_undone(learner):
    learner.on(46)
    with learner.sitting() as session:
        state = session.state("rnn-update")
        assert state in ("done", "mastered")
        assert learner.says("reset", "rnn-update", "--yes") == (
            0, "rnn-update counts as not begun. `rnn-tutor reset --undo` undoes this.\n",
        )  # fmt: skip
        assert session.look_again(), "the tutor that is open sees it"
        assert session.take(session.read_past())
        assert session.state("rnn-update") == ""
    assert learner.says("reset", "--undo")[0] == 0
    with learner.sitting() as session:
        assert session.state("rnn-update") == state


def a_backup_is_merged_on_another_machine(learner, tmp_path):
    learner.on(48)
    file, laptop = tmp_path / "all.jsonl", Learner(learner.library, tmp_path / "laptop", learner._capsys)
    assert learner.says("backup", file)[0] == 0
    laptop.now = learner.now
    assert laptop.says("merge", file)[1].endswith(" 0 already here.\n")
    assert laptop.says("merge", file)[1].startswith("0 lines added")
    with learner.sitting() as here, laptop.sitting() as there:
        assert there.standings == here.standings and there.due == here.due
        solve(there, "gru-update")
    with learner.sitting() as here:
        assert here.state("gru-update") == ""
    assert learner.says("merge", laptop.data / PROGRESS)[1].partition(" ")[0] not in ("0", "")
    with learner.sitting() as here:
        assert here.state("gru-update") == "done" and here.left == "gru-update"


def what_is_forgotten_stays_forgotten(learner, tmp_path):
    learner.on(52)
    assert learner.says("forget", "gru-update", "--yes")[1].startswith("2 answers of gru-update are erased.")
    assert "Left out, because you erased them: " in learner.says("merge", tmp_path / "laptop" / PROGRESS)[1]
    with learner.sitting() as session:
        assert session.state("gru-update") == ""
        assert "gru-update" not in {attempt.exercise for attempt in session.log}
    assert b"gru-update" not in (learner.data / PROGRESS).read_bytes()


def after_sixty_days_he_is_told_what_he_can(learner):
    learner.on(60)
    with learner.sitting() as session:
        while any(not is_program(session, name) for name in session.due):
            review(session)
            session.reviews.round = None
            session.find_due()
        mastered = [name for name in session.library.ids if session.state(name) == "mastered"]
        assert len(mastered) > 3
        left = {one.skill for one in session.reviews.coming() if one.due.date() <= clock.now().date()}
        assert min(one.recall for one in session.reviews.coming() if one.skill not in left) > SHAKY
        assert session.next_open() is not None
    told = learner.says("progress")[1]
    assert told.count("mastered") >= len(mastered)
    skills = json.loads(learner.says("progress", "--json")[1])["skills"]
    shaky = [skill for skill in skills if skill["shaky"]]
    assert shaky and {skill["skill"] for skill in shaky if skill["recall"] < SHAKY} <= left
    listed = " ".join(learner.says("progress", "--skills")[1].partition("Shaky")[2].split())
    assert listed.count(". Train it with ") == len(shaky)
    with learner.sitting() as session:
        kept = list(Store.open(learner.data / PROGRESS).attempts())
        assert len(kept) == len(session.log) == len({attempt.uid for attempt in kept})
    transcript = learner.says("progress", "--transcript", "-")[1]
    assert transcript.count(EXCHANGED) == 1
