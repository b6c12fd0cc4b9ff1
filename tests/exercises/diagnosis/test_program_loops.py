"""Mistakes of a loop that show in another line than they stand in: told at their own line, and as what was done."""

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

ROLLING = """\
format: 1
id: rolling
title: Rolling score
level: 2
prompt: |
  Write `rolling(x, size)`. At each step, take the last `size` values of `x` (fewer at the beginning). Divide the newest
  one by the root of their mean square. Return `score` of all steps.
given:
  T: {value: "6", means: steps, draw: "integers(5, 9)", hidden: true}
  x:
    value: "[1.0, -2.0, 0.5, 3.0, -1.5, 2.5]"
    means: measurements
    axes: [time]
    shape: "(T,)"
    draw: "uniform(0.5, 4)"
    decimals: 1
  size: {value: "3", means: length of the window, draw: "integers(2, 5)"}
conditions:
  - "size < T"
steps:
  - let: "age = arange(T)[:, None] - arange(T)"
    say: This is how many steps each value lies before each step.
  - let: "kept = logical_and(age >= 0, age < size)"
    say: The window has the last values.
  - let: "ms = sum(kept * x ** 2, axis=1) / sum(kept, axis=1)"
    say: The mean of the squares in the window.
  - let: "score = x / sqrt(ms)"
    say: Each value is divided by the root mean square of its window.
ask:
  - answer: score
    as: program
    axes: [time]
    function: "rolling(x, size)"
"""
DESCENT = """\
format: 1
id: descent
title: Descent with a rate that shrinks
level: 2
prompt: |
  Write `descend(x, y, eta, decay, n)`. Start from `w = 0`. In each of `n` rounds, compute `p = sigmoid(w * x)`, the
  gradient `g = mean((p - y) * x)`, and `w = w - eta * g`. Then multiply `eta` by `decay`. Return the list `ws` of the
  weights.
given:
  N: {value: "4", means: points, draw: "integers(3, 6)", hidden: true}
  x:
    value: "[1.0, -2.0, 0.5, 3.0]"
    means: inputs
    axes: [point]
    shape: "(N,)"
    draw: "uniform(-3, 3)"
    decimals: 1
  y:
    value: "[1, 0, 0, 1]"
    means: labels
    axes: [point]
    shape: "(N,)"
    draw: "integers(0, 2)"
  eta: {value: "2.0", means: first rate, draw: "choice(1, 1.5, 2)"}
  decay: {value: "0.5", means: factor of the rate, draw: "choice(0.5, 0.7, 0.8)"}
  n: {value: "4", means: rounds, draw: "integers(3, 6)"}
conditions:
  - "abs(w[0]) > 0.05"
steps:
  - start: {w: "0", rate: "eta"}
    say: The weight starts from 0.
  - for: t in range(n)
    do:
      - let: "p[t] = sigmoid(w[t-1] * x)"
        say: The probability of each label.
      - let: "g[t] = mean((p[t] - y) * x)"
        say: The gradient of the loss.
      - let: "w[t] = w[t-1] - rate[t-1] * g[t]"
        say: One step against the gradient.
      - let: "rate[t] = rate[t-1] * decay"
        say: The rate shrinks.
  - let: "ws = w[0:n]"
    say: All weights.
ask:
  - answer: ws
    as: program
    axes: [round]
    function: "descend(x, y, eta, decay, n)"
"""
QUEUE = """\
def rolling(x, size):
    kept = []
    score = []
    for v in x:
        kept.append(v)
        if len(kept) > size:
            kept.pop(0)
        score.append(v / sqrt(mean(array(kept) ** 2)))
    return score
"""
SLICE = """\
def rolling(x, size):
    kept = []
    score = []
    for v in x:
        kept.append(v)
        last = array(kept[-size:])
        score.append(v / sqrt(mean(last ** 2)))
    return score
"""
SHORTENED = """\
def rolling(x, size):
    kept = []
    squares = []
    score = []
    for v in x:
        kept.append(v)
        squares.append(v ** 2)
        if len(kept) > size:
            kept = kept[1:]
            squares = squares[1:]
        score.append(kept[-1] / sqrt(mean(array(squares))))
    return score
"""
PLACES = """\
def rolling(x, size):
    score = []
    for t in range(len(x)):
        total = 0
        count = 0
        for i in range(max(0, t - size + 1), t + 1):
            total = total + x[i] ** 2
            count = count + 1
        score.append(x[t] / sqrt(total / count))
    return score
"""
WINDOW = """\
def rolling(x, size):
    score = []
    for t in range(len(x)):
        window = x[max(0, t - size + 1):t + 1]
        score.append(x[t] / sqrt(mean(window ** 2)))
    return score
"""
ROUNDS = """\
def descend(x, y, eta, decay, n):
    w = 0
    ws = []
    for t in range(n):
        p = sigmoid(w * x)
        g = mean((p - y) * x)
        w = w - eta * g
        eta = eta * decay
        ws.append(w)
    return ws
"""
POINTS = """\
def descend(x, y, eta, decay, n):
    w = 0
    ws = []
    for t in range(n):
        total = 0
        for i in range(len(x)):
            total = total + (sigmoid(w * x[i]) - y[i]) * x[i]
        g = total / len(x)
        w = w - eta * g
        eta = eta * decay
        ws.append(w)
    return ws
"""
QUEUEING = """\
format: 1
id: queueing
title: Waiting in a queue
prompt: Write it.
given:
  N: {value: "5", means: customers, draw: "integers(4, 8)", hidden: true}
  a: {value: "[1.0, 0.5, 2.0, 0.2, 1.5]", means: gaps, axes: [customer], shape: "(N,)", draw: "uniform(0.2, 2)"}
  s: {value: "[2.0, 1.5, 0.5, 3.0, 1.0]", means: service, axes: [customer], shape: "(N,)", draw: "uniform(0.5, 3)"}
steps:
  - start: {now: "0", free: "0"}
  - for: k in range(N)
    do:
      - let: "now[k] = now[k-1] + a[k]"
      - let: "begin[k] = maximum(now[k], free[k-1])"
      - let: "wait[k] = begin[k] - now[k]"
      - let: "free[k] = begin[k] + s[k]"
ask:
  - {answer: wait, as: program, function: "waits(a, s)"}
"""
CUSTOMERS = """\
def waits(a, s):
    now = 0
    free = 0
    out = []
    for k in range(len(a)):
        now = now + a[k]
        begin = max(now, free)
        out.append(begin - now)
        free = begin + s[k]
    return out
"""
FUND = """\
format: 1
id: fund
title: Growth of a fund
prompt: Write it.
given:
  T: {value: "4", means: years, draw: "integers(3, 7)", hidden: true}
  r: {value: "[0.1, 0.02, -0.2, 0.15]", means: returns, axes: [year], shape: "(T,)", draw: "uniform(-0.3, 0.4)"}
steps:
  - let: "g = exp(mean(log(1 + r)))"
ask:
  - {answer: g, as: program, function: "growth(r)"}
"""
YEARS = """\
def root(v, n):
    return v ** (1 / n)

def growth(r):
    value = 1
    for one in r:
        value = value * (1 + one)
    return root(value, len(r))
"""
RIGHT = [
    (QUEUEING, CUSTOMERS), (FUND, YEARS), (ROLLING, QUEUE), (ROLLING, SLICE), (ROLLING, SHORTENED), (ROLLING, PLACES),
    (ROLLING, WINDOW), (DESCENT, ROUNDS), (DESCENT, POINTS),
]  # fmt: skip
WRONG = [
    (
        QUEUEING,
        CUSTOMERS,
        "        free = begin + s[k]\n",
        "",
        "Line 7 reads free, which no line of the loop changes, and s is never read.",
    ),
    (FUND, YEARS, "v ** (1 / n)", "v / n", "Line 2 divides by n; it should take the power 1 / n."),
    (ROLLING, QUEUE, "pop(0)", "pop()", "Line 7 takes off the last entry of kept; it should take off the first one."),
    (ROLLING, QUEUE, ">", ">=", "Line 6 uses >=; it should use >."),
    (ROLLING, QUEUE, ">", "<=", "Line 6 uses <=; it should use >."),
    (
        ROLLING,
        QUEUE,
        "score.append(",
        "score.insert(0, ",
        "Line 8 puts v / sqrt(mean(array(kept)**2)) at the beginning of score; it belongs at the end.",
    ),
    (
        ROLLING,
        SLICE,
        "-size:",
        ":size",
        "Line 6: kept[:size] takes the first entries of kept; the last ones are needed.",
    ),
    (
        ROLLING,
        SHORTENED.replace("kept[1:]", "kept[:-1]"),
        "squares[1:]",
        "squares[:-1]",
        "Line 9 leaves out the last entry of kept; it should leave out the first one. The same holds for line 10.",
    ),
    (
        ROLLING,
        SHORTENED,
        "squares[1:]",
        "squares[:-1]",
        "Line 10 leaves out the last entry of squares; it should leave out the first one.",
    ),
    (
        ROLLING,
        PLACES,
        "max(0, t - size + 1)",
        "t - size + 1",
        "Line 6: the loop starts at t - size + 1, which is below 0 at first, and such places count from the end.",
    ),
    (
        ROLLING,
        WINDOW,
        "max(0, t - size + 1)",
        "t - size + 1",
        "Line 4: x[t - size + 1:t + 1] starts below 0 at first, and such places count from the end.",
    ),
    (
        ROLLING,
        PLACES.replace("x[i] ** 2", "x[i]"),
        "sqrt(total / count)",
        "sqrt((total / count) ** 2)",
        "Line 9 takes the square of total / count after the loop; line 7 should take it of each term.",
    ),
    (
        ROLLING,
        PLACES.replace("x[i] ** 2", "sqrt(x[i] ** 2)"),
        "sqrt(total / count)",
        "(total / count)",
        "Line 7 takes the sqrt of each term; only line 9 should, of total / count.",
    ),
    (ROLLING, PLACES, "            count = count + 1\n", "", "Line 6: count stays the same in each turn of this loop"),
    (
        DESCENT,
        ROUNDS,
        "        eta = eta * decay\n",
        "",
        "Line 4: eta stays the same in each turn of this loop; it should change from turn to turn, and decay is never "
        "read.",
    ),
    (
        DESCENT,
        POINTS.replace("        total = 0\n", "        total = 0\n        inputs = 0\n").replace(
            "y[i]) * x[i]\n", "y[i])\n            inputs = inputs + x[i]\n"
        ),
        "total / len(x)",
        "total / len(x) * inputs / len(x)",
        "Line 10 multiplies the sums of lines 8 and 9; the products of their terms should be added.",
    ),
]


