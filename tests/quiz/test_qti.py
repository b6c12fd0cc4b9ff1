"""QTI packages: valid by the schema of IMS, and graded as the tutor grades."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.quiz.items import CannotHoldError, item
from rnn_tutor.commands.quiz.qti import package
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.paths import content_folders

from . import qti
from .test_hostile import EVIL, written

LIBRARY = Library(content_folders(None, only=False))
SEED = 11


@pytest.mark.parametrize("exercise", LIBRARY.exercises)
def test_every_exercise_is_valid_and_grades_right_answers_and_mistakes(exercise: str) -> None:
    question = ask(LIBRARY.exercise(exercise), SEED)
    try:
        one = item(question)
    except CannotHoldError:
        return
    (read,) = qti.read(package([one]))
    right = read.right()
    names = iter(read.responses)
    given: dict[str, Any] = {}
    for asked in one.parts:
        for _ in asked.gaps or [None]:
            name = next(names)
            given[name] = right[name]
    assert read.grade(given).score == pytest.approx(1.0, abs=1e-6)
    assert read.grade({}).score == 0.0
    names = iter(read.responses)
    for asked in one.parts:
        for _, accepted in asked.gaps:
            name = next(names)
            for accepted_one in accepted:
                outcome = read.grade({name: float(accepted_one.value)})
                if accepted_one.right:
                    assert outcome.score == pytest.approx(1 / len(one.parts) / len(asked.gaps))
                    assert f"F{name}" not in outcome.shown
                else:
                    assert outcome.score == 0.0
                    (shown,) = outcome.shown[f"F{name}"]
                    assert shown.replace("`", "").split() == accepted_one.says.replace("`", "").split()
        if asked.options:
            next(names)


def test_options_get_the_share_that_the_tutor_gives() -> None:
    checked = 0
    for exercise in list(LIBRARY.exercises)[::3]:
        question = ask(LIBRARY.exercise(exercise))
        if len(question.parts) != 1 or not question.parts[0].ask.options:
            continue
        (part,) = question.parts
        (read,) = qti.read(package([item(question)]))
        (name,) = read.responses
        for at in range(1, len(part.ask.options) + 1):
            chosen: Any = {f"C{at}"} if part.kind == "checklist" else f"C{at}"
            outcome = read.grade({name: chosen})
            assert outcome.score == pytest.approx(mark(question, part.name, str(at)).score, abs=1e-6)
            why = part.ask.options[at - 1].why
            assert bool(outcome.shown.get(f"F{name}")) == bool(why.strip())
            checked += 1
    assert checked > 10


def test_foreign_text_is_text(tmp_path: Path) -> None:
    exercise = load_exercise(written(tmp_path))
    exercise = msgspec.structs.replace(exercise, prompt=exercise.prompt + " \x1b[31m \x00 \ufffe")
    (read,) = qti.read(package([item(ask(exercise))]))
    text = "".join(read.root.itertext())
    assert text.count(EVIL) >= 8
    tags = {one.tag.removeprefix(qti.NS) for one in read.root.find(f"{qti.NS}itemBody").iter()}
    assert not tags & {"script", "object", "a", "b", "custom", "include"}
    assert {len(read.responses)} == {5}


def test_the_same_questions_give_the_same_file() -> None:
    questions = [item(ask(LIBRARY.exercise("rnn-update"), seed)) for seed in (1, 2)]
    content = package(questions)
    assert content == package(questions)
    assert len(qti.read(content)) == 2


def test_the_command_writes_a_zip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "quiz.zip"
    assert main(["export", "rnn-update", "rnn-with-output", "--qti", str(target), "--variants", "2"]) == 0
    out, err = capsys.readouterr()
    assert out == "2 questions of one exercise written.\n"
    assert "rnn-with-output  it asks for a program, which a quiz cannot run" in err
    assert "rnn-update       only 3 hints: QTI has none" in err
    assert zipfile.ZipFile(target).namelist()[1:] == ["rnn-update-seed-1.xml", "rnn-update-seed-2.xml"]
    assert main(["export", "rnn-update", "--qti", str(target)]) == 2
    assert main(["export", "rnn-update", "--qti", "-"]) == 2
    assert "--qti writes a zip file: name one." in capsys.readouterr().err
