"""A learner's text -> what is understood of it: value and shape, or one sentence on what to type instead.

Reading never says whether an answer is right, and never raises.
"""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from rnn_tutor.engine.compare import IDENTICAL, is_literal, same, significant, typed_numbers
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Name,
    Number,
    brief,
    children,
    functions_in,
    names_in,
    show,
    walk,
    with_children,
)
from rnn_tutor.engine.functions import SUGGESTED, Array, canonical
from rnn_tutor.engine.functions.constructors import MAX_EYE
from rnn_tutor.engine.graph.graph import Graph, Node, as_numbers, counted, whole_number
from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.engine.reading.ambiguity import decimal_points
from rnn_tutor.engine.reading.characters import seen
from rnn_tutor.engine.reading.language import parse, parse_shape, without_target
from rnn_tutor.engine.reading.measures import Asked, asked_for
from rnn_tutor.engine.reading.pasted import unpasted
from rnn_tutor.engine.reading.python_lists import as_lists
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape, in_words
from rnn_tutor.exercises import words
from rnn_tutor.exercises.question import MAX_ANSWER, MAX_ANSWER_AXES, Part, Question, visible
from rnn_tutor.exercises.renamed import in_todays_names, names_to_type
from rnn_tutor.exercises.scratch import come_from, lost, named, notes, products
from rnn_tutor.exercises.verdict import Reading
from rnn_tutor.figures.numbers import MAX_ECHO, values

IDENTITY = "I"
MOST_SIZES = 12  # of an identity matrix that are tried
MOST_BEGUN = 5  # names that are told which begin with what is typed


def read(
    question: Question,
    part: str,
    text: str,
    earlier: Mapping[str, str] | None = None,
    scratch: Sequence[str] = (),
) -> Reading:
    """Return what is understood of a text typed as the answer of a part.

    `earlier` has the texts typed for other parts, `scratch` the lines of the scratchpad: the values of both can be
    used by name.
    """
    asked = question.part(part)
    try:
        if asked.kind == "shape":
            return _shape(question, asked, text, scratch)
        if asked.kind in ("choice", "checklist"):
            return _picks(asked, text)
        if asked.kind == "program":
            from rnn_tutor.exercises.programs import read_answer  # a program's reading is a reading

            return read_answer(question, asked, text)
        own = own_values(question, asked, earlier or {}, scratch)
        return _value_of_part(question, asked.name, text, own, tuple(scratch))
    except EngineError as error:
        return Reading(text, error.says, error=error, so_far=_half_a_name(question, asked, text, error))


def _half_a_name(question: Question, asked: Part, text: str, error: EngineError) -> str:
    """Return which names the last word may become, where that is what is not understood; "" where it is not."""
    if error.kind != "name" or error.at is None:
        return ""
    before, word = text[: error.at[0]], text[error.at[0] :].rstrip()
    if not word.isidentifier() or before.endswith(".") or canonical(word):
        return ""
    parts = [part.name for part in question.parts[: question.parts.index(asked)]]
    names = [name for name in dict.fromkeys([*question.told, *parts]) if name.startswith(word) and name != word]
    names += [f"{name}()" for name in SUGGESTED if name.startswith(word)]
    shown = ", ".join(names[:MOST_BEGUN])
    return f"{word}...: {shown}{', ...' * (len(names) > MOST_BEGUN)}" if names else ""


def read_value(
    question: Question,
    asked: Part,
    text: str,
    earlier: Mapping[str, str] | None = None,
    scratch: Sequence[str] = (),
) -> Reading:
    """Return what is understood of a text typed as a value in the place of a part's: `asked` has what is expected."""
    try:
        return _value(question, asked, text, own_values(question, asked, earlier or {}, scratch), scratch)
    except EngineError as error:
        return Reading(text, error.says, error=error)


