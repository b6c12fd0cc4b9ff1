"""No program does harm: none runs on, takes the memory, reaches anything, or ends in anything but one clear error."""

import threading
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_tutor.engine.clocks import Allowance, Clocks
from rnn_tutor.engine.errors import MESSAGE_LIMIT, EngineError
from rnn_tutor.engine.programs import interpreter
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.programs.lines import LineError

GIVEN = {"x": np.arange(12.0).reshape(4, 3), "T": np.array(4.0)}
MOST_SECONDS = 30.0  # a hang is what is tested; how long a program may run is the interpreter's own limit


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Steps, sizes and arithmetic are limits on every machine; the clock, the last resort, is set far behind them."""
    monkeypatch.setattr(interpreter, "MAX_SECONDS", 20.0)


def refused(text):
    start = time.perf_counter()
    with pytest.raises(LineError) as caught:
        run_program(text, GIVEN, answer="y")
    assert time.perf_counter() - start < MOST_SECONDS
    assert len(caught.value.says) <= MESSAGE_LIMIT
    return caught.value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("while True:\n    pass", "steps"),
        ("y = 0\nwhile True: y += 1", "steps"),
        ("for i in range(1000000):\n    for j in range(1000000):\n        pass", "steps"),
        ("y = [[[1 for k in range(9999)] for j in range(9999)] for i in range(9999)]", "steps"),
        ("y = [1]\nfor a in y: y.append(a)", "10,000"),
        ("y = [1]\nwhile True: y = y + y", "10,000"),
        ("y = [1]\nwhile True: y += y", "10,000"),
        ("y = [1]\nwhile True: y.extend(y)", "10,000"),
        ("y = [0] * 10**6", "10,000"),
        ("y = list(range(20000))", "10,000"),
        ("for t in range(10**8): pass", "range"),
        ("y = ones(2)\nwhile True: y = concat(y, y)", "100,000"),
        ("y = []\nwhile True: y.append(zeros(100000))", "MB"),
        ("y = []\nfor i in range(9999):\n    y.append([0] * 9999)", "steps"),
        ("y = []\nfor i in range(9000): y.append([i * 1 for j in range(500)])", "steps"),
        ("y = ones(100000)\nwhile True: y = exp(-y)", "arithmetic"),
        ("y = ones(100000) * 1.5\nwhile True: z = " + "y ** 0.37 + " * 45 + "y", "arithmetic"),
        ("y = ones((300, 300))\nwhile True: y = inv(y + eye(300))", "arithmetic"),
        ("y = ones((200, 200))\nwhile True: y = y @ y / 200", "arithmetic"),
        ("y = [1]\ny.append(y)\nreturn y", "deep"),
        ("y = []\nfor i in range(20): y = [y, y]\nreturn y", "axes"),
        ("def f(a):\n    return f(a)\ny = f(1)", "20 deep"),
        ("def f(a):\n    return g(a)\ndef g(a):\n    return f(a)\ny = f(1)", "20 deep"),
        ("def f(n):\n    return ones(100000) + f(n)\ny = f(1)", "20 deep"),
        ("def f(n):\n    while n < 9: n = n * 1\n    return n\ny = f(1)", "steps"),
        ("y = 9**9**9**9", "Exponents"),
        ("y = " + "9" * 65, "64"),
        ("y = 1e999", "largest"),
        ("y = " + "(" * 33 + "1" + ")" * 33, "nested"),
        ("y = " + "-" * 5 + "1", "signs"),
        ("y = " + "1 + " * 180 + "1", "parts"),
        ("y = [" + "1, " * 500 + "1]", "400"),
        ("y = 1" + " " * 2001 + "+ 1", "2,000"),
        ("y = 1\n" * 201, "201 lines"),
        ("#" * 8001, "8,000"),
        ("y = 1 + 2 + 3 + 4 + 5 + 6 + 7\n" * 150, "1,500"),
        ("\n".join(" " * k + "if True:" for k in range(20)) + "\n" + " " * 20 + "y = 1", "12 deep"),
        ("\n".join(" " * k + "for t in x:" for k in range(13)) + "\n" + " " * 13 + "y = 1", "12 deep"),
        ("=".join(f"a{k}" for k in range(30)) + " = 1", "20"),
        (",".join(f"a{k}" for k in range(30)) + " = x", "20"),
        ("def f(" + ",".join(f"a{k}" for k in range(30)) + "):\n    return 1", "20"),
        ("a" * 41 + " = 1", "40"),
        ("return zeros(20000)", "10,000"),
    ],
)
def test_limits(text, word):
    assert word in refused(text).says


@pytest.mark.parametrize(
    "text",
    [
        "import os", "import os\ny = os", "from os import path", "import numpy, os", "__import__('os')",
        "y = __import__('os').getcwd()", "y = x.__class__", "y = x.__class__.__bases__[0].__subclasses__()",
        "y = __name__",
        "y = x.base", "y = x.data", "y = x.ctypes", "x.tofile(3)", "y = x.view(3)", "y = np.load(3)", "y = np.core",
        "y = np.random.seed(3)", "open(3)", "y = open('a')", "eval('1')", "exec('1')", "compile(1, 2, 3)",
        "globals()",
        "y = globals()", "y = getattr(x, 'T')", "y = type(x)", "y = dir()", "y = vars()", "y = input()",
        "y = '{0.__class__}'.format(x)", "y = f'{x}'", "f'{x}'.join(x)", 'y = "a" * 10', "y = b'a'", "y = r'a'",
        "@foo\ndef f():\n    return 1", "y = lambda: 3", "y = (lambda a: a)(3)", "try:\n    y = 1\nexcept: y = 2",
        "with x: y = 1", "with open('a') as f: y = f", "class A: pass", "global y", "nonlocal y", "y = yield 3",
        "def f():\n    yield 1\ny = f()", "async def f():\n    return 1", "y = await x", "async for a in x: pass",
        "y = (a := 3)", "a := 3", "*a, b = x", "y = [*x]", "y = f(*x)", "y = stack(*x)", "y = zeros(**x)",
        "def f(*a):\n    return 1", "def f(a=1):\n    return 1", "def f(a, a):\n    return 1", "y = {1: 2}",
        "y = {1, 2}",
        "y = {}", "y = {a for a in x}", "del y", "raise y",
        "y = 1 if T", "y = x is x", "y = 3 in x", "y = ...", "y = 1j", "y = 0x10",
        "y = 1__0",
        "y = not", "y = and 3", "for in x: pass", "for t in : pass", "for 3 in x: pass", "for t, in 3: pass",
        "if : pass", "while : pass", "else: y = 1", "elif T: y = 1", "if T:\n    y = 1\nelse if: y = 2", "def : pass",
        "def f: pass", "def f(): pass\ndef f(): pass", "def range(): pass", "def __init__(): pass",
        "for t in x: def f(): pass",
        "return f", "y = f()", "y.a = 3",
        "y() = 3",
        "y + 1 = 3", "3 = y", "True = 3", "None = 3", "y = None", "x[0] += 1", "T[0] = 1", "y = T[0]", "y //= 2",
        "y |= 2",
        "y = a b", "y = 3 3", "y = ", " = 3", "=", "()", "y = ()()", "y[0] = 1", "y += 1",
        "match T:\n    case 1: y = 1",
        "exit()", "quit()", "breakpoint()", "y = x.append", "x.append(1)", "y = [].append(1)", "y = range", "y = len",
        "y = x.sort()", "h = []\nh.pop()", "h = [1]\nh.pop(1)", "h = [1]\nh.pop(0.5)", "h = [1]\nh.pop(0, 1)",
        "h = [1]\nh[0] += h.pop()", "h = [1, 2]\nh[-1] *= h.pop()", "h = [[1], [2]]\nh[1] += h.pop()",
        "x.pop()", "d = {}\nd[0] = 1\nd.pop(0)", "h = []\nh.append(1, 2)", "h = []\nh.insert(1)", "y = range()",
        "y = range(1, 2, 0)",
        "y = range(1.5)", "y = reversed(zip(x, x))", "y = x\\\n", "y = x\x00", "y = '\x1b]52;c;'", "\ud800", "y = ￿",
    ],
)  # fmt: skip
def test_what_is_no_part_of_the_language_is_refused_with_its_line(text):
    error = refused(text)
    assert 1 <= error.line <= text.count("\n") + 1
    assert "\n" not in error.says


def test_memory_stays_within_its_limit():
    """Held by variables, on the way, and by what is recorded: each bounded."""
    worst = 0
    for text in (
        "y = []\nwhile True: y.append(zeros(50000))",
        "y = []\nwhile True: y.append([0.5] * 9999)",
        "y = []\nwhile True: y.append(len(y))",
        "a = [zeros(1000)]\nwhile True:\n    y = a[0] + 1\n    a.append(y)",
        "def f(n):\n    b = zeros(100000)\n    return f(n + 1) + b\ny = f(0)",
    ):
        tracemalloc.start()
        with pytest.raises(EngineError):
            run_program(text, GIVEN, answer="y", watch=frozenset("y"))
        worst = max(worst, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert worst < 64_000_000


class Counted:
    """A clock that goes on by so much with every look at it."""

    def __init__(self, step):
        self.now = 0.0
        self.step = step

    def __call__(self):
        self.now += self.step
        return self.now


ROUNDS = "y = 0\nfor t in range(20000): y += 1"


def test_the_cpu_time_of_a_program_is_bounded():
    with pytest.raises(LineError, match="too long"):
        run_program("while True: pass", GIVEN, answer="y", clocks=Clocks(cpu=Counted(0.5), wall=Counted(0.0)))
    with pytest.raises(LineError, match="too long"):
        run_program(ROUNDS, GIVEN, answer="y", seconds=0.3, clocks=Clocks(cpu=Counted(0.01), wall=Counted(0.0)))


def test_a_program_that_waits_for_the_processor_is_not_refused():
    """Twenty seconds pass on the wall, and the program has had a hundredth of one: others had the rest."""
    crowded = Clocks(cpu=Counted(0.00001), wall=Counted(0.03))
    found = run_program(ROUNDS, GIVEN, answer="y", clocks=crowded)
    assert found.value == 20000
    assert crowded.wall() > 10 > 0.1 > found.seconds > 0


def test_the_wall_clock_is_a_bound_far_behind():
    still = Clocks(cpu=Counted(0.0), wall=Counted(1.0))
    with pytest.raises(LineError, match="too long"):
        run_program("while True: pass", GIVEN, answer="y", clocks=still)


def test_what_other_threads_do_is_not_counted():
    """The CPU time of the thread is measured, not that of the process, in which others may mark and draw."""
    allowance = Allowance(1.0, 1.0)
    process = time.process_time()
    other = threading.Thread(target=lambda: sum(range(2_000_000)))
    other.start()
    other.join()
    assert allowance.used < (time.process_time() - process) / 2


_SIMPLE = st.sampled_from(
    [
        "return y", "return f(y)", "break", "continue", "pass", "y = 0", "y = x", "y += 1", "y[0] = 1", "y = []",
        "z = f(y)",
        "y.append(y)", "y.append(x)", "y.append(1)", "y = y + y", "y = [y, y]", "y = [y for a in y]", "y = stack(y)",
        "y = y @ y", "y = y * 1000", "y = y ** y", "y, z = y", "z = y", "z[0] += 1", "y = concat(y, y)", "y = x.T[0]",
        "y.extend(y)", "y = list(zip(y, x))", "y = exp(y)", "y = outer(y, y)", "y = y if T else z", "y = -y[::-1]",
        "y = tile(y, 100)", "y.insert(0, y)", "y.reverse()", "y = len(y)", "T = T + 1", "y = zeros(T)",
        "z = [y] * 9", "y = z",
        "# no", "y = (", "y]", "y = '", "lambda", "return", "z = y.copy()", "y = y[None]", "y = y == z",
        "y = ones(99, 99)",
    ]
)  # fmt: skip
_HEADERS = st.sampled_from(
    [
        "for t in range(T):",
        "for y in x:",
        "for t in y:",
        "while T:",
        "while y < 30:",
        "if T > 1:",
        "if y:",
        "for z in reversed(y):",
    ]
)


def _indented(lines):
    return ["    " + line for line in lines]


_BLOCKS = st.recursive(
    _SIMPLE.map(lambda line: [line]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=5).map(lambda some: [line for one in some for line in one]),
        st.tuples(_HEADERS, inner).map(lambda pair: [pair[0], *_indented(pair[1])]),
        st.tuples(inner, inner).map(lambda pair: ["if T > 2:", *_indented(pair[0]), "else:", *_indented(pair[1])]),
    ),
    max_leaves=14,
)
_PROGRAMS = st.tuples(_BLOCKS, _BLOCKS).map(
    lambda pair: "\n".join(["def f(y):", *_indented(pair[0]), "y = []", "z = x", *pair[1]])
)


def survives(text):
    start = time.perf_counter()
    try:
        run_program(text, GIVEN, answer="y", watch=frozenset("yz"))
    except LineError as error:
        assert 1 <= error.line <= max(1, text.count("\n") + text.count("\r") + 1)
        assert error.says.startswith(f"Line {error.line}: ")
    assert time.perf_counter() - start < MOST_SECONDS


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(_PROGRAMS)
def test_no_program_of_pieces_breaks_out(text):
    survives(text)


@given(st.text(max_size=300))
def test_no_text_breaks_out(text):
    survives(text)


@given(st.text(alphabet=" \n\t:=()[]{}.,;#'\"\\+-*/@<>!_abfxyT019λ²", max_size=120))
def test_no_signs_break_out(text):
    survives(text)
