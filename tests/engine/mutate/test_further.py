"""The mistakes that are looked for in an answer: which place each rule changes into what, and how it is said."""

import re
from dataclasses import replace

import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Number, show
from rnn_tutor.engine.mutate import (
    COSTS,
    FURTHER_RULES,
    LAST_RULES,
    LOCAL_RULES,
    RESULT_RULES,
    WHOLE_RULES,
    edits,
    general,
    mutation,
    result_edits,
)
from rnn_tutor.engine.mutate.further_methods import FAMILIES
from rnn_tutor.engine.mutate.mutation import Context, brief
from rnn_tutor.engine.reading.language import parse
from tests.engine.mutate.test_conventions import CONVENTION_CASES
from tests.engine.mutate.test_fields import FIELD_CASES
from tests.engine.mutate.test_forms import FORM_CASES
from tests.engine.mutate.test_general import GENERAL_CASES
from tests.engine.mutate.test_methods import SCHEME_CASES
from tests.engine.mutate.test_moved import MOVED_CASES
from tests.engine.mutate.test_mutate import CONTEXT, LOOP, SHAPES
from tests.engine.mutate.test_parallel import PARALLEL_CASES
from tests.engine.mutate.test_parts_and_fields import PART_CASES, RESULT_CASES
from tests.engine.mutate.test_practice import PRACTICE_CASES
from tests.engine.mutate.test_reordered import REORDERED_CASES
from tests.engine.mutate.test_throughout import OTHERWISE_CASES
from tests.engine.mutate.test_together import TOGETHER_CASES

LOOPED = replace(LOOP, starts={"s": parse("c")})
SLICED = replace(
    CONTEXT, shapes={**SHAPES, "V": (4, 3)}, slices={"V": (parse("V[0:2]").items[0], parse("V[2:4]").items[0])}
)
COUNTED = replace(
    CONTEXT,
    shapes={**SHAPES, "steps": (), "X": (5, 2)},
    whole=frozenset({"steps"}),
    means={"steps": "number of steps", "X": "table"},
)
WEIGHED = replace(CONTEXT, shapes={**SHAPES, "w": (3,)}, means={"w": "shares"})
ACTIVE = replace(
    CONTEXT,
    shapes={**SHAPES, "act": (3,), "hid": (3,)},
    definitions={"act": parse("S @ x + b"), "hid": parse("sigmoid(2 * act)")},
    means={},
)
GATED = Context({"g": ()}, {"g": "gate"})
LOSSES = replace(CONTEXT, shapes={**SHAPES, "loss": ()}, means={"loss": "odds, in nats"})
COUNTS = Context({"count": (3,)}, {"count": "how often"}, whole=frozenset({"count"}))
TABLES = Context({"rows": (6,), "table": (2, 3)})
SLOPED = replace(LOOPED, differentiated=True)

