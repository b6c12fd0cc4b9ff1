"""Expressions as TeX: what is formula, how it is written, and that nothing foreign gets in."""

import pytest

from rnn_tutor.engine.writing.tex import formula, name_in_tex

NAMES = {"W_xh", "W", "x", "h", "h_prev", "t", "w", "a", "f", "loss", "alpha", "b1"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("h = tanh(W_xh x + a)", r"h = \tanh\left(W_{xh}\, x + a\right)"),
        ("h[t] = w h[t-1] + x[t]", r"h_{t} = w\, h_{t - 1} + x_{t}"),
        ("(1 - f) * x", r"\left(1 - f\right) \cdot x"),
        ("h * x", r"h \odot x"),
        ("a - (x - f)", r"a - \left(x - f\right)"),
        ("a / (x * f)", r"\frac{a}{x \cdot f}"),
        ("(a / x)**2", r"\left(\frac{a}{x}\right)^{2}"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
        ("a * (-x)", r"a \cdot \left(-x\right)"),
        ("W.T @ h_prev", r"W^{\top}\, h_{\mathrm{prev}}"),
        ("sum(x, axis=0)", r"\operatorname{sum}\left(x,\, \mathrm{axis}{=}0\right)"),
        ("x[1:3, None]", r"x_{1{:}3,\mathrm{None}}"),
        ("W_xh[0]", r"W_{xh}[0]"),
        ("1.5e-7 * a", r"1.5 \cdot 10^{-7} \cdot a"),
        ("sigmoid(a)", r"\sigma\left(a\right)"),
        ("nn.GRU", ""),
        ("rnn-tutor page gru", ""),
        ("y = x", ""),
        ("a = b = 1", ""),
        (r"\href{javascript:x}{y}", ""),
        ("x }{ y", ""),
        ("", ""),
    ],
)
def test_a_formula_of_known_names(text: str, written: str) -> None:
    assert formula(text, NAMES, {"h", "x"}) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("loss", r"\mathrm{loss}"),
        ("alpha", r"\alpha"),
        ("b1", "b_{1}"),
        ("W_xh_2", "W_{xh,2}"),
        ("x_", "x"),
        ("_", r"\mathrm{}"),
    ],
)
def test_names(name: str, written: str) -> None:
    assert name_in_tex(name) == written
