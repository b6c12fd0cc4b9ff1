"""A class that is watched, with its answers from a source of the test's own."""

import threading

import pytest

from rnn_tutor.progress.class_report import ClassReport
from rnn_tutor.tui.watching.follow import LostError

from ...classes.conftest import terms, told


class Fake:
    """Answers that a test gives one after another, and a connection that it can cut."""

    def __init__(self, about=None):
        self.report_so_far = ClassReport(about or terms())
        for name in ("ada", "bob", "cyd", "dora", "ed", "finn"):
            self.report_so_far.meet(name)
        self.news = threading.Event()
        self.is_new = True
        self.is_away = False
        self.opened = self.read = 0

    def give(self, *rows):
        for learner, attempt in rows:
            self.report_so_far.add(learner, attempt)
        self.is_new = True
        self.news.set()

    def cut(self, away=True):
        self.is_away = away
        self.news.set()

    def opens(self):
        self.opened += 1
        if self.is_away:
            raise LostError("The class's server cannot be reached.")
        self.is_new = True
        return self

    def report(self):
        self.read += 1
        is_new, self.is_new = self.is_new, False
        return self.report_so_far.result() if is_new else None

    def wait(self, seconds):
        there = self.news.wait(seconds)
        if there:  # news that come just after the time was up are kept for the next wait
            self.news.clear()
        if self.is_away:
            raise LostError("The class's server cannot be reached.")
        return there

    def close(self):
        pass


@pytest.fixture
def fake():
    return Fake()


@pytest.fixture
def rows():
    return list(told())