# ruff: noqa: E501 - a table reads best with a mistake on each line
# rule, expression, the place in it, what stands there instead, what is said after "You would get this if"
CASES = [
    ("brackets_moved", "g * x + b", "g * x + b", "g * (x + b)", "the brackets were moved: `g * (x + b)`"),
    ("squashed_again", "g * x + b", "g", "tanh(g)", "a tanh of `g` were taken"),
    ("squashed_again", "g * x + b", "g", "sigmoid(g)", "a sigmoid of `g` were taken"),
    ("other_name", "g * x + b", "g", "x", "`x` were used instead of `g`"),
    ("other_name", "g * x + b", "x", "g", "`g` were used instead of `x`"),
    ("complement_taken", "g * x + b", "g", "1 - g", "`1 - g` were used instead of `g`"),
    ("complement_taken", "g * x + b", "x", "1 - x", "`1 - x` were used instead of `x`"),
    ("twice", "g * x + b", "g * x + b", "g * x + b + b", "`b` (bias) were added twice"),
    ("twice", "g * x + b", "g * x + b", "g * x + b + g * x", "`g * x` were added twice"),
    ("powers", "g * x + b", "g", "g**2", "`g` were squared"),
    ("powers", "g * x + b", "g", "sqrt(g)", "the square root of `g` were taken"),
    ("taken_as", "f * (c + n)", "n", "1", "`n` were taken as 1"),
    ("taken_as", "f * (c + n)", "n", "0", "`n` were taken as 0"),
    ("times_count", "f * (c + n)", "c", "c * len(x)", "`c` were multiplied by `len(x)`"),
    ("times_count", "f * (c + n)", "n", "n * len(x)", "`n` were multiplied by `len(x)`"),
    ("other_size", "f * (c + n)", "c", "mean(x)", "the mean of `x` were used instead of `c`"),
    ("other_size", "f * (c + n)", "c", "mean(h)", "the mean of `h` were used instead of `c`"),
    ("other_size", "f * (c + n)", "n", "sum(x)", "the sum of `x` were used instead of `n`"),
    ("other_size", "f * (c + n)", "n", "max(x)", "the largest of `x` were used instead of `n`"),
    ("norms_written_out", "mean(x**2)", "mean(x**2)", "mean(abs(x))**2", "the mean of the absolute values of `x` were squared"),
    ("constant_outside", "sqrt(y + c)", "sqrt(y + c)", "sqrt(y) + c", "`c` stood outside of the sqrt: `sqrt(y) + c`"),
    ("constant_outside", "sqrt(y + c)", "sqrt(y + c)", "y + sqrt(c)", "`y` stood outside of the sqrt: `y + sqrt(c)`"),
    ("squared_sums", "sqrt(y + c)", "sqrt(y + c)", "(y + c) / 2", "`y + c` were halved, without a root"),
    ("squared_sums", "sqrt(y + c)", "sqrt(y + c)", "(y + c)**2", "`y + c` were squared, without a root"),
    ("value_and_derivative", "tanh(x + g)", "tanh(x + g)", "1 - tanh(x + g)**2", "the derivative of the tanh were taken, not its value"),
    ("power_of_all", "(c * n)**y", "(c * n)**y", "c * n**y", "the power were only of `n`: `c * n**y`"),
    ("power_of_all", "(c * n)**y", "(c * n)**y", "c**y * n", "the power were only of `c`: `c**y * n`"),
    ("number_changed", "(c + n)**2", "2", "3", "`3` stood in place of `2`"),
    ("number_changed", "(c + n)**2", "2", "1", "`1` stood in place of `2`"),
    ("another_element", "W[0]", "W[0]", "W[1]", "`W[1]` were used instead of `W[0]`"),
    ("another_element", "S[0, 1]", "S[0, 1]", "S[1, 1]", "`S[1, 1]` were used instead of `S[0, 1]`"),
    ("uniform", "p @ S", "p @ S", "mean(S, axis=0)", "the weights `p` were all equal"),
    ("uniform", "sum(p * s)", "sum(p * s)", "sum(s)", "the weights `p` were left out"),
    ("some_left_out", "sum(p * s)", "sum(p * s)", "sum((p * s)[1:])", "the first of `p * s` were left out of the sum"),
    ("some_left_out", "sum(p * s)", "sum(p * s)", "sum((p * s)[:-1])", "the last of `p * s` were left out of the sum"),
    ("one_of_many", "sum(p * s)", "sum(p * s)", "ravel(p * s)[0]", "the first of `p * s` were taken, not the sum"),
    ("one_of_many", "sum(p * s)", "sum(p * s)", "ravel(p * s)[-1]", "the last of `p * s` were taken, not the sum"),
    ("one_less", "sum(p) / n", "sum(p) / n", "sum(p) / (n - 1)", "the division were by `n - 1`"),
    ("one_less", "mean(p)", "mean(p)", "sum(p) / (size(p) - 1)", "the sum were divided by n - 1, not by n"),
    ("one_added", "sum(p) / n", "sum(p) / n", "sum(p) / (n + 1)", "1 were added to `n`"),
    ("one_added", "sum(p) / n", "sum(p) / n", "(sum(p) + 1) / n", "1 were added to `sum(p)`"),
    ("averages", "mean(p)", "mean(p)", "exp(mean(log(p)))", "the geometric mean of `p` were taken"),
    ("averages", "mean(p)", "mean(p)", "1 / mean(1 / p)", "the harmonic mean of `p` were taken"),
    ("degrees_of_freedom", "var(p)", "var(p)", "var(p, ddof=1)", "the var of `p` were divided by n - 1, not by n"),
    ("degrees_of_freedom", "std(p)", "std(p)", "std(p, ddof=1)", "the std of `p` were divided by n - 1, not by n"),
    ("angles", "sin(y)", "sin(y)", "sin(y * pi/180)", "the angle were in degrees"),
    ("rounding", "round(y)", "round(y)", "y", "`y` were not rounded"),
    ("rounding", "round(y)", "round(y)", "floor(y)", "`y` were rounded down"),
    ("entropy", "-sum(p * log(p))", "-sum(p * log(p))", "log(size(p))", "all shares were equal"),
    ("entropy", "-sum(p * log(p))", "-sum(p * log(p))", "-mean(log(p))", "the logarithms were averaged, not weighted"),
    ("surprise", "-sum(p * log(p))", "log(p)", "exp(p)", "the exponential of `p` were taken, not its logarithm"),
    ("surprise", "log(y)", "log(y)", "exp(y)", "the exponential of `y` were taken, not its logarithm"),
    ("axis_left_out", "sum(S, axis=1)", "sum(S, axis=1)", "sum(S)", "the sum went over all of `S`"),
    ("normalisers", "x / sum(S, axis=1)", "x / sum(S, axis=1)", "x / size(S)", "the division were by the number of entries of `S`"),
    ("normalisers", "x / sum(S, axis=1)", "x / sum(S, axis=1)", "x / sum(S, axis=0)", "the sums of `S` went over the other axis"),
    ("roots_of_squares", "x / norm(g)", "norm(g)", "mean(g)", "the mean of `g` were taken, not its norm"),
    ("roots_of_squares", "x / norm(g)", "norm(g)", "norm(g) / size(g)", "the norm of `g` were divided by its number of entries"),
    ("norms_written_out", "sum(abs(g))", "sum(abs(g))", "sqrt(sum(g**2))", "the root of the sum of squares of `g` were taken"),
    ("norms_written_out", "sum(abs(g))", "sum(abs(g))", "sum(g**2)", "the sum of squares of `g` were taken"),
    ("inverses", "inv(U)", "inv(U)", "U", "`U` were not inverted"),
    ("inverses", "inv(U)", "inv(U)", "1 / U", "each element of `U` were inverted separately"),
    ("compound", "(1 + c)**n", "(1 + c)**n", "1 + c * n", "`1 + c * n` were used instead of `(1 + c)**n`"),
    ("unit_left_out", "y * pi / 180", "y * pi / 180", "y", "`y` were used as it is, and not `y * pi / 180`"),
    ("other_base", "softmax(p)", "softmax(p)", "softmax(p * log(2))", "powers of 2 were taken in the softmax, not of e"),
    ("other_base", "softmax(p)", "softmax(p)", "softmax(p * log(10))", "powers of 10 were taken in the softmax, not of e"),
    ("shifted_index", "W[n]", "W[n]", "W[n + 1]", "the element after `W[n]` were taken"),
    ("of_result", "c", "c", "c**2", "the result were squared"),
    ("of_result", "c", "c", "sqrt(c)", "the square root of the result were taken"),
    ("of_result", "c", "c", "1 / c", "1 were divided by the result"),
    ("complement_of_result", "c", "c", "1 - c", "1 minus the result were taken"),
    ("of_result", "c", "c", "100 * c", "the result were in per cent"),
    ("of_result", "c", "c", "c / 100", "the result were divided by 100"),
    ("of_result", "c", "c", "exp(c)", "the exponential of the result were taken"),
    ("of_result", "c", "c", "log(c)", "the logarithm of the result were taken"),
    ("of_result", "c", "c", "log2(c)", "the logarithm of the result to base 2 were taken"),
    ("odds_of_result", "c", "c", "c / (1 - c)", "the result were divided by 1 minus itself"),
    ("of_result", "c", "c", "c / (1 + c)", "the result were divided by 1 plus itself"),
    ("of_result", "c", "c", "c / log(2)", "the result were in bits, not in nats"),
    ("of_result", "c", "c", "c * log(2)", "the result were in nats, not in bits"),
    ("of_result", "c", "c", "2**c", "2 were raised to the result"),
    ("of_result", "c", "c", "abs(c)", "the absolute value of the result were taken"),
    ("of_count", "c", "c", "c + 1", "the result were one larger (counted from 1, or both ends counted)"),
    ("of_count", "c", "c", "c - 1", "the result were one smaller"),
    ("of_array", "c", "c", "c / sum(c)", "the result were divided by its sum"),
    ("of_array", "c", "c", "c / norm(c)", "the result were divided by its norm"),
    ("of_array", "c", "c", "c / max(c)", "the result were divided by its largest entry"),
    ("of_array", "c", "c", "softmax(c)", "a softmax of the result were taken"),
    ("of_array", "c", "c", "flip(c)", "the result stood in reverse order"),
    ("of_array", "c", "c", "cumsum(c)", "the result were summed up from entry to entry"),
    ("of_array", "c", "c", "c - mean(c)", "the mean of the result were subtracted"),
    ("of_array", "c", "c", "c - c[0]", "the first were subtracted from all of the result"),
    ("of_array", "c", "c", "c[0] - c", "the result were subtracted from its first entry"),
    ("of_unit", "c", "c", "c * 10", "the result were 10 times as large (another unit)"),
    ("of_unit", "c", "c", "c / 10", "the result were 10 times as small (another unit)"),
    ("of_several", "c", "c", "sum(c)", "the sum of the result were taken, where the result itself is asked for"),
    ("of_several", "c", "c", "mean(c)", "the mean of the result were taken, where the result itself is asked for"),
    ("twice", "f * (c + n)", "f * (c + n)", "f * (c + n) * (c + n)", "the multiplication by `c + n` were done twice"),
    ("presence", "p > 0", "p > 0", "p", "`p` were counted, and not only whether it is there"),
    ("entries_exchanged", "sin(y)", "sin(y)", "cos(y)", "the cos were taken, not the sin"),
    ("of_given", "c", "c", "n - c", "the result were subtracted from `n`"),
    ("other_constant", "1.96 * c", "1.96", "1.645", "`1.645` stood in place of `1.96`"),
    ("other_constant", "c / 12", "12", "365", "`365` stood in place of `12`"),
    ("other_constant", "c * 0.001", "0.001", "1e-06", "`1e-06` stood in place of `0.001` (another prefix)"),
    ("transposed_operand", "U * b", "U", "U.T", "`U` were transposed"),
    ("middle", "mean(x)", "mean(x)", "min(x)", "the smallest of `x` were taken, not the mean"),
    ("spread", "mean(x**2)", "mean(x**2)", "var(x)", "the variance of `x` were taken: its mean were subtracted"),
    ("spread", "sum(x**2)", "sum(x**2)", "sqrt(sum(x**2))", "the root of the sum of squares of `x` were taken"),
    ("relative", "1 - c / n", "1 - c / n", "n - c", "the difference were not divided by `n`"),
    ("relative", "1 - c / n", "1 - c / n", "(n - c) / c", "the difference were divided by `c`"),
    ("relative", "(c - n) / n", "(c - n) / n", "(c - n) / c", "the division were by `c`"),
    ("not_divided", "var(x)", "var(x)", "sum((x - mean(x))**2)", "the squares of the deviations of `x` were added, and not divided"),
    ("not_divided", "sqrt(mean(x))", "sqrt(mean(x))", "sqrt(sum(x)) / size(x)", "the root were taken before the division by the number of entries of `x`"),
    ("kept_axis", "S / sum(S, axis=1, keepdims=True)", "sum(S, axis=1, keepdims=True)", "sum(S, axis=1)", "the axis of the sum were not kept (`keepdims`)"),
    ("entry_sign", "[c, sin(n)]", "[c, sin(n)]", "[c, -sin(n)]", "`sin(n)` had the opposite sign"),
    ("factor_moved", "x + c * g", "x + c * g", "c * x + g", "`c` stood at the other term: `c * x + g`"),
    ("term_by_term", "sqrt(c + n)", "sqrt(c + n)", "sqrt(c) + sqrt(n)", "the sqrt were taken of each term: `sqrt(c) + sqrt(n)`"),
    ("term_by_term", "c / x + n / g", "c / x + n / g", "(c + n) / (x + g)", "numerators and denominators were added by themselves: `(c + n) / (x + g)`"),
    ("term_by_term", "(c + n) / 2", "(c + n) / 2", "n", "only `n` were taken, not the mean of both"),
    ("of_each", "norm(x) * x", "norm(x)", "abs(x)", "the absolute value of each element of `x` were taken, not the norm"),
    ("of_each", "trace(S)", "trace(S)", "S[0, 0]", "only the first entry of `S` were taken"),
    ("of_rows", "S", "S", "S / norm(S, axis=-1, keepdims=True)", "each row of the result were divided by its norm"),
    ("of_probability", "c", "c", "-log(c)", "minus the logarithm of the result were taken"),
    ("diagonal", "tril(U)", "tril(U)", "tril(U, 0 + 1)", "the mask were off by one diagonal"),
    ("diagonal", "tril(U)", "tril(U)", "triu(U)", "the mask were the other half"),
    ("diagonal", "c < n", "c < n", "c <= n", "`c <= n` were used instead of `c < n`"),
    ("absolute", "sum(x * g)", "x", "abs(x)", "the absolute values of `x` were taken"),
    ("turned_over", "sum(x * g)", "x", "flip(x)", "`x` stood in reverse order"),
    ("turned_over", "S @ x", "S", "flip(flip(S, 0), 1)", "`S` were flipped along both axes"),
    ("by_element", "outer(x, g)", "outer(x, g)", "x * g", "`x` and `g` were multiplied element by element, without an outer product"),
    ("by_element", "S - outer(x, g)", "outer(x, g)", "g", "`g` stood alone in place of `outer(x, g)`"),
    ("factors_added", "c * n * x[0]", "c * n * x[0]", "c + n + x[0]", "the factors of `c * n * x[0]` were added, not multiplied"),
    ("plain_mean", "c / 4 * (n + 2 * x + g)", "c / 4 * (n + 2 * x + g)", "c * ((n + x + g) / 3)", "the plain mean of the 3 terms in `n + 2 * x + g` were taken"),
    ("plain_mean", "(n + 2 * x + g) / 4", "(n + 2 * x + g) / 4", "(n + x + g) / 4", "the weights in `n + 2 * x + g` were left out, and the division by 4 kept"),
    ("places_from_one", "c * arange(n)", "arange(n)", "arange(n) + 1", "`arange(n)` were counted from 1, up to `n`"),
    ("other_table", "sum(x**2)", "sum(x**2)", "sum(S**2)", "the sum were taken of all of `S`, not of `x`"),
    ("ends", "concat(x[:1], g, x[-1:])", "concat(x[:1], g, x[-1:])", "concat(0 * x[:1], g, 0 * x[-1:])", "the ends `x[:1]` and `x[-1:]` were set to 0"),
    ("other_column", "S[1:, 0] / S[0, 0]", "S[1:, 0]", "S[1:, 1]", "`S[1:, 1]` were used instead of `S[1:, 0]`"),
    ("other_column", "S[1:, 0] / S[0, 0]", "S[0, 0]", "S[1, 1]", "`S[1, 1]` were used instead of `S[0, 0]`"),
    ("diagonal_alone", "h @ U @ h", "U", "U * eye(2)", "only the diagonal of `U` counted"),
    ("of_matrix", "U", "U", "U * eye(2)", "only the diagonal of the result were kept"),
    ("other_activation", "mean(maximum(x, 0))", "maximum(x, 0)", "sigmoid(x)", "sigmoid were used instead of the larger of `x` and 0"),
    ("other_activation", "sigmoid(x)", "sigmoid(x)", "softmax(x)", "the softmax of `x` were taken, not the sigmoid"),
    ("brackets_moved", "x / n + c", "x / n + c", "(x + c) / n", "the brackets were moved: `(x + c) / n`"),
    ("brackets_moved", "c / n / L", "c / n / L", "c / (n / L)", "`c / n` were multiplied by `L`, not divided"),
    ("brackets_moved", "c / n * L", "c / n * L", "c / (n * L)", "`c / n` were divided by `L`, not multiplied"),
    ("twice", "x + 1 / 16", "x + 1 / 16", "x + 1 / 16 + 1 / 16", "`1 / 16` were added twice to `x`"),
    ("order_reversed", "argsort(x)", "argsort(x)", "argsort(-x)", "the order were reversed, the largest first"),
    ("at_least_one", "prod(x)", "prod(x)", "1 - prod(1 - x)", "1 minus the product of `1 - x` were taken, as for at least one of them"),
    ("at_least_one", "1 - prod(1 - x)", "1 - prod(1 - x)", "prod(x)", "the product of `x` were taken, as for all of them"),
    ("number_for_identity", "eye(2) + U", "eye(2) + U", "1 + U", "1 were added to each element, not the identity matrix"),
    ("number_for_identity", "U - eye(2)", "U - eye(2)", "U - 1", "1 were subtracted from each element, not the identity matrix"),
    ("slope_left_out", "(x - g) * c * (1 - c) * n", "(x - g) * c * (1 - c) * n", "(x - g) * n", "the factor `c * (1 - c)` were left out"),
    ("normalisers", "x / sum(x)", "x / sum(x)", "ones_like(x) / len(x)", "each of `x` counted alike"),
    ("uniform", "x @ g", "x @ g", "sum(g)", "the weights `x` were left out"),
    ("entries_exchanged", "[0, 1] * h", "[0, 1]", "[1, 0]", "the entries `0` and `1` of `[0, 1]` were exchanged"),
    ("turned_over", "S @ x", "S", "flip(S, 0)", "the rows of `S` were read from the bottom up"),
    ("surprise", "exp(c)", "exp(c)", "sigmoid(c)", "the sigmoid of `c` were taken, not its exponential"),
]  # fmt: skip
ELSEWHERE = [
    (GATED, "of_result", "g", "g", "g / log(2)", "the result were divided by log(2)"),
    (LOSSES, "of_result", "loss", "loss", "loss / (1 + loss)", "a probability were given, not odds"),
    (LOSSES, "odds_of_result", "loss", "loss", "loss / (1 - loss)", "odds were given, not a probability"),
    (WEIGHED, "all_equal", "w @ x", "w", "ones_like(w)", "each of `w` (shares) were taken as 1"),
    (WEIGHED, "all_equal", "w @ x", "w", "ones_like(w) * mean(w)", "the entries of `w` (shares) were all equal"),
    (COUNTS, "all_equal", "count @ [1, 1, 0]", "count", "ones_like(count)", "each of `count` (how often) were taken as 1"),
    (ACTIVE, "before_activation", "outer(g, hid)", "hid", "2 * act", "`2 * act` were used as it is, without the sigmoid"),
    (ACTIVE, "before_activation", "outer(g, hid)", "hid", "hid * (1 - hid)", "the derivative of the sigmoid were used instead of `hid`"),
    (ACTIVE, "terms_outside", "sigmoid(act)", "sigmoid(act)", "sigmoid(S @ x) + b", "`b` were added after the sigmoid, not before it"),
    (LOOPED, "start_kept", "f * s[t-1]", "s[t - 1]", "c", "`s` were always `c`, and not carried on"),
    (LOOPED, "another_element", "W @ xs[t]", "xs[t]", "xs[0]", "the first of `xs` were used at every step"),
    (LOOPED, "another_element", "W @ xs[t]", "xs[t]", "xs[t - 1]", "`xs` of the previous time step were used instead of the current one"),
    (LOOPED, "other_step", "W @ s[t-1]", "s[t - 1]", "n", "`n` were used instead of `s[t - 1]`"),
    (COUNTED, "count_off", "c / steps", "steps", "steps - 1", "`steps - 1` were used instead of `steps` (number of steps)"),
    (COUNTED, "parameters_counted", "mean(x)", "mean(x)", "sum(x) / (size(x) - 2)", "the sum were divided by 2 less, the number of columns of `X`"),
    (SLOPED, "derivative_of_activation", "tanh(c)", "tanh(c)", "stop(tanh(c)) + stop(1) * (c - stop(c))", "the derivative of the tanh of `c` were left out"),
    (ACTIVE, "slope_left_out", "c * hid * (1 - hid)", "c * hid * (1 - hid)", "c", "the derivative of the sigmoid, `hid * (1 - hid)`, were left out"),
    (ACTIVE, "other_variable", "grad(sum(hid), x)", "grad(sum(hid), x)", "grad(sum(hid), act)", "the derivative were taken with respect to `act`, not `x`"),
    (TABLES, "by_columns", "rows", "rows", "ravel(transpose(reshape(rows, 2, 3)))", "the table of 2 rows and 3 columns were read column by column, not row by row"),
    (TABLES, "by_columns", "table", "table", "reshape(transpose(table), 2, 3)", "the numbers filled the rows of the result column by column"),
    (TABLES, "one_place_off", "rows", "rows", "concat(rows[1:], zeros(1), axis=0)", "the result stood one place too early, with 0 at its end"),
    (TABLES, "one_place_off", "table", "table", "concat(zeros(2, 1), table[:, :-1], axis=1)", "each row of the result stood one place too late, with 0 at its beginning"),
    (SLOPED, "path_left_out", "c * s[t-1]", "s[t - 1]", "stop(s[t - 1])", "the derivative did not go back through `s[t - 1]`"),
    (SLICED, "other_slice", "V[0:2] @ x", "V[0:2]", "V[2:4]", "`V[2:4]` were used instead of `V[0:2]`"),
    (CONTEXT, "mask_as_bias", "softmax(where(m2, p, -1e9))", "softmax(where(m2, p, -1e9))", "softmax(p + m2)", "the mask of 0 and 1 were added to the scores as a bias"),
]  # fmt: skip


