"""Numbers on which the mistakes that a learner made before would show: chosen among the seeds of a few draws."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import in_several_steps, mutants_of, tape, value_of
from rnn_tutor.exercises.diagnosis.search import Version, computed, places
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Part, Question

MOST_VERSIONS = 40  # of one part: each is computed by itself, some 0.5 ms


def telling_seed(exercise: Exercise, seeds: Iterable[int], rules: Collection[str]) -> int:
    """Return the first seed on whose numbers no mistake by these rules looks right, else the one that hides fewest.

    A mistake that no draw shows is right by algebra; it is no reason for another seed, but for trying each of them.
    `seeds` are tried from the first on; that one is returned for an exercise that none of the rules is about, or that
    draws nothing. Raises StopIteration for no seeds at all.
    """
    tried = iter(seeds)
    best = first = next(tried)
    fewest: int | None = None
    for seed in (first, *tried):
        try:
            question = ask(exercise, seed)
        except ExerciseError:  # told when it is asked with; `check` tells the author
            continue
        hides = hidden(question, rules)
        if fewest is None or hides < fewest:
            best, fewest = seed, hides
        if not hides or not question.compiled.draws:
            break
    return best


def hidden(question: Question, rules: Collection[str]) -> int:
    """Return how many mistakes by these rules give an answer that looks right with a question's numbers."""
    return sum(
        looks_right(part, value)
        for part in question.parts
        if isinstance(part.expected, np.ndarray) and part.node is not None
        for value in _values(question, part, rules)
    )


def _values(question: Question, part: Part, rules: Collection[str]) -> Iterator[Array]:
    """Give what the mistakes by these rules, each made once, come to."""
    whole = [*mutants_of(question, part), *in_several_steps(question, part)]
    values = [value_of(question, part, mutant) for mutant in whole if mutant.rule in rules]
    yield from (value for value in values[:MOST_VERSIONS] if value is not None)
    wanted = tape(question, part).wanted
    if wanted is None:
        return
    slips = [slip for place in places(question, part, wanted) for slip in place.slips if slip.edit.rule in rules]
    for slip in slips[:MOST_VERSIONS]:
        value = computed(question, part, Version(np.zeros(0), 0.0, (slip,)))
        if value is not None:
            yield value
