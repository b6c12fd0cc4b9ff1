"""practice --plain: all that can be learnt on the screens, line by line through a pipe."""

import base64
import io
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.practice import exercise as plain_exercise
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.question import by_the_book
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.attempt import DRAFT, Attempt
from rnn_tutor.progress.drafts import PLACE
from rnn_tutor.progress.store import Store
from rnn_tutor.progress.summary import standings
from rnn_tutor.tui.labs import Labs
from tests.content.test_gru import PROGRAM
from tests.content.test_practice import PORT
from tests.exercises.labs_for_tests import course_that_trains, course_with_lab
from tests.files_for_tests import write
from tests.test_cli import EXERCISE

COURSE = """\
format: 1
title: A small course
closing: That was all.
units:
  - id: gru
    title: Gates
    aim: Blend.
    exercises:
      - {id: blend, title: A blend}
      - {id: picks, title: Picks}
  - {id: later, title: Later, aim: More., exercises: [{id: doubled, title: Doubled}]}
"""
PICKS = """\
format: 1
id: picks
title: Picks
prompt: Look at the picture, then choose.
given:
  a: {value: "[[1, 2], [3, 4]]", means: a matrix, axes: [row, column]}
steps: [{let: "b = a.T", say: Turned.}]
picture: {heatmap: [a], title: what is given}
ask:
  - {answer: b, as: shape, prompt: "The shape of b?"}
  - answer: odd
    as: choice
    prompt: Which is odd?
    options: [{text: two, why: It is even.}, {text: three, right: true, why: It is odd.}]
  - answer: even
    as: checklist
    prompt: Which are even?
    options: [{text: two, right: true, why: Yes.}, {text: three, why: No.}, {text: four, right: true, why: Yes.}]
"""
DOUBLED = """\
format: 1
id: doubled
title: Doubled
prompt: Write a function that doubles.
given:
  x: {value: "[1, 2, 3]", means: numbers, axes: [unit], draw: "integers(1, 9)"}
steps: [{let: "y = 2 * x", say: Twice.}]
ask: [{answer: y, as: program, function: "double(x)"}]
"""
PAGE = "format: 1\ntext: The gate `z` blends.\n"
GLOSSARY = "format: 1\nterms: [{term: gate, unit: gru, means: A number from 0 to 1.}]\n"


@pytest.fixture
def course(tmp_path):
    files = {"course.yaml": COURSE, "gru/blend.yaml": EXERCISE.format(extra=""), "gru/picks.yaml": PICKS,
             "later/doubled.yaml": DOUBLED, "gru/page.yaml": PAGE, "glossary.yaml": GLOSSARY}  # fmt: skip
    return write(tmp_path / "pack", files)


@pytest.fixture
def practise(course, tmp_path, monkeypatch, capsys):
    """Type lines, each with its end, and return the status, what is told, and what is kept."""

    def typed(name, *lines, folder=course, options=()):
        text = "".join(f"{line}\n" for line in lines)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogateescape"))))
        where = ("--only", "--content", str(folder), "--data", str(tmp_path / "data"))
        status = main(["practice", *([name] if name else []), "--plain", *where, *options])
        out = capsys.readouterr()
        assert out.err == ""
        return status, out.out, kept(tmp_path / "data")

    return typed


def kept(folder: Path) -> list[Attempt]:
    """What is kept, without the places where exercises were left."""
    store = Store.open(folder / "progress.sqlite3")
    attempts = [one for one in store.kept() if one.part != PLACE]
    store.close()
    return attempts


def program_of(part) -> str:
    return PORT if "weight_ih" in part.ask.function else PROGRAM


def right_text(part) -> str:
    if part.kind == "program":
        return f"{program_of(part)}."
    if isinstance(part.expected, frozenset):
        return " ".join(map(str, sorted(part.expected)))
    return str(part.expected if isinstance(part.expected, tuple) else np.asarray(part.expected).tolist())


