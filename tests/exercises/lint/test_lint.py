"""Each finding of the linter: a good exercise, one thing broken, one finding with its line and key."""

from itertools import count
from pathlib import Path

import pytest

from rnn_tutor.engine.clocks import Clocks
from rnn_tutor.exercises.lint import check, draws, lint
from rnn_tutor.exercises.lint.exercise import examine
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.read import read_exercise

GATES = """\
format: 1
id: gates
title: Cell update
level: 2
prompt: Compute c.
given:
  f: {value: "[0.9, 0.2]", means: forget gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  i: {value: "[0.1, 0.8]", means: input gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  old: {value: "[1.0, -1.0]", means: old cell, axes: [unit], draw: "normal(0, 1)"}
  new: {value: "[0.5, 0.25]", means: candidate, axes: [unit], draw: "normal(0, 1)"}
conditions:
  - max(abs(old)) < 3
steps:
  - let: kept = f * old
    say: What is kept.
  - let: c = kept + i * new
    say: What there is then.
ask:
  - answer: c
    as: vector
mistakes:
  - value: i * old + f * new
    say: The gates are swapped.
hints:
  - Which gate belongs to the old cell?
  - Two products, element by element, and a sum of 2 terms.
show:
  - heatmap: [f, kept, c, f * i]
"""

LOOP = """\
format: 1
id: loop
title: A recurrence
prompt: Compute the states and the loss.
given:
  x: {value: "[1, 2, 3]", means: inputs, draw: "normal(0, 1)"}
  w: {value: 0.5, means: weight, draw: "uniform(0.1, 0.9)"}
  T: {value: 3, means: steps}
steps:
  - start: {h: 0}
  - for: t in range(T)
    do:
      - let: h[t] = tanh(w * h[t-1] + x[t])
        say: The new state.
  - let: L = sum(h**2)
    say: The loss.
ask:
  - {answer: h, as: vector, prompt: The states.}
  - {answer: L, as: scalar, prompt: The loss.}
mistakes:
  - {value: tanh(x), say: The old state is left out., answer: h}
hints: ["What feeds the state?", Square and add.]
"""

SHAPE = """\
format: 1
id: shape
title: Shapes
prompt: Which shape?
given:
  B: {value: 3, means: batch, draw: "integers(2, 9)"}
  V: {value: 100, means: vocabulary, draw: "integers(50, 200)"}
steps:
  - {let: "logits = zeros(B, V)", say: One score a word.}
ask:
  - {answer: logits, as: shape, axes: [B, V]}
hints: ["What is scored?", "What is it scored for?"]
"""

CHECKLIST = """\
format: 1
id: picks
title: Picks
prompt: Which?
ask:
  - answer: choose
    as: checklist
    options:
      - {text: gradient norms, right: true}
      - {text: the colour, why: It says nothing.}
      - {text: gate saturation, right: true}
hints: ["What do gradients do?", "What do gates do?"]
"""

GOOD = {"gates": GATES, "loop": LOOP, "shape": SHAPE, "checklist": CHECKLIST}


def found(text: str, folder: Path, draws: int = 5) -> list[tuple[int, str, str, str]]:
    name = text.split("id: ")[1].split("\n", 1)[0]
    file = folder / f"{name}.yaml"
    file.write_text(text)
    findings = examine(read_exercise(file), file, draws)
    assert all(finding.file == file for finding in findings)
    return [(finding.line, finding.key, finding.says, finding.severity) for finding in findings if not note(finding)]


def note(finding) -> bool:
    """Notes are for reading, not for mending: nothing is wrong."""
    return finding.severity == "note"