@pytest.fixture
def marked(tmp_path):
    def mark_program(exercise, text):
        name = next(line.removeprefix("id: ") for line in exercise.splitlines() if line.startswith("id: "))
        path = tmp_path / f"{name}.yaml"
        path.write_text(exercise, encoding="utf-8")
        question = ask(load_exercise(path))
        return mark(question, question.parts[0].name, text)

    return mark_program


@pytest.mark.parametrize(("exercise", "text"), RIGHT)
def test_what_is_changed_below_is_right_as_it_stands(marked, exercise, text):
    assert marked(exercise, text).verdict == "right"


@pytest.mark.parametrize(("exercise", "text", "old", "new", "said"), WRONG)
def test_the_line_is_told_in_which_the_mistake_is(marked, exercise, text, old, new, said):
    assert old in text
    verdict = marked(exercise, text.replace(old, new, 1))
    assert verdict.verdict in ("wrong", "not_understood")  # the mean of an empty window does not exist
    assert said in verdict.says
    assert verdict.says.startswith(said) == (verdict.verdict == "wrong")
    assert str(verdict.line) in said.replace(":", " ").split()


LEAKY = """\
format: 1
id: leaky
title: Water in a row of tanks
prompt: Write it.
given:
  N: {value: "4", means: tanks, draw: "integers(4, 7)", hidden: true}
  d: {value: "[1.0, 0.5, 2.0, 0.7]", means: what each tank gets, axes: [tank], shape: "(N,)", draw: "uniform(0.2, 2)"}
  s: {value: "[0.3, 0.8, 0.6, 0.4]", means: part that is used, axes: [tank], shape: "(N,)", draw: "uniform(0.2, 0.9)"}
  a: {value: "0.6", means: part that runs on, draw: "uniform(0.3, 0.8)", decimals: 2}
steps:
  - let: "earlier = concat([0], s[:-1])"
  - start: {left: "0"}
  - for: k in reversed(range(N))
    do:
      - let: "full[k] = d[k] + left[k+1]"
      - let: "used[k] = [full[k] * s[k], full[k] * earlier[k], full[k] ** 2]"
      - let: "left[k] = a * full[k] * s[k]"
ask:
  - {answer: used, as: program, axes: [tank, way], function: "flow(d, s, a)"}
"""
TANKS = """\
def flow(d, s, a):
    N = len(d)
    used = zeros((N, 3))
    full = 0
    for k in reversed(range(N)):
        full = full + d[k]
        earlier = s[k - 1] if k > 0 else 0
        used[k, 0] = full * s[k]
        used[k, 1] = full * earlier
        used[k, 2] = full ** 2
        full = a * full * s[k]
    return used
"""


