"""The notebook that the tutor began with: nine closed exercises with its own values, and a checklist to be finished."""

import json
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor import cli
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.read import load_exercise

pytest.importorskip("nbformat")

HERE = Path(__file__).parent
NOTEBOOK = HERE / "exercises.ipynb"
VALUES = json.loads((HERE / "exercises_values.json").read_text("utf-8"))["exercises"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported") / "course"
    assert cli.main(["import", str(NOTEBOOK), "-o", str(folder)]) == 0
    return folder


def _file(folder, title):
    ends = title.lower().replace(" ", "-").replace("/", "-")
    return next(path for path in folder.glob("*/*.yaml") if path.stem.endswith(ends))


def test_there_are_nine_exercises_and_a_draft(folder):
    files = sorted(folder.glob("*/*.yaml"))
    drafts = [path for path in files if "\nstatus: draft\n" in path.read_text("utf-8")]
    assert (len(files), [path.stem for path in drafts]) == (10, ["exercises-debug-checklist"])
    assert "padding masks are applied before averaging loss" in drafts[0].read_text("utf-8")


@pytest.mark.parametrize("one", VALUES, ids=lambda one: one["title"])
def test_its_givens_and_answers_are_those_of_the_notebook(folder, one):
    question = ask(load_exercise(_file(folder, one["title"])))
    for name, value in one["given"].items():
        assert np.array_equal(question.givens[name], value), name
    answers = [np.asarray(part.expected, float) for part in question.parts]
    for name, value in one["steps"].items():  # what is printed without a name is one of the answers
        found = [np.asarray(question.graph.whole(name).value)] if name else answers
        assert any(each.shape == np.shape(value) and np.allclose(each, value, 1e-12, 1e-12) for each in found), name
    assert any(np.array_equal(each, value) for each in answers)


def test_check_finds_no_error(folder, capsys):
    assert cli.main(["check", str(folder), "--draws", "3"]) == 0
    assert "9 exercises, 1 draft, no errors" in capsys.readouterr().out


def test_nothing_is_written_over(folder, capsys):
    before = {path: path.read_bytes() for path in folder.glob("*/*.yaml")}
    assert cli.main(["import", str(NOTEBOOK), "-o", str(folder)]) == 2
    assert "--force writes over it" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.glob("*/*.yaml")} == before
    assert cli.main(["import", str(NOTEBOOK), "-o", str(folder), "--force"]) == 0


def test_no_link_is_followed(tmp_path, capsys):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert cli.main(["import", str(NOTEBOOK), "-o", str(tmp_path / "link"), "--force"]) == 2
    assert "no link is followed" in capsys.readouterr().err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_table_as_data(tmp_path, capsys):
    assert cli.main(["import", str(NOTEBOOK), "-o", str(tmp_path / "new"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["imported"], data["draft"], data["refused"]) == (9, 1, 0)
    assert data["exercises"][3]["id"] == "exercises-gradient-clipping"
    assert (
        data["exercises"][9]["reasons"][0] == "Wrong options: add some under `ask`, then take out `status` and `needs`."
    )
