"""placement and exam as commands: line by line, and on paper."""

import io
import json
import queue
import signal
import subprocess
import sys
import time

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.practice.lines import MOST, EndedError, Lines, TimeIsUpError

LSTM = ("exam", "lstm", "--seed", "7", "--questions", "2")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command with lines on its input; its status, and what it prints with the line ends taken out."""

    def go(*words, lines=()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        status = main([*words, "--data", str(tmp_path / "data")])
        told = capsys.readouterr()
        return status, " ".join((told.out + told.err).split())

    return go


def test_an_exam_line_by_line_says_nothing_before_the_end(run):
    status, told = run(*LSTM, "--plain", lines=["1", ":hint", ":finish", ":finish", ":question 1", ":hint", ":quit"])
    assert status == 0
    before, _, after = told.partition("Exam: 0 of 2 right.")
    assert "Not yet" not in before and "Right" not in before
    assert "There is no command :hint." in before
    assert "Not answered: " in before
    assert "Not yet" in after
    assert "Hint 1 of" in after
    assert json.loads(run("progress", "--json")[1])["exams"][0]["of"] == 2


@pytest.mark.parametrize("between", ["1", ":show", ":time", ""])
def test_an_exam_line_by_line_is_handed_in_only_by_the_line_right_after_the_question(run, between):
    _, told = run(*LSTM, "--plain", lines=[":finish", between, ":finish", ":quit"])
    assert told.count("Type :finish again") == 2
    assert "0 of 2 right" not in told


def test_nothing_that_helps_opens_line_by_line_while_an_exam_is_to_be_handed_in(run):
    closed = "Pages, hints and solutions are closed until you hand in your exam. :exam goes on with it."
    tried = [":go lstm", ":go lstm-count", ":hint", ":solution", ":words", ":page", ":glossary gate"]
    status, told = run(
        *LSTM, "--plain", lines=[*tried, ":exam", ":finish", ":finish", ":go lstm-count", ":hint", ":quit"]
    )
    assert status == 0
    before, _, after = told.partition("Exam: 0 of 2 right.")
    assert before.count(closed) == len(tried) - 1  # all but the exercise itself
    assert "Hint 1 of" not in before and "Step 1" not in before
    assert "Hint 1 of" in after


def test_an_exam_that_was_cut_off_goes_on_with_what_was_typed(run):
    _, first = run(*LSTM, "--plain", lines=["0.123"])
    assert "You have" not in first
    status, told = run("exam", "--plain", lines=[":back", ":show", ":finish", ":finish"])
    assert status == 0
    assert "= 0.123" in told
    assert run("exam", "--plain")[0] == 2  # none is waiting any more


def test_a_placement_line_by_line_marks_units_as_known(run, monkeypatch):
    from rnn_tutor.exercises import choosing

    monkeypatch.setattr(choosing, "MOST_OF_A_PLACEMENT", 1)
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.paths import content_folder
    from rnn_tutor.tui import sets

    library = Library([content_folder()])
    monkeypatch.setattr("rnn_tutor.exercises.seeds.any_seed", lambda: 5)
    begun, (asked,) = sets.Sets.drawn(library, "placement", (), sets.USUAL)
    from rnn_tutor.exercises.drawing import ask

    question = ask(library.exercise(asked.exercise), begun.seed)
    lines = [
        " ".join(map(str, sorted(part.expected)))
        if isinstance(part.expected, frozenset)
        else str(part.expected.tolist())
        for part in question.parts
    ]
    status, told = run("placement", "--plain", lines=[*lines, "", ":progress"])
    assert status == 0
    assert "Placement: 1 of 1 right." in told
    assert "Known now: The recurrence." in told
    assert f"0 of {len(library.ids)} exercises done. Known by a placement: The recurrence." in told
    assert run("reset", "recurrence", "--yes")[0] == 0
    assert json.loads(run("progress", "--json")[1])["known"] == []


def test_a_check_and_a_way_line_by_line(run):
    lines = [":check lstm", *[":skip", ""] * 5, ":ways debug", ":ways", ":ways none", ":check nothing"]
    _, told = run("practice", "--plain", lines=lines)
    assert "Check: 0 of 5 right." in told
    assert "debug: Debug it (chosen)." in told
    assert "There is no unit nothing." in told
    assert json.loads(run("progress", "--json")[1])["checks"][0]["unit"] == "lstm"
    run("practice", "--plain", lines=[":ways modern"])
    assert json.loads(run("progress", "--json")[1])["way"] == "modern"
    assert run("next")[1].startswith("rnn-update ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("exam", "lsmt", "--plain"), "There is no unit lsmt. Did you mean lstm?"),
        (("exam", "--plain"), "Name the units of the exam"),
        (("exam", "lstm", "--minutes", "0"), "minutes are a whole number from 1 to 1440"),
        (("exam", "lstm", "--questions", "many"), "the number of questions is a whole number"),
        (("exam", "--md", "-"), "Name the units of the exam"),
        (("exam", "lstm", "--md", "-", "--key", "-"), "--key names the file of the sheet itself"),
        (("--kiosk", "exam", "lstm"), "cannot be used with a command"),
        (("--kiosk", "placement"), "cannot be used with a command"),
    ],
)
def test_what_cannot_be_done_is_told(run, words, says):
    status, told = run(*words)
    assert status == 2
    assert says in told


def test_on_paper_is_the_exam_that_the_seed_asks_on_a_screen(run, tmp_path):
    paper, key = tmp_path / "exam.md", tmp_path / "key.md"
    words = ("exam", "lstm", "gru", "--seed", "7", "--questions", "3", "--minutes", "45")
    assert run(*words, "--md", str(paper), "--key", str(key))[0] == 0
    text = paper.read_text("utf-8")
    assert "You have 45 minutes." in text
    assert "numbers of seed 7" in text
    assert "0.431" not in text
    _, told = run(*words, "--plain", lines=[":skip", "", ":skip", "", ":skip"])
    titles = [line.partition(". ")[2].split(" (level")[0].replace("\\", "") for line in text.splitlines()
              if line.startswith("## ")]  # fmt: skip
    assert len(titles) == 3
    assert all(f"{title} (exam, question" in told for title in titles)
    assert key.read_text("utf-8") != text
    assert not (tmp_path / "data" / "exam.md").exists()


def test_the_alarm_rings_once_and_only_while_a_line_is_waited_for(monkeypatch):
    monkeypatch.delattr(signal, "SIGALRM")  # not every system has one
    monkeypatch.delattr(signal, "setitimer")
    typed = queue.SimpleQueue()

    class Slow:
        def readline(self, _):
            return typed.get()

        def isatty(self):
            return False

    lines = Lines(Slow())
    lines.alarm(0.05)
    began = time.monotonic()
    with pytest.raises(TimeIsUpError):
        lines.ask("c =")
    assert time.monotonic() - began < 4
    lines.alarm(0.01)
    time.sleep(0.05)  # something that comes to its end first
    with pytest.raises(TimeIsUpError):
        lines.ask("c =")
    lines.alarm(None)
    typed.put("what was typed too late\n")
    assert lines.ask("c =") == "what was typed too late"  # nothing is lost: it is the next line
    typed.put("")
    with pytest.raises(EndedError):
        lines.ask("c =")


def test_with_a_time_limit_a_line_that_is_too_long_is_left_out():
    long = "1" * (3 * MOST) + "\n2\n"
    for limited in (False, True):
        lines = Lines(io.StringIO(long))
        if limited:
            lines.alarm(60)
        assert lines.ask("c =") == "2"


def test_an_exam_ends_by_itself_while_a_line_is_waited_for_and_the_process_with_it(tmp_path):
    words = ["exam", "lstm", "--seed", "7", "--questions", "1", "--minutes", "1", "--plain", "--data", str(tmp_path)]
    code = """
import sys
from rnn_tutor.commands.practice.lines import Lines
alarm = Lines.alarm
Lines.alarm = lambda self, seconds: alarm(self, None if seconds is None else 0.2)
from rnn_tutor.cli import main
sys.exit(main(sys.argv[1:]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    told = b""
    while b"Exam: 0 of 1 right." not in told:
        line = process.stdout.readline()
        assert line, (told, process.stderr.read())
        told += line
    assert b"The time is over." in told
    process.send_signal(signal.SIGTERM)  # while the thread waits for a line
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (128 + signal.SIGTERM, b"")