@pytest.mark.parametrize("name", GOOD)
def test_there_is_nothing_to_say_about_a_good_exercise(name, tmp_path):
    assert found(GOOD[name], tmp_path, 100) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "key", "words", "severity"),
    [
        # every expression reads
        ("gates", '"[0.9, 0.2]"', '"[0.9, 0.2"', 7, "given.f.value", "", "error"),
        ("gates", '"uniform(0.05, 0.95)"}\n  i', '"unifrm(0, 1)"}\n  i', 7, "given.f.draw", "uniform", "error"),
        ("gates", "max(abs(old)) < 3", "max(abs(old) < 3", 12, "conditions[0]", "", "error"),
        ("gates", "f * old\n", "f * * old\n", 14, "steps[0].let", "", "error"),
        ("gates", "f * old\n", "f ^ old\n", 14, "steps[0].let", "", "error"),
        ("gates", "i * old + f", "import os", 22, "mistakes[0].value", "", "error"),
        ("gates", "f * i]", '"f *"]', 28, "show[0].heatmap[3]", "missing", "error"),
        ("gates", "answer: c", "answer: c +", 19, "ask[0].answer", "missing", "error"),
        ("loop", "t in range(T)", "t over T", 11, "steps[1].for", "t in range(T)", "error"),
        ("loop", "h[t] = tanh", "h = tanh", 13, "steps[1].do[0].let", "h[t]", "error"),
        ("loop", "start: {h: 0}", "start: {h: (0}", 10, "steps[0].start.h", "", "error"),
        # ... and evaluates
        ("gates", "kept + i * new", "kept + i * knew", 16, "steps[1].let", "knew", "error"),
        ("gates", '"[0.9, 0.2]"', '"[0.9, 0.2, 0.3]"', 14, "steps[0].let", "(3)", "error"),
        ("gates", "answer: c", "answer: d", 19, "ask[0].answer", "no name d", "error"),
        ("gates", "as: vector", "as: matrix", 20, "ask[0].as", "not a matrix", "error"),
        ("gates", "i * old + f * new", "i * oldest", 22, "mistakes[0].value", "oldest", "error"),
        ("gates", "kept, c, f", "keep, c, f", 28, "show[0].heatmap[1]", "keep", "error"),
        ("gates", "max(abs(old)) < 3", "max(abs(odd)) < 3", 12, "conditions[0]", "odd", "error"),
        ("loop", "h[t-1]", "h[t+1]", 13, "steps[1].do[0].let", "", "error"),
        ("loop", "start: {h: 0}", "start: {g: 0}", 11, "steps[1].for", "g", "error"),
        ("gates", "kept + i * new", "kept / (i - i)", 19, "ask[0].answer", "not finite with the original", "error"),
        # ... for every draw
        ("gates", "max(abs(old)) < 3", "max(abs(old)) < 0", 11, "conditions", "no numbers were suitable", "error"),
        ("gates", '"normal(0, 1)"}\ncond', '"uniform(2, 1)"}\ncond', 10, "given.new.draw", "seed 0", "error"),
        ("gates", '"normal(0, 1)"}\ncond', '"normal(0, -x)"}\ncond', 10, "given.new.draw", "no name x", "error"),
        # the original numbers are as good as any
        ("gates", "max(abs(old)) < 3", "max(abs(old)) > 1", 12, "conditions[0]", "do not meet", "warning"),
        # everything leads somewhere
        ("gates", "conditions:", "  z: {value: 1, means: odd}\nconditions:", 11, "given.z", "not used", "error"),
        (
            "gates",
            "  - let: c",
            "  - {let: z = f + 1, say: s}\n  - let: c",
            16,
            "steps[1].let",
            "not used by any answer",
            "warning",
        ),
        ("gates", "answer: c", "answer: old", 19, "ask[0].answer", "is a given", "error"),
        # sentences
        ("gates", "    say: What is kept.\n", "", 14, "steps[0].say", "kept has no sentence", "error"),
        ("loop", "        say: The new state.\n", "", 13, "steps[1].do[0].say", "h has no sentence", "error"),
        (
            "gates",
            "  - Which gate belongs to the old cell?\n",
            "",
            24,
            "hints",
            "1 hints; expected at least 2",
            "warning",
        ),
        ("loop", ", prompt: The loss.", "", 19, "ask[1].prompt", "has no prompt", "warning"),
        ("checklist", ", why: It says nothing.", "", 10, "ask[0].options[1].why", "no reason", "error"),
        # mistakes differ from what is right
        ("gates", "i * old + f * new", "new * i + old * f", 22, "mistakes[0].value", "gives the right answer", "error"),
        (
            "loop",
            ", answer: h}",
            ", answer: h}\n  - {value: h @ h, say: s}",
            22,
            "mistakes[1].value",
            "'answer'",
            "error",
        ),
        # tolerances leave something to find
        ("gates", "as: vector", "as: vector\n    atol: 5", 21, "ask[0].atol", "0 is marked right", "error"),
    ],
)
def test_a_fault_is_told_with_its_line_and_key(name, old, new, line, key, words, severity, tmp_path):
    text = GOOD[name]
    assert text.count(old) == 1
    said = [one for one in found(text.replace(old, new), tmp_path) if one[1] == key]
    assert [(at, how) for at, _, _, how in said][:1] == [(line, severity)], found(text.replace(old, new), tmp_path)
    assert words in said[0][2]