def made(text, context=CONTEXT):
    expr = parse(text)
    return [*edits(expr, context), *result_edits(expr, context)]


def check(context, rule, text, place, instead, said):
    found = {(one.rule, show(one.place), show(one.replacement)): one for one in made(text, context)}
    assert (rule, place, instead) in found, [key for key in found if key[0] == rule]
    one = found[rule, place, instead]
    assert one.clause == said
    assert 0 <= one.cost <= COSTS[rule]


@pytest.mark.parametrize(("rule", "text", "place", "instead", "said"), CASES, ids=[f"{c[0]}: {c[3]}" for c in CASES])
def test_each_rule_changes_its_place_and_says_so(rule, text, place, instead, said):
    check(CONTEXT, rule, text, place, instead, said)


@pytest.mark.parametrize("case", ELSEWHERE, ids=[f"{c[1]}: {c[4]}" for c in ELSEWHERE])
def test_rules_that_know_of_loops_stacked_gates_and_masks(case):
    check(*case)


def test_every_rule_has_a_case():
    elsewhere = (
        *PRACTICE_CASES,
        *FORM_CASES,
        *GENERAL_CASES,
        *PARALLEL_CASES,
        *MOVED_CASES,
        *SCHEME_CASES,
        *CONVENTION_CASES,
        *REORDERED_CASES,
        *TOGETHER_CASES,
        *OTHERWISE_CASES,
        *FIELD_CASES,
        *PART_CASES,
        *RESULT_CASES,
    )
    of_practice = {case[0] for case in elsewhere}
    assert {*FURTHER_RULES, *RESULT_RULES} == {case[0] for case in CASES} | {
        case[1] for case in ELSEWHERE
    } | of_practice


