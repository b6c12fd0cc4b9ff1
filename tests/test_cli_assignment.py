"""An assignment without a screen: practice --plain, progress, check."""

import io
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rnn_tutor.cli import main
from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.progress.clock import passed_in

TEXT = """\
format: 1
id: week-3
title: Gates by hand
about: A calculator is enough.
exercises: [task-shapes, lstm-cell]
tries: 2
until: 2026-12-11T23:59+00:00
extended: {bob: 2026-12-20T00:00Z}
points: {task-shapes: 3}
"""
BEFORE = datetime(2026, 12, 1, tzinfo=UTC)
AFTER = datetime(2026, 12, 12, tzinfo=UTC)


@pytest.fixture
def play(tmp_path, monkeypatch, capsys):
    """Work at the assignment line by line; what was said is returned."""
    file = tmp_path / "assignment.yaml"
    file.write_text(TEXT, "utf-8")

    def played(*lines, at=BEFORE, more=(), status=0):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        with passed_in(lambda: at):
            found = main([
                "practice", "--plain", "--data", str(tmp_path / "data"), "--assignment", str(file), *more,
            ])  # fmt: skip
        said = capsys.readouterr()
        assert found == status, said.err
        return " ".join((said.out + said.err).split())

    played.file, played.data = file, tmp_path / "data"
    return played


@pytest.fixture
def standing(play, capsys):
    def told(at=BEFORE):
        with passed_in(lambda: at):
            assert main(["progress", "--json", "--data", str(play.data), "--assignment", str(play.file)]) == 0
        return json.loads(capsys.readouterr().out)

    return told


def right_answer(learner):
    from rnn_tutor.exercises.drawing import ask
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.paths import content_folder

    exercise = Library([content_folder()]).exercise("task-shapes")
    question = ask(exercise, seed_of(learner, "week-3", "task-shapes"))
    return [str(tuple(map(int, part.expected))) for part in question.parts]


def test_the_id_is_asked_once_and_the_numbers_are_ones_own(play, standing):
    said = play("Ada")
    assert "Under which id do you work" in said
    assert f"numbers of seed {seed_of('ada', 'week-3', 'task-shapes')}" in said
    assert "A calculator is enough. Due on" in said
    assert "Under which id" not in play()
    assert standing()["learner"] == "ada"
    other = play(more=("--learner", "bob"))
    assert f"numbers of seed {seed_of('bob', 'week-3', 'task-shapes')}" in other
    assert "extended for you" in other
    assert standing()["learner"] == "ada"  # the first id stays that of the account


@pytest.mark.parametrize("command", [["progress"], ["hand-in", "-"]])
def test_who_reads_what_somebody_did_does_not_become_them(play, tmp_path, capsys, command):
    told = ["--data", str(tmp_path / "data"), "--assignment", str(play.file)]
    main([*command, *told, "--learner", "ada"])
    capsys.readouterr()
    assert main([*command, *told]) == 2
    said = capsys.readouterr().err
    assert "Name your id with --learner ID" in said and "kept" not in said
    play("(1, 1, 2)", more=("--learner", "zed"))
    main([*command, *told])
    assert "zed" in capsys.readouterr().out


def test_what_is_no_id_is_refused_in_a_sentence(play):
    assert "An id has 1 to 32 letters" in play("../../etc", status=2)
    assert "Name your id with --learner" in play(status=2)


def test_tries_end_and_then_the_solution_opens(play, standing):
    said = play(
        "ada", ":solution", "(1, 1, 2)", "(1", ":solution", "(1, 1, 3)", "(2, 2)", "(3, 3)", "(4, 4)", ":solution"
    )
    assert said.count("The solution opens once each part is right with your own numbers") == 2
    assert "1 try left at" in said
    assert "No try left at" in said
    assert "You have used all 2 tries at" in said
    assert "Step 1 of" in said
    exercise = standing()["exercises"][0]
    assert exercise["wrong"] == {"last_only": 2, "logits": 2}
    assert not exercise["done"]


def test_how_many_tries_there_are_is_said_before_the_first_answer(play):
    said = play("ada", "(1, 1, 2)", ":new")
    assert said.index("2 tries left.") < said.index("1 try left at logits.")
    assert said.count("tries left") == 1  # and none with numbers for practice


def test_that_an_answer_would_be_late_is_said_before_it_is_given(play):
    assert "2 tries left. What you do now counts as late." in play("Ada", at=AFTER)
    assert "late" not in play(at=BEFORE)


def test_an_answer_that_was_given_before_costs_no_try(play, standing):
    said = play("ada", "(1, 1, 2)", "(1,1,2)")
    assert "You gave this answer before, so it costs no try. 1 try left at logits." in said
    assert standing()["exercises"][0]["wrong"] == {"logits": 1}
    assert "it costs no try. 1 try left" in play("(1, 1, 2)")
    play.file.write_text(TEXT.replace("tries: 2\n", ""), "utf-8")
    assert "You gave this answer before, so it is not counted again." in play("(1, 1, 2)")


def test_what_was_answered_is_there_after_practice(play):
    said = play(
        "ada", right_answer("ada")[0], "(1, 1)", ":new", ":original", right_answer("ada")[1], ":new", ":original"
    )
    assert said.count("1 of 2 parts right. Open: last_only.") == 2  # when it was answered, and after the practice
    assert said.endswith("2 of 2 parts right.") or "2 of 2 parts right." in said.rpartition("your own numbers")[2]


