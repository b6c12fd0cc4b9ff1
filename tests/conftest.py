"""Which cases run in `make test`, and how many examples a property is tried on: few, or many with
`--hypothesis-profile=long` (see `make test-long`).

CI tries the same examples each time, so that what it says of a change is about that change; others are tried here.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from . import sweeps

# Whoever runs the tests may have settings: they are nobody's here, nor in what the tests start.
os.environ["XDG_CONFIG_HOME"] = str(Path(__file__).with_name("nobodys-settings"))

SAME = bool(os.environ.get("CI"))
settings.register_profile("quick", max_examples=40, deadline=None, derandomize=SAME)  # a busy machine is late for any
settings.register_profile("long", max_examples=500, deadline=None, derandomize=SAME)
settings.load_profile("quick")  # the option, where it is given, is read after this file


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `rest` what `sweeps` leaves to `make test-long`: all but a sample."""
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
