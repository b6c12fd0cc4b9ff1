"""`check` tells everything that is wrong with a lab: a fault hides those only that follow from it."""

from types import SimpleNamespace

import pytest

from rnn_tutor.exercises.labs import load
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.read import read_tree
from tests.exercises.labs_for_tests import COURSE, TEXT, course_with_lab
from tests.files_for_tests import write


def told(tmp_path, *changes, draws=3):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = write(tmp_path, {"decay.yaml": text}) / "decay.yaml"
    return {found.key: found.says for found in check(path, draws).findings if found.severity == "error"}


def test_what_does_not_read_is_told_of_every_step_picture_and_prediction(tmp_path):
    found = told(
        tmp_path,
        ('"left = h[-1][0]"', '"left = h[-1][0] +"'),
        ('"count = one_hot(word, 4).sum(axis=0)"', '"count = one_hot(wort, 4).sum(axis=0)"'),
        ('when: "left > still[0]"', 'when: "still[0] >"'),
        ('when: "left <= still[0]"', 'when: "lefd <= still[0]"'),
        ("heatmap: [h]", "heatmap: [hh]"),
    )
    assert set(found) == {
        "steps[3].let",
        "steps[4].let",
        "predict[0].options[0].when",
        "predict[0].options[1].when",
        "show[0].heatmap[0]",
    }


def test_what_is_wrong_at_places_of_the_controls_is_told_of_every_step_and_picture(tmp_path):
    found = told(
        tmp_path,
        ('"left = h[-1][0]"', '"left = h[49][0]"'),
        ('"count = one_hot(word, 4).sum(axis=0)"', '"count = one_hot(word, 4).sum(axis=0)[:T][4]"'),
        ("  - bars: [count]\n", "  - bars: [count, left]\n  - table: [log(w - 1)]\n"),
    )
    assert set(found) == {"steps[3].let", "steps[4].let", "show[2]"}
    assert "with T = 10, w = 1.10" in found["steps[3].let"]
    assert "not finite" in found["show[2]"]


def test_of_every_prediction_is_told_that_it_has_no_answer(tmp_path):
    found = told(tmp_path, ('"left > still[0]"', '"left > 1000"'), ("answer: left", "answer: left * 0"))
    assert set(found) == {"predict[0].options", "predict[1].answer"}


def test_what_cannot_be_drawn_hides_nothing_that_other_numbers_show(tmp_path):
    drawn = 'h0: {value: "[1.0, -0.5]", means: first state, axes: [unit], draw: "uniform(0.2, 1)"}'
    others = (
        'h0: {value: "[1.0, -0.5]", means: first state, axes: [unit], draw: "uniform(1, 0)"}\n'
        '  a: {value: "1", means: a number, draw: "uniform(-2, -1)"}'
    )
    found = told(tmp_path, (drawn, others), ("  - bars: [count]\n", "  - bars: [count]\n  - table: [log(a)]\n"))
    assert set(found) == {"given.h0.draw", "show[2]"}
    assert found["show[2]"].startswith("seed 0, with")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("title: A state that decays\n", "", "title"),
        ("from: 5, to: 50", "from: 5, to: fifty", "controls[0].to"),
        ("T, means: time steps, from: 5, to: 50", "T, means: time steps, from: 5, to: 1", "controls[0].to"),
        ("    say: More than 1 is more than 1.\n", "", "predict[0].say"),
    ],
)
def test_a_file_that_cannot_be_used_is_looked_at_all_the_same(tmp_path, old, new, key):
    wrong = ('"count = one_hot(word, 4).sum(axis=0)"', '"count = one_hot(word, 4).sum(axis=3)"')
    found = told(tmp_path, (old, new), wrong, ("at: {w: 0.8, kind: tanh}", "at: {w: 7, kinds: tanh}"))
    assert set(found) == {key, "steps[4].let", "predict[1].at.w", "predict[1].at.kinds"}


def test_a_lab_of_a_course_is_read_once(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(load, "read_tree", lambda path, inside=None: read.append(path.name) or read_tree(path, inside))
    folder = course_with_lab(tmp_path)
    assert not check(folder, 1).findings
    assert read == ["decay.yaml"]
    write(tmp_path, {"course.yaml": COURSE.replace("A state that decays", "Another")})
    assert [found.key for found in check(folder, 1).findings] == ["units[0].labs[0].title"]


def test_what_is_slow_only_the_first_time_is_not_slow(monkeypatch):
    from rnn_tutor.exercises.labs import lint

    now = iter([0.0, 0.05, 10.0, 10.5])
    monkeypatch.setattr(lint, "CLOCKS", SimpleNamespace(cpu=lambda: next(now)))
    assert lint._least(0.9, lambda: None) == pytest.approx(0.05)
    assert lint._least(0.9, lambda: None) == pytest.approx(0.5)
    assert lint._least(0.1, lambda: pytest.fail("it was quick")) == 0.1
