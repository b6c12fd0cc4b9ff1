"""A sitting without its screens: what is stored before it is told, and what a verdict is about."""

import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rnn_tutor.exercises.diagnosis.earlier import hidden
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.paths import content_folder
from rnn_tutor.progress import database
from rnn_tutor.progress.record import attempt_of
from rnn_tutor.progress.resets import reset
from rnn_tutor.progress.store import StoreError
from rnn_tutor.progress.summary import standings
from rnn_tutor.tui.authoring.author_session import AuthorSession, DraftLibrary
from rnn_tutor.tui.session import Session

from ..exercises.labs_for_tests import TEXT
from .conftest import answered


class Watched:
    """A store that notes what the visit knew when an answer came to it."""

    trouble = ""

    def __init__(self, fails=False):
        self.fails = fails
        self.visit = None
        self.known = []

    def add(self, attempt, *_left):
        self.known.append((attempt.part, attempt.verdict, sorted(self.visit.verdicts)))
        if self.fails:
            raise StoreError("The disk is full.")


@pytest.fixture
def session(content):
    return Session(Library([content]))


def test_what_is_retired_is_never_due_nor_next_and_opens_still(content, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(content, folder)
    name = Library([folder]).ids[0]
    home = Library([folder]).exercises.path(name)
    session = Session(Library([folder]))
    question = session.exercises.visit(name).question
    verdict = mark(question, question.parts[0].name, "1")
    made = attempt_of(question, "", verdict, "1")
    attempt = replace(made, verdict="right", parts=1, at=datetime(2020, 1, 1, tzinfo=UTC))
    session._log, session.standings = [attempt], standings([attempt])
    assert session.find_due() and session.due == (name,)
    (folder / "retired").mkdir()
    home.rename(folder / "retired" / home.name)
    course = folder / "course.yaml"
    lines = course.read_text().splitlines(keepends=True)
    course.write_text("".join(line for line in lines if f"id: {name}," not in line and f"id: {name}\n" not in line))
    session = Session(Library([folder]))
    assert name in session.library.retired
    session._log, session.standings = [attempt], standings([attempt])
    assert not session.find_due() and session.next_open() != name
    assert session.exercises.visit(name).question.exercise.id == name
    assert session.following(name).kind == "end"


def test_each_second_is_that_of_one_answer(session, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    visit = session.exercises.visit("sequence-probability")
    visit.run.begin()
    for part, text, at in (("p", "0.24", 115.0), ("logp", "3", 116.0), ("logp", "4", 136.0), ("p", "0.24", 140.0)):
        now[0] = at
        session.exercises.check(visit, part, text)
    assert [attempt.seconds for attempt in session.log] == [15, 1, 20, 4]


@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_is_stored_before_its_verdict_is_there(session, fails):
    session.store = Watched(fails)
    visit = session.store.visit = session.exercises.visit("sequence-probability")
    assert session.exercises.check(visit, "p", "0.24").verdict == "right"
    assert session.exercises.check(visit, "logp", "3").verdict == "wrong"
    assert session.store.known == [("p", "right", []), ("logp", "wrong", ["p"])]
    assert session.problem == ("The disk is full." if fails else "")


def test_that_saving_failed_is_to_be_told_though_it_fails_once_more_before_the_next_frame(session):
    def full(*_rows):
        raise StoreError("The disk is full.")

    session.goes_on_while_saving = True
    session.store = store = Watched()
    store.begin = full
    visit = store.visit = session.exercises.visit("sequence-probability")
    session.exercises.check(visit, "p", "0.24")
    session.exercises.check(visit, "logp", "3")
    assert session.untold and session.problem == "The disk is full."
    store.begin = lambda *_rows: lambda: None
    session.exercises.check(visit, "logp", "4")
    session.wait_until_saved()
    assert not session.untold and not session.problem  # which is no news: nothing has to be taken from the screen


def test_a_verdict_belongs_to_the_text_that_it_judged(session):
    visit = session.exercises.visit("sequence-probability")
    session.exercises.check(visit, "p", "0.3")
    session.exercises.read(visit, "p", "0.24")
    assert visit.changed == {"p": "text"}
    session.exercises.read(visit, "p", "0.3 ")
    assert visit.changed == {}
    session.exercises.read(visit, "p", "0.30")
    assert visit.changed == {"p": "text"}


def test_a_verdict_belongs_to_the_values_that_stood_behind_it(session):
    visit = session.exercises.visit("sequence-probability")
    session.exercises.check(visit, "p", "0.24")
    assert session.exercises.check(visit, "logp", "log(p)").verdict == "right"
    session.exercises.read(visit, "p", "0.3")
    session.exercises.read(visit, "logp", "log(p)")
    assert visit.changed == {"p": "text", "logp": "values"}
    session.exercises.read(visit, "p", "0.24")
    session.exercises.read(visit, "logp", "log(p)")
    assert visit.changed == {}


def test_what_is_no_number_is_the_same_when_it_is_typed_again(session):
    visit = session.exercises.visit("sequence-probability")
    session.exercises.check(visit, "p", "nan")
    session.exercises.read(visit, "p", "nan ")
    assert visit.changed == {}
    session.exercises.read(visit, "p", "0.24")
    assert visit.changed == {"p": "text"}


def test_what_was_right_given_ones_own_is_so_only_as_long_as_that_stands_and_is_not_known(session):
    visit = session.exercises.visit("sequence-probability")
    session.exercises.check(visit, "p", "0.3")
    assert session.exercises.check(visit, "logp", "-1.20397").follows
    assert visit.right("logp")
    assert visit.known_parts == []
    session.exercises.read(visit, "p", "0.4")
    session.exercises.read(visit, "logp", "-1.20397")
    assert visit.changed["logp"] == "values"
    session.exercises.check(visit, "p", "0.24")
    assert visit.known_parts == ["p"]


def test_a_store_that_is_held_is_not_waited_for_and_read_when_it_is_let_go(content, tmp_path):
    path = tmp_path / "progress.sqlite3"
    before = Session(Library([content]))
    before.open_store(path)
    visit = before.exercises.visit("task-shapes")
    assert before.exercises.check(visit, "logits", "(3, 5, 100)").verdict == "right"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        session = Session(Library([content]))
        began = time.monotonic()
        session.open_store(path)
        assert time.monotonic() - began < 1.0, "the first frame waits for it"
        assert session.problem == ""
        assert not session.done("task-shapes")
        assert not session.past_is_read
    assert session.take(session.read_past())
    assert session.problem == ""
    assert session.done("task-shapes")
    assert len(session.log) == 1


def test_of_a_store_that_goes_on_being_held_it_is_said(content, tmp_path):
    path = tmp_path / "progress.sqlite3"
    Session(Library([content])).open_store(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        session = Session(Library([content]))
        session.open_store(path)
        session.store._wait = 0.05
        assert session.take(session.read_past())
        assert "Another program is holding" in session.problem


def test_what_another_sitting_has_done_meanwhile_is_seen_when_one_looks_again(content, tmp_path):
    path = tmp_path / "progress.sqlite3"
    session, other = Session(Library([content])), Session(Library([content]))
    session.open_store(path)
    other.open_store(path)
    assert not session.look_again(), "nothing was read yet"
    assert session.take(session.read_past())
    visit = session.exercises.visit("task-shapes")
    session.exercises.check(visit, "logits", "(3, 5, 100)")
    assert not session.look_again(), "it has written that itself"
    reset(path, "task-shapes")
    other.exercises.check(other.exercises.visit("lstm-cell"), "c", "[0.95, 0]")
    session.exercises.check(visit, "logits", "(3, 5, 100, 1)")  # what it writes itself hides nothing
    assert session.look_again() and not session.past_is_read
    assert session.take(session.read_past())
    assert session.done("lstm-cell") and not session.done("task-shapes")
    assert [attempt.text for attempt in session.log] == ["[0.95, 0]", "(3, 5, 100, 1)"]
    assert not session.look_again()


def test_a_file_that_a_newer_version_has_taken_over_meanwhile_is_said_and_what_is_typed_since_counts(
    content, tmp_path, monkeypatch
):
    path = tmp_path / "progress.sqlite3"
    session = Session(Library([content]))
    session.open_store(path)
    session.exercises.check(session.exercises.visit("task-shapes"), "logits", "(3, 5, 100)")
    with monkeypatch.context() as newer:
        newer.setattr(database, "STEPS", (*database.STEPS, ("ALTER TABLE attempt ADD COLUMN note TEXT",)))
        Session(Library([content])).open_store(path)
    session.exercises.check(session.exercises.visit("lstm-cell"), "c", "[0.95, 0]")
    assert session.store.unsaved == 1
    assert session.take(session.read_past())
    assert "was written by a newer rnn-tutor" in session.problem and "start it again" in session.problem
    assert [attempt.exercise for attempt in session.log] == ["lstm-cell"]


def test_a_large_file_of_an_older_format_is_not_waited_for(content, tmp_path, monkeypatch):
    path = tmp_path / "progress.sqlite3"
    before = Session(Library([content]))
    before.open_store(path)
    before.exercises.check(before.exercises.visit("task-shapes"), "logits", "(3, 5, 100)")
    later = ("ALTER TABLE attempt ADD COLUMN note TEXT NOT NULL DEFAULT ''",)
    monkeypatch.setattr(database, "STEPS", (*database.STEPS, later))
    monkeypatch.setattr(database, "_SMALL", 0)
    session = Session(Library([content]))
    session.open_store(path)
    assert (session.problem, session.held, session.past_is_read) == ("", True, False)
    assert session.meanwhile == "Your earlier answers are brought up to date now. This happens only once."
    with closing(sqlite3.connect(path)) as con:
        assert database.version_of(con) == len(database.STEPS) - 1
    assert session.take(session.read_past())
    assert session.done("task-shapes") and session.problem == ""
    with closing(sqlite3.connect(path)) as con:
        assert database.version_of(con) == len(database.STEPS)
    again = Session(Library([content]))
    again.open_store(path)
    assert not again.held


def sitting(content, tmp_path, seed=None):
    one = Session(Library([content]), seed)
    one.open_store(tmp_path / "progress.sqlite3")
    return one


@pytest.fixture
def left(content, tmp_path):
    """What a sitting has left: drawn numbers, a hint, the first of two parts right, the second half typed."""
    before = sitting(content, tmp_path)
    visit = before.exercises.visit("sequence-probability")
    visit = before.exercises.visits.renew(visit, 7)
    visit.run.hints = 1
    before.exercises.check(visit, "p", "prod(probs)")
    before.exercises.read(visit, "logp", "log(")
    visit.run.scratch = "a = probs[0]"
    before.close()
    return visit


def test_an_exercise_is_gone_on_with_as_it_was_left(content, tmp_path, left):
    now = sitting(content, tmp_path)
    assert now.left == "sequence-probability"
    visit = now.exercises.visit("sequence-probability")
    assert (visit.seed, visit.run.hints, visit.run.solution, visit.run.scratch) == (7, 1, False, "a = probs[0]")
    assert visit.question.givens["probs"].tolist() == left.question.givens["probs"].tolist()
    assert visit.texts == {"p": "prod(probs)", "logp": "log("}
    assert visit.resumed == "here" and visit.unchecked() == ["logp"]
    now.exercises.mark_again(visit, "p")
    assert visit.right("p") and not visit.solved
    assert [attempt.part for attempt in now.log] == ["p"]  # it was marked again, and is no other attempt
    now.close()
    again = sitting(content, tmp_path)
    assert again.exercises.visit("sequence-probability").to_mark == {"p": "prod(probs)"}


@pytest.mark.parametrize("seed", [None, 7])
def test_a_sitting_that_is_cut_off_right_behind_a_verdict_is_gone_on_with(content, tmp_path, seed):
    """No pause, no leaving: with the verdict it is on the disk what was answered, and with which numbers."""
    before = sitting(content, tmp_path)
    visit = before.exercises.visit("sequence-probability")
    if seed is not None:
        visit = before.exercises.visits.renew(visit, seed)
    before.exercises.check(visit, "logp", "3")
    before.exercises.check(visit, "p", "prod(probs)")
    now = sitting(content, tmp_path)
    visit = now.exercises.visit("sequence-probability")
    assert (visit.seed, visit.to_mark) == (seed, {"p": "prod(probs)", "logp": "3"})
    for part in ("p", "logp"):
        now.exercises.mark_again(visit, part)
    assert visit.right("p") and visit.verdicts["logp"].verdict == "wrong"
    kept = len(list(now.store.kept()))
    now.exercises.check(visit, "logp", "log(p)")
    assert len(list(now.store.kept())) == kept + 2  # the answer, and that nothing is left
    assert sitting(content, tmp_path).exercises.visit("sequence-probability").texts == {}


def test_a_lab_that_is_cut_off_right_behind_a_prediction_is_gone_on_with(tmp_path):
    (tmp_path / "memory" / "labs").mkdir(parents=True)
    (tmp_path / "memory" / "labs" / "decay.yaml").write_text(TEXT, encoding="utf-8")
    before = sitting(tmp_path, tmp_path)
    told = before.labs.guess(before.labs.visit("decay"), "1")
    visit = sitting(tmp_path, tmp_path).labs.visit("decay")
    assert visit.resumed and visit.texts == {0: "1"} and visit.outcomes[0].verdict == told.verdict


def test_an_answer_that_is_edited_before_it_was_marked_again_is_not_marked(content, tmp_path, left):
    now = sitting(content, tmp_path)
    visit = now.exercises.visit("sequence-probability")
    now.exercises.read(visit, "p", "prod(probs) + 1")
    now.exercises.mark_again(visit, "p")
    assert not visit.verdicts and visit.unchecked() == ["p", "logp"]


def test_numbers_that_are_asked_for_are_others_than_those_that_were_left(content, tmp_path, left):
    assert sitting(content, tmp_path, seed=3).exercises.visit("sequence-probability").seed == 3


def test_of_a_file_that_has_changed_nothing_is_gone_on_with_but_what_is_typed(content, tmp_path, left):
    folder = tmp_path / "course"
    shutil.copytree(content, folder)
    path = Library([folder]).exercises.path("sequence-probability")
    path.write_text(path.read_text() + "\n# changed\n")
    visit = sitting(folder, tmp_path).exercises.visit("sequence-probability")
    assert (visit.seed, visit.run.hints, visit.texts) == (None, 0, {})
    assert visit.resumed == "here" and visit.trail("logp").taken  # the pad is there, the text can be brought back


def test_what_is_solved_begins_anew(content, tmp_path, left):
    now = sitting(content, tmp_path)
    visit = now.exercises.visit("sequence-probability")
    now.exercises.mark_again(visit, "p")
    now.exercises.check(visit, "logp", "log(p)")
    assert visit.solved
    now.close()
    fresh = sitting(content, tmp_path).exercises.visit("sequence-probability")
    assert (fresh.seed, fresh.run.hints, fresh.texts, fresh.resumed) == (None, 0, {}, "")


def test_a_hint_and_the_solution_that_were_opened_stay_open(content, tmp_path):
    before = sitting(content, tmp_path)
    visit = before.exercises.visit("lstm-cell")
    visit.run.hints, visit.run.solution = 2, True
    before.close()
    now = sitting(content, tmp_path)
    visit = now.exercises.visit("lstm-cell")
    assert (visit.run.hints, visit.run.solution, visit.resumed) == (2, True, "left")
    now.exercises.check(visit, "c", "f*c_prev + i*cand")
    assert visit.looked_up == {"c"}


def test_in_a_review_the_numbers_show_the_mistakes_that_were_made_before(monkeypatch):
    """In whatever exercise: here in another one than the one that comes back."""
    session = Session(Library([content_folder()]))
    name, rule = "gradient-product", "powers"
    counts = [hidden(ask(session.library.exercise(name), seed), {rule}) for seed in range(6)]
    order = sorted(range(6), key=lambda seed: -counts[seed])
    assert counts[order[0]] and not counts[order[-1]]
    drawn = [order[0], order[-1], order[1], order[2]]

    def reviewed(*attempts):
        left = iter(drawn)
        monkeypatch.setattr("rnn_tutor.exercises.seeds.any_seed", lambda: next(left))
        session._log, session.standings, session._rounds = list(attempts), standings(attempts), None
        session.reviews.round = None
        assert session.reviews.begin(10) == name
        session.begin_in_review(name)
        return session.exercises.visits[name].seed

    parts = session.exercises.visit(name).question.parts
    right = [answered(name, 100, part.name, parts=len(parts)) for part in parts]
    assert reviewed(*right) == order[0]
    assert reviewed(*right, replace(answered("of-then", 90, verdict="wrong"), rule=rule)) == order[-1]


def test_a_unit_is_new_once_and_never_to_its_author():
    folder = content_folder()
    session = Session(Library([folder]))
    unit = session.library.unit("lstm")
    assert session.is_new(unit)
    session.met.add(unit.id)
    assert not session.is_new(unit)
    author = AuthorSession(DraftLibrary([folder], folder / "lstm" / "lstm-cell.yaml"))
    assert not author.is_new(author.library.unit("lstm"))
    session = Session(Library([folder]))
    session.standings = standings([answered("lstm-cell", 1)])
    assert not session.is_new(session.library.unit("lstm"))


def test_on_a_way_a_lab_comes_after_an_exercise_until_it_was_opened(tmp_path):
    session = Session(Library([content_folder()]))
    assert session.following("token-loss").kind == "exercise"
    session.open_store(tmp_path / "progress.sqlite3")
    session.choose_way("build")
    assert session.following("token-loss") == ("lab", "train-it", "Train it")
    session.offered.add("train-it")
    assert session.following("token-loss").id == "bigram-nll"
    session.close()