def wrong_text(part) -> str:
    if part.kind == "program":
        return program_of(part).replace("(1 - z) *", "z *", 1) + "."
    if isinstance(part.expected, frozenset):
        return next(str(k) for k in range(1, len(part.ask.options) + 1) if frozenset({k}) != part.expected)
    if isinstance(part.expected, tuple):
        return str((*part.expected, 977))
    return str((np.asarray(part.expected) * 1.37 + 0.111).tolist())


def test_numbers_have_the_digits_that_were_chosen(practise, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    write(tmp_path / "rnn-tutor", {"settings.toml": "digits = 3\n"})
    assert "0.333 0.667" in practise("blend", "1/3 2/3")[1]
    write(tmp_path / "rnn-tutor", {"settings.toml": "digits = 7\n"})
    assert "0.3333333 0.6666667" in practise("blend", "1/3 2/3")[1]
    write(tmp_path / "rnn-tutor", {"settings.toml": ""})
    assert "0.3333 0.6667" in practise("blend", "1/3 2/3")[1]


def test_a_whole_unit_through_a_pipe(tmp_path):
    """Every part of every exercise: first a wrong answer, then the right one; an empty line goes on."""
    library = Library([content_folder()])
    unit = library.unit("gru")
    lines = []
    for entry in unit.exercises:
        for part in by_the_book(library.exercise(entry.id)).parts:
            lines += [wrong_text(part), right_text(part)]
        lines.append("")
    lines[-1] = ":quit"
    command = [sys.executable, "-m", "rnn_tutor", "practice", "gru", "--plain", "--data", str(tmp_path)]
    ran = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONUTF8": "1", "TERM": "xterm-256color"}, timeout=300,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(char == "\n" or char.isprintable() for char in ran.stdout), "nothing moves a cursor or has a colour"
    assert not set("│┤└─┌┐") & set(ran.stdout), "no boxes"
    attempts = kept(tmp_path)
    done = standings([attempt for attempt in attempts if attempt.verdict != DRAFT])
    assert {name for name, standing in done.items() if standing.done} == {entry.id for entry in unit.exercises}
    assert [one.verdict for one in attempts].count("wrong") > len(unit.exercises)
    assert ran.stdout.count("Not yet.") == [one.verdict for one in attempts].count("wrong")
    assert unit.title in ran.stdout  # its page was read first
    for entry in unit.exercises[1:]:
        assert f"Next: {entry.title}." in " ".join(ran.stdout.split())


def test_all_kinds_of_answers_pictures_and_the_way_to_the_end(practise):
    status, out, attempts = practise(
        "gru", "[0.75, 0.125]", "9", "norm(h)", "", "(2, 3)", "(2, 2)", "1", "2", "1 2", "1 3", "",
        "    return x", ".", "def double(x):", "    return 2 * x", ".", "",
    )  # fmt: skip
    flat = " ".join(out.split())
    assert status == 0
    for told in ("The gate `z` blends.", "z update gate, vector (unit 2)",
                 "Heatmap: what is given. a, (row 2, column 2) row 0: 1, 2 row 1: 3, 4", "axis 1",
                 "Type the numbers of all that hold", "Next: Doubled.", "a line with a single full stop",
                 "That was the last exercise.", "That was all.", "Exercises solved: 3 of 3."):  # fmt: skip
        assert told in flat, told
    verdicts = [attempt.verdict for attempt in attempts if attempt.verdict != DRAFT]
    assert verdicts == ["right", *["wrong", "right"] * 5]
    assert standings([one for one in attempts if one.verdict != DRAFT])["doubled"].done


def test_an_attempt_is_on_disk_before_its_verdict_is_told(practise, tmp_path, monkeypatch):
    seen = []
    say = plain_exercise.say_verdict
    monkeypatch.setattr(
        plain_exercise,
        "say_verdict",
        lambda *told, **more: (seen.append(len(kept(tmp_path / "data"))), say(*told, **more)),
    )
    practise("blend", "[0.75, 9]", "[0.75, 0.25]")
    assert seen == [1, 2]


def test_hints_and_the_solution_are_told_and_counted(practise):
    _, out, attempts = practise(
        "blend", ":hint", "[9, 9]", ":hint", ":hint", ":solution", "", "", "[1, 2]", ":gradient", ":trace h[0]",
        ":trace 1", ":gradient nothing",
    )  # fmt: skip
    flat = " ".join(out.split())
    assert [(one.hints, one.solution) for one in attempts] == [(1, False), (2, True)]
    for told in ("Hint 1 of 2: Which gate belongs to what?", "Hint 2 of 2", "Those were all the hints.",
                 "1. kept = (1 - z) * h_prev", "Step 1 of 3. An empty line shows the next one.",
                 "That was the last step.", "d length / d h =", "It is made of: 1: ",
                 "The answer does not change with nothing"):  # fmt: skip
        assert told in flat, told


def test_before_it_is_solved_nothing_is_given_away(practise):
    _, out, _ = practise("blend", ":trace h[0]", ":gradient", ":look", ":trace z[7]", ":trace z[1]", ":trace nobody")
    flat = " ".join(out.split())
    assert "You can see where this comes from once the exercise is solved." in flat
    assert "The gradient belongs to the solution." in flat
    assert "kept" not in flat
    assert "Type a place in it, such as :trace z[0]." in flat
    assert "z[1] = 0.75" in flat


def test_a_step_is_checked_and_not_counted(practise):
    _, out, attempts = practise("blend", ":step", "[9, 9]", ":step", "[1, 1]", "(1 - z) * h_prev", "", "[0.75, 0.125]")
    flat = " ".join(out.split())
    assert "Check an answer first. Then :step checks a step towards it." in flat
    assert "not counted. Type your value of `" in flat
    assert "Not this one" in flat
    assert "Back to the answer." in flat
    assert len(attempts) == 2


def test_new_numbers_and_the_original_ones(practise):
    _, out, attempts = practise("blend", ":new", "[1, 2]", ":original", "[1, 2]", ":original")
    assert out.count("numbers of seed") == 1
    assert "These are the original numbers." in out
    assert [attempt.seed is None for attempt in attempts] == [False, True]
    assert attempts[0].givens != attempts[1].givens
    assert "numbers of seed 7" in practise("blend", options=("--seed", "7"))[1]


def test_without_numbers_to_draw_the_options_come_in_another_order(practise):
    _, out, attempts = practise("picks", ":new", "(2, 2)", "1", "1 3", ":original", ":original")
    assert "options of seed" in out
    assert out.index("three") < out.index("two")  # in the file it is the other way round
    assert "The options are in the original order." in out
    assert [(attempt.part, attempt.verdict) for attempt in attempts if attempt.part == "odd"] == [("odd", "right")]
    assert all(attempt.seed is not None for attempt in attempts)


def test_the_scratchpad_goes_with_the_answer(practise):
    _, out, attempts = practise(
        "blend", ":pad a = (1 - z) * h_prev", ":pad oops =", ":pad", ":unpad 2", "a + z * h_tilde", ":code", ":pad"
    )
    assert "1: a = (1 - z) * h_prev   a vector (2): 0.75 -0.25" in out
    assert "Not understood: " in out
    assert "Line 2 is deleted." in out
    assert attempts[0].verdict == "right"
    assert attempts[0].scratch == "a = (1 - z) * h_prev"
    assert "z = np.array([0.25, 0.75])  # update gate" in out


def test_what_is_not_finished_is_there_again(practise):
    """The input ends in the middle of a program; the next time it goes on from there."""
    _, _, attempts = practise("doubled", "def double(x):", "    y = 2 * x")
    assert [attempt.verdict for attempt in attempts] == [DRAFT]
    _, out, attempts = practise("doubled", "    return y", ":program", ".")
    assert "Last time you typed this. It is not checked yet." in out
    assert "3:     return y" in out
    assert attempts[-1].verdict == "right"
    assert attempts[-1].text == "def double(x):\n    y = 2 * x\n    return y"


def test_a_draft_of_the_screens_is_checked_by_an_empty_line(practise, tmp_path, course):
    practise("blend", "[9, 9]")
    store = Store.open(tmp_path / "data" / "progress.sqlite3")
    first, place = store.kept()
    assert place.part == PLACE
    store.add(replace(first, uid="", text="[1, 2]", verdict=DRAFT))
    store.close()
    _, out, attempts = practise("blend", "")
    assert "An empty line checks h as it stands." in out
    assert (attempts[-1].text, attempts[-1].verdict) == ("[1, 2]", "wrong")


def test_an_exercise_is_gone_on_with_as_it_was_left(practise):
    practise("blend", ":new", "[9, 9]", ":hint", "(1 - z) * h_prev + z * h_tilde")
    _, out, attempts = practise("blend", "")
    assert "numbers of seed" in out and "1 of 2 parts right. Open: length." in " ".join(out.split())
    assert [one.verdict for one in attempts] == ["wrong", "right"]  # it is marked again, and is no other attempt


def test_lines_of_a_program_are_changed_one_by_one(practise):
    _, out, attempts = practise(
        "doubled", "def double(x):", "    return 3 * x", ".", ":line 2     return y", ":insert 2     y = 2 * x",
        ":insert 2     pass", ":delete 2", ":line 9 no", ":program", ".",
    )  # fmt: skip
    assert "Type the number of a line, from 1 to 3." in out
    assert [attempt.verdict for attempt in attempts if attempt.verdict != DRAFT] == ["wrong", "right"]


def test_a_part_is_chosen_and_answered_again(practise):
    _, out, attempts = practise(
        "picks", ":part even", "1 3", ":part", ":part none", "(2, 2)", "2", "1", ":part odd", "1"
    )
    assert "1 of 3 parts right. Open: b, odd." in out
    assert "The parts are: b, odd, even." in out
    assert "This is solved." in out
    assert [attempt.part for attempt in attempts] == ["even", "b", "odd", "odd"]


def test_what_is_not_read_is_not_counted_and_commands_have_near_names(practise):
    status, out, attempts = practise("blend", "@@", ":hnt", ":", ":s", ":solu", ":he")
    assert status == 0
    assert "Not understood." in out
    assert "Did you mean hint?" in out
    assert "It may be :solution, :step" in " ".join(out.split())
    assert ":glossary WORD" in out
    assert [attempt.verdict for attempt in attempts] == ["not_understood"]


def test_givens_and_values_are_copied(practise, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    asked = ":copy", ":copy h_prev", ":copy all", ":copy h", ":copy nothing"
    before = practise("blend", *asked)[1]
    assert "\x1b" not in before  # through a pipe it is printed, and nothing else
    assert "There is no h to copy here." in before
    assert (
        "There is no nothing to copy here. Type :copy and a name behind it: z, h_prev,\nh_tilde, all givens." in before
    )
    assert "\nh_prev = np.array([" in before
    after = practise("blend", ":solution all", ":copy h")[1]
    assert "There is no h" not in after
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    told = practise("blend", ":copy h_prev")[1]
    (copied,) = re.findall(r"\x1b\]52;c;([^\a]*)\a", told)
    assert json.loads(base64.b64decode(copied))
    assert "Copied h_prev to the terminal's clipboard." in told
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    write(tmp_path / "rnn-tutor", {"settings.toml": 'clipboard = "file"\n'})
    told = practise("blend", ":copy h_prev")[1]
    assert "\x1b" not in told.replace("\x1b[", "")
    assert "Copied h_prev into " in " ".join(told.split())
    assert (tmp_path / "data" / "copied.txt").read_bytes() == base64.b64decode(copied) + b"\n"


def test_units_lists_pages_words_and_search(practise):
    _, out, _ = practise(
        "", ":units", ":list", ":list later", ":list nope", ":glossary", ":glossary gat", ":glossary no such", ":page",
        ":search double", ":search xyzzy", ":go later", ":back", ":go nowhere", ":progress", ":go", ":back", ":back",
    )  # fmt: skip
    flat = " ".join(out.split())
    for told in ("gru: Gates, 0 of 2 done", "blend: A blend, level", "doubled: Doubled, level",
                 "There is no unit nope.", "The glossary has: gate.", "A number from 0 to 1.",
                 "No glossary entry has all of these words", "exercise doubled: Doubled", "Nothing has all of: xyzzy.",
                 "There is no exercise, lab or unit nowhere.",
                 "0 of 3 exercises done.", "Type an id behind it", "This is the first exercise."):  # fmt: skip
        assert told in flat, told


def test_a_lab_in_words_predictions_first(practise, tmp_path):
    folder = course_with_lab(tmp_path / "labs")
    status, out, attempts = practise(
        "decay", "soon", "it grows", "T = 7", "T = 20", "kind = tanh", "word = Cab!", "w = 9", ":look", ":draw 2",
        ":look 9", "1/3", "hm", ":controls", ":reset T", ":reset nope", ":steps",
        ":original", ":new", "1", folder=folder,
    )  # fmt: skip
    flat = " ".join(out.split())
    assert status == 0
    for told in ("T = 10 time steps: 5 to 50 by 5", "First predict.", "Predict 1 of 2: What becomes of it at 1.1?",
                 "1. it grows", "Not understood.", "Right. It grows.", "w = 1.10, kind = linear",
                 "T = 20 Heatmap: the state.", "The nearest that T can be is 5.", "kind = tanh", "Left out: !",
                 "word = cab", "w cannot be 9", "Picture 1 Heatmap: the state. h, (time 20, unit 2): least",
                 "row 19: ", "Type the number of a picture, from 1 to 2.", "Not this time.",
                 "Done: you predicted 1 of 2 correctly.",
                 "Type a control and a value: T, w, kind, word.", "There is no control nope.",
                 "at the start h = still", "for t in range(T):", "These are the original numbers.",
                 "numbers of seed"):  # fmt: skip
        assert told in flat, told
    assert [(one.part, one.verdict) for one in attempts][:2] == [("predict-1", "right"), ("predict-2", "wrong")]
    assert attempts[-1].seed is not None


def test_a_prediction_that_was_looked_up_is_kept_as_seen_first(practise, tmp_path):
    folder = course_with_lab(tmp_path / "labs")
    _, out, attempts = practise("decay", "w = 1.1", "1", folder=folder)
    assert attempts[0].solution
    assert "Right." in out


def _answered_long_ago(folder: Path, name: str, part: str, parts: int = 1) -> None:
    store = Store.open(folder / "progress.sqlite3")
    store.add(
        Attempt(
            exercise=name, content_hash="", seed=None, givens='{"old": 1}', part=part, text="1", verdict="right",
            score=1.0, diagnosis="", hints=0, seconds=30.0, at=datetime.now(UTC) - timedelta(days=100), parts=parts,
        )
    )  # fmt: skip
    store.close()


def test_a_review_goes_through_what_is_due_with_new_numbers_and_sums_up(practise, tmp_path):
    _answered_long_ago(tmp_path / "data", "doubled", "y")
    _answered_long_ago(tmp_path / "data", "blend", "h", parts=1)
    answers = {"A blend": ["(1 - z) * h_prev + z * h_tilde", "norm(h)"],
               "Doubled": ["def double(x):", "    return 2 * x", "."]}  # fmt: skip
    _, out, _ = practise("picks", ":progress", ":review")
    assert "2 exercises are due for review. :review opens them with new numbers." in out
    assert "Due for review: 2. :review begins." in out
    assert "Review: 2 due, about 1 minute." in out
    order = sorted(answers, key=lambda title: out.find(f"{title}  (level") if f"{title}  (level" in out else len(out))
    status, out, attempts = practise(
        "picks",
        ":review",
        *answers[order[0]],
        ":rate soon",
        ":rate easy",
        "",
        ":hint",
        *answers[order[1]],
        "",
        ":review",
    )
    flat = " ".join(out.split())
    assert status == 0
    assert "review, 1 of 2, numbers of seed" in flat
    assert "Next in this review:" in flat
    assert "There is no rating soon. The ratings are: again, hard, good, easy." in flat
    assert "You rated it easy: it comes back later." in flat
    assert "That was the last one of this review." in flat
    assert "The review is done." in flat
    assert f"{order[0]}: recalled, comes back 20" in flat
    assert "Nothing is due today." in flat
    assert all(attempt.seed is not None for attempt in attempts[2:] if attempt.verdict == "right")


def test_a_review_can_be_begun_from_the_command_line(course, tmp_path, monkeypatch, capsys):
    where = ("--plain", "--only", "--content", str(course), "--data", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["review", *where]) == 0
    assert "Nothing is due today." in capsys.readouterr().out
    _answered_long_ago(tmp_path / "data", "doubled", "y")
    lines = b"def double(x):\n    return 2 * x\n.\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["review", *where]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Review: 1 due, about 1 minute. Each has new numbers." in out
    assert ":review begins" not in out
    assert "That was the last one of this review." in out


def test_bytes_that_are_no_text_and_lines_without_end_are_bounded(practise):
    status, out, attempts = practise("blend", "\udcff\udcfe", "9" * 100_000, "[1, 2]")
    assert status == 0
    assert "A line has at most 8,000 characters. That one was not read." in out
    assert [attempt.text for attempt in attempts if attempt.verdict == "wrong"] == ["[1, 2]"]


def test_the_last_line_may_have_no_end_and_no_input_is_an_end(practise, monkeypatch, capsys, course, tmp_path):
    where = ["--only", "--content", str(course), "--data", str(tmp_path / "data")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("[1, 2]"))
    assert main(["practice", "blend", "--plain", *where]) == 0
    assert "Not yet." in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["practice", "blend", "--plain", *where]) == 0


@pytest.fixture
def hangup():
    """SIGHUP ends what is started here, also where the tests were started so that it is ignored, as by nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangup")
def test_a_cut_line_keeps_what_is_typed(course, tmp_path):
    """A lost connection is SIGHUP: it ends the practice as the end of the input does."""
    command = [sys.executable, "-m", "rnn_tutor", "practice", "doubled", "--plain", "--only", "--content", str(course)]
    process = subprocess.Popen(
        [*command, "--data", str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    process.stdin.write("def double(x):\n    return 2\n:program\n")
    process.stdin.flush()
    while "2:     return 2" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=60) == 128 + signal.SIGHUP
    process.stdin.close()
    process.stdout.close()
    assert [(one.verdict, one.text) for one in kept(tmp_path)] == [(DRAFT, "def double(x):\n    return 2")]


MISSED = """
import signal, sys, threading
from rnn_tutor.cli import main
from rnn_tutor.commands.practice.lines import Lines

def read(self):
    threading.Timer(0.5, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGHUP)).start()
    return sys.stdin.readline()