def test_a_name_that_is_handed_to_the_next_turn_is_compared_before_that(marked):
    """`full` is the step until the last line of the turn, where it becomes what the next turn starts from."""
    assert marked(LEAKY, TANKS).verdict == "right"
    wrong = TANKS.replace("full * s[k]\n        used[k, 1]", "full / s[k]\n        used[k, 1]")
    diagnosis = marked(LEAKY, wrong).diagnosis
    assert diagnosis is not None
    assert "line 11" not in diagnosis.says
    assert "ine 8" in diagnosis.says
    not_carried = TANKS.replace("full = full + d[k]", "full = d[k]")
    diagnosis = marked(LEAKY, not_carried).diagnosis
    assert diagnosis is not None
    assert diagnosis.says.startswith("The first value that differs is full at k = 2, on line 6.")


def test_of_a_row_that_is_written_in_parts_the_line_of_the_wrong_part_is_told(marked):
    """The program takes so long that no change of it is tried: what is told is where its values part."""
    wrong = TANKS.replace("full * s[k]\n        used[k, 1]", "tanh(full)\n        used[k, 1]")
    wrong = wrong.replace("    full = 0\n", "    full = 0\n    for i in range(6000):\n        i = 0\n")
    diagnosis = marked(LEAKY, wrong).diagnosis
    assert diagnosis is not None
    assert "The first value that differs is used[0] at k = 3, on line 10." in diagnosis.says


