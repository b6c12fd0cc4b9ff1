"""The settings file: what it may say, what is said of a wrong one, and that a change leaves the rest as it is."""

import os
import stat
import threading
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor import settings_lines as lines
from rnn_tutor.settings import BY_NAME, SETTINGS, TEXTUAL_THEMES, Settings
from rnn_tutor.settings_file import MOST_BYTES


def settings(path, text=None, **more):
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = Settings(path, **more)
    found.read()
    return found


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.toml"


# what is read without Python's own reader

_PIECES = st.sampled_from(
    ["[keys]", "[a]", "[ keys ] # c", "theme", "hint", "a-b_1", "=", " = ", '"nord"', "'x\\y'", '"a\\n"', '"""a"""',
     "0", "12", "007", "+1", "1.5", "true", "false", "yes", "# c", '"#"', "\t", "\r", "\n", "\n", "\x00", "\x0b", "ü",
     "[[x]]", "a.b", "{}", "[]", '"']
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_the_quick_reader_says_what_pythons_own_says_or_nothing(text):
    quick = lines.plain(text)
    if quick is not None:
        assert quick == tomllib.loads(text)


def test_the_quick_reader_reads_what_the_program_writes(path):
    chosen = settings(path)
    for setting in SETTINGS:
        assert chosen.choose(setting.name, setting.choices[-1]) == ""
    assert chosen.choose_keys("hint", "f10,k") == ""
    assert lines.plain(path.read_text()) == tomllib.loads(path.read_text())
    assert len(lines.plain(path.read_text())) == len(SETTINGS) + 1


@given(st.text(max_size=60) | st.lists(_PIECES, max_size=14).map("".join))
def test_no_text_stops_the_reader_and_it_says_what_the_lines_say(text):
    data, broken = lines.by_line(text)
    assert isinstance(data, dict)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in broken)


# what holds


def test_without_a_file_the_defaults_hold(path):
    found = settings(path)
    assert {one.name: found.value(one.name) for one in SETTINGS} == {one.name: one.default for one in SETTINGS}
    assert found.keys == {}
    assert found.problems == []


def test_what_the_file_says_holds(path):
    found = settings(path, 'theme = "nord"\ndigits = 6\n[keys]\nhint = "f10,k"\nlook = ["f1", "w"]\n')
    assert (found.value("theme"), found.value("digits"), found.value("pictures")) == ("nord", 6, "auto")
    assert found.keys == {"hint": "f10,k", "look": "f1,w"}
    assert (found.origin("theme"), found.origin("pictures")) == ("file", "default")
    assert found.problems == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('theme = "nrod"', "line 1, theme: found nrod; expected terminal, high-contrast,"),
        ('theme = "nrod"', "Did you mean nord?"),
        ("\n\ndigits = 2", "line 3, digits: found 2; expected auto or a number from 3 to 10."),
        ("digits = true", "line 1, digits: found True; expected auto or a number"),
        ("digits = 4.0", "line 1, digits: found 4.0; expected auto or a number"),
        ('them = "nord"', "line 1, them: there is no such setting. Did you mean theme?"),
        ("# x\ntheme nord", "line 2: found theme nord; expected one name = value"),
        ('theme = "nord"\ntheme = "nord"', "line 2: found theme = \"nord\"; expected one name = value that is not"),
        ("keys = 3", "line 1, keys: found 3; expected a section [keys] with lines like hint = \"f2,h\"."),
        ("[keys]\nhint = 3", 'line 2, hint: found 3; expected keys in quotes, for example "f2,h".'),
        ("[keys]\nhint = []", "line 2, hint: found []; expected keys in quotes"),
        ("[other]\nx = 1", "line 1, other: there is no such setting."),
        ("a = " + "[" * 5000, "line 1: found a = [[["),
        (b"theme = \xff", "is not read: line 1 is not UTF-8."),
        ("#" * (MOST_BYTES + 1), "is not read: it has more than 64 KiB."),
        ('theme = "\x1b[31m"', "expected one name = value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_with_file_line_and_name(path, text, says):
    found = settings(path, text)
    assert says in found.problems[0]
    assert found.problems[0].startswith(str(path)) or "..." in found.problems[0][:4]
    assert all(one.isprintable() and len(one) < 400 for one in found.problems)


def test_a_wrong_line_leaves_the_others_valid(path):
    found = settings(path, 'pictures = "blocks"\n???\ndigits = 99\n[keys\n[keys]\nhint = "k"\nlook = 3\nsteps = "w"\n')
    assert found.value("pictures") == "blocks"
    assert found.keys == {"hint": "k", "steps": "w"}
    assert len(found.problems) == 4


def test_what_is_no_ordinary_file_is_not_waited_for(path):
    os.mkfifo(path)
    done = threading.Event()
    found = []

    def read():
        found.append(settings(path))
        done.set()

    threading.Thread(target=read, daemon=True).start()
    assert done.wait(5)
    assert "is not read: it is not an ordinary file." in found[0].problems[0]


def test_a_folder_of_that_name_is_told(path):
    path.mkdir()
    assert "is not read: " in settings(path).problems[0]


# what is changed

OWN = """\
# my settings
theme = "nord"   # at night
later = 3   # of a newer version

[other]
a = 1

[keys] # mine
hint = "f10"  # the thumb
"""


def test_a_change_keeps_what_the_user_wrote(path):
    chosen = settings(path, OWN)
    assert chosen.choose("theme", "dracula") == ""
    assert path.read_text() == OWN.replace('"nord"', '"dracula"')
    assert chosen.choose_keys("hint", "k") == ""
    assert path.read_text() == OWN.replace('"nord"', '"dracula"').replace('"f10"', '"k"')
    assert chosen.value("theme") == "dracula"
    assert chosen.keys == {"hint": "k"}


def test_a_new_value_stands_above_the_sections_and_the_default_takes_it_out(path):
    chosen = settings(path, OWN)
    assert chosen.choose("digits", 5) == ""
    assert tomllib.loads(path.read_text()) == tomllib.loads(OWN) | {"digits": 5}
    assert chosen.choose("digits", "auto") == ""
    assert tomllib.loads(path.read_text()) == tomllib.loads(OWN)
    assert chosen.choose_keys("hint", None) == ""
    assert "# my settings" in path.read_text()
    assert chosen.keys == {}


def test_another_program_may_change_the_file_meanwhile(path):
    chosen = settings(path)
    path.write_text('pictures = "ascii"\n')
    assert chosen.choose("theme", "nord") == ""
    assert tomllib.loads(path.read_text()) == {"pictures": "ascii", "theme": "nord"}
    assert chosen.value("pictures") == "ascii"


def test_a_new_file_is_private_and_an_old_one_keeps_its_mode_and_its_link(tmp_path):
    path = tmp_path / "new" / "settings.toml"
    assert settings(path).choose("digits", 5) == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    assert settings(link).choose("digits", 6) == ""
    assert link.is_symlink()
    assert "digits = 6" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [one.name for one in path.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("???\n", "a line of it cannot be read; correct that first"), (b"\xff", "it cannot be read: line 1 is not UTF-8"),
     ("#" * (MOST_BYTES - 3), "it would have more than 64 KiB"), ("keys = 3\n", "a line of it cannot be read")],
)  # fmt: skip
def test_what_cannot_be_written_is_told_and_holds_for_this_sitting(path, text, reason):
    chosen = settings(path, text)
    before = path.read_bytes()
    says = chosen.choose_keys("hint", "k")
    assert says.startswith("This holds until you leave: ")
    assert f"settings.toml cannot be written, {reason}" in says
    assert chosen.keys == {"hint": "k"}
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    chosen = settings(tmp_path / "file" / "settings.toml")
    assert "cannot be written, " in chosen.choose("digits", 5)
    assert (chosen.value("digits"), chosen.origin("digits")) == (5, "sitting")


