from rnn_tutor.tui.widgets.program import ProgramLines


def test_what_is_said_behind_a_row_of_a_program_has_no_backticks():
    lines = ProgramLines("h", "h = 1", ascii_only=True)
    lines.flag(0, "`h` at t = 0 is 1, not 2.", at_once=True)
    assert lines._flagged == (0, "h at t = 0 is 1, not 2.")
