"""What a course covers: a table that fits 80 columns, and the same as data."""

import json

import pytest

from rnn_tutor.cli import main
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.lint.coverage import ENOUGH, WIDTH, Coverage, UnitCoverage

COURSE = """\
format: 1
title: Two units
units:
  - id: one
    title: One
    aim: Something.
    labs: [{id: play, title: Play}]
    exercises: [{id: sums, title: Sums, level: 1}, {id: runs, title: Runs, level: 3}]
  - id: two
    title: Two
    aim: Nothing yet.
    exercises: [{id: broken, title: Broken, level: 2}]
"""
SUMS = """\
format: 1
id: sums
title: Sums
prompt: Add them up.
given: {x: {value: "arange(3)", means: numbers, draw: "normal(0, 1)"}}
conditions: ["sqrt(abs(sum(x))) > 0.1"]
steps:
  - {let: "s = x.sum()", say: All of them.}
  - {let: "m = tanh(s)", say: Squashed.}
ask:
  - {answer: s, as: scalar, prompt: The sum}
  - {answer: m, as: scalar, prompt: Squashed}
mistakes: [{value: "cumsum(x)[0]", say: Only the first., answer: s}]
hints: [Add., Squash.]
picture: {heatmap: [x]}
"""
RUNS = """\
format: 1
id: runs
title: Runs
level: 3
prompt: Write it.
given: {x: {value: "[1.0, 2.0]", means: numbers, axes: [time], draw: "uniform(1, 2)"}}
steps:
  - start: {h: "zeros(2)"}
  - for: t in range(len(x))
    do:
      - {let: "h[t] = sigmoid(x[t]) * h[t-1]", say: One step.}
ask:
  - {answer: h, as: program}
hints: [Begin., Go on.]
"""


@pytest.fixture
def folder(tmp_path):
    for name, text in {"course": COURSE, "one/sums": SUMS, "one/runs": RUNS, "two/broken": "format: 2\n"}.items():
        path = tmp_path / "pack" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "pack"


def squeezed(line):
    return " ".join(line.split())


def test_each_unit_is_counted(folder):
    found = check(folder, 0).coverage
    one, two = found.units
    assert (one.exercises, dict(one.levels), one.parts, one.pictures, one.labs) == (2, {1: 1, 3: 1}, 1, 1, 1)
    assert one.kinds == {"scalar": 1, "program": 1}  # exercises, not parts: two parts of one kind count once
    assert one.functions - {"multiply", "subtract"} == {"arange", "sum", "tanh", "zeros", "len", "sigmoid"}
    assert (two.exercises, dict(two.levels), dict(two.kinds), two.functions) == (1, {2: 1}, {}, frozenset())


def test_what_no_exercise_uses_is_told(folder):
    unused = check(folder, 0).coverage.unused
    assert {"cumsum", "sqrt", "lstm", "grad", "hstack"} <= set(unused)  # a mistake and a condition are no use
    assert not {"sum", "tanh", "sigmoid", "len"} & set(unused)


def test_the_table_fits_the_smallest_screen_whatever_units_are_called(folder):
    long = "a" * 64
    (folder / "course.yaml").write_text(COURSE.replace("id: two", f"id: {long}"), encoding="utf-8")
    lines = str(check(folder, 0).coverage).splitlines()
    assert max(map(len, lines)) <= WIDTH == 80
    head, *rows = lines[: lines.index("")]
    assert squeezed(head) == "unit all L1 L2 L3 num vec mat shape choice list prog parts pict labs"
    assert squeezed(rows[0]) == "one 2 1 . 1 1 . . . . . 1 1 1 1"
    assert squeezed(rows[-1]) == "together 3 1 1 1 1 . . . . . 1 1 1 1"


def test_check_prints_it_for_a_course_and_not_for_a_file(folder, capsys):
    main(["check", str(folder), "--draws", "0"])
    out = capsys.readouterr().out.splitlines()
    assert out[-1].startswith("3 exercises")
    assert any(line.startswith("together") for line in out)
    main(["check", str(folder / "one" / "sums.yaml"), "--draws", "0"])
    assert "together" not in capsys.readouterr().out


def test_what_no_exercise_uses_is_listed_of_many_exercises_alone(folder, capsys):
    main(["check", str(folder), "--draws", "0"])
    assert "used by none" not in capsys.readouterr().out
    few = UnitCoverage("few", ENOUGH - 1)
    assert "used by none" not in str(Coverage((few,)))
    assert "used by none" in str(Coverage((few, UnitCoverage("one-more", 1))))


def test_json_has_it_as_data(folder, capsys):
    main(["check", str(folder), "--draws", "0", "--json"])
    (found,) = json.loads(capsys.readouterr().out)["coverage"]
    one = found["units"][0]
    assert one["unit"] == "one"
    assert one["levels"] == {"1": 1, "2": 0, "3": 1}
    assert one["kinds"]["program"] == 1
    assert one["kinds"]["matrix"] == 0
    assert "tanh" in one["functions"]
    assert "lstm" in found["unused"]
