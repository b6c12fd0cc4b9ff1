"""A tree of text -> the typed exercise: each value that does not fit is named, all of them at once."""

import threading
import time
from pathlib import Path

import msgspec
import pytest

from rnn_tutor.exercises.files.convert import convert, related
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.load import ContentError
from rnn_tutor.exercises.model import Course, Exercise
from rnn_tutor.exercises.read import load_exercise

GOOD = """\
format: 1
id: some
title: Some title
level: 2
prompt: Compute a.
given:
  x:
    value: 2
    means: a number
    axes: [unit]
    decimals: 3
steps:
  - let: a = x + 1
    say: Add one.
ask:
  - answer: a
    as: scalar
    rtol: 1e-4
    options:
      - text: One
        right: true
mistakes:
  - {value: x, say: Not yet.}
hints:
  - Think.
show:
  - heatmap: [x]
"""


def errors(text: str, model: type = Exercise) -> list[tuple[int, str, str]]:
    converted = convert(parse(text, Path("some.yaml")), model)
    return [(found.line, found.key, found.says) for found in converted.findings]


def test_text_becomes_what_the_model_says():
    exercise = convert(parse(GOOD, Path("some.yaml")), Exercise).value
    assert exercise is not None
    assert (exercise.format, exercise.level, exercise.given["x"].value) == (1, 2, "2")
    assert (exercise.given["x"].decimals, exercise.ask[0].rtol, exercise.ask[0].digits) == (3, 1e-4, 3)
    assert exercise.ask[0].options[0].right is True
    assert exercise.steps[0].let == "a = x + 1"


@pytest.mark.parametrize("text", ["no", "010", "1:30", "2024-01-01", "null", "~", "true", "0x10", "1e999"])
def test_what_looks_like_another_type_is_text_where_text_is_meant(text):
    changed = GOOD.replace("Some title", text).replace("value: 2", f"value: {text}").replace("Think.", text)
    exercise = convert(parse(changed, Path("some.yaml")), Exercise).value
    assert exercise is not None
    assert (exercise.title, exercise.given["x"].value, exercise.hints) == (text, text, [text])


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("format: 1", "format: 2", 1, "format", "found '2'; expected 1"),
        ("format: 1\n", "", 1, "format", "the key is missing"),
        ("id: some", "id: Some_id", 2, "id", "found 'Some_id'; expected text (the file's name"),
        ("id: some", "id: |\n  some", 2, "id", "found 'some\\n'"),
        ("id: some", "id: " + "a" * 65, 2, "id", "expected text"),
        ("title: Some title", "title: |\n  Some title", 3, "title", "expected text (one line)"),
        ("title: Some title", "title: " + "a" * 201, 3, "title", "found 201 characters; expected at most 200"),
        ("title: Some title", "title:", 3, "title", "found nothing"),
        ("title: Some", "titel: Some", 3, "titel", "unknown key 'titel'; did you mean 'title'?"),
        ("level: 2", "level: 4", 4, "level", "found '4'; expected 1, 2 or 3"),
        ("level: 2", "level: two", 4, "level", "found 'two'; expected 1, 2 or 3"),
        ("    value: 2", "    value: [2, 3]", 8, "given.x.value", "quote the text if it starts with '['"),
        ("    value: 2", "    vlaue: 2", 8, "given.x.vlaue", "did you mean 'value'?"),
        (
            "    value: 2",
            "    colour: 2",
            8,
            "given.x.colour",
            "expected value, means, axes, shape, draw, decimals or hidden",
        ),
        ("    axes: [unit]", "    axes: unit", 10, "given.x.axes", "found 'unit'; expected a list"),
        ("    decimals: 3", "    decimals: 99", 11, "given.x.decimals", "expected a whole number from 0 to 10"),
        ("    decimals: 3", "    decimals: x", 11, "given.x.decimals", "found 'x'; expected a whole number"),
        ("  x:\n    value", "  2x:\n    value", 7, "given.2x", "found the name '2x'"),
        ("    means: a number\n", "", 7, "given.x.means", "the key is missing"),
        ("Add one.", "{a: b}", 14, "steps[0].say", "found keys (a)"),
        (
            "    as: scalar",
            "    as: number",
            17,
            "ask[0].as",
            "expected scalar, vector, matrix, shape, choice, checklist",
        ),
        ("rtol: 1e-4", "rtol: 2", 18, "ask[0].rtol", "expected a number from 0 to 0.5"),
        ("right: true", "right: no", 21, "ask[0].options[0].right", "found 'no'; expected true or false"),
        ("  - Think.", "  - Think: twice", 25, "hints[0]", "quote the text if it contains ': '"),
        ("hints:\n  - Think.", "hints: Think.", 24, "hints", "expected a list"),
        ("  - heatmap: [x]", "  - x", 27, "show[0]", "found 'x'; expected keys: heatmap"),
    ],
)
def test_a_value_that_does_not_fit_is_named(old, new, line, key, words):
    assert GOOD.count(old) == 1
    found = errors(GOOD.replace(old, new))
    assert [(at, path) for at, path, _ in found] == [(line, key)]
    assert words in found[0][2]


