"""The rows around every screen."""

from textual.content import Content

from rnn_tutor.tui.widgets.frame import spread


def test_what_is_cut_at_the_left_end_says_so():
    assert spread(Content("Gates by hand"), Content("ada"), 17).plain == "Gates by hand ada"
    assert spread(Content("Gates by hand"), Content("ada"), 14).plain == "Gates by … ada"
    assert spread(Content("Gates by hand"), Content("ada"), 20).plain == "Gates by hand    ada"
