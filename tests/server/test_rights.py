"""What a member of a class can do with the credentials, and whatever client: no more than the tutor does."""

import os
import signal
import subprocess
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace

import pytest

from rnn_tutor.progress.server import roles, schema
from rnn_tutor.progress.server.connection import AwayError, ClassError, RefusedError, connect
from rnn_tutor.progress.server.schema import connected

psycopg = pytest.importorskip("psycopg")
errors = psycopg.errors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]

ADD = "INSERT INTO rnn_tutor.event (uid, at, body) VALUES (%s, now(), %s) ON CONFLICT DO NOTHING"
VOUCH = "INSERT INTO rnn_tutor.event (learner, uid, at, body) VALUES (%s, %s, now(), %s) ON CONFLICT DO NOTHING"
FORGET = "INSERT INTO rnn_tutor.forgotten (uid) VALUES (%s) ON CONFLICT DO NOTHING"


def new():
    return os.urandom(16).hex()


@pytest.fixture(scope="module")
def ada(of_class):
    return of_class.member("rights.ada")


@pytest.fixture(scope="module")
def bob(of_class):
    """A learner who has sent something already."""
    membership = of_class.member("rights.bob")
    with connected(membership) as con:
        con.execute(ADD, (new(), "bob's"))
    return membership


@pytest.fixture
def con(ada):
    """A connection by psycopg alone, with ada's credentials."""
    with connect(ada) as con:
        yield con


