"""Which cases run in `make test`, and how many examples a property is tried on: few, or many with
`--hypothesis-profile=long` (see `make test-long`).

CI tries the same examples each time, so that what it says of a change is about that change; others are tried here.
"""

import asyncio
import functools
import inspect
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from . import sweeps

# Whoever runs the tests may have settings: they are nobody's here, nor in what the tests start.
os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).with_name("nobodys-settings"))

SAME = bool(os.environ.get("CI"))
settings.register_profile("quick", max_examples=40, deadline=None, derandomize=SAME)  # a busy machine is late for any
settings.register_profile("long", max_examples=500, deadline=None, derandomize=SAME)
settings.load_profile("quick")  # the option, where it is given, is read after this file


PATIENCE = 120.0
"""Seconds after which a test that waits fails: what it waits for does not come, and the others are to run."""


def within(seconds: float, test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return a test that fails where it waits longer than so many seconds."""

    @functools.wraps(test)
    async def bounded(*args: Any, **kwargs: Any) -> None:
        try:
            async with asyncio.timeout(seconds) as time:
                await test(*args, **kwargs)
        except TimeoutError:
            if time.expired():
                pytest.fail(f"The test waited for more than {seconds:g} seconds.")
            raise

    return bounded


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bound what waits, and mark as `rest` what `sweeps` leaves to `make test-long`: all but a sample."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.obj = within(PATIENCE * (1 if item.get_closest_marker("long") is None else 10), item.obj)
    by_test: dict[str, list[pytest.Item]] = {}
    by_file: dict[str, list[pytest.Item]] = {}
    for item in items:
        file = item.nodeid.partition("::")[0]
        if not item.get_closest_marker("long"):
            by_test.setdefault(f"{file}::{getattr(item, 'originalname', item.name)}", []).append(item)
            by_file.setdefault(file, []).append(item)
    for name in by_test.keys() & sweeps.KEPT.keys():
        _leave(by_test[name], sweeps.KEPT[name])
    for name in by_file.keys() & sweeps.KEPT_OF_FILES.keys():
        _leave([case for case in by_file[name] if not case.get_closest_marker("rest")], sweeps.KEPT_OF_FILES[name])


def _leave(cases: list[pytest.Item], kept: int) -> None:
    sample = sweeps.spread([case.nodeid for case in cases], kept)
    for case in cases:
        if case.nodeid not in sample:
            case.add_marker(pytest.mark.rest)
