"""A file that is being written, and the author's app on it."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.authoring.author_session import DraftLibrary, folders_around
from rnn_tutor.tui.terminal.capabilities import Options

from ..conftest import FULL, flat, screen_text

DECAY = """\
format: 1
id: decay
title: A state that decays
prompt: A state is multiplied by `rate` at each step. What is left of `h` after one?
given:
  h: {value: "[0.8, -0.4]", means: state, axes: [unit], draw: "uniform(0.2, 1)"}
  rate: {value: "0.5", means: per-step factor, draw: "choice(0.6, 0.7, 0.8)"}
steps:
  - let: "factor = rate ** 2"
    say: Two steps make a square.
  - let: "left = factor * h"
    say: Each element shrinks by the same factor.
ask:
  - {answer: left, as: vector, axes: [unit]}
hints:
  - What is left after one step?
  - Equal factors make a power.
"""
PATIENCE = 15.0


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "work" / "decay.yaml"
    path.parent.mkdir()
    path.write_text(DECAY, encoding="utf-8")
    return path


@pytest.fixture
def open_author(content, file):
    """Open the author's app on a file, and wait until it is shown and checked."""

    @asynccontextmanager
    async def opened(
        path=file, size=(80, 24), *, terminal=FULL, seed=None, settings=None, folders=(content,), wait=True
    ):
        def library():
            return DraftLibrary(folders_around(path, folders), path)

        app = Author(library, None, terminal, Options(author=path, seed=seed, settings=settings))
        async with app.run_test(size=size) as pilot:
            if wait:
                await until(pilot, lambda: app._checked and app.quiet)
            yield app, pilot

    return opened


async def until(pilot, there):
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end, screen_text(pilot.app)
        await asyncio.sleep(0.02)
        await pilot.pause()
    await pilot.pause()


async def shown(pilot, text):
    """Wait until a text is on the screen."""
    await until(pilot, lambda: text in flat(pilot.app))


async def rechecked(pilot, save):
    """Save, and wait until what was saved is read and checked."""
    before = pilot.app._version
    save()
    await until(pilot, lambda: pilot.app._version > before and pilot.app._checked and pilot.app.quiet)


def changed(path, old, new):
    """Write a file anew, with something else in it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
