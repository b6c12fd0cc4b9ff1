"""What runs a notebook with a kernel is run by `make test-notebooks`, in an environment that has one."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip it elsewhere: it takes seconds, and needs nbclient and ipykernel."""
    if "notebooks" in (config.getoption("markexpr") or ""):
        return
    skip = pytest.mark.skip(reason="needs a kernel: make test-notebooks")
    for item in items:
        if item.get_closest_marker("notebooks") is not None:
            item.add_marker(skip)
