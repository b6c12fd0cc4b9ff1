"""A lab without a screen: its prompt, its controls and its predictions, for scripts and screen readers."""

import argparse
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.labs.controls import Dial
from rnn_tutor.exercises.labs.instance import Bench, numbered
from rnn_tutor.exercises.labs.load import is_lab, read_lab
from rnn_tutor.exercises.labs.model import Lab, Prediction, part_name
from rnn_tutor.exercises.labs.predict import Told, tell
from rnn_tutor.exercises.labs.script import lab_script
from rnn_tutor.exercises.mark import plain
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.progress.record import attempt_of_prediction

from .output import page_width, say, say_json
from .source import UseError, answers, keep, library_of, status


def lab_of(options: argparse.Namespace) -> tuple[Lab, str] | None:
    """Return the lab that is meant by an id or a file, and the hash of its file, "" for one that is not in the library.

    None where something else is meant. Raises UseError.
    """
    name: str = options.exercise
    try:
        if name.endswith((".yaml", ".yml")):
            path = Path(name)
            return (read_lab(path).lab, "") if path.exists() and is_lab(path) else None
        library = library_of(options, quiet=True)
        if name not in library.labs or name in library.exercises:
            return None
        loaded = library.lab(name)
        return loaded.lab, loaded.hash
    except ContentError as error:
        raise UseError(why_not("lab", name, error, paths=True)) from None


def show_lab(lab_and_hash: tuple[Lab, str], options: argparse.Namespace) -> int:
    """Print a lab. Raises UseError where it cannot be evaluated."""
    bench = _bench(lab_and_hash[0], options)
    if options.json:
        say_json(_as_json(bench))
    else:
        _say_lab(bench)
    return 0


def lab_code(lab_and_hash: tuple[Lab, str], options: argparse.Namespace) -> str:
    """Return a lab as a script. Raises UseError where it cannot be evaluated, UnwrittenError."""
    bench = _bench(lab_and_hash[0], options)
    try:
        return lab_script(bench, options.library)
    except ExerciseError as error:
        raise UseError(why_not("lab", lab_and_hash[0].id, error)) from None


def answer_lab(lab_and_hash: tuple[Lab, str], options: argparse.Namespace, text_of: Callable[[str], str]) -> int:
    """Judge guesses at a lab's predictions; each is kept before that is printed. Raises UseError.

    text_of: what gives the text of an argument, which may stand for standard input.
    """
    bench = _bench(lab_and_hash[0], options)
    names = [part_name(place) for place in range(len(lab_and_hash[0].predict))]
    guesses = [(part, text_of(text)) for part, text in answers(options, names)]
    try:
        outcomes = [tell(bench, names.index(part), text) for part, text in guesses]
    except ExerciseError as error:
        raise UseError(why_not("lab", lab_and_hash[0].id, error)) from None
    for outcome in outcomes:
        if lab_and_hash[1] and not options.no_save and outcome.verdict != "not_understood":
            keep(options, attempt_of_prediction(bench, lab_and_hash[1], outcome))
    if options.json:
        predictions = [
            {"part": outcome.part, "verdict": outcome.verdict, "guess": outcome.guess, "truth": outcome.truth}
            for outcome in outcomes
        ]
        say_json({"lab": lab_and_hash[0].id, "seed": bench.seed, "predictions": predictions})
        return status([outcome.verdict for outcome in outcomes])
    for place, outcome in enumerate(outcomes):
        if place:
            say()
        say_outcome(outcome)
    return status([outcome.verdict for outcome in outcomes])


def say_outcome(outcome: Told) -> None:
    """Print what came of a guess."""
    if outcome.verdict == "not_understood":
        say("Not understood.", "bad")
        say(outcome.reading.says)
    else:
        right = outcome.verdict == "right"
        say("Right." if right else "Not this time.", "good" if right else "bad")
        say("".join(outcome.answer))
        say(_wrapped(outcome.says))


def _bench(lab: Lab, options: argparse.Namespace) -> Bench:
    try:
        return numbered(lab, options.seed)
    except ExerciseError as error:
        raise UseError(why_not("lab", lab.id, error)) from None


def _say_lab(bench: Bench) -> None:
    lab = bench.lab
    say(f"{lab.title}  (lab)", "bold")
    say()
    say("\n\n".join(map(_wrapped, lab.prompt.strip().split("\n\n"))))
    say()
    say("Controls")
    name_width = max(len(name) for name in bench.dials)
    for name, dial in bench.dials.items():
        text = f"{dial.control.means}: {places(dial)}; it starts at {dial.shown(dial.start)}"
        say(
            textwrap.fill(
                text, page_width(), initial_indent=f"  {name:<{name_width}}  ", subsequent_indent=" " * (name_width + 4)
            )
        )
    for place, prediction in enumerate(lab.predict):
        say()
        say(_wrapped(f"Predict {place + 1}: {prediction.ask}"))
        say(f"  [{part_name(place)}] with {controls_of(bench, prediction)}")
        for k, option in enumerate(prediction.options, start=1):
            say(textwrap.fill(f"{k}. {option.text}", page_width(), initial_indent="  ", subsequent_indent="     "))


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), page_width())


def places(dial: Dial) -> str:
    """Return where a control can stand, in words."""
    if dial.kind == "text":
        return f"a text of these characters: {dial.control.alphabet}"
    if dial.kind == "choice":
        return ", ".join(dial.control.choices)
    return f"{dial.shown(0)} to {dial.shown(dial.last)} by {dial.control.step:g}"


def controls_of(bench: Bench, prediction: Prediction) -> str:
    """Return where a prediction has its controls, and after how many updates of a network it is judged."""
    places = [f"{name} = {bench.dials[name].shown(bench.dials[name].at(text))}" for name, text in prediction.at.items()]
    return ", ".join([*places, *([f"after {prediction.after:,} updates"] if prediction.after else [])])


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
                "means": dial.control.means,
                "kind": dial.kind,
                "places": [] if dial.kind == "text" else [dial.shown(place) for place in range(dial.last + 1)],
                "start": dial.shown(dial.start),
            }
            for name, dial in bench.dials.items()
        ],
        "predict": [
            {
                "part": part_name(place),
                "ask": prediction.ask,
                "at": {
                    name: bench.dials[name].shown(bench.dials[name].at(text)) for name, text in prediction.at.items()
                },
                "options": [option.text for option in prediction.options],
                **({"after": prediction.after} if prediction.after is not None else {}),
            }
            for place, prediction in enumerate(lab.predict)
        ],
    }
