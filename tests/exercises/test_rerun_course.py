"""What is computed along the graph is what running the program anew gives: every exercise, its wrong versions."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.rerun import NotReplayableError, Tape
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, mutants
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folders


def tried(way, changes):
    try:
        return way(changes)
    except EngineError:
        return None


@pytest.mark.long
def test_replaying_is_running():
    library = Library(content_folders(None))
    replayed = 0
    for place, entry in enumerate(sorted(library.ids)):
        question = ask(library.exercise(entry), None if place % 3 == 0 else place)
        for part, answer in zip(question.parts, question.compiled.answers, strict=True):
            if not isinstance(part.expected, np.ndarray) or part.node is None:
                continue
            tape = Tape(question.graph, question.compiled.program, part.node, answer)
            for mutant in mutants(question, part):
                if ANSWER in mutant.lets:
                    continue
                try:
                    found = tried(tape.replayed, mutant.changes)
                except NotReplayableError:
                    continue
                replayed += 1
                fresh = tried(tape.run, mutant.changes)
                where = f"{entry}, {part.name}: {mutant.clause}"
                assert (found is None) == (fresh is None), where
                if found is not None:
                    assert found.shape == fresh.shape, where
                    assert np.allclose(found, fresh, rtol=1e-9, atol=1e-12, equal_nan=True), where
    assert replayed > 5000
