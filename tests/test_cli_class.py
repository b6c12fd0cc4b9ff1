"""A class that was joined, in commands and in plain mode: what is sent is told first, and no command waits for long."""

import io
import json
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rnn_tutor.cli import main
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.server.joined import Joined, joined
from rnn_tutor.progress.server.membership import Membership, keep, write
from rnn_tutor.progress.server.outbox import Outbox
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.watching.words import moment

from .progress.fake_server import FakeServer
from .test_cli import EXERCISE


def made_of(exercise, text):
    return Attempt(
        exercise=exercise, content_hash="0" * 64, seed=None, givens="{}", part="h", text=text, verdict="wrong",
        score=0.0, diagnosis="", hints=0, seconds=1.0, at=datetime.now(UTC), parts=1,
    )  # fmt: skip


ROOT = "-----BEGIN CERTIFICATE-----"
ADA = Membership("learner", "lstm", "ada", "lstm.ada", "db.example.org", 5432, ROOT, "s")
ASKED = "Your lecturer sees them under the id ada"


@pytest.fixture
def server(monkeypatch):
    one = FakeServer()
    monkeypatch.setattr(Joined, "connect", lambda _self: one.connect())
    return one


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    keep(folder / "progress.sqlite3", ADA)
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
    assert "your other machines, still have their copies" not in out  # those in the class erase theirs
    assert server.texts == []


def test_a_forget_while_the_server_is_away_is_made_good(run, server, agreed, data):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    server.away = True
    out = run("forget", "blend", "--yes")[1]
    assert "The class server still has what was sent there." in out
    assert "The tutor asks it again when you next open it." in out
    assert "Your other machines in this class erase their copies after that" in out  # as it was said before
    assert "your other machines, still have their copies" not in out
    server.away = False
    for words in (("class", "status"), ("progress",), ("list",)):  # they ask no server
        main([*words, "--data", str(data)])
    assert len(Outbox(data / "progress.sqlite3").wishes()) == 1
    joined(data / "progress.sqlite3").answer(send=False)  # who says no meanwhile has it erased all the same
    assert joined(data / "progress.sqlite3").owes
    end = time.monotonic() + 20
    while server.events:
        assert time.monotonic() < end
        run("practice", "--plain", typed="")
    assert list(Store.open(data / "progress.sqlite3").kept()) == []


