"""What `make test` takes a sample of: that all of it is there, and that a sample is spread over its cases."""

import ast
from pathlib import Path

import pytest

from . import sweeps

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("file", sorted({name.partition("::")[0] for name in sweeps.KEPT}))
def test_each_that_is_named_is_a_test(file):
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert {name.partition("::")[2] for name in sweeps.KEPT if name.startswith(f"{file}::")} <= tests


def test_a_sample_is_spread_over_its_cases():
    cases = [f"case {number}" for number in range(10)]
    assert sweeps.spread(cases, 0) == set()
    assert sweeps.spread(cases, 1) == {"case 0"}
    assert sweeps.spread(cases, 3) == {"case 0", "case 3", "case 6"}
    assert sweeps.spread(cases, 10) == sweeps.spread(cases, 99) == set(cases)


@pytest.mark.parametrize("file", sorted(sweeps.KEPT_OF_FILES))
def test_each_file_that_is_named_is_one(file):
    assert (ROOT / file).is_file()