def test_without_a_folder_a_choice_holds_for_this_sitting():
    chosen = Settings(None)
    assert chosen.choose("digits", 5) == "This holds until you leave: there is no folder to keep settings in."
    assert chosen.value("digits") == 5


# what there is


def test_a_kiosk_has_no_setting_that_is_about_files_and_names_no_path(path):
    found = settings(path, 'clipboard = "file"\ntheme = "nrod"', kiosk=True)
    assert "clipboard" not in [one.name for one in found.there]
    assert found.value("clipboard") == "terminal"
    assert found.problems[0].startswith("settings.toml, line 2, theme:")
    assert str(path.parent) not in " ".join(found.problems)
    path.write_text("???")
    assert str(path.parent) not in found.choose("digits", 5)


def test_the_themes_are_those_of_textual():
    from textual.theme import BUILTIN_THEMES

    assert set(TEXTUAL_THEMES) == {name for name, theme in BUILTIN_THEMES.items() if not theme.ansi}


def test_every_setting_can_be_written_and_read_back(path):
    chosen = settings(path)
    for setting in SETTINGS:
        for value in setting.choices:
            assert chosen.choose(setting.name, value) == ""
            assert settings(path).value(setting.name) == value
    assert set(BY_NAME) == {"theme", "pictures", "characters", "colours", "digits", "clipboard"}


# the command


def test_the_command_prints_what_is_chosen_and_tells_what_is_wrong(tmp_path, monkeypatch, capsys):
    from rnn_tutor.cli import main

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    assert f"file: {tmp_path}/rnn-tutor/settings.toml" in out
    assert "digits      auto                default" in out
    (tmp_path / "rnn-tutor").mkdir()
    settings(tmp_path / "rnn-tutor" / "settings.toml", 'digits = 5\n[keys]\nhint = "k"\nnobody = "z"\nlook = "q"\n')
    assert main(["settings"]) == 1
    told = capsys.readouterr()
    assert "digits      5                   from the file" in told.out
    assert "keys.hint                       k" in told.out
    assert "settings.toml, line 4, nobody: No key is called nobody." in told.err
    assert "settings.toml, line 5, look: q cannot be the key of look" in told.err


def test_without_a_home_folder_there_is_no_file(monkeypatch, capsys):
    from rnn_tutor.cli import main

    monkeypatch.setenv("HOME", "")
    assert main(["settings"]) == 0
    assert capsys.readouterr().out.startswith("file: none, as this account has no home folder")


# digits


def test_the_digits_are_for_what_is_shown_and_never_for_what_is_marked(monkeypatch):
    """The same verdict, and in the same words, whatever is shown."""
    from rnn_tutor.engine.number_text import SHOWN
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.mark import mark
    from rnn_tutor.exercises.question import by_the_book
    from rnn_tutor.exercises.solution import solve
    from rnn_tutor.paths import content_folder

    question = by_the_book(Library([content_folder()]).exercise("rnn-update"))
    part = question.parts[0]
    texts = ("tanh(W_xh @ x + W_hh @ h_prev)", "0.848 -0.762", "0.85 -0.76", "1.25 -1", "0.8483 0.7616", "[1, 2, 3]")
    verdicts, shown = [], []
    for digits in (None, 3, 10):
        monkeypatch.setattr(SHOWN, "digits", digits)
        verdicts.append([(one.verdict, one.diagnosis) for one in (mark(question, part.name, text) for text in texts)])
        shown.append(solve(question)[-2].result)
    assert verdicts[0] == verdicts[1] == verdicts[2]
    assert len(set(shown)) == 3
