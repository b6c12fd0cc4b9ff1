"""What the rows of a class say, without a screen."""

from textual.content import Content

from rnn_tutor.tui.watching.told import details, table

from ...classes.conftest import answer, build, terms


def show(text, style=""):
    return Content.styled(text, style)


def test_what_is_cut_off_in_a_row_says_so_and_the_row_is_not_wider():
    long = "a mistake with a name that no row of eighty columns has room for, as it is a whole sentence"
    report = build([("ada", answer("lstm-cell", "c", "wrong", "axis"))], terms(names={"axis": long}))
    for width in (60, 80, 99):
        row = table(report.exercises, 0, width, show).plain.split("\n")
        (said,) = [line for line in row if "a mistake" in line]
        assert said.rstrip().endswith("…")
        assert len(said) == width


def test_one_has_and_two_have():
    report = build([("ada", answer("lstm-cell", "c", "wrong", "axis"))], terms())
    one = next(one for one in report.exercises if one.asked.id == "lstm-cell")
    assert "1 of 2 has begun it, 0 have solved it." in details(report, one, 80, show).plain
