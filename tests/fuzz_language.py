"""Ten minutes of nonsense for the language: `python tests/fuzz_language.py --minutes 10 [--seed N]`.

No text may raise anything but EngineError, say more than 300 characters, take over a second or over 64 MB. What does
is printed with the text that did it; the exit status is 1 then. Not part of `make test`: run it by hand.
"""

import argparse
import random
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable

import numpy as np

from rnn_tutor.engine.errors import MESSAGE_LIMIT, EngineError
from rnn_tutor.engine.functions import METHODS, NAMES, TABLE, names
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import read_loop
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.reading.language import one_line, parse, parse_let, parse_shape, show, without_target
from rnn_tutor.engine.reading.pasted import unpasted

SLOW = 1.0
MEMORY = 64 * 2**20
ALPHABET = [
    *"0123456789", *"xyzWhtabceT", *"+-*/@.,;:=<>!%^&|~()[]{}", *"  \n\t", *"'\"#$\\_?`", "**", "==", "<=", "...",
    "np.", "torch.", "array(", "tensor(", "dtype=", ", dtype=torch.float64", "e", "pi", "inf", "nan", "None", "True",
    "axis=", "keepdims=", "decimals=", ".T", ".sum(", ".shape", "[t]", "[t-1]", "1e308", "1e-320", "999999999",
    "0.1", "-1", "16,000", "lambda", "if", "for", "in", "σ(", "²", "³", "⁻¹", "₁", "ₜ", "ᵀ", "√", "−", "×", "·",
    "λ", "ĥ", "\u0303", "½", "∞", "‖", "\x00", "\x1b[31m", "\u202e", "\ud800", "😀", "０", "（", "\u00a0", "range(",
    "reversed(", " in ", *(f"{name}(" for name in NAMES),
    "2D", "h_1", "44 steps", "step 4", " by ", "n = 4", "~(", "np.r_[", ".amax(", "{}", "is None", "print(",
    "assert ", "map(", "def f(a, k=2):\n    ", "    def g(c): return a\n", "np.clip(x, 0, 1, out=x)",
    "sum(a for a in x)", "g = lambda a: ",
]  # fmt: skip
PAPER = [
    "einsum('ij,j->i', ", 'einsum("ij", ', "einsum('",
    "⌊", "⌉", "||", "‖", "tanh^2(", "tanh²(", "^T", "sigma(", "roughly ",
    "reduction='sum'", "float('-inf')", "[..., 0]", "[...]", "'none'",
    " steps", " nats per token", "44steps", " per cent", " million", "≈ ", "~", "h̃ = ", "x = ", "about ",
    " x10^-1", " × 10⁻¹", "·10^3", "10^{-2}", " e-1", "e -1", "0·5", "7,260.05", "1,234,567", "0,4", "$", "€", "£5",
    "\u200b", "\u00ad", "\ufeff", "﹣", "➖", "‒", "`", "```", "```python\n", "\n```", ">>> ", "\n... ", "In [1]: ",
    "\nOut[2]: ", "True", "np.True_", "int(", "np.newaxis", "newaxis", "shape(", " ", "\n", "⁢", "//", ", ", "; ",
    "1/2 ", "-3/4 ln(", "50(", "50(10 + 1)", " mod ", "9 mod 4", "(x) mod (3)", "1.11x", "(0.8; -0.7)^T", "(s; n).T",
]  # fmt: skip
_LATEX = r"""
    \frac \frac{ \dfrac12 \sqrt{ \sqrt[3]{ \tanh \tanh^2 \tanh^{-1} \ln \log_2 \log_{10} \sigma \sigma( \cdot
    \times \left( \right) \left. \mathbf{W} \text{softmax} \tilde{h} \begin{bmatrix} \end{bmatrix}
    \begin{array}{cc} & \\ \| \lVert \rVert \infty \pi \lambda ^{ ^{-1} ^{(1)} ^\top ^T _{ _{hh} _{t-1} { } }{ ( )
    $ $$ \( \) \[ \] \, \% \input{ \write18{ \def\x{ \ e^{-x} ^2
"""
LATEX = [*_LATEX.split(), "\\ln ", "\\hat x", "\\ "]
LEAVES = ["x", "y", "W", "X", "mask", "ids", "s", "n", "h", "big", "cube", "empty", "e", "pi", "inf", "nan", "True"]
NUMBERS = ["0", "1", "2", "3", "-1", "0.5", "1e308", "1e-308", "1000", "1001", "100000", "1e9", "5", "7", "64", "300"]


