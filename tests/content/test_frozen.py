"""What the exercises ask for is what it was: every part, with the original numbers and those of three seeds.

Another value, or a part that is gone, is an error, whatever the reason: whoever has solved it has solved it. A part
that was added is none. The table, and the script that made it, are in frozen/.
"""

import json

import numpy as np
import pytest

from tests.content.frozen.make_expected import FILE, SEEDS, files, key, parts

TABLE = json.loads(FILE.read_text())
FILES = files()
CLOSE = 1e-12  # of the largest element: another order of the same sums is no other answer


def differences(table: dict[str, dict], now: dict[str, dict]) -> list[str]:
    """Say what is no longer as the table has it, by part."""
    said = []
    for part, was in table.items():
        found = now.get(part)
        if found is None:
            said.append(f"{part} is gone")
        elif found["as"] != was["as"]:
            said.append(f"{part} is a {found['as']} and was a {was['as']}")
        elif not same(was, found):
            said.append(f"{part} is {found['is']} and was {was['is']}")
    return said


def same(was: dict, found: dict) -> bool:
    if was["as"] in ("choice", "checklist", "shape"):
        return was["is"] == found["is"]
    old, new = np.asarray(was["is"], dtype=float), np.asarray(found["is"], dtype=float)
    return old.shape == new.shape and bool((abs(new - old) <= CLOSE * abs(old).max(initial=0.0)).all())


def changed(name: str, seed: int | None) -> list[str]:
    return differences(TABLE[name][key(seed)], parts(FILES[name], seed))


def test_every_exercise_that_ever_was_is_still_there() -> None:
    assert not TABLE.keys() - FILES.keys()


@pytest.mark.parametrize("name", TABLE)
def test_the_answers_are_what_they_were_with_the_original_numbers(name: str) -> None:
    assert not changed(name, None)


@pytest.mark.parametrize("name", sorted(TABLE)[::4])
def test_a_seed_asks_what_it_asked(name: str) -> None:
    """A quarter of the exercises, each with one seed; the others in `make test-long`."""
    assert not changed(name, SEEDS[1 + sorted(TABLE).index(name) // 4 % 3])


@pytest.mark.long
@pytest.mark.parametrize("name", TABLE)
def test_every_seed_asks_what_it_asked(name: str) -> None:
    assert not [said for seed in SEEDS for said in changed(name, seed)]


def test_what_is_another_answer_and_what_is_none() -> None:
    was = {"h": {"as": "vector", "is": [0.5, -2.0]}, "best": {"as": "choice", "is": [2]}}
    assert not differences(was, was | {"more": {"as": "scalar", "is": 1.0}})
    assert not differences(was, was | {"h": {"as": "vector", "is": [0.5 + 1e-13, -2.0]}})
    assert differences(was, was | {"h": {"as": "vector", "is": [0.5 + 1e-11, -2.0]}})
    assert differences(was, was | {"h": {"as": "vector", "is": [0.5]}})
    assert differences(was, was | {"best": {"as": "choice", "is": [1]}})
    assert differences(was, {"h": was["h"]}) == ["best is gone"]
