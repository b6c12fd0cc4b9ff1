"""All findings of a file are told together, and none that merely follows from another."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.lint import check

from .test_lint import GATES, LOOP, found

BROKEN = (
    GATES.replace('"[0.1, 0.8]"', '"[0.1, log(-1)]"')
    .replace('"[0.5, 0.25]", means: candidate, axes: [unit]', '"[[0.5, 0.25], [1]]", means: candidate')
    .replace("max(abs(old)) < 3", "max(abs(olt)) < 3")
    .replace("  - let: c =", "  - {let: w = f * ones(3), say: s}\n  - {let: z = kept + q, say: s}\n  - let: c =")
    .replace("i * old + f * new", "i * old + nju")
    .replace("f, kept, c", "f, keptt, c")
    .replace("as: vector\n", "as: vector\n  - {answer: kept, as: matrix, prompt: two}\n")
)
BROKEN_KEYS = [
    "given.i.value",
    "given.new.value",
    "conditions[0]",
    "steps[1].let",
    "steps[2].let",
    "ask[1].as",
    "mistakes[0].value",
    "show[0].heatmap[1]",
]


def errors(text: str, folder: Path) -> list[str]:
    file = folder / "gates.yaml"
    file.write_text(text)
    return [one.key for one in check(file, 3).findings if one.severity == "error"]


def test_faults_of_all_kinds_are_told_together(tmp_path):
    assert errors(BROKEN, tmp_path) == BROKEN_KEYS


def test_expressions_are_looked_at_in_a_file_that_is_no_exercise(tmp_path):
    text = BROKEN.replace("title: Cell", "titel: Cell").replace("    say: The gates", "    sya: The gates")
    text = text.replace("means: forget gate, ", "")
    assert errors(text, tmp_path) == ["titel", "given.f.means", *BROKEN_KEYS[:7], "mistakes[0].sya", BROKEN_KEYS[7]]


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ('"[0.9, 0.2]"', '"[0.9, [0.2]]"', ["given.f.value"]),
        ('"[0.9, 0.2]"', '"[0.9, log(-1)]"', ["given.f.value"]),
        ('"[0.9, 0.2]"', '"[0.9, 0.2"', ["given.f.value"]),
        ("f * old\n", "f * * old\n", ["steps[0].let"]),
        ("f * old\n", "f * odd\n", ["steps[0].let"]),
        ("kept = f", "kept - f", ["steps[0].let"]),
        ("given:", "givn:", ["givn"]),
        ("steps:", "stps:", ["stps"]),
        ("means: forget gate, ", "", ["given.f.means"]),
        ("title: ", "titel: ", ["titel"]),
        ('"normal(0, 1)"}\n  new', '"normal(0, 1)", draw: "normal(0, 1)"}\n  new', ["given.old.draw"]),
        ("- answer: c", "- anser: c", ["ask[0].anser"]),
        ("- max(abs(old)) < 3", "- {a: b}", ["conditions[0]"]),
    ],
)
def test_what_merely_follows_is_not_told(old, new, keys, tmp_path):
    assert GATES.count(old) == 1
    assert errors(GATES.replace(old, new), tmp_path) == keys


def test_numbers_that_are_made_up_are_not_judged(tmp_path):
    text = LOOP.replace('x: {value: "[1, 2, 3]"', 'x: {shape: "(T,)", value: "[1, 2"')
    file = tmp_path / "loop.yaml"
    file.write_text(text.replace("L = sum(h**2)", "L = sum(h**2 + ones(4))"))
    assert [one.key for one in check(file, 3).findings if one.severity == "error"] == ["given.x.value", "steps[2].let"]


def test_draws_that_cannot_be_made_are_all_told(tmp_path):
    text = GATES.replace('"uniform(0.05, 0.95)"}\n  i', '"uniform(2, 1)"}\n  i')
    text = text.replace('"normal(0, 1)"}\ncond', '"simplex(3)"}\ncond')
    assert errors(text, tmp_path) == ["given.f.draw", "given.new.draw"]


@pytest.mark.parametrize("size", ["inf", "1 / 0", "nan", "1.5", "-1"])
def test_a_size_that_is_no_whole_number_is_told(size, tmp_path):
    text = LOOP.replace('x: {value: "[1, 2, 3]"', f'x: {{shape: "({size},)", value: "[1, 2, 3]"')
    file = tmp_path / "loop.yaml"
    file.write_text(text)
    assert [one.key for one in check(file, 0).findings if one.severity == "error"] == ["given.x.value"]
    shape = (
        "  - let: sizes = [T, " + size + "]\n    say: Sizes.\nask:\n  - {answer: sizes, as: shape, prompt: Sizes.}\n"
    )
    file.write_text(LOOP.replace("ask:\n", shape))
    assert [one.key for one in check(file, 0).findings if one.severity == "error"] == ["ask[0].answer"]


MASK = """\
format: 1
id: gates
title: A masked mean
prompt: Compute loss.
given:
  losses: {value: "[[1, 2, 3], [4, 5, 6]]", means: losses, draw: "uniform(1, 2)"}
  mask: {value: "[[1, 1, 0], [1, 0, 0]]", means: 1 where real, draw: "mask(1)"}
steps:
  - {let: loss = sum(losses * mask) / sum(mask), say: Over what is real.}
ask:
  - {answer: loss, as: scalar}
mistakes:
  - {value: mean(losses), say: Padding was counted.}
hints: ["What is real?", Count it.]
"""


def test_a_mask_that_never_pads_is_told(tmp_path):
    assert found(MASK, tmp_path) == []
    said = found(MASK.replace("mask(1)", "mask(3, 3)"), tmp_path)
    assert (7, "given.mask.draw", "warning") in [(line, key, how) for line, key, _, how in said]
    assert errors(MASK.replace("mask(1)", "mask(3)"), tmp_path) == ["given.mask.draw"]
