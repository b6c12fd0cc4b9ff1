"""Where an expression leaves the worked solution, with these numbers and with others."""

from rnn_tutor.exercises.diagnosis import first_difference
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise

FILE = """
format: 1
id: bend
title: A bend
prompt: Bend the sum.
given:
  a: {value: "[0.7, 0.2]", means: first, axes: [unit], draw: "uniform(1, 3)"}
  b: {value: "[0.7, 0.2]", means: second, axes: [unit], draw: "uniform(4, 6)"}
  c: {value: "[0.31, 0.53]", means: third, axes: [unit], draw: "uniform(7, 9)"}
steps:
  - let: "m = a + c"
    say: The sum.
  - let: "y = tanh(m * a)"
    say: Bent.
ask: [{answer: y, as: vector}]
hints: [Add., Bend.]
"""


def says(tmp_path, text):
    (tmp_path / "bend.yaml").write_text(FILE)
    return mark(ask(read_exercise(tmp_path / "bend.yaml").exercise), "y", text).says


def test_the_first_part_that_is_not_on_the_way_is_named_with_those_before_it(tmp_path):
    assert "a + c matches the worked solution; (a + c)**3 is the first that does not." in says(
        tmp_path, "cos((a + c)**3)"
    )


def test_what_is_on_the_way_with_these_numbers_only_is_not_on_it(tmp_path):
    found = says(tmp_path, "cos((b + c)**3)")  # a and b are equal in the book
    assert "b + c is the first value that does not match the worked solution." in found


def test_the_values_of_the_steps_are_gathered_once_for_all_answers(tmp_path, monkeypatch):
    gathered = []
    over_time = first_difference.over_time
    monkeypatch.setattr(first_difference, "over_time", lambda asked: gathered.append(asked) or over_time(asked))
    (tmp_path / "bend.yaml").write_text(FILE)
    question = ask(read_exercise(tmp_path / "bend.yaml").exercise)
    for text in ("cos((a + c)**3)", "cos((b + c)**3)", "cos((b + c)**2)"):
        assert "worked solution" in mark(question, "y", text).says
    assert len(gathered) == len({id(asked) for asked in gathered}) > 0
