"""A lab that trains: what its file may say, what its controls make of the network, how predictions are judged."""

import numpy as np
import pytest

from rnn_tutor.engine.training import limits
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.labs import instance as benches
from rnn_tutor.exercises.labs import predict
from rnn_tutor.exercises.labs.instance import answer, drawn, original
from rnn_tutor.exercises.labs.lint import examine
from rnn_tutor.exercises.labs.load import read_lab
from tests.exercises.labs_for_tests import TRAINING, lab_of


@pytest.fixture
def bench(tmp_path):
    return original(lab_of(tmp_path, TRAINING, "learn"))


def said(folder, text):
    """All that reading a file, or checking it, says: (key, sentence)."""
    path = folder / "learn.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        loaded = read_lab(path)
    except ContentError as error:
        return [(found.key, found.says) for found in error.findings]
    return [(found.key, found.says) for found in examine(loaded, path, draws=1)]


def test_controls_and_file_make_the_recipe(bench):
    recipe = bench.runs.recipe(bench.start | {"task": 1, "cell": 2, "units": 2})
    assert (recipe.task, recipe.cell, recipe.units, recipe.length) == ("copy", "gru", 8, 10)
    assert (recipe.rate, recipe.clip, recipe.optimiser, recipe.start) == (0.03, 1.0, "adam", "uniform")


def test_what_is_shown_is_what_training_gives(bench):
    assert bench.scene(bench.start).figure(0).items[0].values.shape == (1,)
    run = bench.runs.advance(bench.start, 7)
    scene = bench.scene(bench.start)
    loss, keep = (scene.figure(place).items[0] for place in (0, 1))
    assert loss.values.tolist() == run.losses.tolist()
    assert (loss.axes, keep.axes, keep.values.shape) == (("update",), ("unit", "time"), (4, 10))
    assert scene.graph.whole("recent").number == pytest.approx(run.losses[-10:].mean())


def test_before_the_first_update_no_line_of_updates_is_drawn(bench):
    assert bench.scene(bench.start).figure(0).instead == "no update yet"
    bench.runs.advance(bench.start, 1)
    assert bench.scene(bench.start).figure(0).instead == ""


def test_a_network_is_as_it_was_when_the_controls_come_back(bench):
    run = bench.runs.advance(bench.start, 5)
    elsewhere = bench.start | {"units": 1}
    assert bench.runs.run(elsewhere).updates == 0
    assert bench.runs.run(bench.start) is run
    bench.runs.again(bench.start)
    assert bench.runs.run(bench.start).updates == 0


def test_no_more_than_some_networks_are_kept(bench):
    everywhere = [bench.start | {"task": task, "units": units} for task in range(3) for units in range(3)]
    for settings in everywhere:
        bench.runs.advance(settings, 1)
    assert [bench.runs.run(settings).updates for settings in everywhere[-6:]] == [1] * 6
    assert bench.runs.run(everywhere[0]).updates == 0


def test_a_prediction_is_judged_after_its_updates(bench):
    assert bench.to_train(0) == 60
    assert predict.read(bench, 0, "1").error is None  # without training anything
    assert bench.to_train(0) == 60
    told = predict.tell(bench, 0, "1")
    assert bench.to_train(0) == 0
    run = bench.runs.after(bench.asked_at(bench.lab.predict[0]), 60)
    assert (told.verdict == "right") == (run.losses[-10:].mean() < run.task.baseline)


def test_it_is_judged_the_same_however_far_the_network_has_come(bench, tmp_path):
    at = bench.asked_at(bench.lab.predict[1])
    bench.runs.advance(at, 35)
    assert bench.to_train(1) == 20  # from the start again
    asked = bench.asked(1)
    assert asked.graph.whole("recent").number == original(bench.lab).asked(1).graph.whole("recent").number
    assert bench.runs.run(at).updates == 35


def test_half_of_the_updates_show_how_it_goes_on(bench):
    at = bench.asked_at(bench.lab.predict[0])
    assert not bench.looked_up(0, at)
    bench.runs.advance(at, 29)
    assert not bench.looked_up(0, at)
    bench.runs.advance(at, 1)
    assert bench.looked_up(0, at)
    assert not bench.looked_up(0, bench.start)


def test_new_numbers_are_another_seed_and_train_nothing(bench, monkeypatch):
    monkeypatch.setattr(benches, "answer", None)
    losses = [drawn(bench, seed).runs.run(bench.start).losses[0] for seed in (0, 1)]
    assert bench.draws
    assert len({*losses, bench.runs.run(bench.start).losses[0]}) == 3


def test_a_network_that_fails_is_told_and_keeps_what_it_had(tmp_path):
    text = TRAINING.replace('rate: "0.03", clip: "1"', 'rate: "10", optimiser: sgd').replace("flip-flop}", "adding}")
    bench = original(lab_of(tmp_path, text, "learn"))
    run = bench.runs.advance(bench.start, 2000)
    assert run.ended and run.updates < 2000
    assert np.isfinite(bench.scene(bench.start).figure(0).items[0].values).all()
    assert answer(bench, 1) == 1


def test_check_has_nothing_to_say_of_one_that_is_right(tmp_path):
    assert said(tmp_path, TRAINING) == []


