"""How a server and a member are known to each other, and what is said where something is wrong."""

import os
import socket
from contextlib import closing
from dataclasses import replace

import pytest

from rnn_tutor.progress.server import connection, roles, schema
from rnn_tutor.progress.server.connection import AwayError, ClassError, MissingError, RefusedError, connect
from rnn_tutor.progress.server.membership import Membership
from rnn_tutor.progress.server.schema import connected

psycopg = pytest.importorskip("psycopg")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]


@pytest.fixture(scope="module")
def ada(of_class):
    return of_class.member("connecting.ada")


def test_the_connection_is_encrypted_and_the_password_is_none_that_was_sent(ada, of_class):
    with connected(ada) as con:
        assert con.pgconn.ssl_in_use
        assert con.execute("SELECT me()").fetchone() == ("connecting.ada",)
    with of_class.by(of_class.server.administrator("lstm")) as admin:
        (kept,) = admin.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (ada.user,)).fetchone()
    assert kept.startswith("SCRAM-SHA-256$")
    assert ada.secret not in of_class.server.log()  # the server logs every statement


def test_a_certificate_for_another_name_is_refused(ada):
    with pytest.raises(RefusedError, match="certificate that is not the class's"):
        connect(replace(ada, host="127.0.0.1"))


def test_a_certificate_of_another_authority_is_refused(ada, server):
    other = server.other_authority.with_suffix(".crt").read_text()
    with pytest.raises(RefusedError, match="certificate that is not the class's"):
        connect(replace(ada, root=other))


def test_a_server_without_tls_is_refused(ada):
    """One that answers the request for TLS with no, as a PostgreSQL with ssl = off does."""
    import threading

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def answer():
            client, _address = listening.accept()
            with client:
                assert client.recv(8)[4:] == bytes.fromhex("04d2162f")
                client.sendall(b"N")
                received.append(client.recv(100))

        received = []
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(RefusedError, match="does not use TLS, so nothing was sent"):
            connect(replace(ada, port=listening.getsockname()[1]))
        thread.join()
    assert received == [b""]


def test_a_wrong_secret_is_refused(ada):
    with pytest.raises(RefusedError, match="does not accept your membership: ask your lecturer for a new file"):
        connect(replace(ada, secret="a guess"))
    with pytest.raises(RefusedError):
        connect(replace(ada, secret=""))


def test_a_server_that_is_away(ada):
    with closing(socket.socket()) as probe:  # bound, and nobody listens
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(AwayError, match=r"localhost:\d+ cannot be reached \(Connection refused.*try again later"):
            connect(replace(ada, port=probe.getsockname()[1]))
    with pytest.raises(AwayError, match="cannot be reached"):
        connect(replace(ada, host="no-such-host.invalid"))


def test_a_server_that_does_not_answer(ada):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, pytest.raises(AwayError, match="cannot be reached"):
        connect(replace(ada, port=silent.getsockname()[1]), wait=2)


def test_a_database_that_is_not_there_or_no_class(server):
    with pytest.raises(MissingError):
        connect(server.administrator("nothing_here"))
    with pytest.raises(RefusedError, match="is not a class's yet"), connected(server.administrator()):
        pass


def test_a_socket_needs_no_tls_and_no_secret_is_shown(ada, server):
    local = replace(ada, host=str(server.socket), root="", peer=server.account)
    with connected(local) as con:
        assert not con.pgconn.ssl_in_use
        assert con.execute("SELECT me()").fetchone() == ("connecting.ada",)


def test_the_system_says_who_both_are(of_class, server):
    one = of_class.member("near", secret="", peer=server.account)
    near = replace(one, host=str(server.socket), root="")
    with connected(near) as con:
        assert con.execute("SELECT me()").fetchone() == ("near",)
    with pytest.raises(RefusedError, match="is run by another account"):
        connect(replace(near, peer="nobody"))


@pytest.mark.skipif(os.name != "posix", reason="there is no Unix socket")
@pytest.mark.parametrize("secret", ["", "a secret"])
def test_a_socket_of_somebody_else_gets_nothing(ada, tmp_path_factory, secret):
    """Where the server is not running, whoever may write into the folder can put a socket there."""
    import threading

    folder = tmp_path_factory.mktemp("s")
    received = []
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(folder / f".s.PGSQL.{ada.port}"))
        listening.listen()
        listening.settimeout(10)

        def answer():
            client, _address = listening.accept()
            with client:
                received.append(client.recv(100))

        thread = threading.Thread(target=answer)
        thread.start()
        local = replace(ada, host=str(folder), root="", secret=secret, peer="nobody")
        with pytest.raises(RefusedError, match="is run by another account than the class's, so nothing was sent"):
            connect(local)
        thread.join()
    assert received == [b""]


