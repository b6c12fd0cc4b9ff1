"""No sentence on a wrong answer says the same thing twice, whatever rule or pair of rules it comes from."""

import re
from itertools import islice
from pathlib import Path

import pytest

from rnn_tutor.engine.mutate.mutation import LONGEST, Context, brief, substituted
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.diagnosis.intermediate import stages
from rnn_tutor.exercises.diagnosis.pairs import pairs
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.diagnosis.sentences import alternatives, worded
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise

TURNED = """
format: 1
id: turned
title: Two ratios
level: 1
prompt: Compute them.
given:
  a: {value: "[0.3, 0.8, 0.4]", means: first, draw: "uniform(0.1, 1)", decimals: 2}
  b: {value: "[0.5, 0.2, 0.7]", means: second, draw: "uniform(0.1, 1)", decimals: 2}
  m: {value: "0.7", means: angle, draw: "uniform(0.1, 1)", decimals: 2}
steps:
  - let: "va = var(a, ddof=1) / 3"
  - let: "vb = var(b, ddof=1) / 3"
  - let: "ratio = (va + vb) ** 2 / (va ** 2 / 2 + vb ** 2 / 2)"
  - let: "turn = cos(m * a) - sin(m * b)"
  - let: "long = log((1 - m) * softmax(a) + m * softmax(b)) - log(softmax(a))"
  - let: "gap = sum(softmax(a) * long)"
  - start: {s: m}
  - for: t in range(3)
    do:
      - let: "s[t] = tanh(a[t] * s[t-1] + b[t])"
  - let: "end = exp(s[-1]) ** 2 - sum(s) ** 2"
ask:
  - {answer: ratio, as: scalar, prompt: "What is the ratio?"}
  - {answer: turn, as: vector, prompt: "What is turned?"}
  - {answer: gap, as: scalar, prompt: "What is the gap?"}
  - {answer: end, as: scalar, prompt: "What is the end?"}
"""
CONTENT = Path(__file__).parents[3] / "content"
OF_THE_COURSE = ("gru/gru-step-gradient", "sequence-models/bpe-and-bits", "clipping/global-norm")
PAIRS = 3_000


def questions(folder) -> list[Question]:
    file = folder / "turned.yaml"
    file.write_text(TURNED, encoding="utf-8")
    return [ask(load_exercise(file)) for file in (file, *(CONTENT / f"{name}.yaml" for name in OF_THE_COURSE))]


def twice(sentence: str) -> str:
    """Return what a sentence says twice, or says with nothing in it; "" where it is whole."""
    codes: dict[str, str] = {}
    bare = re.sub(r"`[^`]*`", lambda code: codes.setdefault(code.group(), f"<{len(codes)}>"), sentence)
    pieces = [re.sub(r"^That is |\.$", "", piece) for piece in re.split(r", and (?!not )|, or if |\. ", bare)]
    doubled = [piece for piece in pieces if len(piece.split()) > 1 and pieces.count(piece) > 1]
    doubled += ["intermediate value"] if bare.count("intermediate value") > 1 else []
    inside = [one for one in pieces for other in pieces if one != other and len(one.split()) > 2 and one in other]
    empty = "``" if "``" in sentence or sentence.count("`") % 2 or re.search(r"  |,,|\(\)|\bNone\b", bare) else ""
    return " ".join([*doubled, *inside]) or empty


def test_what_says_something_twice_is_seen():
    assert twice("That is an intermediate value, an intermediate value for `kl`. Still missing: a sum.")
    assert twice("That is an intermediate value: one time step of an intermediate value.")
    assert twice("You would get this if the angle were in degrees, and the angle were in degrees.")
    assert not twice("You would get this if `a` were added, not subtracted, and `b` were added, not subtracted.")


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> list[Question]:
    return questions(tmp_path_factory.mktemp("turned"))


def test_no_mistake_and_no_pair_of_mistakes_is_told_with_the_same_words_twice(asked):
    told = 0
    for question in asked:
        for part in question.parts:
            if part.node is None or part.kind == "program":
                continue
            versions = search(question, part)
            for version in [*versions.singles, *islice(pairs(versions), PAIRS)]:
                clause = worded(question, part, version)
                if len(version.clauses) > 1:
                    told += 1
                    assert not twice(clause), (question.exercise.id, part.name, version.rules, clause)
    assert told > 1_000