def test_events_are_sent_and_those_of_others_not_seen(con, of_class, bob):
    uid = new()
    assert con.execute(ADD, (uid, "mine")).rowcount == 1
    assert con.execute(ADD, (uid, "mine, another time")).rowcount == 0
    read = "SELECT body FROM rnn_tutor.event"
    assert con.execute(read + " WHERE uid = %s", (uid,)).fetchall() == [("mine",)]
    assert ("bob's",) not in con.execute(read).fetchall()
    every = of_class.rows("SELECT learner, body FROM rnn_tutor.event")
    assert {("rights.ada", "mine"), ("rights.bob", "bob's")} <= set(every)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("UPDATE rnn_tutor.event SET body = ''", errors.InsufficientPrivilege),
        ("DELETE FROM rnn_tutor.event", errors.InsufficientPrivilege),
        ("TRUNCATE rnn_tutor.event", errors.InsufficientPrivilege),
        ("SELECT seq FROM rnn_tutor.event", errors.InsufficientPrivilege),
        ("SELECT learner FROM rnn_tutor.event", errors.InsufficientPrivilege),
        ("EXPLAIN SELECT uid FROM rnn_tutor.event WHERE learner = 'rights.bob'", errors.InsufficientPrivilege),
        ("EXPLAIN SELECT uid FROM rnn_tutor.forgotten WHERE learner = 'rights.bob'", errors.InsufficientPrivilege),
        ("SELECT * FROM rnn_tutor.member", errors.InsufficientPrivilege),
        ("SELECT * FROM rnn_tutor.setting", errors.InsufficientPrivilege),
        ("SELECT * FROM rnn_tutor.told", errors.InsufficientPrivilege),
        ("SELECT * FROM rnn_tutor.erasure", errors.InsufficientPrivilege),
        ("DELETE FROM rnn_tutor.forgotten", errors.InsufficientPrivilege),
        ("SELECT rnn_tutor.charge(-1000, -1000)", errors.InsufficientPrivilege),
        ("SELECT rnn_tutor.my_host()", errors.InsufficientPrivilege),
        ("SELECT nextval('rnn_tutor.event_seq_seq')", errors.InsufficientPrivilege),
        ("SELECT setval('rnn_tutor.\"lstm.rights.ada\"', 0)", errors.InsufficientPrivilege),
        ('SELECT last_value FROM rnn_tutor."lstm.rights.bob"', errors.InsufficientPrivilege),
        ("SELECT pg_sequence_last_value('rnn_tutor.\"lstm.rights.bob\"')", errors.InsufficientPrivilege),
        ("SELECT blks_hit FROM pg_statio_all_sequences", errors.InsufficientPrivilege),  # who has sent just now
        ("ALTER TABLE rnn_tutor.event DISABLE ROW LEVEL SECURITY", errors.InsufficientPrivilege),
        ("CREATE POLICY mine ON rnn_tutor.event USING (true)", errors.InsufficientPrivilege),
        ("BEGIN; LOCK TABLE rnn_tutor.event IN ACCESS EXCLUSIVE MODE", errors.InsufficientPrivilege),
        ("BEGIN; LOCK TABLE rnn_tutor.event IN ACCESS SHARE MODE", errors.InsufficientPrivilege),
        ("SELECT uid FROM rnn_tutor.event FOR SHARE", errors.InsufficientPrivilege),
        ("BEGIN; PREPARE TRANSACTION 'held'", errors.ObjectNotInPrerequisiteState),
        ("SELECT pg_export_snapshot()", errors.InsufficientPrivilege),
        ("CREATE TABLE rnn_tutor.mine (a int)", errors.InsufficientPrivilege),
        ("CREATE TABLE public.mine (a int)", errors.InsufficientPrivilege),
        ("CREATE SCHEMA mine", errors.InsufficientPrivilege),
        ("CREATE TEMP TABLE mine (a int)", errors.InsufficientPrivilege),
        ("CREATE TEMP VIEW mine AS SELECT 1", errors.InsufficientPrivilege),
        ("CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'", errors.InsufficientPrivilege),
        ("CREATE EXTENSION plperl", errors.Error),
        ("DO $$ BEGIN END $$", errors.InsufficientPrivilege),
        ("CREATE ROLE mine", errors.InsufficientPrivilege),
        ("CREATE DATABASE mine", errors.InsufficientPrivilege),
        ("ALTER ROLE \"lstm.rights.bob\" PASSWORD 'mine'", errors.InsufficientPrivilege),
        ('ALTER ROLE "lstm.rights.ada" CONNECTION LIMIT 1000', errors.InsufficientPrivilege),
        ('ALTER ROLE "lstm.rights.ada" BYPASSRLS', errors.InsufficientPrivilege),
        ('SET ROLE "lstm.rights.bob"', errors.InsufficientPrivilege),
        ("SET ROLE lstm_owner", errors.InsufficientPrivilege),
        ("SET ROLE prof", errors.InsufficientPrivilege),
        ("SET SESSION AUTHORIZATION 'lstm.rights.bob'", errors.InsufficientPrivilege),
        ('GRANT lstm_owner TO "lstm.rights.ada"', errors.InsufficientPrivilege),
        ("SET temp_file_limit = -1", errors.InsufficientPrivilege),
        ('ALTER ROLE "lstm.rights.ada" SET temp_file_limit = -1', errors.InsufficientPrivilege),
        ("ALTER ROLE \"lstm.rights.ada\" SET log_statement = 'all'", errors.InsufficientPrivilege),
        ("COMMENT ON ROLE \"lstm.rights.ada\" IS 'mine'", errors.InsufficientPrivilege),
        ("SET session_replication_role = replica", errors.InsufficientPrivilege),
        ("COPY rnn_tutor.event TO '/tmp/rnn-tutor-test'", errors.InsufficientPrivilege),
        ("COPY rnn_tutor.event (uid) TO PROGRAM 'cat'", errors.InsufficientPrivilege),
        ("COPY rnn_tutor.setting TO STDOUT", errors.InsufficientPrivilege),
        ("SELECT pg_read_file('/etc/passwd')", errors.InsufficientPrivilege),
        ("SELECT pg_ls_dir('/')", errors.InsufficientPrivilege),
        ("SELECT lo_create(0)", errors.InsufficientPrivilege),
        ("SELECT lo_from_bytea(0, 'x')", errors.InsufficientPrivilege),
        ("SELECT pg_advisory_lock(1)", errors.InsufficientPrivilege),
        ("SELECT pg_try_advisory_xact_lock_shared(1, 1)", errors.InsufficientPrivilege),
        ("SELECT pg_logical_emit_message(false, 'a', 'b')", errors.InsufficientPrivilege),
        ("SELECT pg_notify('rnn_tutor', repeat('x', 7000))", errors.InsufficientPrivilege),
        ("SELECT usename FROM pg_stat_activity", errors.InsufficientPrivilege),
        ("SELECT client_dn FROM pg_stat_ssl", errors.InsufficientPrivilege),
        ("SELECT pg_stat_get_backend_userid(1)", errors.InsufficientPrivilege),
        ("SELECT pg_reload_conf()", errors.InsufficientPrivilege),
        ("SELECT rolpassword FROM pg_authid", errors.InsufficientPrivilege),
    ],
)
def test_what_is_not_needed_is_refused(con, bob, command, error):
    with pytest.raises(error):
        con.execute(command)


