"""What a class server takes, and how long each waits for it: `python benchmarks/class_server.py`.

A PostgreSQL of its own is started (that of the tests, but with fsync, as a real one has it), with TLS, on this machine.
Server and learners share its cores, so a server alone takes more. Told are:

* `at once`: so many learners, each with the code of a sitting (outbox, connection, batch). All answer at the same time,
  and as fast as they are confirmed. Events a second, and the time from an answer that is saved to its confirmation.
* `a lesson`: the same learners, who answer every so many seconds. The same times.
* `catching up`: one learner who was offline, with thousands of answers.
* `report`: rows of 20,000 learners are made, and a report is read from them: the query alone, then with counting.

The load of the machine by others is told: only on a quiet one is this a measurement. `--quick`: that it runs.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pytest

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import Asked, Terms
from rnn_tutor.progress.database import connection, transaction
from rnn_tutor.progress.events import as_event, written
from rnn_tutor.progress.rows import add_row
from rnn_tutor.progress.server.joined import Joined
from rnn_tutor.progress.server.membership import Membership
from rnn_tutor.progress.server.outbox import Outbox
from rnn_tutor.progress.server.reading import report_of
from rnn_tutor.progress.server.sending import deliver, settle
from rnn_tutor.progress.store import Store
from tests.server.conftest import CLASS, Class, Server

EXERCISES = 40
SETTINGS = """
fsync = on
synchronous_commit = on
full_page_writes = on
log_statement = none
log_connections = off
shared_buffers = '256MB'
"""
_MONDAY = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
_PROCESSES = 4


@dataclass(frozen=True)
class Times:
    """What was measured of many answers: how long each took, and all of them together, in seconds."""

    each: list[float]
    all: float

    def told(self) -> dict[str, float]:
        """Return what is printed."""
        cut = quantiles(self.each, n=100) if len(self.each) > 1 else [self.each[0]] * 99
        return {
            "answers": len(self.each),
            "a second": round(len(self.each) / self.all, 1),
            "p50 ms": round(1000 * median(self.each), 1),
            "p99 ms": round(1000 * cut[98], 1),
            "longest ms": round(1000 * max(self.each), 1),
        }


def attempt(chance: Random, number: int, exercise: int) -> Attempt:
    """Return an answer as learners give them: half of them wrong, most of these with a mistake that has a name."""
    right = chance.random() < 0.5
    numbers = {name: [round(chance.uniform(-1, 1), 2) for _ in range(3)] for name in ("f", "i", "g", "c_prev")}
    return Attempt(
        exercise=f"exercise-{exercise}",
        content_hash=f"{exercise:064x}",
        seed=chance.randrange(2**62),
        givens=json.dumps(numbers),
        part="c",
        text=str([round(chance.uniform(-1, 1), 3) for _ in range(3)]),
        verdict="right" if right else "wrong",
        score=float(right),
        diagnosis="" if right else "mutation",
        hints=chance.randrange(3),
        seconds=chance.uniform(5, 200),
        at=_MONDAY + timedelta(minutes=number, seconds=chance.uniform(0, 50)),
        parts=1,
        rule="" if right or chance.random() < 0.3 else chance.choice(("no_bias", "swap_operands", "sign")),
        uid=f"{chance.getrandbits(128):032x}",
    )


# sending


def learner(folder: str, membership: Membership, answers: int, every: float, begin: float) -> list[tuple[float, float]]:
    """Answer as one learner does, and return when each answer was saved, and when it was confirmed."""
    chance = Random(membership.name)
    progress = Path(folder) / membership.name / "progress.sqlite3"
    store = Store.open(progress)
    joined = Joined(progress, membership)
    outbox = Outbox(progress)
    outbox.begin(joined.server.key)
    if every:
        begin += chance.uniform(0, every)
    time.sleep(max(0.0, begin - time.time()))
    sink = joined.connect()
    settle(outbox, sink)
    took = []
    for number in range(answers):
        time.sleep(max(0.0, begin + number * every - time.time()))
        store.add(attempt(chance, number, chance.randrange(EXERCISES)))
        saved = time.time()
        while not deliver(outbox, sink):
            pass
        took.append((saved, time.time()))
    sink.close()
    return took


def _some(words: tuple[str, list[Membership], int, float, float]) -> list[tuple[float, float]]:
    """Be some of the learners, in a process of their own."""
    folder, members, answers, every, begin = words
    took: list[tuple[float, float]] = []
    failures: list[BaseException] = []

    def one(member: Membership) -> None:
        try:
            took.extend(learner(folder, member, answers, every, begin))
        except BaseException as error:  # noqa: BLE001 - raised below
            failures.append(error)

    threads = [threading.Thread(target=one, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return took


def sent(members: list[Membership], answers: int, every: float) -> Times:
    """Have all of them answer, in some processes, and return what was measured."""
    begin = time.time() + 5 + 0.02 * len(members)
    with tempfile.TemporaryDirectory(prefix="rnn-tutor-class-") as folder:
        shares = [(folder, members[at::_PROCESSES], answers, every, begin) for at in range(_PROCESSES)]
        with get_context("spawn").Pool(_PROCESSES) as pool:
            stamps = [stamp for some in pool.map(_some, shares, 1) for stamp in some]
    first, last = min(saved for saved, _ in stamps), max(kept for _, kept in stamps)
    return Times([kept - saved for saved, kept in stamps], last - first)


def caught_up(member: Membership, count: int) -> dict[str, float]:
    """Send what one learner has answered in a long time offline."""
    chance = Random(count)
    with tempfile.TemporaryDirectory(prefix="rnn-tutor-class-") as folder:
        progress = Path(folder) / "progress.sqlite3"
        Store.open(progress)
        with connection(progress, 2.0) as con, transaction(con):
            for number in range(count):
                add_row(con, attempt(chance, number, chance.randrange(EXERCISES)))
        joined = Joined(progress, member)
        outbox = Outbox(progress)
        outbox.begin(joined.server.key)
        sink = joined.connect()
        began = time.monotonic()
        assert deliver(outbox, sink) == count
        took = time.monotonic() - began
        sink.close()
    return {"answers": count, "seconds": round(took, 2), "a second": round(count / took)}


# the report


def filled(con: Any, learners: int, answers: int) -> None:
    """Make rows of so many learners, as if they had been sent; without the triggers, which count what each sends."""
    chance = Random(learners)
    with con.transaction():
        con.execute("SET LOCAL session_replication_role = replica")
        with con.cursor().copy("COPY rnn_tutor.event (learner, uid, at, body) FROM STDIN") as copy:
            for number in range(learners):
                for place in range(answers):
                    one = attempt(chance, place, (number + place // 3) % EXERCISES)
                    event = as_event(one)
                    copy.write_row((f"g{number:06}", one.uid, one.at, written(event).decode()))
    con.execute("ANALYZE rnn_tutor.event")


def lines(con: Any) -> Iterator[tuple[str, str]]:
    """Give the events of all learners, those of one after the other, in their order; some at a time."""
    with con.transaction(), con.cursor("report") as cursor:
        cursor.itersize = 2_000
        cursor.execute("SELECT learner, body FROM rnn_tutor.told WHERE learner LIKE 'g%' ORDER BY learner, at, uid")
        yield from cursor


def reported(con: Any) -> dict[str, float]:
    """Read the rows for a report, without and with counting."""
    began = time.monotonic()
    rows = sum(1 for _ in lines(con))
    query = time.monotonic() - began
    asked = tuple(Asked(f"exercise-{number}", f"Exercise {number}") for number in range(EXERCISES))
    began = time.monotonic()
    result, odd = report_of(con, Terms("all", asked))
    assert not odd, "rows that are no events"
    (size,) = con.execute("SELECT pg_total_relation_size('rnn_tutor.event')").fetchone()
    return {
        "learners": len(result.learners),
        "rows": rows,
        "MB in the database": round(size / 1e6),
        "query s": round(query, 1),
        "with counting s": round(time.monotonic() - began, 1),
        "PSS MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }


@contextmanager
def server_with_fsync() -> Iterator[Class]:
    """Start a server that keeps what it confirms, also when the machine loses power."""
    server = Server()
    try:
        server.stop()
        settings = (server.data / "postgresql.auto.conf").read_text("utf-8")
        server.write("postgresql.auto.conf", settings + SETTINGS)
        server.start()
        yield Class(server)
    finally:
        server.close()


def main() -> None:
    """Measure, and print a line of JSON for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="that it runs")
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--answers", type=int, default=20, help="of each, at once")
    parser.add_argument("--every", type=float, default=10.0, help="seconds from answer to answer, in a lesson")
    parser.add_argument("--offline", type=int, default=10_000, help="answers to catch up with")
    parser.add_argument("--of-report", type=int, default=20_000, help="learners whose rows a report is read from")
    parser.add_argument("--json", type=Path, help="write all of it into this file too")
    options = parser.parse_args()
    try:
        measure(options)
    except pytest.skip.Exception as missing:  # of the tests, whose server it is
        sys.stdout.write(f"Nothing is measured: {missing}\n")
        sys.exit(0 if options.quick else 1)


def measure(options: argparse.Namespace) -> None:
    """Do so with a server of our own."""
    if options.quick:
        options.learners, options.answers, options.every, options.offline, options.of_report = 6, 3, 0.5, 300, 60
    found: dict[str, object] = {"load before": os.getloadavg()[0], "cores": os.cpu_count()}
    with server_with_fsync() as of_class:
        members = [of_class.member(f"l{number:04}") for number in range(options.learners)]
        found["at once"] = sent(members, options.answers, 0.0).told()
        _tell("at once", found)
        found["a lesson"] = sent(members, max(2, options.answers // 4), options.every).told()
        _tell("a lesson", found)
        found["catching up"] = caught_up(of_class.member("offline"), options.offline)
        _tell("catching up", found)
        administrator = replace(of_class.server.administrator(), class_name=CLASS)
        with of_class.by(administrator) as con:
            filled(con, options.of_report, 20)
        with of_class.by(of_class.lecturer) as con:
            found["report"] = reported(con)
        _tell("report", found)
    found["load after"] = os.getloadavg()[0]
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def _tell(part: str, found: dict[str, object]) -> None:
    sys.stdout.write(f"{part}: {json.dumps(found[part])}; load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
