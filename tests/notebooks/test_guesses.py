"""What is guessed of the givens of a notebook: meanings, axes, and draws that are of the kind of the numbers."""

from collections.abc import Mapping

import numpy as np
import pytest

from rnn_tutor.engine.draw import parse_draw
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.importing.guesses import Guess, guess
from rnn_tutor.exercises.importing.trying import with_draws
from rnn_tutor.exercises.importing.uses import Uses
from rnn_tutor.exercises.model import Ask, Exercise, Given, Step
from rnn_tutor.exercises.question import Question

# Name, value, steps that use it, the text; what it means and its axes.
MEANINGS = [
    ("x", [1.0, -1.0], ["W_xh @ x"], "Compute one tanh hidden-state update.", "input", ("feature",)),
    ("h_prev", [0.5, 0.0], ["W_hh @ h_prev"], "", "old state", ("unit",)),
    ("W_xh", np.ones((2, 3)), ["W_xh @ x"], "", "input weights", ("unit", "input")),
    ("W_hh", np.ones((2, 2)), ["W_hh @ h_prev"], "", "recurrent weights", ("unit", "old unit")),
    ("probs", [0.8, 0.6], ["prod(probs)"], "Multiply conditional probabilities.", "probabilities", ("token",)),
    ("f", [0.9, 0.2], ["f * c_prev"], "", "forget gate", ("unit",)),
    ("z", [0.25, 0.75], ["(1 - z) * h_prev"], "Blend with the update gate.", "update gate", ("unit",)),
    ("z", [2.5, -0.5], ["exp(z)"], "Softmax of a vector.", "pre-activations", ("unit",)),
    ("mask", [1, 1, 0], ["sum(losses * mask)"], "Average losses over real tokens.", "1 real, 0 padding", ("time",)),
    ("losses", [0.4, 0.6, 0.0], ["sum(losses * mask)"], "", "loss at each position", ("time",)),
    ("logits", [1.0, 2.0], ["softmax(logits)"], "", "scores before the softmax", ("class",)),
    ("B", 3, ["(B, T, V)"], "", "sequences in a batch", ()),
    ("T", 5, ["(B, T, V)"], "", "time steps", ()),
    ("lr", 0.1, ["w - lr * g"], "", "learning rate", ()),
    ("hidden_dim", 4, ["zeros(hidden_dim)"], "", "hidden size", ()),
    ("num_layers", 4, ["2 * num_layers"], "", "number of layers", ()),
    ("W_xf", np.ones((2, 2)), ["W_xf @ x"], "", "weights of x in the forget gate", ("unit", "input")),
    ("dW_hh", np.ones((2, 2)), ["sum(dW_hh)"], "", "gradient of W_hh", ("unit", "old unit")),
    ("h0", [0.0, 0.1], ["W @ h0"], "", "hidden state at the start", ("unit",)),
    ("Wobble", [1.0, 2.0], ["sum(Wobble)"], "", "wobble", ()),
    ("qq", [1.0, 2.0], ["sum(qq)"], "", "2 numbers", ()),
    ("qq", 2.5, ["qq * 2"], "", "a number", ()),
    ("M", np.ones((2, 3)), ["M @ x"], "", "2 x 3 numbers", ("unit", "feature")),
    ("M", np.ones((3, 2)), ["x @ M"], "", "3 x 2 numbers", ("feature", "unit")),
]  # fmt: skip

PHRASES = [
    ("p", "You are given a probability vector p and a mask.", "probability vector"),
    ("p", "You are given a probability vector `p`.", "probability vector"),
    ("x", "`x` is the input of the cell.", "input of the cell"),
    ("x", "Here $x$ denotes the observed sequence.", "observed sequence"),
    ("W", "- `W`: recurrent weights", "recurrent weights"),
    ("W_xh", "the input weights $W_{xh}$ and the rest", "input weights"),
    ("alpha", "with mixing coefficient $\\alpha$", "mixing coefficient"),
    ("h", "Compute h from the inputs.", ""),
    ("a", "Take a vector and a matrix.", ""),
    ("a", "Take the attack rate `a` twice.", "attack rate"),
    ("b", "for all b in the batch", ""),
    ("p", "p = 0.5 and so on", ""),
    ("n", "n is", ""),
    ("v", "`v` is [red]bold[/red] \x1b[31m text", "red"),
]


