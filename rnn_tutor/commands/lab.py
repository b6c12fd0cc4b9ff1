"""A lab without a screen: its prompt, its controls and its predictions, for scripts and screen readers."""

import argparse
import textwrap
from pathlib import Path
from typing import Any

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.labs.bench import Bench, book, drawn
from rnn_tutor.exercises.labs.controls import Dial
from rnn_tutor.exercises.labs.load import is_lab, read_lab
from rnn_tutor.exercises.labs.model import Lab, Prediction, part_name
from rnn_tutor.exercises.mark import plain

from .output import say, say_json
from .source import UseError, library_of

WIDTH = 78


def lab_of(options: argparse.Namespace) -> Lab | None:
    """Return the lab that is meant by an id or a file, None where something else is meant. Raises UseError."""
    wanted: str = options.exercise
    try:
        if wanted.endswith((".yaml", ".yml")):
            path = Path(wanted)
            return read_lab(path).lab if path.exists() and is_lab(path) else None
        library = library_of(options)
        return library.lab(wanted).lab if wanted in library.labs and wanted not in library.ids else None
    except ContentError as error:
        raise UseError(" ".join(str(finding) for finding in error.findings[:5])) from None


def show_lab(lab: Lab, options: argparse.Namespace) -> int:
    """Print a lab. Raises UseError where it cannot be evaluated."""
    try:
        bench = book(lab)
        bench = bench if options.seed is None else drawn(bench, options.seed)
    except ExerciseError as error:
        raise UseError(f"The lab {lab.id} cannot be shown: {error}") from None
    if options.json:
        say_json(_as_json(bench))
    else:
        _say_lab(bench)
    return 0


def _say_lab(bench: Bench) -> None:
    lab = bench.lab
    say(f"{lab.title}  (lab)", "bold")
    say()
    say("\n\n".join(textwrap.fill(" ".join(part.split()), WIDTH) for part in lab.prompt.strip().split("\n\n")))
    say()
    say("Controls")
    wide = max(len(name) for name in bench.dials)
    for name, one in bench.dials.items():
        text = f"{one.control.means}: {_places(one)}; it starts at {one.shown(one.start)}"
        say(textwrap.fill(text, WIDTH, initial_indent=f"  {name:<{wide}}  ", subsequent_indent=" " * (wide + 4)))
    for place, asked in enumerate(lab.predict):
        say()
        say(textwrap.fill(f"Predict {place + 1}: {' '.join(asked.ask.split())}", WIDTH))
        say(f"  with {_where(bench, asked)}")
        for k, option in enumerate(asked.options, start=1):
            say(textwrap.fill(f"{k}. {option.text}", WIDTH, initial_indent="  ", subsequent_indent="     "))


def _places(one: Dial) -> str:
    if one.kind == "text":
        return f"a text of these characters: {one.control.alphabet}"
    if one.kind == "choice":
        return ", ".join(one.control.choices)
    return f"{one.shown(0)} to {one.shown(one.last)} by {one.control.step:g}"


def _where(bench: Bench, asked: Prediction) -> str:
    return ", ".join(
        f"{name} = {bench.dials[name].shown(bench.dials[name].at(text))}" for name, text in asked.at.items()
    )


def _as_json(bench: Bench) -> dict[str, Any]:
    lab = bench.lab
    return {
        "lab": lab.id,
        "title": lab.title,
        "seed": bench.seed,
        "prompt": lab.prompt,
        "given": {
            name: {"means": lab.given[name].means, "value": plain(value)} for name, value in bench.givens.items()
        },
        "controls": [
            {
                "name": name,
                "means": one.control.means,
                "kind": one.kind,
                "places": [] if one.kind == "text" else [one.shown(place) for place in range(one.last + 1)],
                "start": one.shown(one.start),
            }
            for name, one in bench.dials.items()
        ],
        "predict": [
            {
                "part": part_name(place),
                "ask": asked.ask,
                "at": {name: bench.dials[name].shown(bench.dials[name].at(text)) for name, text in asked.at.items()},
                "options": [option.text for option in asked.options],
            }
            for place, asked in enumerate(lab.predict)
        ],
    }
