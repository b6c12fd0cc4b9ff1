"""Names and expressions as LaTeX, as papers write them."""

import pytest

from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.writing.latex import Mathematics, name_of


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("h", "h"), ("W_xh", "W_{xh}"), ("h_prev", r"h_{\mathrm{prev}}"), ("dh_dx", "dh_{dx}"),
        ("h0", "h_{0}"), ("x12", "x_{12}"), ("beta1", r"\beta_{1}"), ("size2", r"\mathrm{size}_{2}"),
        ("h1_prev", r"h_{1,\mathrm{prev}}"), ("W1_xh", "W_{1,xh}"), ("W_h1", "W_{h1}"),
    ],
)  # fmt: skip
def test_a_name_has_below_it_what_papers_have_there(name: str, latex: str) -> None:
    assert name_of(name) == latex


@pytest.mark.parametrize(
    ("text", "latex"), [("h0[1]", "h_{0,1}"), ("W_xh[0]", "W_{xh,0}"), ("W1 @ h0", r"W_{1} \, h_{0}")]
)
def test_an_index_stands_behind_it(text: str, latex: str) -> None:
    assert Mathematics().expression(parse(text)) == latex
