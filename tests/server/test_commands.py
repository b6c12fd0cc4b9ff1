"""`rnn-tutor class`: a database is set up, members are added, join, leave and are removed."""

import json
import os
import stat

import pytest

from rnn_tutor.cli import main
from rnn_tutor.progress.server import membership as memberships
from rnn_tutor.progress.server import roles
from rnn_tutor.progress.server.joined import joined
from rnn_tutor.progress.server.outbox import Outbox
from rnn_tutor.progress.server.schema import connected

pytest.importorskip("psycopg")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]


@pytest.fixture
def run(capsys):
    """Run a command; return its status, and what it printed."""

    def go(*words):
        status = main(["class", *map(str, words)])
        out, err = capsys.readouterr()
        return status, out, err

    return go


@pytest.fixture
def lecturer(of_class, tmp_path):
    """The folder of a lecturer who has joined, as an option."""
    memberships.keep(tmp_path / "lecturer" / "progress.sqlite3", of_class.lecturer)
    return f"--data={tmp_path / 'lecturer'}"


@pytest.fixture
def added(run, lecturer, tmp_path, unique):
    """A learner who was added, and the file to join with."""
    status, _out, err = run("add", unique, "-o", tmp_path, lecturer)
    assert (status, err) == (0, ""), err
    return tmp_path / f"{unique}.class"


def test_a_class_from_nothing(run, server, tmp_path):
    """The administrator makes the class, the lecturer joins and adds a learner, who joins."""
    name = f"fresh{os.urandom(3).hex()}"
    where = f"host={server.socket} port={server.port} dbname={name} user={server.superuser}"
    root = server.authority.with_suffix(".crt")
    words = ("--lecturer", f"prof_{name}", "--address", f"localhost:{server.port}", "--root", root, "-o", tmp_path)
    try:
        status, out, err = run("init", "--database", where, *words)
        assert (status, err) == (0, ""), out
        assert f"The database {name} is a class's now; its lecturer is prof_{name}." in out
        assert f"hostssl  {name}  +{name}_learner,+{name}_host,prof_{name}" in out
        file = tmp_path / f"prof_{name}.class"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text())["secret"] not in out
        status, out, err = run("init", "--database", where, *words[:-2])
        assert (status, err) == (0, "")
        assert "is up to date" in out
        one = memberships.read(file)
        assert (one.kind, one.host, one.port, one.root) == ("lecturer", "localhost", server.port, root.read_text())
    finally:
        with connected(server.administrator(), check=False) as con:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")
            for role in (*roles.groups(name).values(), f"prof_{name}"):
                con.execute(f"DROP OWNED BY {role}")
                con.execute(f"DROP ROLE {role}")


def test_by_a_socket_members_are_told_which_account_runs_the_server(run, server, tmp_path):
    name = f"near{os.urandom(3).hex()}"
    where = f"host={server.socket} port={server.port} dbname={name} user={server.superuser}"
    try:
        status, out, err = run("init", "--database", where, "--lecturer", f"prof_{name}")
        assert (status, err) == (0, ""), out
        assert f"Members connect here only to a server that the account {server.account} runs." in out
        assert roles.END_OVERLONG.format(name) in out
        status, _out, err = run("init", "--database", where, "--lecturer", f"prof_{name}", "--address", tmp_path)
        assert (status, "No server has a socket in" in err) == (2, True)
        status, _out, err = run("add", "ada", "-o", tmp_path, "--database", where)
        assert (status, err) == (0, "")
        one = memberships.read(tmp_path / "ada.class")
        assert (one.host, one.peer) == (str(server.socket), server.account)
    finally:
        with connected(server.administrator(), check=False) as con:
            con.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            for role in (f"{name}.ada", *roles.groups(name).values(), f"prof_{name}"):
                if roles.is_there(con, role):
                    con.execute(f'DROP OWNED BY "{role}"')
                    con.execute(f'DROP ROLE "{role}"')


