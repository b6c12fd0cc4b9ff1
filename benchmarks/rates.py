"""How often each rule of diagnosis is the truth, counted from wrong answers of which it was written down what they are.

    python benchmarks/rates.py [--course] [--write] FOLDER ...      (with the course some four minutes)

A FOLDER has exercises (`pack/*.yaml`), and in each line of `answers.jsonl` an exercise, a part, an answer, and its
kind: "right" and "nonsense" are left out, and what has "two" in it. --course: the mistakes that the course's files
describe as well. --write: the table becomes `rnn_tutor/engine/mutate/counted.py`. Printed is how many bits it takes on
average to tell which mistake was made in the answers of a folder: with the guesses that rules begin with, and with what
is counted in all the other folders.

The mistakes that may be made in an answer compete: each is made as often as the rate of its rule says, times what its
place makes of it. The rates are those with which the answers are likeliest (expectation maximisation: of several
mistakes that give an answer, each has its share). A rule begins with what it costs, a guess, which counts as much as
`GUESSED` mistakes: what was hardly ever seen stays where it was.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, same
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.mutate import COSTS
from rnn_tutor.engine.mutate.counted import COUNTED
from rnn_tutor.exercises.diagnosis.chance import few_digits
from rnn_tutor.exercises.diagnosis.fits import fits_closely, roughly
from rnn_tutor.exercises.diagnosis.mistakes import authored
from rnn_tutor.exercises.diagnosis.rates import BITS, bits
from rnn_tutor.exercises.diagnosis.search import Version, behind_earlier_parts, search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.reading import read

HERE = Path(__file__).parent.parent
GUESSED = 2.0  # so many mistakes a guess counts as
ROUNDS = 60
MOST = 4.0  # bits by which a rule may be rarer, or likelier, than its guess
NO_MISTAKE = ("right", "nonsense")
RULES = {rule: at for at, rule in enumerate(sorted(COSTS))}


@dataclass(frozen=True, eq=False)
class Seen:
    """A wrong answer: how much of each rule there is to be made, and how much of it gives the answer."""

    made: Array
    true: Array


def seen(question: Question, part: Part, versions: Sequence[Version], true: set[int]) -> Seen | None:
    """Return a wrong answer of which some versions (by identity) may be the truth; None if none is."""
    both, behind = np.zeros((2, len(RULES))), behind_earlier_parts(question, part)
    for version in versions:
        rule = version.rules[0]
        if len(version.rules) == 1 and rule in RULES:
            of_rule = BITS * COSTS[rule] + COUNTED.get(rule, (0.0,))[0]
            amount = 2.0 ** (of_rule - bits(version, behind))  # what the place makes of it
            both[:, RULES[rule]] += amount, amount * (id(version) in true)
    return Seen(*both) if both[1].any() else None


def of_folder(folder: Path) -> Iterator[Seen]:
    """Yield the wrong answers of a folder that some version gives."""
    questions: dict[str, Question] = {}
    for line in (folder / "answers.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["kind"] in NO_MISTAKE or "two" in row["kind"]:
            continue
        name = row["exercise"]
        if name not in questions:
            questions[name] = ask(read_exercise(folder / "pack" / f"{name}.yaml").exercise)
        question, part = questions[name], questions[name].part(row["part"])
        if not _has_values(part):
            continue
        reading = read(question, part.name, row["answer"], row.get("given") or {}, [])
        if reading.uses or not isinstance(reading.value, np.ndarray) or few_digits(part, reading):
            continue
        versions = search(question, part).singles
        true = [one for one in roughly(reading.value, versions) if fits_closely(part, reading, one.value)]
        found = seen(question, part, versions, set(map(id, true)))
        if found is not None:
            yield found


def of_course() -> Iterator[Seen]:
    """Yield the mistakes that the files of the course describe, if some version gives the same."""
    library = Library([HERE / "content"])
    for name in library.ids:
        question = ask(library.exercise(name))
        for part in filter(_has_values, question.parts):
            known, versions = authored(question, part), search(question, part).singles
            for mistake in known:
                found = seen(
                    question, part, versions, {id(one) for one in versions if same(one.value, mistake.value, EXACTLY)}
                )
                if found is not None:
                    yield found


def _has_values(part: Part) -> bool:
    numbers = isinstance(part.expected, np.ndarray) and part.expected.dtype != bool
    return part.node is not None and part.kind != "program" and numbers


def guessed() -> Array:
    """Return the rates of the guesses."""
    return np.array([2.0 ** (-BITS * COSTS[rule]) for rule in RULES])


def counted(answers: Sequence[Seen]) -> tuple[Array, Array, Array]:
    """Return of each rule its rate, how often it was made, and how often it would have been by its guess."""
    made, true = (np.array([getattr(one, what) for one in answers]) for what in ("made", "true"))
    begin = rates = guessed()
    for _ in range(ROUNDS):
        shares = true * rates
        times = (shares / shares.sum(axis=1, keepdims=True)).sum(axis=0)
        chances = (made / (made @ rates)[:, None]).sum(axis=0)
        rates = (times + GUESSED) / (chances + GUESSED / begin)
    return rates, times, chances * begin


def bits_needed(answers: Sequence[Seen], rates: Array) -> float:
    """Return how many bits it takes on average to tell which mistake an answer is."""
    return float(np.mean([-np.log2(one.true @ rates / (one.made @ rates)) for one in answers]))


def rarer(rates: Array) -> dict[str, float]:
    """Return by how many bits rules are rarer than their guess."""
    return {
        rule: float(np.clip(-np.log2(rates[at] / guessed()[at]), -MOST, MOST).round(2)) for rule, at in RULES.items()
    }


def main() -> None:
    """Count, and write the table."""
    arguments = argparse.ArgumentParser(description="How often each rule of diagnosis is the truth")
    arguments.add_argument("folders", nargs="*", type=Path)
    arguments.add_argument("--course", action="store_true", help="the mistakes that the course describes, too")
    arguments.add_argument("--write", action="store_true", help="write the table into the package")
    options = arguments.parse_args()
    sets = {folder.name: list(of_folder(folder)) for folder in options.folders}
    if options.course:
        sets["the course"] = list(of_course())
    for left_out, answers in sets.items():
        others = [one for name, some in sets.items() if name != left_out for one in some]
        if others:
            guesses, others_say = bits_needed(answers, guessed()), bits_needed(answers, counted(others)[0])
            print(f"{left_out}: {len(answers)} answers, {guesses:.2f} bits by guesses, {others_say:.2f} by the others")
    if options.write:
        TABLE.write_text(table([one for some in sets.values() for one in some]), encoding="utf-8")


def table(answers: Sequence[Seen]) -> str:
    """Return what is counted as a module."""
    rates, times, by_guess = counted(answers)
    rows = [
        f'    "{rule}": ({more}, {times[RULES[rule]]:.1f}, {by_guess[RULES[rule]]:.1f}),'
        for rule, more in rarer(rates).items()
        if times[RULES[rule]] + by_guess[RULES[rule]] >= FEWEST
    ]
    return "\n".join([HEAD, *rows, "}", ""])


TABLE = HERE / "rnn_tutor" / "engine" / "mutate" / "counted.py"
HEAD = '''"""How often rules are the truth, counted: made by `benchmarks/rates.py`, not by hand."""

# rule: by how many bits it is rarer than by what it costs, how often it was made, how often it would have been by that
COUNTED: dict[str, tuple[float, float, float]] = {'''
FEWEST = 0.5  # mistakes, made or to be made by the guess, without which there is nothing to tell


if __name__ == "__main__":
    main()
