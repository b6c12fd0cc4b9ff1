"""The tasks: what is wanted of their sequences, worked out one by one; the baseline, from many of them."""

import numpy as np
import pytest

from rnn_tutor.engine.draw import Bits
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training.corpus import corpus, plain_text
from rnn_tutor.engine.training.tasks import COPIED, SYMBOLS, task_of

TEXT = "Alice was beginning to get very tired of sitting by her sister on the bank. " * 3


@pytest.mark.parametrize("length", [10, 23, 100])
def test_adding_wants_the_sum_of_the_two_marked_at_the_end(length):
    examples = task_of("adding", length).batch(Bits(3), 50)
    for x, target, counted in zip(examples.x, examples.targets, examples.counted, strict=True):
        first, second = np.flatnonzero(x[:, 1])
        assert first < length // 2 <= second < length - 1
        assert target[-1, 0] == x[first, 0] + x[second, 0]
        assert counted.tolist() == [False] * (length - 1) + [True]


@pytest.mark.parametrize("length", [10, 30])
def test_copy_wants_the_symbols_after_the_signal(length):
    examples = task_of("copy", length).batch(Bits(3), 50)
    for x, target, counted in zip(examples.x, examples.targets, examples.counted, strict=True):
        said = x.argmax(axis=1)
        assert (x.sum(axis=1) == 1).all()
        assert said[COPIED:].tolist() == [SYMBOLS] * (length - 2 * COPIED - 1) + [SYMBOLS + 1] + [SYMBOLS] * COPIED
        assert target[-COPIED:].tolist() == said[:COPIED].tolist()
        assert counted.sum() == COPIED and counted[-COPIED:].all()


def test_flip_flop_wants_the_last_pulse_of_each_channel():
    examples = task_of("flip-flop", 40).batch(Bits(3), 20)
    for x, target in zip(examples.x, examples.targets, strict=True):
        for channel in range(x.shape[1]):
            last = 0.0
            for t in range(len(x)):
                last = x[t, channel] or last
                assert target[t, channel] == last != 0


def test_text_wants_the_next_character():
    task = task_of("text", 12, TEXT)
    examples = task.batch(Bits(3), 20)
    for x, target in zip(examples.x, examples.targets, strict=True):
        said = task.corpus.decoded(x.argmax(axis=1))
        wanted = task.corpus.decoded(target.astype(int))
        assert said[1:] == wanted[:-1]
        assert said in plain_text(TEXT)


def without_memory(name, length, text=""):
    """The loss of the best guess for each input of one step, fitted to many sequences of other seeds."""
    task = task_of(name, length, text)
    fitted, tried = (task.batch(Bits(seed), 4000) for seed in (1, 2))
    steps = fitted.counted[0]
    x, targets = (np.concatenate(list(value[:, steps])) for value in (fitted.x, fitted.targets))
    x2, targets2 = (np.concatenate(list(value[:, steps])) for value in (tried.x, tried.targets))
    if task.loss == "squares":  # nothing of the last input tells anything but where a pulse stands
        features = lambda given: np.concatenate((np.ones((len(given), 1)), given), axis=1)  # noqa: E731
        weights = np.linalg.lstsq(features(x), targets.reshape(len(x), -1), rcond=None)[0]
        return ((features(x2) @ weights - targets2.reshape(len(x2), -1)) ** 2).mean()
    inputs, wanted, inputs2 = x.argmax(axis=1), targets.astype(int), x2.argmax(axis=1)
    counts = np.full((task.inputs, task.outputs), 1e-3)
    np.add.at(counts, (inputs, wanted), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return -np.log(p[inputs2, targets2.astype(int)]).mean()


@pytest.mark.parametrize(("name", "text"), [("adding", ""), ("copy", ""), ("flip-flop", ""), ("text", TEXT)])
def test_the_baseline_is_what_the_best_model_without_a_memory_reaches(name, text):
    assert task_of(name, 20, text).baseline == pytest.approx(without_memory(name, 20, text), rel=0.03)


def test_what_is_no_task_is_told_with_those_there_are():
    with pytest.raises(EngineError, match=r"Did you mean adding\?"):
        task_of("addin", 10)


def test_a_text_has_its_characters_once_and_is_repeated_when_short():
    found = corpus("Ab ba\n\n abba ABBA  bab ab\x1b[0m", 30)
    assert found.alphabet == " 0[abm"
    assert len(found.places) > 31
    assert found.decoded(found.places).startswith("ab ba abba abba bab ab [0m")
    assert found.decoded(found.encoded("b a?\n")) == "b a"


@pytest.mark.parametrize("text", ["", "  \n", "\x00" * 50])
def test_a_text_without_characters_is_refused(text):
    with pytest.raises(EngineError, match="no letter, digit or sign"):
        corpus(text, 10)


def test_one_character_is_a_text_that_is_easy_to_learn():
    task = task_of("text", 10, "a")
    assert (task.corpus.alphabet, task.baseline) == ("a", 0.0)
    assert task.batch(Bits(0), 4).x.shape == (4, 10, 1)


def test_of_many_characters_the_rarest_are_left_out():
    common = "".join(map(chr, range(0x3B1, 0x3B1 + 17))) * 3
    rare = "".join(map(chr, range(0x4E00, 0x4E00 + 60)))
    found = corpus(common + rare, 10)
    assert len(found.alphabet) == 48
    assert set(plain_text(common)) <= set(found.alphabet)