def test_a_place_before_the_first_is_counted_from_the_end(marked):
    wrong = TANKS.replace(" if k > 0 else 0", "")
    diagnosis = marked(LEAKY, wrong).diagnosis
    assert diagnosis is not None
    assert diagnosis.says == "Line 7: at k = 0, s[k - 1] is the last one; there should be 0."
    assert diagnosis.rule == "wrapped"


RUNS = """\
format: 1
id: runs
title: Hot days in a row
prompt: Write it.
given:
  N: {value: "7", means: days, draw: "integers(6, 10)", hidden: true}
  x: {value: "[3, 5, 6, 1, 5, 2, 7]", means: heat, axes: [day], shape: "(N,)", draw: "integers(0, 9)"}
  limit: {value: "4", means: what is hot, draw: "choice(3, 4, 5)"}
conditions: ["any(x[:-2] > limit)", "any(x[1:-1] <= limit)", "x[-1] > limit"]
steps:
  - start: {hot: "0"}
  - for: k in range(N)
    do:
      - let: "hot[k] = where(x[k] > limit, hot[k-1] + 1, 0)"
  - let: "runs = hot[0:N]"
ask:
  - {answer: runs, as: program, axes: [day], function: "count(x, limit)"}
"""
HOT = """\
def count(x, limit):
    n, out = 0, []
    for v in x:
        if v > limit:
            n = n + 1
        else:
            n = 0
        out.append(n)
    return out
"""
SHARES = """\
format: 1
id: shares
title: Sales by shop
prompt: Write it.
given:
  N: {value: "6", means: sales, draw: "integers(6, 9)", hidden: true}
  shop: {value: "[0, 2, 1, 0, 2, 2]", means: shop of each, axes: [sale], shape: "(N,)", draw: "integers(0, 3)"}
  w: {value: "[1.5, 0.2, 3.0, 2.5, 0.7, 1.1]", means: price, axes: [sale], shape: "(N,)", draw: "uniform(0.2, 4)"}
steps:
  - let: "total = one_hot(shop, 3).T @ w"
ask:
  - {answer: total, as: program, axes: [shop], function: "sold(shop, w)"}
"""
SOLD = """\
def sold(shop, w):
    total = zeros(3)
    for k in range(len(w)):
        total[shop[k]] = total[shop[k]] + w[k]
    return total
"""


