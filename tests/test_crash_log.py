"""The log of the program's own mistakes: private, bounded, nothing of what was typed, and nothing that it can break."""

import os
import stat

import pytest

from rnn_tutor import crash_log
from rnn_tutor.crash_log import MOST, CrashLog

TYPED = "my-secret-answer"


def raised(function, *about):
    try:
        function(*about)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("nothing was raised")


def look_up(typed):
    return {}[typed]


def convert(typed):
    try:
        return look_up(typed)
    except KeyError as error:
        raise ValueError(f"no {typed}") from error


def test_it_tells_where_and_what_but_nothing_that_was_typed(tmp_path):
    log = CrashLog(tmp_path / "new" / "crash.log")
    error = raised(convert, TYPED)
    error.add_note(TYPED)
    assert log.note(error, "a handler of CourseScreen")
    text = log.path.read_text()
    assert "a handler of CourseScreen" in text
    assert "ValueError" in text and "caused by KeyError" in text
    assert "look_up: return {}[typed]" in text
    assert "rnn-tutor" in text and "textual" in text
    assert TYPED not in text


def test_members_of_a_group_and_numbers_of_the_system(tmp_path):
    log = CrashLog(tmp_path / "crash.log")
    members = [raised(look_up, TYPED), OSError(28, TYPED, TYPED)]
    assert log.note(ExceptionGroup(TYPED, members), "x")
    text = log.path.read_text()
    assert "of the group: KeyError" in text and "of the group: OSError 28" in text
    assert TYPED not in text


def test_only_the_owner_can_read_it(tmp_path):
    before = os.umask(0)
    try:
        log = CrashLog(tmp_path / "data" / "crash.log")
        log.note(raised(look_up, 1), "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700
    log.path.chmod(0o666)  # somebody's umask, or a copy
    log.note(raised(convert, 1), "x")
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_it_stays_within_its_bound(tmp_path):
    path = tmp_path / "crash.log"
    path.write_bytes(b"x" * (MOST - 10))
    assert CrashLog(path).note(raised(look_up, 1), "x")
    assert 0 < path.stat().st_size <= crash_log.MOST_ENTRY + 2
    assert b"KeyError" in path.read_bytes()


def test_the_same_mistake_is_counted(tmp_path):
    log = CrashLog(tmp_path / "crash.log")
    for _ in range(1000):
        assert log.note(raised(look_up, 1), "painting")
    text = log.path.read_text()
    assert text.count("return {}[typed]") == 1
    assert [f"{times} times by now" in text for times in (10, 100, 1000)] == [True] * 3
    assert len(text) < 2000


def test_an_endless_traceback_is_cut(tmp_path):
    def deeper(depth):
        return deeper(depth + 1)

    log = CrashLog(tmp_path / "crash.log")
    assert log.note(raised(deeper, 0), "x")
    text = log.path.read_text()
    assert "RecursionError" in text and " more\n" in text
    assert len(text) < crash_log.MOST_ENTRY


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "file in the way", "nowhere"])
def test_it_writes_to_no_other_place_and_waits_for_nobody(tmp_path, kind):
    path = tmp_path / "crash.log"
    other = tmp_path / "other"
    other.write_text("mine")
    if kind == "link":
        path.symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "file in the way":
        path = other / "crash.log"
    assert not CrashLog(None if kind == "nowhere" else path).note(raised(look_up, 1), "x")
    assert other.read_text() == "mine"
