"""The language means one thing: a table of texts with their value in an answer and in a program, and in NumPy.

A row is `text | NumPy`, where NumPy is left out if it is the same text. `=` stands where NumPy has no such function:
then both have to agree (their values are held elsewhere); `error` where both refuse. Where an answer and a program
differ, the row says why.
"""

import math

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, walk
from rnn_tutor.engine.functions import NAMES, canonical
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.reading.language import parse

RNG = np.random.default_rng(11)
GIVENS = {
    name: np.asarray(value)
    for name, value in {
        "a": RNG.normal(size=(3, 4)), "b": RNG.normal(size=(3, 4)), "v": RNG.normal(size=4), "w": RNG.normal(size=4),
        "M": RNG.normal(size=(3, 3)), "C": RNG.normal(size=(2, 3, 4)), "P": RNG.uniform(0.5, 2, size=(3, 4)),
        "s": 0.5, "n": 3.0, "k": np.array([2.0, 0.0, 1.0]), "x": RNG.normal(size=(4, 2)), "W": RNG.normal(size=(3, 2)),
        "U": RNG.normal(size=(3, 3)), "W3": RNG.normal(size=(9, 2)), "U3": RNG.normal(size=(9, 3)),
        "W4": RNG.normal(size=(12, 2)), "U4": RNG.normal(size=(12, 3)), "b3": RNG.normal(size=9),
        "b4": RNG.normal(size=12), "p": RNG.normal(size=(3, 3)),
    }.items()
}  # fmt: skip
NUMPY = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")} | {
    "np": np, "norm": np.linalg.norm, "det": np.linalg.det, "inv": np.linalg.inv, "max": np.max, "min": np.min,
    "matrix_power": np.linalg.matrix_power, "abs": np.abs, "any": np.any, "all": np.all, "sum": np.sum,
    "round": np.round, "erf": np.vectorize(math.erf),
} | GIVENS | {"n": 3}  # fmt: skip

