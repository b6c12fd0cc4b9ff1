"""What share of nonsense is named as a mistake, and what share of true mistakes: how the judge of chance is set.

    python benchmarks/chance.py [--every N] [--seed N] [FOLDER ...]       (all of the course: some three minutes)

For each value asked for: numbers at random of the right size, numbers near the right ones, and wrong versions that the
search knows, the likely ones more often. Each is typed with two, three and four digits. A row has what share is named
where the answer is one number, and where it is several. Change `diagnose.CROWDS`, or what a rule costs
(`engine/mutate`), and compare.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures.numbers import listed

HERE = Path(__file__).parent.parent
DIGITS = (2, 3, 4)
EACH = 2  # answers of a kind and number of digits
MOST_ELEMENTS = 12
SMALL = 1000
UNNAMED = ("none", "elements", "shape", "not_finite")


def answers(question: Question, part: Part, rng: np.random.Generator) -> Iterator[tuple[str, Array]]:
    """Yield wrong answers with what they are: nonsense, or a mistake."""
    expected = np.asarray(part.expected, dtype=float)
    sizes = np.abs(expected[expected != 0])
    if not sizes.size:
        return
    for _ in range(EACH):
        signs = np.where(rng.random(expected.shape) < (expected < 0).mean(), -1, 1)
        spread = np.exp(np.log(sizes).mean() + rng.normal(0, 0.7, expected.shape))
        fractions = ((expected >= 0) & (expected <= 1)).all()
        yield "at random", rng.random(expected.shape) if fractions else signs * spread
        yield "near", expected * np.exp(rng.normal(0, 0.3, expected.shape))
    known = [one for one in search(question, part).singles if one.value.shape == expected.shape]
    weights = np.array([2.0**-version.cost for version in known])
    if known:
        for at in rng.choice(len(known), size=min(EACH, len(known)), replace=False, p=weights / weights.sum()):
            yield "a mistake", known[at].value


def typed(value: Array, digits: int, *, whole: bool) -> str:
    """Return an answer as text with so many digits; whole numbers as such."""
    return listed(np.round(value), 12) if whole else listed(value, digits)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description="How much of nonsense is named")
    arguments.add_argument("folders", nargs="*", type=Path, default=[HERE / "content"])
    arguments.add_argument("--every", type=int, default=1, help="take one exercise of every N")
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    all_of, named = Counter[tuple[str, int, bool]](), Counter[tuple[str, int, bool]]()
    library = Library(options.folders)
    for number, name in enumerate(library.ids[:: options.every]):
        question = ask(library.exercise(name))
        rng = np.random.default_rng([options.seed, number])
        for part in question.parts:
            if part.node is None or part.kind == "program" or not isinstance(part.expected, np.ndarray):
                continue
            if part.expected.dtype == bool or not 0 < part.expected.size <= MOST_ELEMENTS:
                continue
            whole = bool((part.expected == np.round(part.expected)).all())
            for kind, value in answers(question, part, rng):
                if whole and np.abs(value).max() < SMALL:
                    continue  # a small count is some mistake or other
                for digits in DIGITS[2 * whole :]:
                    verdict = mark(question, part.name, typed(value, digits, whole=whole))
                    if verdict.verdict == "wrong" and verdict.diagnosis is not None:
                        key = kind, digits, part.expected.size > 1
                        all_of[key] += 1
                        named[key] += verdict.diagnosis.kind not in UNNAMED
    print("| answer | digits | one number | several |\n| --- | --- | --- | --- |")
    for kind, digits in sorted({key[:2] for key in all_of}):
        cells = [
            f"{named[kind, digits, several] / max(1, all_of[kind, digits, several]):.1%}" for several in (False, True)
        ]
        print(f"| {kind} | {digits} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
