"""What an exercise must be beyond its types: one small break of a good exercise each."""

import msgspec
import pytest

from rnn_tutor.exercises.files.rules import let_name, lets, problems
from rnn_tutor.exercises.model import Exercise


def made(**changes) -> Exercise:
    good = {
        "format": "1",
        "id": "some",
        "title": "T",
        "prompt": "P",
        "given": {"x": {"value": "[1, 2]", "means": "input"}, "T": {"value": "2", "means": "steps"}},
        "steps": [
            {"start": {"h": "0"}},
            {"for": "t in range(T)", "do": [{"let": "h[t] = h[t-1] + x[t]", "say": "s"}]},
            {"let": "last = h[-1]", "say": "s"},
        ],
        "ask": [{"answer": "last", "as": "scalar"}],
        "mistakes": [{"value": "h[0]", "say": "The first."}],
        "hints": ["a", "b"],
    }
    return msgspec.convert(good | changes, Exercise, strict=False)


OPTIONS = [{"text": "a", "right": "true"}, {"text": "b"}, {"text": "c"}]


def chosen(kind: str = "choice", **changes) -> dict:
    return {"ask": [{"answer": "choose", "as": kind, "options": OPTIONS, **changes}]}


def with_step(*steps: dict) -> dict:
    return {"steps": [*steps, {"let": "last = 1", "say": "s"}]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        chosen(),
        chosen("checklist"),
        chosen("checklist", options=[{"text": "a", "right": "true"}, {"text": "b", "right": "true"}]),
        {"given": {"B": {"shape": "(B, T)", "means": "a size"}}, "steps": [], "mistakes": []},
        {"ask": [{"answer": "last", "as": "matrix", "axes": ["a", "b"]}]},
        {"ask": [{"answer": "last", "as": "shape", "axes": ["B", "T", "V"]}]},
        {"ask": [{"answer": "last", "as": "scalar"}, {"answer": "h", "as": "vector"}], "mistakes": []},
        {"mistakes": [{"value": "h[0]", "say": "The first.", "answer": "last"}]},
        with_step({"let": "W_hh = a == b"}),
        with_step({"let": "λ=2"}),
        {"picture": {"lines": ["x"], "x": "x", "level": "0.5", "log": "true", "title": "t"}},
        {"show": [{"bars": ["x"], "log": "true"}, {"table": ["x"]}, {"heatmap": ["x", "h"]}]},
    ],
)
def test_what_is_allowed(changes):
    assert problems(made(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"given": {"x": {"means": "input"}}}, "given.x", "neither 'value' nor 'shape'"),
        ({"prompt": " \n"}, "prompt", "only spaces"),
        ({"title": " "}, "title", "only spaces"),
        ({"hints": ["a", "\n"]}, "hints[1]", "only spaces"),
        (with_step({"say": "x"}), "steps[0]", "none of these keys"),
        (with_step({"let": "a = 1", "start": {"h": "0"}}), "steps[0]", "both let and start"),
        (with_step({"for": "t in range(2)"}), "steps[0]", "'for' without 'do'"),
        (with_step({"let": "a = 1", "do": [{"let": "b[t] = 1"}]}), "steps[0]", "'do' without 'for'"),
        (with_step({"for": "t in range(2)", "do": []}), "steps[0].do", "empty list"),
        (with_step({"start": {}}), "steps[0].start", "found nothing"),
        (with_step({"let": "a + 1"}), "steps[0].let", "expected name = expression"),
        (with_step({"let": "a == 1"}), "steps[0].let", "expected name = expression"),
        (with_step({"let": "a ="}), "steps[0].let", "expected name = expression"),
        (with_step({"let": "a[t] = 1"}), "steps[0].let", "outside a loop"),
        (with_step({"for": "t in range(2)", "do": [{"let": "a"}]}), "steps[0].do[0].let", "expected name[t] ="),
        (with_step({"for": "t in range(2)", "do": [{"start": {"h": "0"}}]}), "steps[0].do[0]", "inside a loop"),
        (with_step({"let": "x = 1"}), "steps[0].let", "'x' is a given already"),
        (with_step({"let": "a = 1"}, {"let": "a = 2"}), "steps[1].let", "defined at steps[0].let already"),
        (with_step({"start": {"x": "0"}}), "steps[0].start.x", "is a given already"),
        ({"ask": [{"answer": "last", "as": "scalar"}] * 2}, "ask[1].answer", "asked for at ask[0] already"),
        (
            {"ask": [{"answer": "last", "as": "scalar", "options": OPTIONS}]},
            "ask[0].options",
            "choice or checklist only",
        ),
        ({"ask": [{"answer": "last", "as": "vector", "axes": ["a", "b"]}]}, "ask[0].axes", "found 2 names"),
        ({"ask": [{"answer": "last", "as": "scalar", "atol": "inf"}]}, "ask[0].atol", "finite"),
        (chosen(options=OPTIONS[:1]), "ask[0].options", "at least 2"),
        (chosen(options=OPTIONS[1:]), "ask[0].options", "found 0 options with right: true"),
        (chosen(options=[*OPTIONS, {"text": "d", "right": "1"}]), "ask[0].options", "found 2 options with right"),
        (chosen("checklist", options=OPTIONS[1:]), "ask[0].options", "at least one"),
        (chosen("checklist", options=[*OPTIONS, {"text": "c "}]), "ask[0].options", "'c' appears 2 times"),
        (chosen(digits="4"), "ask[0].digits", "a choice has no digits"),
        (chosen(rtol="0.1"), "ask[0].rtol", "has no rtol"),
        (chosen(answer="a + b"), "ask[0].answer", "expected a name for this choice"),
        (
            {"mistakes": [{"value": "1", "say": "s", "answer": "lst"}]},
            "mistakes[0].answer",
            "'lst' is not a part; expected last",
        ),
        ({"show": [{}]}, "show[0]", "expected exactly one of heatmap, lines, bars, table or tree"),
        ({"show": [{"heatmap": []}]}, "show[0]", "no names"),
        ({"show": [{"table": ["x"]}, {"heatmap": ["x"], "bars": ["x"]}]}, "show[1]", "found heatmap and bars"),
        ({"picture": {"title": "t"}}, "picture", "expected exactly one of"),
        ({"picture": {"table": ["x"], "x": "x"}}, "picture.x", "expected this key with lines, bars or heatmap only"),
        ({"picture": {"bars": ["x"], "y": "x"}}, "picture.y", "expected this key with heatmap only"),
        ({"show": [{"table": ["x"], "level": "1"}]}, "show[0].level", "level with table"),
        ({"show": [{"heatmap": ["x"], "log": "true"}]}, "show[0].log", "with lines or bars only"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(changes, key, words):
    found = [(at, says) for at, says in problems(made(**changes)) if not at.startswith("mistakes") or "mistakes" in key]
    assert [at for at, _ in found] == [key]
    assert words in found[0][1]


def test_all_problems_are_found_not_only_the_first():
    steps = [{"let": "a"}, {"say": "s"}, {"let": "x = 1"}]
    assert {key for key, _ in problems(made(title=" ", steps=steps))} == {
        "title",
        "steps[0].let",
        "steps[1]",
        "steps[2].let",
    }


@pytest.mark.parametrize(
    ("let", "name"),
    [("a = 1", "a"), ("  W_xh=x@y", "W_xh"), ("h[t] = 1", "h"), ("λ = 2", "λ")],
)
def test_the_name_that_a_let_defines(let, name):
    assert let_name(let) == name


@pytest.mark.parametrize("let", ["a == 1", "a, b = 1", "= 1", "a", "a = ", "f(x) = 1"])
def test_a_text_that_is_no_let_defines_no_name(let):
    assert let_name(let) is None


def test_lets_are_given_in_order_with_their_keys():
    assert [key for key, _ in lets(made().steps)] == ["steps[1].do[0]", "steps[2]"]