SAME = """
s + 1
a + v
a - b
a * b
2 * v
a / P
-a
+a
P ** 2
2 ** v
-v ** 2
a @ v
v @ w
M @ a
C @ v
s > 0.25
a > b
a >= 0
v < w
a <= b
a == a
a != b
0 < s < 1 | True
-1 < v | -1 < v
v == [0, 1, 2, 3]
[1, 2] + v[:2]
v[:2] * [3, 4]
add(a, b)
subtract(a, b)
multiply(a, b)
divide(a, P)
power(P, 2)
negative(v)
positive(v)
equal(a, b)
not_equal(a, b)
less(a, b)
less_equal(a, b)
greater(a, b)
greater_equal(a, b)
logical_and(a > 0, b > 0)
logical_or(a > 0, b > 0)
logical_not(a > 0)
exp(a)
expm1(a)
log(P)
ln(P) | log(P)
log2(P)
log10(P)
log1p(P)
sqrt(P)
square(a)
reciprocal(P)
abs(a)
absolute(a)
fabs(a)
sign(a)
floor(a)
ceil(a)
trunc(a)
sin(a)
cos(a)
tanh(a)
sigmoid(a) | 1 / (1 + exp(-a))
expit(v) | 1 / (1 + exp(-v))
relu(a) | maximum(a, 0)
softplus(a) | log1p(exp(a))
silu(a) | a / (1 + exp(-a))
leaky_relu(a, 0.1) | where(a > 0, a, 0.1 * a)
maximum(a, b)
minimum(a, 0)
max(s, 1, 2) | 2
min(1, s) | 0.5
where(a > 0, a, b)
clip(a, -0.5, 0.5)
round(10 * a)
round(2.5)
round(a, 2)
a.round(1)
stop(a) | a
sum(a)
sum(a, axis=0)
sum(a, 1)
a.sum(axis=1, keepdims=True)
sum([1, 2, 3])
np.sum([v, w])
mean(a)
mean(C, axis=(0, 2))
prod(v)
max(a)
amax(a, axis=0)
a.max(axis=1)
min(a, axis=1)
var(a)
std(a, axis=0)
std(v, ddof=1)
np.var(a, axis=1, ddof=1)
any(a > 0)
all(a > -9, axis=0)
logsumexp(v) | log(sum(exp(v)))
norm(v)
norm(a)
norm(a, 1)
norm(a, axis=0)
norm(C, 2, axis=(1, 2))
argmax(a)
argmin(a, axis=1)
cumsum(v)
cumsum(a, axis=0)
cumprod(v)
count_nonzero(v > 0)
count_nonzero(a > 0, axis=1)
count_nonzero(a > 0, 0)
count_nonzero(C > 0, axis=(0, 2), keepdims=True)
dot(v, w)
v.dot(w)
inner(v, w)
outer(v, w)
trace(M)
det(M)
inv(M)
matrix_power(M, 3)
spectral_radius(M) | abs(np.linalg.eigvals(M)).max()
matmul(M, a)
softmax(v) | exp(v) / exp(v).sum()
log_softmax(v) | v - log(exp(v).sum())
layer_norm(v) | (v - v.mean()) / sqrt(v.var() + 1e-5)
array([1, 2])
np.array([[1, 2], [3, 4]])
tensor([1, 2]) | array([1, 2])
float(s) | 0.5
v.copy()
stack([v, w])
stack((v, w), axis=1)
stack(v, w) | stack([v, w])
np.stack([v, w], 1)
stack(a)
np.stack(C, 1)
stack(s, 1) | array([0.5, 1])
stack([s, s])
stack(s) | error
concat([v, w]) | concatenate([v, w])
concat(v, w) | concatenate([v, w])
concat([1, 2], [3, 4]) | array([1, 2, 3, 4])
concatenate((a, b), 1)
concatenate([a, b], axis=1)
np.concatenate(a)
np.concatenate(C, 1)
concat(v) | error
concat([]) | error
concat(s, s) | error
cat((v, w)) | concatenate((v, w))
hstack([v, w])
hstack((a, b))
hstack(s, s) | array([0.5, 0.5])
hstack([s, s])
hstack([v, 1])
hstack(v)
hstack(a)
hstack(C)
hstack([a, b], axis=1) | error
vstack([v, w])
vstack((v, a))
vstack([s, s])
vstack(v)
vstack(a)
vstack(v, w) | vstack([v, w])
reshape(a, (4, 3))
a.reshape(2, -1)
ravel(a)
a.flatten()
a.T
transpose(a)
transpose(C, (2, 0, 1))
C.transpose(2, 0, 1)
a.transpose(0, 1) | a.T
C.transpose(0, 1) | swapaxes(C, 0, 1)
torch.transpose(a, 0, 1) | a.T
np.transpose(a, 0, 1) | error
swapaxes(C, 0, 2)
squeeze(v[None])
expand_dims(v, 1)
repeat(v, 2)
repeat(a, 2, axis=0)
v.repeat(2) | error
v.std() | error
torch.std(v) | std(v, ddof=1)
a.max(1)[0] | error
torch.max(a, 1)[1] | argmax(a, 1)
max(a, 1) | error
np.max(a, 1)
tile(v, 2)
tile(a, (2, 1))
broadcast_to(v, (3, 4))
flip(v)
flip(a, axis=0)
roll(v, 1)
full((2, 3), s)
diag(v)
tril(M)
triu(M)
zeros(3)
zeros((2, 3))
ones((2, 2))
eye(3)
identity(3)
zeros_like(a)
ones_like(v)
arange(4)
arange(1, 4, 0.5)
linspace(0, 1, 5)
one_hot(k, 3) | eye(3)[[2, 0, 1]]
length_mask([1, 3], 3) | array([[1, 0, 0], [1, 1, 1]])
shape(a)
a.shape
a.size() | array([3, 4])
a.size(1) | 4
size(a)
a.size
ndim(C)
len(a)
len([1, 2, 3])
len([[1, 2], [3]])
len(s) | error
a[0]
a[-1, 2]
a[:, 1]
a[1:, ::-1]
v[None]
v[v > 0]
v[[0, 2]]
C[:, [0, 2]]
[1, 2, 3][1] | error
array([1, 2, 3])[1]
[[1, 2], [3]] | error
True + True | 2
pi * 2
e ** 2
exp(-inf) | 0
rnn(x, W, U) | =
rnn_relu(x, W, U) | =
lstm(x, W4, U4, b4) | =
lstm_c(x, W4, U4) | =
lstm_peephole(x, W4, U4, b4, p) | =
gru(x, W3, U3, b3) | =
gru_cho(x, W3, U3) | =
gru_pytorch(x, W3, U3) | =
reverse(x) | x[::-1]
attention(a, b, C[0]) | =
dot_attention(a, b, C[0]) | =
additive_attention(a, b, C[0], C[1][:2], C[1][1:], [1, 2]) | =
masked_softmax(v, [1, 1, 0, 1]) | =
cross_entropy(a, k) | =
perplexity(s) | exp(s)
clip_by_norm(v, 0.5) | v * 0.5 / norm(v)
clip_by_norm([1, nan], 1, inf) | error
clip_by_value(v, 0.5) | clip(v, -0.5, 0.5)
lstm_to_onnx(W4) | =
lstm_from_onnx(W4) | =
gru_to_keras(W3) | =
gru_from_keras(W3) | =
flip_update_gate(W3) | =
ones((1, 1, 1, 1, 1)) | error
sqrt(-1) | nan
1 / 0 | inf
lambda q: q | error
list(range(3)) | arange(3)
tan(a)
arctan(a)
arctanh(v / 10)
sinh(a)
cosh(v)
erf(v)
gelu(v) | 0.5 * v * (1 + erf(v / sqrt(2)))
np.average(v, weights=w)
np.average(a, axis=0)
np.average(a, axis=1, weights=w)
np.average(C, axis=1, weights=k)
np.average(a, weights=P)
np.average(a, weights=v) | error
average(v) | mean(v)
weighted_mean(v, w) | np.average(v, weights=w)
moveaxis(C, 0, 2)
sort(a)
np.sort(a, axis=0)
np.argsort(a)
svdvals(a) | np.linalg.svd(a, compute_uv=False)
eigvals(M + M.T) | np.linalg.eigvals(M + M.T).real
np.abs(np.linalg.eigvals(M)).max() | abs(np.linalg.eigvals(M)).max()
abs_eigvals(M) | abs(np.linalg.eigvals(M))
C[..., 0]
a[..., None]
C[0, ..., :2]
C[...]
C[..., 0, ...] | error
[1, ..., 3] | error
np.diff(a)
np.isnan(a)
np.cov(a)
np.corrcoef(a)
np.column_stack((v, w))
np.column_stack((v, a.T))
np.column_stack([M, M])
np.column_stack([M, M[0], M])
np.column_stack(a)
np.argsort(v, kind='stable')
np.sort(v, kind="mergesort")
np.einsum('ij,j->i', a, v)
np.einsum("ij,jk", M, a)
np.einsum('ji', a)
np.einsum('ijkl->i', a) | error
np.split(v, 2) | array(np.split(v, 2))
np.split(a, 2, axis=1)[1]
np.split(v, [1, 3])[1]
np.split(a, [1, 3], axis=1)[2]
np.split(v, 3) | error
np.take_along_axis(a, [[1], [0], [3]], axis=1) | np.take_along_axis(a, np.array([[1], [0], [3]]), axis=1)
np.take(a, [2, 0], axis=1)
np.tril(M, -1)
np.triu(M, k=1)
triu(M, 1)
floor_divide(a, P)
7 // 2
-7 // 2
v // 0.5
(a + 1) // 2 * 3
int(7 / 2) | 3
int(-7 / 2) | -3
float('-inf') | -inf
v.astype(int) | trunc(v)
(v > 0).astype(float)
~(v > 0)
(v > 0) & (w > 0)
(v > 0)|(w > 0)
~v | error
v & w | error
v > 0 & w > 0 | error
"""

