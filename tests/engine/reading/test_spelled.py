"""What learners type in the spelling of PyTorch, JAX and TensorFlow means what it means there.

`frozen/spelled.json` has what the libraries themselves say of each line of `frozen/spelled.txt`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import parse

HERE = Path(__file__).parent / "frozen"
FROZEN = json.loads((HERE / "spelled.json").read_text(encoding="utf-8"))
GIVENS = {name: np.array(value) for name, value in FROZEN["givens"].items()}
ROWS = [(text, wanted) for values in FROZEN["values"].values() for text, wanted in values.items()]


def in_an_answer(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value)
    return as_numbers(graph.scope(graph.names).evaluate(parse(text, loose=True, names=GIVENS)).number)


def in_a_program(text):
    return run_program(f"answer = {text}", GIVENS, answer="answer").value


@pytest.mark.parametrize(("text", "wanted"), ROWS, ids=[text for text, _ in ROWS])
def test_it_means_what_the_library_means(text, wanted):
    for run in (in_an_answer, in_a_program):
        value = run(text)
        assert value.shape == np.shape(wanted)
        np.testing.assert_allclose(value, wanted, rtol=1e-7, atol=1e-7)  # TensorFlow has some constants in float32


def test_the_values_are_those_of_the_lines():
    lines = [line.partition(" | ") for line in (HERE / "spelled.txt").read_text(encoding="utf-8").splitlines()]
    wanted = {(library, text) for library, _, text in lines if text and not library.startswith("#")}
    assert {(library, text) for library, values in FROZEN["values"].items() for text in values} == wanted