@pytest.mark.parametrize(
    ("exercise", "right", "old", "new", "says"),
    [
        (
            RUNS,
            HOT,
            "        else:\n            n = 0\n",
            "",
            "Line 4: where none of its conditions holds, n should be set back to 0.",
        ),
        (
            RUNS,
            HOT,
            "v > limit:\n            n = n + 1\n        else:\n            n = 0\n",
            "v <= limit:\n            v = 0\n        else:\n            n += 1\n",
            "Line 4: here, n should be set back to 0.",
        ),
        (
            SHARES,
            SOLD,
            "total[shop[k]] + w[k]",
            "w[k]",
            "Line 4 overwrites total[shop[k]]; it should add to it.",
        ),
        (
            LEAKY,
            TANKS,
            "= full * s[k]\n        used[k, 1]",
            "= full * s[k] if k == N - 1 else 0\n        used[k, 1]",
            "Line 8 takes full * s[k] only if k == N - 1; it should always.",
        ),
        (
            LEAKY,
            TANKS,
            "if k > 0 else 0",
            "if k >= 0 else 0",
            "Line 7 uses >=; it should use >.",
        ),
    ],
)
def test_what_a_turn_leaves_out_is_told(marked, exercise, right, old, new, says):
    """A count that is not set back, a sum that is overwritten, what is taken in some turns alone."""
    assert marked(exercise, right).verdict == "right"
    assert old in right
    diagnosis = marked(exercise, right.replace(old, new)).diagnosis
    assert diagnosis is not None
    assert diagnosis.says == says


SCALED = """\
format: 1
id: scaled
title: Scaled products
prompt: Write it.
given:
  N: {value: "4", means: rows, draw: "integers(4, 6)", hidden: true}
  d: {value: "2", means: size of a row, draw: "integers(2, 4)"}
  K:
    value: "[[1, 0.5], [0.2, -1], [2, 1], [0.4, 3]]"
    means: rows
    axes: [row, unit]
    shape: "(N, d)"
    draw: "uniform(-2, 2)"
  q: {value: "[0.7, -0.4]", means: query, axes: [unit], shape: "(d,)", draw: "uniform(-2, 2)"}
steps:
  - let: "y = K @ q / sqrt(d)"
ask:
  - {answer: y, as: program, axes: [row], function: "scale(K, q)"}
"""


