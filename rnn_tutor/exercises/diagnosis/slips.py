"""A slip in one element of an answer that is right elsewhere: its sign, digits, one product left out; two exchanged."""

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_DOWN, Decimal, InvalidOperation

import numpy as np

from rnn_tutor.engine.compare import Comparison, compare, significant, typed_numbers
from rnn_tutor.engine.functions import TABLE, Array
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.distinguishable import near
from rnn_tutor.exercises.question import Part
from rnn_tutor.exercises.verdict import Reading

MOST_SLIPS = 2  # elements; more are no slip
PAIR = 2  # elements that are exchanged
LEAST_DIGITS = 3  # typed, for a slip to be told from chance
CUT_DIGITS = 2  # ... and for digits that were cut off
CLOSE = 0.006  # relative: so far off an answer may be that was rounded on the way
MORE_DIGITS = 4  # ... and for a wrong digit where the other elements are right, or two exchanged of a number alone
MOST_DIGITS = (
    5  # ... of a number alone: of numbers near the right one, 1 in 12 fits so with three digits, 1 in 120 with four
)
DIGIT_WRONG = "digit_wrong"
SQUASHING = ("tanh", "sigmoid", "relu", "exp", "log", "sqrt", "softplus")


def slip(part: Part, reading: Reading, comparison: Comparison | None) -> tuple[str, str] | None:
    """Return the rule and the sentence of a slip in one or two elements; None where it is none."""
    value, expected = reading.value, part.expected
    if comparison is None or reading.expr is None or not isinstance(value, np.ndarray):
        return None
    if not isinstance(expected, np.ndarray):
        return None
    typed = typed_numbers(reading.expr)
    wrong = [tuple(int(at) for at in cell) for cell in np.argwhere(~(comparison.right | comparison.rounded))]
    if len(typed) == value.size and (cut := _cut_off(part, wrong, typed)):
        return "cut_off", cut
    if len(typed) != value.size or len(wrong) > MOST_SLIPS or (value.size > 1 and len(wrong) == value.size):
        return None
    return _of_each(part, wrong, typed, value) or _exchanged_elements(part, wrong, typed)


def _of_each(
    part: Part, wrong: Sequence[tuple[int, ...]], typed: Sequence[Decimal | None], value: Array
) -> tuple[str, str] | None:
    """Return the rule and the sentence of a slip that each of the wrong elements has; None where it is none."""
    told = []
    for cell in wrong:
        number = typed[int(np.ravel_multi_index(cell, value.shape))] if cell else typed[0]
        found = None if number is None else _of_element(part, cell, number, alone=value.size == 1)
        if found is None:
            return None
        told.append((found[0], f"{words.cell_name(part.name, cell)}: {found[1]}" if cell else found[2]))
    rules = dict.fromkeys(rule for rule, _ in told)
    if not told or len(rules) > 1:
        return None
    return next(iter(rules)), " ".join(sentence for _, sentence in told)


def _exchanged_elements(
    part: Part, wrong: Sequence[tuple[int, ...]], typed: Sequence[Decimal | None]
) -> tuple[str, str] | None:
    """Return the same where two elements have each the other's value, which no third one has."""
    expected = np.asarray(part.expected)
    if len(wrong) != PAIR:
        return None
    for cell, other in (wrong, wrong[::-1]):
        number, truth = typed[int(np.ravel_multi_index(cell, expected.shape))], float(expected[other])
        if number is None or not _is(number, truth) or near(part, np.array(truth), expected).sum() > 1:
            return None
    cells = words.enumerated([words.cell_name(part.name, cell) for cell in wrong])
    return "two_exchanged", f"{cells} have each other's value."


def _cut_off(part: Part, wrong: Sequence[tuple[int, ...]], typed: Sequence[Decimal | None]) -> str:
    """Say that all that is wrong are right numbers of which the further digits were left out; "" where it is not so."""
    expected = np.asarray(part.expected)
    for cell in wrong:
        number = typed[int(np.ravel_multi_index(cell, expected.shape))] if cell else typed[0]
        if number is None or significant(number) < CUT_DIGITS or not _is_cut(number, float(expected[cell])):
            return ""
    if not wrong:
        return ""
    cells = [words.cell_name(part.name, cell) for cell in wrong if cell]
    whole = not cells or len(cells) > MOST_CUT
    subject = "This is" if expected.size == 1 else "These are" if whole else words.enumerated(cells)
    verb = "" if whole else " is" if len(cells) == 1 else " are"
    return f"{subject}{verb} cut off, not rounded. Round to {part.ask.digits} significant digits or more."


MOST_CUT = 4  # elements that are named


def _is_cut(typed: Decimal, truth: float) -> bool:
    """Tell whether a number is the right one without its further digits, which should have rounded it up."""
    try:
        return Decimal(repr(truth)).quantize(Decimal(1).scaleb(int(typed.as_tuple().exponent)), ROUND_DOWN) == typed
    except InvalidOperation:
        return False


