"""The lecturer's screen on a real server: what is sent appears, and a server that goes away and comes back is told."""

import pytest

from rnn_tutor.commands.classes.following import ServerSource
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.watching import follow
from rnn_tutor.tui.watching.app import Watch
from rnn_tutor.tui.watching.follow import LostError

from ..tui.watching.test_screens import shows, until
from .test_reading import TERMS, answer, send

pytestmark = pytest.mark.xdist_group("postgres")


async def test_what_is_sent_appears_and_a_lost_server_is_told_and_tried_again(of_class, unique, monkeypatch):
    monkeypatch.setattr(follow, "EVERY", 0.05)
    monkeypatch.setattr(follow, "AGAIN", (0.1,))
    member = of_class.member(unique)
    app = Watch(lambda: ServerSource(of_class.lecturer, TERMS), Terminal("utf8", 256))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.report is not None)
        with of_class.by(member) as con:
            send(con, *(answer(minutes=minutes) for minutes in range(4)))
        await until(pilot, lambda: unique in [one.learner for one in app.report.stuck])
        await until(pilot, shows(app, "a wrong sign"))
        with of_class.by(of_class.server.administrator("lstm")) as con:
            con.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'prof'")
        await until(pilot, lambda: app.trouble)
        await until(pilot, lambda: not app.trouble)
        with of_class.by(member) as con:
            send(con, answer("c", "right", minutes=9), answer("h", "right", minutes=9))
        await until(pilot, lambda: unique not in [one.learner for one in app.report.stuck])


def test_who_is_no_lecturer_is_told_so(of_class, unique):
    member = of_class.member(unique)
    source = ServerSource(member, TERMS)
    with pytest.raises(LostError, match="refuses that"):
        source.report()
    source.close()
