"""Make expected.json: what every part of every exercise has to be, with the original numbers and those of three seeds.

    python tests/content/frozen/make_expected.py            (adds what the table has not)
    python tests/content/frozen/make_expected.py --anew     (writes the table again: only for a value that was wrong)
    python tests/content/frozen/make_expected.py --ids gru-step lstm-step    (only these; with --anew these again)

The answers of the course may not change when its text does: whoever has solved an exercise has solved it, and a seed
asks what it asked. The values are those of commit 7352ea8, made by its own program (with PYTHONPATH set to a checkout
of it, and that checkout's content as the last argument). One of the 496 lines is not: with seed 2,
padding-curve has drawn other numbers since then, and there they are today's. (Numbers that are drawn to sum to 1 have
other last digits since then, too; no answer here shows it.)
"""

import argparse
import json
from pathlib import Path

import numpy as np

from rnn_tutor.exercises.drawing import ask

try:
    from rnn_tutor.exercises.read import load_exercise
except ImportError:  # at 7352ea8
    from rnn_tutor.exercises.load import load_exercise

FILE = Path(__file__).with_name("expected.json")
CONTENT = Path(__file__).parents[3] / "content"
SEEDS = (None, 1, 2, 3)
NO_EXERCISES = {"page.yaml", "glossary.yaml", "course.yaml"}


def files(content=CONTENT):
    """The exercise files by their ids, those of every folder of the course."""
    return {path.stem: path for path in sorted(content.glob("*/*.yaml")) if path.name not in NO_EXERCISES}


def parts(path, seed):
    """What each part of an exercise is: its kind, and the value, the shape, or the numbers of the right options.

    Where nothing is drawn, a seed orders the options: the numbers here are those that they have in the file.
    """
    exercise = load_exercise(path)
    question = ask(exercise, seed)
    return {
        part.name: {"as": part.kind, "is": plain(in_the_file(part, asked))}
        for part, asked in zip(question.parts, exercise.ask, strict=True)
    }


def in_the_file(part, asked):
    """The expected answer, and of options the numbers that the right ones have in the file."""
    if not isinstance(part.expected, frozenset):
        return part.expected
    told = [option.text for option in asked.options]
    return frozenset(1 + told.index(part.ask.options[number - 1].text) for number in part.expected)


def plain(expected):
    """An expected answer as JSON has it; the shortest digits that give the same float again."""
    if isinstance(expected, frozenset):
        return sorted(expected)
    return list(expected) if isinstance(expected, tuple) else np.asarray(expected).tolist()


def key(seed):
    return "original" if seed is None else str(seed)


def write(table, file):
    """One line an exercise and seed, so that a change of one is seen as one."""
    lines = []
    for name, seeds in sorted(table.items()):
        of_seeds = ",\n".join(f"  {json.dumps(seed)}: {json.dumps(found)}" for seed, found in seeds.items())
        lines.append(f"{json.dumps(name)}: {{\n{of_seeds}\n}}")
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--anew", action="store_true")
    options.add_argument("--to", type=Path, default=FILE)
    options.add_argument("--ids", nargs="+", default=[], metavar="ID", help="only these exercises; the others stay")
    options.add_argument("content", type=Path, nargs="?", default=CONTENT)
    found = options.parse_args()
    paths = files(found.content)
    for name in found.ids:
        if name not in paths:
            options.error(f"there is no exercise {name}")
    begun = found.to.exists() and not (found.anew and not found.ids)
    table = json.loads(found.to.read_text()) if begun else {}
    wanted = found.ids or list(paths)
    for name in wanted if found.anew else ():
        table.pop(name, None)
    for name in wanted:
        for seed in SEEDS:
            now = parts(paths[name], seed)
            known = table.setdefault(name, {}).setdefault(key(seed), {})
            known |= {part: found for part, found in now.items() if part not in known}
    write(table, found.to)


if __name__ == "__main__":
    main()