@pytest.mark.parametrize("name", ["lstm", "not_there"])
def test_the_administrator_is_no_lecturer(run, server, of_class, name):
    where = f"host={server.socket} port={server.port} dbname={name} user={server.superuser}"
    status, out, err = run("init", "--database", where)
    assert (status, out) == (2, "")
    assert "name the lecturer's role with --lecturer" in err
    with connected(server.administrator(), check=False) as con:  # nothing was made
        assert con.execute("SELECT FROM pg_database WHERE datname = 'not_there'").fetchone() is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("host=db dbname=lstm password=x sslrootcert=system", "can be seen by others: put it into ~/.pgpass"),
        ("host=db dbname=lstm sslmode=require sslrootcert=system", "sslmode is always verify-full"),
        ("host=db dbname=lstm", "Name the authority that vouches for the server"),
        ("host=db dbname=lstm sslrootcert=/nowhere", "/nowhere cannot be read"),
        ("host=a,b dbname=lstm sslrootcert=system", "no name of a host"),
        ("host=db dbname=lstm sslrootcert=system options=-cx=1", "--database cannot have options"),
        ("dbname=Big host=/tmp", "A class is named after its database"),
        ("host=/tmp", "A class is named after its database"),
        ("a==b", "--database needs a name"),
        ("host=/tmp dbname=lstm port=99999", "A port is"),
        ("host=/tmp dbname=lstm port=x", "A port is"),
    ],
)
def test_a_connection_that_is_not_safe_or_none_is_refused(run, words, said):
    for command in (("init",), ("add", "ada", "-o", ".")):
        status, out, err = run(*command, "--database", words)
        assert (status, out) == (2, "")
        assert said in err


def test_add_writes_a_private_file_and_says_nothing_of_the_secret(run, lecturer, tmp_path, unique, server):
    status, out, err = run("add", unique.upper(), f"{unique}.2", "-o", tmp_path, lecturer)
    assert (status, err) == (0, "")
    secrets = set()
    for name in (unique, f"{unique}.2"):
        path = tmp_path / f"{name}.class"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        one = memberships.read(path)
        assert (one.kind, one.name, one.user) == ("learner", name, f"lstm.{name}")
        secrets.add(one.secret)
        assert len(one.secret) >= 43
        assert one.secret not in out + err + server.log()
        with connected(one) as con:
            assert con.execute("SELECT me()").fetchone() == (name,)
    assert len(secrets) == 2


def test_a_file_is_not_written_over_and_a_new_one_ends_the_old(run, added, lecturer, tmp_path, unique):
    before = memberships.read(added)
    status, out, err = run("add", unique, "-o", tmp_path, lecturer)
    assert (status, out) == (2, "")
    assert "--force writes a new one, and the old one ends" in err
    with connected(before):
        pass
    assert run("add", unique, "-o", tmp_path, "--force", lecturer)[0] == 0
    with connected(memberships.read(added)):
        pass
    status, _out, err = run("join", added, "--yes", f"--data={tmp_path / 'learner'}")
    assert status == 0, err
    memberships.write(added, before, force=True)
    status, _out, err = run("join", added, "--yes", f"--data={tmp_path / 'learner'}")
    assert status == 2
    assert "does not accept your membership: ask your lecturer for a new file" in err


def test_a_host_with_kiosks(run, lecturer, tmp_path, unique):
    assert run("add", "--host", unique, "-o", tmp_path, lecturer)[0] == 0
    file = tmp_path / f"{unique}.class"
    assert memberships.read(file).user == f"lstm@{unique}"
    status, out, _err = run("join", file, "--yes", f"--data={tmp_path / 'kiosk'}")
    assert status == 0
    assert "Each learner is told what is sent, and is asked before anything is." in " ".join(out.split())
    assert memberships.kept(tmp_path / "kiosk" / "progress.sqlite3").kind == "host"


def test_join_says_what_is_sent_and_asks_before(run, added, tmp_path, monkeypatch, unique):
    data = f"--data={tmp_path / 'learner'}"
    status, out, err = run("join", added, data)
    assert status == 2
    assert "add --yes" in err
    told = " ".join(out.split())
    assert "Your class is lstm. Your answers are sent to its class server on localhost." in told
    assert "the lines of the scratchpad that your answer uses" in told
    assert not (tmp_path / "learner").exists()
    status, out, _err = run("join", added, data, "--yes")
    kept = tmp_path / "learner" / "class.json"
    assert status == 0
    assert f"You are in the class lstm. This is kept in {kept}" in out
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run("join", added, data, "--yes")[0] == 0  # again
    assert joined(tmp_path / "learner" / "progress.sqlite3").agreed  # the tutor does not ask once more


def test_who_joins_again_is_told_of_all_answers_that_are_sent_then(run, added, tmp_path):
    data = f"--data={tmp_path / 'learner'}"
    run("join", added, data, "--yes")
    for text in ("[0.1, 0.1]", "[0.2, 0.2]"):
        main(["answer", "lstm-cell", text, "--part", "c", data])
    assert Outbox(tmp_path / "learner" / "progress.sqlite3").count() == 0  # they are sent
    _status, out, _err = run("join", added, data, "--yes")
    assert "The 2 answers that are kept here are sent too." in " ".join(out.split())
    _status, out, _err = run("status", data)
    assert "2 answers wait to be sent" in " ".join(out.split())


