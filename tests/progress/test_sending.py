"""Each answer gets to the class server once, in its order, whatever happens to the server or to the tutor."""

import os
import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress import erasing
from rnn_tutor.progress.attempt import DRAFT, NOTE, RATED, RESET
from rnn_tutor.progress.backup import read, written
from rnn_tutor.progress.clock import passed_in
from rnn_tutor.progress.erasing import erase
from rnn_tutor.progress.merging import merge
from rnn_tutor.progress.server import outbox as outboxes
from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.outbox import Outbox, sent_file
from rnn_tutor.progress.server.sending import Sender, deliver, settle
from rnn_tutor.progress.store import Store

from .fake_server import FakeServer, FakeSink

SERVER = "lstm@db.example.org:5432/lstm.ada/ada"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "progress.sqlite3"


@pytest.fixture
def server():
    return FakeServer()


@pytest.fixture
def add(made):
    def call(path, *texts, hours=0.0, **given):
        store = Store.open(path)
        for text in texts:
            store.add(made(text=text, hours=hours, **given))

    return call


def send(path, server):
    """Send all that waits, as one sitting does."""
    outbox = Outbox(path)
    outbox.begin(SERVER)
    sink = server.connect()
    settle(outbox, sink)
    return deliver(outbox, sink)


def send_until_done(path, server):
    """Send, again after each failure."""
    while True:
        try:
            return send(path, server)
        except ClassError:
            continue


def test_all_are_sent_in_their_order_and_never_again(path, server, add, monkeypatch):
    monkeypatch.setattr(outboxes, "MOST_EVENTS", 7)
    add(path, *map(str, range(30)))
    assert send(path, server) == 30
    assert server.texts == [str(number) for number in range(30)]
    add(path, "one more")
    assert send(path, server) == 1
    assert server.texts[-1] == "one more"
    assert len(server.sent) == len(set(server.sent)) == 31
    assert Outbox(path).count() == 0


def test_what_is_no_answer_stays_here(path, server, add):
    for verdict in (DRAFT, NOTE, RATED, RESET):
        add(path, "mine", verdict=verdict, part="" if verdict == NOTE else "c")
    add(path, "a + 1", scratch="a = 2\nsecret = 3")
    assert send(path, server) == 1
    (event,) = server.events.values()
    assert event["text"] == "a + 1"
    assert event["scratch"] == "a = 2"


@pytest.mark.parametrize("fault", ["connect", "send", "reply", "erased", "full", "restart"])
def test_what_goes_wrong_loses_and_doubles_nothing(path, server, add, fault, monkeypatch):
    monkeypatch.setattr(outboxes, "MOST_EVENTS", 4)
    add(path, *map(str, range(9)))
    for before in range(4):
        server.faults = [""] * before + [fault]
        send_until_done(path, server)
        add(path, f"after {before}")
    server.faults = []
    send_until_done(path, server)
    assert server.texts == [*map(str, range(9)), *(f"after {before}" for before in range(4))]


def test_a_reply_that_is_lost_has_the_batch_sent_again(path, server, add):
    """The case that a server without keys would count twice."""
    add(path, "a", "b")
    server.faults = ["", "", "reply"]
    with pytest.raises(ClassError):
        send(path, server)
    assert server.texts == ["a", "b"]
    assert Outbox(path).count() == 2
    assert send(path, server) == 2
    assert server.texts == ["a", "b"]
    assert len(server.sent) == 4


def test_whatever_is_cut_off_wherever(path, server, add, monkeypatch):
    """Kills and faults at every point, in an order drawn by chance: nothing is lost, doubled or out of order."""

    class Killed(BaseException):
        pass

    chance = random.Random(18)  # noqa: S311
    mark = Outbox.mark

    def mark_or_die(self, uids, how=outboxes.KEPT):
        uids = list(uids)
        if chance.random() < 0.3:
            raise Killed
        mark(self, uids, how)
        if chance.random() < 0.1:
            raise Killed

    monkeypatch.setattr(Outbox, "mark", mark_or_die)
    monkeypatch.setattr(outboxes, "MOST_EVENTS", 4)
    expected = []
    for number in range(30):
        texts = [f"{number}.{place}" for place in range(chance.randrange(4))]
        add(path, *texts)
        expected += texts
        server.faults = [chance.choice(("", "", "connect", "send", "reply", "erased", "restart")) for _ in range(5)]
        try:
            send(path, server)
        except (ClassError, Killed):
            continue
    monkeypatch.undo()
    server.faults = []
    send(path, server)
    assert server.texts == expected