def test_a_client_certificate_is_another_way(of_class, server, tmp_path):
    one = of_class.member("certified", secret="")
    with pytest.raises(RefusedError):
        connect(one)
    for common_name, lets_in in ((one.user, True), ("lstm.somebody", False)):
        certificate, key = server.certificate(common_name, common_name, folder=tmp_path)
        by_certificate = replace(one, certificate=str(certificate), key=str(key))
        if lets_in:
            with connected(by_certificate) as con:
                assert con.execute("SELECT me()").fetchone() == ("certified",)
        else:
            with pytest.raises(RefusedError):
                connect(by_certificate)


def test_what_libpq_is_told():
    """The secret is only ever used in a way in which the server does not get it."""
    far = Membership("learner", "lstm", "ada", "lstm.ada", "db", 5432, root="system", secret="s")
    assert connection.secured(far, "system", 160_000) == {
        "sslmode": "verify-full", "sslrootcert": "system", "password": "s", "require_auth": "scram-sha-256",
    }  # fmt: skip
    near = replace(far, host="/run/postgresql", root="", secret="", peer="postgres")
    assert connection.secured(near, "", 160_000) == {
        "sslmode": "disable", "requirepeer": "postgres", "require_auth": "scram-sha-256,none",
    }  # fmt: skip
    assert connection.secured(replace(near, secret="s"), "", 160_000)["require_auth"] == "scram-sha-256"


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        ("RT001", "takes no more answers from you", RefusedError),
        ("RT002", "try again later", AwayError),
        ("57014", "try again later", AwayError),  # a statement that took too long
        ("53100", "try again later", AwayError),  # a full disk
        ("57P01", "try again later", AwayError),  # the server is shut down
        ("42501", "refuses that", RefusedError),
        ("23514", "does not take that", ClassError),
    ],
)
def test_what_is_said_of_a_code(code, words, kind):
    told = connection._by_code(code, "the words")
    assert words in str(told)
    assert type(told) is kind


@pytest.mark.parametrize(
    "words",
    [
        'no pg_hba.conf entry for host "127.0.0.1", user "lstm.ada", database "lstm", SSL encryption',
        'pg_hba.conf rejects connection for host "127.0.0.1", user "lstm.ada", database "lstm", SSL encryption',
        'role "lstm.ada" does not exist',
        'role "lstm.ada" is not permitted to log in',
    ],
)
def test_whoever_is_not_let_in_may_have_been_removed(words):
    error = psycopg.OperationalError(f"connection failed: FATAL:  {words}")
    ada = Membership("learner", "lstm", "ada", "lstm.ada", "db", 5432, root="system", secret="s")
    removed = f"The class's server db:5432 does not let you in; perhaps you were removed from the class ({words[:50]}"
    assert str(connection._told(error, ada)).startswith(removed)
    lecturer = replace(ada, kind="lecturer", name="prof", user="prof")
    assert str(connection._told(error, lecturer)).endswith("): ask who runs it.")


def test_words_of_a_server_are_one_printable_line():
    words = connection._words(psycopg.OperationalError("connection failed: FATAL:  no\x1b[2J \u202eroom\nand more"))
    assert words == "no?[2J ?room"
    assert len(connection._words(psycopg.OperationalError("x" * 1000))) == 120


def test_without_psycopg_one_sentence_says_what_to_install(monkeypatch, ada):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(ClassError, match=r"pip install 'rnn-tutor\[class\]'"):
        connect(ada)


def test_no_file_is_left_of_a_connection(ada, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    connect(ada).close()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(AwayError, match="temporary file cannot be written"):
        connect(ada)


# migrations

STEP = (
    "ALTER TABLE rnn_tutor.event ADD COLUMN more text; GRANT SELECT (more) ON rnn_tutor.event TO {learners}, {owner};"
)


@pytest.fixture
def another(server):
    """A class of its own, whose database goes when the test is over."""
    name = f"other{os.urandom(4).hex()}"
    with connected(server.administrator(), check=False) as con:
        con.execute(f"CREATE DATABASE {name}")
    yield name
    with connected(server.administrator(), check=False) as con:
        con.execute(f"DROP DATABASE {name} WITH (FORCE)")
        for role in roles.groups(name).values():
            con.execute(f"DROP OWNED BY {role}")
            con.execute(f"DROP ROLE {role}")


def test_an_older_database_is_brought_up_to_date(server, another, tmp_path, monkeypatch):
    with connected(server.administrator(another), check=False) as con:
        assert roles.set_up(con, another, "prof") == (0, 1, True)
        assert roles.set_up(con, another, "prof") == (1, 1, True)
        con.execute(
            "INSERT INTO rnn_tutor.event (learner, uid, at, body) VALUES ('a', gen_random_uuid(), now(), 'old')"
        )
    (tmp_path / "001-events.sql").write_text((schema.FOLDER / "001-events.sql").read_text())
    (tmp_path / "002-more.sql").write_text(STEP)
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, "002-more.sql"))
    monkeypatch.setattr(schema, "VERSION", 2)
    with pytest.raises(RefusedError, match=r"is older \(format 1\)"), connected(server.administrator(another)):
        pass
    with connected(server.administrator(another), check=False) as con:
        assert roles.set_up(con, another, "prof") == (1, 2, True)
        assert con.execute("SELECT body, more FROM rnn_tutor.event").fetchall() == [("old", None)]
    with connected(server.administrator(another)):
        pass
    monkeypatch.setattr(schema, "VERSION", 1)
    is_newer = r"is newer \(format 2\).*update rnn-tutor"
    with pytest.raises(RefusedError, match=is_newer), connected(server.administrator(another)):
        pass
    with pytest.raises(RefusedError, match=is_newer), connected(server.administrator(another), check=False) as con:
        roles.set_up(con, another, "prof")