@pytest.mark.parametrize(
    ("was", "now", "key", "words"),
    [
        ('rate: "0.03"', 'rate: "fast"', "train.rate", "found 'fast'; expected a number, or the name of a control"),
        ('rate: "0.03"', 'rate: "11"', "train.rate", "rate must be from 0 to 10."),
        ('rate: "0.03"', "rate: nan", "train.rate", "rate must be from 0 to 10."),
        ('length: "10"', 'length: "10.5"', "train.length", "expected a whole number"),
        ('length: "10"', 'length: "500"', "train.length", "length must be from 10 to 100."),
        ("cell: cell", "cell: cnn", "train.cell", "found 'cnn'; expected rnn, lstm or gru, or the name of a control"),
        ("cell: cell", "cell: units", "train.cell", "the control 'units': found '4'; expected rnn, lstm or gru"),
        ("choices: [rnn, lstm, gru]", "choices: [rnn, cnn, gru]", "train.cell", "the control 'cell': found 'cnn'"),
        ("to: 8, step: 2", "to: 80, step: 4", "train.units", "the control 'units': units must be from 2 to 64."),
        ('"10", rate', '"10", speed: "1", rate', "train.speed", "unknown key 'speed'"),
        ("name: units", "name: loss", "controls[2].name", "is what training gives"),
        ("recent = mean(loss[-10:])", "norm = mean(loss[-10:])", "steps[0].let", "is what training gives"),
        ("lines: [loss]", "lines: [loss, losses]", "show[0].lines[1]", "losses"),
        ("after: 60", "after: 5000", "predict[0].after", "2000"),
        ("[adding, copy, flip-flop]", "[adding, text, flip-flop]", "train.text", "the key is missing"),
    ],
)  # fmt: skip
def test_check_tells_what_no_network_can_have(tmp_path, was, now, key, words):
    assert TRAINING.count(was) == 1
    found = said(tmp_path, TRAINING.replace(was, now))
    assert key in [where for where, _ in found], found
    assert any(words in sentence for where, sentence in found if where == key), found


def test_only_a_lab_that_trains_knows_what_training_gives(tmp_path):
    head, _, rest = TRAINING.partition("train: {")
    found = said(tmp_path, head + rest.partition("\n")[2])
    assert ("predict[0].after", "nothing is trained here; expected this key only in a lab with train") in found


def test_every_control_changes_the_network_or_a_step(tmp_path):
    text = TRAINING.replace("train:", "  - {name: idle, means: nothing, choices: [a, b]}\ntrain:")
    assert said(tmp_path, text) == [("controls[3].name", "nothing changes when it is moved; expected a step to use it")]


WRITING = TRAINING.replace(
    "  - {name: units,",
    "  - {name: source, means: the text, choices: [alice, own]}\n"
    "  - {name: warm, means: temperature, from: 0.5, to: 1.5, step: 0.5, start: 1}\n"
    "  - {name: mine, means: your text, text: so it goes, alphabet: 'abcdefghijklmnopqrstuvwxyz .', most: 900}\n"
    "  - {name: units,",
).replace("[adding, copy, flip-flop], start: flip-flop", "[text, copy], start: text").replace(
    "task: task,", "task: task, text: source, own: mine, temperature: warm,"
)  # fmt: skip


@pytest.fixture
def writing(tmp_path):
    return original(lab_of(tmp_path, WRITING, "learn"))


def test_the_text_that_comes_along_is_read_and_its_characters_stand_along_the_units(writing):
    run = writing.runs.run(writing.start)
    assert len(run.task.corpus.places) > 100_000
    assert run.task.corpus.decoded(run.task.corpus.places).startswith("alice's adventures in wonderland lewis carroll")
    labels = writing.scene(writing.start).figure(1).items[0].labels
    assert labels[0] == ()
    assert "".join(labels[1]).startswith("alice's\u2423adventures\u2423in")


def test_a_temperature_trains_nothing_anew_and_changes_what_is_written(writing):
    run = writing.runs.advance(writing.start, 3)
    warm = writing.start | {"warm": 2}
    assert writing.runs.run(warm) is run
    written = [writing.runs.sample(settings) for settings in (writing.start, warm, writing.start)]
    assert written[0] == written[2] != written[1]
    assert len(written[0]) == limits.SAMPLE
    assert writing.runs.sample(writing.start | {"task": 1}) == ""


def test_a_text_of_ones_own_is_typed_or_named(writing):
    own = writing.start | {"source": 1, "mine": writing.dials["mine"].typed("Row, row!\nROW your boat").text}
    assert own["mine"] == "row row row your boat"
    assert (
        writing.runs.run(own).task.corpus.decoded(writing.runs.run(own).task.corpus.places).startswith("row row row y")
    )
    assert writing.read("") == {}
    assert writing.read("abc abc") == {"source": 1}
    assert set(writing.runs.run(own).task.corpus.alphabet) == set("abc ")
    assert original(writing.lab).runs.own_text == ""


def test_a_text_of_ones_own_may_be_as_long_as_the_file_says(writing):
    mine = writing.dials["mine"]
    assert mine.most == 900
    assert len(mine.value("ab" * 600)) == 900


@pytest.mark.parametrize(
    ("was", "now", "key", "words"),
    [
        ("[alice, own]", "[alice, bob]", "train.text", "found 'bob'; expected alice or own"),
        ("own: mine", "own: source", "train.own", "expected the name of the control in which a learner types a text"),
        ("own: mine, ", "", "train.own", "expected the name of the control"),
        ("to: 1.5, step: 0.5", "to: 9.5, step: 0.5", "train.temperature", "the control 'warm': temperature must"),
        ("choices: [alice, own]", "choices: [alice, own], most: 9", "controls[2].most", "only with a text"),
    ],
)  # fmt: skip
def test_check_tells_what_no_text_can_be(tmp_path, was, now, key, words):
    assert WRITING.count(was) == 1
    found = said(tmp_path, WRITING.replace(was, now))
    assert any(where == key and words in sentence for where, sentence in found), found


def test_check_has_nothing_to_say_of_a_lab_that_writes(tmp_path):
    assert said(tmp_path, WRITING) == []