def _of_element(part: Part, cell: tuple[int, ...], typed: Decimal, *, alone: bool) -> tuple[str, str, str] | None:
    """Return the rule of a slip, what is said of an element among others, and what of a number alone."""
    assert isinstance(part.expected, np.ndarray)  # noqa: S101 - what a value part holds
    truth = float(part.expected[cell])
    if not alone and truth and _is(typed, -truth):
        return "element_sign", "the sign.", ""
    if significant(typed) < LEAST_DIGITS:
        return None
    if significant(typed) >= (MORE_DIGITS if alone else LEAST_DIGITS) and typed in _exchanged(truth, typed):
        return "digits_exchanged", "two digits are exchanged.", "Two digits are exchanged."
    if not alone and truth:
        for power, word in ((10.0, "one place too far right"), (0.1, "one place too far left")):
            if _is(typed, truth * power):
                return "decimal_point", f"the decimal point is {word}.", ""
    if significant(typed) >= (MOST_DIGITS if alone else MORE_DIGITS) and _one_digit_off(truth, typed):
        return DIGIT_WRONG, "one digit is wrong.", "All digits but one are right."
    missing = [product for product, without in _without_one_product(part, cell) if _is(typed, without)]
    if len(missing) == 1:
        sentence = f"one product is left out of the sum: {missing[0]}."
        return "product_left_out", sentence, sentence.capitalize()
    return None


def _is(typed: Decimal, value: float) -> bool:
    found = compare(np.array(float(typed)), np.array(value), digits=2, rtol=1e-3, atol=0.0, typed=[typed])
    return found.verdict == "right"


def _one_digit_off(truth: float, typed: Decimal) -> bool:
    """Tell whether the right number, with as many decimals as were typed, differs in a single digit."""
    try:
        right = Decimal(truth).quantize(Decimal(1).scaleb(int(typed.as_tuple().exponent)))
    except InvalidOperation:
        return False
    if abs(float(right - typed)) <= CLOSE * abs(truth):
        return False  # rounded on the way, it may be
    if typed and right and any(_is_about(right / typed, factor) for factor in FACTORS):
        return False  # 2000 for 4000: a factor of 2 is the simpler story
    if _is_about(abs(right - typed), 1.0):
        return False  # one more or less is counted otherwise, or has a term of 1
    same_length = len(right.as_tuple().digits) == len(typed.as_tuple().digits)
    pairs = zip(right.as_tuple().digits, typed.as_tuple().digits, strict=False)
    differ = sum(own != other for own, other in pairs)
    return right.is_signed() == typed.is_signed() and same_length and differ == 1


FACTORS = (2.0, 3.0, 4.0, 5.0, 0.5, 1 / 3, 0.25, 0.2, 1.5, 2 / 3)


def _is_about(ratio: Decimal, factor: float) -> bool:
    return abs(float(ratio) / factor - 1) < ABOUT


ABOUT = 5e-4


def _exchanged(truth: float, typed: Decimal) -> Iterator[Decimal]:
    """Yield the right number, with as many decimals as were typed, with two neighbouring digits exchanged."""
    exponent = typed.as_tuple().exponent
    try:
        sign, digits, places = Decimal(truth).quantize(Decimal(1).scaleb(int(exponent))).as_tuple()
    except (InvalidOperation, ValueError):
        return
    for at in range(len(digits) - 1):
        if digits[at] != digits[at + 1]:
            swapped = (*digits[:at], digits[at + 1], digits[at], *digits[at + 2 :])
            yield Decimal((sign, swapped, int(places)))


def _without_one_product(part: Part, cell: tuple[int, ...]) -> Iterator[tuple[str, float]]:
    """Yield what an element is without one product of a sum of products, and that product as text."""
    node, after = part.node, list[Callable[..., Array]]()
    while node is not None and node.op in SQUASHING and len(node.parents) == 1:
        after.append(TABLE[node.op].value)
        node = node.parents[0]
    if node is None or node.value is None or node.shape != np.asarray(part.expected).shape:
        return
    total = float(node.value[cell])
    for product in _products(node):
        left, right = (as_numbers(parent.number) for parent in product.parents)
        row = left[cell[0]] if left.ndim == 2 else left
        column = right if right.ndim == 1 else right[:, cell[-1]]
        for one, other in zip(np.ravel(row), np.ravel(column), strict=False):
            without = np.array(total - float(one) * float(other))
            with np.errstate(all="ignore"):  # the root of what is left may be none
                for function in reversed(after):
                    without = np.asarray(function(without))
            if one * other and not near(part, without, np.asarray(part.expected)[cell]).all():
                yield f"{one:.4g} * {other:.4g}", float(without)


def _products(node: Node) -> Iterator[Node]:
    """Yield the matrix products among the terms of a sum."""
    if node.op in ("matmul", "dot") and len(node.parents) == 2 and all(p.shape for p in node.parents):
        if node.parents[0].shape[-1] > 1:
            yield node
    elif node.op in ("add", "subtract") or (node.op in ("array",) and len(node.parents) == 1):
        for parent in node.parents:
            if parent.shape == node.shape:
                yield from _products(parent)