def own_values(
    question: Question, asked: Part, earlier: Mapping[str, str], scratch: Sequence[str] = ()
) -> dict[str, Array]:
    """Return the values of a learner's answers to the parts before this one, as far as they are understood."""
    own: dict[str, Array] = {}
    for part in question.parts:
        if part.name == asked.name:
            break
        text = earlier.get(part.name, "")
        if part.kind not in ("scalar", "vector", "matrix") or not text.strip():
            continue
        try:
            reading = _value_of_part(question, part.name, text, own, tuple(scratch))
        except EngineError:
            continue
        if isinstance(reading.value, np.ndarray):
            own[part.name] = reading.value
    return own


def scope_of(question: Question, own: Mapping[str, Array]) -> Graph:
    """Return the graph in which a learner's expression is evaluated: the givens, and values of their own."""
    scope = question.graph.scope(visible(question))
    for name, value in own.items():
        if re.fullmatch(r"[A-Za-z]\w*", name):
            scope.leaf(name, value, op="replaced")
    return scope


def _what_is_read(
    question: Question, part: str, text: str, parts: Mapping[str, Array], scratch: tuple[str, ...]
) -> tuple[Question, Hashable]:
    return question, (part, text, tuple((name, own.shape, own.tobytes()) for name, own in parts.items()), scratch)


@remembered(64, by=_what_is_read)
def _value_of_part(
    question: Question, part: str, text: str, parts: Mapping[str, Array], scratch: tuple[str, ...]
) -> Reading:
    """Return the reading of a text as a part's value; an earlier answer is read again with each one behind it."""
    return _value(question, question.part(part), text, parts, scratch)


def _value(
    question: Question, asked: Part, text: str, parts: Mapping[str, Array], scratch: Sequence[str] = ()
) -> Reading:
    several = isinstance(asked.expected, np.ndarray) and asked.expected.size > 1
    pad = notes(question, scratch, parts)
    own = {**parts, **named(pad)}
    scope = scope_of(question, own)
    waiting = lost(pad) - own.keys()
    scope.lose(waiting)
    plain = without_target(unpasted(text), asked.name)
    names = names_to_type(question.exercise, scope.names)
    taken = {*names, *question.graph.names, *(part.name for part in question.parts)}
    plain = _without_other_target(plain, taken, asked)
    units = _units_asked(question, asked)
    expr = in_todays_names(
        question.exercise, parse(plain, loose=True, several=several, names=names, asked=units), {*own, *waiting}
    )
    wanted = asked.expected.shape if isinstance(asked.expected, np.ndarray) else ()
    expr = with_identity(scope, expr, wanted, waiting)
    try:
        node, expr = _evaluated(scope, expr, wanted)
    except EngineError as error:
        if error.kind == "unknown":
            name = min(names_in(expr) & waiting)
            sentence = f"{name} is on your scratchpad, in a line that is not understood yet: correct it first."
            raise EngineError("name", sentence, error.at) from None
        raise _about_parts(question, asked, own, error, expr) from None
    if node.shape != wanted:
        _ask_about_decimals(scope, plain, wanted, names, several=several, units=units)
    written, expr = expr, scope.settled(expr)
    _ask_about_truth(asked, node, expr)
    _ask_about_list(written, expr, node, several=several)
    value = as_numbers(node.number)
    expected = asked.expected
    if isinstance(expected, np.ndarray) and expected.shape == (1,) and value.shape == () and is_literal(expr):
        value, expr = value.reshape(1), ArrayExpr((expr,), expr.span)
    if value.size > MAX_ANSWER or value.ndim > MAX_ANSWER_AXES:
        raise EngineError("limit", f"An answer has at most {MAX_ANSWER:,} numbers and {MAX_ANSWER_AXES} axes.")
    echo = f"read as {products(written, expr)}{_values(value, expr)}{words.remarks(scope.remarks)}"
    names = frozenset(names_in(expr)) & set(scope.names)  # without constants, such as pi
    used = {name: own[name] for name in names if name in own}
    return Reading(text, echo[:MAX_ECHO], value, value.shape, expr=expr, uses=come_from(names, pad), own=used)


@remembered(16, by=lambda question, asked: (question.exercise, asked.name))
def _units_asked(question: Question, asked: Part) -> Asked:
    """Return what the texts of an exercise tell of the unit in which a part is asked for."""
    exercise = question.exercise
    around = [exercise.prompt, *(given.means for given in exercise.given.values())]
    return asked_for(asked.ask.prompt, around, alone=len(exercise.ask) == 1)


