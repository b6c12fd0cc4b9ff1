import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rnn_tutor.tui.safe_content import MOST_CHARACTERS, plain, prose, showable


@given(st.text())
def test_nothing_that_acts_gets_through(text):
    for ascii_only in (False, True):
        shown = plain(text, ascii_only=ascii_only, lines=True)
        assert all(char == "\n" or char.isprintable() for char in shown)
        assert not any(unicodedata.bidirectional(char) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI") for char in shown)
        assert shown.isascii() or not ascii_only


@pytest.mark.parametrize(
    ("text", "shown", "in_ascii"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇", "^[]52;c;aGk=^G"),
        ("\x9b31m", "<U+009B>31m", "<U+009B>31m"),
        ("\u202eevil", "<U+202E>evil", "<U+202E>evil"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>", "a<U+200B>b<U+FEFF>"),
        ("\u2764\ufe0f", "\u2764<U+FE0F>", "?<U+FE0F>"),
        ("σ(W·x) ≤ ½ h̃", "σ(W·x) ≤ ½ h̃", "sigma(W*x) <= 1/2 h"),
        ("é ü 日", "é ü 日", "e u ?"),
        ("a\tb\u00a0c", "a    b c", "a    b c"),
        ("e" + "\u0301" * 9, "é\u0301\u0301", "e"),
    ],
)
def test_what_is_shown_instead(text, shown, in_ascii):
    assert plain(text) == shown
    assert plain(text, ascii_only=True) == in_ascii


def test_markup_is_text():
    for text in ("[/", "[/b]", "[red]x[/red]", "[@click=app.quit]x[/]", "\\[/]"):
        assert showable(text).plain == text
        assert showable(text).spans == []
        assert prose(text).plain == text


def test_lines_are_kept_or_not():
    assert plain("a\r\nb\rc") == "a b c"
    assert plain("a\r\nb\rc", lines=True) == "a\nb\nc"


def test_long_text_is_cut_and_says_so():
    shown = plain("x" * (MOST_CHARACTERS + 1))
    assert len(shown) == MOST_CHARACTERS + 4
    assert shown.endswith(" ...")


def test_prose_flows_and_keeps_lists_and_indents():
    text = "One line\nand its end.\n\nAnother:\n- first\n- second\n    x = 1\n    y = 2\n"
    assert prose(text).plain == "One line and its end.\n\nAnother:\n- first\n- second\n    x = 1\n    y = 2"


def test_backticks_become_bold():
    shown = prose("the gate `f` and `i`")
    assert shown.plain == "the gate f and i"
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["f", "i"]
    assert prose("one ` alone").plain == "one ` alone"


@given(st.text(max_size=50))
def test_width_is_known(text):
    assert showable(text).cell_length == cell_len(showable(text).plain)


def test_a_number_begins_an_item_only_as_such():
    shown = prose("What becomes of\n1 and of\n0.5 here:\n1. one\n2) two").plain
    assert shown == "What becomes of 1 and of 0.5 here:\n1. one\n2) two"
