"""What goes wrong with cells, losses and along time: which place each rule changes into what, and how it is said."""

import pytest

from rnn_tutor.engine.expression import show
from rnn_tutor.engine.mutate import COSTS, cells, edits, further_changes, losses, result_edits, times
from rnn_tutor.engine.mutate.mutation import Context
from rnn_tutor.engine.reading.language import parse

# ruff: noqa: E501 - a table reads best with a mistake on each line
PRACTICE = Context(
    {
        "x": (3,), "q": (2,), "v": (2,), "z": (3,), "h": (4, 2), "F": (4, 2), "G": (4, 2), "W": (2, 2), "a": (8,), "b": (2,),
        "logits": (4,), "p": (4,), "k": (), "n": (3,), "T": (), "H": (), "d": (), "mask": (3,), "s": (3,), "loss": (),
        "exps": (3,), "shares": (3,), "probs": (3,), "surprise": (3,), "rho": (), "eps": (), "limit": (), "block": (), "logs": (3,), "f": (2,), "i": (2,), "c": (2,), "g": (2,),
    },
    {"T": "time steps", "W": "weights", "x": "inputs", "mask": "1 where real"},
    frozenset({"mask"}),
    definitions={
        "p": parse("softmax(logits)"), "loss": parse("-log(p[k])"), "exps": parse("exp(s)"), "shares": parse("where(mask == 1, exps, 0)"), "surprise": parse("-log(probs)"),
        "logs": parse("log(probs)"), "block": parse("H * d + H"),
    },
    networks=False,
    whole=frozenset({"T", "H", "d", "n", "k"}),
)  # fmt: skip

