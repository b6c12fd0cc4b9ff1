import os
import pwd
from pathlib import Path

import pytest

from rnn_tutor import paths


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in ("RNN_TUTOR_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_content_of_the_repository():
    assert paths.content_folder() == Path(__file__).parents[1] / "content"


def test_content_of_an_installed_package_comes_first(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "rnn_tutor"
    for folder in (package / "content", tmp_path / "site-packages" / "content"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    assert paths.content_folder() == package / "content"
    (package / "content").rmdir()  # what else is called "content" there is not ours
    with pytest.raises(
        paths.PathError, match=r"^The exercises are missing from .*rnn_tutor: install rnn-tutor again\.$"
    ):
        paths.content_folder()


def test_option_before_variable_before_the_usual_place(monkeypatch, tmp_path):
    assert paths.data_folder().is_relative_to(tmp_path)
    assert paths.data_folder().name == "rnn-tutor"
    monkeypatch.setenv("RNN_TUTOR_DATA", "/from/variable")
    assert paths.data_folder() == Path("/from/variable")
    assert paths.data_folder("/from/option") == Path("/from/option")
    assert paths.progress_file("/from/option") == Path("/from/option/progress.sqlite3")
    monkeypatch.setenv("RNN_TUTOR_DATA", "")
    assert paths.data_folder().is_relative_to(tmp_path)


def test_looking_makes_nothing(tmp_path):
    paths.progress_file()
    assert list(tmp_path.iterdir()) == []


def test_home_and_current_folder_are_filled_in(monkeypatch, tmp_path):
    monkeypatch.chdir("/")
    assert paths.data_folder("~/x") == tmp_path / "x"
    assert paths.data_folder("x") == Path("/x")


@pytest.mark.parametrize("text", ["", "  ", "a\0b"])
def test_an_option_that_names_nothing(text):
    with pytest.raises(paths.PathError, match=r"^--data needs a folder, .*\.$"):
        paths.data_folder(text)


def test_an_unknown_home():
    with pytest.raises(paths.PathError, match=r"^--data cannot be resolved: .*\.$"):
        paths.data_folder("~no-such-user-here/x")


def test_no_home_at_all(monkeypatch):
    """An account without an entry, as containers have them: no folder called "~" is made somewhere."""

    def nobody(*_):
        raise KeyError("no such user")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(paths.PathError, match=r"^This account has no home folder: .*--data DIR or RNN_TUTOR_DATA\.$"):
        paths.data_folder()
    assert paths.data_folder("/given") == Path("/given")


def test_a_path_in_a_sentence():
    assert paths.shown(Path("/a/b\x1b[2J\n\u202ec")) == "/a/b?[2J??c"
    assert paths.shown(Path(os.fsdecode(b"/a/\xff"))) == "/a/?"
    assert paths.shown(Path("/" + "x" * 500 + "/end")) == "..." + "x" * 113 + "/end"