def scope() -> Graph:
    """Return a learner's scope over arrays of many shapes, one known by its shape only."""
    rng = np.random.default_rng(0)
    graph = Graph()
    shapes = {"x": (3,), "y": (3,), "W": (3, 3), "X": (4, 3), "s": (), "h": (5, 3), "big": (300, 300)}
    shapes["cube"] = (2, 3, 4)
    for name, shape in shapes.items():
        graph.leaf(name, rng.normal(size=shape))
    graph.leaf("mask", np.array([1.0, 0.0, 1.0]))
    graph.leaf("ids", np.array([0.0, 2.0, 1.0, 2.0]))
    graph.leaf("n", np.asarray(4.0))
    graph.leaf("empty", np.zeros((0, 3)))
    graph.leaf("E", None, (50_000, 512))
    return graph


def nonsense(rng: random.Random) -> str:
    """Return a text of random pieces."""
    return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, rng.choice([5, 20, 80, 600]))))


def expression(rng: random.Random, depth: int) -> str:
    """Return a text that the grammar allows, mostly."""
    if depth <= 0 or rng.random() < 0.1:
        return rng.choice([rng.choice(LEAVES), rng.choice(NUMBERS), "E"])

    def inner() -> str:
        return expression(rng, depth - 1 - rng.randint(0, 1))

    kind = rng.randrange(10)
    if kind < 3:
        sign = rng.choice(["+", "-", "*", "/", "**", "@", "<", "==", ">="])
        return f"({inner()} {sign} {inner()})"
    if kind < 6:
        name = rng.choice(NAMES)
        args = [inner() for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
        keys = rng.sample(["axis", "keepdims", "decimals"], rng.choice([0, 0, 0, 1, 2]))
        args += [f"{key}={inner()}" for key in keys]
        return f"{name}({', '.join(args)})"
    if kind == 6:
        member = rng.choice([*METHODS, "T", "shape", "size", "ndim"])
        return f"{inner()}.{member}" + rng.choice(["", "()", f"({inner()})"])
    if kind == 7:
        count = rng.choice([1, 1, 2, 3])
        items = [rng.choice([inner(), ":", "None", f"{inner()}:{inner()}", "::-1"]) for _ in range(count)]
        return f"{inner()}[{', '.join(items)}]"
    if kind == 8:
        return "[" + rng.choice([", ", " ", "; "]).join(inner() for _ in range(rng.randint(0, 4))) + "]"
    return f"-{inner()}"


def paper(rng: random.Random) -> str:
    """Return a text as on paper or pasted: names side by side, powers of ten, money, prompts, what cannot be seen."""
    pieces: list[str] = []
    for _ in range(rng.randint(1, rng.choice([4, 12, 40]))):
        kind = rng.randrange(4)
        if kind == 0:
            pieces.append(rng.choice(PAPER))
        elif kind == 1:
            pieces.append(f"({expression(rng, 2)})")
        else:
            pieces.append(rng.choice([*LEAVES, *NUMBERS]))
        pieces.append(rng.choice([" ", " ", "", " + ", " * ", " / ", "**", "-", " -"]))
    return "".join(pieces)


def latex(rng: random.Random) -> str:
    """Return a text of LaTeX, whole and broken."""
    pieces = [rng.choice([*LATEX, *LATEX, *LEAVES, *NUMBERS, "+", "-", " "]) for _ in range(rng.randint(1, 40))]
    return rng.choice(["", " "]).join(pieces)


def spelled(rng: random.Random, depth: int) -> str:
    """Return a call in the spelling of a library, as a function or a method, mostly as its row has it."""
    tables = {"torch.": names.TORCH, "F.": names.FUNCTIONAL, "np.": names.NUMPY, "jax.nn.": names.JAX, "tf.": names.TF}
    library = rng.choice([*tables])
    name, _, inside = rng.choice([*tables[library]]).rstrip(")").partition("(")
    args: list[str] = []
    for param in inside.split(", "):
        value = spelled(rng, depth - 1) if depth > 0 and rng.random() < 0.5 else expression(rng, 1)
        bare = param.lstrip("*").partition("=")[0]
        args.append(f"{bare}={value}" if "=" in param or rng.random() < 0.3 else value)
    name = name.removeprefix("linalg.")
    if rng.random() < 0.4:
        return f"({args[0].partition('=')[2] or args[0]}).{name}({', '.join(args[1:])})"
    layer = rng.choice([*names.LAYERS])
    if rng.random() < 0.1:
        return f"nn.{layer}({rng.choice(['', 'dim=1', 'axis=0', '3'])})({', '.join(args)})"
    return f"{rng.choice([library, library, ''])}{name}({', '.join(args)}){rng.choice(['', '[0]', '.values', '.T'])}"


def mutated(rng: random.Random, text: str) -> str:
    """Return a text with a few of its characters changed."""
    chars = list(text)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(chars) + 1)
        chars[place : place + rng.randint(0, 2)] = [rng.choice(ALPHABET)] * rng.randint(0, 2)
    return "".join(chars)


