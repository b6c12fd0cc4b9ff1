"""A class that was joined, in commands and in plain mode: what is sent is told first, and no command waits for long."""

import io
import json
import time

import pytest

from rnn_tutor.cli import main
from rnn_tutor.progress.server.joined import Joined, joined
from rnn_tutor.progress.server.membership import Membership, keep
from rnn_tutor.progress.server.outbox import Outbox
from rnn_tutor.progress.store import Store

from .progress.fake_server import FakeServer
from .test_cli import EXERCISE

ROOT = "-----BEGIN CERTIFICATE-----"
ASKED = "Your lecturer sees them under the id ada"


@pytest.fixture
def server(monkeypatch):
    one = FakeServer()
    monkeypatch.setattr(Joined, "connect", lambda _self: one.connect())
    return one


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    me = Membership("learner", "lstm", "ada", "lstm.ada", "db.example.org", 5432, ROOT, "s")
    keep(folder / "progress.sqlite3", me)
    return folder


@pytest.fixture
def agreed(data):
    joined(data / "progress.sqlite3").answer(send=True)


@pytest.fixture
def run(capsys, data, tmp_path, monkeypatch):
    (tmp_path / "pack" / "gru").mkdir(parents=True)
    (tmp_path / "pack" / "gru" / "blend.yaml").write_text(EXERCISE.format(extra=""), "utf-8")

    def call(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        course = () if "forget" in words else ("--only", "--content", str(tmp_path / "pack"))
        status = main([*words, *course, "--data", str(data)])
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


def test_nothing_is_sent_before_the_question_was_answered(run, server):
    status, out, err = run("answer", "blend", "[0.75, 0.125]", "--part", "h", "--json")
    assert status == 0
    assert json.loads(out)["parts"]
    assert "Nothing is sent to lstm, because you were not asked yet." in err
    assert "Nothing is sent to your class yet" in run("progress")[1]
    assert server.commands == 0


def test_an_answer_is_sent_at_once(run, server, agreed):
    assert run("answer", "blend", "[0.75, 0.125]", "--part", "h")[0] == 0
    assert server.texts == ["[0.75, 0.125]"]
    assert "All answers are sent to the class server." in run("progress")[1]
    assert run("answer", "blend", "1", "--part", "h", "--no-save")[0] == 1
    assert len(server.events) == 1


def test_a_server_that_is_away_is_waited_for_once_and_not_for_long(run, server, agreed):
    server.away = True
    began = time.monotonic()
    assert run("answer", "blend", "[0.75, 0.125]", "--part", "h")[0] == 0
    commands = server.commands
    assert run("answer", "blend", "1", "--part", "h")[0] == 1
    assert server.commands == commands  # a moment ago it did not answer
    assert time.monotonic() - began < 10
    assert "2 answers not sent yet: the class's server cannot be reached." in " ".join(run("progress")[1].split())
    assert "2 answers not sent yet" in run("doctor")[1]


def test_plain_mode_tells_and_asks(run, server):
    out = " ".join(run("practice", "blend", "--plain", typed=":class\n:class yes\n[9, 9]\n:progress\n")[1].split())
    assert out.index(ASKED) < out.index("Your answers are sent.") < out.index("Not yet.")
    assert ":class yes" in out
    end = time.monotonic() + 20
    while server.texts != ["[9, 9]"]:
        assert time.monotonic() < end
        run("practice", "--plain", typed="")  # what is left goes out the next time
    out = run("practice", "blend", "--plain", typed=":class no\n[8, 8]\n")[1]
    assert ASKED not in out
    assert "Nothing is sent from now on." in out
    assert server.texts == ["[9, 9]"]


def test_forget_has_the_server_erase_too(run, server, agreed, data):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    status, out, _ = run("forget", "blend", "--yes")
    assert status == 0
    assert "The class server has erased what was sent there." in out
    assert server.texts == []


def test_a_forget_while_the_server_is_away_is_made_good(run, server, agreed, data):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    server.away = True
    out = run("forget", "blend", "--yes")[1]
    assert "The class server still has what was sent there." in out
    assert len(Outbox(data / "progress.sqlite3").wishes()) == 1
    server.away = False
    joined(data / "progress.sqlite3").answer(send=False)  # who says no meanwhile has it erased all the same
    assert joined(data / "progress.sqlite3").owes
    end = time.monotonic() + 20
    while server.events:
        assert time.monotonic() < end
        run("practice", "--plain", typed="")
    assert list(Store.open(data / "progress.sqlite3").kept()) == []
