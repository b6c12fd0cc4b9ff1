"""What is painted goes out at once where the terminal takes it, and in order where it does not."""

import os
import pty
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from typing import TextIO

import pytest
from textual.drivers._writer_thread import WriterThread

from rnn_tutor.tui.terminal.bounded_driver import GuardedDriver
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


def read_during(act: Callable[[], None], master: int) -> bytes:
    """Do something in a thread, and return what arrives until it is done."""
    thread = Thread(target=act)
    thread.start()
    found = b""
    while thread.is_alive():
        found += arrived(master)
    return found + arrived(master)


def test_a_text_is_out_when_the_call_returns(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)

    assert outlet.write_at_once("é1") is None
    assert arrived(master) == "é1".encode()


def test_nothing_overtakes_what_the_thread_was_given(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    outlet.hand_over()

    assert outlet.write_at_once("two") == "two"
    assert arrived(master) == b""
    outlet.write("one ")
    assert outlet.write_at_once("two") == "two", "it is taken, not written"
    outlet.flush()
    assert outlet.write_at_once("two") is None
    assert arrived(master) == b"one two"


def test_the_end_of_a_text_that_the_terminal_does_not_take_comes_before_the_next(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    thread = WriterThread(outlet)  # type: ignore[arg-type]
    long = "ä" * 100_000

    assert outlet.write_at_once(long) == ""
    assert outlet.write_at_once("x") == "x", "it would stand in the midst of the other"
    thread.start()
    for text in ("", "end"):
        outlet.hand_over()
        thread.write(text)
    found = b""
    while not found.endswith(b"end"):
        found += arrived(master)
    thread.stop()
    assert found == (long + "end").encode()
    assert outlet.write_at_once("at once again") is None


def test_no_frame_is_lost_that_is_painted_before_the_end_of_the_one_before_it(line: tuple[TextIO, int]) -> None:
    """A slow line: the terminal still takes the first frame when the second and the third are painted."""
    file, master = line
    driver = GuardedDriver.__new__(GuardedDriver)
    driver._outlet, driver._state, driver._frame = Outlet(file), "ours", None
    driver._writer_thread = WriterThread(driver._outlet)  # type: ignore[arg-type]
    frames = ("1" * 100_000, "2" * 100, "3" * 100)
    for frame in frames:
        with driver.one_write():
            driver.write(frame)
    driver._writer_thread.start()
    found = read_during(driver._writer_thread.stop, master)
    assert found == "".join(frames).encode()


def test_a_text_that_is_begun_while_the_thread_has_nothing_is_kept(line: tuple[TextIO, int]) -> None:
    """The thread looks once more after a text that it has written at once for its length."""
    file, master = line

    class _BegunMeanwhile(Outlet):
        begins = False

        def _encoded(self, text: str) -> bytes:
            if self.begins and not text:
                self.begins = False
                self.write_at_once("b" * 100_000)
            return super()._encoded(text)

    outlet = _BegunMeanwhile(file)
    outlet.begins = True
    outlet.flush()
    if outlet.begins:
        outlet.write_at_once("b" * 100_000)
    found = arrived(master)
    assert 0 < len(found) < 100_000
    found += read_during(outlet.flush, master)
    assert len(found) == 100_000


def test_a_terminal_that_takes_nothing_holds_nobody_up(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    assert outlet.write_at_once("ä" * 100_000) == ""
    outlet.give_up(b"over")

    assert outlet.write_at_once("more") == "more"
    assert b"over" in arrived(master)


def test_a_terminal_that_is_gone_is_no_failure(line: tuple[TextIO, int]) -> None:
    file, master = line
    outlet = Outlet(file)
    os.close(master)

    assert outlet.write_at_once("nobody reads this") is None


def test_what_may_wait_is_left_to_the_thread(line: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without a name cannot be opened anew: a write to it may wait for whoever reads it."""
    file, _ = line
    monkeypatch.setattr(os, "ttyname", lambda _: "/nowhere/at/all")

    assert Outlet(file).write_at_once("x") == "x"