def doors(text: str, graph: Graph, learner: bool) -> list[Callable[[], object]]:
    """Return every way in which a text can enter the engine."""

    def evaluated() -> object:
        expr = parse(text, loose=learner)
        show(expr)
        names = {name: graph.names[name] for name in graph.names}
        scope = graph.scope(names) if learner else _author(graph)
        scope.evaluate(expr)
        return show(scope.settled(expr))

    return [
        evaluated,
        lambda: parse_shape(text),
        lambda: parse_let(text),
        lambda: parse_let(text, paper=True, names=graph.names),
        lambda: parse(unpasted(text), loose=True, several=True, names=graph.names),
        lambda: read_program(text),
        lambda: one_line(text),
        lambda: without_target(text, "x"),
        lambda: read_loop(text, ((text, ""),)),
    ]


def _author(graph: Graph) -> Graph:
    fresh = Graph()
    fresh.names |= graph.names
    fresh.first = graph.size
    return fresh


def trouble(text: str, graph: Graph, learner: bool, found: Counter[str], slow: float = SLOW) -> str | None:
    """Return what a text did that it must not do."""
    for number, door in enumerate(doors(text, graph, learner)):
        began = time.process_time()
        try:
            door()
            found["other ways in" if number else "evaluated"] += 1
        except EngineError as error:
            found[error.kind] += number == 0
            if len(error.says) > MESSAGE_LIMIT or not error.says or "\n" in error.says:
                return f"says {error.says!r}"
            if error.at is not None and not 0 <= error.at[0] <= error.at[1] <= len(text):
                return f"place {error.at} is outside the text: {error.says}"
        except Exception as error:  # noqa: BLE001 - every other exception is what is looked for
            return f"raised {type(error).__name__}: {error}"
        took = time.process_time() - began
        if took > slow:
            return f"took {took:.2f} s"
        found["slowest ms"] = max(found["slowest ms"], int(took * 1000))
    return None


def memory(text: str, graph: Graph) -> str | None:
    """Return a complaint when a text needs too much memory."""
    tracemalloc.start()
    try:
        parse(text, loose=True)
        graph.scope(dict(graph.names)).evaluate(parse(text, loose=True))
    except EngineError:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"needs {peak / 2**20:.0f} MB" if peak > MEMORY else None


def made(rng: random.Random, kind: int) -> str:
    """Return a text of one of the kinds."""
    if kind > 7:
        return spelled(rng, rng.choice([0, 1, 2, 6]))
    if kind > 5:
        return latex(rng)
    return nonsense(rng) if kind == 0 else paper(rng) if kind > 3 else expression(rng, rng.randint(1, 6))


def fuzz(seconds: float, seed: int, slow: float = SLOW) -> int:
    """Try texts for some seconds; return how many did what they must not."""
    rng = random.Random(seed)  # noqa: S311 - no secret: the same seed gives the same texts
    graph = scope()
    found: Counter[str] = Counter()
    bad = tried = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and bad < 20:
        tried += 1
        kind = rng.randrange(10)
        text = made(rng, kind)
        if kind in (1, 5, 7, 9):
            text = mutated(rng, text)
        says = trouble(text, graph, learner=rng.random() < 0.6, found=found, slow=slow)
        if says is None and tried % 50 == 0:
            says = memory(text, graph)
        if says is not None:
            bad += 1
            sys.stdout.write(f"{text!r}\n    {says}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"seed {seed}: {tried} texts, {len(TABLE)} functions, {bad} in trouble; {dict(found)}\n")
    return bad


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--slow", type=float, default=SLOW, help="seconds that one text may take")
    chosen = options.parse_args()
    sys.exit(1 if fuzz(chosen.minutes * 60, chosen.seed, chosen.slow) else 0)
