"""What people type where it has one meaning: units, about-signs, LaTeX, // and int. What has two is asked about."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import show
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.reading.language import parse, without_target

RNG = np.random.default_rng(1)
GIVENS = {
    "a": np.array(0.7), "h": np.array([0.1, 0.2]), "x": np.array([0.3, -0.4]), "W_xh": RNG.normal(size=(2, 2)),
    "W_hh": RNG.normal(size=(2, 2)), "b": np.array([0.5, 0.6]), "h_prev": np.array([0.2, 0.1]), "x_1": np.array(2.0),
    "h_tilde": np.array(0.3), "z": np.array(0.2), "n": np.array(4.0), "g": np.array([3.0, 4.0]),
}  # fmt: skip

READ = {  # what is typed, and the same in the language
    "44 steps": "44",
    "sum(|x - g|)": "sum(abs(x - g))",
    "np.mean(|x - g|) / 2": "mean(abs(x - g)) / 2",
    "max(|W_xh @ x|, axis=0)": "max(abs(W_xh @ x), axis=0)",
    "[|0.3 - 0.5|, |-2|]": "[0.2, 2]",
    "6.91 nats": "6.91",
    "44 time steps": "44",
    "2.5 bits/char": "2.5",
    "2 nats per token": "2",
    "24 percent": "0.24",
    "24 per cent": "0.24",
    "24%": "0.24",
    "n % 3": "1",
    "(n + 3) % 2 * 5": "5",
    "-g % 2.5": "[2,1]",
    "g % -2.5": "-[2,1]",
    "24% * n": "0.96",
    "3.5 million": "3500000",
    "44steps": "44",
    "6.91nats": "6.91",
    "3 s": "3",
    "5 tokens": "5",
    "[1 nats, 2 nats]": "[1,2]",
    "≈ 0.37": "0.37",
    "≈0.37": "0.37",
    "~0.37": "0.37",
    "~ 0.37": "0.37",
    "= 0.37": "0.37",
    ":= 0.37": "0.37",
    "h_tilde ≈ 0.37": "0.37",
    "h_tilde = 0.37": "0.37",
    "h̃ = 0.37": "0.37",
    "h̃ ≈ 0.37": "0.37",
    "h̃: 0.37": "0.37",
    "\\tilde{h} = 0.37": "0.37",
    "\\tilde h = 0.37": "0.37",
    "$\\tilde{h} = 0.37$": "0.37",
    "about 0.37": "0.37",
    "approx. 0.37": "0.37",
    "\\frac{1}{4}": "0.25",
    "\\frac14": "0.25",
    "\\dfrac{1}{1+e^{-0.7}}": "1/(1+exp(-0.7))",
    "\\frac{1}{1+e^{-a}}": "1/(1+exp(-0.7))",
    "\\sqrt{2}": "sqrt(2)",
    "\\sqrt[3]{8}": "2",
    "\\sqrt{\\frac{1}{4}}": "0.5",
    "\\tanh^2(a)": "tanh(0.7)**2",
    "1 - \\tanh^2(a)": "1-tanh(0.7)**2",
    "1 - \\tanh^{2}(a)": "1-tanh(0.7)**2",
    "1-\\tanh^2 a": "1-tanh(0.7)**2",
    "\\tanh a": "tanh(0.7)",
    "\\tanh(W_{xh} x + W_{hh} h_{prev} + b)": "tanh(W_xh@x+W_hh@h_prev+b)",
    "\\tanh(W_{xh} x + b)": "tanh(W_xh@x+b)",
    "\\tanh\\left(W_{xh} x + b\\right)": "tanh(W_xh@x+b)",
    "\\ln 2": "log(2)",
    "-\\ln 0.25": "-log(.25)",
    "\\ln(2)": "log(2)",
    "\\log_2(8)": "3",
    "\\log_{2} 8": "3",
    "\\log_{10}(1000)": "3",
    "\\ln\\frac{1}{4}": "log(.25)",
    "\\sigma(a)": "sigmoid(.7)",
    "\\sigma\\left(a\\right)": "sigmoid(.7)",
    "\\sigma(a)(1-\\sigma(a))": "sigmoid(.7)*(1-sigmoid(.7))",
    "\\sigma(a) (1 - \\sigma(a))": "sigmoid(.7)*(1-sigmoid(.7))",
    "0.5 \\cdot 3": "1.5",
    "0.5\\cdot0.3": "0.15",
    "3 \\times 10^{-2}": "0.03",
    "3 \\cdot 10^{-2}": "0.03",
    "10^{-2}": "0.01",
    "x_{1}^{2}": "4",
    "x_1^{2}": "4",
    "a^{2}": "0.49",
    "e^{-a}": "exp(-.7)",
    "e^{-2}": "exp(-2)",
    "W_{xh}^T x": "W_xh.T@x",
    "W_{xh}^\\top x": "W_xh.T@x",
    "W_{xh}^{\\top} x": "W_xh.T@x",
    "\\mathbf{W}_{xh} \\mathbf{x}": "W_xh@x",
    "\\mathbf{W}_{xh}\\mathbf{x} + \\mathbf{b}": "W_xh@x+b",
    "(1 - z) \\odot h + z \\odot h_{prev}": "(.8)*h+.2*h_prev",
    "(1 - z) \\circ h": ".8*h",
    "2\\pi": "2*pi",
    "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}": "[[1,2],[3,4]]",
    "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}": "[1,2]",
    "\\|g\\|": "5",
    "\\|g\\|_2": "5",
    "\\|g\\|_1": "7",
    "\\lVert g \\rVert": "5",
    "\\operatorname{softmax}(x)": "softmax(x)",
    "\\text{softmax}(x)": "softmax(x)",
    "\\exp(-a)": "exp(-.7)",
    "$\\frac{1}{4}$": "0.25",
    "\\(\\frac{1}{4}\\)": "0.25",
    "\\frac{1}{2}\\frac{1}{4}": "0.125",
    "\\frac{1}{2} (0.5 + 0.1)": "0.3",
    "\\frac{1}{2} a": ".35",
    "\\frac{a}{n} + \\frac{1}{n}": "1.7/4",
    "\\left(\\frac{1}{2}\\right)^{3}": "0.125",
    "\\left(1 - \\tanh^2(a)\\right) \\cdot 2": "2*(1-tanh(.7)**2)",
    "2 \\left(1 - a\\right)": ".6",
    "\\infty": "inf",
    "-\\frac{3}{4}": "-0.75",
    "\\max(a, 0)": "0.7",
    "24\\%": ".24",
    "7 // 2": "3",
    "int(7/2)": "3",
    "$5": "5",
    "3 x": "3*x",
    "2 h": "2*h",
    "cosh(a) + sinh(a)": "exp(.7)",
    "0.5.": "0.5",
    "0.5;": "0.5",
    "[0.1, 0.2]^T": "[.1,.2]",
    "(0.1, 0.2)^T": "[.1,.2]",
    "[0.1, 0.2].T": "[.1,.2]",
    "\\begin{bmatrix}0.1\\\\0.2\\end{bmatrix}": "[.1,.2]",
    "1.2e-3 s": "0.0012",
    "5 steps.": "5",
    "ca. 5": "5",
    "roughly 0.3": "0.3",
    "0.37 nats/token": ".37",
    "$0.37$": ".37",
    "$$\\frac{1}{3}$$": "1/3",
    "2^{10}": "1024",
    "1.5·10^{-3}": "0.0015",
    "75 %": ".75",
    "75 percent": ".75",
    "\\approx 0.37": ".37",
    "h_tilde=0.37": ".37",
    "h̃=0.37": ".37",
    "\\tilde{h} \\approx 0.37": ".37",
    "\\tilde{h}: 0.37": ".37",
    "\\mathrm{e}^{-1}": "exp(-1)",
    "e^{-1}": "exp(-1)",
    "\\exp{(-1)}": "exp(-1)",
    "\\exp{-1}": "exp(-1)",
    "\\exp\\{-1\\}": "exp(-1)",
    "\\tanh{0.5}": "tanh(.5)",
    "\\operatorname{ReLU}(a)": ".7",
    "\\max(0, a)": ".7",
    "\\max\\{0, a\\}": ".7",
    "\\left|a\\right|": ".7",
    "\\lvert a \\rvert": ".7",
    "\\sqrt{a^2 + 1}": "sqrt(1.49)",
    "\\frac{\\sqrt{2}}{2}": "sqrt(2)/2",
    "\\frac{-1}{2}": "-.5",
    "-\\frac12": "-.5",
    "\\frac{1}{2}W_{xh} x": ".5*W_xh@x",
    "\\frac{1}{2} W_{xh} x": ".5*W_xh@x",
    "2 W_{xh} x": "2*W_xh@x",
    "\\log 2": "log(2)",
    "\\log(2)": "log(2)",
    "\\log_e 2": "log(2)",
    "\\operatorname{sigmoid}(0.5)": "sigmoid(.5)",
    "\\text{sigmoid}(0.5)": "sigmoid(.5)",
    "\\sigma(0.5)": "sigmoid(.5)",
    "σ(0.5)": "sigmoid(.5)",
    "x^\\top h": "x@h",
    "x^T h": "x@h",
    "x^{\\mathsf{T}} h": "x@h",
    "x^{\\intercal} h": "x@h",
    "W_{xh}x+b": "W_xh@x+b",
    "\\tanh(W_{xh}x+W_{hh}h_{prev}+b)": "tanh(W_xh@x+W_hh@h_prev+b)",
    "(1-z)h+z\\,h_{prev}": ".8*h+.2*h_prev",
    "(1-z) \\cdot h": ".8*h",
    "a \\cdot b": ".7*b",
    "a\\cdot b": ".7*b",
    "1-\\left(\\tanh(a)\\right)^2": "1-tanh(.7)**2",
    "1 - \\tanh(a)^2": "1-tanh(.7)**2",
    "1-tanh^2(a)": "1-tanh(.7)**2",
    "tanh²(a)": "tanh(.7)**2",
    "1 − tanh²(a)": "1-tanh(.7)**2",
    "\\frac{e^{a}}{e^{a}+e^{z}}": "exp(.7)/(exp(.7)+exp(.2))",
    "\\frac{e^{0.7}}{e^{0.7}+e^{0.2}}": "exp(.7)/(exp(.7)+exp(.2))",
    "\\frac{1}{n}\\left(1+2+3\\right)": "1.5",
    "\\frac{1}{1+\\exp(-a)}": "1/(1+exp(-.7))",
    "\\frac{1}{1 + \\exp\\left(-a\\right)}": "1/(1+exp(-.7))",
    "-\\log\\left(\\frac{1}{4}\\right)": "log(4)",
    "-\\log_2\\left(\\frac{1}{4}\\right)": "2",
    "-\\log_2 \\frac{1}{4}": "2",
    "0.9^{10}": ".9**10",
    "0.9^{n}": ".9**4",
    "a^{n-1}": ".7**3",
    "2\\times3": "6",
    "2 \\times 3 \\times 4": "24",
    "3 bits": "3",
    "1024 bytes": "1024",
    "0.02 sec": ".02",
    "3 hidden units": "3",
    "12345 params": "12345",
    "1.5 million parameters": "1500000",
    "2 times": "2",
    "np.tanh(a)": "tanh(.7)",
    "math.tanh(a)": "tanh(.7)",
    "round(0.123456, 3)": ".123",
    "float(a)": ".7",
    "a**2": ".49",
    "norm(g)**2": "25",
    "‖g‖": "5",
    "||g||": "5",
    "||g||_2": "5",
    "‖g‖₂": "5",
    "‖g‖²": "25",
    "\\|g\\|^2": "25",
    "\\sqrt{g^\\top g}": "5",
    "⌊3.7⌋": "3",
    "\\lfloor 3.7 \\rfloor": "3",
    "\\lceil 3.2 \\rceil": "4",
}
ASKED = [  # what reads two ways, or is no part of the language
    "5 % 2",
    "n %",
    "% 3",
    "\\ln 2 a",
    "a^2",
    "W_{xh}^{-1}",
    "h^{(1)}",
    "\\frac{\\partial L}{\\partial h}",
    "\\foo{2}",
    "2 hprev",
    "2 W_hy",
    "10k",
    "a steps",
    r"\\frac{1}",
    r"\\sqrt",
    r"\\end{bmatrix}",
    r"\\tanh^{-1}(a)",
    r"\\log_3(a)",
    r"\\input{file}",
    "1/3 ≈ 0.333",
    "2^10",
    "0.5 ± 0.01",
    "> 0.5",
    "h̃_t = 0.37",
    "|a|",
    "\\sigma'(0.5)",
    "\\sum_i x_i",
    "\\sum x",
    "\\frac{1}{n} \\sum x",
    "4 x 5 = 20",
    "12,345 parameters",
    "2 lr",
    "0.5 alpha",
    "3 c",
    "3rd",
    "1st",
    "3 apples + 4",
    "5 or 6",
]


def read(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value)
    scope = graph.scope(graph.names)
    plain = without_target(text, "h_tilde")
    assert len(plain) == len(text)  # places stay where they were
    expr = parse(plain, loose=True, names=scope.names)
    value = as_numbers(scope.evaluate(expr).number)
    return show(scope.settled(expr)), value


@pytest.mark.parametrize("text", READ)
def test_what_has_one_meaning_is_read(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value)
    wanted = as_numbers(graph.evaluate(parse(READ[text])).number)
    said, value = read(text)
    assert value.shape == wanted.shape
    np.testing.assert_allclose(value, wanted, rtol=1e-12)
    np.testing.assert_allclose(read(said)[1], wanted, rtol=1e-12)  # and what is echoed reads back


@pytest.mark.parametrize("text", ASKED)
def test_what_has_two_meanings_is_asked_about(text):
    with pytest.raises(EngineError) as caught:
        read(text)
    first, last = caught.value.at or (0, 0)
    assert 0 <= first <= last <= len(text)


def test_where_t_is_a_number_of_steps_a_power_and_a_transpose_are_asked_about():
    names = {"T", "W", "x"}
    assert show(parse("0.9^{T}", loose=True, names=names)) == "0.9**T"
    assert show(parse(r"W^{\top} x", loose=True, names=names)) == "W.T x"
    for text in ("W^T x", "W^{T} x"):
        with pytest.raises(EngineError, match="transpose, or the power T"):
            parse(text, loose=True, names=names)


def test_a_name_of_the_exercise_is_no_unit_and_no_sigmoid():
    assert show(parse("2 steps", loose=True, names={"steps"})) == "2 steps"
    assert show(parse("sigma(2)", loose=True, names={"mu"})) == "sigmoid(2)"
    with pytest.raises(EngineError, match="no function sigma"):
        parse("sigma(2)", loose=True, names={"sigma"})
