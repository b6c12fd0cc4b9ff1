import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.tui.trail import Trail, place


def typed(trail, text, start=""):
    for char in text:
        trail.changed(start, start + char)
        start += char
    return start


def test_a_run_of_characters_comes_back_together_and_goes_forth_again():
    trail = Trail()
    text = typed(trail, "tanh(x)")
    trail.changed(text, "")
    assert trail.back("") == text
    assert trail.back(text) == ""
    assert trail.back("") is None
    assert trail.forth("") == text
    assert trail.forth(text) == ""
    assert trail.forth("") is None


def test_what_is_typed_in_between_is_a_change_of_its_own():
    trail = Trail()
    text = typed(trail, "ab")
    trail.changed(text, "ab [1, 2, 3]")  # a paste
    end = typed(trail, "cd", "ab [1, 2, 3]")
    trail.changed(end, end[:-1])
    assert trail.back(end[:-1]) == end
    assert trail.back(end) == "ab [1, 2, 3]"
    assert trail.back("ab [1, 2, 3]") == "ab"


def test_what_was_taken_away_comes_back_first():
    trail = Trail()
    trail.take(typed(trail, "0.25"))
    assert trail.taken
    assert trail.back("") == "0.25"
    assert not trail.taken
    trail.take("")
    assert not trail.taken


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from(["a", "b\n", "", "xyz"])), max_size=60))
def test_every_text_comes_back_and_forth(changes):
    trail, text, texts = Trail(), "", [""]
    for at, gone, come in changes:
        new = text[:at] + come + text[at + gone :]
        trail.changed(text, new)
        text = new
        texts.append(new)
    last = text
    while (before := trail.back(text)) is not None:
        assert before in texts
        text = before
    assert text == ""
    while (after := trail.forth(text)) is not None:
        text = after
    assert text == last


def test_there_is_an_end_to_it():
    trail, text = Trail(), ""
    for count in range(1000):
        new = f"{count}" * 2000
        trail.changed(text, new)
        text = new
    kept = []
    while (before := trail.back(text)) is not None:
        kept.append(before)
        text = before
    assert 1 < len(kept) <= 200
    assert sum(map(len, kept)) <= 400_000


@pytest.mark.parametrize(
    ("old", "new", "at"), [("", "abc", 3), ("abc", "", 0), ("ad", "abcd", 3), ("abcd", "ad", 1), ("x\ny", "x\nzy", 3)]
)
def test_the_cursor_goes_behind_what_came_back(old, new, at):
    assert place(old, new) == at