def test_an_exercise_without_draws_has_no_new_numbers(tmp_path):
    text = SHAPE.replace(', draw: "integers(2, 9)"', "").replace(', draw: "integers(50, 200)"', "")
    ((line, key, says, severity),) = found(text, tmp_path)
    assert (line, key, severity) == (5, "given", "warning")
    assert "no new numbers" in says


CLAIMS = """\
format: 1
id: claims
title: Claims
prompt: Which are true?
ask:
  - answer: claims
    as: checklist
    options:
      - {text: One, right: true, why: It is.}
      - {text: Two, why: {why}}
hints:
  - {hint}
  - Read again.
"""


@pytest.mark.parametrize(
    ("hint", "why", "key"),
    [
        ("Begin with option 2.", "No.", "hints[0]"),
        ("Begin.", "See the first statement.", "ask[0].options[1].why"),
        ("Begin.", "Two options are true.", None),
    ],
)
def test_where_options_change_their_places_none_is_named_by_its_place(hint, why, key, tmp_path):
    text = CLAIMS.replace("{hint}", hint).replace("{why}", why)
    told = [(where, severity) for _, where, says, severity in found(text, tmp_path) if "another order" in says]
    assert told == ([(key, "warning")] if key else [])
    drawn = text.replace("ask:\n", 'given:\n  x: {value: 1, means: m, draw: "normal(0, 1)"}\nask:\n', 1)
    assert not [says for _, _, says, _ in found(drawn, tmp_path) if "another order" in says]


@pytest.mark.parametrize(
    ("kind", "option", "told"),
    [
        ("checklist", "text: One, right: true, why: It is.", []),
        ("checklist", "text: Three, why: No.", ["ask[0].options[0].missed"]),
        ("choice", "text: One, right: true, why: It is.", ["ask[0].options[0].missed"]),
    ],
)
def test_what_is_missed_is_asked_of_right_options_of_a_checklist(kind, option, told, tmp_path):
    text = CLAIMS.replace("as: checklist", f"as: {kind}").replace("{hint}", "Begin.")
    own = f"{{{option}, missed: Look again.}}"
    others = "" if "right" in option else "\n      - {text: One, right: true, why: It is.}"
    text = text.replace("{text: One, right: true, why: It is.}", own + others).replace("{why}", "No.")
    assert [where for _, where, says, _ in found(text, tmp_path) if "never said" in says] == told


def test_draws_that_always_give_the_same(tmp_path):
    text = SHAPE.replace("integers(50, 200)", "choice(100)").replace("integers(2, 9)", "choice(3)")
    ((line, key, says, severity),) = found(text, tmp_path)
    assert (line, key, severity) == (5, "given", "warning")
    assert "the same in all 5 draws" in says


def test_a_mistake_that_the_book_does_not_show_is_no_error_where_draws_show_it(tmp_path):
    text = GATES.replace('"[0.9, 0.2]"', '"[0.5, 0.5]"').replace('"[0.1, 0.8]"', '"[0.5, 0.5]"')
    assert found(text, tmp_path) == []
    file = tmp_path / "gates.yaml"
    notes = [one.says for one in examine(read_exercise(file), file, 5) if note(one)]
    assert any(
        "the original numbers do not show, for c, when" in says and "i * old + f * new" in says for says in notes
    )


def test_how_often_a_draw_was_repeated_is_told(tmp_path):
    text = GATES.replace("max(abs(old)) < 3", "max(abs(old)) < 1.01")
    assert found(text, tmp_path, 20) == []
    file = tmp_path / "gates.yaml"
    says = next(one.says for one in examine(read_exercise(file), file, 20) if "tries" in one.says)
    assert int(says.split(" took ")[1].split()[0]) > 20


