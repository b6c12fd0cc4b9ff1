"""A lab file: what is read of it, and what is said of one that is wrong."""

import numpy as np
import pytest

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.labs.controls import SettingError, dial
from rnn_tutor.exercises.labs.load import is_lab, read_lab
from rnn_tutor.exercises.labs.model import Control
from tests.exercises.labs_for_tests import TEXT, lab_of


def refused(folder, old, new):
    """What is said of the lab with a piece of its text replaced: key -> sentence."""
    assert old in TEXT
    with pytest.raises(ContentError) as error:
        lab_of(folder, TEXT.replace(old, new, 1))
    return {found.key: found.says for found in error.value.findings}


def test_a_lab_is_read_with_its_lines_and_hash(tmp_path):
    lab = lab_of(tmp_path)
    loaded = read_lab(tmp_path / "decay.yaml")
    assert (lab.id, [control.name for control in lab.controls]) == ("decay", ["T", "w", "kind", "word"])
    assert loaded.lines["predict[1].at"] == TEXT.split("\n").index("    at: {w: 0.8, kind: tanh}") + 1
    assert len(loaded.hash) == 16


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("step: 0.05", "step: 0", "controls[1].step", "more than 0"),
        ("step: 0.05", "step: 0.0001", "controls[1].step", "larger step"),
        ("step: 0.05", "step: 0.3", "controls[1].to", "whole number of steps"),
        ("from: 0.5, to: 1.5", "from: 1.5, to: 0.5", "controls[1].to", "at least a step"),
        ("from: 0.5, to: 1.5", "from: 0.5, to: inf", "controls[1]", "finite"),
        ("from: 0.5, ", "", "controls[1].from", "missing"),
        ("start: 0.9", "start: 0.91", "controls[1].start", "nearest is 0.90"),
        ("start: 0.9", "start: 9", "controls[1].start", "from 0.50 to 1.50"),
        ("start: 0.9", "start: much", "controls[1].start", "from 0.50 to 1.50"),
        ("choices: [linear, tanh], start: linear", "choices: [linear]", "controls[2].choices", "at least 2"),
        ("start: linear", "start: relu", "controls[2].start", "one of: linear, tanh"),
        ("choices: [linear, tanh]", "choices: [linear, linear]", "controls[2].choices", "twice"),
        ("choices: [linear, tanh], start: linear", "from: 1, text: a", "controls[2]", "both"),
        ("choices: [linear, tanh], start: linear", "", "controls[2]", "none of these keys"),
        ("text: abba", "text: abxa", "controls[3].text", "these characters: abc"),
        ("text: abba", 'text: ""', "controls[3].text", "these characters"),
        ('alphabet: "abc "', "alphabet: aab", "controls[3].alphabet", "each once"),
        ("name: w,", "name: T,", "controls[1].name", "already used"),
        ("name: w,", "name: h0,", "controls[1].name", "at given.h0"),
        ("name: w,", "name: left,", "steps[3].let", "is a control"),
        ("at: {w: 1.1}", "at: {v: 1.1}", "predict[0].at.v", "not a control"),
        ("at: {w: 1.1}", "at: {w: 1.11}", "predict[0].at.w", "nearest is 1.10"),
        ("at: {w: 1.1}", "at: {w: 0.9}", "predict[0].at", "nothing to predict"),
        ("kind: tanh}", "kind: relu}", "predict[1].at.kind", "one of"),
        ("    answer: left\n    within: 0.2\n", "", "predict[1]", "neither"),
        (
            "    answer: left\n",
            "    answer: left\n    options: [{text: a, when: kind}]\n",
            "predict[1]",
            "both options",
        ),
        ("text: it shrinks", "text: It grows", "predict[0].options", "twice"),
        ("    say: More than 1", "    within: 0.3\n    say: More than 1", "predict[0].within", "only with an answer"),
        ("within: 0.2", "within: 2", "predict[1].within", "number"),
        ("say: A power, and the tanh as well.", 'say: " "', "predict[1].say", "only spaces"),
        ("bars: [count]", "bras: [count]", "show[1].bras", "did you mean 'bars'"),
        ("bars: [count]", "bars: []", "show[1]", "exactly one of"),
        ('value: "[1.0, -0.5]"', 'shape: "(2,)"', "given.h0", "original numbers"),
        ("id: decay", "id: decays", "id", "the file's name"),
        ("means: weight", 'means: " "', "controls[1].means", "only spaces"),
    ],
)
def test_what_is_wrong_is_told_with_its_key(tmp_path, old, new, key, says):
    found = refused(tmp_path, old, new)
    assert key in found, found
    assert says in found[key]


def test_two_or_three_predictions(tmp_path):
    one = TEXT[: TEXT.index("  - ask: How much")]
    with pytest.raises(ContentError, match="found 1 questions; expected 2 or 3"):
        lab_of(tmp_path, one)


def test_a_file_is_a_lab_by_its_folder_or_its_keys(tmp_path):
    (tmp_path / "labs").mkdir()
    for path, text, is_one in (
        (tmp_path / "labs" / "a.yaml", "format: 1", True),
        (tmp_path / "b.yaml", TEXT, True),
        (tmp_path / "c.yaml", "format: 1\nid: c\nask: []", False),
        (tmp_path / "d.yaml", "{", False),
    ):
        path.write_text(text, encoding="utf-8")
        assert is_lab(path) is is_one
    assert not is_lab(tmp_path / "nothing.yaml")


# where a control stands


def number(**more):
    return dial(Control(name="w", means="weight", **{"from_": -0.3, "to": 0.6, "step": 0.1, **more}))


def test_a_number_stands_on_its_steps_exactly():
    w = number()
    assert [w.shown(place) for place in range(w.last + 1)] == [
        "-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6",
    ]  # fmt: skip
    assert [float(w.value(place)) for place in range(w.last + 1)] == [
        -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6,
    ]  # fmt: skip


def test_a_number_stops_at_its_ends_and_big_steps_are_a_tenth():
    w = number(from_=0.0, to=10.0, start="4")
    assert (w.start, w.last) == (40, 100)
    assert w.moved(40, 1) == 41
    assert w.moved(40, -1, big=True) == 30
    assert w.moved(99, 1, big=True) == 100
    assert w.moved(0, -1) == 0
    assert (w.end(last=False), w.end(last=True)) == (0, 100)


def test_a_choice_is_its_place():
    kind = dial(Control(name="kind", means="activation", choices=["linear", "tanh"], start="tanh"))
    assert (kind.start, kind.shown(0), float(kind.value(1))) == (1, "linear", 1.0)
    assert (kind.at("linear"), kind.at("1"), kind.moved(1, 1), kind.moved(0, 1, big=True)) == (0, 1, 1, 1)
    with pytest.raises(SettingError):
        kind.at("2")


def test_a_text_is_lowered_and_says_what_was_left_out():
    text = dial(Control(name="text", means="your text", text="ab", alphabet="abc "))
    assert text.value("cab").tolist() == [2, 0, 1]
    typed = text.typed("Ab!, C\x1b[31m!")
    assert (typed.text, typed.dropped) == ("ab c", "!,\x1b[31m")
    assert len(text.value("a" * 1000)) == 200
    assert text.moved("ab", 1) == "ab"
    assert np.array_equal(text.value(""), np.zeros(0))
