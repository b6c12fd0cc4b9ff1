"""What the lecturer reads of a class: all of it, what is new of it, and a screen that follows it."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import Asked, Terms
from rnn_tutor.progress.events import as_event
from rnn_tutor.progress.server.reading import Following, answers, learners, report_of

pytestmark = pytest.mark.xdist_group("postgres")
BEGAN = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
TERMS = Terms("Course", (Asked("lstm-cell", "LSTM"), Asked("gru-cell", "GRU")), names={"sign": "a wrong sign"})
SENT = "INSERT INTO rnn_tutor.event (uid, at, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
VOUCHED = "INSERT INTO rnn_tutor.event (learner, uid, at, body) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
FORGOTTEN = "INSERT INTO rnn_tutor.forgotten (uid) VALUES (%s) ON CONFLICT DO NOTHING"


def answer(part="c", verdict="wrong", *, minutes=0, exercise="lstm-cell", uid=None):
    return Attempt(
        exercise=exercise, content_hash="", seed=None, givens="{}", part=part, text="1", verdict=verdict, score=0.0,
        diagnosis="mutation" if verdict == "wrong" else "", hints=0, seconds=60.0,
        at=BEGAN + timedelta(minutes=minutes), parts=2, rule="sign" if verdict == "wrong" else "",
        uid=uid or uuid4().hex,
    )  # fmt: skip


def send(con, *attempts):
    for one in attempts:
        con.execute(SENT, (one.uid, one.at, json.dumps(as_event(one))))


def mine(report, learner):
    return next((one for one in report.learners if one.id == learner), None)


@pytest.fixture
def member(of_class, unique):
    """Return a learner who nobody else is, with a way to send."""
    return of_class.member(unique)


def test_a_report_counts_what_was_sent_and_names_who_sent_what_is_no_event(of_class, member, unique):
    host = of_class.member(f"{unique}h", "host")
    twice, other = answer(minutes=1), answer(minutes=2)
    with of_class.by(member) as con:
        send(con, answer("c", "right", minutes=3), twice)
        for body in ("", "[1]", "{}", json.dumps(as_event(other)), '"\\u0000"', "[" * 5000):
            con.execute(SENT, (uuid4().hex, BEGAN, body))
        con.execute(SENT, (other.uid, BEGAN, json.dumps(as_event(other))))  # another time than the row's
    with of_class.by(host) as con:
        con.execute(VOUCHED, (unique, twice.uid, twice.at, json.dumps(as_event(twice))))
    with of_class.by(of_class.lecturer) as con:
        report, odd = report_of(con, TERMS)
        assert unique in learners(con)
    cell = mine(report, unique).cells["lstm-cell"]
    assert (cell.state, cell.right, cell.tries, cell.mistakes[0][1]) == ("begun", 1, 2, 1)
    assert odd[unique] == 7


def test_answers_come_in_the_order_in_which_they_were_given_and_a_few_at_a_time(of_class, member, unique):
    with of_class.by(member) as con:
        send(con, *(answer(minutes=minutes) for minutes in (5, 3, 4, 1)))
    with of_class.by(of_class.lecturer) as con:
        assert [row.at.minute for row in answers(con, unique)] == [1, 3, 4, 5]
        asked = Counter(row.learner for row in answers(con))
    assert asked[unique] == 4


class Followed:
    """A report that goes on, compared each time with one that is made anew."""

    def __init__(self, con, learner):
        self._con, self._learner = con, learner
        self.following = Following(con, TERMS)

    def news(self):
        """Return what is new of the learner; the report has to be what it is when all is read."""
        report = self.following.report()
        assert report is None or report == report_of(self._con, TERMS)[0]
        return report and mine(report, self._learner)


@pytest.fixture
def followed(of_class, member, unique):
    with of_class.by(of_class.lecturer) as con:
        one = Followed(con, unique)
        assert one.news() is not None
        yield one


def test_only_what_is_new_is_told(of_class, member, followed):
    assert followed.news() is None
    assert followed.following.wait(0.05) is False
    with of_class.by(member) as con:
        send(con, answer("c", "right"))
        assert followed.following.wait(5) is True
        assert followed.news().cells["lstm-cell"].right == 1
        assert followed.news() is None
        send(con, *(answer("h", minutes=minutes) for minutes in (2, 3, 4, 5)))
    assert followed.news().cells["lstm-cell"].state == "stuck"


def test_what_comes_late_is_put_where_it_belongs(of_class, member, followed):
    with of_class.by(member) as con:
        send(con, *(answer(minutes=minutes) for minutes in (10, 11, 12, 13)))
        assert followed.news().cells["lstm-cell"].state == "stuck"
        send(con, answer("c", "right", minutes=20), answer("c", minutes=5))  # of another host, which was offline
    cell = followed.news().cells["lstm-cell"]
    assert (cell.state, cell.tries) == ("begun", 6)


def test_a_row_that_becomes_visible_after_a_later_one_is_not_missed(of_class, member, followed):
    other = of_class.member(f"{member.name}o")
    with of_class.by(member) as slow:
        with slow.transaction():
            send(slow, answer(minutes=1))
            with of_class.by(other) as quick:  # overtakes it
                send(quick, answer(minutes=2))
            assert followed.news() is not None
            assert followed.news() is None
        assert followed.news().cells["lstm-cell"].tries == 1
    assert followed.news() is None


def test_what_was_sent_twice_or_forgotten_counts_no_more(of_class, member, unique, followed):
    host = of_class.member(f"{unique}h", "host")
    one, two = answer(minutes=1), answer(minutes=2)
    with of_class.by(host) as con:
        for attempt in (one, two):
            con.execute(VOUCHED, (unique, attempt.uid, attempt.at, json.dumps(as_event(attempt))))
    assert followed.news().cells["lstm-cell"].tries == 2
    with of_class.by(member) as con:
        send(con, one)
        assert followed.news().cells["lstm-cell"].tries == 2
        con.execute(FORGOTTEN, (one.uid,))
        assert followed.news().cells["lstm-cell"].tries == 1
        con.execute(FORGOTTEN, (two.uid,))
        assert followed.news().cells == {}
