"""What learners answer gets to a real server: over TLS, once, in order, whoever is killed in between."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.erasing import erase
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.server import roles
from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.joined import Joined, joined
from rnn_tutor.progress.server.membership import keep
from rnn_tutor.progress.server.outbox import Outbox
from rnn_tutor.progress.server.sending import deliver, settle
from rnn_tutor.progress.store import Store

pytest.importorskip("psycopg")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]
PROGRAM = "import sys; from rnn_tutor.cli import main; sys.exit(main())"


def made(**given):
    """Return an answer to lstm-cell, but for what is given."""
    usual = {
        "exercise": "lstm-cell", "content_hash": "0" * 64, "seed": None, "givens": '{"f": [0.9, 0.2]}', "part": "c",
        "text": "[0.95, 0]", "verdict": "right", "score": 1.0, "diagnosis": "", "hints": 0, "seconds": 12.5,
        "at": datetime.now(UTC), "parts": 1,
    }  # fmt: skip
    return Attempt(**(usual | given))


@pytest.fixture
def class_of(of_class, tmp_path):
    """Join a learner, or a learner at a kiosk host, on a machine; agreed. Returns what the tutor has of it."""
    members = {}

    def call(name, machine, host=None):
        who = host or name
        if who not in members:
            members[who] = of_class.member(who, "host" if host else "learner")
        path = tmp_path / machine / "progress.sqlite3"
        keep(path, members[who])
        if host is None:
            found = joined(path)
        else:
            found = joined(path.parent / "learners" / name / path.name, everyone=path, learner=name)
        assert found is not None
        assert found.answer(send=True) == ""
        return found

    return call


@pytest.fixture
def answer():
    def call(at: Joined, *texts, **given):
        store = Store.open(at.progress)
        for text in texts:
            store.add(made(text=text, **given))

    return call


def send(at):
    """Send all that waits, as a sitting does."""
    outbox = Outbox(at.progress)
    outbox.begin(at.server.key)
    sink = at.connect()
    try:
        settle(outbox, sink)
        return deliver(outbox, sink)
    finally:
        sink.close()


def texts_of(of_class, learner):
    """What the lecturer reads of a learner, in the order in which it came."""
    query = "SELECT body::json ->> 'text' FROM rnn_tutor.event WHERE learner = %s ORDER BY seq"
    return [text for (text,) in of_class.rows(query, learner)]


def test_sent_once_and_in_order(of_class, class_of, answer, unique):
    at = class_of(unique, "one")
    answer(at, *"abcd")
    assert send(at) == 4
    answer(at, "e")
    assert send(at) == 1
    Outbox(at.progress).mark([])
    next(at.progress.parent.glob("sent*")).unlink()  # as if it had been killed before it was noted
    assert send(at) == 5
    assert texts_of(of_class, unique) == [*"abcde"]


def test_forgotten_here_is_gone_there_and_does_not_come_back(of_class, class_of, answer, unique, tmp_path):
    one, two = class_of(unique, "one"), class_of(unique, "two")
    answer(one, "a", "b", exercise="lstm-cell")
    answer(one, "c", exercise="gru-update")
    (tmp_path / "backup").write_text(written(one.progress))
    merge(two.progress, [read(tmp_path / "backup")])
    answer(two, "d", exercise="lstm-cell")
    send(one)
    send(two)
    assert texts_of(of_class, unique) == [*"abcd"]
    assert one.will_forget("lstm-cell")
    erase(one.progress, "lstm-cell")
    assert one.forget_now() == ""
    assert texts_of(of_class, unique) == ["c"]
    answer(two, "e", exercise="gru-update")
    send(two)
    assert texts_of(of_class, unique) == ["c", "e"]
    assert [attempt.text for attempt in Store.open(two.progress).kept()] == ["c", "e"]


def test_a_kiosk_host_adds_for_a_learner_and_no_more(of_class, class_of, answer, unique):
    at = class_of(unique, "lab", host=f"{unique}-host")
    answer(at, "a")
    assert send(at) == 1
    assert send(at) == 0
    assert not at.will_forget("")
    query = "SELECT learner, vouched_by FROM rnn_tutor.event WHERE learner = %s"
    assert of_class.rows(query, unique) == [(unique, f"{unique}-host")]


def test_what_the_table_does_not_take_holds_nothing_up(of_class, class_of, answer, unique):
    at = class_of(unique, "one")
    answer(at, "a")
    answer(at, "large", givens='"' + "g" * 2_000_000 + '"')
    answer(at, "b")
    send(at)
    assert texts_of(of_class, unique) == ["a", "b"]
    assert (
        at.state() == "All answers are sent to the class server. 1 answer stays here: the server takes none that large."
    )


def test_a_server_that_is_away_is_told_in_a_few_words(of_class, class_of, answer, unique):
    at = class_of(unique, "one")
    at = Joined(at.progress, replace(at._membership, port=1))
    at.answer(send=True)
    answer(at, "a", "b", "c")
    at.sender().send_now(30)
    assert at.state().startswith("3 answers not sent yet: the class's server")
    assert at.failed_just_now()


def test_one_who_was_offline_for_a_while(of_class, class_of, answer, unique, server):
    at = class_of(unique, "one")
    answer(at, "a")
    send(at)
    server.stop()
    try:
        answer(at, "b", "c")
        with pytest.raises(ClassError):
            send(at)
    finally:
        server.start()
    assert texts_of(of_class, unique) == ["a"]
    answer(at, "d")
    assert send(at) == 3
    assert texts_of(of_class, unique) == [*"abcd"]


@pytest.mark.parametrize("host", [None, "lost-lab"])
def test_what_the_server_has_lost_comes_again_by_itself(of_class, class_of, answer, unique, server, host):
    """As after a restore from a backup of before: the learner, or the kiosk, just goes on."""
    at = class_of(unique, "one", host=host)
    answer(at, *"abcd")
    assert send(at) == 4
    with of_class.by(server.administrator("lstm")) as admin:
        lost = "DELETE FROM rnn_tutor.event WHERE learner = %s AND body::json ->> 'text' IN ('c', 'd')"
        assert admin.execute(lost, (unique,)).rowcount == 2
    answer(at, "e")
    assert send(at) == 3
    assert texts_of(of_class, unique) == [*"abcde"]


def test_what_was_forgotten_after_the_backup_is_forgotten_again(of_class, class_of, answer, unique, server):
    at = class_of(unique, "one")
    answer(at, "a", exercise="gru-update")
    answer(at, "b")
    send(at)
    kept = of_class.rows("SELECT uid, at, body FROM rnn_tutor.event WHERE learner = %s", unique)
    at.will_forget("gru-update")
    erase(at.progress, "gru-update")
    assert at.forget_now() == ""
    with of_class.by(server.administrator("lstm")) as admin:
        admin.execute("DELETE FROM rnn_tutor.forgotten WHERE learner = %s", (unique,))
        for row in kept:
            back = "INSERT INTO rnn_tutor.event (learner, uid, at, body) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
            admin.execute(back, (unique, *row))
    assert sorted(texts_of(of_class, unique)) == ["a", "b"]
    assert send(at) == 0
    assert texts_of(of_class, unique) == ["b"]


def test_what_the_lecturer_has_erased_comes_from_nowhere_again_and_stays_with_the_learner(
    of_class, class_of, answer, unique
):
    at, kiosk = class_of(unique, "one"), class_of(unique, "lab", host=f"{unique}h")
    answer(at, "a")
    answer(kiosk, "b")
    send(at)
    send(kiosk)
    with of_class.by(of_class.lecturer) as lecturer:
        assert roles.remove(lecturer, "lstm", "learner", unique, erase=True) == 2
    of_class.member(unique)
    answer(at, "c")
    answer(kiosk, "d")
    send(at)
    send(kiosk)
    assert sorted(texts_of(of_class, unique)) == ["c", "d"]
    assert [attempt.text for attempt in Store.open(at.progress).kept()] == ["a", "c"]
    assert [attempt.text for attempt in Store.open(kiosk.progress).kept()] == ["b", "d"]


def test_nobody_learns_of_others_what_the_server_has(of_class, class_of, answer, unique):
    at, other = class_of(unique, "one"), class_of(f"{unique}o", "two")
    answer(at, "a")
    send(at)
    (uid,) = (attempt.uid for attempt in Store.open(at.progress).kept())
    for asks, lost in ((at, set()), (other, {uid})):
        sink = asks.connect()
        try:
            assert sink.lost([uid]) == lost
            sink._learner = unique  # a client of its own names whom it likes
            assert sink.lost([uid]) == lost
        finally:
            sink.close()


def kill_server(server):
    """Kill the server as a crash would, and start it again."""
    os.kill(server.pid(), signal.SIGKILL)
    for _ in range(100):
        with suppress(AssertionError):
            server.start()
            return
        time.sleep(0.1)
    raise AssertionError("the server does not start again")


class Plain:
    """The tutor, line by line, at an exercise; it sends while one answers."""

    def __init__(self, at):
        words = (sys.executable, "-c", PROGRAM, "practice", "lstm-cell", "--plain", "--data", str(at.progress.parent))
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def answer(self, text):
        """Answer, and return when the verdict was printed."""
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()
        while line := self.process.stdout.readline():
            if b"Not yet." in line:
                return
        raise AssertionError("the tutor has ended")

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.mark.long
def test_server_and_tutors_are_killed_again_and_again(of_class, class_of, unique, server):
    """Two machines of one learner: each answer whose verdict was shown is there once, and those of each in order."""
    chance = random.Random(9)  # noqa: S311
    machines = [class_of(unique, "one"), class_of(unique, "two")]
    answered = [[], []]
    for number in range(5):
        tutors = [Plain(at) for at in machines]
        for turn in range(3):
            for machine, tutor in enumerate(tutors):
                text = f"[0.{number}{turn}{machine}, 7]"
                tutor.answer(text)
                answered[machine].append(text)
                time.sleep(chance.uniform(0, 0.6))
            if chance.random() < 0.3:
                kill_server(server)
        for tutor in tutors:
            tutor.kill()
    for at in machines:
        send(at)
    found = texts_of(of_class, unique)
    assert sorted(found) == sorted(answered[0] + answered[1])
    for texts in answered:
        assert [text for text in found if text in texts] == texts


@pytest.mark.long
def test_two_hundred_learners_at_once(of_class, class_of, unique):
    """Each with the sender of a sitting; all begin in the same second, and answer while they send."""
    ats = [class_of(f"{unique}-{number}", f"m{number}") for number in range(200)]
    trouble = []
    senders = []
    for at in ats:
        store = Store.open(at.progress)
        store.add(made(text="a"))
        senders.append(at.sender(failed=trouble.append))
    for sender in senders:
        sender.begin()
    for at, sender in zip(ats, senders, strict=True):
        Store.open(at.progress).add(made(text="b"))
        sender.poke()
    end = time.monotonic() + 300
    query = "SELECT count(*) FROM rnn_tutor.event WHERE learner LIKE %s"
    while of_class.rows(query, f"{unique}-%") != [(400,)]:
        assert time.monotonic() < end, [at.state() for at in ats]
        time.sleep(1)
    for sender in senders:
        sender.stop()
    assert trouble == []
    for at in ats:
        assert texts_of(of_class, at.server.learner) == ["a", "b"]
    while any(Outbox(at.progress).count() for at in ats):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert not any(thread.name == "rnn-tutor-sending" and not thread.daemon for thread in threading.enumerate())


def test_a_line_that_goes_silent_is_given_up(class_of, unique):
    """Else a sender would wait for a quarter of an hour: as long as the kernel sends again."""
    sink = class_of(unique, "one").connect()
    try:
        found = sink._con.info.get_parameters()
    finally:
        sink.close()
    assert int(found["tcp_user_timeout"]) <= 30_000
    assert int(found["keepalives_idle"]) + int(found["keepalives_interval"]) * int(found["keepalives_count"]) <= 30


def test_a_server_that_hangs_holds_up_neither_a_verdict_nor_leaving(class_of, unique, server):
    """It is stopped: it takes connections, and says nothing."""
    at = class_of(unique, "one")
    os.kill(server.pid(), signal.SIGSTOP)
    try:
        tutor = Plain(at)
        tutor.answer("[0.25, 7]")
        began = time.monotonic()
        tutor.process.communicate(timeout=60)  # the end of the input
        assert tutor.process.returncode == 0
        assert time.monotonic() - began < 8  # a connection is given up after ten
    finally:
        os.kill(server.pid(), signal.SIGCONT)
    assert send(at) == 1