OF_PROGRAMS = {"loop", "start", "transposed", "backwards", "not_updated", "new_value", "carried", "turned_loop"} | {
    "gate_order",
    "half_open",
    "unrolled",
    "other_line",
    "functions_exchanged",
    "elements_exchanged",
    "default",
    "rounded_first",
    "sign_of_result",
    "size_of_result",
    "described",
    "stopped_early",
    "every_second",
    "no_logarithms",
    "fed_back_as_well",
    "scaled_by_others",
    "scaled_by_range",
    "term_moved",
}  # which no expression shows
OF_SHAPES = {"shape_missing", "shape_merged", "shape_kept", "shape_size", "shape_blocks", "shape_order"}


def test_every_rule_has_a_cost_and_no_cost_is_of_a_rule_that_is_not_there():
    rules = {*WHOLE_RULES, *LOCAL_RULES, *LAST_RULES, *FURTHER_RULES, *RESULT_RULES}
    assert set(COSTS) == rules | OF_PROGRAMS | OF_SHAPES | {family.rule for family in FAMILIES}
    assert not rules & (OF_PROGRAMS | OF_SHAPES)


def test_no_rule_is_in_two_tables():
    tables = [WHOLE_RULES, LOCAL_RULES, LAST_RULES, FURTHER_RULES, RESULT_RULES]
    assert sum(map(len, tables)) == len(set().union(*tables))