_OTHER_TARGET = re.compile(
    r"\s{0,20}(?P<name>[A-Za-z]\w{0,39})"
    r"(?P<square>\s{0,3}(?:\^|\*\*)\s{0,3}2)?(?P<places>\s{0,3}\([\d\s,.;]{1,40}\))?"
    r"\s{0,20}=(?!=)(?=[-+\d\s.,;\[\]()eE]{1,2000}"
    r"(?:(?:(?<=\d)|(?<=\d\s))[A-Za-z%\u00b5\u03bc\u00b0][\w/^*.\u00b7\u00b2\u00b3-]{0,20})?\s{0,20}$)"
)


_OF_A_SQUARE = re.compile(r"(?i)squar|varianc|\^ ?2|\*\* ?2|\u00b2")


def _without_other_target(text: str, names: Collection[str], asked: Part) -> str:
    """Return `n = 44` and `L_total = 80.6 dB` without what is left of =, blanked, where that is nothing here.

    A name of the learner's own for what is asked, or its square (`sigma^2 = 4.1`) where the question speaks of one; the
    name of what is asked with degrees of freedom or places in brackets, as it is printed: `F(2, 12) = 7.4`. Raises
    EngineError (`notation`) for another square: what is asked for may be its root.
    """
    target = _OTHER_TARGET.match(text)
    if target is None or (target["square"] and target["places"]):
        return text
    name = target["name"]
    printed = name == asked.name and target["places"] is not None
    squared = target["square"] is not None and name not in names
    if not printed and not squared and (name in names or canonical(name) is not None):
        return text
    if target["square"] is not None and not _OF_A_SQUARE.search(f"{asked.name} {asked.ask.prompt}"):
        sentence = f"Is this the square of {name}, or {asked.name} itself? Write only the value of {asked.name}."
        raise EngineError("notation", sentence, (target.start("name"), target.end("square")))
    return " " * target.end() + text[target.end() :]


def with_identity(scope: Graph, expr: Expr, wanted: Shape, waiting: Collection[str]) -> Expr:
    """Return an expression with I as the identity matrix of the one size that fits, where I is no name.

    Raises EngineError (`name`) where several sizes do, or none.
    """
    if IDENTITY not in names_in(expr) or IDENTITY in scope.names or IDENTITY in waiting:
        return expr
    sizes = {length for node in scope.names.values() if isinstance(node, Node) for length in node.shape} | {*wanted}
    remarks = list(scope.remarks)
    fitting: list[int] = []
    for size in sorted(size for size in sizes if 1 < size <= MAX_EYE)[:MOST_SIZES]:
        node = _if_any(scope, _put_in(expr, IDENTITY, _identity(size)))
        if node is not None and node.shape == wanted:
            fitting.append(size)
    scope.remarks[:] = remarks
    if len(fitting) != 1:
        raise EngineError("name", "How large is the identity matrix I? Write eye(n), as in eye(3).")
    scope.remark(f"I is the identity matrix, eye({fitting[0]})")
    return _put_in(expr, IDENTITY, _identity(fitting[0]))


def _identity(size: int) -> Expr:
    return Call("eye", (Number(float(size), str(size)),))


def _put_in(expr: Expr, name: str, meant: Expr) -> Expr:
    if isinstance(expr, Name):
        return meant if expr.id == name else expr
    parts = children(expr)
    return with_children(expr, tuple([_put_in(part, name, meant) for part in parts])) if parts else expr


def _evaluated(scope: Graph, expr: Expr, wanted: Shape) -> tuple[Node, Expr]:
    """Return the node of an expression, and the expression as it was read.

    A list is an array. Where `[..] * n` or `[..] + [..]` gives what was asked for (by its shape) only as Python means a
    list, that is taken; where it does either way, it is asked.
    """
    lists = as_lists(expr, lambda count: counted(scope, count))
    if lists is None:
        return _with_dots(scope, expr, wanted)
    as_array, as_list = _if_any(scope, expr), _if_any(scope, lists.expr)
    if as_list is not None and as_list.shape == wanted:
        if as_array is None or as_array.shape != wanted:
            scope.remark(lists.remark)
            return as_list, lists.expr
        if not same(as_array.value, as_list.value, IDENTICAL):
            raise lists.question()
    return (scope.evaluate(expr) if as_array is None else as_array), expr


