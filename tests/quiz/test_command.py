"""rnn-tutor export --moodle: what it takes, what it writes, and what it says of the rest."""

import weakref
from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.quiz import command
from rnn_tutor.commands.quiz.items import Item, item
from rnn_tutor.exercises.question import Question

from . import moodle

PROGRAM = """\
format: 1
id: own-program
title: A program
prompt: Write it.
given:
  x: {value: "0.5", means: number, draw: "choice(0.25, 0.75, 1.5)"}
steps:
  - {let: "y = 2 * x", say: Twice.}
ask:
  - {answer: y, as: program, function: twice(x)}
"""
LONG = """\
format: 1
id: own-long
title: Many numbers
prompt: Compute `y`.
given:
  x: {value: "0.5", means: number}
steps:
  - {let: "y = x * arange(100)", say: Many.}
ask:
  - {answer: y, as: vector}
"""
ONE = """\
format: 1
id: own-one
title: One number
prompt: Compute `y`.
given:
  x: {value: "0.5", means: number, draw: "choice(0.25, 0.75, 1.5, 2.5)"}
steps:
  - {let: "y = 3 * x", say: Thrice.}
ask:
  - {answer: y, as: scalar}
"""


def exported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["export", *words])
    out, err = capsys.readouterr()
    return status, out, err


def put(folder: Path, text: str) -> str:
    name = text.split("id: ")[1].split("\n", maxsplit=1)[0]
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_variants_have_the_numbers_of_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "quiz.xml"
    status, out, err = exported(capsys, put(tmp_path, ONE), "--moodle", str(target), "--variants", "3", "--seed", "7")
    assert (status, out, err) == (0, "3 questions of one exercise written.\n", "")
    read = moodle.read(target.read_text(encoding="utf-8"))
    assert [one.idnumber for one in read] == ["own-one-seed-7", "own-one-seed-8", "own-one-seed-9"]
    assert {one.category for one in read} == {("Exercises", "One number")}
    assert {one.kind for one in read} == {"numerical"}


def test_without_a_seed_the_original_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = exported(capsys, put(tmp_path, ONE), "--moodle", "-")
    assert status == 0
    (read,) = moodle.read(out)
    assert read.idnumber == "own-one"
    assert read.gaps[0].of_number(1.5) == (1.0, "")
    wrong = [moodle.words(one.feedback) for one in read.gaps[0].answers if one.fraction == 0]
    assert [says for says in wrong if says.startswith("You would get this if")]


def test_what_a_quiz_cannot_hold_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "quiz.xml"
    words = [put(tmp_path, text) for text in (PROGRAM, LONG, ONE)]
    status, out, err = exported(capsys, *words, "rnn-update", "gates-over-time", "--moodle", str(target))
    assert status == 0
    read = moodle.read(target.read_text(encoding="utf-8"))
    assert out == f"{len(read)} questions of {len(read)} exercises written.\n"
    assert "own-program " in err
    assert "it asks for a program, which a quiz cannot run" in err
    assert "an answer has 100 numbers; a question of a quiz has at most 64" in err
    assert "it is a lab, which is played in the tutor" in err
    assert ("The recurrence", "One step of a recurrent network") in {one.category for one in read}


def test_nothing_is_written_where_a_quiz_holds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "quiz.xml"
    status, out, err = exported(capsys, put(tmp_path, PROGRAM), "--moodle", str(target))
    assert (status, out) == (2, "")
    assert "it asks for a program" in err
    assert err.endswith("rnn-tutor: Nothing was written: a quiz can hold none of these.\n")
    assert not target.exists()


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "quiz.xml"
    target.write_text("mine", encoding="utf-8")
    status, _, err = exported(capsys, put(tmp_path, ONE), "--moodle", str(target))
    assert status == 2
    assert "is there already; --force writes over it." in err
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "There is no exercise or unit nowhere."),
        (["recurrence", "--variants", "0"], "the number of variants is a whole number from 1 to 100, not 0"),
        (["recurrence", "--variants", "101"], "the number of variants is a whole number from 1 to 100, not 101"),
    ],
)
def test_bad_words(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = exported(capsys, *words, "--moodle", str(tmp_path / "quiz.xml"))
    assert status == 2
    assert said in err


def test_a_file_is_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, ONE)
    monkeypatch.setattr(command, "MOST_QUESTIONS", 2)
    assert "more than 2 questions" in exported(capsys, path, "--moodle", "-", "--variants", "3")[2]
    monkeypatch.setattr(command, "MOST_QUESTIONS", 20)
    monkeypatch.setattr(command, "MOST_CHARACTERS", 1_000)
    assert "export fewer at once" in exported(capsys, path, "--moodle", "-")[2]


def test_a_bad_file_hides_no_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\nid: bad\n", encoding="utf-8")
    status, out, err = exported(capsys, str(bad), put(tmp_path, ONE), "--moodle", "-")
    assert status == 0
    assert len(moodle.read(out)) == 1
    assert "bad.yaml" in err


@pytest.mark.parametrize("form", ["--moodle", "--qti"])
def test_questions_are_written_one_by_one_and_not_kept(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Item]] = []
    alive: list[int] = []

    def watched(question: Question) -> Item:
        alive.append(sum(one() is not None for one in made))
        made.append(weakref.ref(new := item(question)))
        return new

    monkeypatch.setattr(command, "item", watched)
    words = [put(tmp_path, ONE), put(tmp_path, ONE.replace("own-one", "own-two"))]
    assert main(["export", *words, form, str(tmp_path / "quiz"), "--variants", "12"]) == 0
    assert len(made) == 24
    assert max(alive) <= 3