def uses(*steps: str, **more: object) -> Uses:
    return Uses(steps, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "value", "steps", "prose", "means", "axes"), MEANINGS)
def test_a_name_tells_what_it_means(
    name: str, value: object, steps: list[str], prose: str, means: str, axes: tuple[str, ...]
) -> None:
    found = guess(name, np.asarray(value, float), prose, uses(*steps, values={"x": np.ones(3), "h_prev": np.ones(2)}))
    assert (found.means, found.axes) == (means, axes)


@pytest.mark.parametrize(("name", "prose", "means"), PHRASES)
def test_the_text_tells_before_the_name_does(name: str, prose: str, means: str) -> None:
    found = guess(name, np.array([1.5, -2.0]), prose, uses(f"sum({name})"))
    if means and means != "red":
        assert (found.means, found.source) == (means, "text")
    else:
        assert found.source != "text" or found.means.isprintable()
    assert found.means.isprintable() and "\x1b" not in found.means


def test_a_comment_beside_the_assignment_tells_first() -> None:
    told = uses("sum(q)", comment="# query vector (4,)")
    assert guess("q", np.ones(4), "the query `q`", told).means == "query vector"
    code = uses("sum(q)", comment="# q = np.zeros(3)")
    assert guess("q", np.ones(4), "", code).source != "comment"


def test_each_guess_is_marked_as_one() -> None:
    for name, prose in (("x", ""), ("x", "`x` is the input."), ("qq", "")):
        says = guess(name, np.array([1.0, -2.0]), prose, uses(f"sum({name})")).says
        assert "guess" in says or "not known" in says


def test_what_a_loop_runs_over_is_time() -> None:
    assert guess("x", np.ones((4, 2)) * np.arange(4)[:, None], "", uses("x[0]", looped=True)).axes[0] == "time"
    assert guess("qq", np.arange(4.0), "", uses("qq[0]", looped=True)).axes == ("time",)


# Name, value, steps, whether it was written with whole numbers; what is proposed (None: its numbers stay).
DRAWS = [
    ("x", [1.0, -1.0], ["W @ x"], False, "uniform(-1, 1)"),
    ("W", np.eye(2), ["W @ x"], False, None),
    ("W", 0.5 * np.eye(3), ["W @ x"], False, None),
    ("h", np.zeros(3), ["W @ h"], False, None),
    ("W", [[2.0, 1.0], [1.0, 3.0]], ["W @ x"], False, None),
    ("L", [[2.0, 0.0], [1.0, 3.0]], ["L @ x"], False, None),
    ("R", [[0.6, -0.8], [0.8, 0.6]], ["R @ x"], False, "orthogonal(1)"),
    ("probs", [0.2, 0.3, 0.5], ["log(probs)"], False, "simplex()"),
    ("probs", [0.8, 0.6, 0.5], ["log(probs)"], False, "uniform(0.05, 0.95)"),
    ("P", [[0.9, 0.1], [0.4, 0.6]], ["x @ P"], False, "simplex()"),
    ("mask", [1, 1, 0], ["losses * mask"], True, "mask(1, 2)"),
    ("mask", [[1, 1, 0], [1, 1, 1]], ["losses * mask"], True, "mask(1, 3)"),
    ("mask", np.tril(np.ones((3, 3))), ["where(mask, s, 0)"], True, None),
    ("onehot", [0, 1, 0], ["onehot @ W"], True, None),
    ("targets", [[0, 1], [1, 0]], ["sum(targets)"], True, None),
    ("f", [0.9, 0.2], ["f * c"], False, "uniform(0.05, 0.95)"),
    ("scale", 0.8, ["scale ** steps"], False, "uniform(0.4, 0.95)"),
    ("steps", 10, ["scale ** steps"], True, "integers(5, 21)"),
    ("lengths", [3, 5, 2], ["sum(lengths)"], True, "integers(1, 6)"),
    ("ids", [2, 0, 1], ["E[ids]"], True, "integers(0, 3)"),
    ("positions", [0, 1, 2, 3], ["sin(positions)"], True, None),
    ("lr", 0.001, ["lr * g"], False, "uniform(0.0005, 0.002)"),
    ("eps", 1e-8, ["x + eps"], False, None),
    ("gamma", 0.99, ["gamma ** 3"], False, "uniform(0.97, 0.996)"),
    ("g", [6.0, 8.0], ["norm(g)"], False, "uniform(-8, 8)"),
    ("cov", [[2.0, 0.3], [0.3, 1.0]], ["inv(cov)"], False, None),
    ("m", [[0.0, -np.inf]], ["m + s"], False, None),
    ("big", np.ones(2000) * np.arange(2000), ["sum(big)"], False, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "steps", "whole", "draw"), DRAWS)