def test_all_errors_of_a_file_are_found():
    text = GOOD.replace("format: 1", "format: 7").replace("level: 2", "level: x").replace("means:", "meaning:")
    text = text.replace("as: scalar", "as: thing").replace("Think.", "[a]")
    assert [line for line, _, _ in errors(text)] == [1, 4, 9, 17, 25]


@pytest.mark.parametrize("text", ["words", "- a\n- b\n", "[]", "'0'"])
def test_a_file_that_is_no_mapping(text):
    ((line, key, says),) = errors(text)
    assert (line, key) == (1, "")
    assert "expected keys: format, id, title" in says


def test_types_and_rules_and_refused_text_are_told_together(tmp_path):
    text = (
        GOOD.replace("level: 2", "level: 7").replace("title: Some title", "title: &a x").replace("a = x + 1", "x = 2")
    )
    (tmp_path / "some.yaml").write_text(text)
    with pytest.raises(ContentError) as error:
        load_exercise(tmp_path / "some.yaml")
    assert [found.key for found in error.value.findings] == ["title", "level", "steps[0].let", "ask[0].options"]


def test_thousands_of_misspelt_keys_are_answered_at_once():
    text = "format: 1\nunits:\n" + "".join(f"- titel{number}: x\n" for number in range(4_900))
    tree = parse(text, Path("course.yaml"))
    started = time.process_time()
    assert len(convert(tree, Course).findings) == 50
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("key", "blamed", "echo"),
    [
        ("a", ["a"], True),
        ("a.b", ["a"], True),
        ("a", ["a[0].b"], True),
        ("a[1]", ["a[0]"], False),
        ("ab", ["a"], False),
        ("a", [], False),
    ],
)
def test_what_merely_follows_is_not_told(key, blamed, echo):
    assert related(key, blamed) is echo


def test_what_a_model_is_like_is_learned_by_one_thread_at_a_time(monkeypatch):
    """msgspec 0.22 crashes the process where two threads convert to the same model for the first time."""
    real, inside, most = msgspec.convert, [], []

    def slowly(data, *about, **more):
        if data == {}:  # what learning converts
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.05)
            inside.pop()
        return real(data, *about, **more)

    monkeypatch.setattr(msgspec, "convert", slowly)
    models = [msgspec.defstruct(name, [("format", int)]) for name in ("One", "Two")]
    tree = parse("format: 1\n", Path("a.yaml"))
    found = []
    threads = [threading.Thread(target=lambda m=m: found.append(convert(tree, m).value)) for m in (*models, *models)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.format for one in found] == [1] * 4
    assert set(most) == {1}
