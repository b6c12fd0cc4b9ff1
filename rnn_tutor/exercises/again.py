"""Answers that were marked before, marked again: the verdict is worked out, and a mistake's name only proved.

To search for a mistake takes a tenth of a second, to compute the one that is named a thousandth. So a name that comes
with an answer is believed where its rule gives the answer, and is searched for anew where it does not.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, product
from typing import NamedTuple

import numpy as np

from rnn_tutor.engine.compare import Comparison
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.programs.edits import Edit
from rnn_tutor.engine.remember import widened
from rnn_tutor.exercises.compiled import compiled
from rnn_tutor.exercises.diagnosis.diagnose import by_the_author, may_be_authored
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.diagnosis.fits import fits_closely
from rnn_tutor.exercises.diagnosis.intermediate import stages
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.diagnosis.search import NOTHING, Version, computed, search
from rnn_tutor.exercises.diagnosis.slips import slip
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.mark import Explaining, verdict_on
from rnn_tutor.exercises.programs import is_known_edit
from rnn_tutor.exercises.question import Part, Question, in_order, originals
from rnn_tutor.exercises.renamed import as_it_was
from rnn_tutor.exercises.verdict import Diagnosis, Reading, Verdict

MOST_VERSIONS = 60_000  # that are kept in hand: about as many MB
MOST_COMPUTED = 60  # of a rule, for one answer
MOST_PAIRS = 40  # of two rules
IN_HAND = 400  # exercises that are kept read, with other numbers to compare with
NAMELESS = ("none", "elements", "shape", "not_finite", "rounding", "")
"""Kinds that name no mistake: there is nothing to prove of them."""
_STAND_IN = Diagnosis("none", "")


class Named(NamedTuple):
    """What was said of an answer when it was marked first: the kind of diagnosis and the rule, "" for none."""

    kind: str
    rule: str


def keep_in_hand() -> None:
    """Have this process keep what it works out of exercises: it marks the answers of many learners to many of them."""
    for function in (compiled, originals, in_order, as_it_was, probes, fresh_questions):
        widened(function, IN_HAND)


class Rules:
    """The wrong versions of the parts in hand, by their rules; those that have given an answer before come first.

    A version is known by what it changes in the steps: made with the numbers of one learner, it is computed with those
    of the others.
    """

    def __init__(self, most: int = MOST_VERSIONS) -> None:
        self._most = most
        self._count = 0
        self._of: OrderedDict[tuple[int, str], tuple[object, dict[str, list[Version]]]] = OrderedDict()

    def versions(self, question: Question, part: Part, rule: str) -> list[Version]:
        """Return the versions of a rule; it is the list that is kept, where there are any. A name may be anything."""
        return self._by_rule(question, part).get(rule, [])

    def add(self, question: Question, part: Part, rule: str, version: Version) -> None:
        """Keep one more version of a rule: one that gave an answer."""
        self._by_rule(question, part).setdefault(rule, []).insert(0, version)

    def _by_rule(self, question: Question, part: Part) -> dict[str, list[Version]]:
        key = id(question.exercise), part.name
        if key not in self._of:
            by_rule: dict[str, list[Version]] = {}
            for version in search(question, part).singles:
                by_rule.setdefault("+".join(version.rules), []).append(replace(version, value=NOTHING.value))
            self._of[key] = question.exercise, by_rule
            self._count += _size(by_rule)
            while self._count > self._most and len(self._of) > 1:
                _, (_, gone) = self._of.popitem(last=False)
                self._count -= _size(gone)
        self._of.move_to_end(key)
        return self._of[key][1]


def _size(by_rule: Mapping[str, list[Version]]) -> int:
    return sum(map(len, by_rule.values()))


@dataclass
class _Believing(Explaining):
    """Says of an answer what was said of it, where that proves true; else it searches, and says what it finds."""

    named: Named
    rules: Rules
    stood_in: bool = field(default=False, init=False)

    def value(self, question: Question, asked: Part, reading: Reading, comparison: Comparison | None) -> Diagnosis:
        """Return what a wrong value shows."""
        kind, rule = self.named
        if kind in NAMELESS or (kind == "program" and asked.kind == "program"):
            self.stood_in = True
            return _STAND_IN if not kind else Diagnosis(kind, "")
        if self._proves(question, asked, reading, comparison):
            says = by_the_author(question, asked, reading) if kind == "authored" else ""
            return Diagnosis(kind, says, rule)
        return super().value(question, asked, reading, comparison)

    def program(self, question: Question, asked: Part, verdict: Verdict) -> Verdict:
        """Return the verdict on a program that ran; what is right here is tried with other numbers."""
        kind, rule = self.named
        if verdict.verdict != "wrong" or kind == "these_numbers_only":
            return super().program(question, asked, verdict)
        if kind in NAMELESS or verdict.diagnosis == Diagnosis(kind, "", rule):
            return verdict
        if kind == "program" and rule and "+" not in rule:
            fresh = fresh_questions(question.exercise)
            if is_known_edit(question, asked, verdict.reading, fresh, rule):
                return replace(verdict, diagnosis=Diagnosis(kind, "", rule))
        if self.stood_in:
            verdict = replace(verdict, diagnosis=self._searched(question, asked, verdict))
        return super().program(question, asked, verdict)

    def _searched(self, question: Question, asked: Part, verdict: Verdict) -> Diagnosis:
        reading, expected = verdict.reading, asked.expected
        assert isinstance(expected, np.ndarray)  # noqa: S101 - what a program is asked for
        comparison = compared(asked, reading, expected) if verdict.elements is not None else None
        return super().value(question, asked, reading, comparison)

    def stopped(self, question: Question, asked: Part, reading: Reading) -> Edit | None:
        """Return None: what stops with an error counts as no try, whatever is wrong in it."""
        return None

    def _proves(self, question: Question, asked: Part, reading: Reading, comparison: Comparison | None) -> bool:
        """Tell whether what was said gives the answer."""
        kind, rule = self.named
        if kind == "mutation":
            return bool(rule) and all(self._gives(question, asked, reading, one) for one in rule.split(" or "))
        if kind == "authored":
            return may_be_authored(question, asked, reading) and (
                not rule or self._gives(question, asked, reading, rule)
            )
        if kind == "intermediate":
            return not rule and _is_on_the_way(question, asked, reading)
        if kind == "slip":
            found = slip(asked, reading, comparison)
            return found is not None and found[0] == rule
        return False

    def _gives(self, question: Question, asked: Part, reading: Reading, rule: str) -> bool:
        """Tell whether a version of a rule gives the answer."""
        if asked.node is None:
            return False
        versions = self.rules.versions(question, asked, rule)
        for at, version in enumerate(versions[:MOST_COMPUTED]):
            if _is(question, asked, reading, version):
                versions.insert(0, versions.pop(at))  # a class makes the same mistakes
                return True
        first, plus, second = rule.partition("+")
        if not plus:
            return False
        for version in islice(self._pairs(question, asked, first, second), MOST_PAIRS):
            if _is(question, asked, reading, version):
                self.rules.add(question, asked, rule, version)
                return True
        return False

    def _pairs(self, question: Question, asked: Part, first: str, second: str) -> Iterator[Version]:
        """Yield versions with a mistake of each of two rules, at two places, the likeliest first."""
        alone = [
            [version for version in self.rules.versions(question, asked, rule) if len(version.slips) == 1]
            for rule in (first, second)
        ]
        both = [
            (one, other) for one, other in product(*alone) if one.slips[0].edit.place is not other.slips[0].edit.place
        ]
        for one, other in sorted(both, key=lambda pair: pair[0].cost + pair[1].cost):
            yield Version(NOTHING.value, one.cost + other.cost, (*one.slips, *other.slips))


def _is(question: Question, asked: Part, reading: Reading, version: Version) -> bool:
    value = computed(question, asked, version)
    return value is not None and bool(np.isfinite(value).all()) and fits_closely(asked, reading, value)


def _is_on_the_way(question: Question, asked: Part, reading: Reading) -> bool:
    """Tell whether an answer is a value of the exercise, on the way to the right one or beside it."""
    if asked.node is None:
        return False
    nodes = {id(node): node for node, _ in chain(*stages(question, asked))}.values()
    shape = reading.shape
    return any(
        node.value is not None and node.shape == shape and fits_closely(asked, reading, as_numbers(node.value))
        for node in nodes
    )


class Again:
    """Marks again what was marked, one answer after the other."""

    def __init__(self) -> None:
        self._rules = Rules()

    def mark(
        self,
        question: Question,
        part: str,
        text: str,
        earlier: Mapping[str, str],
        scratch: Sequence[str],
        *,
        named: Named,
        solved: Collection[str] = (),
    ) -> Verdict:
        """Return the verdict that `mark` gives, without what is said to a learner.

        named: what was said of the answer, Named("", "") where it was not wrong. The diagnosis has a kind and a rule.
        """
        believing = _Believing(named, self._rules)
        verdict = verdict_on(question, part, text, earlier, scratch, solved=solved, explaining=believing)
        if believing.stood_in and not named.kind and verdict.verdict == "right" and not verdict.follows:
            # A mistake that is certain would be told, however near the answer is to what follows from a rounded one.
            return verdict_on(question, part, text, earlier, scratch, solved=solved)
        return verdict
