"""A learner's text -> a verdict: right, or wrong and why.

In this order, stopping at the first that speaks: not understood, unknown name, wrong shape (unless it equals a known
mistake), right, rounded too far or not finite, an authored mistake, an intermediate value, a wrong version of the
expression, which elements are right. Marking never raises.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_tutor.engine.compare import CLOSELY, TYPED, Comparison, same
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.programs.edits import Edit
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises import words
from rnn_tutor.exercises.carried import follows_rounded, in_full, what_follows
from rnn_tutor.exercises.diagnosis.advice import advised
from rnn_tutor.exercises.diagnosis.diagnose import (
    diagnose,
    known_everywhere,
    known_exactly,
    may_be_authored,
    may_be_known,
)
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions, only_here, right_given_truth
from rnn_tutor.exercises.diagnosis.shapes import diagnose_shape
from rnn_tutor.exercises.diagnosis.withheld import answered
from rnn_tutor.exercises.model import Option
from rnn_tutor.exercises.programs import LATER, OfValue, judged, mended
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import own_values, read
from rnn_tutor.exercises.related import follows_otherwise
from rnn_tutor.exercises.verdict import Diagnosis, Reading, Verdict
from rnn_tutor.figures.numbers import listed
from rnn_tutor.figures.words import shape_with_axes

MOST_NAMED = 4  # entries; more are counted
_MOST_QUOTED = 120  # characters of an option


@np.errstate(all="ignore")  # what a wrong version overflows with is no news for whoever typed an answer
def mark(
    question: Question,
    part: str,
    text: str,
    earlier: Mapping[str, str] | None = None,
    scratch: Sequence[str] = (),
    *,
    solved: Collection[str] = (),
    suspects: Sequence[object] = (),
    bounded: bool = False,
) -> Verdict:
    """Return the verdict on a text typed as the answer of a part.

    `earlier` has the texts of other parts, `scratch` the lines of the scratchpad, which is itself not marked. `solved`
    names the parts whose right values are known already, beside those that `earlier` has the right answers to;
    `suspects` are those of the diagnosis of an answer with other numbers, one of which this answer may show. `bounded`:
    each part takes only so many answers, so an answer to one part says nothing of the others.
    """
    earlier = earlier or {}
    verdict = verdict_on(question, part, text, earlier, scratch, solved=solved, suspects=suspects, bounded=bounded)
    return advised(question, question.part(part), verdict, earlier, scratch)


class Explaining:
    """Finds out what is wrong with an answer, by searching. Who marks again what was explained has a quicker way."""

    def value(self, question: Question, asked: Part, reading: Reading, comparison: Comparison | None) -> Diagnosis:
        """Return what a wrong value shows; comparison: None where its shape is wrong.

        Of a program of which no author says anything that is looked for only where no line of it is at fault.
        """
        if asked.kind == "program" and comparison is not None and not may_be_authored(question, asked, reading):
            return LATER
        return diagnose(question, asked, reading, comparison, reading.own)

    def program(self, question: Question, asked: Part, verdict: Verdict) -> Verdict:
        """Return the verdict on a program from that on what it gave for the numbers shown."""
        expected, reading = asked.expected, verdict.reading

        def shows() -> Diagnosis:
            assert isinstance(expected, np.ndarray)  # noqa: S101 - what a program is asked for
            return diagnose(question, asked, reading, compared(asked, reading, expected), reading.own)

        of_value = OfValue(known_everywhere, may_be_known, shows)
        return judged(question, asked, verdict, fresh_questions(question.exercise), of_value)

    def stopped(self, question: Question, asked: Part, reading: Reading) -> Edit | None:
        """Return the change after which a program that stops with an error is right; None for none."""
        return mended(question, asked, reading, fresh_questions(question.exercise))


@np.errstate(all="ignore")
def verdict_on(
    question: Question,
    part: str,
    text: str,
    earlier: Mapping[str, str],
    scratch: Sequence[str],
    *,
    solved: Collection[str] = (),
    suspects: Sequence[object] = (),
    bounded: bool = False,
    explaining: Explaining = Explaining(),  # noqa: B008 - it keeps nothing
) -> Verdict:
    """Return the verdict as `mark` does, without advice on what to do next."""
    asked = question.part(part)
    reading = read(question, part, text, earlier, scratch)
    if reading.error is not None:
        kind = reading.error.kind if reading.error.kind in ("name", "shape") else "notation"
        diagnosis = Diagnosis(kind, reading.error.says)
        line = getattr(reading, "line", None)
        edit = explaining.stopped(question, asked, reading) if asked.kind == "program" else None
        if edit is not None:
            diagnosis, line = Diagnosis(kind, f"{reading.error.says} {edit.says}", edit.rule), edit.line
        return Verdict(part, "not_understood", reading, plain(asked.expected), 0.0, diagnosis=diagnosis, line=line)
    if isinstance(reading.value, frozenset):
        return _picks(asked, reading)
    right = answered(question, earlier, scratch)
    unsolved = frozenset(other.name for other in question.parts) - {part, *right, *solved}
    reading = replace(reading, unsolved=unsolved, suspects=tuple(suspects), bounded=bounded)
    if asked.kind == "program":
        return explaining.program(question, asked, _value(question, asked, reading, explaining))
    if isinstance(asked.expected, tuple):
        return _also_elsewhere(question, asked, _shape(question, asked, reading), earlier, scratch)
    verdict = _followed_through(question, asked, reading, earlier, scratch, right=right, explaining=explaining)
    return replace(verdict, reading=reading)


# What is said of an answer that may as well follow from an earlier one that was rounded.
NOT_CERTAIN = ("none", "elements", "rounding", "mutation", "expression", "slip")


def _followed_through(
    question: Question,
    asked: Part,
    reading: Reading,
    earlier: Mapping[str, str],
    scratch: Sequence[str],
    *,
    right: Collection[str],
    explaining: Explaining,
) -> Verdict:
    """Judge a value, of which the earlier parts that are `right` are taken in full where they stand by their names."""
    if reading.uses:
        earlier = in_full(question, right, earlier)
        full = read(question, asked.name, reading.text, earlier, scratch)
        reading = (
            reading if full.error is not None else replace(full, unsolved=reading.unsolved, bounded=reading.bounded)
        )
    verdict = _also_elsewhere(question, asked, _value(question, asked, reading, explaining), earlier, scratch)
    if verdict.verdict == "right":
        return verdict
    followed = _followed(question, asked, verdict, earlier, scratch)  # also where it happens to round the true value
    unknown = followed.diagnosis is not None and followed.diagnosis.kind in NOT_CERTAIN
    if unknown and follows_rounded(question, asked, reading, right):
        fuller = listed(np.asarray(asked.expected), 6)
        return Verdict(asked.name, "right", reading, verdict.expected, 1.0, fuller=fuller)
    if followed.follows and all(name in right for name in own_values(question, asked, earlier, scratch)):
        return replace(followed, follows="", fuller=listed(np.asarray(asked.expected), 6))
    return followed


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON can hold
    """Return an expected or understood value as lists and numbers."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _value(question: Question, asked: Part, reading: Reading, explaining: Explaining) -> Verdict:
    value, expected = reading.value, asked.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - what a value part holds
    plain_expected = plain(expected)
    if value.shape != expected.shape:
        return Verdict(
            asked.name,
            "wrong",
            reading,
            plain_expected,
            0.0,
            diagnosis=explaining.value(question, asked, reading, None),
        )
    comparison = compared(asked, reading, expected)
    elements = comparison.right.tolist()
    score = float(comparison.right.mean()) if comparison.right.size else 1.0
    if comparison.verdict == "right":
        return Verdict(asked.name, "right", reading, plain_expected, 1.0, elements, fuller=listed(expected, 6))
    if comparison.verdict == "rounded" and (mistake := known_exactly(question, asked, reading)) is not None:
        return Verdict(asked.name, "wrong", reading, plain_expected, score, elements, mistake)
    if comparison.verdict == "rounded":
        return Verdict(asked.name, "rounded", reading, plain_expected, score, elements, _too_short(asked, comparison))
    if not comparison.finite.all():
        return Verdict(
            asked.name, "wrong", reading, plain_expected, score, elements, Diagnosis("not_finite", _not_finite(value))
        )
    elements = (comparison.right | comparison.rounded).tolist()  # as the diagnosis counts them
    return Verdict(
        asked.name,
        "wrong",
        reading,
        plain_expected,
        score,
        elements,
        explaining.value(question, asked, reading, comparison),
    )


