"""What an exercise must be beyond its types, as far as that can be told without evaluating anything."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import get_args

from rnn_tutor.engine.reading.step_text import target
from rnn_tutor.exercises.files.finding import join, listed, shown
from rnn_tutor.exercises.model import Ask, Exercise, Show, Step, type_name
from rnn_tutor.figures import FigureKind

Problem = tuple[str, str]  # the key path, and what was found there and what is expected

FIGURES: tuple[FigureKind, ...] = get_args(FigureKind)
CHOSEN = ("choice", "checklist")
_AXES = {"scalar": 0, "vector": 1, "matrix": 2}
_FUNCTION = re.compile(r"\s*[A-Za-z][A-Za-z0-9_]*\s*\(([A-Za-z0-9_,\s]*)\)\s*")


def problems(exercise: Exercise) -> list[Problem]:
    """Return what is wrong with an exercise whose types fit, in the order of the file; empty if nothing is."""
    return [
        *_blank(exercise),
        *_givens(exercise),
        *_steps(exercise.steps, "steps", inside=False),
        *_names(exercise),
        *_renamed(exercise),
        *_parts(exercise),
        *_mistakes(exercise),
        *_pictures(exercise),
    ]


def let_name(let: str) -> str | None:
    """Return the name that `name = expression` or `name[t] = expression` defines; None if it is neither."""
    assigned = target(let)
    return None if assigned is None else assigned.name


def lets(steps: Sequence[Step], path: str = "steps") -> Iterator[tuple[str, Step]]:
    """Give every step that has a `let`, those within loops too, with its key path, in order."""
    for index, step in enumerate(steps):
        step_key = join(path, index)
        if step.let is not None:
            yield step_key, step
        if step.do:
            yield from lets(step.do, join(step_key, "do"))


def figure_kinds(show: Show) -> list[FigureKind]:
    """Return the kinds of figure that something to look at has names for; in a file that is right, exactly one."""
    return [kind for kind in FIGURES if getattr(show, kind)]


def shows(exercise: Exercise) -> Iterator[tuple[str, Show]]:
    """Give all there is to look at, the picture of the question first, with its key path."""
    if exercise.picture is not None:
        yield "picture", exercise.picture
    yield from ((f"show[{index}]", show) for index, show in enumerate(exercise.show))


def _blank(exercise: Exercise) -> Iterator[Problem]:
    """Texts of nothing but space."""
    texts = {"title": exercise.title, "prompt": exercise.prompt}
    texts |= {f"hints[{index}]": hint for index, hint in enumerate(exercise.hints)}
    texts |= {f"given.{name}.means": given.means for name, given in exercise.given.items()}
    texts |= {f"mistakes[{index}].say": mistake.say for index, mistake in enumerate(exercise.mistakes)}
    for key, text in texts.items():
        if not text.strip():
            yield key, "found only spaces; expected text"


def _givens(exercise: Exercise) -> Iterator[Problem]:
    for name, given in exercise.given.items():
        if given.value is None and given.shape is None:
            yield f"given.{name}", "neither 'value' nor 'shape'; expected the original numbers, or the shape alone"


def _steps(steps: Sequence[Step], path: str, *, inside: bool) -> Iterator[Problem]:
    for index, step in enumerate(steps):
        step_key = join(path, index)
        kinds = {"let": step.let, "start": step.start, "for": step.for_}
        given = [kind for kind, value in kinds.items() if value is not None]
        if len(given) != 1:
            present = f"both {listed(given, 'and')}" if given else "none of these keys"
            yield step_key, f"found {present}; expected exactly one of let, start or for"
        if (step.for_ is None) != (step.do is None):
            missing, present_key = ("do", "for") if step.do is None else ("for", "do")
            yield (
                step_key,
                f"'{present_key}' without '{missing}'; expected both: what t runs over, and the steps for each t",
            )
        if step.let is not None:
            yield from _let(step.let, join(step_key, "let"), inside=inside)
        if step.start is not None and not step.start:
            yield join(step_key, "start"), "found nothing; expected a name and its value before the first step"
        if inside and (step.start is not None or step.for_ is not None):
            yield step_key, "a start or a loop inside a loop; expected only 'let'"
        if step.do is not None:
            if not step.do:
                yield join(step_key, "do"), "found an empty list; expected at least one 'let'"
            yield from _steps(step.do, join(step_key, "do"), inside=True)


def _let(let: str, path: str, *, inside: bool) -> Iterator[Problem]:
    assigned = target(let)
    form = "name[t] = expression" if inside else "name = expression"
    if assigned is None:
        yield path, f"found '{shown(let)}'; expected {form}"
    elif assigned.index is not None and not inside:
        yield path, f"found '{shown(f'{assigned.name}[{assigned.index}]')}' outside a loop; expected {form}"


def _names(exercise: Exercise) -> Iterator[Problem]:
    """Names that stand for two things."""
    owner = {name: f"given.{name}" for name in exercise.given}
    for index, step in enumerate(exercise.steps):
        for name in step.start or {}:
            if name in exercise.given:
                key = f"steps[{index}].start.{name}"
                yield key, f"'{name}' is a given already; expected a name of its own"
    for path, step in lets(exercise.steps):
        defined = let_name(step.let or "")
        if defined is None:
            continue
        name = defined
        if name in owner:
            meaning = "a given" if owner[name].startswith("given.") else f"defined at {owner[name]}"
            yield f"{path}.let", f"'{shown(name)}' is {meaning} already; expected a name of its own"
        else:
            owner[name] = f"{path}.let"


def _renamed(exercise: Exercise) -> Iterator[Problem]:
    """What is said of names that were other ones: each leads to a name of today, and is none any more."""
    started = {name for step in exercise.steps for name in step.start or {}}
    made = {let_name(step.let or "") for _, step in lets(exercise.steps)}
    now = {*exercise.given, *started, *(name for name in made if name is not None)}
    parts = {ask.answer for ask in exercise.ask if ask.as_ in CHOSEN}
    for old, new in exercise.was.items():
        key = f"was.{old}"
        if old in now or old in parts:
            yield key, f"'{old}' is still in use; expected a name that the exercise no longer has"
        elif new in exercise.was:
            yield key, f"'{new}' was renamed too, to '{exercise.was[new]}'; expected the current name"
        elif new not in now:
            yield key, f"there is no given or step '{new}'; expected the current name"


def _parts(exercise: Exercise) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for index, ask in enumerate(exercise.ask):
        ask_key = f"ask[{index}]"
        if ask.answer in first:
            yield (
                f"{ask_key}.answer",
                f"'{shown(ask.answer)}' is asked for at {first[ask.answer]} already; expected once",
            )
        first.setdefault(ask.answer, ask_key)
        if ask.as_ in CHOSEN:
            yield from _choice(ask, ask_key)
        elif ask.options:
            yield f"{ask_key}.options", f"options with as: {ask.as_}; expected them with {listed(CHOSEN)} only"
        yield from _program(exercise, ask, ask_key)
        axes = _AXES.get(ask.as_)
        if ask.axes and axes is not None and len(ask.axes) != axes:
            yield f"{ask_key}.axes", f"found {len(ask.axes)} names; a {ask.as_} has {axes} axes"
        for tolerance in ("rtol", "atol"):
            if not math.isfinite(getattr(ask, tolerance)):
                yield f"{ask_key}.{tolerance}", f"found {getattr(ask, tolerance)}; expected a finite number"


def _program(exercise: Exercise, ask: Ask, ask_key: str) -> Iterator[Problem]:
    if ask.as_ != "program":
        for key in ("function", "starter"):
            if getattr(ask, key):
                yield f"{ask_key}.{key}", f"a {ask.as_} has no {key}; expected this key with as: program only"
        return
    if not any(given.draw is not None for given in exercise.given.values()):
        yield f"{ask_key}.as", "a program needs a given with a draw; expected one, to try it on other numbers"
    match = _FUNCTION.fullmatch(ask.function)
    if ask.function and match is None:
        yield (
            f"{ask_key}.function",
            f"found '{shown(ask.function)}'; expected the head of a function, e.g. rnn(x, W_xh)",
        )
        return
    for name in match[1].split(",") if match and match[1].strip() else []:
        given = exercise.given.get(name.strip())
        if given is None or given.value is None:
            yield f"{ask_key}.function", f"'{shown(name.strip())}' is not a given with a value; expected such names"


def _choice(ask: Ask, ask_key: str) -> Iterator[Problem]:
    if not re.search(type_name, ask.answer):
        sentence = f"found '{shown(ask.answer)}'; expected a name for this {ask.as_}: a letter, then letters, digits, _"
        yield f"{ask_key}.answer", sentence
    if len(ask.options) < 2:
        yield f"{ask_key}.options", f"found {len(ask.options)} options; expected at least 2"
        return
    right = sum(option.right for option in ask.options)
    if ask.as_ == "choice" and right != 1:
        yield f"{ask_key}.options", f"found {right} options with right: true; expected exactly one"
    if ask.as_ == "checklist" and right == 0:
        yield f"{ask_key}.options", "found no option with right: true; expected at least one"
    for text, times in Counter(option.text.strip() for option in ask.options).items():
        if times > 1:
            yield f"{ask_key}.options", f"the option '{shown(text)}' appears {times} times; expected once"
    default = {name: getattr(Ask(answer="a", as_="scalar"), name) for name in ("digits", "rtol", "atol", "axes")}
    for name, value in default.items():
        if getattr(ask, name) != value:
            yield f"{ask_key}.{name}", f"a {ask.as_} has no {name}; expected this key with values only"


def _mistakes(exercise: Exercise) -> Iterator[Problem]:
    parts = [ask.answer for ask in exercise.ask]
    for index, mistake in enumerate(exercise.mistakes):
        if mistake.answer is not None and mistake.answer not in parts:
            expected = listed([shown(part, 40) for part in parts])
            yield f"mistakes[{index}].answer", f"'{shown(mistake.answer)}' is not a part; expected {expected}"


def _pictures(exercise: Exercise) -> Iterator[Problem]:
    for key, show in shows(exercise):
        yield from show_problems(show, key)


def show_problems(show: Show, key: str) -> Iterator[Problem]:
    """Give what is wrong with something to look at: it is of one kind, and has only the keys that mean something."""
    kinds = figure_kinds(show)
    if len(kinds) != 1:
        present = listed(kinds, "and") if kinds else "no names in any of these keys"
        yield key, f"found {present}; expected exactly one of {listed(FIGURES)}"
        return
    parts = {"x": ("lines", "bars", "heatmap"), "y": ("heatmap",), "level": ("lines",), "log": ("lines", "bars")}
    for part, meant in parts.items():
        if getattr(show, part) not in (None, False) and kinds[0] not in meant:
            yield f"{key}.{part}", f"{part} with {kinds[0]}; expected this key with {listed(meant)} only"
