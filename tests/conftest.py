"""How many examples a property is tried on: few, or many with `--hypothesis-profile=long` (see `make test-long`).

CI tries the same examples each time, so that what it says of a change is about that change; others are tried here.
"""

import os

import pytest
from hypothesis import settings

from . import sweeps

SAME = bool(os.environ.get("CI"))
settings.register_profile("quick", max_examples=40, deadline=None, derandomize=SAME)  # a busy machine is late for any
settings.register_profile("long", max_examples=500, deadline=None, derandomize=SAME)
settings.load_profile("quick")  # the option, where it is given, is read after this file


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-long` what `sweeps` says, but for a sample of it."""
    by_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        name = getattr(item, "originalname", item.name)
        by_test.setdefault(f"{item.nodeid.partition('::')[0]}::{name}", []).append(item)
    for name in by_test.keys() & sweeps.KEPT.keys():
        cases = [case for case in by_test[name] if not case.get_closest_marker("long")]
        kept = sweeps.spread([case.nodeid for case in cases], sweeps.KEPT[name])
        for case in cases:
            if case.nodeid not in kept:
                case.add_marker(pytest.mark.long)
