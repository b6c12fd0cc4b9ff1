"""What is quoted of an expression reads back as the same expression: nothing is shown that nobody computed."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.engine.expression import OPERATORS, UNARY, Array, Call, Index, Name, NewAxis, Number, Slice, show
from rnn_tutor.engine.functions import METHODS, NAMES, canonical
from rnn_tutor.engine.mutate import (
    algebra,
    brackets,
    changes,
    edits,
    mutation,
    mutations,
    networks,
    operands,
    quantities,
    result_edits,
)
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import ATTRIBUTES, KEYWORDS, parse

TABLED = sorted({canonical(name) for name in NAMES} - {None})
NUMBERS = st.sampled_from(["0", "1", "2", "0.5", ".5", "3.", "1e-3", "24.0", "100"]).map(
    lambda text: Number(float(text), text)
)
ELSEWHERE = {"reverse"}  # ours takes no axis: with one it is TensorFlow's, our flip
LEAVES = st.one_of(NUMBERS, st.sampled_from(["a", "b_1", "W_xh", "h_prev", "pi", "t"]).map(Name))


def _chosen(base, items):
    """An index; of a list that is written out it is read only with array() around the list."""
    return Index(Call("array", (base,)) if isinstance(base, Array) else base, items)


def _named(function, inner):
    keys = st.lists(st.sampled_from(KEYWORDS), max_size=0 if function in ELSEWHERE else 2, unique=True)
    return keys.flatmap(lambda keys: st.tuples(*[st.tuples(st.just(key), inner) for key in keys]))


def grown(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    part = st.none() | inner
    item = st.one_of(inner, st.just(NewAxis()), st.builds(Slice, part, part, part))

    def called(name):
        return st.builds(Call, st.just(name), several, _named(name, inner))

    def method(name):
        named = _named(METHODS[name], inner)
        return st.builds(lambda args, named: Call(METHODS[name], args, named, style="method"), several, named)

    return st.one_of(
        st.builds(lambda sign, *both: Call(sign, both, style="operator"), st.sampled_from([*OPERATORS]), inner, inner),
        st.builds(lambda sign, a: Call(sign, (a,), style="operator"), st.sampled_from(list(UNARY)), inner),
        st.sampled_from(TABLED).flatmap(called),
        st.sampled_from(sorted(METHODS)).flatmap(method),
        st.builds(lambda name, a: Call(name, (a,), style="attribute"), st.sampled_from([*ATTRIBUTES.values()]), inner),
        st.builds(_chosen, inner, st.lists(item, min_size=1, max_size=2).map(tuple)),
        st.builds(Array, several),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=12)


@given(EXPRESSIONS)
def test_any_expression_reads_back_as_itself(expr):
    assert parse(show(expr)) == expr, show(expr)


def _calls(name):
    """All calls of a function with any of the keywords of the language."""
    styles = ("call", "method") if name in METHODS.values() else ("call",)
    counts = range(len(KEYWORDS) + 1)
    for keys in itertools.chain.from_iterable(itertools.combinations(KEYWORDS, count) for count in counts):
        named = tuple((key, Name("n")) for key in keys)
        for args, style in itertools.product(((Name("a"),), (Name("a"), Name("b"))), styles):
            yield Call(name, args, named, style=style)


def test_a_name_of_ours_with_keywords_of_ours_is_no_librarys_call():
    """Else what has a meaning of ours is read as something else: all of them, where the property tries some."""
    others = {name for name in TABLED if any(parse(show(call)) != call for call in _calls(name))}
    assert others == ELSEWHERE


FORMULAS = [
    "L * i / (1 - (1 + i)**(-n))",
    "(a + b) / (c - n)",
    "(a - b) - (c - n)",
    "(a + b)**(c - n)",
    "1 - (a - b)",
    "1 - (a + b) * c",
    "(U @ h + b) @ (W @ x)",
    "(a + b) * (c + n)",
    "-(a + b)",
    "exp(-(a - b))",
    "min(a + b, c - n)",
    "sqrt(a + b)",
    "norm(a - b)",
    "concat(h + b, x)",
    "(1 - (a - b)) * h + (a - b) * b",
    "(a + b) / n",
    "a / size(h @ U)",
    "sum(h) / n",
    "softmax(h + x)",
    "sum(abs(h - b)) / sum(h + b, axis=0)",
]
CONTEXT = Context(
    {"a": (), "b": (), "c": (), "n": (), "h": (2,), "x": (3,), "U": (2, 2), "W": (2, 3), "L": (), "i": ()}
)
JOINED = re.compile(r"⟧`?\s*[-+*/@=<>.\[]|[-+*/@=<>.]\s*`?⟦")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_sentence_joins_no_two_quotes_by_a_sign(text, monkeypatch):
    quoted = mutation.brief
    for module in (mutation, algebra, networks, brackets, operands, quantities):
        monkeypatch.setattr(module, "brief", lambda expr, *_most: f"⟦{quoted(expr)}⟧", raising=False)
    expr = parse(text)
    said = [one.clause for one in mutations(expr, CONTEXT)]
    said += [one.clause for one in changes({"y": expr, "z": expr}, frozenset(CONTEXT.shapes), CONTEXT)]
    said += [one.clause for one in (*edits(expr, CONTEXT), *result_edits(expr, CONTEXT))]
    assert said and any("⟦" in one for one in said)
    assert [one for one in said if JOINED.search(one)] == []


def test_what_is_reversed_stands_in_its_brackets():
    said = [one.clause for one in mutations(parse("L * i / (1 - (1 + i)**(-n))"), CONTEXT)]
    assert "the division were reversed: `(1 - (1 + i)**(-n)) / (L * i)`" in said


def test_an_index_of_a_list_and_a_method_of_a_number_can_be_read():
    listed = Index(Array((Number(1.0, "1"), Number(2.0, "2"))), (Number(0.0, "0"),))
    assert show(listed) == "array([1, 2])[0]"
    assert show(Index(Number(1.0, "1"), (NewAxis(),))) == "(1)[None]"
    assert (
        show(Call("sum", (Name("x"),), style="method"), lambda part: "0.5" if isinstance(part, Name) else None)
        == "(0.5).sum()"
    )