def test_nobody_sends_or_forgets_as_another(con, bob, of_class):
    for taken_back in (False, True):
        uid = new()
        if taken_back:  # it would be left out without a word, if it were bob's
            with of_class.by(bob) as his:
                his.execute(FORGET, (uid,))
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            con.execute(VOUCH, ("rights.bob", uid, "forged"))
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        con.execute("INSERT INTO rnn_tutor.forgotten (learner, uid) VALUES ('rights.bob', %s)", (new(),))
    for column in ("vouched_by", "received", "seq"):
        columns = f"(uid, at, body, {column}) OVERRIDING SYSTEM VALUE"
        with pytest.raises(errors.InsufficientPrivilege):
            con.execute(f"INSERT INTO rnn_tutor.event {columns} VALUES (%s, now(), '', NULL)", (new(),))
    with (
        pytest.raises(errors.FeatureNotSupported, match="row-level security"),
        con.cursor().copy("COPY rnn_tutor.event (learner, uid, at, body) FROM STDIN") as copy,
    ):
        copy.write_row(("rights.bob", new(), "2026-01-01", "forged"))


def test_a_key_tells_nothing_of_anothers_rows(con, ada, bob, of_class):
    uid = new()
    with of_class.by(bob) as his:
        his.execute(ADD, (uid, "bob's"))
    assert con.execute(ADD, (uid, "ada's")).rowcount == 1
    host = of_class.member("rights.lab", "host")
    with of_class.by(host) as lab:
        assert lab.execute(VOUCH, ("rights.bob", uid, "lab's")).rowcount == 1
    rows = "SELECT learner, vouched_by, body FROM rnn_tutor.event WHERE uid = %s ORDER BY body"
    assert of_class.rows(rows, uid) == [
        ("rights.ada", "", "ada's"), ("rights.bob", "", "bob's"), ("rights.bob", "rights.lab", "lab's"),
    ]  # fmt: skip
    told = "SELECT learner, body FROM rnn_tutor.told WHERE uid = %s ORDER BY body"
    assert of_class.rows(told, uid) == [("rights.ada", "ada's"), ("rights.bob", "bob's")]


def test_what_the_planner_knows_of_others_is_not_told(con, bob, of_class, server):
    """It keeps samples of columns, and an estimate is made of them: halved again and again, it would tell a text."""
    with of_class.by(bob) as his:
        for at in range(50):
            his.execute(ADD, (new(), f"{{the text of bob number {at:02}}}"))
    with connected(server.administrator("lstm")) as admin:
        admin.execute("ANALYZE rnn_tutor.event")  # as the server does by itself, now and then

    def estimated(condition):
        return con.execute(f"EXPLAIN SELECT uid FROM rnn_tutor.event WHERE {condition}").fetchone()

    assert estimated("body < '{the text of bob number 10'") == estimated("body < '{the text of bob number 40'")
    assert estimated("at < '2026-01-01'") == estimated("at < '2100-01-01'")
    kept = "SELECT attname FROM pg_stats WHERE schemaname = 'rnn_tutor' AND tablename IN ('event', 'forgotten')"
    with connected(server.administrator("lstm")) as admin:
        known = {name for (name,) in admin.execute(kept).fetchall()}
    assert "learner" in known
    readable = (
        "SELECT attname FROM pg_attribute WHERE attrelid = 'rnn_tutor.event'::regclass AND attnum > 0"
        " AND has_column_privilege(attrelid, attnum, 'SELECT')"
    )
    assert known.isdisjoint(name for (name,) in con.execute(readable).fetchall())