def test_a_step_that_fails_changes_nothing(server, another, tmp_path, monkeypatch):
    (tmp_path / "001-events.sql").write_text((schema.FOLDER / "001-events.sql").read_text())
    (tmp_path / "002-more.sql").write_text(STEP + "SELECT 1 / 0;")
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, "002-more.sql"))
    monkeypatch.setattr(schema, "VERSION", 2)
    with pytest.raises(ClassError), connected(server.administrator(another), check=False) as con:
        roles.set_up(con, another, "prof")
    with connected(server.administrator(another), check=False) as con:
        assert schema.version_of(con) == 0
        assert not roles.is_there(con, roles.groups(another)["owner"])
        for role in roles.groups(another).values():  # for the end of the fixture
            con.execute(f"CREATE ROLE {role}")


@pytest.mark.parametrize("lecturer", ["postgres", "lstm.ada", "lstm@lab", "lstm_owner"])
def test_not_every_role_can_be_the_lecturers(server, of_class, lecturer):
    with of_class.by(server.administrator("lstm")) as con, pytest.raises(ClassError, match="name another role"):
        roles.set_up(con, "lstm", lecturer)


def test_a_database_of_another_class_is_left_alone(server, another):
    with connected(server.administrator(another), check=False) as con:
        roles.set_up(con, another, "prof")
        with pytest.raises(ClassError, match=f"belongs to {another}_owner"):
            roles.set_up(con, "lstm", "prof")


def test_events_that_take_too_long_are_refused_whatever_a_session_has_set(server, another):
    with connect(server.administrator(another)) as con:
        roles.set_up(con, another, "prof")
        text = con.execute("SELECT pg_get_functiondef('rnn_tutor.take'::regproc)").fetchone()[0]
        con.execute(text.replace("30 seconds", "0.1 seconds"))
        con.execute(f"SET ROLE {another}_owner")
        con.execute("INSERT INTO rnn_tutor.member (role, kind, id) VALUES ('prof', 'learner', 'slow')")
        con.execute(f"RESET ROLE; GRANT {another}_learner TO prof; SET SESSION AUTHORIZATION prof")
        con.execute("SET statement_timeout = 0")
        slowly = "INSERT INTO rnn_tutor.event (uid, at, body) SELECT gen_random_uuid(), now(), pg_sleep({})::text"
        con.execute(slowly.format(0.001))
        with pytest.raises(psycopg.Error, match="take too long") as caught:
            con.execute(slowly.format(0.2))
        assert caught.value.sqlstate == connection.TOO_LONG
        con.execute("RESET SESSION AUTHORIZATION")


def test_a_lecturer_who_owns_the_database_can_set_it_up(server, another):
    """Without a superuser: what only a superuser can close is told."""
    with connected(server.administrator(), check=False) as con:
        con.execute(f"CREATE ROLE {another} LOGIN CREATEROLE PASSWORD 'x'")
        con.execute(f"ALTER DATABASE {another} OWNER TO {another}")
        con.execute(f"GRANT {another} TO CURRENT_USER")
    try:
        with connected(server.administrator(another), check=False) as con:
            con.execute(f"SET SESSION AUTHORIZATION {another}")
            assert roles.set_up(con, another, another) == (0, 1, False)
            assert roles.add(con, another, "learner", "eve", "s") == f"{another}.eve"
            assert con.execute("SELECT role FROM rnn_tutor.member").fetchall() == [(f"{another}.eve",)]
            roles.remove(con, another, "learner", "eve", erase=True)
            con.execute("RESET SESSION AUTHORIZATION")
    finally:
        with connected(server.administrator(), check=False) as con:
            con.execute(f"ALTER DATABASE {another} OWNER TO CURRENT_USER")
        with connected(server.administrator(another), check=False) as con:
            con.execute(f"DROP OWNED BY {another}")
            con.execute(f"DROP ROLE {another}")