def test_other_numbers_are_practice(play, standing):
    said = play("ada", ":new", "(1, 1, 2)", "(1, 1, 3)", "(1, 1, 4)", ":original", "(1, 1, 2)")
    assert said.count("This is practice: only your own numbers count.") == 3
    assert "1 try left at" in said
    exercise = standing()["exercises"][0]
    assert (exercise["practice"], sum(exercise["wrong"].values())) == (3, 1)


def test_when_nothing_is_left_it_is_said_how_to_hand_in(play, capsys):
    play.file.write_text(TEXT.replace(", lstm-cell", ""), "utf-8")
    command = f"rnn-tutor hand-in --assignment {play.file}"
    said = play("ada", right_answer("ada")[0])
    assert "hand-in" not in said
    assert f"Nothing is left to do. To hand in, leave the tutor and type: {command}" in play(right_answer("ada")[1])
    assert command in play()
    assert main(["progress", "--data", str(play.data), "--assignment", str(play.file)]) == 0
    assert command in " ".join(capsys.readouterr().out.split())


def test_who_is_out_of_tries_or_late_is_told_too(play):
    play.file.write_text(TEXT.replace(", lstm-cell", "").replace("tries: 2", "tries: 1"), "utf-8")
    assert "hand-in" not in play("ada", "(1, 1, 2)")
    play("(1, 1)")
    assert "Nothing is left to do. To hand in" in play()
    play.file.write_text(TEXT, "utf-8")
    assert "To hand in" not in play() and "counts as late. To hand in" in play(at=AFTER)


def test_in_time_and_late(play, standing):
    answers = right_answer("ada")
    play("ada", *answers)
    found = standing()
    assert found["exercises"][0]["done"]
    assert (found["exercises"][0]["points"], found["exercises"][0]["of"], found["exercises"][0]["late"]) == (
        3,
        3,
        False,
    )
    said = play(":original", at=AFTER)
    assert "1 of 2 done, 3 of 4 points" in said
    assert "What you do now counts as late" in said


def test_late_work_is_told_as_that(play, standing):
    said = play("ada", *right_answer("ada"), at=AFTER)
    assert "This is late." in said
    exercise = standing(AFTER)["exercises"][0]
    assert (exercise["done"], exercise["late"], exercise["points"]) == (True, True, 0)
    assert "This is late." not in play(*right_answer("bob"), at=AFTER, more=("--learner", "bob"))


def test_what_was_done_counts_in_the_course_too_and_not_the_other_way_round(play, standing, capsys):
    play("ada", *right_answer("ada"))
    assert main(["progress", "--json", "--data", str(play.data)]) == 0
    course = {one["exercise"]: one for one in json.loads(capsys.readouterr().out)["exercises"]}
    assert course["task-shapes"]["done"]
    assert main(["answer", "lstm-cell", "[1, 2]", "--data", str(play.data)]) == 1
    capsys.readouterr()
    assert standing()["exercises"][1]["wrong"] == {}


def test_what_is_forgotten_is_gone_from_assignments(play, standing, capsys):
    play("ada", "(1, 1, 2)")
    assert main(["forget", "--all", "--yes", "--data", str(play.data)]) == 0
    capsys.readouterr()
    later = datetime.now(UTC) + timedelta(days=1)
    assert main(["progress", "--json", "--data", str(play.data)]) == 0
    assert json.loads(capsys.readouterr().out)["exercises"] == []
    assert standing(later)["exercises"][0]["wrong"] == {}


def test_every_field_of_its_json_is_documented(play, standing):
    play("ada", ":quit")
    documented = (Path(__file__).parents[1] / "docs" / "json.md").read_text("utf-8")
    section = documented.partition("## `rnn-tutor progress --assignment FILE --json`")[2].partition("\n## ")[0]
    told = standing()
    assert {*told, *told["exercises"][0]} == set(re.findall(r"`(\w+)`", section))


def test_the_numbers_of_an_assignment_are_nobodys_choice(play, capsys):
    for words in (["--plain"], []):
        command = ["practice", "task-shapes", *words, "--seed", "7", "--assignment", str(play.file), "--learner", "ada"]
        assert main([*command, "--data", str(play.data)]) == 2
        assert "--seed cannot be used with --assignment" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["list", "next", "review", "exam lstm", "answer lstm-cell 1"])
def test_other_commands_take_no_assignment(play, capsys, command):
    assert main([*command.split(), "--assignment", str(play.file)]) == 2
    assert "no other command takes it" in capsys.readouterr().err


def test_what_takes_an_assignment_is_named_where_something_else_does_not(play, capsys):
    assert main(["--assignment", str(play.file), "class", "status"]) == 2
    told = capsys.readouterr().err
    for name in ("practice", "progress", "hand-in", "collect", "serve", "class report", "class export", "class watch"):
        assert f"`{name}`" in told
    assert "`class status`" not in told


def test_a_file_that_is_none_is_told(play):
    play.file.write_text(TEXT.replace("lstm-cell", "lstm-sell"), "utf-8")
    assert "there is no exercise and no unit 'lstm-sell'" in play("ada", status=2)
    play.file.unlink()
    assert "assignment.yaml" in play("ada", status=2)
