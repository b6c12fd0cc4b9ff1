"""The numbers that marking hangs on, each at its edge: one more, or one less, and another verdict is given."""

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import read_exercise
from rnn_tutor.exercises.mark import mark

SUM = """
format: 1
id: total
title: A total
prompt: Add them.
given:
  a: {{value: "{a}", means: first, draw: "uniform(1, 3)"}}
  b: {{value: "{b}", means: second, draw: "uniform(4, 6)"}}
  c: {{value: "{c}", means: third, draw: "uniform(7, 9)"}}
steps:
  - let: "total = a + b + c"
    say: All of them.
ask: [{{answer: total, as: scalar}}]
{more}
hints: [Add., Add all.]
"""
AUTHORED = '  - {{value: "{value}", say: {say}.}}\n'


def total(tmp_path, a, b, c, more=""):
    (tmp_path / "total.yaml").write_text(SUM.format(a=a, b=b, c=c, more=more))
    return ask(read_exercise(tmp_path / "total.yaml").exercise)


def product(tmp_path, a, b, c):
    text = SUM.format(a=a, b=b, c=c, more="").replace("a + b + c", "(a + 3) * (b + 3) * (c + 3)")
    (tmp_path / "total.yaml").write_text(text)
    return ask(read_exercise(tmp_path / "total.yaml").exercise)


def test_two_wrong_versions_that_fit_are_both_named_and_of_three_none_is(tmp_path):
    two = mark(product(tmp_path, "2.137", "2.137", "1.5"), "total", "69.3495")  # 3 * 5.137 * 4.5
    assert two.diagnosis.kind == "mutation", two.says
    assert two.says.count("is left out") == 2 and ", or when " in two.says
    three = mark(product(tmp_path, "2.137", "2.137", "2.137"), "total", "79.16631")  # 3 * 5.137 * 5.137
    assert three.diagnosis.kind == "none", three.says


@pytest.mark.parametrize(("count", "kind"), [(1, "authored"), (2, "authored"), (3, "none")])
def test_of_three_mistakes_of_the_file_that_fit_none_is_named(tmp_path, count, kind):
    values = ["a * 3.7 + b", "a * 2.7 + b + 2.137", "b * 3.7 + 2.137"][:count]
    more = "mistakes:\n" + "".join(AUTHORED.format(value=one, say=f"Mistake {k}") for k, one in enumerate(values))
    verdict = mark(total(tmp_path, "2.137", "2.137", "2.137", more), "total", "10.0439")
    assert verdict.diagnosis.kind == kind, verdict.says
    assert sum(f"Mistake {k}" in verdict.says for k in range(3)) == (count if kind == "authored" else 0)
