import os
import sys

import pytest

from rnn_tutor.tui.terminal.bounded_driver import MOST_COLUMNS, MOST_ROWS, GuardedDriver


@pytest.fixture
def size(monkeypatch):
    """The size that the driver finds on a terminal that gives `given`."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)

    def found(given, **environ):
        def asked(_=1):
            if given is None:
                raise OSError
            return os.terminal_size(given)

        with monkeypatch.context() as patched, open(os.devnull, "w") as out:  # noqa: PTH123
            patched.setattr(sys, "__stdout__", out)
            patched.setattr(os, "get_terminal_size", asked)
            for name, value in environ.items():
                patched.setenv(name, value)
            return GuardedDriver._get_terminal_size(GuardedDriver.__new__(GuardedDriver))

    return found


def test_it_is_what_the_terminal_gives(size):
    assert size((97, 31)) == (97, 31)


def test_it_is_bounded(size):
    assert size((65_535, 65_535)) == (MOST_COLUMNS, MOST_ROWS)


def test_what_the_environment_says_comes_first(size):
    assert size((97, 31), COLUMNS="60") == (60, 31)
    assert size((97, 31), LINES="12") == (97, 12)


@pytest.mark.parametrize("given", [None, (0, 0), (0, 31), (97, 0)])
def test_where_the_terminal_gives_none_it_is_textuals(size, given):
    columns, rows = given or (0, 0)
    assert size(given) == (columns or 80, rows or 24)