LIST = "a list is an array in an answer, Python's list in a program"
WORDS = "words of Python that loops and lists need are a program's"
DIFFERENT = [  # text, answer, program, why; "error" where it is refused
    ("[1, 2] == [1, 2]", "array([1, 1])", "1", LIST),
    ("[1, 2] != [1, 3]", "array([0, 1])", "1", LIST),
    ("[1, 4] < [2, 3]", "array([1, 0])", "1", LIST),
    ("[1, 2] >= [1, 2]", "array([1, 1])", "1", LIST),
    ("[[1, 2]] == [[1, 3]]", "array([[1, 0]])", "0", LIST),
    ("[1, 2] + [3, 4]", "array([4, 6])", "array([1, 2, 3, 4])", LIST),
    ("[1, 2] * 2", "array([2, 4])", "array([1, 2, 1, 2])", LIST),
    ("[1, 2] * 0.5", "array([0.5, 1])", "error", LIST),
    ("[1, 2] - [1, 1]", "array([0, 1])", "error", LIST),
    ("[1, 2] / 2", "array([0.5, 1])", "error", LIST),
    ("[1, 2] ** 2", "array([1, 4])", "error", LIST),
    ("-[1, 2]", "array([-1, -2])", "error", LIST),
    ("[1, 2] @ [3, 4]", "11", "error", LIST),
    ("sum([v, w])", "sum([v, w])", "error", LIST),
    ("v if s > 0 else w", "error", "v", WORDS),
    ("s > 0 and s < 1", "error", "True", WORDS),
    ("not s", "error", "False", WORDS),
    ("[2 * one for one in v]", "error", "2 * v", WORDS),
    ("[0] * 65", "array([0])", "zeros(65)", LIST),
    ("stack(zeros((65, 2)))", "error", "zeros((65, 2))", "an answer joins at most 64 arrays"),
]
ROWS = [tuple(part.strip() for part in f"{row} | {row}".split(" | ")[:2]) for row in SAME.strip().splitlines()]
LEAST_ROWS = 150
NOT_IN_A_PROGRAM = {"grad", "jacobian", "local", "parts"}  # of a graph; an answer has them neither


