"""Random small programs give what Python with NumPy gives, sharing of arrays and lists included."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_tutor.engine.programs.interpreter import run_program

GIVEN = {"x": np.array([[0.5, -1.0, 0.25], [2.0, 0.75, -0.5]]), "v": np.array([1.5, -0.25, 0.5])}
NUMPY = {"np": np, "stack": np.stack, "array": np.array, "zeros": np.zeros, "ones": np.ones, "tanh": np.tanh}

# a, b: vectors of 3; s, u: numbers; h, g: lists of vectors
_NUMBER = st.sampled_from(
    ["s", "u", "1.5", "-0.5", "a[1]", "b[-1]", "x[1, 2]", "sum(a)", "len(h)", "a @ b", "x[0] @ b", "s * 0.5",
     "u - s", "max(b)",
     "(s if s > u else u)", "f(s, u)", "h[0][1]", "len([t for t in h if t[0] > 0])", "sum([t[0] for t in g])",
     "x.shape[1]", "len(h) % 2", "7 % 4 * s", "(s + u) % 0.75"]
)  # fmt: skip
_VECTOR = st.sampled_from(
    ["a", "b", "v + 0.0", "a + b", "a * 0.5", "tanh(a)", "a - s", "x[0] * b", "h[-1]", "h[0].copy()", "a[::-1]",
     "g[0] + a",
     "ones(3) * u", "zeros(3)", "array(b)", "x.T[:, 1] + b", "c(a, b)", "stack(h)[0]", "stack([a, b])[1]",
     "array([s, u, 1.0])", "a % 0.5"]
)  # fmt: skip
_LIST = st.sampled_from(
    ["h", "g", "h + g", "[a, b]", "[a]", "[t * 0.5 for t in h]", "h[:2]", "h[::-1]", "list(h)",
     "[r + 0.0 for r in x]",
     "h.copy()", "[b] * 2", "[t for t in reversed(g)]", "[p + q for p, q in zip(h, g)]"]
)  # fmt: skip
_CONDITION = st.sampled_from(
    ["s > u", "len(h) < 4", "a[0] > 0 and b[0] < 1", "s == u or a[1] <= 0.5", "not s >= 1", "0 < s < 2", "h", "True"]
)
_TIMES = st.sampled_from(["range(2)", "range(3, 0, -1)", "reversed(range(3))", "range(1, 3)"])
_TAIL = [
    "out = [s * ones(3), u * ones(3), a, b] + h + g",
    "return stack(out)",
]
HEAD = [
    "def f(p, q):",
    "    p = p * 0.5",
    "    if p > q: return p",
    "    return q - 1.0",
    "def c(p, q):",
    "    p[0] = 0.5",
    "    r = p + q",
    "    return r",
    "a = v + 0.0",
    "b = x[0] + 0.0",
    "s, u = 0.25, 1.0",
    "h = [a, b]",
    "g = [b]",
]


def _lines(*strategies, form):
    return st.tuples(*strategies).map(lambda parts: [form.format(*parts)])


_SIMPLE = st.one_of(
    _lines(st.sampled_from("su"), _NUMBER, form="{0} = {1}"),
    _lines(st.sampled_from("su"), st.sampled_from(["+", "-", "*"]), _NUMBER, form="{0} {1}= {2}"),
    _lines(st.sampled_from("ab"), _VECTOR, form="{0} = {1}"),
    _lines(st.sampled_from("ab"), st.sampled_from(["+", "-"]), _VECTOR, form="{0} {1}= {2}"),
    _lines(st.sampled_from("ab"), st.integers(-3, 2), _NUMBER, form="{0}[{1}] = {2}"),
    _lines(st.sampled_from("ab"), st.integers(0, 2), _NUMBER, form="{0}[{1}] += {2}"),
    _lines(st.sampled_from("ab"), _VECTOR, form="{0}[:] = {1}"),
    _lines(st.sampled_from("gh"), _LIST, form="{0} = {1}"),
    _lines(st.sampled_from("gh"), _VECTOR, form="{0}.append({1})"),
    _lines(st.sampled_from("gh"), _VECTOR, form="{0}.insert(0, {1})"),
    _lines(st.sampled_from("gh"), _LIST, form="{0} += {1}"),
    _lines(st.sampled_from("gh"), _VECTOR, form="{0}[0] = {1}"),
    _lines(st.sampled_from("gh"), _NUMBER, form="{0}[-1][1] = {1}"),
    _lines(st.sampled_from("gh"), _VECTOR, form="{0}[0] += {1}"),
    _lines(st.sampled_from("gh"), form="{0}.reverse()"),
    st.just(["a, b = b, a"]),
    st.just(["s, u = u, s"]),
    st.just(["a, b = h[0], g[0]"]),
    _lines(_VECTOR, _VECTOR, form="c({0}, {1})"),
)


def _indented(lines):
    return ["    " + line for line in lines]


def _loop(parts):
    header, body, ending, condition = parts
    return [header, *_indented(body), *_indented([f"if {condition}: {ending}"] if ending else [])]


_ENDING = st.sampled_from(["", "", "break", "continue"])
_BLOCKS = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda some: [line for one in some for line in one]),
        st.tuples(_TIMES.map(lambda times: f"for k in {times}:"), inner, _ENDING, _CONDITION).map(_loop),
        st.tuples(st.sampled_from(["for t in x:", "for a in h[:3]:",
        "for j, t in enumerate(a):"]), inner, _ENDING, _CONDITION).map(_loop),
        st.tuples(_CONDITION, inner, inner).map(
            lambda parts: [f"if {parts[0]}:", *_indented(parts[1]), "else:", *_indented(parts[2])]
        ),
        inner.map(lambda body: ["n = 0", "while n < 2:", "    n += 1", *_indented(body)]),
    ),
    max_leaves=8,
)  # fmt: skip


def python(lines):
    """What Python makes of it; None where it raises, or grows beyond what can be compared."""
    names = dict(NUMPY) | {name: value.copy() for name, value in GIVEN.items()}
    try:
        with np.errstate(all="ignore"):
            exec("\n".join(["def main():", *_indented(lines)]), names)  # noqa: S102 - our own few words
            value = names["main"]()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return value if len(value) < 500 and np.isfinite(value).all() and np.abs(value).max() < 1e100 else None


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_BLOCKS)
def test_programs_do_what_python_does(body):
    expected = python([*HEAD, *body, *_TAIL])
    if expected is None:
        return
    text = "\n".join([*HEAD, *body, *_TAIL])
    value = run_program(text, GIVEN, answer="out").value
    assert value.shape == expected.shape
    np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-12)