QUOTED = re.compile(r"`([^`]*)`")


def test_what_is_done_by_what_fits_is_written_when_it_is_told(monkeypatch):
    written = []
    monkeypatch.setattr(mutation, "brief", lambda *of: written.append(of) or brief(*of))
    found = edits(parse("W @ x + b"), replace(CONTEXT, several=True, sizes={}, pool=()))
    several = [one for one in found if one.rule in general.LOCAL]
    before = len(written)
    assert len(several) > 20 and before < len(found)
    assert all(one.clause for one in several)
    assert len(written) > before


def whole_quotes(clause):
    return [quote for quote in QUOTED.findall(clause) if " ..." not in quote]


@pytest.mark.parametrize("text", sorted({case[1] for case in CASES}))
def test_what_is_quoted_reads_back(text):
    said = [one.clause for one in made(text)]
    assert said
    for clause in said:
        assert clause.count("`") % 2 == 0
        for quote in whole_quotes(clause):
            try:
                parse(quote)
            except EngineError as error:
                raise AssertionError(f"{clause}: {error.says}") from error


@pytest.mark.parametrize("text", sorted({case[1] for case in CASES}))
def test_a_clause_is_short_and_ends_without_a_stop(text):
    for one in made(text):
        assert 0 < len(one.clause) <= 160 and not one.clause.endswith(".")
        assert one.replacement != one.place


