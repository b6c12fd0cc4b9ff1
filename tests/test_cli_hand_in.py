"""hand-in and collect: what a learner gives to the lecturer, and what the lecturer reads of a class."""

import csv
import html
import io
import json
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.collecting import checking, command
from rnn_tutor.commands.collecting.checking import Done, FileTold, Job
from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.seeds import MOST_AGAIN, MOST_SEED, is_drawn
from rnn_tutor.exercises.seeds import seed_of as of_a_set
from rnn_tutor.figures.numbers import listed
from rnn_tutor.paths import content_folder, progress_file
from rnn_tutor.progress import handin
from rnn_tutor.progress.attempt import bounded
from rnn_tutor.progress.clock import passed_in
from rnn_tutor.progress.record import attempt_of
from rnn_tutor.progress.store import Store

TEXT = """\
format: 1
id: week-3
title: Gates by hand
exercises: [lstm-cell, gradient-product]
tries: 3
until: 2026-12-11T23:59+00:00
"""
BEFORE = datetime(2026, 12, 1, 9, tzinfo=UTC)
LIBRARY = Library([content_folder()])


@pytest.fixture
def week(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "week-3.yaml"
    file.write_text(TEXT, "utf-8")
    return file


@pytest.fixture
def run(capsys):
    def done(*words, status=0):
        found = main([str(word) for word in words])
        said = capsys.readouterr()
        assert found == status, said.err
        return said.out, said.err

    return done


@pytest.fixture
def work(week, tmp_path, monkeypatch, capsys):
    """A learner works at the assignment in plain mode, in a data folder of their own."""

    def worked(learner, *lines, data=None, at=BEFORE, exercise="lstm-cell"):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        folder = tmp_path / (data or learner)
        with passed_in(lambda: at):
            words = ["practice", exercise, "--plain", "--learner", learner, "--assignment", str(week)]
            assert main([*words, "--data", str(folder)]) == 0
        capsys.readouterr()
        return folder

    return worked


def question(learner, exercise="lstm-cell", assignment="week-3"):
    return ask(LIBRARY.exercise(exercise), seed_of(learner, assignment, exercise))


def right(learner, exercise="lstm-cell"):
    parts = question(learner, exercise).parts
    return [
        listed(part.expected, 5) if isinstance(part.expected, np.ndarray) else ",".join(map(str, sorted(part.expected)))
        for part in parts
    ]


def answered(learner, texts, *, exercise="lstm-cell", seed=None, at=BEFORE):
    """The attempts that some texts for the first part of an exercise are, as the tutor keeps them."""
    asked = question(learner, exercise) if seed is None else ask(LIBRARY.exercise(exercise), seed)
    part = asked.parts[0].name
    found = []
    for minute, text in enumerate(texts):
        attempt = attempt_of(asked, LIBRARY.hash(exercise), mark(asked, part, text), text)
        found.append(bounded(replace(attempt, at=at + timedelta(minutes=minute), seconds=60.0)))
    return found


def handed(folder, learner, attempts, *, assignment="week-3", name=None):
    path = folder / (name or f"{learner}.jsonl")
    path.write_bytes(b"".join(handin.lines(handin.Head(learner, assignment, "0.1.0"), attempts)))
    return path


# handing in


def test_a_file_says_whose_it_is_and_is_the_learners_alone(work, week, run, tmp_path):
    data = work("Ada", "0.5", *right("ada"))
    out, _ = run("hand-in", "--assignment", week, "--learner", "Ada", "--data", data)
    path = tmp_path / "hand-in-ada-week-3.jsonl"
    assert f"answers written to {path.name}" in out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = handin.read(path)
    assert found.trouble is None and found.head[:2] == ("ada", "week-3")
    assert {one.seed for one in found.attempts} == {seed_of("ada", "week-3", "lstm-cell")}


def test_the_id_that_was_kept_is_used_and_one_is_needed(work, week, run, tmp_path):
    data = work("ada", "0.5")
    run("hand-in", "--assignment", week, "--data", data)
    assert (tmp_path / "hand-in-ada-week-3.jsonl").exists()
    run("answer", "lstm-cell", "0.5", "--data", tmp_path / "new", status=1)
    assert "--learner ID" in run("hand-in", "--data", tmp_path / "new", status=2)[1]


def test_without_an_assignment_all_answers_are_handed_in(work, run, tmp_path):
    data = work("ada", "0.5")
    run("answer", "gradient-product", "7", "--data", data, status=1)
    run("hand-in", "--learner", "ada", "--data", data)
    found = handin.read(tmp_path / "hand-in-ada.jsonl")
    assert [one.exercise for one in found.attempts] == ["lstm-cell", "gradient-product"]
    assert found.head.assignment == ""


def test_nothing_is_handed_in_of_nothing(week, run, tmp_path):
    assert "nothing has been answered" in run("hand-in", "--learner", "ada", "--data", tmp_path / "d", status=2)[1]
    words = ("hand-in", "--learner", "ada", "--data", tmp_path / "d", "--assignment", week)
    assert "nothing has been answered" in run(*words, status=2)[1]
    assert list(tmp_path.glob("*.jsonl")) == []


def test_a_hand_in_is_written_over_and_nothing_else_is(work, week, run, tmp_path):
    data = work("ada", "0.5")
    words = ("hand-in", "--assignment", week, "--learner", "ada", "--data", data)
    run(*words)
    work("ada", "0.7", data=data.name)
    run(*words)
    file = tmp_path / "hand-in-ada-week-3.jsonl"
    assert len(handin.read(file).attempts) == 2
    for name, content in (
        ("thesis.md", b"a thesis"),
        ("other.jsonl", b"".join(handin.lines(handin.Head("bob", "", ""), []))),
    ):
        other = tmp_path / name
        other.write_bytes(content)
        assert "--force" in run(*words, other, status=2)[1]
        assert other.read_bytes() == content
        run(*words, other, "--force")
        assert handin.head_of(other).learner == "ada"
    assert "is a folder" in run(*words, tmp_path, status=2)[1]


def test_at_a_terminal_it_is_asked_before_anything_else_is_written_over(work, week, run, tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    data = work("ada", "0.5")
    words = ("hand-in", tmp_path / "thesis.md", "--learner", "ada", "--data", data, "--assignment", week)
    (tmp_path / "thesis.md").write_text("a thesis")
    monkeypatch.setattr(sys, "stdin", Terminal("no\n"))
    assert "thesis.md is there already and is no hand-in. Overwrite it?" in run(*words, status=1)[1]
    assert (tmp_path / "thesis.md").read_text() == "a thesis"
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    run(*words)
    assert handin.head_of(tmp_path / "thesis.md").learner == "ada"


def test_standard_output_has_the_bytes_of_the_file(week, tmp_path, capfdbinary):
    store = Store.open(progress_file(str(tmp_path)))
    for attempt in answered("ada", ["0.1", "W — x"]):
        store.add(attempt)
    words = ["--learner", "ada", "--data", str(tmp_path)]
    assert main(["hand-in", *words]) == 0
    capfdbinary.readouterr()
    assert main(["hand-in", "-", *words]) == 0
    assert capfdbinary.readouterr().out == (tmp_path / "hand-in-ada.jsonl").read_bytes()


def test_from_a_kiosk_the_lecturer_hands_in_from_its_folders(work, week, run, tmp_path):
    """What a kiosk keeps of a learner is a data folder of their own."""
    data = work("ada", "0.5", data="kiosk/learners/ada")
    run("hand-in", "--data", data, "--learner", "ada", "--assignment", week)
    assert len(handin.read(tmp_path / "hand-in-ada-week-3.jsonl").attempts) == 1
    assert "--kiosk" in run("--kiosk", "hand-in", status=2)[1]


# collecting


def collected(run, week, *files, status=0, more=()):
    out, err = run("collect", *files, "--assignment", week, "--json", *more, status=status)
    found = json.loads(out)
    return {one["id"]: one for one in found["learners"]}, {one["file"]: one for one in found["files"]}, err


def test_a_class_is_told(work, week, run, tmp_path):
    """Three learners, one of them on two hosts; what was typed is what counts."""
    for learner, lines in (("ada", ["0.1", *right("ada")]), ("bob", ["0.1", "0.2"])):
        run("hand-in", "--assignment", week, "--learner", learner, "--data", work(learner, *lines))
    first = work("cyd", "0.3", data="host-1")
    second = work("cyd", *right("cyd"), data="host-2", at=BEFORE + timedelta(hours=1))
    for data in (first, second):
        run("hand-in", f"cyd-{data.name}.jsonl", "--assignment", week, "--learner", "cyd", "--data", data)
    learners, files, err = collected(run, week, tmp_path)
    assert list(learners) == ["ada", "bob", "cyd"]
    assert [learners[one]["solved"] for one in learners] == [1, 0, 1]
    assert [learners[one]["exercises"][0]["tries"] for one in learners] == [3, 2, 3]
    assert {one["state"] for one in files.values()} == {"whole"} and err == ""
    out, _ = run("collect", tmp_path, "--assignment", week)
    assert "lstm-cell" in out and "cyd" in out


def test_the_same_file_twice_counts_once(week, run, tmp_path):
    attempts = answered("ada", ["0.1", "0.2"])
    one = handed(tmp_path, "ada", attempts)
    two = handed(tmp_path, "ada", attempts, name="copy.jsonl")
    learners, _, _ = collected(run, week, one, two, one)
    assert learners["ada"]["exercises"][0]["tries"] == 2


def test_a_wrong_answer_that_says_it_is_right_is_told_and_does_not_count(week, run, tmp_path):
    wrong, good = answered("ada", ["0.1", right("ada")[0]])
    handed(tmp_path, "ada", [replace(wrong, verdict="right", diagnosis="", rule="", score=1.0)])
    learners, files, err = collected(run, week, tmp_path, status=1)
    assert learners["ada"]["solved"] == 0
    (file,) = files.values()
    assert file["state"] == "altered" and file["answers"] == 0
    assert "was right and is wrong" in file["says"][0] and "None of it counts." in err
    handed(tmp_path, "ada", [replace(good, verdict="wrong", diagnosis="none", score=0.0)])
    assert "was wrong and is right" in collected(run, week, tmp_path, status=1)[2]


def test_numbers_that_are_not_those_of_the_seed_are_told(week, run, tmp_path):
    (ours,) = answered("ada", [right("ada")[0]])
    (theirs,) = answered("bob", [right("bob")[0]])
    handed(tmp_path, "ada", [replace(theirs, seed=ours.seed)])
    _, files, _ = collected(run, week, tmp_path, status=1)
    (file,) = files.values()
    assert file["state"] == "altered"
    assert file["says"] == ["line 2: the numbers of lstm-cell are not those of its seed"]


def test_the_work_of_another_is_told_with_its_line_and_exercise(week, run, tmp_path):
    """Their numbers follow from their id; of who hands in too, or is named in the assignment, it is told who it is."""
    week.write_text(TEXT + "extended: {cyd: 2026-12-18T23:59+00:00}\n", "utf-8")
    own, of_bob = answered("ada", ["0.1"]), answered("bob", [right("bob")[0]])
    path = handed(tmp_path, "ada", [*own, *of_bob, *answered("cyd", ["0.1"]), *answered("dan", ["0.1"])])
    handed(tmp_path, "bob", of_bob)
    learners, files, err = collected(run, week, tmp_path, status=1)
    assert (files[str(path)]["state"], files[str(path)]["answers"]) == ("altered", 0)
    assert files[str(path)]["says"] == [
        "line 3: it has bob's numbers of lstm-cell, not those of ada in week-3",
        "line 4: it has cyd's numbers of lstm-cell, not those of ada in week-3",
        "line 5: it has numbers of lstm-cell that are not those of ada in week-3",
    ]
    assert "ada.jsonl was altered: line 3: it has bob's numbers" in err and err.endswith("None of it counts.\n")
    assert learners["ada"]["exercises"] == [] and learners["bob"]["exercises"][0]["right"] == 1


def test_work_at_another_assignment_is_told_too(week, run, tmp_path):
    asked = question("ada", assignment="week-4")
    part = asked.parts[0].name
    attempt = bounded(attempt_of(asked, LIBRARY.hash("lstm-cell"), mark(asked, part, "0.1"), "0.1"))
    handed(tmp_path, "ada", [attempt])
    _, files, _ = collected(run, week, tmp_path, status=1)
    (file,) = files.values()
    assert (file["state"], file["answers"]) == ("altered", 0)
    handed(tmp_path, "ada", [attempt], assignment="")  # without an assignment any numbers may stand in a file
    (file,) = json.loads(run("collect", tmp_path, "--json")[0])["files"]
    assert (file["state"], file["answers"]) == ("whole", 1)


def test_what_the_tutor_asks_beside_ones_own_numbers_is_practice(work, week, run, tmp_path):
    """New numbers, a review, questions of a check that are asked again; nothing of it is said to be altered."""
    data = work("ada", *right("ada"), ":new", "0.1", ":new", "0.2", ":original", "0.3", at=BEFORE)
    words = ("hand-in", tmp_path / "ada.jsonl", "--assignment", week, "--learner", "ada", "--data", data)
    run(*words)
    learners, files, err = collected(run, week, tmp_path)
    assert err == "" and [one["state"] for one in files.values()] == ["whole"]
    assert learners["ada"]["exercises"][0]["practice"] == 2 and learners["ada"]["solved"] == 1
    seeds = (0, MOST_SEED - 1, *(of_a_set(77_777, again) for again in (1, 9, MOST_AGAIN)))
    more = [one for seed in seeds for one in answered("ada", ["0.1"], seed=seed)]
    handed(tmp_path, "ada", [*more, *answered("ada", ["0.1"])])
    learners, _, err = collected(run, week, tmp_path)
    assert err == "" and learners["ada"]["exercises"][0]["practice"] == len(seeds)


def test_an_assignment_that_was_changed_meanwhile_asks_the_same_numbers(work, week, run, tmp_path):
    """Another time, other tries and points, an exercise more: what was answered before counts as it was."""
    data = work("ada", "0.1", *right("ada"), ":new", "0.1")
    run("hand-in", "--assignment", week, "--learner", "ada", "--data", data)
    later = TEXT.replace("[lstm-cell, gradient-product]", "[task-shapes, lstm-cell]").replace("tries: 3", "tries: 9")
    week.write_text(f"{later}extended: {{Ada: 2026-12-24T12:00+00:00}}\npoints: {{lstm-cell: 4}}\n", "utf-8")
    learners, files, err = collected(run, week, tmp_path)
    assert err == "" and [one["state"] for one in files.values()] == ["whole"]
    assert learners["ada"]["solved"] == 1


def test_no_seed_of_an_assignment_is_one_that_the_tutor_draws():
    seeds = [seed_of(f"learner-{at}", "week-3", "lstm-cell") for at in range(2_000)]
    assert not any(map(is_drawn, seeds)) and len(set(seeds)) > 1_990


def test_what_is_foreign_is_told_and_the_rest_counts(week, run, tmp_path):
    own = answered("ada", ["0.1"])
    (other,) = answered("ada", ["0.1"], exercise="gradient-product")
    handed(
        tmp_path,
        "ada",
        [*own, replace(other, content_hash="f" * 32), replace(other, exercise="nowhere", uid="ab" * 16)],
    )
    handed(tmp_path, "bob", answered("bob", ["0.1"]), assignment="week-4")
    handed(tmp_path, "cyd", answered("cyd", ["0.1"]), assignment="")
    (tmp_path / "notes.jsonl").write_text("dear lecturer\n")
    learners, files, err = collected(run, week, tmp_path, status=1)
    assert list(learners) == ["ada"] and learners["ada"]["exercises"][0]["tries"] == 1
    assert {one["state"] for one in files.values()} == {"foreign"}
    assert "another version of gradient-product" in err and "nowhere is not in the assignment" in err
    assert "for the assignment week-4" in err and "for no assignment" in err and "not a hand-in" in err


def test_a_file_that_was_cut_off_counts_up_to_there(week, run, tmp_path):
    path = handed(tmp_path, "ada", answered("ada", ["0.1", "0.2", "0.3"]))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    learners, files, err = collected(run, week, tmp_path, status=1)
    assert files[str(path)]["state"] == "damaged" and files[str(path)]["answers"] == 2
    assert "its end is missing" in err and learners["ada"]["exercises"][0]["tries"] == 2


@pytest.mark.parametrize(
    "saved",
    [lambda content: content + b"\n", lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")],
    ids=["a blank line", "a mark and CRLF"],
)
def test_what_an_editor_does_to_white_space_costs_nothing_and_is_noted(week, run, tmp_path, saved):
    path = handed(tmp_path, "ada", answered("ada", ["0.1", right("ada")[0]]))
    before = collected(run, week, path)[0]
    path.write_bytes(saved(path.read_bytes()))
    learners, files, err = collected(run, week, path)
    assert learners == before
    (file,) = files.values()
    assert (file["state"], file["answers"], len(file["says"])) == ("whole", 2, 1)
    assert err == (
        f"rnn-tutor: {path} is whole: another program saved it and changed its white space; "
        "no answer is changed by that.\n"
    )
    path.write_bytes(path.read_bytes().replace(b'"seconds":60.0', b'"seconds":61.0', 1))
    assert "was altered: line 3 does not follow" in collected(run, week, path, status=1)[2]


def test_what_is_no_hand_in_is_told_as_that(week, run, tmp_path):
    handed(tmp_path, "ada", answered("ada", ["0.1"]))
    (tmp_path / "bob.jsonl").write_bytes(b"")
    (tmp_path / "cyd.jsonl").write_text("dear lecturer\n", "utf-8")
    _, files, err = collected(run, week, tmp_path, status=1)
    assert f"{tmp_path / 'bob.jsonl'} is damaged: it is empty. None of it counts.\n" in err
    assert f"{tmp_path / 'cyd.jsonl'} does not belong here: it is not a hand-in.\n" in err
    assert {Path(name).stem: one["state"] for name, one in files.items()} == {
        "ada": "whole", "bob": "damaged", "cyd": "foreign",
    }  # fmt: skip


def test_each_form_of_the_report_says_what_is_wrong_with_files(week, run, tmp_path):
    """Who has 0 points for it has them with the reason; whose it is need not be known."""
    handed(tmp_path, "ada", answered("ada", [right("ada")[0]]))
    bob = handed(tmp_path, "bob", [*answered("bob", ["0.1"]), *answered("ada", [right("ada")[0]])])
    (tmp_path / "notes.jsonl").write_text("dear lecturer\n", "utf-8")
    out, err = run("collect", tmp_path, "--assignment", week, "--csv", status=1)
    rows = list(csv.DictReader(io.StringIO(out)))
    altered, foreign = (line.removeprefix("rnn-tutor: ") for line in err.splitlines())
    assert altered.startswith(f"{bob} was altered: line 3: it has ada's numbers")
    assert {(row["learner"], row["files"]) for row in rows} == {("ada", ""), ("bob", altered), ("", foreign)}
    run("collect", tmp_path, "--assignment", week, "--html", tmp_path / "class.html", status=1)
    page = (tmp_path / "class.html").read_text("utf-8")
    assert altered in html.unescape(page) and foreign in html.unescape(page)
    assert "<td>file altered: nothing in it counts</td>" in page
    out, _ = run("collect", tmp_path, "--assignment", week, status=1)
    (row,) = [line for line in out.splitlines() if line.strip().startswith("bob ")]
    assert row.split(maxsplit=3)[3] == "file altered: nothing in it counts"


def test_two_files_that_tell_the_same_answer_otherwise(week, run, tmp_path):
    first = answered("ada", ["0.1"])
    handed(tmp_path, "ada", first, name="a.jsonl")
    handed(tmp_path, "ada", [replace(first[0], seconds=1.0)], name="b.jsonl")
    _, files, _ = collected(run, week, tmp_path, status=1)
    assert [one["state"] for one in files.values()] == ["whole", "altered"]


def test_an_answer_that_follows_from_one_that_was_never_checked_is_unsure(week, run, tmp_path):
    """It counts as what is found; nobody is said to have altered anything."""
    asked = question("ada", "gradient-product")
    assert len(asked.parts) > 1
    part = asked.parts[1]
    verdict = mark(asked, part.name, "0.123")
    attempt = bounded(attempt_of(asked, LIBRARY.hash("gradient-product"), verdict, "0.123"))
    handed(tmp_path, "ada", [replace(attempt, verdict="right", diagnosis="", rule="", score=1.0)])
    learners, files, err = collected(run, week, tmp_path, status=1)
    (file,) = files.values()
    assert (file["state"], file["answers"]) == ("unsure", 1) and "cannot be confirmed" in err
    assert learners["ada"]["exercises"][0]["right"] == 0


def test_a_name_from_the_scratchpad_comes_along(work, week, run, tmp_path):
    """What an answer reads of the scratchpad is handed in, and nothing else of it."""
    value = right("ada")[0]
    attempts = answered("ada", [value])
    pad = f"mine = {value}\nsecret = 12345"
    handed(tmp_path, "ada", [replace(attempts[0], text="mine", scratch=pad)])
    assert b"secret" not in (tmp_path / "ada.jsonl").read_bytes()
    learners, _, _ = collected(run, week, tmp_path)
    assert learners["ada"]["exercises"][0]["right"] == 1


def test_a_mistakes_name_in_the_file_is_proved(week, run, tmp_path):
    """A name that does not give the answer is not believed: what the search finds is told."""
    attempts = answered("ada", ["0.1", *map(str, (0.5, 1.5))])
    forged = [replace(one, diagnosis="mutation", rule="term_left_out") for one in attempts if one.verdict == "wrong"]
    handed(tmp_path, "ada", forged)
    learners, _, _ = collected(run, week, tmp_path)
    honest = handed(tmp_path / "..", "ada", attempts, name=f"{tmp_path.name}-honest.jsonl")
    assert collected(run, week, honest)[0]["ada"]["exercises"] == learners["ada"]["exercises"]


HOSTILE = [
    "x" * 8_000,
    "((" * 2_000,
    "9**9**9**9",
    "\x1b]0;title\x07\u202e",
    "eye(10**9)",
    "zeros(9, 9, 9, 9, 9)",
    "`" * 900,
]


def test_hostile_answers_are_marked_within_bounds(week, run, tmp_path):
    (one,) = answered("ada", ["0.1"])
    texts = [bounded(replace(one, text=text, verdict="right", uid=f"{at:032x}")) for at, text in enumerate(HOSTILE)]
    names = [replace(one, part="\x1b[2J" * 100, uid="ef" * 16), replace(one, exercise="../" * 50, uid="ee" * 16)]
    handed(tmp_path, "ada", [*texts, *(bounded(name) for name in names)])
    _, files, err = collected(run, week, tmp_path, status=1)
    assert "\x1b" not in err and "\u202e" not in err and "altered" in err
    assert all(len(says) < 200 for file in files.values() for says in file["says"])


def test_a_file_that_marking_stumbles_over_is_told_and_the_others_count(week, run, tmp_path, monkeypatch):
    mark = checking.Again.mark

    def stumble(self, question, part, text, *rest, **named):
        if text == "0.25":
            raise ZeroDivisionError(text)
        return mark(self, question, part, text, *rest, **named)

    monkeypatch.setattr(checking.Again, "mark", stumble)
    handed(tmp_path, "ada", answered("ada", ["0.25"]))
    handed(tmp_path, "bob", answered("bob", [right("bob")[0]]))
    learners, files, err = collected(run, week, tmp_path, status=1, more=("--data", tmp_path / "lecturer"))
    assert "was not read: marking it again fails by a mistake of rnn-tutor's own" in err
    assert sorted(one["state"] for one in files.values()) == ["refused", "whole"]
    assert learners["bob"]["exercises"][0]["right"] == 1
    assert "ZeroDivisionError" in (tmp_path / "lecturer" / "crash.log").read_text()


def test_a_file_that_takes_too_long_is_not_read_on(week, run, tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "MOST_SECONDS", -1.0)
    handed(tmp_path, "ada", answered("ada", ["0.1"]))
    _, files, err = collected(run, week, tmp_path, status=1)
    assert "was not read" in err and [one["answers"] for one in files.values()] == [0]


def test_a_report_is_written_in_each_form(week, run, tmp_path):
    file = handed(tmp_path, "ada", answered("ada", ["0.1", right("ada")[0]]))
    out, _ = run("collect", file, "--assignment", week, "--csv")
    assert out.splitlines()[1].startswith("ada,")
    run("collect", file, "--assignment", week, "--html", tmp_path / "class.html")
    page = (tmp_path / "class.html").read_text("utf-8")
    assert "<svg" in page and "<script" not in page
    assert (
        "is there already" in run("collect", file, "--assignment", week, "--html", tmp_path / "class.html", status=2)[1]
    )
    out, _ = run("collect", file)  # without an assignment
    assert "lstm-cell" in out


def test_a_bar_shows_how_far_it_is_on_a_terminal_alone(monkeypatch):
    class Terminal(io.StringIO):
        terminal = True

        def isatty(self):
            return self.terminal

    jobs = [Job(f"l{at}", (Path("a"), Path("b"))) for at in range(3)]
    results = [Done((FileTold("a", "", "", (), 0),) * 2, None) for _ in jobs]
    for terminal in (True, False):
        said = Terminal()
        said.terminal = terminal
        monkeypatch.setattr(sys, "stderr", said)
        assert list(command._shown(iter(results), jobs, 4)) == results
        assert ("6 of 10 files" in said.getvalue()) is terminal and ("10 of 10 files" in said.getvalue()) is terminal
        assert "\x1b" not in said.getvalue()


def test_nothing_to_collect_is_told(week, run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "There is no hand-in in" in run("collect", tmp_path / "empty", "--assignment", week, status=2)[1]
    file = handed(tmp_path, "ada", answered("ada", ["0.1"]))
    for gone in ("gone", "gone.jsonl", file / "below", "null\0"):
        out, err = run("collect", file, gone, "--assignment", week, "--html", tmp_path / "class.html", status=2)
        assert (out, err.count("\n")) == ("", 1) and err.startswith("rnn-tutor: There is no file ")
    assert not (tmp_path / "class.html").exists()
    assert "gone.yaml" in run("collect", week, "--assignment", tmp_path / "gone.yaml", status=2)[1]
