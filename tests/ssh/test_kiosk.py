"""The kiosk: one account for many, and no way out of the tutor. The sshd configuration is the one in docs/lab.md."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_tutor.paths import PathError, learner_file

from .conftest import LAB, USER, Line, Server, awaited, environ, stored
from .conftest import Session as Terminal

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ssh")]

PROGRAM = str(Path(sys.executable).with_name("rnn-tutor"))

# What an account's environment may hold, and what it would do to a program that honours it.
HOSTILE = {
    "TEXTUAL": "devtools,debug",
    "TEXTUAL_DRIVER": "os:system",
    "TEXTUAL_LOG": "{home}/textual.log",
    "TEXTUAL_PRESS": "q",
    "TEXTUAL_SCREENSHOT": "0",
    "TEXTUAL_SCREENSHOT_LOCATION": "{home}",
    "TEXTUAL_ALLOW_SIGNALS": "1",
    "BROWSER": "touch {home}/browser %s",
    "PAGER": "touch {home}/pager",
    "EDITOR": "touch {home}/editor",
    "VISUAL": "touch {home}/editor",
    "SHELL": "/bin/false",
    "SSH_ORIGINAL_COMMAND": "touch {home}/command",
    "RNN_TUTOR_DATA": "{home}/elsewhere",
    "XDG_DATA_HOME": "{home}/elsewhere",
    "XDG_CONFIG_HOME": "{home}/elsewhere",
    "PYTHONINSPECT": "1",
    "PYTHONSTARTUP": "{home}/startup.py",
    "PYTHONPATH": "{home}",
    "PYTHONBREAKPOINT": "os.system",
    "PYTHONPROFILEIMPORTTIME": "1",
}

_CTRL = [bytes([code]) for code in range(32) if code not in (0x0D, 0x1B)] + [b"\x7f", b"\x00"]
_FUNCTION = [b"\x1bOP", b"\x1b[21~", b"\x1b[23~", b"\x1b[24~", b"\x1b[17~"]  # F1, F10, F11, F12, F6
_ALT = [b"\x1b" + bytes([code]) for code in b"abcdefghijklmnoprstuvwxyz!|:."]
_KITTY = [f"\x1b[{code};{shift}u".encode() for code in (112, 113, 122, 99, 111, 92) for shift in (5, 6, 7, 9)]
_MOUSE = [f"\x1b[<{button};5;5{end}".encode() for button in (0, 1, 2, 8, 16, 32, 64, 65) for end in "Mm"]
_PASTED = [
    b"\x1b[200~\x1b]52;c;aGk=\x07\x1b[31m[@click=app.quit]x[/] \x9b1m !sh :!sh\x1b[201~",
    b"\x1b[200~$(touch x) `touch x`\x1b[201~",
]
_TOLD = [  # what a terminal may claim about itself
    b"\x1b[48;60000;60000;60000;60000t",
    b"\x1b[?2048;1$y",
    b"\x1b[8;60000;60000t",
    b"\x1b]52;c;aGk=\x07",
    b"\x1bP>|evil\x1b\\",
    b"\x1b]11;rgb:0/0/0\x1b\\",
    b"\xff\xfe\x9b\x80",
]
EVERY = _CTRL + _FUNCTION + _ALT + _KITTY + _MOUSE + _PASTED + _TOLD

# The keys that lead from the first screen to each other one, and what is read there.
WAYS = {
    "learner": ([], "Who are you"),
    "course": ([("ada\r", "Nobody has worked here"), ("\r", "A pair")], "0 of 2 done"),
}
WAYS["help"] = ([*WAYS["course"][0], ("?", "What works")], "What works here")
WAYS["progress"] = ([*WAYS["course"][0], ("p", "0 of 2")], "Every answer is kept")
WAYS["line"] = ([*WAYS["course"][0], ("\r", "twice the vector")], "twice the vector")
WAYS["letters"] = ([*WAYS["line"][0], ("\x1b", "q back")], "twice the vector")
WAYS["palette"] = ([*WAYS["course"][0], (":", "All actions")], "All actions")
WAYS["settings"] = ([*WAYS["help"][0], ("s", "It can be")], "high-contrast")
WAYS["copies"] = ([*WAYS["letters"][0], ("y", "all givens")], "as NumPy code")
WAYS["look"] = ([*WAYS["line"][0], ("\x1b[15~", "picture 1")], "picture 1")
WAYS["solution"] = ([*WAYS["line"][0], ("\x1bOR", "step 1")], "step 1")


@pytest.fixture
def kiosk(tmp_path, lab_content):
    """Start the kiosk on a terminal of its own."""
    made = []

    def start(*words, size=(80, 24), program=(sys.executable, "-I", "-m", "rnn_tutor"), **more):
        where = ("--kiosk", "--data", str(tmp_path / "data"), "--only", "--content", str(lab_content))
        one = Terminal((*program, *where, *words), environ(tmp_path, **more), size, tmp_path)
        made.append(one)
        return one

    yield start
    for one in made:
        one.close()


def shows(terminal, text):
    there = terminal.until_shown(text, 30)
    assert there, f"{text!r} is not shown, but:\n{terminal.text}"


def to(terminal, way):
    for keys, text in way[0]:
        shows(terminal, "Who are you" if keys.startswith("ada") else "")
        terminal.send(keys.encode())
        shows(terminal, text)
    shows(terminal, way[1])


def children(pid):
    """Return the processes that a process has started."""
    return [word for task in Path(f"/proc/{pid}/task").glob("*/children") for word in task.read_text().split()]


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def files(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


QUICK = ("learner", "line", "solution")  # the other places are for `make test-long`


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=() if place in QUICK else pytest.mark.long) for place in WAYS]
)
def test_no_key_leads_out(kiosk, tmp_path, place):
    terminal = kiosk()
    to(terminal, WAYS[place])
    for keys in EVERY:
        if place == "learner" and keys in _ALT:
            continue  # Escape, and a letter: on this screen Escape leaves
        terminal.send(keys)
        terminal.pump(0.01)
        assert terminal.process.poll() is None, f"{keys!r} ends it"
        assert children(terminal.pid) == [], keys
    terminal.settle(0.3)
    assert state(terminal.pid) in "SR"
    raw = bytes(terminal.raw).replace(b"\x1b]22;default\x07", b"")  # the form of the mouse pointer, from textual
    assert b"\x1b]" not in raw, "an OSC: the clipboard, a title, a link"
    assert b"\x1bP" not in raw
    assert "\x9b" not in raw.decode("utf-8", "replace")
    assert "ommand palette" not in terminal.text
    assert set(files(tmp_path)) <= {f"data/learners/ada/{name}" for name in ("progress.sqlite3", "settings.toml")}
    terminal.signal(signal.SIGTERM)
    assert terminal.ended() is not None
    assert terminal.restored() == []


def test_no_variable_leads_out(kiosk, tmp_path):
    (tmp_path / "startup.py").write_text(f"open({str(tmp_path / 'python')!r}, 'w')")
    (tmp_path / "sitecustomize.py").write_text(f"open({str(tmp_path / 'python')!r}, 'w')")
    hostile = {name: value.format(home=tmp_path) for name, value in HOSTILE.items()}
    terminal = kiosk(**hostile)
    to(terminal, WAYS["line"])
    terminal.send(b"[4, 6]\r")
    shows(terminal, "Right.")
    assert children(terminal.pid) == []
    for keys, text in ((b"\x1b", "q back"), (b"q", "0 of 2 done")):
        terminal.send(keys)
        shows(terminal, text)
    terminal.send(b"q")
    assert terminal.ended() is not None  # and no Python prompt comes
    assert terminal.status == 0
    assert files(tmp_path) == ["data/learners/ada/progress.sqlite3", "sitecustomize.py", "startup.py"]


def test_a_size_that_is_claimed_uses_nothing_up(kiosk):
    terminal = kiosk(size=(65_535, 65_535))
    assert terminal.until_text("Who are you", 60)
    assert terminal.pss() < 150
    terminal.resize(80, 24)
    terminal.send(b"ada\r\r")
    assert terminal.until_text("A pair", 60)


def test_learners_are_kept_apart(kiosk, tmp_path):
    for learner, done in (("Ada", "1 of 2 parts"), ("bob", "")):
        terminal = kiosk()
        shows(terminal, "Who are you")
        terminal.send(learner.encode() + b"\r")
        shows(terminal, f"Nobody has worked here as {learner}")
        terminal.send(b"\r")
        shows(terminal, "0 of 2 done")
        terminal.send(b"\r")
        shows(terminal, "twice the vector")
        if done:
            terminal.send(b"[4, 6]\r")
            shows(terminal, "Right.")
        terminal.close()
    learners = tmp_path / "data" / "learners"
    assert stored(learners / "ada" / "progress.sqlite3") == [("[4, 6]", "right")]
    assert stored(learners / "bob" / "progress.sqlite3") == []
    again = kiosk()
    shows(again, "Who are you")
    again.send(b"aDA\r")  # known: not asked twice, whatever the capitals
    shows(again, "ada   0 of 2 done")
    shows(again, "[~] A pair")
    given = kiosk("--learner", "ADA")
    shows(given, "[~] A pair")


NO_IDS = ["..", ".hidden", "../ada", "a/b", "-x", "é", "a b", "a\\b", "~root", "a" * 33]


def test_what_is_no_id(kiosk, tmp_path):
    terminal = kiosk()
    shows(terminal, "Who are you")
    for learner in NO_IDS[:-1]:
        terminal.send(learner.encode() + b"\r")
        shows(terminal, "An id has 1 to 32 letters")
        terminal.send(b"\x15")
        terminal.until(lambda one: "An id has" not in one.text)
    terminal.send(NO_IDS[-1].encode())  # more than an id has is not taken
    terminal.settle(0.3)
    assert f"id = {'a' * 32}\n" in terminal.text
    assert files(tmp_path) == []
    for learner in NO_IDS:
        with pytest.raises(PathError, match="An id has 1 to 32"):
            learner_file(tmp_path / "progress.sqlite3", learner)
    done = subprocess.run(
        [PROGRAM, "--kiosk", "--learner=../x"], capture_output=True, env=environ(tmp_path), check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"An id has 1 to 32" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--kiosk", "list"],
        ["--kiosk", "author", "x.yaml"],
        ["--kiosk", "answer", "pair", "1"],
        ["--kiosk", "check", "/etc"],
        ["--learner", "ada"],
    ],
)
def test_a_kiosk_takes_no_command(tmp_path, words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, env=environ(tmp_path), check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1


# over ssh


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """An sshd with what docs/lab.md says, for the account and the folders that there are here."""
    (block,) = re.findall(r"^```sshd\n(.*?)^```$", LAB.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    folder = tmp_path_factory.mktemp("lab")
    for there, here in (
        ("Match User tutor", f"Match User {USER}"),
        ("/opt/rnn-tutor/bin/python", sys.executable),
        ("/var/lib/rnn-tutor", str(folder / "data")),
        ("/etc/ssh/rnn-tutor-keys", str(folder / "authorized")),
    ):
        assert there in block
        block = block.replace(there, here)
    server = Server(folder, block)
    yield server
    server.close()


def test_over_ssh_the_kiosk_is_what_there_is(lab, tmp_path):
    line = Line(lab, lab.folder / "data", f"touch {tmp_path}/command; exec sh")
    line.shows("Who are you")
    line.type(b"ada\r")
    line.shows("Nobody has worked here as ada")
    line.type(b"\r")
    line.shows("Enter to the course")
    line.type(b"\r")
    line.shows("level 1")
    line.cut()
    awaited(lambda: not line.pids(), "the kiosk goes on without its line", 2.0)
    assert files(tmp_path) == []
    line.close()


@pytest.mark.long
def test_over_ssh_nothing_else_is_served(lab, tmp_path):
    target = str(lab.port)
    (tmp_path / "file").write_text("x")
    ssh, *rest = lab.ssh
    host = rest.pop()
    for words in (
        [ssh, *rest, host, f"touch {tmp_path}/command"],
        [ssh, *rest, "-s", host, "sftp"],
        [ssh, *rest, "-T", host],
        [ssh, *rest, "-W", f"127.0.0.1:{target}", host],
        [ssh, *rest, "-N", "-o", "ExitOnForwardFailure=yes", "-R", f"0:127.0.0.1:{target}", host],
        [ssh, *rest, "-N", "-o", "ExitOnForwardFailure=yes", "-R", f"{tmp_path}/socket:127.0.0.1:{target}", host],
        [
            "scp",
            *(word.replace("-p", "-P") if word == "-p" else word for word in rest),
            f"{tmp_path}/file",
            f"{host}:{tmp_path}/copy",
        ],
    ):
        done = subprocess.run(words, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode != 0, words
        assert done.stdout == b"", words
    assert files(tmp_path) == ["file"]


def test_over_ssh_no_variable_arrives(lab, tmp_path):
    hostile = {name: value.format(home=tmp_path) for name, value in HOSTILE.items()}
    names = [word for name in hostile for word in ("-o", f"SendEnv={name}")]
    line = Line(lab, lab.folder / "data", None, words=("-tt", *names))
    line.shows("Who are you")
    found = Path(f"/proc/{line.pid()}/environ").read_bytes().decode()
    assert [name for name in hostile if f"\0{name}=" in found and name not in ("SHELL", "SSH_ORIGINAL_COMMAND")] == []
    line.close()


def test_a_key_can_be_tied_to_a_learner(tmp_path, lab_content):
    server = Server(tmp_path / "keys")
    command = (
        f"{sys.executable} -I -m rnn_tutor --kiosk --learner ada --data {tmp_path / 'data'} "
        f"--only --content {lab_content}"
    )
    authorized = tmp_path / "keys" / "authorized"
    authorized.write_text(f'restrict,pty,command="{command}" {authorized.read_text()}')
    line = Line(server, tmp_path / "data", "sh")
    line.shows("0 of 2 done")
    assert (tmp_path / "data" / "learners" / "ada" / "progress.sqlite3").exists()
    line.close()
    server.close()
