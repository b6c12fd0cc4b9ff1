"""What is imported while one looks on: keys go first, and who needs it does not wait for them."""

import sys
import threading
from types import ModuleType

import pytest

from rnn_tutor.tui import late_imports
from rnn_tutor.tui.late_imports import Warm

NAMES = ("first", "second")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two modules, of which the first imports the other."""
    (tmp_path / "late_first.py").write_text("import late_second\n")
    (tmp_path / "late_second.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(late_imports, "_OPENING", ("late_first",))
    monkeypatch.setattr(late_imports, "_MARKING", ())
    yield tmp_path
    for name in NAMES:
        sys.modules.pop(f"late_{name}", None)


def imported():
    return [name for name in NAMES if isinstance(sys.modules.get(f"late_{name}"), ModuleType)]


def test_keys_go_first_at_each_import_and_who_needs_it_waits_for_none(folder):
    busy, finders = [True, True], sys.meta_path
    asked = threading.Event()

    def answering():
        asked.set()
        return bool(busy)

    warm = Warm(answering)
    warm.begin()
    assert asked.wait(5)
    assert not warm.can_open
    assert not imported()
    warm.wait_to_open()  # busy as ever
    assert imported() == list(NAMES)
    assert sys.meta_path == finders


def test_it_is_imported_once_nobody_is_busy(folder):
    busy = threading.Event()
    busy.set()
    warm = Warm(busy.is_set)
    warm.begin()
    assert not warm._opening.finished.wait(0.1)
    busy.clear()
    assert warm._opening.finished.wait(5)
    assert imported() == list(NAMES)
