"""What else there is to say about a file that is no exercise: a key is missing, or something is not what it should be.

What is missing is filled in, what does not fit is left out, and the rest is looked at as if it were an exercise.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.files.yaml_text import Data, Tree
from rnn_tutor.exercises.lint.exercise import examine
from rnn_tutor.exercises.lint.mending import NO_CONDITION, NO_MISTAKE, NO_PICTURE
from rnn_tutor.exercises.load import Loaded, read_tree
from rnn_tutor.exercises.model import Ask, Exercise, Given, Mistake, Show, Step

_NO_PART = {"as": "choice", "options": [{"text": "one"}, {"text": "other"}]}
_TARGET = re.compile(r"\s*([A-Za-z]\w*)\s*(?:\[[^\]]*\])?\s*=")


def beyond(error: ContentError, path: Path, inside: Path, draws: int) -> list[Finding]:
    """Return all that is wrong with a file that cannot be used: what was found, and what does not follow from it."""
    try:
        tree, content = read_tree(path, inside)
    except ContentError:
        return list(error.findings)  # not even YAML
    found = list(error.findings)
    blamed = [one.key.rstrip(".?") for one in found]
    twice = any("stands twice" in one.says and one.key.startswith(("given", "steps")) for one in found)
    usable = _Usable(tree)
    exercise = usable.exercise(path.stem)
    if exercise is None or "" in blamed:
        return found
    blamed += usable.blamed
    for key, says in problems(exercise):
        if not related(key, blamed):
            found.append(Finding(path, tree.line(key), shown(key, 120), says))
    blamed += [one.key for one in found]
    lost = usable.names - set(exercise.given) - _made(exercise) if usable.all_names(blamed) and not twice else None
    found += examine(Loaded(exercise, tree.lines, content), path, draws, tuple(dict.fromkeys(blamed)), lost)
    return sorted(found, key=lambda one: (one.line, one.key))


def _made(exercise: Exercise) -> set[str]:
    steps = [one for step in exercise.steps for one in (step, *(step.do or []))]
    return {match[1] for step in steps if (match := _TARGET.match(step.let or ""))}


@dataclass(slots=True)
class _Usable:
    """The parts of a tree that fit; `blamed` are the keys of those that do not, `names` all that it names."""

    tree: Tree
    blamed: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    nameless: bool = False  # a step of which one cannot say what it makes

    def exercise(self, name: str) -> Exercise | None:
        """Return what of the tree can be used as an exercise, None if nothing can."""
        data = self.tree.data
        if not isinstance(data, dict):
            return None
        made: dict[str, Any] = {"format": "1", "id": name, "title": "title", "prompt": "prompt"}
        for key in ("title", "level", "prompt"):
            if key in data and self._fits({**made, "ask": [{"answer": "a", **_NO_PART}], key: data[key]}, Exercise):
                made[key] = data[key]
        made["given"] = dict(self._givens(data.get("given", {})))
        for key, model, other in (
            ("conditions", None, NO_CONDITION),
            ("steps", Step, {}),
            ("ask", Ask, _NO_PART),
            ("mistakes", Mistake, {"value": NO_MISTAKE, "say": "say"}),
            ("hints", None, "hint"),
            ("show", Show, {"heatmap": [NO_PICTURE]}),
        ):
            made[key] = list(self._items(key, data.get(key, []), model, other))
        picture = data.get("picture")
        if isinstance(picture, dict) and self._fits(kept := _known(picture, Show), Show):
            made["picture"] = kept
        elif picture is not None:
            self.blamed.append("picture")
        made["ask"] = made["ask"] or [{"answer": "no_part", **_NO_PART}]
        try:
            return msgspec.convert(made, Exercise, strict=False)
        except msgspec.ValidationError:
            return None

    def all_names(self, blamed: Iterable[str]) -> bool:
        """Say whether `names` are all: not where a step has none, or givens and steps may stand under another key."""
        data = self.tree.data
        whole = isinstance(data, dict) and isinstance(data.get("given"), dict) and isinstance(data.get("steps"), list)
        return not self.nameless and (whole or all("." in key or "[" in key for key in blamed))

    def _givens(self, data: Data) -> Iterator[tuple[str, Any]]:
        for name, given in data.items() if isinstance(data, dict) else ():
            self.names.add(name)
            kept = {"means": "means", **_known(given, Given)} if isinstance(given, dict) else {}
            if self._fits({name: kept}, dict[str, Given]):
                yield name, kept
            else:
                self.blamed.append(f"given.{name}")

    def _items(self, key: str, data: Data, model: type[msgspec.Struct] | None, other: Any) -> Iterator[Any]:  # noqa: ANN401
        for index, item in enumerate(data if isinstance(data, list) else []):
            kept: Any = item
            if model is not None and isinstance(item, dict):
                kept = {**({"say": "say"} if model is Mistake else {}), **_known(item, model)}
            if model is Step:
                self._name(item)
            if isinstance(kept, dict if model is not None else str) and self._fits(kept, model or str):
                yield kept
                continue
            self.blamed.append(f"{key}[{index}]")
            if model is Step:
                yield {"let": f"stand_in_{index} = 0"}
            else:
                yield {**other, "answer": f"no_part_{index}"} if model is Ask else other

    def _name(self, step: Data) -> None:
        """Note the names that a step makes, whatever else is wrong with it."""
        for one in [step, *_list(step.get("do"))] if isinstance(step, dict) else [None]:
            let = one.get("let") if isinstance(one, dict) else None
            if isinstance(let, str) and (match := _TARGET.match(let)):
                self.names.add(match[1])
            elif not isinstance(one, dict) or not ("start" in one or "do" in one):
                self.nameless = True

    @staticmethod
    def _fits(data: object, model: Any) -> bool:  # noqa: ANN401 - a type, as msgspec takes them
        try:
            msgspec.convert(data, model, strict=False)
        except msgspec.ValidationError:
            return False
        return True


def _known(data: Mapping[str, Data], model: type[msgspec.Struct]) -> dict[str, Any]:
    names = {info.encode_name for info in msgspec.structs.fields(model)}
    kept: dict[str, Any] = {key: value for key, value in data.items() if key in names}
    if model is Step and isinstance(kept.get("do"), list):
        kept["do"] = [_known(one, Step) if isinstance(one, dict) else one for one in kept["do"]]
    return kept


def _list(data: "Data | None") -> list[Data]:
    return data if isinstance(data, list) else []