def test_one_class_at_a_time(run, added, lecturer, tmp_path, unique):
    data = f"--data={tmp_path / 'learner'}"
    assert run("join", added, data, "--yes")[0] == 0
    assert run("add", f"{unique}.2", "-o", tmp_path, lecturer)[0] == 0
    status, _out, err = run("join", tmp_path / f"{unique}.2.class", data, "--yes")
    assert status == 2
    assert "You are in the class lstm already: `rnn-tutor class leave` leaves it." in err
    status, out, _err = run("leave", data, "--yes")
    assert status == 0
    assert "Nothing is sent any more" in out
    assert not (tmp_path / "learner" / "class.json").exists()
    assert not (tmp_path / "learner" / "class-consent.json").exists()
    status, _out, err = run("leave", data, "--yes")
    assert status == 2
    assert "You are in no class." in err


def test_a_file_that_others_can_read_is_not_joined_with(run, added, tmp_path):
    added.chmod(0o644)
    status, _out, err = run("join", added, "--yes", f"--data={tmp_path / 'learner'}")
    assert status == 2
    assert "chmod 600 it first" in err
    assert not (tmp_path / "learner").exists()


def test_join_with_a_client_certificate(run, lecturer, server, tmp_path):
    assert run("add", "certified", "-o", tmp_path, "--no-secret", lecturer)[0] == 0
    file, data = tmp_path / "certified.class", f"--data={tmp_path / 'learner'}"
    assert memberships.read(file).secret == ""
    certificate, key = server.certificate("mine", "lstm.certified", folder=tmp_path)
    assert run("join", file, "--yes", data)[0] == 2
    status, _out, err = run("join", file, "--yes", data, "--cert", certificate)
    assert (status, "--cert and --key go together" in err) == (2, True)
    status, _out, err = run("join", file, "--yes", data, "--cert", certificate, "--key", key)
    assert (status, err) == (0, "")
    assert memberships.kept(tmp_path / "learner" / "progress.sqlite3").key == str(key)


def test_remove(run, added, lecturer, tmp_path, unique):
    with connected(memberships.read(added)) as con:
        con.execute("INSERT INTO rnn_tutor.event (uid, at, body) VALUES (gen_random_uuid(), now(), '')")
    status, _out, err = run("remove", unique, lecturer)
    assert (status, "add --yes" in err) == (2, True)
    status, out, err = run("remove", unique, "--erase", "--yes", lecturer)
    assert (status, out, err) == (0, f"{unique} is removed, with one answer.\n", "")
    status, _out, err = run("remove", unique, "--yes", lecturer)
    assert (status, f"{unique} is not in the class" in err) == (2, True)
    status, _out, err = run("join", added, "--yes", f"--data={tmp_path / 'learner'}")
    assert status == 2
    assert "does not let you in; perhaps you were removed from the class (no pg_hba.conf entry" in err
    assert err.endswith(": ask your lecturer.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "-o", "."), "Name at least one learner"),
        (("add", "a/b", "-o", "."), "An id has 1 to 32 letters"),
        (("add", "ada", "-o", "/nowhere"), "There is no folder /nowhere"),
        (("add", "ada", "--host", "ada", "-o", "."), "need two commands"),
        (("add", "ada"), "are required: -o/--output"),
        (("remove", "--yes"), "Name at least one learner"),
        (("join", "/nowhere"), "There is no file /nowhere"),
        (("nothing",), "invalid choice"),
        ((), "are required: ACTION"),
    ],
)
def test_what_is_not_asked_rightly(run, lecturer, words, said):
    status, out, err = run(*words, *([lecturer] if words else []))
    assert (status, out) == (2, "")
    assert said in err


def test_who_is_no_lecturer_is_told(run, tmp_path):
    status, _out, err = run("add", "ada", "-o", tmp_path, f"--data={tmp_path}")
    assert status == 2
    assert "This account is not a lecturer's: join with the lecturer's file, or name --database." in err


def test_a_learner_cannot_add_learners(run, of_class, tmp_path, unique):
    one = of_class.member(unique)
    memberships.write(tmp_path / "class-lecturer.json", one)
    status, _out, err = run("add", "eve", "-o", tmp_path, f"--data={tmp_path}")
    assert status == 2
    assert "refuses that" in err
    assert not (tmp_path / "eve.class").exists()


def test_there_is_no_class_in_a_kiosk(run, capsys):
    assert main(["--kiosk", "class", "init", "--database", "lstm"]) == 2
    assert "it cannot be used with a command" in capsys.readouterr().err
