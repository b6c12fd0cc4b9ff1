"""What is said can be told from afar, with and without colour."""

from types import SimpleNamespace

import pytest
from textual.content import Content

from rnn_tutor.tui.widgets.frame import Rule
from rnn_tutor.tui.widgets.said import barred, lead
from rnn_tutor.tui.widgets.verdict import verdict_text


def styles(content):
    return {str(span.style) for span in content.spans}


@pytest.mark.parametrize(
    ("word", "sign", "colour"), [("right", "+", "green"), ("wrong", "x", "red"), ("rounded", "~", "yellow")]
)
def test_a_verdict_has_a_sign_and_a_colour(word, sign, colour):
    said = lead(word, "Words.")
    assert said.plain == f"{sign} Words."
    assert any(colour in style for style in styles(said))


def test_what_is_right_has_a_bar_over_the_whole_width_and_what_is_not_has_none():
    bar = barred(Content("+ Right. In full: 0.25\nMore of it."), 40)
    first, second = bar.split("\n")
    assert first.cell_length == 40
    assert "reverse" in " ".join(styles(first)) and "reverse" not in " ".join(styles(second))


def test_a_bar_over_long_words_is_as_high_as_they_are():
    assert [line.plain for line in barred(Content("+ Right. In full: 0.25"), 10).split("\n")] == [
        line.plain.ljust(10) if number == 0 else line.plain
        for number, line in enumerate(Content("+ Right. In full: 0.25").wrap(10))
    ]


class Wide(Rule):
    size = SimpleNamespace(width=12)


def test_the_rule_is_whole_where_it_is_right_and_broken_where_it_is_wrong():
    lines = {}
    for tone in ("", "right", "wrong"):
        rule = Wide()
        rule.tone = tone
        lines[tone] = rule.render().plain
    assert lines == {"": "─" * 12, "right": "━" * 12, "wrong": "─  " * 4}


def verdict(word):
    reading = SimpleNamespace(text="1", says="")
    return SimpleNamespace(verdict=word, says="", fuller="", next="", diagnosis=None, elements=None, reading=reading)


def test_what_was_looked_up_is_told_as_that():
    part = SimpleNamespace(name="p", kind="scalar")
    assert verdict_text(part, verdict("right"), False).plain == "+ Right."
    assert verdict_text(part, verdict("right"), False, looked_up=True).plain == "+ Right, after the solution."
    told = verdict_text(part, verdict("right"), False, "text", looked_up=True).plain
    assert told == 'Your earlier answer "1": Right, after the solution.'