def _too_short(asked: Part, comparison: Comparison) -> Diagnosis:
    """Say which entries need more digits."""
    cells = [words.cell_name(asked.name, [int(k) for k in cell]) for cell in np.argwhere(~comparison.right)]
    more = f"give at least {asked.ask.digits} significant digits"
    if comparison.right.size == 1:
        sentence = f"That may be right, but {more}."
    elif len(cells) == comparison.right.size:
        sentence = f"That may be right, but {more} for each entry."
    elif len(cells) == 1:
        sentence = f"That may be right, but {more} for {cells[0]}."
    elif len(cells) <= MOST_NAMED:
        sentence = f"That may be right, but {more} for {words.enumerated(cells)}."
    else:
        sentence = f"That may be right, but {more} for {len(cells)} entries (the first is {cells[0]})."
    return Diagnosis("rounding", sentence)


def _not_finite(value: Array) -> str:
    description = "nan (not a number)" if np.isnan(value).any() else "infinite"
    return f"That is {description}: look for a division by 0, a logarithm of 0 or less, or an exponential too large."


def _shape(question: Question, asked: Part, reading: Reading) -> Verdict:
    got, want = reading.value, asked.expected
    assert isinstance(got, tuple) and isinstance(want, tuple)  # noqa: S101 - what a shape part holds
    if got == want:
        return Verdict(asked.name, "right", reading, list(want), 1.0, [True] * len(want), fuller=_sizes_of(asked))
    elements = [k < len(got) and got[k] == want[k] for k in range(len(want))] if len(got) == len(want) else None
    score = sum(elements) / len(want) if elements else 0.0
    return Verdict(asked.name, "wrong", reading, list(want), score, elements, diagnose_shape(question, asked, reading))