def test_names_and_functions_of_ones_own_change_nothing(con, ada):
    """A search path is everybody's to set. What runs with other rights has one of its own."""
    con.execute("SET search_path = pg_temp, public, rnn_tutor, pg_catalog")
    assert con.execute("SELECT me()").fetchone() == ("rights.ada",)
    con.execute("SET ROLE lstm_learner")  # one's own group
    assert con.execute("SELECT rnn_tutor.me()").fetchone() == ("rights.ada",)
    assert con.execute(ADD, (new(), "still ada's")).rowcount == 1
    con.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege):
        con.execute("SELECT count(body) FROM rnn_tutor.event")


def test_every_function_that_runs_with_other_rights_has_a_search_path(of_class):
    found = of_class.rows(
        "SELECT proname, prosecdef, proconfig FROM pg_proc WHERE pronamespace = 'rnn_tutor'::regnamespace"
    )
    assert found
    assert all(config == ["search_path=pg_catalog, pg_temp"] for _name, _definer, config in found)
    open_to_all = of_class.rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'rnn_tutor'::regnamespace"
        " AND (proacl IS NULL OR proacl::text ~ '[{,]=X')"
    )
    assert open_to_all == []


def test_events_are_bounded(con, of_class):
    at_the_edge = "x" * schema.MOST_EVENT
    assert con.execute(ADD, (new(), at_the_edge)).rowcount == 1
    for body in (at_the_edge + "x", "é" * (schema.MOST_EVENT // 2) + "x"):
        with pytest.raises(errors.CheckViolation):
            con.execute(ADD, (new(), body))
    for at in ("infinity", "-infinity", "294000-01-01", "0001-01-01 BC"):
        with pytest.raises(errors.CheckViolation):
            con.execute("INSERT INTO rnn_tutor.event (uid, at, body) VALUES (%s, %s, '')", (new(), at))
    host = of_class.member("rights.lab", "host")
    with of_class.by(host) as lab:
        for learner in ("../etc", "", "Ada", "a" * 33, "a\nb"):
            with pytest.raises(errors.CheckViolation):
                lab.execute(VOUCH, (learner, new(), ""))


def test_one_member_cannot_fill_the_server(of_class, server, unique):
    membership = of_class.member(unique)
    kept = dict(of_class.rows("SELECT name, value FROM rnn_tutor.setting"))
    many = "INSERT INTO rnn_tutor.event (uid, at, body) SELECT gen_random_uuid(), now(), '' FROM generate_series(1, %s)"
    try:
        with of_class.by(of_class.lecturer) as lecturer, of_class.by(membership) as con:
            schema.keep_setting(lecturer, "most events", "10")
            con.execute(many, (9,))
            with pytest.raises(psycopg.Error) as caught:
                con.execute(many, (2,))
            assert caught.value.sqlstate == "RT001"
            con.execute(FORGET, (new(),))
            with pytest.raises(psycopg.Error, match="more events"):
                con.execute(FORGET, (new(),))
            assert con.execute("SELECT count(body) FROM rnn_tutor.event").fetchone() == (9,)
        with pytest.raises(RefusedError, match="takes no more answers"), connected(membership) as con:
            con.execute(many, (2,))
    finally:
        with of_class.by(of_class.lecturer) as lecturer:
            schema.keep_setting(lecturer, "most events", kept["most events"])


def test_connections_are_bounded(of_class, unique):
    membership = of_class.member(unique)
    with ExitStack() as stack:
        for _ in range(roles.CONNECTIONS["learner"]):
            stack.enter_context(connect(membership))
        with pytest.raises(ClassError, match="no room"):
            connect(membership)


def test_a_session_begins_with_its_limits(con):
    found = {name: con.execute(f"SHOW {name}").fetchone()[0] for name in roles.LIMITS}
    assert found == {name: value.strip("'") for name, value in roles.LIMITS.items()}


def test_whoever_lifts_the_limits_is_ended(ada, of_class, server):
    """The time limits of PostgreSQL are everybody's to lift; what ends such a session is not."""
    with connect(ada) as idle, connect(ada) as busy, connect(ada) as calm:
        idle.execute("SET idle_in_transaction_session_timeout = 0")
        idle.execute("BEGIN")
        idle.execute(ADD, (new(), "held"))
        with connected(server.administrator("lstm")) as admin:  # as if a minute had gone by
            text = roles.END_OVERLONG.format("lstm").replace("1 hour", "100 hours")
            assert admin.execute(text).fetchall() == []
            assert admin.execute(text.replace("1 minute", "0 seconds")).fetchall() == [(True,)]
            busy.execute("SET idle_in_transaction_session_timeout = 0")
            busy.execute("BEGIN")
            admin.execute("SELECT pg_sleep(0.4)")
            busy.execute("SELECT 1")  # as often as it takes never to have been idle for long
            assert admin.execute(text.replace("1 minute", "0.3 seconds")).fetchall() == [(True,)]
        for ended in (idle, busy):
            with pytest.raises(psycopg.OperationalError):
                ended.execute("SELECT 1")
        assert calm.execute("SELECT 1").fetchone() == (1,)
        with connected(server.administrator(), check=False) as admin:  # in a database that no lecturer changes
            old = roles.END_OVERLONG.format("lstm").replace("1 hour", "0.1 seconds")
            assert admin.execute(old).fetchall() == [(True,)]
        with pytest.raises(psycopg.OperationalError):
            calm.execute("SELECT 1")


def test_what_is_rolled_back_is_counted_too(of_class, unique):
    """Else somebody could fill the disk with rows that are never kept. What is sent twice is written once."""
    membership = of_class.member(unique)
    kept = dict(of_class.rows("SELECT name, value FROM rnn_tutor.setting"))
    uid = new()
    try:
        with of_class.by(of_class.lecturer) as lecturer, connect(membership) as con:
            schema.keep_setting(lecturer, "most bytes", "10000")
            for _ in range(100):
                con.execute(ADD, (uid, "x" * 1_000))
            for _ in range(10):
                con.execute("BEGIN")
                con.execute(ADD, (new(), "x" * 8_000))
                con.execute("ROLLBACK")
            for command, values in ((ADD, (new(), "x" * 8_000)), (FORGET, (new(),))):
                with pytest.raises(psycopg.Error) as caught:
                    for _ in range(200):
                        con.execute("BEGIN")
                        con.execute(command, values)
                        con.execute("ROLLBACK")
                assert caught.value.sqlstate == "RT001"
                con.execute("ROLLBACK")
            assert con.execute("SELECT uid FROM rnn_tutor.event").fetchall()[0][0].hex == uid
    finally:
        with of_class.by(of_class.lecturer) as lecturer:
            schema.keep_setting(lecturer, "most bytes", kept["most bytes"])
    with connect(of_class.member(unique)) as con:  # the lecturer has added the learner anew
        assert con.execute(ADD, (new(), "")).rowcount == 1


def test_what_a_member_has_set_for_the_next_login_ends_when_the_lecturer_adds_the_member_anew(of_class, unique):
    membership = of_class.member(unique)
    with connect(membership) as con:
        con.execute(f"ALTER ROLE \"{membership.user}\" SET work_mem = '1GB'")
        con.execute(f'ALTER ROLE "{membership.user}" IN DATABASE lstm SET statement_timeout = 0')
    for expected in (("1GB", "0"), ("4MB", "15s")):
        with connect(membership) as con:
            found = tuple(con.execute(f"SHOW {name}").fetchone()[0] for name in ("work_mem", "statement_timeout"))
        assert found == expected
        membership = of_class.member(unique)


def test_whoever_owns_something_can_be_removed_all_the_same(of_class, unique):
    membership = of_class.member(unique)
    with connect(membership) as con:
        con.execute(ADD, (new(), ""))
        con.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC")
        con.execute(f"ALTER ROLE \"{membership.user}\" SET work_mem = '1GB'")
    with of_class.by(of_class.lecturer) as lecturer:
        assert roles.remove(lecturer, "lstm", "learner", unique, erase=True) == 1
        assert not roles.is_there(lecturer, membership.user)


@pytest.mark.long
def test_whoever_fills_the_table_of_locks_is_ended_from_outside(of_class, ada, bob, server):
    """PostgreSQL lets everybody do so, by savepoints in savepoints, and then nobody can log in any more."""
    with closing(connect(ada)) as con:
        pid = con.info.backend_pid
        con.execute("SET idle_in_transaction_session_timeout = 0")
        con.execute("BEGIN")
        for some in range(140):
            con.execute(";".join(f"SAVEPOINT s{some}_{number}" for number in range(500)))
        with suppress(errors.OutOfMemory):
            con.execute(ADD, (new(), ""))
        with pytest.raises(AwayError, match="no room for another connection: try again later"):
            connect(bob)
        with pytest.raises(ClassError):
            connect(server.administrator())
        found = subprocess.run(["pgrep", "-f", "^postgres: .*lstm[.@]"], capture_output=True, text=True, check=True)
        assert str(pid) in found.stdout.split()
        os.kill(pid, signal.SIGTERM)  # as `pkill` does
        end = time.monotonic() + 10
        while True:
            try:
                connect(bob).close()
                break
            except AwayError:
                assert time.monotonic() < end
                time.sleep(0.1)


def test_the_lecturer_may_end_sessions(of_class):
    (rights,) = of_class.rows(
        "SELECT pg_has_role('pg_signal_backend', 'USAGE'), pg_has_role('pg_read_all_stats', 'USAGE')"
    )
    assert rights == (True, True)


def test_a_host_may_only_add_and_vouches_for_it(of_class, unique):
    host = of_class.member(unique, "host")
    uid = new()
    with connect(host) as con:
        assert con.execute(VOUCH, ("anybody", uid, "typed")).rowcount == 1
        assert con.execute(VOUCH, ("anybody", uid, "again")).rowcount == 0
        for command in (
            "SELECT uid FROM rnn_tutor.event",
            "SELECT uid FROM rnn_tutor.forgotten",
            "INSERT INTO rnn_tutor.forgotten (learner, uid) VALUES ('anybody', gen_random_uuid())",
            "INSERT INTO rnn_tutor.event (learner, uid, at, body)"
            " VALUES ('a', gen_random_uuid(), now(), '') RETURNING uid",
            "UPDATE rnn_tutor.event SET body = ''",
            "DELETE FROM rnn_tutor.event",
            "CREATE TEMP TABLE a (a int)",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                con.execute(command)
    assert of_class.rows("SELECT learner, vouched_by, body FROM rnn_tutor.event WHERE uid = %s", uid) == [
        ("anybody", unique, "typed")
    ]


def test_what_is_forgotten_goes_and_does_not_come_back(of_class, unique):
    learner, host = of_class.member(unique), of_class.member(f"{unique}.lab", "host")
    uid, other = new(), new()
    with connect(learner) as con, connect(host) as lab:
        con.execute(ADD, (uid, "one"))
        con.execute(ADD, (other, "two"))
        lab.execute(VOUCH, (unique, uid, "one, at the lab"))
        (erased,) = of_class.rows("SELECT count(*) FROM rnn_tutor.erasure")
        con.execute(FORGET, (uid,))
        assert con.execute("SELECT body FROM rnn_tutor.event").fetchall() == [("two",)]
        assert con.execute(ADD, (uid, "one")).rowcount == 0
        assert lab.execute(VOUCH, (unique, uid, "one")).rowcount == 0
        assert con.execute("SELECT uid FROM rnn_tutor.forgotten").fetchall()[0][0].hex == uid
        assert of_class.rows("SELECT count(*) FROM rnn_tutor.erasure") == [(erased[0] + 1,)]
        assert con.execute("SELECT body FROM rnn_tutor.event").fetchall() == [("two",)]


def test_a_notification_carries_nothing_and_comes_only_with_news(of_class, unique):
    learner = of_class.member(unique)
    uid = new()
    with of_class.by(of_class.lecturer) as watching, connect(learner) as con:
        watching.execute(f"LISTEN {schema.CHANNEL}")
        con.execute(ADD, (uid, "news"))
        assert [one.payload for one in watching.notifies(timeout=5, stop_after=1)] == [""]
        con.execute(ADD, (uid, "news again"))  # nothing new
        assert list(watching.notifies(timeout=0.3)) == []
        con.execute(FORGET, (uid,))
        assert [one.payload for one in watching.notifies(timeout=5, stop_after=1)] == [""]


def test_who_is_removed_cannot_come_back_meanwhile(of_class, unique, monkeypatch):
    """Else a client that comes again and again could hold the row that is to go."""
    learner = of_class.member(unique)
    refused = []

    def end_sessions(con, role):
        with pytest.raises(ClassError) as caught:
            connect(learner)
        refused.append(caught.value)

    monkeypatch.setattr(roles, "_end_sessions", end_sessions)
    with of_class.by(of_class.lecturer) as lecturer:
        roles.remove(lecturer, "lstm", "learner", unique, erase=False)
    assert refused


def test_listening_and_notifying_are_harmless(con, of_class, unique):
    learner = of_class.member(unique)
    con.execute(f"LISTEN {schema.CHANNEL}")
    with connect(learner) as other:
        other.execute(ADD, (new(), "secret"))
    heard = list(con.notifies(timeout=5, stop_after=1))
    assert [(one.channel, one.payload) for one in heard] == [(schema.CHANNEL, "")]


def test_other_databases_are_out_of_reach(ada, server):
    for database in ("postgres", "template1"):
        with pytest.raises(ClassError):
            connect(replace(ada, class_name=database))


def test_what_two_send_at_once_and_take_back_is_done_in_turn(of_class, unique):
    """An event that is on its way while its learner forgets it, on another host, is forgotten."""
    learner = of_class.member(unique)
    uid = new()
    with connect(learner) as one, connect(learner) as two:
        one.execute("BEGIN")
        one.execute(ADD, (uid, "on its way"))
        two.execute("SET lock_timeout = '100ms'")
        with pytest.raises(errors.LockNotAvailable):
            two.execute(FORGET, (uid,))
        one.execute("COMMIT")
        two.execute(FORGET, (uid,))
        assert two.execute("SELECT count(body) FROM rnn_tutor.event").fetchone() == (0,)


def test_a_removed_member_is_out_at_once(of_class, unique):
    learner = of_class.member(unique)
    with connect(learner) as con:
        con.execute(ADD, (new(), "kept"))
        with of_class.by(of_class.lecturer) as lecturer:
            assert roles.remove(lecturer, "lstm", "learner", unique, erase=False) == 0
        end = time.monotonic() + 60
        with suppress(psycopg.OperationalError):
            while time.monotonic() < end:
                con.execute("SELECT 1")
        assert con.broken
    with pytest.raises(RefusedError):
        connect(learner)
    assert of_class.rows("SELECT body FROM rnn_tutor.event WHERE learner = %s", unique) == [("kept",)]
    with of_class.by(of_class.lecturer) as lecturer:
        with pytest.raises(ClassError, match="is not in the class"):
            roles.remove(lecturer, "lstm", "learner", unique, erase=False)
        assert roles.remove(lecturer, "lstm", "learner", unique, erase=True) == 1
    assert of_class.rows("SELECT body FROM rnn_tutor.event WHERE learner = %s", unique) == []
