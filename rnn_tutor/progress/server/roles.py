"""The roles of a class: who owns it, who may send to it, and what each is kept from.

Three groups are named after the class (`CLASS_owner`, `CLASS_learner`, `CLASS_host`); nobody logs in as one of them.
All rights are theirs. A member has a role of its own: `CLASS.ID` a learner, `CLASS@NAME` a kiosk host.

Time limits are settings of a role. PostgreSQL lets everybody lift them, in a session and for those to come;
`END_OVERLONG` ends such sessions. What nobody can lift: rights, row security, the number of connections, how much a
member may send, and have written, and for how long a command may add events.
"""

from typing import TYPE_CHECKING

from rnn_tutor.paths import learner_id
from rnn_tutor.progress.server.connection import ClassError
from rnn_tutor.progress.server.membership import Kind
from rnn_tutor.progress.server.schema import migrate

if TYPE_CHECKING:
    from psycopg import sql

    from rnn_tutor.progress.server.connection import Connection

OLDEST = 150_000
"""PostgreSQL 15, as libpq counts: the oldest that is tried."""
LIMITS = {
    "search_path": "rnn_tutor, pg_temp",
    "row_security": "'on'",
    "default_transaction_isolation": "'read committed'",
    "statement_timeout": "'15s'",
    "lock_timeout": "'5s'",
    "idle_in_transaction_session_timeout": "'15s'",
    "idle_session_timeout": "'15min'",
}
_ONLY_WITH_ADMIN = 160_000  # from here on who makes roles grants only what was granted with this option
_PATIENCE = "SET LOCAL lock_timeout = '20s'"  # a member's idle transaction is not waited for without end
CONNECTIONS = {"learner": 4, "host": 64}
"""How many at once: a learner works on a host or two, and a kiosk host has many learners."""

END_OVERLONG = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ~ '^{0}[.@]' AND "
    "(xact_start < now() - interval '1 minute' OR backend_start < now() - interval '1 hour')"
)
"""Ends sessions of members whose transaction lasts too long, busy or idle, or that go on and on, gathering things.

For the administrator, once a minute, outside of the class's database: an administrator is to run nothing that a
lecturer may change. A tutor whose session is ended sends again.
"""

# Functions of PostgreSQL's that everybody may call, and that fill a disk, the table of locks or the queue of
# notifications without any right, or tell who is connected (with the process that a notification names, who has sent),
# or whose meter has moved.
_CLOSED = r"""
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN
        SELECT oid::regprocedure FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND (
            proname ~ '^lo_|^lo(read|write)$|^pg_(try_)?advisory_|^pg_stat_get_(activity$|backend_|blocks_)'
            OR proname IN ('pg_export_snapshot', 'pg_logical_emit_message', 'pg_notify')
        )
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
        IF one::text ~ 'pg_stat_get_' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_read_all_stats', one);
        END IF;
    END LOOP;
    REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
END $$
"""


def groups(class_name: str) -> dict[str, str]:
    """Return the roles that nobody logs in as, by the words that stand for them in the migrations."""
    return {word: f"{class_name}_{word.removesuffix('s')}" for word in ("owner", "learners", "hosts")}


def role_of(class_name: str, kind: Kind, name: str) -> str:
    """Return the role of a member."""
    return f"{class_name}{'@' if kind == 'host' else '.'}{name}"


