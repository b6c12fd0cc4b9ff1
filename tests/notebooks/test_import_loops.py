"""Loops of a notebook that are walked once: dicts filled by step, backwards, and what they leave behind."""

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from tests.notebooks.test_import_programs import exercise_of
from tests.notebooks.test_import_styles import NUMPY, the_one, walked

pytest.importorskip("nbformat")

GIVEN = "x = np.array([1., -2., 3., 0.5])\nw = 0.3"


def read(code, given=GIVEN):
    """Return the file of a solution, and the expected value of each part by name."""
    result = walked(NUMPY, "## Exercise 1\nCompute it.", given, f"# SOLUTION\n{code}")
    entry, file = the_one(result)
    assert (entry.status, entry.reasons) == ("imported", ())
    parts = ask(exercise_of(result, entry)).parts
    return file, {part.name: np.asarray(part.expected) for part in parts}


def ran(code, given=GIVEN):
    """Return the names that the code gives when Python runs it."""
    names = {"np": np, "print": lambda *_: None}
    exec(f"{given}\n{code}", names)  # noqa: S102 - the text of these tests
    return names


def loops_of(file):
    return [step["for"] for step in file["steps"] if "for" in step]


@pytest.mark.parametrize("begun", ["h = {-1: 0.5}", "h = dict()\nh[-1] = 0.5", "h = {}\nh[-1] = 0.5"])
def test_a_dict_that_is_filled_by_step_is_a_loop(begun):
    code = f"{begun}\nfor t in range(len(x)):\n    h[t] = np.tanh(w * h[t - 1] + x[t])\nprint(h[3])"
    file, expected = read(code)
    assert file["steps"][0]["start"] == {"h": "0.5"}
    assert file["steps"][1]["for"] == "t in range(len(x))"
    assert file["steps"][1]["do"][0]["let"] == "h[t] = np.tanh(w * h[t - 1] + x[t])"
    assert expected["answer"] == pytest.approx(ran(code)["h"][3])


def test_several_dicts_read_each_other():
    code = (
        "c = {-1: 0.0}\nh = {-1: 1.0}\ni = {}\nfor t in range(4):\n    i[t] = x[t] + h[t - 1]\n"
        "    c[t] = w * c[t - 1] + i[t]\n    h[t] = np.tanh(c[t])\n"
        "h = np.stack([h[t] for t in range(4)])\nprint(h)"
    )
    file, expected = read(code)
    assert len(loops_of(file)) == 1
    assert len(file["steps"][1]["do"]) == 3
    assert not any("stack" in step.get("let", "") for step in file["steps"])  # all steps of a loop are stacked already
    np.testing.assert_allclose(expected["h"], ran(code)["h"])


@pytest.mark.parametrize("over", ["reversed(range(len(x)))", "range(len(x) - 1, -1, -1)"])
def test_a_loop_runs_backwards(over):
    code = f"g = {{len(x): 0.0}}\nfor t in {over}:\n    g[t] = x[t] + w * g[t + 1]\nprint(g[0])"
    file, expected = read(code)
    assert loops_of(file) == ["t in reversed(range(len(x)))"]
    assert expected["answer"] == pytest.approx(ran(code)["g"][0])


def test_what_is_carried_and_appended_backwards_is_in_the_order_of_python():
    code = (
        "G = 0.5\nreturns = []\nfor r in x[::-1]:\n    G = r + w * G\n    returns.append(G)\n"
        "first = returns[0]\nlast = G\nprint(first, last)"
    )
    file, expected = read(code)
    assert loops_of(file) == ["t in reversed(range(len(x)))"]
    names = ran(code)
    assert [float(value) for value in expected.values()] == pytest.approx([names["first"], names["last"]])


def test_places_that_are_counted_on():
    code = "h = {0: 1.0}\nfor t in range(1, 4):\n    h[t] = w * h[t - 1] + x[t]\nprint(h[3])"
    file, expected = read(code)
    assert loops_of(file) == ["t in range(3)"]
    assert expected["answer"] == pytest.approx(ran(code)["h"][3])


def test_a_second_loop_reads_the_steps_of_the_first():
    code = (
        "h = {-1: 0.0}\nfor t in range(4):\n    h[t] = np.tanh(w * h[t - 1] + x[t])\n"
        "d = {4: 1.0}\nfor t in reversed(range(4)):\n    d[t] = d[t + 1] * w * (1 - h[t] ** 2)\nprint(d[0])"
    )
    file, expected = read(code)
    assert len(loops_of(file)) == 2
    assert expected["answer"] == pytest.approx(ran(code)["d"][0])


@pytest.mark.parametrize(
    "body",
    [
        "h[t] = w * h[t - 2] + x[t] if t > 1 else x[t]",  # two steps back
        "h[t] = sum(h[k] for k in range(t)) + x[t]",  # all of them
        "h[2 * t] = x[t]",  # another order
        "h[t] = w * d[t - 1] + x[t]\n    d[t] = h[t]",  # one of two names
    ],
)
def test_what_no_loop_of_the_language_is_is_written_out(body):
    begun = "h = {-1: 0.0, -2: 0.0}\n" + ("d = h\n" if "d[" in body else "")
    code = f"{begun}for t in range(3):\n    {body}\ntotal = h[0] + h[2]\nprint(total)"
    file, expected = read(code)
    assert loops_of(file) == []
    assert expected["total"] == pytest.approx(ran(code)["total"])


def test_what_begins_two_places_back_is_not_the_start():
    """The language has no h[t - 1] of an earlier loop before its first step, and Python's -1 is a key here."""
    code = (
        "h = {-1: 5.0}\nfor t in range(4):\n    h[t] = w * h[t - 1] + x[t]\n"
        "d = {}\nfor t in range(4):\n    d[t] = h[t - 1] * x[t]\nprint(d[0], d[3])"
    )
    _, expected = read(code)
    names = ran(code)
    assert sorted(map(float, expected.values())) == pytest.approx(sorted([names["d"][0], names["d"][3]]))


def test_a_start_that_is_a_list_has_parts():
    code = (
        "a = {-1: np.array([1, 0, 0])}\nfor t in range(4):\n"
        "    a[t] = a[t - 1] + np.concatenate([[0], a[t - 1][:2]]) * x[t]\nprint(a[3])"
    )
    file, expected = read(code)
    assert loops_of(file) == ["t in range(4)"]
    np.testing.assert_allclose(expected["answer"], ran(code)["a"][3])


def test_the_sizes_of_complex_eigenvalues():
    code = "r = np.abs(np.linalg.eigvals(W)).max()\nprint(r)"
    _, expected = read(code, "W = np.array([[1., -2.], [3., 1.]])")
    assert expected["r"] == pytest.approx(ran(code, "W = np.array([[1., -2.], [3., 1.]])")["r"])


def test_names_that_differ_by_a_stroke_stay_two():
    code = "h = 1.0\nh_ = 2.0\nfor t in range(4):\n    h = w * h + x[t]\n    h_ = w * h_ - x[t]\nprint(h, h_)"
    _, expected = read(code)
    names = ran(code)
    assert sorted(map(float, expected.values())) == pytest.approx(sorted([names["h"], names["h_"]]))
