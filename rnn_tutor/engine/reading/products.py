"""Names side by side, as on paper: `W_xh x + W_hh h_prev`, `2 h`.

Which product that is depends on the shapes, so it is left to the graph (`calls`): here each such chain is put in
brackets, as it binds tighter than a sign of times (`f * W h` is `f * (W @ h)`), and its gaps become `BESIDE`.
"""

from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.brackets import LIKE_NUMBERS, Bracket, Part, is_sign, is_value, text_of
from rnn_tutor.engine.reading.notation import BESIDE
from rnn_tutor.engine.reading.token import Token


def with_groups(parts: list[Part]) -> list[Part]:
    """Return a level in which `W (a + b)` is no call of W, as there is no such function."""
    done: list[Part] = []
    for part in parts:
        if isinstance(part, Bracket) and part.kind == "call" and part.space and part.inside and _no_function(done):
            done.append(Bracket("group", part.opening, part.closing, part.inside))
        else:
            done.append(part)
    return done


def with_arguments(parts: list[Part], *, in_list: bool) -> list[Part]:
    """Return a level in which `3 ln 10` is 3 ln(10): a number alone behind a function, and nothing that binds to it.

    Not behind a value of a list: `[2 ln 10, 1]` may be two numbers or three.
    """
    done: list[Part] = []
    position = 0
    while position < len(parts):
        part = parts[position]
        after = parts[position + 1] if position + 1 < len(parts) else None
        ends = position + 2 >= len(parts) or text_of(parts[position + 2]) in ENDS
        if (
            isinstance(part, Token)
            and part.text in OF_NUMBERS
            and isinstance(after, Token)
            and after.kind == "number"
            and after.space
            and ends
            and not (in_list and position and is_value(parts[position - 1]))
        ):
            opening, closing = Token("op", "(", *after.span[:1] * 2), Token("op", ")", *after.span[1:] * 2)
            done += [part, Bracket("call", opening, closing, [after])]
            position += 1
        else:
            done.append(part)
        position += 1
    return done


def with_fractions(parts: list[Part], *, in_list: bool) -> list[Part]:
    """Return a level in which `1/2 ln(p)` is `(1/2) ln(p)`: two numbers with no gap between, and a gap behind them.

    Not in a list, where the gap may be a comma, nor behind a value or another division. Nor before pi: 1/2 pi f is a
    half of it, or 1 over 2 pi f.
    """
    done: list[Part] = []
    position = 0
    while position < len(parts):
        part = parts[position]
        before = done[-1] if done else None
        if not in_list and not _is_bound(before) and _is_fraction(parts[position : position + 4]):
            three = parts[position : position + 3]
            start, end = part.span[0], three[2].span[1]
            opening = Token("op", "(", start, start, part.space, part.line)
            done.append(Bracket("group", opening, Token("op", ")", end, end), three))
            position += 3
            continue
        done.append(part)
        position += 1
    return done


def _is_bound(before: Part | None) -> bool:
    """Tell whether what stands before a number would take it for itself."""
    return before is not None and (is_value(before) or text_of(before) in ("/", "//", "%", "**", "@", "."))


def _is_fraction(parts: list[Part]) -> bool:
    """Tell whether 1/2 stands there, and behind a gap what is no number."""
    if len(parts) < 4 or text_of(parts[1]) != "/":
        return False
    numbers = all(isinstance(part, Token) and part.kind == "number" for part in (parts[0], parts[2]))
    tight = not parts[1].space and not parts[2].space
    after = parts[3]
    named = isinstance(after, Token) and after.kind == "name" and after.text != "pi"
    return numbers and tight and named and after.space and not after.line


OF_NUMBERS = ("ln", "log", "log2", "log10", "sqrt", "exp", "sin", "cos", "tan", "tanh")
ENDS = ("+", "-", ",", ";")


def _no_function(before: list[Part]) -> bool:
    """Tell whether a level ends in a name that is neither a function nor a method."""
    name = before[-1]
    after_dot = len(before) > 1 and text_of(before[-2]) == "."
    return isinstance(name, Token) and not after_dot and canonical(name.text) is None


def is_factor(parts: list[Part], position: int) -> bool:
    """Tell whether before this position two values stand side by side that can be a product, and are no list."""
    before, after = parts[position - 1], parts[position]
    if _is_number_of(before, after):
        return True
    if not after.space or after.line or not (_can_be_factor(before) and _can_be_factor(after)):
        return False
    if isinstance(before, Token) and before.kind == "name" and canonical(before.text):
        return False
    return _has_name(before) or _has_name(after)


