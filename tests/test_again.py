"""What `make test` tries again: two tests at the most, and it says which."""

import importlib.util
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

spec = importlib.util.spec_from_file_location("again", Path(__file__).with_name("again.py"))
again = importlib.util.module_from_spec(spec)
spec.loader.exec_module(again)


@pytest.fixture
def runs(monkeypatch):
    """Collect what would be run; each ends with status 0."""
    commands = []
    monkeypatch.setattr(
        again.subprocess, "run", lambda command, **_: commands.append(command) or CompletedProcess(command, 0)
    )
    return commands


def cache(tmp_path, *names):
    path = tmp_path / "lastfailed"
    path.write_text(json.dumps(dict.fromkeys(names, True)), "utf-8")
    return path


def test_two_that_failed_are_named_and_run_alone(tmp_path, runs, capsys):
    assert again.main(["tests/terminal"], cache(tmp_path, "a.py::one", "a.py::two")) == 0
    assert "a.py::one" in capsys.readouterr().out
    assert "--last-failed" in runs[0]
    assert "tests/terminal" in runs[0]


def test_three_that_failed_have_failed(tmp_path, runs, capsys):
    assert again.main([], cache(tmp_path, "one", "two", "three")) == 1
    assert "3 tests failed" in capsys.readouterr().out
    assert runs == []


def test_a_failure_without_a_name_has_failed(tmp_path, runs):
    assert again.main([], tmp_path / "none") == 1
    assert runs == []