def _with_dots(scope: Graph, expr: Expr, wanted: Shape) -> tuple[Node, Expr]:
    """Return an expression's node; a · b of two vectors is their dot product where only that gives what is asked."""
    if "dotted" not in functions_in(expr):
        return scope.evaluate(expr), expr
    plain = _if_any(scope, expr)
    dots = _dots(expr)
    node = None if plain is not None and plain.shape == wanted else _if_any(scope, dots)
    if node is None or node.shape != wanted:
        return (scope.evaluate(expr) if plain is None else plain), expr
    scope.remark("· is the dot product")
    return node, dots


def _dots(expr: Expr) -> Expr:
    if isinstance(expr, Name):
        return expr
    parts = tuple([_dots(part) for part in children(expr)])
    done = with_children(expr, parts) if parts else expr
    return replace(done, function="dot", style="call") if isinstance(done, Call) and done.function == "dotted" else done


def _ask_about_decimals(
    scope: Graph, text: str, wanted: Shape, names: Collection[str], *, several: bool, units: Asked
) -> None:
    """Ask about the commas of [-0,5; 2,625], where there are as many numbers as asked for if these are decimal."""
    others = decimal_points(text)
    if others is None:
        return
    try:
        node = scope.evaluate(parse(others.text, loose=True, several=several, names=names, asked=units))
    except EngineError:
        return
    if node.shape == wanted:
        raise others.question


def _if_any(scope: Graph, expr: Expr) -> Node | None:
    try:
        return scope.evaluate(expr)
    except EngineError:
        return None


def _values(value: Array, expr: Expr) -> str:
    if value.ndim == 0:
        return values(value, max(SHOWN.of(6), _digits(expr)))
    return f"{words.a_kind(value.shape)}: {values(value, _digits(expr))}"


def _ask_about_truth(asked: Part, node: Node, expr: Expr) -> None:
    """Ask about True, False and comparisons where numbers are asked for; for an array of 0 and 1 they are these."""
    truth = next((name for name in _truths(expr)), None)
    if truth is None and (node.value is None or node.value.dtype.char != "?"):
        return
    expected = asked.expected
    if node.shape and isinstance(expected, np.ndarray) and bool(np.isin(expected, (0.0, 1.0)).all()):
        return
    if truth is None:
        sentence = "The answer is a number, but yours is true or false. Do you mean 1 or 0? Then type the number."
        raise EngineError("notation", sentence, expr.span)
    number = "1" if truth.id == "True" else "0"
    raise EngineError("notation", f"Do you mean the number {number} by {truth.id}? Then write {number}.", truth.span)


def _truths(expr: Expr) -> Iterator[Name]:
    """Yield each True and False that is, in lists or alone, a value of the answer."""
    match expr:
        case Name(id="True" | "False"):
            yield expr
        case Call(function="array", args=(inner, *_)):
            yield from _truths(inner)
        case ArrayExpr(items=items):
            for item in items:
                yield from _truths(item)


def _ask_about_list(written: Expr, settled: Expr, node: Node, *, several: bool) -> None:
    """Ask about two numbers side by side, without brackets, where several numbers are asked for."""
    if not several or node.shape:
        return
    if not isinstance(written, Call) or written.function != "beside":
        _ask_about_gap(written)
        return
    first: Expr = written
    values: list[Expr] = []
    while isinstance(first, Call) and first.function == "beside":
        values.insert(0, first.args[1])
        first = first.args[0]
    sentence = f"Is that a product or a list? Write {show(settled)}, or {show(ArrayExpr((first, *values)))}."
    raise EngineError("notation", sentence, written.span)