def _sizes_of(asked: Part) -> str:
    assert isinstance(asked.expected, tuple)  # noqa: S101 - what a shape part holds
    return shape_with_axes(asked.expected, asked.axes)


def _picks(asked: Part, reading: Reading) -> Verdict:
    """Partial credit for a checklist: right picks less wrong ones, of all that are right; never below 0.

    Where nothing is wrong but something is missing, the author's `missed` of the first such option leads on to it.
    """
    chosen, right = reading.value, asked.expected
    assert isinstance(chosen, frozenset) and isinstance(right, frozenset)  # noqa: S101 - what these parts hold
    options = asked.ask.options
    elements = [(k in chosen) == (k in right) for k in range(1, len(options) + 1)]
    if chosen == right:
        return Verdict(asked.name, "right", reading, sorted(right), 1.0, elements, fuller=_reasons(options))
    wrong = sorted(chosen - right)
    hits = len(chosen & right)
    missing = [options[k - 1] for k in sorted(right - chosen)]
    sentences = [f"Option {k} ({_quoted(options[k - 1].text)}) is wrong{_why(options[k - 1].why)}" for k in wrong]
    if asked.kind == "checklist":
        sentences.append(_found(hits, len(right)))
    overlooked = next((option.missed for option in missing if option.missed.strip()), "") if not wrong and hits else ""
    if overlooked and asked.kind == "checklist":
        sentences.append(overlooked.strip())
    score = max(0.0, (hits - len(wrong)) / len(right)) if asked.kind == "checklist" else 0.0
    kind = "authored" if wrong or overlooked else "elements"
    return Verdict(asked.name, "wrong", reading, sorted(right), score, elements, Diagnosis(kind, " ".join(sentences)))


def _found(hits: int, total: int) -> str:
    """Say how many of the right options are picked; which ones are missing is left to find."""
    if hits < total:
        return f"You have found {hits} of the {total} right ones."
    return {1: "You have found the right one.", 2: "You have found both right ones."}.get(
        total, f"You have found all {total} right ones."
    )


def _reasons(options: Sequence[Option]) -> str:
    """Return the reason of each option, on a line with its number; of one that does not belong it says so."""
    return "\n".join(
        f"{'' if option.right else 'Not '}{number}{_why(option.why)}"
        for number, option in enumerate(options, start=1)
        if option.why.strip()
    )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > _MOST_QUOTED:
        line = line[: _MOST_QUOTED - 3].rpartition(" ")[0] + " ..."
    return f'"{line}"'


def _why(why: str) -> str:
    return f": {why.strip()}" if why.strip() else "."