def test_a_draw_that_takes_long_is_told_by_the_cpu_time_of_the_check(tmp_path, monkeypatch):
    turns, waits = count(), count()
    monkeypatch.setattr(draws, "CLOCKS", Clocks(cpu=lambda: 1.5 * next(turns)))
    ((_, key, says, severity),) = found(GATES, tmp_path)
    assert (key, severity) == ("given", "error")
    assert "seed 0 takes 1.5 s" in says
    monkeypatch.setattr(draws, "CLOCKS", Clocks(cpu=lambda: 0.0, wall=lambda: 100.0 * next(waits)))
    assert found(GATES, tmp_path) == []


def test_all_faults_are_told_not_only_the_first(tmp_path):
    text = (
        GATES.replace("f * old\n", "f * * old\n").replace("old + f", "old + + )").replace("as: vector", "as: vector ")
    )
    text = text.replace("max(abs(old)) < 3", "max(").replace("    say: What is kept.\n", "")
    assert [key for _, key, _, _ in found(text, tmp_path)] == [
        "conditions[0]",
        "steps[0].let",
        "steps[0].say",
        "mistakes[0].value",
    ]


def test_every_part_that_cannot_be_asked_is_told(tmp_path):
    text = LOOP.replace("answer: h, as: vector", "answer: g, as: vector").replace("answer: L", "answer: K")
    assert [key for _, key, _, _ in found(text.replace(", answer: h}", "}"), tmp_path)] == [
        "ask[0].answer",
        "ask[1].answer",
    ]


# Hints


@pytest.mark.parametrize(
    ("name", "hint", "piece"),
    [
        ("gates", "It is [0.95, -0.0] in the end.", "[0.95, -0.0]"),
        ("gates", "The first is 0.95, the second 0.", "[0.95, 0]"),
        ("gates", "c = f * old + i * new, of course.", "f * old + i * new"),
        ("gates", "Use `old*f + new*i` here.", "old*f + new*i"),
        ("gates", "Try i∙new + f∙old now.", None),
        ("gates", "f * old is a part of it, i * new another.", None),
        ("gates", "What is kept, plus i * new: kept + i * new", None),  # kept is not a learner's to use
        ("gates", "A gate of 0.9 keeps 0.9 of the old cell.", None),
        ("gates", "The sum of f * old and i * new", None),
        ("loop", "The loss is about 2.5.", None),
        ("loop", "Around sum([0.7616, 0.9829, 0.9982]**2).", "sum([0.7616, 0.9829, 0.9982]**2)"),
        ("loop", "First 0.76159, then 0.98292 and 0.99817.", "[0.76159, 0.98292, 0.99817]"),
        ("shape", "It is (3, 100).", "(3, 100)"),
        ("shape", "Think of (B, V)", "(B, V)"),
        ("shape", "Each of the B sentences has a word of V.", None),
        ("checklist", "Take options 1 and 3.", "1 3"),
        ("checklist", "Gradient norms, and the gate saturation.", "1 3"),
        ("checklist", "One of them is not a gate; 3 gates matter.", None),
    ],
)
def test_no_hint_gives_the_answer_away(name, hint, piece, tmp_path):
    before, _, after = GOOD[name].partition("hints:")
    after = after.partition("show:")[2]
    text = f"{before}hints:\n  - Think.\n  - {hint!r}\n" + (f"show:{after}" if after else "")
    line = text[: text.index(hint)].count("\n") + 1
    said = [(at, key, says) for at, key, says, _ in found(text, tmp_path) if key.startswith("hints")]
    if piece is None:
        assert said == []
    else:
        assert [(at, key) for at, key, _ in said] == [(line, "hints[1]")] * len(said)
        assert any(f"'{piece}' is marked right" in says for _, _, says in said), said


# Whole folders

COURSE = """\
format: 1
title: Course
units:
  - id: unit
    title: Unit
    aim: To do.
    exercises:
      - {id: gates, title: Cell update, level: 2}
      - {id: loop, title: A recurrence, level: 1}
"""


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "unit").mkdir()
    (tmp_path / "course.yaml").write_text(COURSE)
    (tmp_path / "unit" / "gates.yaml").write_text(GATES)
    (tmp_path / "unit" / "loop.yaml").write_text(LOOP)
    return tmp_path


