"""What is said of wrong versions: each as a clause after "if", nothing twice."""

import re
from collections.abc import Iterable, Sequence

from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.search import ALL_OVER, Version
from rnn_tutor.exercises.question import Part, Question

_WHERE = (
    r", (?:everywhere in the formula|in one place only|in (?:`[^`]*`|\w+ places)(?: of `[^`]*`)?(?: and in `[^`]*`)*)"
)
_ENDED = re.compile(rf"(.*?)((?:{_WHERE})+)")


def alternatives(clauses: Iterable[str]) -> list[str]:
    """Return the clauses of mistakes of which each may be the one; those that read alike but for where are one.

    "the sign were wrong" and "the sign were wrong, everywhere in the formula" are one story to who reads them. So is
    what was used with its formula and without it, where that would be too long.
    """
    endings: dict[str, dict[str, None]] = {}
    for clause in clauses:
        ended = _ENDED.fullmatch(clause)
        said, where = (ended[1], ended[2]) if ended else (clause, "")
        endings.setdefault(said, {})[where] = None
    one = [said + (next(iter(where)) if len(where) == 1 else "") for said, where in endings.items()]
    return [clause for clause in one if ": `" not in clause or clause.partition(": `")[0] not in one]


def worded(question: Question, part: Part, version: Version) -> str:
    """Return what was done, as a clause after "if", with the part that it was done in where that is another one."""
    parts = {other.name for other in question.parts} - {part.name, part.step}
    clauses = _each_said_once(part, [(clause, step if step in parts else "") for clause, step in version.clauses])
    if version.right:
        given = words.enumerated([f"`{name}`" for name in sorted(version.own or {})])
        return f"{', and '.join(clauses)}, with the right {given}"
    elif version.own:
        clauses.append(f"it continues from your {words.enumerated(sorted(version.own))}")
    return ", and ".join(clauses)


def _each_said_once(part: Part, clauses: Sequence[tuple[str, str]]) -> list[str]:
    """Return clauses with the parts that they are about; what was done at several places is said once, with these."""
    said: list[str] = []
    ended = [clause.removesuffix(ALL_OVER) for clause, _ in clauses if clause.endswith(ALL_OVER)]
    all_over = {one for clause in ended for one in (clause, *clause.split(", and "))}
    for clause in dict.fromkeys(clause for clause, _ in clauses if clause not in all_over):
        steps = [step for other, step in clauses if other == clause]
        if len(steps) == 1:
            said.append(f"{clause}, in `{steps[0]}`" if steps[0] else clause)
            continue
        counts = {step: steps.count(step) for step in dict.fromkeys(steps)}
        if len(counts) == 1 and not steps[0]:
            said.append(f"{clause}, in {NUMBERS.get(len(steps), 'several')} places")
            continue
        places = [
            f"in `{step or part.name}`"
            if count == 1
            else f"in {NUMBERS.get(count, 'several')} places of `{step or part.name}`"
            for step, count in counts.items()
        ]
        said.append(f"{clause}, {words.enumerated(places)}")
    return said


NUMBERS = {2: "two", 3: "three", 4: "four"}