# rule, expression, the place in it, what stands there instead, what is said after "You would get this if"
PRACTICE_CASES = [
    ("forget_bias", "sigmoid(a)", "sigmoid(a)", "sigmoid(a + 1)", "1 were added to `a` (a forget bias)"),
    ("coupled", "f * c + i * g", "f * c + i * g", "f * c + (1 - f) * g", "`1 - f` were used instead of `i`"),
    ("coupled", "f * c + i * g", "f * c + i * g", "(1 - i) * c + i * g", "`1 - i` were used instead of `f`"),
    ("derivative_for_value", "1 - z**2", "1 - z**2", "z", "`z` were used, not its derivative `1 - z**2`"),
    ("derivative_for_value", "1 - z", "1 - z", "z * (1 - z)", "the derivative `z * (1 - z)` were used instead of `1 - z`"),
    ("derivative_for_value", "x * z * (1 - z)", "x * z * (1 - z)", "x * (1 - z**2)", "the derivative of the tanh were used instead of that of the sigmoid, for `z`"),
    ("derivative_for_value", "x * z * (1 - z)", "1 - z", "z * (1 - z)", "the derivative `z * (1 - z)` were used instead of `1 - z`"),
    ("paths", "grad(loss, z)", "grad(loss, z)", "grad(loss, z) - local(loss, z)", "the direct path from `z` were left out"),
    ("paths", "grad(loss, z)", "grad(loss, z)", "local(loss, z) - (grad(loss, z) - local(loss, z))", "the other paths were subtracted from the direct one"),
    ("biases", "H * d + H", "H * d + H", "H * d + 1", "there were one bias for the whole layer"),
    ("biases", "H * d + H", "H * d + H", "H * d + 2 * H", "there were two vectors of biases, as in PyTorch"),
    ("biases", "4 * block", "4 * block", "4 * (H * d) + H", "the biases `H` were counted once in all"),
    ("biases", "4 * block", "4 * block", "4 * (H * d) + 1", "one bias were counted in all"),
    ("biases", "4 * block", "4 * block", "4 * (H * d + 2 * H)", "there were two vectors of biases, as in PyTorch"),
    ("number_of_gates", "4 * block", "4 * block", "1 * block", "there were one block, not 4"),
    ("number_of_gates", "4 * block", "4 * block", "2 * block", "there were two blocks, not 4"),
    ("number_of_gates", "4 * block", "4 * block", "3 * block", "there were three gates (a GRU's), not 4"),
    ("softmax_twice", "softmax(s)", "softmax(s)", "softmax(softmax(s))", "the softmax of `s` were taken twice"),
    ("softmax_twice", "exps / sum(exps)", "exps / sum(exps)", "softmax(softmax(s))", "the softmax of `s` were taken twice"),
    ("softmax_otherwise", "softmax(s)", "softmax(s)", "abs(s) / sum(abs(s), axis=-1, keepdims=True)", "the absolute values of `s` were normalised"),
    ("softmax_otherwise", "softmax(s)", "softmax(s)", "relu(s) / sum(relu(s), axis=-1, keepdims=True)", "the relu of `s` were normalised"),
    ("softmax_otherwise", "softmax(s)", "softmax(s)", "s - max(s, axis=-1, keepdims=True)", "only the largest of `s` were subtracted"),
    ("softmax_otherwise", "softmax(s)", "softmax(s)", "softmax(-s)", "the softmax were of minus `s`"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "abs(s) / sum(abs(s), axis=-1, keepdims=True)", "the absolute values of `s` were normalised"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "relu(s) / sum(relu(s), axis=-1, keepdims=True)", "the relu of `s` were normalised"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "s - max(s, axis=-1, keepdims=True)", "only the largest of `s` were subtracted"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "softmax(-s)", "the softmax were of minus `s`"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "sigmoid(s)", "sigmoid were used instead of softmax"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "s / sum(s, axis=-1, keepdims=True)", "the exponential were left out (only a division by the sum)"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "1 * (s == max(s, axis=-1, keepdims=True))", "all weight were on the largest"),
    ("softmax_otherwise", "exps / sum(exps)", "exps / sum(exps)", "log_softmax(s)", "the logarithm of the softmax were taken"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "abs(s) / sum(abs(s), axis=-1, keepdims=True)", "the absolute values of `s` were normalised"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "relu(s) / sum(relu(s), axis=-1, keepdims=True)", "the relu of `s` were normalised"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "s - max(s, axis=-1, keepdims=True)", "only the largest of `s` were subtracted"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(-s)", "the softmax were of minus `s`"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "s * (mask == 1) / sum(s * (mask == 1), axis=-1, keepdims=True)", "the exponential were left out (only a division by the sum)"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "sigmoid(s) * (mask == 1)", "sigmoid were used instead of softmax"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "s / sum(s, axis=-1, keepdims=True) * (mask == 1)", "the exponential were left out (only a division by the sum)"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "1 * (s == max(s, axis=-1, keepdims=True)) * (mask == 1)", "all weight were on the largest"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(s + (mask == 1))", "the mask of 0 and 1 were added to the scores as a bias"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(s + (1 - (mask == 1)))", "1 minus the mask were added to the scores as a bias"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(s * (mask == 1))", "the scores were multiplied by the mask, so that padding gets the score 0"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(s * (mask == 1)) * (mask == 1)", "scores and weights were multiplied by the mask, without a new sum"),
    ("softmax_otherwise", "shares / sum(shares)", "shares / sum(shares)", "softmax(s) * (mask == 1)", "the mask came after the softmax, so that the weights no longer sum to 1"),
    ("logits_taken", "f * p", "p", "logits", "`logits` were used as they are, and not their softmax"),
    ("logits_taken", "f * p", "p", "log_softmax(logits)", "the logarithms of `p` were used"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "softmax(logits)", "1 were not subtracted at the target"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "logits - one_hot(k, len(logits))", "`logits` stood in place of their softmax"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "sigmoid(logits) - one_hot(k, len(logits))", "sigmoid were used instead of softmax"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "log_softmax(logits) - one_hot(k, len(logits))", "the logarithms of the probabilities stood in place of the probabilities"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "softmax(softmax(logits)) - one_hot(k, len(logits))", "the softmax of `logits` were taken twice"),
    ("logits_taken", "grad(loss, logits)", "grad(loss, logits)", "softmax(logits) * (1 - softmax(logits))", "only the diagonal of the softmax's Jacobian counted"),
    ("token_counts", "sum(n)", "sum(n)", "sum(n) - len(n)", "one less were counted for each of `n`"),
    ("token_counts", "sum(n)", "sum(n)", "sum(n) + len(n)", "one more were counted for each of `n` (an end mark, say)"),
    ("token_counts", "sum(n)", "sum(n)", "len(n) * max(n)", "each of `n` counted as the largest, padding included"),
    ("token_counts", "sum(n)", "sum(n)", "len(n)", "`n` were counted as one each"),
    ("token_counts", "mean(x)", "mean(x)", "sum(x) / (size(x) + 1)", "the sum were divided by n + 1, not by n"),
    ("token_counts", "s / n", "s / n", "s / (n - 1)", "the division were by `n - 1`"),
    ("token_counts", "s / n", "s / n", "s / (n + 1)", "the division were by `n + 1`"),
    ("perplexities", "exp(mean(surprise))", "exp(mean(surprise))", "mean(probs)", "the mean of `probs` were taken"),
    ("perplexities", "exp(mean(surprise))", "exp(mean(surprise))", "1 / mean(probs)", "1 were divided by the mean of `probs`"),
    ("perplexities", "exp(mean(surprise))", "exp(mean(surprise))", "prod(probs)", "`probs` were multiplied"),
    ("perplexities", "exp(mean(surprise))", "exp(mean(surprise))", "1 / prod(probs)", "1 were divided by the product of `probs`"),
    ("perplexities", "exp(mean(surprise))", "exp(mean(surprise))", "mean(1 / probs)", "the mean of 1 / p were taken, of `probs`"),
    ("perplexities", "exp(mean(surprise))", "mean(surprise)", "-log(mean(probs))", "the logarithm of the mean of `probs` were taken"),
    ("perplexities", "exp(mean(surprise))", "mean(surprise)", "-log(sum(probs))", "the logarithm of the sum of `probs` were taken"),
    ("perplexities", "exp(mean(surprise))", "mean(surprise)", "mean(exp(probs))", "the exponential of `probs` were taken, not the logarithm"),
    ("perplexities", "sum(logs)", "sum(logs)", "log(mean(probs))", "the logarithm of the mean of `probs` were taken"),
    ("perplexities", "sum(logs)", "sum(logs)", "log(sum(probs))", "the logarithm of the sum of `probs` were taken"),
    ("perplexities", "sum(logs)", "sum(logs)", "sum(exp(probs))", "the exponential of `probs` were taken, not the logarithm"),
    ("other_power", "2**x", "2**x", "exp(x)", "e were raised to the power, not 2"),
    ("other_power", "exp(x)", "exp(x)", "10**x", "10 were raised to the power, not e"),
    ("other_power", "0.5**x", "0.5**x", "exp(-x)", "e were raised to the power, not 2"),
    ("other_power", "log(2)", "log(2)", "log(10)", "log(10) stood in place of log(2)"),
    ("logit_otherwise", "log(f / (1 - f))", "log(f / (1 - f))", "sigmoid(f)", "the sigmoid were taken, not its inverse"),
    ("logit_otherwise", "log(f / (1 - f))", "log(f / (1 - f))", "arctanh(f)", "the inverse of the tanh were taken, not that of the sigmoid"),
    ("logit_otherwise", "log(f / (1 - f))", "log(f / (1 - f))", "log(f)", "the logarithm of `f` were taken, not of its odds"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "length_mask(n - 1, T)", "each row of the mask were one too short"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "length_mask(n + 1, T)", "each row of the mask were one too long"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "1 - length_mask(n, T)", "the mask were 1 for padding and 0 for what is real"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "flip(length_mask(n, T), 1)", "the padding stood in front"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "length_mask(flip(sort(n)), T)", "the rows stood in the order of their lengths"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "tril(ones(len(n), T))", "the mask were a causal one"),
    ("masks_otherwise", "length_mask(n, T)", "length_mask(n, T)", "one_hot(n - 1, T)", "only the last real position of each row were marked"),
    ("masks_otherwise", "arange(T) <= n[:, None]", "arange(T) <= n[:, None]", "arange(T) <= n[:, None] - 1", "`arange(T) <= n[:, None] - 1` were used instead of `arange(T) <= n[:, None]`"),
    ("masks_otherwise", "arange(T) <= n[:, None]", "arange(T) <= n[:, None]", "arange(T) <= n[:, None] + 1", "`arange(T) <= n[:, None] + 1` were used instead of `arange(T) <= n[:, None]`"),
    ("masks_otherwise", "arange(T) <= n[:, None]", "arange(T) <= n[:, None]", "arange(T) < n[:, None] - 1", "`arange(T) < n[:, None] - 1` were used instead of `arange(T) <= n[:, None]`"),
    ("squares_of_counts", "T * T", "T * T", "T * (T - 1) / 2", "each pair of `T` were counted once, without itself"),
    ("squares_of_counts", "T * T", "T * T", "T * (T + 1) / 2", "each pair of `T` were counted once, with itself"),
    ("squares_of_counts", "T**2", "T**2", "T * (T - 1) / 2", "each pair of `T` were counted once, without itself"),
    ("squares_of_counts", "T**2", "T**2", "T * (T + 1) / 2", "each pair of `T` were counted once, with itself"),
    ("shifted_sequence", "concat(zeros(1, 2), h[:-1])", "concat(zeros(1, 2), h[:-1])", "h", "each step had its own `h`, and not that of the step before"),
    ("shifted_sequence", "concat(zeros(1, 2), h[:-1])", "concat(zeros(1, 2), h[:-1])", "concat(h[1:], zeros(1, 2))", "each step had `h` of the step after it"),
    ("shifted_sequence", "concat(zeros(1, 2), h[:-1])", "concat(zeros(1, 2), h[:-1])", "concat(h[:1], h[:-1])", "the first of `h` stood for the start"),
    ("pooled", "h[-1]", "h[-1]", "mean(h, axis=0)", "the mean of `h` over time were taken, not `h[-1]`"),
    ("pooled", "h[-1]", "h[-1]", "max(h, axis=0)", "the largest of `h` over time were taken, not `h[-1]`"),
    ("pooled", "h[-1]", "h[-1]", "sum(h, axis=0)", "the sum of `h` over time were taken, not `h[-1]`"),
    ("pooled", "F[arange(3), n - 1]", "F[arange(3), n - 1]", "F[:, -1]", "the last column of `F` were taken, padding or not"),
    ("pooled", "F[arange(3), n - 1]", "F[arange(3), n - 1]", "F[arange(3), n - 2]", "`n - 2` were used instead of `n` - 1"),
    ("series", "rho**T", "rho**T", "sum(rho**arange(T))", "the powers of `rho` were added up"),
    ("series", "rho**(1 / T)", "rho**(1 / T)", "rho / T", "`rho` were divided by `T`, without a root"),
    ("count_off", "T * d", "T", "T - 1", "`T - 1` were used instead of `T` (time steps)"),
    ("count_off", "T * d", "T", "T + 1", "`T + 1` were used instead of `T` (time steps)"),
    ("half_life", "log(eps) / log(rho)", "log(eps) / log(rho)", "log(0.5) / log(rho)", "one half stood in place of `eps`"),
    ("half_life", "log(eps) / log(rho)", "log(eps) / log(rho)", "log(0.1) / log(rho)", "a tenth stood in place of `eps`"),
    ("reversed_operand", "x @ z", "x @ z", "flip(x) @ z", "`x` (inputs) stood in reverse order"),
    ("reversed_operand", "x @ z", "x @ z", "x @ flip(z)", "`z` stood in reverse order"),
    ("reversed_operand", "sum(x * z)", "sum(x * z)", "sum(flip(x) * z)", "`x` (inputs) stood in reverse order"),
    ("reversed_operand", "sum(x * z)", "sum(x * z)", "sum(flip(z) * x)", "`z` stood in reverse order"),
    ("reversed_operand", "z[:, None] * h", "z[:, None]", "flip(z)[:, None]", "`z` stood in reverse order"),
    ("product_with_one", "F @ q", "F @ q", "sum(F, axis=-1)", "`q` were left out, and the sums taken"),
    ("product_with_one", "F @ q", "F @ q", "mean(F, axis=-1)", "`q` were left out, and the means taken"),
    ("product_with_one", "F @ q", "F @ q", "F[:, 0] * q[0]", "only the first of `q` counted"),
    ("product_with_one", "x @ h", "x @ h", "sum(h, axis=0)", "`x` (inputs) were left out, and the sums taken"),
    ("product_with_one", "x @ h", "x @ h", "x[0] * h[0]", "only the first of `x` (inputs) counted"),
    ("scaled", "F @ q", "F @ q", "F @ q / sqrt(2)", "`F @ q` were divided by the square root of 2"),
    ("scaled", "sqrt(d)", "sqrt(d)", "sqrt(len(x))", "the root were of `len(x)`"),
    ("ratio_or_difference", "rho / eps", "rho / eps", "rho - eps", "`eps` were subtracted, not divided by"),
    ("ratio_or_difference", "rho - eps", "rho - eps", "rho / eps", "`rho` were divided by `eps`, not reduced by it"),
    ("ratio_or_difference", "rho - eps", "rho - eps", "eps / rho", "`eps` were divided by `rho`, not subtracted from it"),
    ("ratio_or_difference", "clip(x, -limit, limit)", "clip(x, -limit, limit)", "x - limit", "`limit` were subtracted from `x`"),
    ("ratio_or_difference", "maximum(rho, eps)", "maximum(rho, eps)", "(rho + eps) / 2", "the mean of `rho` and `eps` were taken"),
    ("joined", "concat(f, g)", "concat(f, g)", "f + g", "`f` and `g` were added, not joined"),
    ("joined", "concat(f, g)", "concat(f, g)", "(f + g) / 2", "the mean of `f` and `g` were taken; they are joined"),
    ("joined", "concat(f, g)", "concat(f, g)", "ravel([f, g].T)", "`f` and `g` were taken in turns, not one after the other"),
    ("joined", "concat(f, g)", "concat(f, g)", "f", "only `f` were taken, without `g`"),
    ("joined", "concat(f, g)", "concat(f, g)", "g", "only `g` were taken, without `f`"),
    ("inside_product", "W @ q + b", "W @ q + b", "W @ (q + b)", "`b` were added before the product: `W @ (q + b)`"),
    ("inside_product", "g + W @ q + b", "g + W @ q + b", "g + W @ (q + b)", "`b` were added before the product: `g + W @ (q + b)`"),
    ("shifted_slice", "a[H:2 * H]", "a[H:2 * H]", "a[H - 1:2 * H - 1]", "`a[H:2 * H]` began and ended one too early"),
    ("shifted_slice", "a[H:2 * H]", "a[H:2 * H]", "a[H + 1:2 * H + 1]", "`a[H:2 * H]` began and ended one too late"),
    ("roots_added", "sqrt(sum(x))", "sqrt(sum(x))", "mean(sqrt(x))", "the mean of the roots of `x` were taken"),
    ("roots_added", "sqrt(sum(x))", "sqrt(sum(x))", "max(sqrt(x))", "the largest of the roots of `x` were taken"),
    ("other_activation", "relu(x)", "relu(x)", "leaky_relu(x)", "leaky_relu were used instead of relu"),
    ("other_activation", "relu(x)", "relu(x)", "softplus(x)", "softplus were used instead of relu"),
    ("other_activation", "relu(x)", "relu(x)", "silu(x)", "silu were used instead of relu"),
    ("as_identity", "W @ q", "W", "eye(2)", "`W` (weights) were the identity"),
    ("taken_of_each", "[x[2], z[2]]", "[x[2], z[2]]", "[x[2 - 1], z[2 - 1]]", "all were of the step before"),
    ("taken_of_each", "[x[2], z[2]]", "[x[2], z[2]]", "[x[2 + 1], z[2 + 1]]", "all were of the step after"),
    ("taken_of_each", "a[k]", "a[k]", "a[k + 2]", "the second element after `a[k]` were taken"),
    ("of_gates", "H * d", "H * d", "3 * (H * d)", "there were three gates (a GRU's), not one block"),
    ("of_gates", "H * d", "H * d", "4 * (H * d)", "there were four gates (an LSTM's), not one block"),
    ("squashed_result", "x + z", "x + z", "tanh(x + z)", "there were a tanh around the result"),
    ("squashed_result", "x + z", "x + z", "sigmoid(x + z)", "there were a sigmoid around the result"),
    ("times_given", "s + z", "s + z", "x * (s + z)", "the result were multiplied by `x` (inputs)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "text", "place", "instead", "said"), PRACTICE_CASES, ids=[f"{c[0]}: {c[3]}" for c in PRACTICE_CASES]
)
def test_each_rule_changes_its_place_and_says_so(rule, text, place, instead, said):
    expr = parse(text)
    made = [*edits(expr, PRACTICE), *result_edits(expr, PRACTICE)]
    found = {(one.rule, show(one.place), show(one.replacement)): one for one in made}
    assert (rule, place, instead) in found, [key for key in found if key[0] == rule]
    assert found[rule, place, instead].clause == said
    assert 0 <= found[rule, place, instead].cost <= COSTS[rule]


def test_what_is_left_alone():
    """A rule that fits everywhere would be fitted by chance."""
    rules = {**cells.LOCAL, **losses.LOCAL, **times.LOCAL}
    for text, rule in (
        ("f * c + (1 - f) * g", "coupled"),  # coupled already
        ("x + z", "reversed_operand"),  # element by element: no sum of products
        ("rho * d", "count_off"),  # no number of steps
        ("4 * x", "number_of_gates"),  # no number of weights
        ("x / sum(z)", "softmax_twice"),
        ("grad(loss, s)", "logits_taken"),  # not by the logits
        ("x @ F", "as_identity"),
        ("log(2 * x)", "other_power"),
    ):
        assert not list(rules[rule](parse(text), PRACTICE)), (text, rule)


GATES = {"i": "sigmoid(A[:2])", "f": "sigmoid(A[2:4])", "g": "tanh(A[4:])", "c": "f * c_prev + i * g"}


def clauses(lets):
    steps = {name: parse(text) for name, text in lets.items()}
    return {
        change.clause: {name: show(expr) for name, expr in change.lets.items()}
        for change in further_changes(steps, PRACTICE)
    }


def test_stacked_gates_are_taken_in_every_other_order():
    found = clauses(GATES)
    assert len([clause for clause in found if "blocks" in clause]) == 5
    assert found["the blocks of `A` for `f` and `g` were exchanged"] == {
        "i": "sigmoid(A[:2])",
        "f": "sigmoid(A[4:])",
        "g": "tanh(A[2:4])",
    }
    assert found["the blocks of `A` stood for `g`, `i` and `f`, in this order"] == {
        "i": "sigmoid(A[2:4])",
        "f": "sigmoid(A[4:])",
        "g": "tanh(A[:2])",
    }


def test_rows_of_weights_are_blocks_too_and_what_two_steps_read_is_none():
    assert "the blocks of `P` for `i` and `f` were exchanged" in clauses(
        {"i": "sigmoid(P[0] * c)", "f": "sigmoid(P[1] * c)"}
    )
    assert not clauses({"i": "sigmoid(P[0] * c)", "f": "sigmoid(P[0] + P[1] * c)"})


def test_a_gate_is_half_open_in_every_step_that_reads_it():
    found = clauses({"old": "(1 - z) * h", "new": "z * c", "h2": "old + new"})
    assert found == {"`z` were one half": {"old": "(1 - 0.5) * h", "new": "0.5 * c"}}