def set_up(con: "Connection", class_name: str, lecturer: str) -> tuple[int, int, bool]:
    """Make everything that a class needs in the database of this connection; what is there already stays.

    lecturer: the role that reads the class and adds members. Returns the version before and after, and whether all
    could be closed that PostgreSQL leaves open to everybody (only a superuser can). All or nothing. Raises ClassError.
    """
    if con.info.server_version < OLDEST:
        raise ClassError(f"This PostgreSQL is version {con.info.server_version // 10_000}: a class needs 15 or newer.")
    _check_owner(con, class_name)
    _check_lecturer(con, class_name, lecturer)
    roles = groups(class_name)
    with con.transaction():
        con.execute(_PATIENCE)
        _make_roles(con, roles, lecturer)
        con.execute(said("REVOKE ALL ON DATABASE {} FROM PUBLIC", class_name))
        con.execute(said("GRANT CONNECT ON DATABASE {} TO {}, {}, {}", class_name, *roles.values()))
        con.execute(said("GRANT CREATE ON DATABASE {} TO {}", class_name, roles["owner"]))
        con.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        closed = _close(con, class_name, roles["owner"])
        con.execute(said("SET ROLE {}", roles["owner"]))
        before, after = migrate(con, roles)
        con.execute("RESET ROLE")
    return before, after, closed


def add(con: "Connection", class_name: str, kind: Kind, name: str, secret: str) -> str:
    """Make a member's role, or give it a new secret; return the role.

    secret: "" for a member who logs in with a client certificate or by peer. The server is sent what a secret is
    checked with (SCRAM-SHA-256), never the secret. Raises PathError for a name that is none.
    """
    name = learner_id(name)
    role = role_of(class_name, kind, name)
    with con.transaction():
        if not is_there(con, role):
            con.execute(said("CREATE ROLE {}", role))
        con.execute(said(f"ALTER ROLE {{}} LOGIN CONNECTION LIMIT {CONNECTIONS[kind]}", role))
        keep_secret(con, role, secret)
        con.execute(said("ALTER ROLE {} RESET ALL", role))  # what the member has set, too
        con.execute(said("ALTER ROLE {} IN DATABASE {} RESET ALL", role, class_name))
        for setting, value in LIMITS.items():
            con.execute(said(f"ALTER ROLE {{}} IN DATABASE {{}} SET {setting} = {value}", role, class_name))
        con.execute(said("GRANT {} TO {}", groups(class_name)[f"{kind}s"], role))
        con.execute(
            "INSERT INTO rnn_tutor.member (role, kind, id) VALUES (%s, %s, %s) ON CONFLICT (role) DO NOTHING",
            (role, kind, name),
        )
        con.execute("SELECT setval(format('rnn_tutor.%%I', %s::text)::regclass, 0)", (role,))
    return role


def keep_secret(con: "Connection", role: str, secret: str) -> None:
    """Have a role log in with a secret, or, where it is "", with none."""
    from psycopg import sql

    check = con.pgconn.encrypt_password(secret.encode(), role.encode(), b"scram-sha-256").decode() if secret else None
    words = sql.SQL("ALTER ROLE {} PASSWORD {}")
    con.execute(words.format(sql.Identifier(role), sql.Literal(check)))


# What a learner sent is not to come again from a kiosk, or from the learner, whose tutors see that it is gone.
_ERASED = {
    "learner": """
        WITH gone AS (DELETE FROM rnn_tutor.event WHERE learner = %s RETURNING learner, uid),
        marked AS (
            INSERT INTO rnn_tutor.forgotten (learner, uid, by_lecturer) SELECT DISTINCT learner, uid, true FROM gone
            ON CONFLICT DO NOTHING
        )
        SELECT FROM gone
    """,
    "host": "DELETE FROM rnn_tutor.event WHERE vouched_by = %s",
}


def remove(con: "Connection", class_name: str, kind: Kind, name: str, *, erase: bool) -> int:
    """Take a member's role away and end its sessions; erase what it sent if that is wanted, and return how many events.

    Raises ClassError where there is no such member, PathError for a name that is none.
    """
    name = learner_id(name)
    role = role_of(class_name, kind, name)
    if is_there(con, role):
        con.execute(said("ALTER ROLE {} NOLOGIN", role))  # by itself: none of them is to come back meanwhile
    _end_sessions(con, role)  # they may hold what has to be deleted
    with con.transaction():
        con.execute(_PATIENCE)
        known = con.execute("DELETE FROM rnn_tutor.member WHERE role = %s RETURNING id", (role,)).fetchone()
        if known is None and not is_there(con, role) and not erase:
            raise ClassError(f"{name} is not in the class.")
        erased = 0
        if erase:
            erased = con.execute(_ERASED[kind], (name,)).rowcount
            con.execute("INSERT INTO rnn_tutor.erasure DEFAULT VALUES")
            con.execute("SELECT pg_notify('rnn_tutor', '') WHERE pg_notification_queue_usage() < 0.5")
        if is_there(con, role):
            _end_sessions(con, role)
            con.execute(said("GRANT {} TO CURRENT_USER", role))  # whoever drops what it owns needs its rights
            con.execute(said("DROP OWNED BY {}", role))  # default privileges, which everybody may have
            con.execute(said("DROP ROLE {}", role))
    return erased