def test_what_is_drawn_is_of_the_kind_of_the_numbers(
    name: str, value: object, steps: list[str], whole: bool, draw: str | None
) -> None:
    found = guess(name, np.asarray(value, float), "", uses(*steps, whole=whole))
    assert found.draw == draw
    if draw is not None:
        parse_draw(draw)


def test_conditions_keep_what_a_draw_alone_does_not() -> None:
    z = guess("z", np.array([0.25, 0.75]), "the update gate", uses("(1 - z) * h"))
    assert z.conditions == ("abs(z - 0.5) > 0.05",)
    lengths = guess("lengths", np.array([3.0, 5.0]), "", uses("sum(lengths)", whole=True))
    assert lengths.conditions == ("max(lengths) == 5",)
    assert guess("d", np.array([2.0, -3.0]), "", uses("1 / d")).conditions == ("abs(d) > 0.15",)


def test_what_decides_what_is_computed_is_not_drawn() -> None:
    assert guess("n", np.asarray(10.0), "", uses("x * n", whole=True, fixed=True)).draw is None


def an_exercise(givens: Mapping[str, str], *steps: str, answers: tuple[tuple[str, str], ...]) -> Exercise:
    return Exercise(
        format=1,
        id="e",
        title="E",
        prompt="Compute it.",
        given={name: Given(value=value, means="what it is") for name, value in givens.items()},
        steps=[Step(let=step, say="So.") for step in steps],
        ask=[Ask(answer=name, as_=kind) for name, kind in answers],  # type: ignore[arg-type]
    )


def guessed(exercise: Exercise, whole: tuple[str, ...] = ()) -> dict[str, Guess]:
    from rnn_tutor.exercises.question import by_the_book

    values = by_the_book(exercise).givens
    steps = tuple((step.let or "").partition("=")[2] for step in exercise.steps)
    return {
        name: guess(name, np.asarray(value), "", Uses(steps, values, whole=name in whole))  # type: ignore[arg-type]
        for name, value in values.items()
    }


def drawn(exercise: Exercise, count: int = 20) -> list[Question]:
    return [ask(exercise, seed) for seed in range(count)]


def test_draws_that_hold_are_kept_and_give_other_answers() -> None:
    gates = {"f": "[0.9, 0.2]", "i": "[0.1, 0.8]", "c_prev": "[1.0, -1.0]", "cand": "[0.5, 0.25]"}
    exercise = an_exercise(gates, "c = f * c_prev + i * cand", answers=(("c", "vector"),))
    tried = with_draws(exercise, guessed(exercise))
    assert {name: given.draw for name, given in tried.given.items()} == {
        "f": "uniform(0.05, 0.95)",
        "i": "uniform(0.05, 0.95)",
        "c_prev": "uniform(-1, 1)",
        "cand": "uniform(-0.5, 0.5)",
    }
    assert len({str(question.parts[0].expected) for question in drawn(tried)}) == 20


