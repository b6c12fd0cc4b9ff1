from textual.content import Content

from rnn_tutor.tui.widgets.inked import inked, spans


def kinds(line):
    return [(line[start:end], kind) for start, end, kind in spans(line)]


def test_the_tokens_of_a_line():
    assert kinds("    for t in range(3):  # the steps") == [
        ("for", "keyword"), ("in", "keyword"), ("range", "call"), ("3", "number"), ("# the steps", "comment"),
    ]  # fmt: skip
    assert kinds("h2 = np.tanh(W @ x[t]) + 1e-3") == [("tanh", "call"), ("1e-3", "number")]
    assert kinds('s = "a # b" + \'c') == [('"a # b"', "text"), ("'c", "text")]
    assert kinds("format = x.if_ + .5") == [(".5", "number")]


def test_colours_change_no_character():
    code = Content("import numpy as np\n\nf = np.array([0.9, 0.2])  # forget gate\n")
    assert inked(code).plain == code.plain
    coloured = {code.plain[span.start : span.end] for span in inked(code).spans}
    assert {"import", "array", "0.9", "# forget gate"} <= coloured
