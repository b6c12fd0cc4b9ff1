"""Wrong versions of whole programs: fast and slow agree, they are kept, and none of them is the right answer's name."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.exercises.diagnosis import built, combined, mistakes
from rnn_tutor.exercises.diagnosis import pairs as paired
from rnn_tutor.exercises.diagnosis.foreseen import prepare
from rnn_tutor.exercises.diagnosis.mistakes import context_of, mutants_of, value_of
from rnn_tutor.exercises.diagnosis.pairs import pairs
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.figures.numbers import listed

HELD_BACK = Path(__file__).parents[1] / "held_back"
NAMES = sorted(path.stem for path in HELD_BACK.glob("*.yaml"))


def question_of(name, seed=None):
    return ask(load_exercise(HELD_BACK / f"{name}.yaml"), seed)


@pytest.mark.parametrize("name", NAMES)
def test_replaying_a_mistake_gives_what_running_the_program_gives(name):
    question = question_of(name)
    for part in question.parts:
        if not isinstance(part.expected, np.ndarray):
            continue
        for mutant in mutants_of(question, part)[::3]:
            if mistakes.ANSWER in mutant.lets:
                continue
            try:
                slow = mistakes.tape(question, part).run(mutant.changes)
            except EngineError:
                slow = None
            fast = value_of(question, part, mutant)
            assert (fast is None) == (slow is None), mutant
            if fast is not None:
                assert fast.shape == slow.shape
                assert np.allclose(fast, slow, rtol=1e-12, atol=1e-12, equal_nan=True), mutant


def test_wrong_versions_are_computed_once_a_question():
    question = question_of("rnn-step")
    prepare(question)
    first = search(question, question.parts[0])
    assert search(question, question.parts[0]) is first
    assert first.singles
    assert all(np.isfinite(version.value).all() for version in first.singles)


@pytest.mark.parametrize("name", ["rnn-step", "attention", "lstm-sequence"])
def test_a_wrong_answer_finds_all_worked_out_that_the_question_alone_is_needed_for(name, monkeypatch):
    question = question_of(name)
    prepare(question)
    worked_out = []
    monkeypatch.setattr(combined, "_distinct", lambda terms: worked_out.append("terms") or terms)
    monkeypatch.setattr(paired, "_computed", lambda *_: worked_out.append("pairs") or iter(()))
    monkeypatch.setattr(built, "_combined", lambda *_: worked_out.append("levels"))
    for part in question.parts:
        text = listed(np.asarray(part.expected) * 0.87654 - 0.01234, 5)
        assert mark(question, part.name, text).verdict == "wrong"
    assert not worked_out


def test_two_that_ask_for_two_mistakes_at_once_get_the_same():
    question = question_of("attention")
    part = question.parts[-1]
    engine = search(question, part)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: pairs(engine), range(2))
    assert one is other


def test_only_steps_on_the_way_are_changed():
    question = question_of("word-chain")
    changed = {name for mutant in mutants_of(question, question.part("joint")) for name in mutant.lets}
    assert changed == {"joint"}


@pytest.mark.parametrize("name", ["lstm-sequence", "gate-blend", "attention", "bptt"])
def test_marking_a_wrong_answer_does_not_hang(name):
    """A hang is what is tested; benchmarks/marking.py measures."""
    question = question_of(name, 4)
    prepare(question)
    part = question.parts[-1]
    text = str((np.asarray(part.expected) * 1.3 + 0.21).tolist())
    mark(question, part.name, text)
    started = time.perf_counter()
    for _ in range(5):
        mark(question, part.name, text)
    assert (time.perf_counter() - started) < 30


@pytest.mark.parametrize(("name", "seen"), [("lstm-sequence", {"h"}), ("gate-blend", {"z", "h_tilde", "h"})])
def test_a_learner_sees_the_names_that_are_asked_for_and_no_other_step(name, seen):
    question = question_of(name)
    steps = {let.name for let in lets(question.compiled.program)}
    assert steps - set(context_of(question).hidden) == seen
