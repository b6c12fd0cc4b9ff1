import pytest

from rnn_tutor.tui.widgets import verdict


@pytest.mark.parametrize(
    ("right", "text"),
    [
        (True, ""),
        (None, ""),
        ([], ""),
        ([[]], ""),
        ([True, False], "c[0] right   c[1] wrong"),
        ([[True, False], [True, True]], "c  ok  x\n   ok  ok   (x: wrong)"),
        ([True] * 9 + [False], "9 of 10 are right; the first wrong one is c[9]"),
        ([[True] * 40, [False] * 40], "40 of 80 are right; the first wrong one is c[1, 0]"),
    ],
)
def test_elements_in_words(right, text):
    assert verdict.elements("c", right) == text


def test_axes_of_a_shape():
    assert verdict.axes([True, False]) == "axis 0 right   axis 1 wrong"
    assert verdict.axes(None) == ""
