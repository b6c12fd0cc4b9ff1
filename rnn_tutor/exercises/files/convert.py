"""A tree of text -> the typed model; every value that does not fit is named with its line, key and what is expected.

msgspec converts, and stops at the first error. Only when it does, the tree is walked beside the types, so that an
author sees all errors of a file at once, in words that do not speak of types.
"""

import threading
import types
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from rnn_tutor.exercises.files.finding import Finding, join, listed, shown
from rnn_tutor.exercises.files.source import MOST_FINDINGS
from rnn_tutor.exercises.files.yaml_text import Data, Tree

Model = TypeVar("Model", bound=msgspec.Struct)
_LISTS = (list, Sequence)


@dataclass(frozen=True, slots=True)
class Converted(Generic[Model]):
    """What became of a tree: the value (None if too little fits) and the errors. With errors it is not to be used,
    save for looking on for more of them."""

    value: Model | None
    findings: tuple[Finding, ...]


def convert(tree: Tree, model: type[Model]) -> Converted[Model]:
    """Return the tree as `model`, with all that does not fit. Never raises. Any thread may call it."""
    _learn(model)
    try:
        return Converted(msgspec.convert(tree.data, model, strict=False), ())
    except msgspec.ValidationError as error:
        walk = _Walk(tree)
        fitting = walk.fit(tree.data, model, "")
        if not walk.findings:  # the walk knows less than msgspec: say what msgspec says
            walk.blame("", shown(str(error), 200))
    except RecursionError:  # pragma: no cover - the depth of a tree is bounded
        return Converted(None, (Finding(tree.file, 1, "", "nested too deep"),))
    try:
        value = None if fitting is _NOTHING or walk.shifted else msgspec.convert(fitting, model, strict=False)
    except msgspec.ValidationError:
        value = None
    return Converted(value, tuple(walk.findings))


def usable(tree: Tree, model: type[Model]) -> tuple[Model | None, list[str]]:
    """Return what of a tree fits a model, for looking on in it for more that is wrong, and the keys that are made up.

    Everything is in its place: what is missing or does not fit, and has to be there, is made up. None where too little
    fits for that.
    """
    _learn(model)
    walk = _Walk(tree, filled=True)
    fitting = walk.fit(tree.data, model, "")
    try:
        return None if fitting is _NOTHING else msgspec.convert(fitting, model, strict=False), walk.made_up
    except msgspec.ValidationError:
        return None, walk.made_up


_MADE_UP = ("?", "x")  # the second where a text has to look like a name


def _stand_in(hint: object) -> object:
    """Return something that fits a type, and says nothing."""
    kind, metas = _bare(hint)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        return {info.encode_name: _stand_in(info.type) for info in fields if info.required}
    if get_origin(kind) is Literal:
        return str(get_args(kind)[0])
    if get_origin(kind) in _LISTS:
        least = max((meta.min_length or 0 for meta in metas), default=0)
        return [_stand_in(get_args(kind)[0])] * least
    if get_origin(kind) is dict:
        return {}
    if kind is not str:
        return "0"
    text, name = _MADE_UP
    try:
        msgspec.convert(text, cast(Any, hint))
    except msgspec.ValidationError:
        return name
    return text


_learned: set[type] = set()
_learning = threading.Lock()


def _learn(model: type[msgspec.Struct]) -> None:
    """Have msgspec work out what a model is like, which it does when it first converts to it.

    Two threads that do so at once crash the process (msgspec 0.22: one meets what the other has half made).
    """
    if model not in _learned:
        with _learning:
            with suppress(msgspec.ValidationError):
                msgspec.convert({}, model)
            _learned.add(model)


def related(key: str, blamed: Iterable[str]) -> bool:
    """Say whether a key is, holds or is within one that was blamed already: a further word would be an echo."""
    return any(_within(key, other) or _within(other, key) for other in blamed)


def news(findings: Iterable[Finding], blamed: AbstractSet[str]) -> list[Finding]:
    """Return the findings that do not merely follow from something that was blamed already."""
    return [finding for finding in findings if not related(finding.key, blamed)]


def _within(key: str, other: str) -> bool:
    return key == other or not other or (key.startswith(other) and key[len(other)] in ".[")


_NOTHING = object()  # a value that does not fit and is left out
_NONE = type(None)


