"""A lab with its numbers: the graph follows the controls, predictions are computed, guesses are read."""

from itertools import count

import numpy as np
import pytest

from rnn_tutor.engine.clocks import Clocks
from rnn_tutor.engine.graph import axes
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.labs import instance as benches
from rnn_tutor.exercises.labs import lint, predict
from rnn_tutor.exercises.labs.instance import answer, drawn, original
from rnn_tutor.exercises.labs.load import read_lab
from tests.exercises.labs_for_tests import TEXT, lab_of


@pytest.fixture(autouse=True)
def still(monkeypatch):
    """What a check says of a lab's steps hangs on no clock of a busy machine."""
    monkeypatch.setattr(lint, "CLOCKS", Clocks(cpu=lambda: 0.0, wall=lambda: 0.0))


@pytest.fixture
def bench(tmp_path):
    return original(lab_of(tmp_path))


def left(h0, w, steps, tanh):
    h = 2 * np.asarray(h0)
    states = []
    for _ in range(steps):
        h = np.tanh(w * h) if tanh else w * h
        states.append(h)
    return np.array(states)


@pytest.mark.parametrize("settings", [{}, {"T": 9}, {"w": 0, "kind": 1}, {"w": 20, "T": 0}])
def test_the_picture_follows_the_controls(bench, settings):
    at = bench.start | settings
    scene = bench.scene(at)
    steps, w = 5 + 5 * at["T"], 0.5 + 0.05 * at["w"]
    shown = scene.figure(0)
    assert (shown.kind, shown.title, shown.items[0].axes) == ("heatmap", "the state", ("time", "unit"))
    assert np.allclose(shown.items[0].values, left([1, -0.5], w, steps, at["kind"] == 1))


def test_a_text_is_counted(bench):
    values = bench.scene(bench.start | {"word": "cab ab"}).figure(1).items[0].values
    assert values.tolist() == [2, 2, 1, 1]


def test_what_no_control_moves_is_evaluated_once(bench):
    first, second = bench.scene(bench.start), bench.scene(bench.start | {"w": 3})
    assert first.graph.whole("still") is second.graph.whole("still")
    assert first.graph.whole("h") is not second.graph.whole("h")


def test_where_no_control_has_moved_nothing_is_computed_again(bench, monkeypatch):
    first = bench.scene(bench.start)
    monkeypatch.setattr(benches, "with_givens", lambda *_: pytest.fail("computed again"))
    assert bench.scene(dict(bench.start)).graph is first.graph


def test_how_far_a_control_reaches_is_found_out_when_it_is_moved(bench, monkeypatch):
    asked = []
    reaches = Dependencies.moved_by
    monkeypatch.setattr(Dependencies, "moved_by", lambda self, names: asked.append(set(names)) or reaches(self, names))
    bench.scene(bench.start)
    assert asked == []
    bench.scene(bench.start | {"w": 3})
    bench.scene(bench.start | {"w": 4})
    assert asked == [{"w"}]


