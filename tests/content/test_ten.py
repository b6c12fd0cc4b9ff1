"""The ten exercises of the notebook: its numbers, and whether what they say to a learner holds on every draw."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.exercises.anticipated import anticipated
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.lint.hints import given_away
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.solution import solve

CONTENT = Path(__file__).parents[2] / "content"
NOTEBOOK = json.loads(Path(__file__).with_name("notebook_values.json").read_text())
ASKED = {
    "rnn-update": {"h": "vector", "bound": "choice"},
    "sequence-probability": {"p": "scalar", "logp": "scalar", "even": "scalar"},
    "gradient-product": {"total": "scalar", "half": "scalar"},
    "gradient-clipping": {"clipped": "vector", "doubled": "choice"},
    "lstm-cell": {"c": "vector", "fate": "choice"},
    "gru-update": {"h": "vector", "outside": "choice"},
    "masked-loss": {"loss": "scalar", "longer": "choice"},
    "task-shapes": {"logits": "shape", "last_only": "shape"},
    "attention-context": {"context": "vector", "moved": "choice"},
    "debug-checklist": {"checks": "checklist"},
}
VALUES = [name for name, parts in ASKED.items() if not {"shape", "checklist"} & set(parts.values())]
# What a learner may well type instead of the author's own expression.
EXPRESSIONS = {
    ("rnn-update", "h"): ["np.tanh(W_xh @ x + W_hh @ h_prev)", "tanh(W_hh@h_prev + W_xh.dot(x))"],
    ("sequence-probability", "p"): ["probs.prod()", "exp(sum(log(probs)))", "probs[0]*probs[1]*probs[2]"],
    ("sequence-probability", "logp"): ["np.log(probs).sum()", "ln(prod(probs))"],
    ("gradient-product", "total"): ["scale ** steps", "exp(steps * log(scale))", "scale^steps"],
    ("gradient-clipping", "clipped"): [
        "g * min(1, max_norm / norm(g))",
        "g * np.minimum(1.0, max_norm / np.linalg.norm(g))",
        "max_norm * g / sqrt(sum(g**2))",
    ],
    ("lstm-cell", "c"): ["f*c_prev + i*cand", "i ⊙ cand + f ⊙ c_prev"],
    ("gru-update", "h"): ["(1 - z)*h_prev + z*h_tilde", "h_prev + z*(h_tilde - h_prev)", "(1−z)⊙h_prev + z⊙h̃"],
    ("masked-loss", "loss"): [
        "(losses * mask).sum() / mask.sum()",
        "losses @ mask / sum(mask)",
        "mean(losses[mask == 1])",
    ],
    ("task-shapes", "logits"): ["(B, T, V)", "B x T x V", "B, T, V", "H.shape[0], H.shape[1], V"],
    ("attention-context", "context"): [
        "weights @ encoder",
        "encoder.T @ weights",
        "(weights[:, None]*encoder).sum(axis=0)",
    ],
}
QUESTIONED = {("gradient-product", "scale^steps")}  # ^ is asked about, and never guessed
SEEDS = range(1, 25)


@cache
def library() -> Library:
    return Library([CONTENT])


@cache
def question(exercise: str, seed: int | None = None) -> Question:
    return ask(library().exercise(exercise), seed)


def typed(value: object, digits: int = 7) -> str:
    """A value as a learner would copy it, with so many significant digits, trailing zeros too."""
    array = np.asarray(value, dtype=float)
    if array.ndim:
        return "[" + ", ".join(typed(one, digits) for one in array) + "]"
    return f"{float(array):.{digits - 1}e}"


def value_parts(found: Question) -> list[Part]:
    return [part for part in found.parts if isinstance(part.expected, np.ndarray)]


def test_the_course_has_the_ten_in_order_and_nothing_is_wrong_with_it() -> None:
    assert not library().findings
    assert [name for name in library().ids if name in ASKED] == list(ASKED)
    assert 80 <= len(library().course.closing.split()) <= 150


@pytest.mark.parametrize("exercise", ASKED)
def test_asked_names_and_kinds(exercise: str) -> None:
    assert {part.name: part.kind for part in question(exercise).parts} == ASKED[exercise]


@pytest.mark.parametrize("exercise", NOTEBOOK["given"])
def test_givens_are_the_notebooks(exercise: str) -> None:
    givens = question(exercise).givens
    for name, stated in NOTEBOOK["given"][exercise].items():
        assert np.array_equal(givens[name], np.asarray(stated, dtype=float)), name


@pytest.mark.parametrize("exercise", NOTEBOOK["answers"])
def test_answers_are_the_notebooks(exercise: str) -> None:
    for name, stated in NOTEBOOK["answers"][exercise].items():
        expected = question(exercise).part(name).expected
        assert np.shape(expected) == np.shape(stated)
        assert np.allclose(expected, stated, rtol=1e-9, atol=1e-12), name


@pytest.mark.parametrize("exercise", VALUES)
def test_the_exact_value_and_its_roundings_are_right(exercise: str) -> None:
    for seed in (None, *SEEDS):
        for part in value_parts(question(exercise, seed)):
            for digits in (3, 4, 16):
                text = typed(part.expected, digits)
                assert mark(question(exercise, seed), part.name, text).verdict == "right", (seed, text)


@pytest.mark.parametrize(("exercise", "part"), EXPRESSIONS)
def test_natural_expressions_are_right(exercise: str, part: str) -> None:
    for seed in (None, 1, 2):
        for text in EXPRESSIONS[exercise, part]:
            wanted = "not_understood" if (exercise, text) in QUESTIONED else "right"
            assert mark(question(exercise, seed), part, text).verdict == wanted, (seed, text)


@pytest.mark.parametrize("exercise", VALUES)
def test_each_mistake_is_told_as_itself(exercise: str) -> None:
    """With the original numbers and with drawn ones, typed as a number."""
    for seed in (None, *SEEDS):
        found = question(exercise, seed)
        for part in value_parts(found):
            for known in found.compiled.mistakes:
                if known.mistake.answer not in (None, part.name):
                    continue
                wrong = as_numbers(found.graph.evaluate(known.expr).number)
                if seed is None and np.array_equal(wrong, part.expected):
                    continue  # the notebook's matrices are symmetric: a transpose cannot be seen in them
                verdict = mark(found, part.name, typed(wrong))
                where = (seed, known.mistake.value, verdict)
                assert verdict.verdict == "wrong" and verdict.diagnosis is not None, where
                assert verdict.diagnosis.kind == "authored" and known.mistake.say in verdict.diagnosis.says, where


@pytest.mark.parametrize("exercise", [name for name in ASKED if name != "debug-checklist"])
def test_draws_are_found_soon_and_ask_something_new(exercise: str) -> None:
    drawn = [question(exercise, seed) for seed in SEEDS]
    assert max(one.tries for one in drawn) <= 40
    assert len({repr([part.expected for part in one.parts]) for one in drawn}) > len(drawn) / 2


def test_redrawn_padding_has_a_loss_of_its_own() -> None:
    """In the notebook the padded loss is 0, so that a forgotten mask cannot be seen; not so when drawn."""
    for seed in SEEDS:
        found = question("masked-loss", seed)
        losses, mask = np.asarray(found.givens["losses"]), np.asarray(found.givens["mask"])
        assert (mask == 0).any() and (losses[mask == 0] > 0).all()
        forgotten = losses.sum() / mask.sum()
        verdict = mark(found, "loss", typed(forgotten))
        assert verdict.verdict == "wrong" and verdict.diagnosis is not None
        assert "padding" in verdict.diagnosis.says, seed
    assert mark(question("masked-loss"), "loss", "sum(losses) / sum(mask)").verdict == "wrong"


def test_redrawn_gradients_are_longer_than_allowed() -> None:
    for seed in SEEDS:
        givens = question("gradient-clipping", seed).givens
        assert np.linalg.norm(givens["g"]) > 1.3 * givens["max_norm"]


@pytest.mark.parametrize("exercise", ASKED)
def test_hints_are_there_and_safe(exercise: str) -> None:
    hints = library().exercise(exercise).hints
    assert len(hints) >= 2
    for seed in (None, 1, 2, 3):
        for hint in hints:
            assert not given_away(question(exercise, seed), hint), hint


@pytest.mark.parametrize("exercise", ASKED)
def test_every_step_teaches_and_there_is_something_to_look_at(exercise: str) -> None:
    for seed in (None, 1):
        assert all(worked.say.strip() for worked in solve(question(exercise, seed)))
        assert question(exercise, seed).shown()


@pytest.mark.parametrize("exercise", ASKED)
def test_givens_are_explained(exercise: str) -> None:
    found = question(exercise)
    for name, given in found.exercise.given.items():
        value = found.givens[name]
        assert 0 < len(given.means) <= 45, name
        assert len(given.axes) == (len(value) if isinstance(value, tuple) else value.ndim), name


@pytest.mark.parametrize("exercise", [name for name in ASKED if name != "debug-checklist"])
def test_at_least_two_mistakes_for_each_part(exercise: str) -> None:
    """Described in the file, or told without that: what the engine says as well is not described."""
    for part in question(exercise).parts:
        if part.kind == "choice":
            assert all(option.why.strip() for option in part.ask.options), part.name
            continue
        known = [one for one in library().exercise(exercise).mistakes if one.answer in (None, part.name)]
        assert known, part.name
        assert len(known) >= 2 or len(anticipated(question(exercise), part)) >= 2, part.name


def test_the_checklist_gives_partial_credit_and_a_reason_for_every_wrong_pick() -> None:
    found = question("debug-checklist")
    (part,) = found.parts
    options = part.ask.options
    right = [k for k, option in enumerate(options, 1) if option.right]
    assert len(options) >= 8 and len(right) == 4
    assert all(option.why.strip() for option in options)
    assert mark(found, "checks", " ".join(map(str, right))).verdict == "right"
    for k, option in enumerate(options, 1):
        verdict = mark(found, "checks", str(k))
        assert verdict.verdict == "wrong"
        assert verdict.score == (0.25 if option.right else 0)
        assert option.right or (verdict.diagnosis is not None and option.why in verdict.diagnosis.says)


@pytest.mark.parametrize(
    "text",
    ["(B, V)", "(T, B, V)", "(B, T, D)", "(B, T)", "(B*T, V)", "(B, V, T)", "(V, T, B)", "B*T*V", "(B, T, V, 1)"],
)
def test_other_shapes_are_wrong_for_every_size(text: str) -> None:
    for seed in (None, *SEEDS):
        verdict = mark(question("task-shapes", seed), "logits", text)
        assert verdict.verdict == "wrong" and verdict.diagnosis is not None, seed