@dataclass(slots=True)
class _Walk:
    tree: Tree
    findings: list[Finding] = field(default_factory=list)
    shifted: bool = False  # an item of a list does not fit, so the rest would be counted wrongly
    filled: bool = False  # what has to be there is made up
    made_up: list[str] = field(default_factory=list)  # the keys of that, and those that a misspelt one stands for

    def blame(self, path: str, sentence: str) -> object:
        """Note a problem and give what stands for the value: nothing."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(self.tree.file, self.tree.line(path), shown(path, 120), sentence))
        return _NOTHING

    def fit(self, data: Data, hint: object, path: str) -> object:
        """Return the part of `data` that fits `hint`, blaming the rest."""
        kind, metas = _bare(hint)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.fit_struct(data, kind, path)
        if get_origin(kind) is dict:
            return self.fit_dict(data, get_args(kind), path)
        if get_origin(kind) in _LISTS:
            return self.fit_list(data, get_args(kind)[0], metas, path)
        try:
            msgspec.convert(data, cast(Any, hint), strict=False)
        except msgspec.ValidationError:
            return self.blame(path, _mismatch(data, kind, metas))
        return data

    def fit_struct(self, data: Data, model: type[msgspec.Struct], path: str) -> object:
        """Fit a mapping whose keys are known; a needed key that is missing leaves nothing."""
        fields = {info.encode_name: info for info in msgspec.structs.fields(model)}
        if not isinstance(data, dict):
            return self.blame(path, f"found {_found(data)}; expected keys: {listed(fields, 'and')}")
        fits = {}
        meant: set[str] = set()
        for key, value in data.items():
            if key in fields:
                fits[key] = self.fit(value, fields[key].type, join(path, key))
            elif len(self.findings) < MOST_FINDINGS:
                near = _near(key, [name for name in fields if name not in data])
                meant.update(near)
                self.made_up += [join(path, name) for name in near]
                expected = f"did you mean '{near[0]}'?" if near else f"expected {listed(fields)}"
                self.blame(join(path, key), f"unknown key '{shown(key)}'; {expected}")
        needed = [key for key, info in fields.items() if info.required]
        for key in needed:
            if key not in data and key not in meant:
                description = _description(fields[key].type)
                self.blame(join(path, key), "the key is missing" + (f"; expected {description}" if description else ""))
        fitting = {key: value for key, value in fits.items() if value is not _NOTHING}
        if self.filled:
            lacking = [key for key in needed if key not in fitting]
            fitting |= {key: self._in_place(_NOTHING, fields[key].type, join(path, key)) for key in lacking}
        return fitting if all(key in fitting for key in needed) else _NOTHING

    def fit_dict(self, data: Data, hints: tuple[object, ...], path: str) -> object:
        """Fit a mapping whose keys are names that the author chooses."""
        if not isinstance(data, dict):
            return self.blame(path, f"found {_found(data)}; expected names, each with ': ' and its value")
        fitting = {}
        for key, value in data.items():
            try:
                msgspec.convert(key, cast(Any, hints[0]), strict=False)
            except msgspec.ValidationError:
                self.blame(join(path, key), f"found the name '{shown(key)}'; expected {_description(hints[0])}")
                continue
            fits = self._in_place(self.fit(value, hints[1], join(path, key)), hints[1], join(path, key))
            if fits is not _NOTHING:
                fitting[key] = fits
        return fitting

    def _in_place(self, fits: object, hint: object, path: str) -> object:
        if not self.filled or fits is not _NOTHING:
            return fits
        self.made_up.append(path)
        return _stand_in(hint)

    def fit_list(self, data: Data, hint: object, metas: list[msgspec.Meta], path: str) -> object:
        if not isinstance(data, list):
            sentence = f"found {_found(data)}; expected a list: each item on a line of its own after '- '"
            return self.blame(path, sentence)
        least = max((meta.min_length or 0 for meta in metas), default=0)
        if len(data) < least:
            return self.blame(path, f"found an empty list; expected at least {least}")
        places = [(join(path, index), value) for index, value in enumerate(data)]
        fits = [self._in_place(self.fit(value, hint, place), hint, place) for place, value in places]
        if _NOTHING in fits:
            self.shifted = True
        return fits


def _bare(hint: object) -> tuple[object, list[msgspec.Meta]]:
    """Return a type hint without Annotated and `| None`, and what was annotated, the outermost last."""
    metas: list[msgspec.Meta] = []
    while True:
        if get_origin(hint) is Annotated:
            hint, *annotations = get_args(hint)
            metas = [meta for meta in annotations if isinstance(meta, msgspec.Meta)] + metas
        elif get_origin(hint) in (Union, types.UnionType):
            hint = next(part for part in get_args(hint) if part is not _NONE)
        else:
            return hint, metas


def _description(hint: object) -> str:
    """Return the outermost description of a type hint, "" if it has none."""
    return next((meta.description for meta in reversed(_bare(hint)[1]) if meta.description), "")


def _found(data: Data) -> str:
    if isinstance(data, dict):
        return f"keys ({listed([shown(key, 20) for key in list(data)[:3]], 'and')})" if data else "nothing"
    if isinstance(data, list):
        return "a list"
    return f"'{shown(data)}'" if data else "nothing"


def _mismatch(data: Data, kind: object, metas: list[msgspec.Meta]) -> str:
    """Return the sentence for a single value that does not fit."""
    if not isinstance(data, str):
        quote = "it starts with '['" if isinstance(data, list) else "it contains ': ' or starts with '{'"
        return f"found {_found(data)}; expected {_expected(kind, metas)}; quote the text if {quote}"
    most = min((meta.max_length for meta in metas if meta.max_length is not None), default=len(data))
    if kind is str and len(data) > most:
        return f"found {len(data):,} characters; expected at most {most:,}"
    return f"found {_found(data)}; expected {_expected(kind, metas)}"


def _expected(kind: object, metas: list[msgspec.Meta]) -> str:
    if get_origin(kind) is Literal:
        return listed([str(value) for value in get_args(kind)])
    if kind is bool:
        return "true or false"
    if kind in (int, float):
        low = next((meta.ge for meta in metas if meta.ge is not None), None)
        high = next((meta.le for meta in metas if meta.le is not None), None)
        number = "a whole number" if kind is int else "a number"
        return number + (f" from {low:g}" if low is not None else "") + (f" to {high:g}" if high is not None else "")
    meant = next((meta.description for meta in reversed(metas) if meta.description), "")
    return f"text ({meant})" if meant else "text"


def _near(key: str, free: list[str]) -> list[str]:
    """Return the one key of those not yet there that was probably meant, or none."""
    from difflib import get_close_matches  # late: what is right needs none

    return get_close_matches(key[:40].lower(), free, 1, 0.6)
