"""A report of a class as rows and as JSON: what another program reads, and what no spreadsheet computes."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from rnn_tutor.commands.classes.table import COLUMNS, as_csv, as_json
from rnn_tutor.commands.output import say_json

from .conftest import answer, build, terms, told

ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_of(report):
    return list(csv.DictReader(io.StringIO(as_csv(report), newline="")))


def test_a_row_for_each_learner_and_exercise(report):
    rows = {(row["learner"], row["exercise"]): row for row in rows_of(report)}
    assert len(rows) == 6 * 2
    assert rows["ada", "lstm-cell"]["state"] == "solved"
    assert rows["finn", "task-shapes"]["state"] == "not begun"
    cyd = rows["cyd", "lstm-cell"]
    assert (cyd["state"], cyd["stuck_at"], cyd["tries"], cyd["mistake"]) == ("stuck", "c", "5", "a wrong sign")
    assert cyd["mistakes"] == "a sum or a softmax over the wrong axis (1); a wrong sign (4)"
    dora, bob = rows["dora", "lstm-cell"], rows["bob", "lstm-cell"]
    assert (dora["points"], dora["late_points"], dora["late"], dora["after_due"]) == ("0.0", "3.0", "1", "2")
    assert (bob["points"], bob["extended"], bob["late"]) == ("1.5", "1", "0")


def test_in_a_course_there_are_rows_for_what_was_answered(report):
    rows = rows_of(build(told(), terms(assignment="", seed_of=None, until=None, extended={})))
    assert {(row["learner"], row["exercise"]) for row in rows if row["learner"] in ("ada", "bob", "finn")} == {
        ("ada", "task-shapes"), ("ada", "lstm-cell"), ("bob", "lstm-cell"), ("finn", ""),
    }  # fmt: skip
    assert {row["points"] for row in rows} == {""}


@pytest.mark.parametrize("begin", [*ACTS, " =", "\uff1d", "\uff0b", "\uff20", "\u2007@"])
def test_no_cell_is_a_formula(begin):
    hostile = f'{begin}cmd|"/c calc"!A1'
    rows = [(hostile, answer("lstm-cell", "c", "wrong", "axis")) for _ in range(5)]
    about = terms(names={"axis": hostile}, exercises=terms().exercises)
    text = as_csv(build(rows, about))
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any(cell.startswith("'") for cell in cells)
    assert not [cell for cell in cells if cell.lstrip().startswith((*ACTS, "\uff1d", "\uff0b", "\uff20"))]


def test_json_has_all_of_it_and_is_described(report, capsys):
    say_json(as_json(report))
    data = json.loads(capsys.readouterr().out)
    by_id = {one["id"]: one for one in data["learners"]}
    assert (by_id["ada"]["points"], by_id["bob"]["points"], by_id["dora"]["late_points"], data["of"]) == (4, 1.5, 3, 4)
    cell = by_id["cyd"]["exercises"][0]
    assert cell["stuck"] == {
        "learner": "cyd", "part": "c", "wrong": 5, "minutes": 5.0, "no_try": False,
        "mistake": {"rule": "sign", "says": "a wrong sign"},
    }  # fmt: skip
    (lstm,) = [one for one in data["exercises"] if one["id"] == "lstm-cell"]
    assert (lstm["begun"], lstm["solved"], lstm["misleads"][0]["learners"]) == (5, 2, 4)
    assert data["mistakes"][0] == {
        "rule": "axis", "says": "a sum or a softmax over the wrong axis", "learners": 4, "times": 4,
        "exercises": ["lstm-cell"],
    }  # fmt: skip
    assert data["not_begun"] == ["finn"]
    documented = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    section = documented.partition("## The report of a class")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert keys(data) <= named


def keys(data):
    """Return every key that JSON data have, however deep."""
    if isinstance(data, dict):
        return set(data).union(*map(keys, data.values()))
    return set().union(*map(keys, data)) if isinstance(data, list) else set()


def test_every_column_is_documented():
    documented = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
    section = documented.partition("## The report of a class")[2].partition("\n## ")[0]
    assert set(COLUMNS) <= set(re.findall(r"`(\w+)`", section))
