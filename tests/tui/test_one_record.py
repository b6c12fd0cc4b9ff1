"""The same answer is kept alike, whether it was given on a screen or to a command."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rnn_tutor.cli import main
from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.session import Session

from ..exercises.labs_for_tests import TEXT


def by_command(folder, data, *words):
    main(["answer", *words, "--content", str(folder), "--only", "--data", str(data)])
    return kept(data / "progress.sqlite3")


def kept(path):
    """The answers in a store, but for when they came to be there; a screen keeps how it is left beside them."""
    then = datetime(2025, 3, 3, tzinfo=UTC)
    return [replace(one, at=then, seconds=0.0) for one in Store.open(path).attempts()]


@pytest.fixture
def session(content, tmp_path):
    made = Session(Library([content]), seed=4)
    made.open_store(tmp_path / "screen.sqlite3")
    return made


@pytest.mark.parametrize("text", ["[0.55, -0.75]", "[0, 0]", "c = (", "0.5"])
def test_an_answer(session, content, tmp_path, text):
    session.exercises.check(session.exercises.visit("lstm-cell"), "c", text)
    assert kept(tmp_path / "screen.sqlite3") == by_command(content, tmp_path, "lstm-cell", text, "--seed", "4")


@pytest.mark.parametrize("text", ["1", "2", "B"])
def test_a_prediction(tmp_path, text):
    folder = tmp_path / "labs"
    (folder / "memory" / "labs").mkdir(parents=True)
    (folder / "memory" / "labs" / "decay.yaml").write_text(TEXT, encoding="utf-8")
    session = Session(Library([folder]), seed=2)
    session.open_store(tmp_path / "screen.sqlite3")
    session.labs.guess(session.labs.visits.open("decay", session.seed), text)
    found = by_command(folder, tmp_path, "decay", text, "--part", "predict-1", "--seed", "2")
    assert kept(tmp_path / "screen.sqlite3") == found