def _ask_about_gap(written: Expr) -> None:
    """Ask about 0.9*tanh(1.2) 0.4*tanh(-0.6): a number behind a value is no factor on paper, but the next in a list."""
    for part in walk(written):
        if isinstance(part, Call) and part.function == "beside" and isinstance(part.args[1], Number):
            first, second = map(show, part.args)
            sentence = f"Is that a product or a list? Write {first} * {second}, or {first}, {second} with a comma."
            raise EngineError("notation", sentence, part.span)


def _digits(expr: Expr) -> int:
    """Return how many digits of an array to echo: of what was calculated 4, of what was typed all (at most 15)."""
    typed = [number for number in typed_numbers(expr) if number is not None]
    return min(15, max([SHOWN.of(4), *(significant(number.normalize()) for number in typed)]))


def _about_parts(
    question: Question, asked: Part, own: Mapping[str, Array], error: EngineError, expr: Expr
) -> EngineError:
    """Say of the name of an earlier part that it has to be answered first."""
    if error.kind == "name":
        for part in question.parts:
            if part.name == asked.name:
                break
            if part.name in names_in(expr) and part.name not in own:
                sentence = f"{part.name} is an earlier part. Answer it first; then you can use its name here."
                return EngineError("name", sentence, error.at)
    return error


def _shape(question: Question, asked: Part, text: str, scratch: Sequence[str] = ()) -> Reading:
    expr = parse_shape(without_target(unpasted(text), asked.name))
    assert isinstance(expr, ArrayExpr)  # noqa: S101 - what parse_shape returns
    pad = notes(question, scratch)
    scope = scope_of(question, named(pad))
    items = [in_todays_names(question.exercise, item, {*named(pad), *lost(pad)}) for item in expr.items]
    expr = replace(expr, items=tuple(items))
    if len(expr.items) == 1:  # (B,) * 2: an array is no shape, so that only the list is meant
        lists = as_lists(expr.items[0], lambda count: counted(scope, count))
        expr = lists.expr if lists is not None and isinstance(lists.expr, ArrayExpr) else expr
    sizes = _sizes(scope, expr)
    symbols = "(" + ", ".join(show(item) for item in expr.items) + ")"
    numbers = in_words(sizes) if sizes else "()"
    if len(expr.items) == 1 and "shape" in functions_in(expr) and len(sizes) != 1:
        symbols = show(expr.items[0])
    echo = f"read as the shape {symbols}" + (f" = {numbers}" if symbols != numbers else "")
    uses = come_from(names_in(expr) & set(scope.names), pad)
    return Reading(text, echo[:MAX_ECHO], sizes, (len(sizes),), expr=expr, uses=uses)


def _sizes(scope: Graph, expr: ArrayExpr) -> Shape:
    """Return the sizes of a shape: one an axis, or those that x.shape, x.shape[1:] and shape(W) stand for."""
    if len(expr.items) != 1 or "shape" not in functions_in(expr):
        return tuple(_size(scope.evaluate(item), show(item)) for item in expr.items)
    (item,) = expr.items
    joined = _joined_sizes(scope, item)
    if joined is not None:
        return joined
    if isinstance(item, Call) and item.function == "shape" and item.style == "call" and len(item.args) == 1:
        of = scope.evaluate(item.args[0])
        if not of.shape:  # shape(B): one axis of size B
            return (_size(of, show(item.args[0])),)
    node = scope.evaluate(item)
    if len(node.shape) != 1:
        return (_size(node, show(item)),)
    if not all(float(size).is_integer() and size >= 0 for size in node.number):
        raise EngineError("value", f"Sizes are whole numbers; {brief(item)} has others.")
    return tuple(int(size) for size in node.number)


def _joined_sizes(scope: Graph, expr: Expr) -> Shape | None:
    """Return the sizes of x.shape[:2] + (V,): a tuple after the other, where numbers would be added."""
    if not isinstance(expr, Call) or expr.function != "add" or expr.style != "operator":
        return None
    sides = [_joined_sizes(scope, side) or _tuple_of_sizes(scope, side) for side in expr.args]
    if sides.count(None) == 1:
        alone = show(expr.args[sides.index(None)])
        raise EngineError("notation", f"{alone} is one size: to put it beside a shape write ({alone},).", expr.span)
    return None if None in sides else tuple(size for side in sides if side is not None for size in side)