def is_there(con: "Connection", role: str) -> bool:
    """Tell whether there is a role of this name."""
    return con.execute("SELECT FROM pg_catalog.pg_roles WHERE rolname = %s", (role,)).fetchone() is not None


def said(text: str, *names: str) -> "sql.Composed":
    """Return a command with names in the places of {}, quoted as they have to be."""
    from psycopg import sql

    return sql.SQL(text).format(*map(sql.Identifier, names))  # type: ignore[arg-type,unused-ignore]  # our own words


def is_superuser(con: "Connection") -> bool:
    """Tell whether this connection may do everything."""
    row = con.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user").fetchone()
    return row is not None and row[0] is True


def _make_roles(con: "Connection", roles: dict[str, str], lecturer: str) -> None:
    for role in roles.values():
        if not is_there(con, role):
            con.execute(said("CREATE ROLE {}", role))
    if not is_there(con, lecturer):
        con.execute(said("CREATE ROLE {} LOGIN CREATEROLE", lecturer))
    members = {lecturer}
    if not is_superuser(con):
        members |= {con.info.user}
    for member in sorted(members):
        con.execute(said("GRANT {} TO {}", roles["owner"], member))
        if con.info.server_version >= _ONLY_WITH_ADMIN:
            con.execute(said("GRANT {}, {} TO {} WITH ADMIN OPTION", roles["learners"], roles["hosts"], member))


def _close(con: "Connection", class_name: str, owner: str) -> bool:
    """Take from everybody what nobody needs; tell whether it could be taken."""
    if not is_superuser(con):
        return False
    con.execute(_CLOSED)
    con.execute(said("GRANT USAGE ON LANGUAGE plpgsql, sql TO {}", owner))
    con.execute(said("GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) TO {}", owner))
    con.execute(said("GRANT pg_read_all_stats, pg_signal_backend TO {}", owner))
    con.execute(said("ALTER DATABASE {} SET temp_file_limit = '1GB'", class_name))
    return True


def _check_owner(con: "Connection", class_name: str) -> None:
    """Raise ClassError where the database has another class, as one that was restored under another name."""
    row = con.execute(
        "SELECT rolname FROM pg_catalog.pg_namespace JOIN pg_catalog.pg_roles AS role ON role.oid = nspowner"
        " WHERE nspname = 'rnn_tutor'"
    ).fetchone()
    if row is not None and row[0] != groups(class_name)["owner"]:
        raise ClassError(
            f"The database {class_name} has what belongs to {row[0]}: give it the name of its class again."
        )


def _check_lecturer(con: "Connection", class_name: str, lecturer: str) -> None:
    """Raise ClassError for a role that cannot be a lecturer: an administrator, or one that is named as members are."""
    row = con.execute("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = %s", (lecturer,)).fetchone()
    if row == (True,):
        raise ClassError(f"{lecturer} may do everything on this server: name another role with --lecturer.")
    if lecturer.startswith(tuple(f"{class_name}{sign}" for sign in ".@_")):
        raise ClassError(f"{lecturer} has the name of a member: name another role with --lecturer.")


def _end_sessions(con: "Connection", role: str) -> None:
    """End what a role does now, where this may be done; its rights go with it in any case."""
    if con.execute("SELECT pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')").fetchone() == (True,):
        con.execute("SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = %s", (role,))
