"""`import --run` asks before anything runs; what the code gives takes the place of what the notebook has stored."""

import builtins
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands import importing, running
from rnn_tutor.commands.running import Ran, RunError

pytest.importorskip("nbformat")
from nbformat import v4

ASKED = "The code of book.ipynb will run as you, and may do whatever you may do, to compare its values."


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """One exercise, whose stored output is right."""
    output = v4.new_output("stream", name="stdout", text="y: 3.0\n")
    cells = [
        v4.new_markdown_cell("## Exercise 1: Add\n\nAdd one."),
        v4.new_code_cell("# Solution\nx = 2.0\ny = x + 1\nprint('y:', y)", outputs=[output]),
    ]
    file = tmp_path / "book.ipynb"
    file.write_text(json.dumps(v4.new_notebook(cells=cells)), encoding="utf-8")
    return file


@pytest.fixture
def gives(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Sequence[tuple[int, str]]]]:
    """What the code is made to print, in place of a kernel; gives what was to be run."""
    asked: list[Sequence[tuple[int, str]]] = []

    def make(text: str) -> list[Sequence[tuple[int, str]]]:
        def run(cells: Sequence[tuple[int, str]]) -> list[Ran]:
            asked.append(cells)
            return [Ran([text]) for _ in cells]

        monkeypatch.setattr(importing, "run_code", run)
        return asked

    return make


def imported(notebook: Path, *more: str) -> int:
    return main(["import", str(notebook), "-o", str(notebook.parent / "out"), *more])


def test_nothing_runs_without_it(notebook, gives) -> None:
    ran = gives("y: 3.0")
    assert imported(notebook) == 0 and not ran


def test_nothing_runs_where_nobody_can_be_asked(notebook, gives, monkeypatch, capsys) -> None:
    ran = gives("y: 3.0")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert imported(notebook, "--run") == 2
    assert "There is no terminal to ask you here: add --yes." in capsys.readouterr().err
    assert not ran and not (notebook.parent / "out").exists()


@pytest.mark.parametrize(("answer", "status", "runs"), [("yes\n", 0, 1), ("y\n", 0, 1), ("no\n", 1, 0), ("\n", 1, 0)])
def test_it_says_that_the_code_runs_as_you_and_asks(notebook, gives, monkeypatch, capsys, answer, status, runs) -> None:
    ran = gives("y: 3.0")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: answer, raising=False)
    assert imported(notebook, "--run") == status
    told = capsys.readouterr()
    assert ASKED in told.err
    assert len(ran) == runs and (notebook.parent / "out").exists() == bool(runs)
    if not runs:
        assert "Nothing was run, and nothing is imported." in told.err


def test_what_agrees_is_imported_and_counted(notebook, gives, capsys) -> None:
    ran = gives("y: 3.0")
    assert imported(notebook, "--run", "--yes") == 0
    assert "1 of them agree with what its code gives." in capsys.readouterr().out
    assert [number for number, _ in ran[0]] == [2]


@pytest.mark.parametrize("text", ["y: 4.0", "y: 3.0 7", "", "y: nan"])
def test_a_difference_makes_it_a_draft(notebook, gives, capsys, text) -> None:
    gives(text)
    assert imported(notebook, "--run", "--yes", "--json") == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["imported"], data["draft"], data["run"]) == (0, 1, True)
    assert "cell 2" in data["exercises"][0]["reasons"][0]


def test_code_that_fails_makes_it_a_draft_that_says_the_error(notebook, monkeypatch, capsys) -> None:
    error = "No module named 'matplotlib'"
    monkeypatch.setattr(importing, "run_code", lambda cells: [Ran([], failed=True, error=error) for _ in cells])
    assert imported(notebook, "--run", "--yes") == 1
    said = capsys.readouterr()
    assert f"The code of cell 2 ends with an error in the notebook: {error}." in said.out
    assert f"Cell 2: {error}. `pip install` it where rnn-tutor is installed.\n" in said.err


def test_what_does_not_run_to_its_end_is_one_sentence_and_nothing_is_imported(notebook, monkeypatch, capsys) -> None:
    def run(cells: Sequence[tuple[int, str]]) -> list[Ran]:
        raise RunError("Cell 2 stopped the kernel, so the notebook was not run to its end.")

    monkeypatch.setattr(importing, "run_code", run)
    assert imported(notebook, "--run", "--yes") == 2
    assert capsys.readouterr().err == "rnn-tutor: Cell 2 stopped the kernel, so the notebook was not run to its end.\n"
    assert not (notebook.parent / "out").exists()


@pytest.mark.parametrize("missing", ["nbclient", "ipykernel"])
def test_without_its_libraries_one_sentence_says_what_to_install(notebook, monkeypatch, capsys, missing) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: object, **more: object) -> object:
        if name.partition(".")[0] == missing:
            raise ImportError(name)
        return real(name, *arguments, **more)  # type: ignore[arg-type]

    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    assert imported(notebook, "--run", "--yes") == 2
    error = capsys.readouterr().err
    assert error == f"rnn-tutor: --run needs nbclient and ipykernel: {running.INSTALL}\n"


@pytest.mark.parametrize(
    "words", [["--kiosk", "import"], ["check", "--run"], ["author", "--run"], ["practice", "--run"]]
)
def test_nothing_else_has_it(words, notebook, gives, capsys) -> None:
    ran = gives("y: 3.0")
    further = ["-o", str(notebook.parent / "out"), "--run", "--yes"] if "import" in words else []
    try:
        status = main([*words, str(notebook), *further])
    except SystemExit as left:
        status = int(left.code or 0)
    assert status == 2 and not ran and not (notebook.parent / "out").exists()


@pytest.mark.notebooks
def test_the_code_of_the_first_notebook_agrees(tmp_path: Path, capsys) -> None:
    file = Path(__file__).parent / "exercises.ipynb"
    assert main(["import", str(file), "-o", str(tmp_path / "out"), "--run", "--yes"]) == 0
    assert "9 of them agree with what its code gives." in capsys.readouterr().out