def _also_elsewhere(
    question: Question, asked: Part, verdict: Verdict, earlier: Mapping[str, str], scratch: Sequence[str]
) -> Verdict:
    """Try an expression that is right here on fresh draws.

    What is made of names alone must be right there too; where numbers are put in, it is remarked that it is not.
    """
    reading = verdict.reading
    if verdict.verdict != "right" or not reading.uses or not question.compiled.draws:
        return verdict
    diagnosis = only_here(question, asked, reading, earlier, scratch)
    if diagnosis is None:
        return verdict
    if diagnosis.kind == "right_here":
        return replace(verdict, remark=diagnosis.says)
    return Verdict(asked.name, "wrong", reading, verdict.expected, 0.0, diagnosis=diagnosis)


def _followed(
    question: Question, asked: Part, verdict: Verdict, earlier: Mapping[str, str], scratch: Sequence[str]
) -> Verdict:
    """Mark against what follows from the learner's own earlier answers, where those were wrong.

    An expression of theirs is right where it is with the right values in their place. A number is compared with what
    the graph makes of theirs, where those were not trivial.
    """
    reading = verdict.reading
    values = own_values(question, asked, earlier, scratch)
    used = sorted(name for name in reading.uses if name in values and _fits(question, name, values[name]))
    if used and right_given_truth(question, asked, reading, scratch, values):
        return _right_given(question, verdict, used, values)
    own = {name: value for name, value in values.items() if _earns(question, name, value)}
    if not own:
        return verdict
    if _is_what_follows(asked, reading, what_follows(question, asked, own)):
        return _right_given(question, verdict, sorted(own), own)
    expected = np.asarray(asked.expected)
    if isinstance(reading.value, np.ndarray) and not _says_nothing(reading.value, expected):
        used = follows_otherwise(question, asked, reading, own)
        return _right_given(question, verdict, used, own) if used else verdict
    return verdict


def _is_what_follows(asked: Part, reading: Reading, followed: Array | None) -> bool:
    """Tell whether an answer is what the graph makes of a learner's earlier values, and that says something."""
    expected = np.asarray(asked.expected)
    if followed is None or followed.shape != reading.shape:
        return False  # their values lead nowhere that can be computed
    if np.array_equal(followed, expected) or _says_nothing(followed, expected):
        return False
    return compared(asked, reading, followed).verdict == "right"


def _right_given(question: Question, verdict: Verdict, own: list[str], values: Mapping[str, Array]) -> Verdict:
    """Return the verdict that an answer follows from the learner's `own` values; of those that are wrong it says so."""
    wrong = [name for name in own if not same(values[name], np.asarray(question.part(name).expected), TYPED)]
    sentence = f"It follows from your {_names(own)}."
    if wrong:
        sentence += f" (Your {_names(wrong)} {'is' if len(wrong) == 1 else 'are'} still wrong.)"
    return Verdict(verdict.part, "right", verdict.reading, verdict.expected, 1.0, None, follows=sentence)


def _names(names: Sequence[str]) -> str:
    return words.enumerated([f"`{name}`" for name in names])


def _fits(question: Question, name: str, value: Array) -> bool:
    """Tell whether an earlier answer is finite and of the right shape."""
    expected = question.part(name).expected
    return isinstance(expected, np.ndarray) and value.shape == expected.shape and bool(np.isfinite(value).all())


def _earns(question: Question, name: str, value: Array) -> bool:
    """Tell whether an earlier answer may be followed: of the right shape, and not trivial (0, 1, identity, a given).

    A right one may too: what follows from its rounding is right as well.
    """
    if not _fits(question, name, value):
        return False
    expected = np.asarray(question.part(name).expected)
    if same(value, expected, TYPED):
        return True
    trivial: list[Array | Shape] = [np.zeros(value.shape), np.ones(value.shape), np.full(value.shape, -1.0)]
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        trivial.append(np.eye(len(value)))
    trivial += [given for given in question.givens.values() if isinstance(given, np.ndarray)]
    return not any(isinstance(candidate, np.ndarray) and same(candidate, value, CLOSELY) for candidate in trivial)


def _says_nothing(followed: Array, expected: Array) -> bool:
    """Tell whether what follows is 0, or several of only 0, 1 and -1: large or small enough numbers give that."""
    if same(followed, expected, TYPED):
        return False
    flat = bool(np.all(np.isclose(followed, np.round(followed), atol=1e-6) & (np.abs(followed) < 1.5)))
    return flat if followed.size > 1 else not followed.any()
