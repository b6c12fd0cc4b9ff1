"""What shells offer for the words of a command line, as the shells themselves ask for it."""

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from rnn_tutor.cli import _parser, main
from rnn_tutor.commands import completing
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder

PROGRAM = Path(sys.executable).with_name("rnn-tutor")
BASH = """
eval "$(rnn-tutor completion bash)"
COMP_LINE="$1"; COMP_POINT=${#1}
_python_argcomplete rnn-tutor
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = 'rnn-tutor completion fish | source; complete -C "$argv[1]"'
# The function is asked in the place of the line editor, which would want a terminal.
ZSH = """
autoload -Uz compinit; compinit -u -d "$HOME/.dump"
eval "$(rnn-tutor completion zsh)"
_describe() { print -l -- "${(@P)2}" }
BUFFER="$1"; CURSOR=${#1}; words=(rnn-tutor)
_python_argcomplete
"""


@pytest.fixture(scope="module")
def library():
    return Library([content_folder()])


@pytest.fixture
def environment(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name in {"LANG", "LC_ALL"}}
    return kept | {"HOME": str(tmp_path), "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}


def offered(line, environment):
    """What is offered behind a line, asked as argcomplete's scripts ask."""
    file = Path(environment["HOME"]) / "offered"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": file}
    asked["_ARGCOMPLETE_IFS"] = "\n"
    found = subprocess.run([PROGRAM], env=environment | asked, capture_output=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (0, b"", b"")
    return file.read_text("utf-8").split("\n")


def test_nothing_is_written_for_it(environment, tmp_path, library):
    assert set(offered("rnn-tutor practice ", environment)) >= set(library.ids)
    assert [file.name for file in tmp_path.iterdir()] == ["offered"]


@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("bash", ("bash", "--norc", "-c", BASH, "bash")),
        ("fish", ("fish", "--no-config", "-c", FISH)),
        ("zsh", ("zsh", "-f", "-c", ZSH, "zsh")),
    ],
)
def test_a_shell_completes_an_id(environment, shell, command, library):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    words = [*command, "rnn-tutor show lstm-c"]
    found = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert [line.split("\t")[0].split(":")[0].strip() for line in found.stdout.splitlines()] == [
        exercise for exercise in library.ids if exercise.startswith("lstm-c")
    ], found.stderr
    assert shell == "bash" or "The cell" in found.stdout or library.unit("lstm").exercises[0].title in found.stdout


def test_ids_units_and_labs_by_the_command():
    options = Namespace(content=None, only=False)
    for command, action in completing._actions("", _parser()):
        if action.metavar not in ("ID", "UNIT") or action.option_strings == ["--learner"]:
            continue
        found = completing._completer(command, action)(parsed_args=options, prefix="")
        assert ("lstm" in found) == (action.metavar == "UNIT" or command in ("practice", "sheet")), command
        assert ("lstm-cell" in found) == (action.metavar == "ID"), command


def test_parts_are_those_of_the_exercise_that_is_named(library):
    for exercise in ("gru-update", "lstm-cell"):
        options = Namespace(content=None, only=False, exercise=exercise)
        parts = [part.name for part in ask(library.exercise(exercise)).parts]
        assert completing._parts(options) == parts
        assert completing._earlier(options) == [f"{name}=" for name in parts]
    lab = next(iter(library.labs))
    count = len(library.lab(lab).lab.predict)
    assert completing._parts(Namespace(content=None, only=False, exercise=lab)) == [
        f"predict-{number}" for number in range(1, count + 1)
    ]
    assert completing._parts(Namespace(content=None, only=False, exercise="none")) == []


def test_a_title_is_printable_and_a_folder_that_is_not_there_gives_nothing(tmp_path):
    assert completing._said("red\x1b[2J" * 50).isprintable()
    assert completing._done(Namespace(content=[tmp_path / "none"], only=False)) == {}


def test_files_and_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.jsonl").touch()
    (tmp_path / "all").mkdir()
    (tmp_path / ".hidden").touch()
    assert sorted(completing._files("a")) == ["all/", "answers.jsonl"] == sorted(completing._files(""))
    assert completing._folders(f"{tmp_path}/") == [f"{tmp_path}/all/"]
    assert completing._files(".h") == [".hidden"]
    assert completing._files("none/") == []


def test_a_kiosk_answers_no_shell(tmp_path):
    """Whoever names --kiosk opens screens, whatever the variables of the one who logs in say."""
    file = tmp_path / "file"
    line = "rnn-tutor show "
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": file}
    words = [PROGRAM, "--kiosk", "--data", tmp_path / "data"]
    subprocess.run(words, env=os.environ | asked, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert not file.exists()


def test_the_words_of_a_caller_are_run_as_ever(monkeypatch, capsys):
    monkeypatch.setenv("_ARGCOMPLETE", "1")
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("rnn-tutor ")
