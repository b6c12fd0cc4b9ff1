import os
import sys

import pytest
from textual import events
from textual.geometry import Size

from rnn_tutor.tui.terminal.bounded_driver import MOST_COLUMNS, MOST_ROWS, GuardedDriver
from rnn_tutor.tui.terminal.key_order import drained


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


@pytest.fixture
def driver(monkeypatch):
    """A driver of a terminal of 97 columns and 31 rows, which does not tell of its size itself."""
    driver = GuardedDriver.__new__(GuardedDriver)
    driver._in_band_window_resize = False
    monkeypatch.setattr(GuardedDriver, "_get_terminal_size", lambda _: (97, 31))
    for name in ("write", "flush"):
        monkeypatch.setattr(GuardedDriver, name, lambda *_: None)
    return driver


async def test_a_size_that_was_and_is_told_last_is_not_taken(driver, open_app, monkeypatch):
    # told by another way than the one after it, while the terminal is taken anew by a storm of signals
    async with open_app() as (app, pilot):
        with monkeypatch.context() as patched:
            patched.setattr(app, "_driver", driver)
            for size in (Size(97, 31), Size(80, 24)):
                await app._post_message(events.Resize(size, size))
            await drained(app)
        await pilot.pause()
        assert app.size == app.screen.size == Size(97, 31)


def test_what_a_terminal_tells_itself_is_taken_as_it_is(driver):
    driver._in_band_window_resize = True
    told = events.Resize(Size(80, 24), Size(80, 24))
    assert driver.newest(told) is told