def test_expressions_are_read_once_for_a_lab(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(benches, "compiled", lambda exercise: read.append(exercise) or compiled(exercise))
    original(lab_of(tmp_path))
    assert len(read) == 1


def test_axes_are_looked_for_once_for_each_node_whatever_else_is_shown(bench, monkeypatch):
    looked, look = [], axes._axes
    monkeypatch.setattr(axes, "_axes", lambda node, *rest: looked.append(node) or look(node, *rest))
    scene = bench.scene(bench.start)
    states = scene.graph.whole("h")
    assert scene.axes(states) == ("time", *scene.axes(states.parents[0]))
    assert len(looked) == len(set(looked)) > 3


def test_only_what_is_needed_is_evaluated(bench):
    assert "left" not in bench.scene(bench.start).graph.names  # of no picture
    assert "count" not in bench.asked(0).graph.names  # of no prediction
    assert "left" in bench.asked(0).graph.names


def test_predictions_are_computed_where_they_ask(bench):
    assert answer(bench, 0) == 0
    assert answer(bench, 1) == pytest.approx(left([1, -0.5], 0.8, 10, True)[-1, 0])


def test_looked_up_by_the_controls_that_the_prediction_names(bench):
    there = bench.asked_at(bench.lab.predict[1])
    assert not bench.looked_up(1, bench.start)
    assert not bench.looked_up(1, there | {"kind": 0})
    assert bench.looked_up(1, there)
    assert bench.looked_up(1, there | {"T": 0})


@pytest.mark.parametrize(
    ("place", "text", "verdict"),
    [
        (0, "1", "right"),
        (0, "a", "right"),
        (0, "it grows", "right"),
        (0, "2", "wrong"),
        (0, "3", "not_understood"),
        (0, "it flies", "not_understood"),
        (0, "", "not_understood"),
    ],
)
def test_options_are_read_by_number_letter_or_words(bench, place, text, verdict):
    told = predict.tell(bench, place, text)
    assert (told.verdict, told.part) == (verdict, "predict-1")
    if verdict != "not_understood":
        assert (told.truth, told.says) == ("it grows", "More than 1 is more than 1.")


def test_numbers_are_read_as_answers_are_and_right_within_their_share(bench):
    truth = answer(bench, 1)
    for text, verdict in (
        (f"{truth * 1.19}", "right"),
        (f"{truth * 0.81}", "right"),
        (f"{truth * 1.21}", "wrong"),
        (f"{100 * truth} %", "right"),
        (f"{truth * 3}/3", "right"),
        ("2 * 0.8**10 * h0[0]", "wrong"),  # names of givens and controls may be used
        ("w + T", "wrong"),
        ("[1, 2]", "not_understood"),
        ("1/0", "not_understood"),
        ("nan", "not_understood"),
        ("left", "not_understood"),  # a step is what is asked for
        ("0,5", "not_understood"),
        ("\x1b[31m", "not_understood"),
    ):
        assert predict.tell(bench, 1, text).verdict == verdict, text
    assert float(predict.read(bench, 1, "w").value) == 0.8  # as the controls stand for the prediction


def test_new_numbers_are_the_same_for_a_seed_and_answerable(bench):
    one, again, other = drawn(bench, 3), drawn(bench, 3), drawn(bench, 4)
    assert np.array_equal(one.givens["h0"], again.givens["h0"])
    assert not np.array_equal(one.givens["h0"], other.givens["h0"])
    assert one.seed == 3
    assert np.allclose(one.scene(one.start).figure(0).items[0].values, left(one.givens["h0"], 0.9, 10, False))


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('when: "left <= still[0]"', 'when: "left > 0"', "predict[0].options", "The options 1, 2 hold"),
        ('when: "left > still[0]"', 'when: "left > 100"', "predict[0].options", "None of the options holds"),
        ("answer: left", 'answer: "left * 0"', "predict[1].answer", "is 0"),
        ("answer: left", "answer: h", "predict[1].answer", "single number"),
        ("answer: left", "answer: lift", "predict[1].answer", "no name lift"),
        ("answer: left", 'answer: "left +"', "predict[1].answer", ""),
        ("heatmap: [h]", "heatmap: [g]", "show[0].heatmap[0]", "no name g"),
        ("heatmap: [h]", "lines: [left]", "show[0].lines[0]", "Lines need"),
        ("heatmap: [h]", 'heatmap: ["h / (w - 0.5)"]', "show[0]", "not finite"),
        ("left = h[-1][0]", "left = h[-1][0] + y", "steps[3].let", "no name y"),
        ("        say: The state, weighted.\n", "", "steps[2].do[0].say", "h has no sentence"),
        ("one_hot(word, 4)", "one_hot(arange(4), 4)", "controls[3].name", "nothing changes"),
        (
            'left = h[-1][0]"',
            'left = h[-1][0]"\n    say: Left.\n  - let: "more = 1"',
            "steps[4].let",
            "not used by any",
        ),
        ("given:\n", 'given:\n  z: {value: "1", means: nothing}\n', "given.z", "not used by any"),
        ("at: {w: 0.8, kind: tanh}", "at: {w: 1.1}", "predict[1].at", "other settings"),
        ('draw: "uniform(0.2, 1)"', 'draw: "uniform(1, 0.2)"', "given.h0.draw", "seed 0"),
        ('draw: "uniform(0.2, 1)"', 'draw: "uniform(-1, -0.2)"', None, None),
    ],
)
def test_check_tells_what_is_wrong(tmp_path, old, new, key, says):
    assert old in TEXT
    lab_of(tmp_path, TEXT.replace(old, new, 1))
    path = tmp_path / "decay.yaml"
    found = {one.key: one.says for one in lint.examine(read_lab(path), path, draws=3)}
    if key is None:
        assert found == {}
    else:
        assert says in found.get(key, "nothing"), found


def test_a_draw_that_leaves_a_prediction_open_is_not_taken(tmp_path):
    text = TEXT.replace('when: "left > still[0]"', 'when: "(left > still[0]) * (h0[0] > 0.6)"')
    stated = original(lab_of(tmp_path, text))
    assert all(drawn(stated, seed).givens["h0"][0] > 0.6 for seed in range(12))


def test_where_no_draw_is_fit_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(benches, "MAX_TRIES", 3)
    text = TEXT.replace('when: "left > still[0]"', 'when: "(left > still[0]) * (h0[0] > 0.99999)"')
    with pytest.raises(ExerciseError, match="In 3 draws no numbers were suitable"):
        drawn(original(lab_of(tmp_path, text)), 0)


def test_the_lab_is_fine_as_it_is(tmp_path):
    lab_of(tmp_path)
    assert lint.examine(read_lab(tmp_path / "decay.yaml"), tmp_path / "decay.yaml", draws=5) == []


def test_a_place_that_takes_long_is_told_by_the_cpu_time_of_the_check(tmp_path, monkeypatch):
    lab_of(tmp_path)
    path = tmp_path / "decay.yaml"
    turns = count()
    monkeypatch.setattr(lint, "CLOCKS", Clocks(cpu=lambda: 0.25 * next(turns)))
    found = lint.examine(read_lab(path), path, draws=1)
    assert {(one.key, one.severity) for one in found} == {("steps", "warning")}
    assert all("takes 250 ms; expected less than 200" in one.says for one in found)
    waits = count()
    monkeypatch.setattr(lint, "CLOCKS", Clocks(cpu=lambda: 0.0, wall=lambda: 100.0 * next(waits)))
    assert lint.examine(read_lab(path), path, draws=1) == []
