"""What is painted goes out at once where the terminal takes it, and in order where it does not."""

import os
import pty
import tty
from collections.abc import Iterator
from contextlib import suppress
from typing import TextIO

import pytest
from textual.drivers._writer_thread import WriterThread

from rnn_tutor.tui.terminal.nonblocking_writer import Outlet


@pytest.fixture
def line() -> Iterator[tuple[TextIO, int]]:
    """A terminal to write to, and its other end."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    with os.fdopen(slave, "w", encoding="utf-8") as file:
        yield file, master
    with suppress(OSError):
        os.close(master)


def arrived(master: int) -> bytes:
    found = b""
    with suppress(BlockingIOError):
        while data := os.read(master, 1 << 16):
            found += data
    return found


def test_a_text_is_out_when_the_call_returns(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)

    assert outlet.write_at_once("é1")
    assert arrived(master) == "é1".encode()


def test_nothing_overtakes_what_the_thread_was_given(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    outlet.hand_over()

    assert not outlet.write_at_once("two")
    assert arrived(master) == b""
    outlet.write("one ")
    assert not outlet.write_at_once("two"), "it is taken, not written"
    outlet.flush()
    assert outlet.write_at_once("two")
    assert arrived(master) == b"one two"


def test_the_end_of_a_text_that_the_terminal_does_not_take_comes_before_the_next(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    thread = WriterThread(outlet)  # type: ignore[arg-type]
    long = "ä" * 100_000

    assert not outlet.write_at_once(long)
    assert outlet.begun
    assert not outlet.write_at_once("x"), "it would stand in the midst of the other"
    thread.start()
    for text in ("", "end"):
        outlet.hand_over()
        thread.write(text)
    found = b""
    while not found.endswith(b"end"):
        found += arrived(master)
    thread.stop()
    assert found == (long + "end").encode()
    assert not outlet.begun


def test_a_terminal_that_takes_nothing_holds_nobody_up(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    assert not outlet.write_at_once("ä" * 100_000)
    outlet.give_up(b"over")

    assert outlet.write_at_once("more") is False
    assert b"over" in arrived(master)


def test_a_terminal_that_is_gone_is_no_failure(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    os.close(master)

    assert outlet.write_at_once("nobody reads this")


def test_what_may_wait_is_left_to_the_thread(line: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without a name cannot be opened anew: a write to it may wait for whoever reads it."""
    file, _ = line
    monkeypatch.setattr(os, "ttyname", lambda _: "/nowhere/at/all")

    assert not Outlet(file).write_at_once("x")