def test_no_value_on_the_way_is_told_with_the_same_words_twice(asked):
    told = [
        say()
        for question in asked
        for part in question.parts
        if part.node is not None
        for stage in stages(question, part)
        for _, say in stage
    ]
    assert any("That is an intermediate value for `" in sentence for sentence in told)
    assert [sentence for sentence in told if twice(sentence)] == []


CORRELATION = "sum((x - mean(x)) * (y - mean(y))) / sqrt(sum((x - mean(x)) ** 2) * sum((y - mean(y)) ** 2))"
LISTED = f"[{', '.join(f'tanh(a * {k})' for k in range(5))}]"


def test_an_expression_that_is_long_has_nothing_cut_in_the_middle():
    assert brief(parse(CORRELATION)) == "sum((x - ...) * (y - ...)) / sqrt(sum(...) * sum(...))"
    taps = [f"u[-{k}] * concat(zeros(2), x, zeros(2))[{k}:-{k}]" for k in range(1, 4)]
    assert brief(parse(" + ".join(taps))) == "u[-1] * ... + u[-2] * ... + u[-3] * ...[3:-3]"
    assert brief(parse("tanh(W_xh @ x + b)")) == "tanh(W_xh @ x + b)"
    for text in (CORRELATION, "abs(" * 20 + "x" + ")" * 20, "+".join(f"(a{k} * b{k})" for k in range(9)), LISTED):
        assert len(brief(parse(text))) <= LONGEST
        parse(brief(parse(text)).replace("...", "x"))  # what is left is an expression still


@pytest.mark.parametrize(
    "text",
    [
        "outer(vol, vol) * [[1, rho[0], rho[1]], [rho[0], 1, rho[2]], [rho[1], rho[2], 1]]",
        "[[1, rho[0], rho[1]], [rho[0], 1, rho[2]], [rho[1], rho[2], 1 + rho[0]]]",
        "abs(" * 20 + "x" + ")" * 20,
    ],
)
def test_an_expression_that_is_long_keeps_a_name(text):
    assert re.sub(r"\b\w+(?=\()|axis=|[^a-zA-Z]", "", brief(parse(text)))


def test_two_long_expressions_are_told_by_what_differs():
    new = f"({CORRELATION}) * exp(-y * arange(1, 5))"
    assert Context().instead(parse(new), parse(new.replace("exp", "tanh"))) == (
        "`exp(-y * arange(1, 5))` were used instead of `tanh(-y * arange(1, 5))`"
    )


def test_what_reads_alike_but_for_where_is_one_of_the_alternatives():
    assert alternatives(["`a` were left out", "`a` were left out, everywhere in the formula"]) == ["`a` were left out"]
    assert alternatives(["`a` were left out, in `h`", "`b` were left out"]) == [
        "`a` were left out, in `h`",
        "`b` were left out",
    ]
    assert alternatives(["`a` were left out, in `h`", "`a` were left out, in two places"]) == ["`a` were left out"]
    assert alternatives(
        ["the mean were used instead of the sum", "the mean were used instead of the sum: `mean(x)`"]
    ) == ["the mean were used instead of the sum"]
    assert alternatives(["`a` were left out", "the product in `h` were left out"]) == [
        "`a` were left out",
        "the product in `h` were left out",
    ]


def test_no_version_has_one_expression_for_two_and_no_alternatives_say_the_same(asked):
    several = 0
    for question in asked:
        for part in question.parts:
            if part.node is None or part.kind == "program":
                continue
            by_value: dict[bytes, list[str]] = {}
            for version in search(question, part).singles:
                clause = worded(question, part, version)
                codes = TWO_CODES.search(clause)
                assert codes is None or codes[1] != codes[2], (question.exercise.id, version.rules, clause)
                by_value.setdefault(version.value.round(6).tobytes(), []).append(clause)
            for clauses in by_value.values():
                told = alternatives(clauses)
                several += len(told) > 1
                bare = [re.sub(r", (everywhere in the formula|in one place only)$", "", one) for one in told]
                assert len(set(bare)) == len(told), told
    assert several > 50


TWO_CODES = re.compile(r"(`[^`]*`) (?:were used instead of|stood in place of|and) (`[^`]*`)")


def test_what_is_left_out_does_not_hang_on_what_parts_are_shared():
    inside = parse("sum((x - mean(x)) * (y - mean(y)))")
    apart = parse(f"sqrt({CORRELATION}) + exp(log(tanh(sum((x - mean(x)) * (y - mean(y))))))")
    shared = substituted(apart, lambda part: inside if part == inside else None)
    assert shared == apart
    assert brief(shared) == brief(apart)
