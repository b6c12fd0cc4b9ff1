"""What one line says of a part that is folded, and which parts are."""

from types import SimpleNamespace

import pytest

from rnn_tutor.tui.widgets.folding import Folding, folded_line


def part(name="p", prompt=""):
    return SimpleNamespace(name=name, ask=SimpleNamespace(prompt=prompt))


def verdict(word):
    return SimpleNamespace(verdict=word)


@pytest.mark.parametrize(
    ("text", "word", "changed", "line"),
    [
        ("", None, False, ". The probability of it"),
        ("0.24", "right", False, "+ p = 0.24"),
        ("0.24", "wrong", False, "x p = 0.24   not yet"),
        ("0.2", "rounded", False, "~ p = 0.2   nearly"),
        ("0.24", "right", True, ". p = 0.24   not checked"),
        ("log(", None, False, ". p = log(   not checked"),
        ("def f(x):\n    return x", "right", False, "+ p = def f(x): ..."),
    ],
)
def test_a_folded_part_in_one_line(text, word, changed, line):
    asked = part(prompt="The probability of it")
    said = verdict(word) if word else None
    assert folded_line(asked, text, said, changed=changed, ascii_only=False).plain == line


class Box:
    def __init__(self, name):
        self.part, self.text, self.whole, self.tight = part(name), "", True, False

    def tighten(self, tight):
        self.tight = tight

    def fold(self, line):
        self.whole = line is None


def test_what_is_in_use_is_whole_and_what_was_judged_last_as_long_as_there_is_room():
    boxes = [Box(name) for name in "abc"]
    folding = Folding(boxes, SimpleNamespace(verdicts={}, changed={}), ascii_only=False)
    folding.show()
    assert all(box.whole for box in boxes)
    folding.judge(boxes[0])
    folding.use(boxes[1])
    assert folding.fold_more()
    assert [box.whole for box in boxes] == [True, True, False]
    assert folding.fold_more()
    assert [box.whole for box in boxes] == [False, True, False]
    assert not folding.fold_more()


def test_a_part_that_is_alone_is_never_folded():
    folding = Folding([Box("a")], SimpleNamespace(verdicts={}, changed={}), ascii_only=False)
    assert not folding.fold_more() and not folding.on


def test_one_that_is_alone_is_made_tight_only_where_it_has_no_room_beside_what_is_given():
    box = Box("a")
    folding = Folding([box], SimpleNamespace(verdicts={}, changed={}), ascii_only=False)
    assert folding.fold_more(crowded=True)
    assert box.tight and box.whole and not folding.on
    assert not folding.fold_more(crowded=True)
