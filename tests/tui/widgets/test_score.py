from types import SimpleNamespace

from rnn_tutor.tui.widgets.score import score


def part(name, kind="vector"):
    return SimpleNamespace(name=name, kind=kind)


def verdict(word, expected=(), elements=None, follows=""):
    return SimpleNamespace(verdict=word, expected=expected, elements=elements, follows=follows)


def test_a_mark_for_each_element_and_partial_credit_in_words():
    parts = [part("p", "scalar"), part("W", "matrix"), part("c")]
    found = {
        "p": verdict("right", 0.5, True),
        "W": verdict("wrong", [[1, 2], [3, 4]], [[True, True], [False, True]]),
    }
    lines = score(parts, found, False).plain.splitlines()
    assert lines == [
        "1 of 3 parts, 4 of 5 elements",
        "  p  +",
        "  W  + + / x +",
        "  c  .",
        "  + right   x not yet   . open",
    ]


def test_what_follows_from_ones_own_values_is_said():
    found = {"a": verdict("wrong", [1, 2], [False, True]), "b": verdict("right", [1, 2], follows="given your a")}
    lines = score([part("a"), part("b")], found, False).plain.splitlines()
    assert lines[0] == "1 of 2 parts, 3 of 4 elements"
    assert lines[2] == "  b  + +   (with your own earlier values)"


def test_options_and_wrong_shapes_give_nothing_away():
    parts = [part("pick", "checklist"), part("v"), part("s", "scalar")]
    found = {"pick": verdict("wrong", [1, 3], [True, False, True]), "v": verdict("wrong", [1, 2, 3])}
    lines = score(parts, found, False).plain.splitlines()
    assert lines[:4] == ["0 of 3 parts", "  pick  x", "  v     x", "  s     ."]


def test_many_elements_are_counted():
    found = {"a": verdict("wrong", [0] * 30, [True] * 29 + [False])}
    assert "29 of 30" in score([part("a"), part("b")], found, False).plain


def test_one_part_or_no_try_needs_no_score():
    assert not score([part("a")], {"a": verdict("right", [1], [True])}, False)
    assert not score([part("a"), part("b")], {"a": verdict("not_understood")}, False)
