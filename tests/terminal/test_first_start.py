"""The first frame has the course, whatever was pressed by then, and whatever was kept before."""

import os
import pickle
import shutil
import sys
import time

import pytest

from benchmarks.pty_session import SYNC_END, Session, environ, welcomed
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.screens.frame import WIDE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("terminal")]
TUTOR = (sys.executable, "-m", "rnn_tutor")


def kept(home):
    return list((home / ".cache").rglob("*.index")) if (home / ".cache").exists() else []


def started(session):
    assert session.until_text("level "), session.text
    return session


def start_once(home, *words, wait=True):
    """Start, wait until what the course lists is kept, leave."""
    with Session((*TUTOR, *words), environ(home, met=True)) as session:
        assert session.until_text("level "), session.text
        if wait:
            assert session.until(lambda _: kept(home)), "nothing was kept"
        session.settle()
        session.send(b"q")
        assert session.ended() is not None and session.status == 0
        return session.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (200, 60)])
def test_there_is_one_first_frame(tmp_path, size):
    start_once(tmp_path)
    with Session(TUTOR, environ(tmp_path, met=True), size) as session:
        assert session.until_text("level "), session.text
        session.settle(1.0)
        first, *later, rest = bytes(session.raw).split(SYNC_END)
        assert b"level " in first and not rest.startswith(b"\x1b[?2026h")
        # On a wide screen the unit's page stands beside the list: it is read in a pause, and the list stays as it is.
        assert len(later) <= (size[0] >= WIDE) and not any(b"Read this first" in frame for frame in later)


@pytest.mark.parametrize("first", [True, False], ids=["read", "kept"])
def test_keys_that_are_pressed_during_the_start_are_not_lost(tmp_path, first):
    if not first:
        start_once(tmp_path)
    with Session(TUTOR, environ(tmp_path, met=True)) as session:
        for key in (b"/", b"l", b"s", b"t", b"m"):
            session.send(key)
            session.settle(0.02)
        assert session.until_shown("Search: lstm"), session.text
        assert session.until_shown("The cell update"), session.text


def test_enter_pressed_during_the_start_opens_what_is_next(tmp_path):
    with Session(TUTOR, environ(tmp_path, met=True)) as session:
        assert session.until(lambda one: one.raw)  # before, the line makes another key of it
        session.send(b"\r")
        assert session.until_shown("One step of a recurrent network"), session.text
        assert session.until_shown("Enter check"), session.text


def test_what_is_typed_before_the_terminal_is_taken_arrives(tmp_path):
    with Session(TUTOR, environ(tmp_path, met=True)) as session:
        session.send(b"\x1b[B\x1b[A\r")  # the line makes another key of Enter
        assert session.until_shown("One step of a recurrent network"), session.text
        assert session.until_shown("Enter check"), session.text


def test_somebody_new_meets_the_first_screen_once_in_one_frame(tmp_path):
    """It is a first frame as the course is, and is not painted over."""
    for new in (True, False):
        with Session(TUTOR, environ(tmp_path), (80, 24)) as session:
            assert session.until_text("Ways through the course" if new else "level "), session.text
            session.settle(1.0)
            assert bytes(session.raw).count(SYNC_END) == 1
            session.send(b"\r" if new else b"q")
            if new:
                assert session.until_text("level "), session.text
                session.send(b"q")
            assert session.ended() is not None and session.status == 0


def test_q_pressed_during_the_start_leaves(tmp_path):
    with Session(TUTOR, environ(tmp_path, met=True)) as session:
        session.send(b"q")
        assert session.ended() is not None
        assert session.status == 0
        assert session.restored() == []


@pytest.mark.parametrize("what", ["cut", "noise", "pickle", "another's", "a pipe", "a folder"])
def test_a_bad_file_in_the_cache_changes_nothing(tmp_path, what):
    seen = start_once(tmp_path)
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    file.unlink()
    if what == "a pipe":
        os.mkfifo(file)
    elif what == "a folder":
        file.mkdir()
    else:
        run = tmp_path / "ran"
        file.write_bytes({
            "cut": whole[: len(whole) // 2],
            "noise": bytes(range(256)) * 50,
            "pickle": pickle.dumps(_Runs(str(run))),
            "another's": whole.replace(b"recurrent", b"recursive"),
        }[what])  # fmt: skip
        assert not run.exists()
    assert start_once(tmp_path, wait=False) == seen
    assert not (tmp_path / "ran").exists()


class _Runs:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("words", [("--kiosk", "--learner", "ada"), ()])
def test_a_kiosk_keeps_nothing_and_believes_nothing_that_was_kept(tmp_path, words):
    data = ("--data", str(tmp_path / "data"))
    if words:
        welcomed(tmp_path / "data" / "learners" / "ada")
        with Session((*TUTOR, *words, *data), environ(tmp_path, met=True)) as session:
            started(session)
            session.settle(1.5)
        assert not kept(tmp_path)
        start_once(tmp_path)
        (file,) = kept(tmp_path)
        when = file.stat().st_atime_ns
        file.unlink()
        os.mkfifo(file)  # who opened it would be seen
        with Session((*TUTOR, *words, *data), environ(tmp_path, met=True)) as session:
            started(session)
            session.settle(1.5)
        assert not file.is_file() and when
    else:
        start_once(tmp_path)
        assert kept(tmp_path)


def test_of_a_pack_is_kept_what_its_file_says_now(tmp_path):
    pack = tmp_path / "pack"
    (pack / "mine").mkdir(parents=True)
    shutil.copy(content_folder() / "recurrence" / "rnn-update.yaml", pack / "mine")
    unit = "  - {{id: mine, title: {}, aim: A, exercises: [{{id: rnn-update, title: X}}]}}\n"
    course = "format: 1\ntitle: {}\nunits:\n" + unit
    words = ("--only", "--content", str(pack))
    for title in ("The first course", "The second one"):
        (pack / "course.yaml").write_text(course.format(title, "Unit of " + title), "utf-8")
        for _ in range(2):
            assert title in start_once(tmp_path, *words)
            time.sleep(0.01)
    assert sorted(path.name for path in pack.rglob("*")) == ["course.yaml", "mine", "rnn-update.yaml"]


def test_a_home_that_cannot_be_written_to_changes_nothing(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cache").write_text("no folder")
    for _ in range(2):
        start_once(home, wait=False)
    assert (home / ".cache").read_text() == "no folder"


def test_the_cursor_is_in_view_in_the_first_frame_however_far_down(tmp_path):
    from benchmarks import generate

    generate.attempts(tmp_path / "data" / "progress.sqlite3", content_folder(), 2_000)
    start_once(tmp_path)
    with Session(TUTOR, environ(tmp_path, met=True), (80, 24)) as session:
        assert session.until_text("next")
        assert bytes(session.raw).count(SYNC_END) <= 1
        assert " next" in session.text
