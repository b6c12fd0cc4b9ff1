"""Kiosks behind WebSockets: real ones, on pseudo-terminals."""

import asyncio
import os
from pathlib import Path

import pytest

from rnn_tutor.commands.serving import terminal as terminal_module
from rnn_tutor.commands.serving.terminal import ENVIRONMENT, KioskTerminal, kiosk_command

from .conftest import Screen

COURSE = "Up Down choose"
WELCOME = "Enter  Begin."


async def test_a_visitor_works_is_cut_off_and_goes_on_where_it_was(serve):
    async with serve() as (browser, visitors):
        ada = browser()
        await ada.admit()
        async with ada.websocket() as socket:
            screen = Screen(socket)
            await screen.until(WELCOME)
            await screen.type("\r")
            assert "ada" in await screen.until(COURSE)
            for hostile in (
                "",
                "{",
                "[]",
                '["stdin"]',
                '["stdin", 5]',
                '["resize", {"width": "x"}]',
                '["quit"]',
                "[" * 9_000,
            ):
                await socket.send_str(hostile)
            await socket.send_bytes(b"\x00\xff")
            await socket.send_str('["resize", {"width": 120, "height": 99999999}]')
            await socket.send_str('["resize", {"width": 100, "height": 30}]')
            screen.resize(100, 30)
            await screen.type("/lstm-cell")
            await asyncio.sleep(0.5)
            await screen.type("\r")
            await screen.until("The cell update")
            await screen.until("c =")
            await screen.type("[1 2")
            await screen.until("[1 2")
        assert sum(visitor.playing for visitor in visitors._by_token.values()) == 1
        async with ada.websocket() as socket:  # the page opened again
            screen = Screen(socket)
            text = await screen.until("[1 2")
            assert "The cell update" in text
            await screen.type("\x0f")  # Ctrl+O: the course
            await screen.until(COURSE)
            await screen.type("q")
            await screen.until(None)
        assert not any(visitor.playing for visitor in visitors._by_token.values())


async def test_only_so_many_at_once_and_the_idle_are_ended(serve):
    time = [0.0]
    async with serve(most=1, idle=60.0, clock=lambda: time[0]) as (browser, visitors):
        ada, bob = browser(), browser()
        await ada.admit("ada")
        await bob.admit("bob")
        async with ada.websocket() as socket:
            await Screen(socket).until(WELCOME)
            with pytest.raises(Exception, match="503"):
                await bob.websocket()
            time[0] = 61.0
            (idle,) = visitors.idle()
            assert idle.learner == "ada"
            await idle.terminal.end()
            await Screen(socket).until(None)
        async with bob.websocket() as socket:
            await Screen(socket).until(WELCOME)


async def test_the_second_window_takes_over(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit()
        async with ada.websocket() as first:
            await Screen(first).until(WELCOME)
            async with ada.websocket() as second:
                await Screen(first).until(None)
                await Screen(second).until(WELCOME)


async def test_a_message_that_is_too_long_ends_the_line_and_loses_nothing(serve):
    async with serve() as (browser, visitors):
        ada = browser()
        await ada.admit()
        async with ada.websocket() as socket:
            screen = Screen(socket)
            await screen.until(WELCOME)
            await socket.send_str('["stdin", "' + "x" * 70_000 + '"]')
            await screen.until(None)
        assert sum(visitor.playing for visitor in visitors._by_token.values()) == 1


async def test_a_kiosk_gets_nothing_of_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "s3cret")
    monkeypatch.setenv("TEXTUAL_DRIVER", "os:system")
    terminal = KioskTerminal(["/bin/sh", "-c", "env > $0; pwd >> $0", str(tmp_path / "seen")])
    await terminal.start(80, 24)
    await asyncio.wait_for(terminal.ended.wait(), 10)
    seen = (tmp_path / "seen").read_text().splitlines()
    assert seen[-1] == "/"
    assert {line.split("=")[0] for line in seen[:-1]} <= {*ENVIRONMENT, "PWD", "SHLVL", "_", "OLDPWD"}


async def test_one_that_does_not_end_is_ended(monkeypatch):
    terminal = KioskTerminal(["/bin/sh", "-c", "trap '' HUP; sleep 1000"])
    await terminal.start(80, 24)
    process = terminal._process
    monkeypatch.setattr(terminal_module, "_ENDS", 0.2)
    await asyncio.wait_for(terminal.end(), 10)
    assert process.returncode is not None
    async with asyncio.timeout(10):  # what the shell had started is gone as soon as the kernel has let it go
        while _is_there(process.pid):
            await asyncio.sleep(0.05)


def _is_there(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_learner_is_one_argument_of_a_list():
    command = kiosk_command("a; rm -rf /", ["--data", "/d"])
    assert command[1:] == ["-I", "-m", "rnn_tutor", "--kiosk", "--learner", "a; rm -rf /", "--data", "/d"]
    assert Path(command[0]).exists()
