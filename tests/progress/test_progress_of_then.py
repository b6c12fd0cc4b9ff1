"""The progress of somebody who has answered the whole course as it was at commit 7352ea8, right and wrong.

It opens, counts as it did, and each verdict comes out again when the answer is marked again with its stored numbers:
givens that were renamed, parts that were added and exercises that are retired take nothing away. (Which mistake is
named may be told better by now.) The script that made the file is in frozen/.
"""

import json
import lzma
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.renamed import stored_question
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.review import reviews
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import standings, standings_so_far

FROZEN = Path(__file__).with_name("frozen")
COUNTED = json.loads((FROZEN / "standings.json").read_text())


@cache
def library() -> Library:
    return Library([content_folder()])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    file = tmp_path_factory.mktemp("then") / "progress.sqlite3"
    file.write_bytes(lzma.decompress((FROZEN / "progress.sqlite3.xz").read_bytes()))
    return Store.open(file)


@pytest.fixture(scope="module")
def attempts(store: Store) -> dict[str, list[Attempt]]:
    by_exercise: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in store.attempts():
        by_exercise[attempt.exercise].append(attempt)
    return by_exercise


def test_it_counts_as_it_did(store: Store) -> None:
    assert not store.trouble
    for counted in (standings(store.attempts()), standings_so_far(store.tallies())):
        assert {
            name: {"done": one.done, "parts": one.parts, "right": sorted(one.right), "tries": one.tries}
            for name, one in counted.items()
        } == COUNTED
    done = {name for name, one in COUNTED.items() if one["done"]}
    assert len(done) > 100 and len(COUNTED) > len(done)


def test_all_of_it_can_still_be_opened(attempts: dict[str, list[Attempt]]) -> None:
    for name, those in attempts.items():
        parts = {one.answer for one in library().exercise(name).ask}
        assert {one.part for one in those} <= parts, name


def test_what_is_done_stays_done_when_a_part_that_was_added_is_tried(attempts: dict[str, list[Attempt]]) -> None:
    for name, those in attempts.items():
        last = replace(those[-1], parts=those[-1].parts + 1, part="added", verdict="wrong")
        standing = standings([*those, last])[name]
        assert standing.done == COUNTED[name]["done"], name
        assert "added" not in standing.right


def test_what_is_due_can_be_told(attempts: dict[str, list[Attempt]]) -> None:
    now = max(one.at for those in attempts.values() for one in those)
    every = [one for those in attempts.values() for one in those]
    assert {one.skill for one in reviews(every, now)} <= set(COUNTED)


def differences(those: list[Attempt]) -> list[str]:
    """The answers that are judged otherwise now than they were."""
    questions = {}
    said = []
    for one in those:
        key = one.seed, one.givens
        if key not in questions:
            questions[key] = stored_question(library().exercise(one.exercise), one.givens, one.seed)
        verdict = mark(questions[key], one.part, one.text)
        if verdict.verdict != one.verdict:
            said.append(f"{one.part} = {one.text!r} was {one.verdict}, is {verdict.verdict}: {verdict.diagnosis}")
    return said


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_a_verdict_comes_out_again(attempts: dict[str, list[Attempt]], name: str) -> None:
    """The first wrong answer of each exercise (of programs none: a wrong one is looked at for seconds), and its last
    right one; the others in `make test-long`."""
    wrong = [one for one in attempts[name] if one.verdict == "wrong" and "\n" not in one.text][:1]
    right = [one for one in attempts[name] if one.verdict == "right"][-1:]
    assert not differences(wrong + right)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(COUNTED))
def test_each_verdict_comes_out_again(attempts: dict[str, list[Attempt]], name: str) -> None:
    assert not differences(attempts[name])