def test_a_line_that_gives_a_name_its_only_value_is_not_to_be_left_out(marked):
    """The function sees the given `d` by chance, which is no argument: without the line no learner knows what d is."""
    text = "def scale(K, q):\n    d = K.shape[0]\n    return K @ q / sqrt(d)\n"
    assert marked(SCALED, text.replace("[0]", "[1]")).verdict == "right"
    diagnosis = marked(SCALED, text).diagnosis
    assert diagnosis is not None
    assert diagnosis.says == "Line 2 uses K.shape[0]; it should use K.shape[1]."


PATHS = """\
format: 1
id: paths
title: Cheapest way
prompt: Write it.
given:
  N: {value: "4", means: columns, draw: "integers(3, 6)", hidden: true}
  c:
    value: "[[1, 3, 2], [4, 1, 5], [2, 6, 1], [3, 2, 4]]"
    means: cost
    axes: [column, row]
    shape: "(N, 3)"
    draw: "integers(1, 9)"
steps:
  - start: {best: "zeros(3)"}
  - for: t in range(N)
    do:
      - let: "up[t] = concat([best[t-1][0]], best[t-1][:2])"
      - let: "down[t] = concat(best[t-1][1:], [best[t-1][2]])"
      - let: "best[t] = c[t] + minimum(best[t-1], minimum(up[t], down[t]))"
  - let: "cost = min(best[-1])"
ask:
  - {answer: cost, as: program, function: "cheapest(c)"}
"""
CHEAPEST = """\
def cheapest(c):
    best = zeros(3)
    for t in range(len(c)):
        new = zeros(3)
        for r in range(3):
            low = best[r]
            if r > 0:
                low = min(low, best[r - 1])
            if r < 2:
                low = min(low, best[r + 1])
            new[r] = low + c[t, r]
        best = new
    return min(best)
"""
DEPOT = """\
format: 1
id: depot
title: A depot
prompt: Write it.
given:
  N: {value: "6", means: days, draw: "integers(5, 8)", hidden: true}
  want: {value: "[4, 7, 3, 8, 2, 6]", means: demand, axes: [day], shape: "(N,)", draw: "integers(1, 9)"}
  low: {value: "5", means: when to order, draw: "choice(4, 5, 6)"}
  lot: {value: "12", means: order, draw: "choice(10, 12, 15)"}
steps:
  - start: {stock: "10"}
  - for: t in range(N)
    do:
      - let: "sold[t] = minimum(want[t], stock[t-1])"
      - let: "left[t] = stock[t-1] - sold[t]"
      - let: "stock[t] = where(left[t] < low, left[t] + lot, left[t])"
  - let: "lost = sum(want - sold[0:N])"
  - let: "ends = stock[0:N]"
ask:
  - {answer: ends, as: program, axes: [day], function: "depot(want, low, lot)"}
"""
STOCK = """\
def depot(want, low, lot):
    stock = 10
    ends = []
    for w in want:
        sold = w if w < stock else stock
        stock = stock - sold
        if stock < low:
            stock = stock + lot
        ends.append(stock)
    return ends
"""


def test_a_place_before_the_first_that_should_be_left_out_is_told_too(marked):
    assert marked(PATHS, CHEAPEST).verdict == "right"
    guarded = "            if r > 0:\n                low = min(low, best[r - 1])\n"
    assert guarded in CHEAPEST
    verdict = marked(PATHS, CHEAPEST.replace(guarded, "            low = min(low, best[r - 1])\n"))
    assert "at r = 0, best[r - 1] is the last one; nothing is before the first." in verdict.says


def test_the_element_of_a_loop_over_whole_numbers_is_no_place(marked):
    """`w` of `for w in want` is 4 at first: that is demand, and counts no turns."""
    assert marked(DEPOT, STOCK).verdict == "right"
    diagnosis = marked(DEPOT, STOCK.replace("w if w < stock else stock", "w")).diagnosis
    assert diagnosis is not None
    assert diagnosis.says == "Line 5 uses w; it should use minimum(w, stock)."
