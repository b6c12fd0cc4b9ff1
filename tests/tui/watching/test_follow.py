"""What is new is read at most so often, told only if it is new, and tried again after the connection was lost."""

import itertools
import time

import pytest

from rnn_tutor.tui.watching import follow
from rnn_tutor.tui.watching.follow import Follower


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(follow, "EVERY", 0.05)
    monkeypatch.setattr(follow, "WAIT", 0.02)
    monkeypatch.setattr(follow, "AGAIN", (0.02,))


def until(condition):
    end = time.monotonic() + 60  # a busy machine may take its time
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    pytest.fail("it does not come")


@pytest.fixture
def told(quick, fake):
    """Return what the follower of a fake class tells, as a list that grows."""
    said = []
    follower = Follower(fake.opens, lambda report, trouble: said.append((report, trouble)))
    follower.start()
    yield said
    follower.stop()
    follower.join(5)
    assert not follower.is_alive()


def test_the_first_report_comes_by_itself_and_then_only_what_is_new(told, fake, rows):
    until(lambda: told)
    time.sleep(0.2)
    assert len(told) == 1
    fake.news.set()  # somebody notified, and nothing is new
    until(lambda: fake.read == 2)
    assert len(told) == 1
    fake.give(*rows)
    until(lambda: len(told) == 2)
    report, trouble = told[1]
    assert (len(report.stuck), trouble) == (1, "")


def test_however_many_notifications_come_it_is_read_at_most_so_often(told, fake, rows):
    until(lambda: told)
    began, before = time.monotonic(), fake.read
    for row, _ in itertools.product(rows, range(20)):
        fake.give(row)
        time.sleep(0.001)
    assert fake.read - before <= (time.monotonic() - began) / follow.EVERY + 1


def test_a_lost_connection_is_told_once_and_tried_again(told, fake, rows):
    until(lambda: told)
    fake.cut()
    until(lambda: fake.opened > 3)
    assert [trouble for _, trouble in told] == ["", "The class's server cannot be reached. It is tried again."]
    fake.give(*rows)
    fake.cut(away=False)
    until(lambda: len(told) == 3)
    assert (told[2][1], len(told[2][0].stuck)) == ("", 1)
