"""Pastes within bounds, however they are cut into pieces."""

from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.tui.pastes import BEGIN, END, MOST, Pastes


@given(st.lists(st.sampled_from([BEGIN, END, "\x1b", "[", "2", "01~", "abc", "é", "\x1b[A"])), st.data())
def test_short_texts_pass_unchanged_in_any_pieces(pieces, data):
    text = "".join(pieces)
    pastes, read, at = Pastes(), "", 0
    while at < len(text):
        step = data.draw(st.integers(1, 7))
        read += pastes.feed(text[at : at + step])
        at += step
    rest = pastes.give_up()
    assert read + rest == text or (rest and read + rest == text + END)


def test_outside_a_paste_nothing_is_held_back():
    pastes = Pastes()
    assert pastes.feed("\x1b") == "\x1b"
    assert pastes.feed("[20") == "[20"
    assert pastes.feed("0~x") == "0~x"
    assert pastes.pasting


def test_a_paste_without_end_is_cut():
    pastes = Pastes()
    read = pastes.feed(BEGIN) + "".join(pastes.feed("y" * 1000) for _ in range(1000))
    assert len(read) == len(BEGIN) + MOST
    assert pastes.feed("y" + END + "q") == END + "q"
    assert not pastes.pasting


def test_a_lost_end_is_made_up_for():
    pastes = Pastes()
    assert pastes.feed(BEGIN + "1 2\x1b[20") == BEGIN + "1 2"
    assert pastes.give_up() == "\x1b[20" + END
    assert pastes.give_up() == ""
    assert pastes.feed("q") == "q"
