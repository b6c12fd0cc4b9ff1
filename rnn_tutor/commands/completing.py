"""Completion in bash, zsh and fish: what can stand where on the command line.

The shell asks the program itself, by a variable that argcomplete looks for. Nothing is written for it, and what it
needs is imported for it alone.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import argcomplete
from argcomplete.shell_integration import shellcode

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PathError, cache_folder, content_folders, index_files
from rnn_tutor.printable import plain

SHELLS = ("bash", "zsh", "fish")
_MOST_SAID = 60  # characters of a title beside what can be typed

Completer: TypeAlias = "Callable[..., Iterable[str]]"


def completion(options: argparse.Namespace) -> int:
    """Write the lines that a shell has to read."""
    text = shellcode(["rnn-tutor"], use_defaults=False, shell=options.shell)
    sys.stdout.write(text.lstrip("\n"))
    return 0


def complete(parser: argparse.ArgumentParser) -> None:
    """Tell the shell that has asked what can come next, and leave the process."""
    for command, action in _actions("", parser):
        if action.choices is None and action.nargs != 0:
            action.completer = _completer(command, action)  # type: ignore[attr-defined]  # where argcomplete looks
    argcomplete.autocomplete(parser, always_complete_options=False)


def _actions(command: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:  # noqa: SLF001 - argparse shows them in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, sub in action.choices.items():
                yield from _actions(name, sub)
        else:
            yield command, action


def _completer(command: str, action: argparse.Action) -> Completer:
    """Return what completes an argument, by its name or by the word that stands for it in the help."""
    if action.dest in _BY_NAME:
        return _BY_NAME[action.dest]
    if action.metavar == "ID" and command in _UNITS_TOO:
        return _anything
    return _BY_WORD.get(str(action.metavar), _nothing)


def _library(options: argparse.Namespace) -> Library | None:
    """Return the course and the folders named, None where there is none to read. Nothing is written or said."""
    try:
        folders = content_folders(getattr(options, "content", None), only=getattr(options, "only", False))
        return Library(folders, Kept(index_files(), cache_folder))
    except (PathError, ContentError):
        return None


def _done(parsed_args: argparse.Namespace, **_others: object) -> dict[str, str]:
    """Exercises and labs."""
    library = _library(parsed_args)
    if library is None:
        return {}
    units = library.course.units
    labs = {lab.id: _said(lab.title) for unit in units for lab in unit.labs}
    return {entry.id: _said(entry.title) for unit in units for entry in unit.exercises} | labs


def _units(parsed_args: argparse.Namespace, **_others: object) -> dict[str, str]:
    library = _library(parsed_args)
    return {} if library is None else {unit.id: _said(unit.title) for unit in library.course.units}


def _anything(parsed_args: argparse.Namespace, **_others: object) -> dict[str, str]:
    return _units(parsed_args) | _done(parsed_args)


def _parts(parsed_args: argparse.Namespace, **_others: object) -> list[str]:
    """The parts of the exercise, or the predictions of the lab, that is named before."""
    name = getattr(parsed_args, "exercise", None)
    library = _library(parsed_args)
    if library is None or not name:
        return []
    try:
        if name in library.exercises:
            return [ask.answer for ask in library.exercise(name).ask]
        if name in library.labs:
            from rnn_tutor.exercises.labs.model import part_name

            return [part_name(number) for number in range(len(library.lab(name).lab.predict))]
    except ContentError:  # told by the command
        pass
    return []


def _earlier(parsed_args: argparse.Namespace, **_others: object) -> list[str]:
    return [f"{name}=" for name in _parts(parsed_args)]


def _files(prefix: str, **_others: object) -> list[str]:
    """What a folder has; argcomplete's own completer would start a shell for each look."""
    folder, _slash, begins = prefix.rpartition("/")
    above = f"{folder}/" if "/" in prefix else ""
    try:
        found = [one for one in os.scandir(os.path.expanduser(above) or ".") if one.name.startswith(begins)]  # noqa: PTH111
    except OSError:
        return []
    hidden = begins.startswith(".")
    return [
        f"{above}{one.name}{'/' if one.is_dir() else ''}" for one in found if hidden or not one.name.startswith(".")
    ]


def _folders(prefix: str, **_others: object) -> list[str]:
    return [name for name in _files(prefix) if name.endswith("/")]


def _nothing(**_others: object) -> list[str]:
    """What only the learner knows: an answer, a number."""
    return []


def _said(title: str) -> str:
    """A title as a shell shows it: printable, on one line."""
    return plain(title)[:_MOST_SAID]


_BY_WORD: dict[str, Completer] = {
    "ID": _done, "UNIT": _units, "UNITS": _units, "FILE": _files, "PATH": _files, "DIR": _folders,
}  # fmt: skip
_BY_NAME: dict[str, Completer] = {"part": _parts, "earlier": _earlier, "learner": _nothing}
_UNITS_TOO = ("practice", "sheet")  # commands whose ID may be a unit's
