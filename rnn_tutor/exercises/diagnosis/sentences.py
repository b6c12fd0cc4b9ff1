"""What is said of wrong versions: each as a clause after "if", nothing twice."""

import re
from collections.abc import Iterable, Sequence

from rnn_tutor.engine.mutate.mutation import UNSAID
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.search import ALL_OVER, Version, search
from rnn_tutor.exercises.question import Part, Question

_WITHOUT_FORMULA = [
    (re.compile(pattern), said)
    for pattern, said in (
        (r": `\?`", ""),
        (r"`\?` were used instead of `\?`", "another value were used"),
        (r"the (mask|bound|condition) `\?`", r"the \1"),
        (r"the factor `\?`", "a factor"),
        (r"the division by `\?` were reversed", "the division were reversed"),
        (r"the (division by|product with|multiplication by) `\?`", lambda found: f"a {found[1].split()[0]}"),
        (r"^`\?` (were .*), not raised to that power", r"the base \1, not raised to that power"),
        (r"^`\?` (were missing from|were not added|had the opposite sign)", r"a term \1"),
        (r", not only `\?`", ", not only a part"),
        (r" (?:of|by|for) `\?`(?=$|,| were| had)", ""),
        (r"`\?`", "what the picture shows"),
    )
]  # an expression of what a learner does not see is left out of a sentence
_WHERE = (
    r", (?:everywhere in the formula|in one place only|in (?:`[^`]*`|\w+ places)(?: of `[^`]*`)?(?: and in `[^`]*`)*)"
)
_MASK_EVERYWHERE = re.compile(r"^(the (?:mask|condition)(?: `[^`]*`)?) were left out everywhere")
_ENDED = re.compile(rf"(.*?)((?:{_WHERE})+)")


def alternatives(clauses: Iterable[str]) -> list[str]:
    """Return the clauses of mistakes of which each may be the one; those that read alike but for where are one.

    "the sign were wrong" and "the sign were wrong, everywhere in the formula" are one story to who reads them. So is
    what was used with its formula and without it, where that would be too long.
    """
    endings: dict[str, dict[str, None]] = {}
    for written in clauses:
        clause = _MASK_EVERYWHERE.sub(r"\1 were left out", written)
        ended = _ENDED.fullmatch(clause)
        said, where = (ended[1], ended[2]) if ended else (clause, "")
        endings.setdefault(said, {})[where] = None
    one = [said + (next(iter(where)) if len(where) == 1 else "") for said, where in endings.items()]
    return [clause for clause in one if ": `" not in clause or clause.partition(": `")[0] not in one]


def worded(question: Question, part: Part, version: Version) -> str:
    """Return what was done, as a clause after "if", with the part that it was done in where that is another one."""
    parts = {other.name for other in question.parts} - {part.name, part.step}
    told = [(_without_formula(clause), step if step in parts else "") for clause, step in version.clauses]
    if len(told) == len(version.slips) == PAIR and version.mutant is None and version.both is None:
        engine = search(question, part)
        nothing = [engine.changes_nothing(slip) for slip in version.slips]
        told = [
            (f"{clause} (by itself that changes nothing)" if alone else clause, step)
            for (clause, step), alone in zip(told, nothing, strict=True)
        ]
    clauses = _each_said_once(part, told)
    if version.right:
        given = words.enumerated([f"`{name}`" for name in sorted(version.own or {})])
        return f"{', and '.join(clauses)}, with the right {given}"
    elif version.own:
        clauses.append(f"it continues from your {words.enumerated(sorted(version.own))}")
    return ", and ".join(clauses)


def _without_formula(clause: str) -> str:
    """Return a clause with other words for what a learner does not see."""
    if UNSAID not in clause:
        return clause
    for pattern, said in _WITHOUT_FORMULA:
        clause = pattern.sub(said, clause)
    return clause


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


PAIR = 2
NUMBERS = {2: "two", 3: "three", 4: "four"}