def in_an_answer(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value)
    return as_numbers(graph.scope(graph.names).evaluate(parse(text, loose=True, names=GIVENS)).number)


def in_a_program(text):
    return run_program(f"answer = {text}", GIVENS, answer="answer").value


def check(run, text, wanted):
    if wanted == "error":
        with pytest.raises(EngineError):
            run(text)
        return
    with np.errstate(all="ignore"):
        expected = np.asarray(eval(wanted, dict(NUMPY)), dtype=float)  # noqa: S307 - this file's own texts
    value = run(text)
    assert value.shape == expected.shape
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("text", "wanted"), ROWS, ids=lambda part: part)
def test_a_text_means_the_same_in_an_answer_and_in_a_program(text, wanted):
    if wanted == "=":
        np.testing.assert_array_equal(in_an_answer(text), in_a_program(text))
        return
    check(in_an_answer, text, wanted)
    check(in_a_program, text, wanted)


@pytest.mark.parametrize(("text", "answer", "program", "why"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_a_text_that_means_two_things_says_why(text, answer, program, why):
    assert why
    check(in_an_answer, text, answer)
    check(in_a_program, text, program)


def test_every_function_has_a_row_and_there_are_enough():
    assert len(ROWS) + len(DIFFERENT) >= LEAST_ROWS
    called = set()
    for text, _ in ROWS:
        try:
            expr = parse(text, loose=True, names=GIVENS)
        except EngineError:
            continue
        called |= {part.function for part in walk(expr) if isinstance(part, Call)}
    missing = {canonical(name) for name in NAMES} - called - NOT_IN_A_PROGRAM
    assert not missing, missing