Lines._read = read
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.usefixtures("hangup")
def test_a_signal_that_another_thread_gets_ends_a_read_that_waits(course, tmp_path):
    words = ("practice", "doubled", "--plain", "--only", "--content", str(course), "--data", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", MISSED, *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        try:
            assert process.wait(timeout=60) == 128 + signal.SIGHUP
        finally:
            process.kill()


def test_what_is_not_there_and_what_cannot_be_read(practise, course, capsys):
    status, out, _ = practise("blnd")
    assert status == 2
    assert "Did you mean blend?" in out
    (course / "gru" / "picks.yaml").write_text("format: 1\n", encoding="utf-8")
    status, out, _ = practise("picks", "1", ":go blend", "[1, 2]")
    assert "Type :go and an id" in out
    assert "Not yet." in out


def test_nothing_is_kept_where_it_cannot_be_and_that_is_told(course, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(sys, "stdin", io.StringIO("[1, 2]\n"))
    where = ["--only", "--content", str(course), "--data", str(tmp_path / "file")]
    assert main(["practice", "blend", "--plain", *where]) == 0
    out = capsys.readouterr().out
    assert "Nothing is being saved" in " ".join(out.split())
    assert "Not yet." in out


def test_progress_tells_what_cannot_be_kept_too_and_one_goes_on(course, tmp_path, monkeypatch, capsys):
    for name in ("RNN_TUTOR_DATA", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "")
    monkeypatch.setattr(sys, "stdin", io.StringIO("[1, 2]\n:progress\n:units\n"))
    assert main(["practice", "blend", "--plain", "--only", "--content", str(course)]) == 0
    out = capsys.readouterr().out
    assert "0 of 3 exercises done." in out
    assert "blend" in out and "1 try" in out
    assert "gru: Gates" in out


def test_there_is_no_plain_mode_in_a_kiosk(capsys):
    assert main(["practice", "--plain", "--kiosk"]) == 2
    assert "there is no plain mode in a kiosk" in capsys.readouterr().err
    assert main(["--kiosk", "practice", "rnn-update"]) == 2


def test_ascii_is_written_where_it_is_asked_for(tmp_path):
    text = EXERCISE.format(extra="").replace("Blend the", "σ blends")
    folder = write(tmp_path / "greek", {"course.yaml": COURSE, "gru/blend.yaml": text})
    command = [sys.executable, "-m", "rnn_tutor", "practice", "blend", "--plain", "--only", "--content", str(folder)]
    for option, told in (("--ascii", "sigma blends"), ("--utf8", "σ blends")):
        ran = subprocess.run([*command, option, "--data", str(tmp_path)], input=b"", capture_output=True, check=False)
        assert told in ran.stdout.decode("utf-8")


def test_json_of_progress_knows_what_was_practised(practise, course, tmp_path, capsys):
    practise("picks", "(2, 2)", "2", "1 3")
    main(["progress", "--json", "--only", "--content", str(course), "--data", str(tmp_path / "data")])
    (picks,) = json.loads(capsys.readouterr().out)["exercises"]
    assert picks["done"]


def test_a_network_is_trained_line_by_line(practise, tmp_path):
    folder = course_that_trains(tmp_path / "training")
    _, out, attempts = practise("learn", ":train 2", ":again", "1", ":train 20", folder=folder)
    assert "Training: 200 updates. Ctrl+C stops.\n  100 of 200: loss" in out
    assert "It starts again." in out
    assert "Training: 60 updates. Ctrl+C stops.\n  60 of 60: loss" in out
    assert "Right.\nBelow." in out
    assert "Type a number of presses from 1 to 10 behind it, or none." in out
    assert [(attempt.part, attempt.verdict) for attempt in attempts] == [("predict-1", "right")]


def test_ctrl_c_stops_what_is_trained_and_nothing_else(practise, tmp_path, monkeypatch):
    folder = course_that_trains(tmp_path / "training")
    train = Labs.train

    def interrupted(visit, updates):
        run = train(visit, updates)
        if run.updates >= 50:
            raise KeyboardInterrupt
        return run

    monkeypatch.setattr(Labs, "train", staticmethod(interrupted))
    status, out, attempts = practise("learn", "1", ":help", folder=folder)
    assert status == 0
    assert "Stopped after 60 updates.\nStopped, so your guess is not judged. Type it again to go on." in out
    assert ":train [N]" in out
    assert not attempts
