"""A mistake of the program's own in a command: one sentence, its details in the log, never a traceback."""

import pytest

from rnn_tutor import cli
from rnn_tutor.commands import lists

TYPED = "my-secret-answer"


class Untidy:
    def __del__(self):
        raise KeyError(TYPED)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def broken(_options):
    raise KeyError(TYPED)


def untidy(_options):
    Untidy()
    print("done")  # noqa: T201 - what a command says
    return 0


@pytest.mark.parametrize(("what", "status"), [(broken, 1), (untidy, 0)])
def test_it_is_told_in_one_sentence_and_written_down(folder, monkeypatch, capsys, what, status):
    monkeypatch.setattr(lists, "list_exercises", what)
    assert cli.main(["list"]) == status
    out, err = capsys.readouterr()
    assert (
        err.startswith("rnn-tutor: rnn-tutor has a bug here (KeyError); the details are in ") and err.count("\n") == 1
    )
    assert str(folder / "crash.log") in err
    text = (folder / "crash.log").read_text("utf-8")
    assert "KeyError" in text and "test_mistakes" in text
    assert TYPED not in text + out + err


def test_where_it_cannot_be_written_down_that_is_said(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "file"))
    monkeypatch.setattr(lists, "list_exercises", broken)
    assert cli.main(["list"]) == 1
    assert (
        capsys.readouterr().err == "rnn-tutor: rnn-tutor has a bug here (KeyError); the details could not be saved.\n"
    )
