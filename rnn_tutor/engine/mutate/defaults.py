"""What a given is taken for by those who do not look at it: the value that such a thing has elsewhere.

It is told by the meaning of the given. A mean is taken as 0 and a deviation as 1, one by one or both: a standard normal
for the prior. A base of frequencies is the one of the paper.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rnn_tutor.engine.expression import Call, Expr, Name, Number
from rnn_tutor.engine.mutate.mutation import Context

CENTRES = frozenset(
    (
        "mean",
        "means",
        "centre",
        "centres",
        "center",
        "offset",
        "offsets",
        "bias",
        "biases",
        "noise",
        "intercept",
        "initial",
        "start",
    )
)
SPREADS = frozenset(
    (
        "deviation",
        "deviations",
        "variance",
        "variances",
        "scale",
        "scales",
        "temperature",
        "precision",
        "width",
        "sigma",
    )
)
OF_PAPERS = (  # words of a meaning, the value that is usual, and where it comes from
    ("base wavelength", Number(10000.0, "10000")),  # Vaswani et al. 2017, section 3.5; Su et al. 2021
    ("momentum", Number(0.9, "0.9")),  # torch.optim examples; Kingma and Ba 2015
    ("gravity acceleration", Number(9.81, "9.81")),  # standard gravity
    ("temperature gain", Number(1.0, "1")),  # softmax as it is
)
PLAIN = frozenset(
    (
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "in",
        "to",
        "its",
        "each",
        "standard",
        "is",
        "on",
        "at",
        "with",
        "new",
        "all",
    )
)


@dataclass(frozen=True)
class Default:
    """Givens that are taken for what is usual: what stands instead of each, and what is said of it."""

    instead: Mapping[str, Expr]
    clause: str
    further: float = 0.0  # what it costs more than the likeliest


def defaults(names: Mapping[str, object], context: Context) -> Iterator[Default]:
    """Yield what the givens among some names may be taken for, those of one kind together."""
    words = {name: _words(context.means.get(name, "")) for name in names if name in context.means}
    usual = {name: value for name, own in words.items() if (value := _usual(name, own, context)) is not None}
    for name, value in usual.items():
        if context.shapes.get(name):  # of a number 0 and 1 are tried anyway
            yield Default({name: value}, f"{context.named(Name(name))} were taken as {_number(value)}")
    for name, own in words.items():
        for known, value in OF_PAPERS:
            if own & set(known.split()) and context.shapes.get(name) == () and not context.is_mask(Name(name)):
                yield Default({name: value}, f"{context.named(Name(name))} were taken as {value.text}")
    for first, second in combinations(usual, 2):
        both = words[first], words[second]
        subject = (both[0] & both[1]) - CENTRES - SPREADS - PLAIN
        if not subject and not _is_pair(first, second):
            continue
        told = f"`{first}` were taken as {_number(usual[first])} and `{second}` as {_number(usual[second])}"
        if {_number(usual[first]), _number(usual[second])} == {"0", "1"}:
            told += " (a standard normal)"
        yield Default({first: usual[first], second: usual[second]}, told)


def _words(means: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", means.lower()))


def _usual(name: str, words: frozenset[str], context: Context) -> Expr | None:
    if context.shapes.get(name) is None or name in context.masks | context.recurrent:
        return None
    if words & SPREADS:
        return Call("ones_like", (Name(name),)) if context.shapes[name] else Number(1.0, "1")
    if words & CENTRES and name not in context.whole:
        return Call("zeros_like", (Name(name),)) if context.shapes[name] else Number(0.0, "0")
    return None


def _is_pair(first: str, second: str) -> bool:
    """Tell whether two names have one end: mu0 and s0, mu_p and s_p."""
    ends = [re.search(r"(?:\d+|_[A-Za-z0-9]+)$", name) for name in (first, second)]
    return all(ends) and len({end.group() for end in ends if end}) == 1


def _number(value: Expr) -> str:
    return value.text if isinstance(value, Number) else "1" if value.function == "ones_like" else "0"  # type: ignore[union-attr]
