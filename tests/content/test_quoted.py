"""Every wrong version of every step of the course reads back as itself: what is quoted of it is what was computed."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, show
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.mistakes import mutants
from rnn_tutor.exercises.load import Library
from tests.content.course import CONTENT, drawn


def _read(expr: Expr) -> Expr | str:
    try:
        return parse(show(expr))
    except EngineError as error:
        return error.says


@pytest.mark.parametrize("unit", [unit.id for unit in Library([CONTENT]).course.units])
def test_every_wrong_version_of_every_step_reads_back(unit: str) -> None:
    tried = 0
    for name in Library([CONTENT]).ids:
        if not (CONTENT / unit / f"{name}.yaml").is_file():
            continue
        question = drawn(name)
        found = [let.expr for let in lets(question.compiled.program)]
        for part in question.parts:
            if isinstance(part.expected, np.ndarray):
                for one in mutants(question, part):
                    found += [*one.lets.values(), *one.starts.values(), *one.counts.values()]
        wrong = [show(expr) for expr in found if _read(expr) != expr]
        assert wrong == [], name
        tried += len(found)
    assert tried > 100