def test_what_is_merged_is_sent_as_what_is_answered_is(run, server, agreed, data, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    Store.open(elsewhere / "progress.sqlite3").add(made_of("blend", "[9, 9]"))
    assert main(["backup", str(tmp_path / "backup"), "--data", str(elsewhere)]) == 0
    assert main(["merge", str(tmp_path / "backup"), "--data", str(data)]) == 0
    assert server.texts == ["[9, 9]"]


def test_forget_says_what_it_erases_elsewhere_before_it_does(run, server, agreed, data, monkeypatch):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    asked = []
    monkeypatch.setattr("rnn_tutor.commands.keeping.agreed", lambda question, _options: asked.append(question))
    assert run("forget", "blend")[0] == 1
    assert asked == [
        "Erase one answer of blend for good? The class server erases yours there, those from your other machines too, "
        "and these machines erase their copies when they next reach it. "
        "To erase only here, first leave the class. This cannot be undone."
    ]


def test_who_said_no_is_told_of_no_server(run, server, data, monkeypatch):
    joined(data / "progress.sqlite3").answer(send=False)
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    asked = []
    monkeypatch.setattr("rnn_tutor.commands.keeping.agreed", lambda question, _options: asked.append(question) or True)
    assert run("forget", "blend")[0] == 0
    assert asked == ["Erase one answer of blend for good? This cannot be undone."]
    assert server.commands == 0


def status(data, capsys, *words):
    capsys.readouterr()
    done = main(["class", "status", "--data", str(data), *words])
    out, err = capsys.readouterr()
    assert "secret" not in out and ADA.secret not in out.split()
    return done, " ".join(out.split()), err


def test_status_says_who_and_where_and_that_all_is_sent(run, server, agreed, data, capsys):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    assert status(data, capsys) == (
        0,
        "You are ada in the class lstm, whose server is on db.example.org. Each answer that you check is sent there. "
        "All of them were sent.",
        "",
    )


def test_status_says_what_waits_since_when_and_why(run, server, agreed, data, capsys):
    server.away = True
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    run("answer", "blend", "1", "--part", "h")
    _, out, _ = status(data, capsys)
    first = next(iter(Store.open(data / "progress.sqlite3").kept()))
    assert f"2 answers wait to be sent, the first since {moment(first.at)}, because the class's server cannot be" in out
    assert "reached (refused). The last try was on " in out
    _, out, _ = status(data, capsys, "--json")
    told = json.loads(out)
    assert (told["class"], told["server"], told["learner"]) == ("lstm", "db.example.org", "ada")
    assert (told["agreed"], told["waiting"], told["since"]) == (True, 2, first.at.isoformat())
    assert told["why"] == "the class's server cannot be reached (refused)"
    run("forget", "blend", "--yes")
    assert "The tutor asks it to erase them when you next open it." in status(data, capsys)[1]


def test_status_says_when_what_waits_is_sent(run, server, data, agreed, capsys):
    Store.open(data / "progress.sqlite3").add(made_of("blend", "1"))
    assert "The tutor sends what waits while it is open." in status(data, capsys)[1]


def test_status_says_that_nothing_is_sent(run, server, data, capsys):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    assert "Nothing is sent yet, because you were not asked" in status(data, capsys)[1]
    joined(data / "progress.sqlite3").answer(send=False)
    assert "Nothing is sent, because you said no" in status(data, capsys)[1]


def test_status_of_a_kiosk_host(server, tmp_path, capsys):
    everyone = tmp_path / "kiosk" / "progress.sqlite3"
    keep(everyone, replace(ADA, kind="host", name="lab1", user="lstm@lab1"))
    for learner, send in (("ada", True), ("bob", True), ("eve", False)):
        one = everyone.parent / "learners" / learner / everyone.name
        Store.open(one).add(made_of("blend", "1"))
        joined(one, everyone=everyone, learner=learner).answer(send=send)
    _, out, _ = status(everyone.parent, capsys)
    assert "the kiosk host lab1 of the class lstm" in out
    assert "2 of 3 learners" in out
    assert "2 answers wait to be sent, the first since " in out
    assert "is sent when that learner next sits there." in out
    _, out, _ = status(everyone.parent, capsys, "--json")
    assert [(one["id"], one["waiting"]) for one in json.loads(out)["learners"]] == [("ada", 1), ("bob", 1), ("eve", 1)]


def test_forget_asks_for_what_another_machine_has_sent(run, server, agreed, data):
    """From here nothing went to the server yet: a machine that was joined a moment ago, or one whose memory is lost."""
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    (there,) = server.events.values()
    server.events["0" * 32] = there | {"uid": "0" * 32}
    for memory in data.glob("sent*.sqlite3"):
        memory.unlink()
    assert "The class server has erased what was sent there." in run("forget", "blend", "--yes")[1]
    assert server.events == {}


def test_who_leaves_has_erased_before_what_was_forgotten(run, server, agreed, data, capsys):
    leave = ["class", "leave", "--data", str(data), "--yes"]
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    server.away = True
    run("forget", "blend", "--yes")
    server.away = False
    assert main(leave) == 0
    assert server.events == {}
    assert "still has" not in capsys.readouterr().out


def test_who_leaves_is_told_what_the_server_could_not_be_asked_to_erase(run, server, agreed, data, capsys):
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    server.away = True
    run("forget", "blend", "--yes")
    assert main(["class", "leave", "--data", str(data), "--yes"]) == 0
    assert "The class server still has answers that you erased here." in capsys.readouterr().out


def test_who_joins_again_has_all_sent_again(run, server, agreed, data, tmp_path, monkeypatch):
    """It may be a new server under the same name, or one that was brought back from a backup."""
    run("answer", "blend", "[0.75, 0.125]", "--part", "h")
    server.events.clear()
    write(tmp_path / "ada.class", ADA)
    monkeypatch.setattr("rnn_tutor.commands.classes.command.connected", lambda _one: nullcontext())
    assert main(["class", "join", str(tmp_path / "ada.class"), "--data", str(data), "--yes"]) == 0
    run("answer", "blend", "1", "--part", "h")
    assert server.texts == ["[0.75, 0.125]", "1"]


ASSIGNMENT = "format: 1\nid: week-1\ntitle: A week\nexercises: [blend]\n"


@pytest.fixture
def assignment(tmp_path):
    path = tmp_path / "assignment.yaml"
    path.write_text(ASSIGNMENT, "utf-8")
    return str(path)


def test_who_joined_a_class_has_the_numbers_of_that_id(run, server, agreed, data, assignment):
    status, out, err = run("progress", "--assignment", assignment, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["learner"] == "ada"
    (data / "learner").write_text("adda\n")  # as it was typed before the class was joined
    status, out, _ = run("progress", "--assignment", assignment, "--json", "--learner", "Ada")
    assert (status, json.loads(out)["learner"]) == (0, "ada")


@pytest.mark.parametrize("command", ["progress", "hand-in", "practice"])
def test_nobody_in_a_class_works_under_another_id(run, server, agreed, data, assignment, command):
    status, out, err = run(command, "--assignment", assignment, "--learner", "adda")
    assert (status, out) == (2, "")
    assert "You joined your class as ada: leave --learner out" in err
    assert not (data / "assignments").exists()


def test_the_server_knows_a_learner_by_one_id(data):
    here = joined(data / "progress.sqlite3", learner="adda")
    assert here.server.learner == "ada"
    assert here.server == joined(data / "progress.sqlite3").server  # else `forget` would ask another one to erase