def _tuple_of_sizes(scope: Graph, expr: Expr) -> Shape | None:
    if isinstance(expr, ArrayExpr):
        return tuple(_size(scope.evaluate(item), show(item)) for item in expr.items)
    node = scope.evaluate(expr)
    return _sizes(scope, ArrayExpr((expr,), expr.span)) if len(node.shape) == 1 else None


def sizes_of_text(question: Question, asked: Part, text: str) -> Shape | None:
    """Return the sizes that a text gives for a question's numbers, None where it gives none."""
    reading = read(question, asked.name, text)
    return reading.value if isinstance(reading.value, tuple) else None


def _size(node: Node, written: str) -> int:
    if node.shape:
        sentence = (
            f"Each axis has one size, and {written} is an array. Write the size of each of its axes, such as 3, 5."
        )
        raise EngineError("shape", sentence)  # without its shape, which may be the answer
    if node.value is not None and node.value.dtype.char == "?":
        raise EngineError("value", f"A size is a number; {written} is true or false.")
    size = whole_number(node, f"The size {written}")
    if size < 0:
        which = str(size) if written == str(size) else f"{written} is {size}"
        raise EngineError("value", f"A size cannot be negative: {which}.")
    return size


def _picks(asked: Part, text: str) -> Reading:
    """Options by number: `1 3 5 7`, `1,3`, `[1, 3]`; or for a choice its letter, a) b) c)."""
    count = len(asked.ask.options)
    plain = seen(without_target(unpasted(text), asked.name)).strip()
    typed = re.findall(r"\d+|[A-Za-z]+", plain)
    named = _option_named(asked, plain)
    if named is not None:
        return Reading(text, f"read as option {named}", frozenset({named}), (1,))
    if not typed and re.fullmatch(r"[\s,;\[\]()]*", plain):
        if asked.kind == "choice" or not plain:
            wanted = "the option" if asked.kind == "choice" else "each option that you pick, such as 1 3"
            raise EngineError("notation", f"Type the number of {wanted}.")
        return Reading(text, "read as none of them", frozenset(), (0,))
    if re.search(r"\d\.\d", plain) or re.sub(r"\d+|[A-Za-z]+|and|[\s,;.:()\[\]]", "", plain):
        several = asked.kind == "checklist"
        wanted = "numbers of the options, with spaces between them" if several else "number of one option"
        raise EngineError("notation", f"Type the {wanted}.")
    picks: list[int] = []
    for word in typed:
        if word.lower() == "and":
            continue
        pick = int(word) if word.isdigit() and len(word) < 6 else ord(word.lower()) - 96 if len(word) == 1 else 0
        if not 1 <= pick <= count:
            raise EngineError("notation", f"The options are numbered 1 to {count}; {word[:20]} is not one of them.")
        picks.append(pick)
    chosen = frozenset(picks)
    if asked.kind == "choice" and len(chosen) != 1:
        raise EngineError("notation", "Pick exactly one option: type its number.")
    echo = (
        "read as "
        + ("option " if len(chosen) == 1 else "options ")
        + words.enumerated([str(pick) for pick in sorted(chosen)])
    )
    return Reading(text, echo, chosen, (len(chosen),))


_OF_TRUTH = frozenset(("true", "false", "none", "nothing", "both", "right", "wrong"))  # words that pick no option


def _option_named(asked: Part, plain: str) -> int | None:
    """Return the option whose text was typed, or whole words of the text of no other.

    Of a checklist, in which each option is true or not, one word alone (`true`, `none`) picks none.
    """
    words_typed = " ".join(plain.casefold().split())
    texts = [" ".join(option.text.casefold().split()) for option in asked.ask.options]
    if words_typed in texts:
        return texts.index(words_typed) + 1
    whole = re.compile(rf"(?<!\w){re.escape(words_typed)}(?!\w)")
    enough = " " in words_typed or (asked.kind == "choice" and len(words_typed) > 3 and words_typed not in _OF_TRUTH)
    holding = [k for k, text in enumerate(texts, start=1) if enough and whole.search(text)]
    return holding[0] if len(holding) == 1 and any(char.isalpha() for char in words_typed) else None