def test_hosts_assignments_and_merged_files_send_each_once(tmp_path, server, add):
    one, two = (tmp_path / "data" / f"progress-at-{host}.sqlite3" for host in ("one", "two"))
    work = tmp_path / "data" / "assignments" / "week-3" / "ada" / one.name
    elsewhere = tmp_path / "elsewhere" / "progress.sqlite3"
    add(one, "a", hours=0)
    add(two, "b", hours=1)
    add(work, "c", hours=2)
    add(elsewhere, "d", hours=3)
    merge(one, [read(two), read(elsewhere)])  # b stands in two files now
    assert send(one, server) == 4
    assert server.texts == ["a", "b", "c", "d"]
    assert send(two, server) == 0
    add(two, "e", hours=4)
    assert [Outbox(file).count() for file in (one, two)] == [1, 1]
    assert send(two, server) == 1
    assert Outbox(one).count() == 0  # the other machine says that it has sent it
    assert len(server.sent) == len(set(server.sent)) == 5


def test_two_tutors_at_once(path, server, add):
    add(path, *map(str, range(10)))
    threads = [threading.Thread(target=send, args=(path, server)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(server.texts, key=int) == [str(number) for number in range(10)]
    assert Outbox(path).count() == 0


def test_batches_have_bounds(path, server, add, monkeypatch):
    monkeypatch.setattr(outboxes, "MOST_BYTES", 10_000)
    add(path, "small", "x" * 8_000, "y" * 8_000, "last")
    outbox = Outbox(path)
    sizes = []
    while events := outbox.batch():
        sizes.append(len(events))
        outbox.mark([event["uid"] for event in events])
    assert sizes == [2, 2]
    add(path, "z", givens='"' + "g" * 50_000 + '"')
    assert len(outbox.batch()) == 1


def test_what_the_server_never_takes_holds_nothing_up(path, server, add):
    add(path, "a", "too large", "b")
    server.never = {"too large"}
    send(path, server)
    assert server.texts == ["a", "b"]
    outbox = Outbox(path)
    assert (outbox.count(), outbox.refused()) == (0, 1)
    sent = len(server.sent)
    assert send(path, server) == 0
    assert len(server.sent) == sent


def test_a_row_that_is_no_event_holds_nothing_up(path, server, add):
    add(path, "a", "b")
    import sqlite3

    with sqlite3.connect(path) as con:
        con.execute("DROP TRIGGER attempt_stays")
        con.execute("UPDATE attempt SET seed = -1 WHERE text = 'a'")
    assert send(path, server) == 1
    assert server.texts == ["b"]


@pytest.mark.parametrize("damage", [b"", b"nothing that SQLite knows" * 100, None])
def test_a_memory_that_is_lost_or_damaged_is_only_a_memory(path, server, add, damage):
    add(path, "a", "b")
    send(path, server)
    memory = sent_file(path)
    assert memory.stat().st_mode & 0o077 == 0
    if damage is None:
        memory.unlink()
    else:
        memory.write_bytes(damage)
    add(path, "c")
    assert send(path, server) == 3
    assert server.texts == ["a", "b", "c"]


def test_another_class_gets_all(path, server, add):
    add(path, "a")
    send(path, server)
    outbox = Outbox(path)
    outbox.begin("another")
    assert outbox.count() == 1
    outbox.begin("another")
    outbox.mark([event["uid"] for event in outbox.batch()])
    assert outbox.count() == 0


# forgetting


def test_what_is_forgotten_is_erased_there_and_never_sent(path, server, add):
    add(path, "sent", exercise="lstm-cell")
    send(path, server)
    add(path, "not sent", exercise="lstm-cell")
    add(path, "other", exercise="gru-update")
    erase(path, "lstm-cell")
    send(path, server)
    assert server.texts == ["other"]
    assert len(server.gone) == 2
    commands = server.commands
    send(path, server)  # nothing is asked for twice
    assert server.commands == commands + 3  # connect, what was erased, what was lost


def test_what_was_forgotten_does_not_come_back_from_another_host(tmp_path, server, add):
    """Two machines with folders of their own, and a copy of the answers on both."""
    one, two = (tmp_path / host / "progress.sqlite3" for host in ("one", "two"))
    add(one, "a", "b", exercise="lstm-cell")
    (tmp_path / "backup").write_text(written(one))
    merge(two, [read(tmp_path / "backup")])
    send(one, server)
    erase(one, "lstm-cell")
    send(one, server)
    assert server.texts == []
    add(two, "c", exercise="gru-update")
    send(two, server)
    assert server.texts == ["c"]
    assert [attempt.text for attempt in Store.open(two).kept()] == ["c"]  # erased there too


def test_what_is_erased_here_while_the_server_is_asked_is_told_to_it_too(path, server, add, monkeypatch):
    """By a command beside the tutor; else another host's copy of it would come back."""
    add(path, "a", exercise="lstm-cell")
    add(path, "b", exercise="gru-update")
    (elsewhere,) = (attempt.uid for attempt in Store.open(path).kept() if attempt.text == "a")
    server.gone.add(elsewhere)
    by_uid = erasing.erase_by_uid

    def meanwhile(path, gone):
        erase(path, "gru-update")
        return by_uid(path, gone)

    monkeypatch.setattr(erasing, "erase_by_uid", meanwhile)
    settle(Outbox(path), server.connect())
    settle(Outbox(path), server.connect())
    assert len(server.gone) == 2


def test_an_exercise_is_erased_as_a_whole_whoever_has_sent_it(tmp_path, server, add):
    """A wish is kept until it is granted, and reaches what only the other machine has."""
    one, two = (tmp_path / host / "progress.sqlite3" for host in ("one", "two"))
    add(one, "a", exercise="lstm-cell")
    add(two, "b", exercise="lstm-cell")
    add(two, "c", exercise="gru-update")
    send(one, server)
    send(two, server)
    Outbox(one).wish("lstm-cell")
    erase(one, "lstm-cell")
    server.away = True
    with pytest.raises(ClassError):
        send(one, server)
    server.away = False
    assert len(Outbox(one).wishes()) == 1
    send(one, server)
    assert Outbox(one).wishes() == []
    assert server.texts == ["c"]
    send(two, server)
    assert [attempt.text for attempt in Store.open(two).kept()] == ["c"]


def test_what_is_answered_after_the_wish_stays(path, server, add, made):
    add(path, "before", exercise="lstm-cell")
    send(path, server)
    Outbox(path).wish("lstm-cell")
    erase(path, "lstm-cell")
    Store.open(path).add(made(text="after", at=datetime.now(UTC) + timedelta(seconds=5)))
    send(path, server)
    assert server.texts == ["after"]


@pytest.mark.parametrize("wrong", [timedelta(days=-10), timedelta(days=10)])
def test_the_server_s_clock_decides_what_was_there_when_it_was_asked(tmp_path, server, add, wrong):
    """However wrong the clock of the learner's machine is, and whatever another machine sends before it is granted."""
    one, two = (tmp_path / host / "progress.sqlite3" for host in ("one", "two"))
    passed = timedelta()

    def pass_an_hour():
        nonlocal passed
        passed += timedelta(hours=1)
        server.ahead = passed

    with passed_in(lambda: datetime.now(UTC) + wrong + passed):
        add(one, "a", exercise="lstm-cell")
        add(two, "b", exercise="lstm-cell")
        send(one, server)
        send(two, server)
        pass_an_hour()
        Outbox(one).wish("lstm-cell")  # and the server cannot be reached from there
        erase(one, "lstm-cell")
        pass_an_hour()
        add(two, "c", exercise="lstm-cell")
        send(two, server)
        pass_an_hour()
        send(one, server)
        assert server.texts == ["c"]
        send(two, server)
    assert [attempt.text for attempt in Store.open(two).kept()] == ["c"]


# a server that was brought back from a backup


def backed_up(server):
    return dict(server.events), set(server.gone)


def restored(server, backup):
    server.events, server.gone = dict(backup[0]), set(backup[1])


def test_what_a_restored_server_has_lost_is_sent_again(path, server, add):
    add(path, "a", "b")
    send(path, server)
    backup = backed_up(server)
    add(path, "c", "d")
    send(path, server)
    restored(server, backup)
    assert Outbox(path).count() == 0  # as far as is known here
    assert send(path, server) == 2
    assert server.texts == [*"abcd"]
    assert len(server.sent) == 6
    assert send(path, server) == 0
    restored(server, ({}, set()))
    add(path, "e")
    assert send(path, server) == 5
    assert server.texts == [*"abcde"]


def test_it_is_sent_again_in_a_sitting_that_goes_on_too(path, server, add):
    outbox = Outbox(path)
    outbox.begin(SERVER)
    for text in "ab":
        add(path, text)
        settle(outbox, server.connect())
        deliver(outbox, server.connect())
    restored(server, ({}, set()))
    settle(outbox, server.connect())
    assert deliver(outbox, server.connect()) == 2
    assert server.texts == ["a", "b"]


def test_what_another_machine_has_sent_is_sent_again_from_here(tmp_path, server, add):
    """On a folder that they share: the other one may not be sat at any more."""
    one, two = (tmp_path / "data" / f"progress-at-{host}.sqlite3" for host in ("one", "two"))
    add(one, "a")
    send(one, server)
    add(two, "b", hours=1)
    send(two, server)
    restored(server, ({}, set()))
    memory = sent_file(one).read_bytes()
    send(two, server)
    assert sorted(server.texts) == ["a", "b"]
    assert sent_file(one).read_bytes() == memory  # it is the other machine's
    assert send(one, server) == 0
    assert len(server.events) == 2


def test_what_was_forgotten_is_not_there_again_after_a_restore(path, server, add):
    add(path, "a", exercise="lstm-cell")
    add(path, "b", exercise="gru-update")
    send(path, server)
    backup = backed_up(server)
    erase(path, "lstm-cell")
    send(path, server)
    restored(server, backup)
    send(path, server)
    assert server.texts == ["b"]


def test_a_server_that_has_lost_nothing_is_asked_for_one_answer_alone(path, server, add, monkeypatch):
    add(path, *map(str, range(9)))
    send(path, server)
    asked = []
    monkeypatch.setattr(FakeSink, "lost", lambda _self, uids: asked.append(list(uids)) or set())
    send(path, server)
    (last,) = [event["uid"] for event in server.events.values() if event["text"] == "8"]
    assert asked == [[last]]


# merging


def test_what_is_merged_goes_out_in_a_sitting_that_goes_on(tmp_path, path, server, add):
    outbox = Outbox(path)
    outbox.begin(SERVER)
    add(path, "b", hours=2)
    deliver(outbox, server.connect())
    elsewhere = tmp_path / "elsewhere" / "progress.sqlite3"
    add(elsewhere, "a", hours=1)
    merge(path, [read(elsewhere)])
    assert deliver(outbox, server.connect()) == 1
    assert server.texts == ["b", "a"]
    assert deliver(outbox, server.connect()) == 0


def test_another_machine_s_file_is_left_to_it_while_it_is_in_use(tmp_path, add, monkeypatch):
    one, two = (tmp_path / f"progress-at-{host}.sqlite3" for host in ("one", "two"))
    add(one, "a")
    add(two, "b")
    uids = {attempt.uid for attempt in Store.open(one).kept()}
    before = two.read_bytes()
    assert erasing.erase_by_uid(one, uids) == 1
    assert two.read_bytes() == before
    monkeypatch.setattr(erasing, "REST", -1.0)
    os.utime(two, (0, 0))
    assert erasing.erase_by_uid(one, uids) == 1


# in the background


@pytest.fixture
def sender(path, server, monkeypatch):
    from rnn_tutor.progress.server import sending

    monkeypatch.setattr(sending, "_TOGETHER", 0.01)
    monkeypatch.setattr(sending, "_FIRST_WAIT", 0.01)
    made = []

    def make(**options):
        one = Sender(path, SERVER, server.connect, **options)
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()


def until(what):
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.005)


def test_the_sender_sends_what_is_left_and_what_is_saved(path, server, add, sender):
    add(path, "a")
    one = sender()
    one.begin()
    until(lambda: server.texts == ["a"])
    add(path, "b")
    one.poke()
    until(lambda: server.texts == ["a", "b"])


def test_the_sender_goes_on_when_the_server_is_there_again(path, server, add, sender):
    add(path, "a")
    server.away = True
    one = sender()
    one.begin()
    until(lambda: Outbox(path).trouble)
    assert Outbox(path).trouble == "the class's server cannot be reached (refused)"
    add(path, "b")
    one.poke()
    server.away = False
    until(lambda: server.texts == ["a", "b"])
    until(lambda: not Outbox(path).trouble)


def test_nobody_waits_for_a_server_that_hangs(path, server, add, sender):
    add(path, "a")
    server.slow = 30.0
    one = sender()
    began = time.monotonic()
    one.begin()
    add(path, "b")
    one.poke()
    one.stop()
    assert time.monotonic() - began < 5


def test_a_command_waits_for_a_moment_only(path, server, add, sender):
    add(path, "a")
    server.slow = 30.0
    began = time.monotonic()
    sender().send_now(0.1)
    assert time.monotonic() - began < 5
    assert server.texts == []


def test_who_has_left_meanwhile_is_no_more_connected_and_nothing_is_remembered(path, server, add, sender, monkeypatch):
    sinks, connect = [], server.connect
    monkeypatch.setattr(server, "connect", lambda: sinks.append(connect()) or sinks[-1])
    agreed = True
    one = sender(agreed=lambda: agreed)
    add(path, "a")
    one.begin()
    until(lambda: server.texts == ["a"] and Outbox(path).count() == 0)
    agreed = False
    sent_file(path).unlink()
    one.poke()
    until(lambda: sinks[0].closed)
    add(path, "b")
    one.poke()
    until(lambda: not one._work.is_set())
    time.sleep(0.05)
    assert len(sinks) == 1
    assert not sent_file(path).exists()


def test_who_says_no_while_a_batch_is_read_has_nothing_more_sent(path, server, add, monkeypatch):
    add(path, "a")
    agreed, batch = True, Outbox.batch

    def read_and_say_no(self):
        nonlocal agreed
        events = batch(self)
        agreed = False
        return events

    monkeypatch.setattr(Outbox, "batch", read_and_say_no)
    deliver(Outbox(path), server.connect(), go_on=lambda: agreed)
    assert server.texts == []


def test_who_says_no_meanwhile_has_nothing_more_sent(path, server, add, sender):
    agreed = True
    one = sender(agreed=lambda: agreed)
    add(path, "a")
    one.begin()
    until(lambda: server.texts == ["a"])
    agreed = False
    add(path, "b")
    one.poke()
    time.sleep(0.2)
    assert server.texts == ["a"]


def test_what_is_typed_and_not_checked_wakes_nobody(path, server, add, sender, monkeypatch):
    from rnn_tutor.progress.server import sending

    monkeypatch.setattr(sending, "_IDLE", 0.01)
    add(path, "a")
    one = sender()
    one.begin()
    until(lambda: server.texts == ["a"])
    time.sleep(0.1)
    commands = server.commands
    add(path, "half", verdict=DRAFT)
    one.poke()
    time.sleep(0.2)
    assert server.commands == commands


def test_a_mistake_of_the_program_is_told_and_ends_nothing_else(path, server, add, sender, monkeypatch):
    told = []
    monkeypatch.setattr(Outbox, "batch", lambda self: 1 / 0)
    one = sender(failed=told.append)
    one.begin()
    until(lambda: told)
    assert isinstance(told[0], ZeroDivisionError)