def test_a_draw_that_changes_shapes_or_is_not_finite_is_left_out_and_the_others_stay() -> None:
    exercise = an_exercise(
        {"n": "3", "x": "[1.0, 2.0, 3.0]", "w": "[0.5, -0.3, 0.2]"},
        "s = w @ x + sum(ones(n) * x)",
        answers=(("s", "scalar"),),
    )
    tried = with_draws(exercise, guessed(exercise, whole=("n",)))
    assert tried.given["n"].draw is None
    assert tried.given["x"].draw is not None and tried.given["w"].draw is not None


def test_what_would_be_always_the_same_is_not_drawn() -> None:
    exercise = an_exercise({"x": "[1.0, -2.0]"}, "n = count_nonzero(x)", answers=(("n", "scalar"),))
    assert with_draws(exercise, guessed(exercise)).given["x"].draw is None


def test_conditions_that_the_original_numbers_do_not_meet_are_left_out() -> None:
    exercise = an_exercise({"z": "[0.5, 0.3]", "h": "[1.0, -1.0]"}, "n = (1 - z) * h", answers=(("n", "vector"),))
    tried = with_draws(exercise, guessed(exercise))
    assert tried.conditions == [] and tried.given["h"].draw is not None
    exercise = an_exercise({"z": "[0.2, 0.3]", "h": "[1.0, -1.0]"}, "n = (1 - z) * h", answers=(("n", "vector"),))
    tried = with_draws(exercise, guessed(exercise))
    assert tried.conditions == ["abs(z - 0.5) > 0.05"]


def test_sizes_of_a_shape_are_drawn() -> None:
    exercise = an_exercise({"B": "3", "T": "5", "V": "100"}, "s = zeros(B, T)", answers=(("s", "shape"),))
    tried = with_draws(exercise, guessed(exercise, whole=("B", "T", "V")))
    assert tried.given["B"].draw == "integers(2, 7)"


def test_an_exercise_whose_numbers_cannot_be_asked_stays_as_it_is() -> None:
    exercise = an_exercise({"x": "[0.0, -2.0]"}, "n = log(x)", answers=(("n", "vector"),))
    assert with_draws(exercise, {"x": Guess("x", "shape", draw="uniform(-1, 1)")}) == exercise


LONG = {
    "word": "a" * 100_000,
    "words": "input " * 20_000,
    "names": "x " * 50_000,
    "spaces": "x" + " " * 100_000,
    "is": "`x` is " * 20_000,
    "backticks": "`x`" * 30_000,
    "backslashes": "\\mathbf{" * 20_000,
    "nothing": "",
}


@pytest.mark.parametrize("prose", LONG.values(), ids=LONG)
def test_any_text_is_read_in_time(prose: str) -> None:
    import time

    begun = time.process_time()
    found = guess("x", np.array([1.5, 2.0]), prose, uses("sum(x)", comment=prose))
    assert time.process_time() - begun < 1
    assert 1 <= len(found.means) <= 200 and found.means.isprintable()


@pytest.mark.parametrize("shape", [(), (1,), (0,), (3,), (2, 2), (1, 4), (1, 1, 1, 1)])
@pytest.mark.parametrize("filled", [0.0, 1.0, -1.0, 0.5, 1e300, 1e-300, np.nan, np.inf, 2.0])
def test_any_value_has_a_guess(shape: tuple[int, ...], filled: float) -> None:
    base = np.full(shape, filled)
    with np.errstate(all="ignore"):
        other = base * (np.arange(base.size).reshape(shape) - 1) if base.size > 1 else base
    for name in ["x", "mask", "probs", "z", "lengths", "ids", "W_xf"]:
        for value in (base, other):
            for whole in (False, True):
                found = guess(
                    name, value, "gates and attention of a softmax over time steps", uses(f"1 / {name}", whole=whole)
                )
                assert found.means and found.means.isprintable()
                assert len(found.axes) in (0, value.ndim)
                if found.draw is not None:
                    parse_draw(found.draw)
