"""Notebooks in a kernel, with matplotlib, and assignments that nbgrader grades: `make test-notebooks`."""

import copy
import json
import re

import pytest

from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.read import load_exercise
from tests.scripts.collection import COURSE

pytestmark = [pytest.mark.notebooks, pytest.mark.filterwarnings("default")]

UNITS = sorted({path.parent.name for path in COURSE})
BY_ID = {path.stem: path for path in COURSE}


def executed(text):
    """Run a notebook from top to bottom in a kernel, and return it."""
    import nbformat
    from nbclient import NotebookClient

    made = nbformat.reads(text, as_version=4)
    NotebookClient(made, timeout=300, kernel_name="python3").execute()
    return made


def printed(cell):
    return "".join(one.get("text", "") for one in cell.get("outputs", []) if one.output_type == "stream")


@pytest.mark.parametrize("unit", UNITS)
def test_every_exercise_runs_from_top_to_bottom_and_its_solution_is_right(unit):
    exercises = [load_exercise(path) for path in COURSE if path.parent.name == unit]
    made = executed(notebook(unit, [ask(exercise, None) for exercise in exercises], solutions=True))
    solutions = [cell for cell in made.cells if "solution" in cell.metadata.get("tags", [])]
    told = [line for cell in solutions for line in printed(cell).split("\n") if re.match(r"\w+: ", line)]
    assert [line.partition(": ")[2] for line in told] == ["Right."] * sum(len(one.ask) for one in exercises)
    checks = [printed(cell) for cell in made.cells if cell.source.startswith("# Check\n")]
    assert len(checks) == len(told)
    assert not any("Right." in text for text in checks)
    pictured = [cell for cell in made.cells if "plt.show()" in cell.source]
    assert all(any(one.output_type == "display_data" for one in cell.outputs) for cell in pictured)
    assert not any(one.get("name") == "stderr" for cell in made.cells for one in cell.get("outputs", []))


def test_a_kernel_keeps_what_was_typed():
    """1.00 has three digits and 1.0 two; what was typed stands in the kernel's own list of inputs."""
    text = notebook("A title", [ask(load_exercise(BY_ID["rnn-update"]), None)])
    for answer, told in (
        ("[0.848, -0.762]", "Right."),
        ("[0.8, -0.8]", "Not right yet."),
        ("np.tanh(W_xh @ x)", "Not"),
    ):
        made = executed(text.replace("h = ...", f"h = {answer}", 1))
        (check,) = [cell for cell in made.cells if "check('h'" in cell.source]
        assert printed(check).startswith(f"h: {told}")


ASSIGNMENT = ("rnn-update", "weight-shapes", "bigram-nll", "token-loss")


def answered(release, source, kept):
    """Return an assignment with its own solutions as the answers that are kept."""
    solved = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in source["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    book = copy.deepcopy(release)
    places = [cell for cell in book["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for at, cell in enumerate(places):
        if at in kept:
            cell["source"] = solved[cell["metadata"]["nbgrader"]["grade_id"]]
    return book, len(places)


def wrong(release):
    """Return an assignment in which every answer is a number, an option or a function that is wrong."""
    book = copy.deepcopy(release)
    for cell in book["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            text = "".join(cell["source"])
            name = re.findall(r"^(\w+) = \.\.\.|^def (\w+)", text, re.MULTILINE)[-1]
            cell["source"] = f"{name[0]} = 0.123" if name[0] else f"def {name[1]}(*args):\n    return 0.123"
    return book


def test_nbgrader_gives_full_half_and_no_points(tmp_path):
    from tests.notebooks import grading

    text = notebook("A week", [ask(load_exercise(BY_ID[name]), 5) for name in ASSIGNMENT], graded=True)
    release, source = grading.released(tmp_path, text), json.loads(text)
    told = json.dumps(release)
    assert "HIDDEN TESTS" not in told
    assert "SOLUTION" not in told
    everything, count = answered(release, source, range(1_000))
    assert count % 2 == 0
    grading.hand_in(tmp_path, "full", everything)
    grading.hand_in(tmp_path, "half", answered(release, source, range(0, count, 2))[0])
    grading.hand_in(tmp_path, "wrong", wrong(release))
    grading.hand_in(tmp_path, "nothing", release)
    most = float(count)
    assert grading.scores(tmp_path) == {
        "full": (most, most), "half": (most / 2, most), "wrong": (0.0, most), "nothing": (0.0, most)
    }  # fmt: skip