def summary(folder: Path) -> list[tuple[str, int, str]]:
    return [(one.file.name, one.line, one.key) for one in lint(Library([folder]), 3) if not note(one)]


def test_a_good_folder_has_no_findings(pack):
    report = check(pack, 3)
    assert (report.errors, report.exercises) == (0, 2)
    assert all(note(one) for one in report.findings)
    assert str(report).endswith("2 exercises, no errors, no warnings")


def test_the_course_says_what_the_files_say(pack):
    (pack / "course.yaml").write_text(COURSE.replace("Cell update", "Cell").replace("level: 1", "level: 3"))
    assert summary(pack) == [
        ("course.yaml", 8, "units[0].exercises[0].title"),
        ("course.yaml", 9, "units[0].exercises[1].level"),
    ]


def test_every_file_of_a_folder_is_told_of(pack):
    (pack / "unit" / "gates.yaml").write_text("format: 1\nid: [")
    (pack / "unit" / "loop.yaml").write_text(LOOP.replace("sum(h**2)", "sum(g**2)"))
    (pack / "unit" / "extra.yaml").write_text(SHAPE.replace("id: shape", "id: extra").replace("B, V)", "B, W)"))
    (pack / "unit" / "other.yml").write_text("")
    assert summary(pack) == [
        ("extra.yaml", 1, ""),
        ("extra.yaml", 9, "steps[0].let"),
        ("gates.yaml", 2, ""),
        ("loop.yaml", 15, "steps[2].let"),
        ("other.yml", 1, ""),
    ]


def test_an_entry_without_a_file_is_told_where_it_is_listed(pack):
    (pack / "unit" / "loop.yaml").unlink()
    assert summary(pack) == [("course.yaml", 9, "units[0].exercises[1]")]


def test_an_id_that_two_folders_have_is_told(pack, tmp_path):
    other = tmp_path / "unit" / "deeper"
    other.mkdir()
    (other / "gates.yaml").write_text(GATES)
    (finding,) = [one for one in lint(Library([pack, other]), 2) if not note(one)]
    assert "belongs to" in finding.says


def test_an_empty_folder_or_unit_is_told(pack, tmp_path):
    (pack / "course.yaml").write_text(COURSE + "  - {id: empty, title: E, aim: a}\n")
    assert summary(pack) == [("course.yaml", 1, "units")]
    empty = tmp_path / "nothing"
    empty.mkdir()
    assert check(empty).errors == 1
    assert check(tmp_path / "nowhere.yaml").errors == 1


def test_one_file_can_be_checked_alone(pack):
    assert all(note(one) for one in check(pack / "unit" / "gates.yaml", 2).findings)
    (pack / "unit" / "gates.yaml").write_text(GATES.replace("kept + i", "kep + i"))
    report = check(pack / "unit" / "gates.yaml", 2)
    assert report.errors == 1
    assert str(report).startswith(f"{pack / 'unit' / 'gates.yaml'}:16: steps[1].let: ")
    assert str(report).endswith("\n1 exercise, 1 error, no warnings")


def test_a_course_file_is_checked_alone(pack):
    (pack / "unit" / "gates.yaml").write_text(GATES.replace("kept + i", "kep + i"))
    assert check(pack, 2).errors == 1
    report = check(pack / "course.yaml", 2)
    total = "The course file alone, not what is in its files: 2 exercises, no errors, no warnings"
    assert (report.findings, str(report)) == ((), total)
    (pack / "unit" / "loop.yaml").unlink()
    text = COURSE.replace("Cell update", "Cell") + "  - {id: empty, title: E, aim: a, needs: [nowhere]}\n"
    (pack / "course.yaml").write_text(text)
    told = [(one.file.name, one.key) for one in check(pack / "course.yaml", 2).findings]
    of_entries = [("course.yaml", "units[0].exercises[0].title"), ("course.yaml", "units[0].exercises[1]")]
    assert told == [("course.yaml", "units"), *of_entries, ("course.yaml", "units[1].needs[0]")]
