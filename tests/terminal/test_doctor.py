"""doctor on terminals, and where there is none."""

import os
import re
import shutil

import pytest

from rnn_tutor.cli import main

pytestmark = pytest.mark.xdist_group("terminal")


def told(session):
    assert session.ended(20) is not None
    return session.text


def test_on_a_good_terminal_it_says_what_was_chosen_and_why(terminal):
    session = terminal("doctor", size=(120, 50))
    text = told(session)
    assert session.status == 0
    assert session.restored() == []
    for piece in (
        "120 x 50",
        "frames       each is shown at once",
        "UTF-8        shown",
        "characters   UTF-8, because the locale's encoding is UTF-8",
        "colours      256, because of TERM=xterm-256color",
        "heatmaps     drawn with colours",
        "exercises in",
        "a cache, so that courses open sooner",
        "your first answer creates it",
        "-@  -#  -*  -:   0  +:  +*  +#  +@",
        "-█  -▓  -▒  -░   ·  +░  +▒  +▓  +█",
        "o kept   x forgotten",
        "-- half = 0.5",
        "█ kept   ▒ change",
        "#####",
    ):
        assert piece in text
    assert re.search(rb"\x1b\[[0-9;]*48;5;[0-9]+m \+ ", bytes(session.raw)), "no colours were drawn"


def test_where_utf8_cannot_be_shown_it_is_ascii(terminal):
    for term, more in (("linux", {}), ("xterm", {"LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})):
        session = terminal("doctor", term=term, size=(120, 50), **more)
        text = told(session)
        assert "characters   ASCII, because" in text
        assert "blocks       need UTF-8" in text
        # The one character that asks whether UTF-8 is shown is meant to be there, and is erased again.
        assert bytes(session.raw).replace("\u2593".encode(), b"").isascii()
        assert "\u2593" not in text


def test_a_terminal_that_does_not_answer_is_waited_for_briefly(terminal):
    session = terminal("doctor", answers=False)
    assert session.ended(20) is not None
    assert b"no answer, which does no harm" in session.words()
    assert session.restored() == []


def test_colours_say_why(terminal):
    for env, says in (
        ({"COLORTERM": "truecolor"}, "16.8 million, because COLORTERM=truecolor"),
        ({"NO_COLOR": "1"}, "none, because NO_COLOR is set"),
        ({"term": "vt100"}, "none, because TERM=vt100 has none"),
        ({"term": "screen"}, "16, because of TERM=screen"),
    ):
        assert f"colours      {says}" in told(terminal("doctor", size=(120, 50), **env))


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run it in this process, where standard output is no terminal."""
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "data"))

    def call(*words):
        status = main(["doctor", *words])
        out = capsys.readouterr().out
        assert "\x1b" not in out
        return status, out

    return call


def test_without_a_terminal_it_is_plain_text_and_says_why_no_screen_is_shown(terminal, tmp_path):
    with (tmp_path / "out").open("wb") as out:
        session = terminal("doctor", stdin=os.open(os.devnull, os.O_RDONLY), stdout=out.fileno())
        assert session.ended(20) is not None
    text = (tmp_path / "out").read_text("utf-8")
    assert session.status == 1
    assert session.raw == b""
    assert "\x1b" not in text
    assert "WRONG: rnn-tutor needs a keyboard" in text


def test_what_is_kept_is_counted(run, tmp_path):
    assert "your first answer creates it" in run()[1]
    assert not (tmp_path / "data").exists(), "looking must not make anything"
    main(["answer", "lstm-cell", "[1, 1]"])
    assert "1 answer is kept there" in run()[1]


def test_other_files_are_told_as_what_they_are(run, tmp_path, monkeypatch):
    main(["answer", "lstm-cell", "[1, 1]"])
    own = tmp_path / "data" / "progress.sqlite3"
    for other in ("progress-at-two.sqlite3", "assignments/week-3/ada/progress.sqlite3"):
        file = own.with_name(other) if "/" not in other else own.parent / other
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(own, file)
    out = run()[1]
    assert "the files of other machines are read too: two\n" in out
    assert "answers to assignments are in files of their own: week-3" in out
    assert "1 answer is kept in all of them; it can be written" in out


def test_a_damaged_progress_file_is_told(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "progress.sqlite3").write_bytes(b"not a database, and long enough to be taken for one" * 100)
    status, out = run()
    assert status == 1
    assert "WRONG" in out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(run, tmp_path):
    tmp_path.chmod(0o500)
    assert "cannot be written: name another folder" in run()[1]


def test_content_that_is_amiss_or_missing_is_told(run, tmp_path):
    (tmp_path / "pack").mkdir()
    assert "there are no exercises in it" in run("--only", "--content", str(tmp_path / "pack"))[1]
    (tmp_path / "pack" / "course.yaml").write_text("nothing: of\n", "utf-8")
    assert "problem" in run("--only", "--content", str(tmp_path / "pack"))[1]


def test_hostile_environment_is_shown_not_obeyed(run, monkeypatch):
    monkeypatch.setenv("TERM", "\x1b]52;c;aGk=\x07")
    assert "]52;c" in run()[1]
