"""The command lab: what a lab shows where its controls are put, in words or as JSON; a network is trained for it."""

import argparse
import sys
from typing import Any

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.labs.controls import Dial, Setting, SettingError
from rnn_tutor.exercises.labs.instance import Bench, Settings, numbered
from rnn_tutor.exercises.mark import plain
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.told import in_words

from .lab import lab_of
from .output import complain, say, say_json
from .practice.place import say_line
from .source import UseError, text_of


def lab(options: argparse.Namespace) -> int:
    """Print what a lab shows."""
    try:
        found = lab_of(options)
        if found is None:
            raise UseError(f"There is no lab {options.exercise}. `rnn-tutor list` shows them all.")
        bench = numbered(found[0], options.seed)
        settings = _put(bench, options.set, bench.start | bench.read(text_of(options)))
        ended = _trained(bench, settings, options)
        scene = bench.scene(settings)
        figures = [scene.figure(place) for place in range(len(bench.source.shows))]
    except UseError as error:
        return complain(str(error))
    except ExerciseError as error:
        return complain(why_not("lab", options.exercise, error))
    if options.json:
        say_json(_as_json(bench, settings, figures, ended))
    else:
        _say(bench, settings, figures, ended)
    return 0


def _put(bench: Bench, pairs: list[str], start: Settings) -> Settings:
    """Return where the controls stand. Raises UseError for a pair that puts none."""
    settings: dict[str, Setting] = dict(start)
    for pair in pairs:
        name, sign, text = pair.partition("=")
        dial = bench.dials.get(name.strip())
        if dial is None or not sign:
            near = did_you_mean(name, bench.dials)
            raise UseError(f"--set takes NAME=VALUE, with one of {', '.join(bench.dials)}, not {pair[:60]}.{near}")
        settings[dial.name] = _setting(dial, text.strip())
    return settings


def _setting(dial: Dial, text: str) -> Setting:
    if dial.kind == "text":
        text = dial.typed(text).text
    try:
        return dial.at(text)
    except SettingError as error:
        raise UseError(f"{dial.name} cannot be {text[:60]}: {error}.") from None


def _trained(bench: Bench, settings: Settings, options: argparse.Namespace) -> str:
    """Train as far as was asked for, telling a person on stderr how far it is; return why it ended before, or ""."""
    if bench.runs is None:
        if options.updates:
            raise UseError(f"{bench.lab.id} trains nothing: leave --updates out.")
        return ""
    run = bench.runs.run(settings)
    told = sys.stderr.isatty()
    while run.updates < options.updates and not run.ended:
        run = bench.runs.advance(settings, min(run.recipe.press, options.updates - run.updates))
        if told:
            sys.stderr.write(f"\r{run.updates:,} of {options.updates:,} updates")
            sys.stderr.flush()
    if told and options.updates:
        sys.stderr.write("\n")
    return run.ended


def _say(bench: Bench, settings: Settings, figures: list[Figure], ended: str) -> None:
    say(f"{bench.lab.title}  (lab)", "bold")
    for name, dial in bench.dials.items():
        say_line(f"  {name} = {dial.shown(settings[name])}  {dial.control.means}")
    if ended:
        say(ended)
    written = bench.runs.sample(settings) if bench.runs is not None else ""
    if written:
        say()
        say_line(f"It writes: {written}")
    for figure in figures:
        say()
        for line in in_words(figure):
            say_line(line)


def _as_json(bench: Bench, settings: Settings, figures: list[Figure], ended: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "lab": bench.lab.id,
        "seed": bench.seed,
        "controls": {name: dial.shown(settings[name]) for name, dial in bench.dials.items()},
        "figures": [
            {
                "kind": figure.kind,
                "title": figure.title,
                "items": [{"name": item.name, "axes": item.axes, "value": plain(item.values)} for item in figure.items],
            }
            for figure in figures
        ],
    }
    if bench.runs is not None:
        found |= {
            "updates": bench.runs.run(settings).updates,
            "ended": ended or None,
            "sample": bench.runs.sample(settings) or None,
        }
    return found