def test_edits_come_the_likeliest_first_and_each_once():
    found = edits(parse("tanh(W @ x + U @ h_prev + b)"), CONTEXT)
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert len({(id(one.place), one.replacement) for one in found}) == len(found)


HIDDEN = Context(
    {"x": (4,), "w": (), "u": (), "h": (4,), "a": (4,), "y": ()},
    hidden={"a": ("t", parse("w * h[t-1] + u * x[t]")), "h": ("t", parse("tanh(a[t])")), "k": (None, parse("w + u")), "y": (None, parse("k * h[-1]"))},
    recurrent=frozenset({"h", "a"}),
    variable="t",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("k * 2", "`(w + u) * 2`"),  # brackets where they are needed
        ("k[0]", "`(w + u)[0]`"),
        ("x[t] + w", "`x[t] + w`"),  # givens stay as they are
        ("a[t]", "`w * ...[t - 1] + u * x[t]`"),
        ("a[2]", "`w * ...[2 - 1] + u * x[2]`"),
        ("tanh(k)", "`tanh(w + u)`"),
    ],
)  # fmt: skip
def test_a_hidden_step_is_shown_as_what_it_is_made_of(text, seen):
    said = HIDDEN.code(parse(text))
    names = {"a", "h", "k", "y"}
    assert not names & set(re.findall(r"[^\W\d]\w*", said)), said
    if "..." not in seen:
        assert said == seen


def test_a_recurrence_ends_in_dots_and_not_in_itself():
    assert HIDDEN.code(parse("a[t]")).count("...") >= 1
    assert Number(1.0, "1") == HIDDEN.visible(Number(1.0, "1"))
    only = replace(HIDDEN, hidden={"a": HIDDEN.hidden["a"]})
    assert only.code(parse("a[t]")) == "`w * h[t - 1] + u * x[t]`"
    assert only.code(parse("a[0]")) == "`w * h[0 - 1] + u * x[0]`"


def test_constants_are_no_operands_of_which_a_root_or_a_complement_is_taken():
    for text in ("sum(S, axis=1, keepdims=True)", "sin(c * pi)"):
        assert not [
            one
            for one in made(text)
            if show(one.place) in ("True", "pi") and one.rule in ("powers", "complement_taken")
        ]


def test_long_expressions_that_end_differently_are_told_apart():
    long = "sum(sum(M, axis=0) * sum(M, axis=1)) / n**2"
    first, second = brief(parse(long)), brief(parse(f"1 - {long}"))
    assert first != second and len(first) <= len(long)
    assert brief(parse(long)) != brief(parse(long.replace("n**2", "n**3")))