def _is_number_of(before: Part, after: Part) -> bool:
    """Tell whether it is 50(10 + 1), a product; the bracket of 0.0532(11) may be an uncertainty."""
    if not isinstance(before, Token) or before.kind != "number" or after.space:
        return False
    if not isinstance(after, Bracket) or after.kind != "group":
        return False
    if any(text_of(part) in (",", ";") for part in after.inside):
        return False
    if any(_is_number(one) and _is_number(other) for one, other in pairwise(after.inside)):
        return False
    return sum(not is_sign(part) for part in after.inside) > 1 or _has_name(after)


def _is_number(part: Part) -> bool:
    return isinstance(part, Token) and part.kind == "number"


def _can_be_factor(part: Part) -> bool:
    return is_value(part) and not (isinstance(part, Bracket) and part.kind == "list")


def _has_name(part: Part) -> bool:
    if isinstance(part, Token):
        return part.kind == "name" and part.text not in LIKE_NUMBERS
    return part.kind in ("call", "index") or any(_has_name(inner) for inner in part.inside)


def multiplied(parts: list[Part], gaps: list[int]) -> list[Part]:
    """Return a level with the chains that have these gaps in brackets. Raises EngineError where one reads two ways."""
    places = frozenset(gaps)
    done: list[Part] = []
    position = 0
    for gap in gaps:
        _ask_about_cross(parts, gap, places)
        if gap <= position:
            continue  # within the chain before
        start, last = _first(parts, gap - 1), _last(parts, gap)
        while last + 1 in places:
            last = _last(parts, last + 1)
        _ask_about_division(parts, start, gap)
        chain: list[Part] = []
        for place in range(start, last + 1):
            at = parts[place].span[0]
            chain += [Token("op", BESIDE, at, at), parts[place]] if place in places else [parts[place]]
        begin, end = parts[start].span[0], parts[last].span[1]
        opening = Token("op", "(", begin, begin, parts[start].space, parts[start].line)
        done += [*parts[position:start], Bracket("group", opening, Token("op", ")", end, end), chain)]
        position = last + 1
    return done + parts[position:]


def _first(parts: list[Part], position: int) -> int:
    """Return where the value that ends at a position begins, its exponents included."""
    while True:
        exponent = position
        while position > 0:
            here = parts[position]
            if isinstance(here, Bracket) and here.kind in ("call", "index"):
                position -= 1
            elif position > 1 and text_of(parts[position - 1]) == ".":
                position -= 2
            else:
                break
        before = _before_signs(parts, position)
        if before < 1 or text_of(parts[before]) != "**":
            return position
        here = parts[position]
        if exponent > position or (isinstance(here, Token) and here.kind == "name"):
            span = (parts[before - 1].span[0], parts[exponent].span[1])
            raise EngineError("notation", "How far does the power reach? Write (a**b) * c or a**(b * c).", span)
        position = before - 1


def _last(parts: list[Part], position: int) -> int:
    """Return where the value that begins at a position ends, its exponents included."""
    while position + 1 < len(parts):
        after = parts[position + 1]
        if isinstance(after, Bracket) and after.kind in ("call", "index"):
            position += 1
        elif text_of(after) == "." and position + 2 < len(parts):
            position += 2
        elif text_of(after) == "**":
            position += 2
            while position < len(parts) and is_sign(parts[position]):
                position += 1
        else:
            break
    return min(position, len(parts) - 1)


def _before_signs(parts: list[Part], position: int) -> int:
    """Return the position of what stands before a value and the signs before it; -1 for nothing."""
    position -= 1
    while position >= 0 and is_sign(parts[position]):
        position -= 1
    return position


def _ask_about_division(parts: list[Part], start: int, gap: int) -> None:
    """1 / 2 h is half of h to some, 1 / (2 * h) to others."""
    before = _before_signs(parts, start)
    if before < 1 or text_of(parts[before]) != "/":
        return
    three = [parts[before - 1], parts[start], parts[gap]]
    plain = before == start - 1 and gap == start + 1 and all(isinstance(part, Token) for part in three)
    a, b, c = (text_of(part) for part in three) if plain else ("a", "b", "c")
    span = (three[0].span[0], three[2].span[1])
    raise EngineError("notation", f"Which part is the divisor? Write {a} / {b} * {c} or {a} / ({b} * {c}).", span)


def _ask_about_cross(parts: list[Part], gap: int, places: frozenset[int]) -> None:
    """In 2 x 4 the x is a sign of times to most, but it may be a name."""
    if gap + 1 not in places or text_of(parts[gap]) not in ("x", "X"):
        return
    left, cross, right = (parts[place] for place in (gap - 1, gap, gap + 1))
    if isinstance(left, Token) and isinstance(right, Token) and "number" in (left.kind, right.kind):
        a, b, c = text_of(left), text_of(cross), text_of(right)
        sentence = f"Is {b} a times sign here, or the name {b}? Write {a} * {c} for the first, {a} * {b} * {c} for the "
        raise EngineError("notation", f"{sentence}second.", (left.start, right.end))
