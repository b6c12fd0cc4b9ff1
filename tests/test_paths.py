import os
import platform
import pwd
import re
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from rnn_tutor import paths


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in ("RNN_TUTOR_DATA", "RNN_TUTOR_HOST", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_content_of_the_repository():
    assert paths.content_folder() == Path(__file__).parents[1] / "content"


def test_content_of_an_installed_package_comes_first(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "rnn_tutor"
    for folder in (package / "content", tmp_path / "site-packages" / "content"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    assert paths.content_folder() == package / "content"
    (package / "content").rmdir()  # what else is called "content" there is not ours
    with pytest.raises(
        paths.PathError, match=r"^The exercises are missing from .*rnn_tutor: install rnn-tutor again\.$"
    ):
        paths.content_folder()


def test_option_before_variable_before_the_usual_place(monkeypatch, tmp_path):
    assert paths.data_folder().is_relative_to(tmp_path)
    assert paths.data_folder().name == "rnn-tutor"
    monkeypatch.setenv("RNN_TUTOR_DATA", "/from/variable")
    assert paths.data_folder() == Path("/from/variable")
    assert paths.data_folder("/from/option") == Path("/from/option")
    assert paths.progress_file("/from/option") == Path("/from/option/progress.sqlite3")
    monkeypatch.setenv("RNN_TUTOR_DATA", "")
    assert paths.data_folder().is_relative_to(tmp_path)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HOME": "/"},
        {"HOME": "/a home/"},
        {"XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/cache/", "XDG_CONFIG_HOME": "/etc/of me"},
        {"XDG_DATA_HOME": "", "XDG_CACHE_HOME": " ", "XDG_CONFIG_HOME": "relative"},
        {"HOME": "relative", "XDG_CACHE_HOME": "/cache"},
        {"ANDROID_DATA": "/data", "ANDROID_ROOT": "/system"},
        {"HOME": None},
    ],
)
def test_the_usual_places_are_those_of_platformdirs(environ, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    for kind in ("data", "cache", "config"):
        try:
            expected = getattr(platformdirs, f"user_{kind}_path")("rnn-tutor", appauthor=False)
        except RuntimeError:
            expected = Path("~")
        assert paths._usual(kind) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have their own places")
def test_a_plain_home_on_linux_needs_no_platformdirs(tmp_path):
    code = "import sys; from rnn_tutor import paths; paths.data_folder(), paths.cache_folder(), paths.settings_file()"
    code += "; sys.exit('platformdirs' in sys.modules)"
    environ = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == 0


def test_looking_makes_nothing(tmp_path):
    paths.progress_file()
    assert list(tmp_path.iterdir()) == []


def test_home_and_current_folder_are_filled_in(monkeypatch, tmp_path):
    monkeypatch.chdir("/")
    assert paths.data_folder("~/x") == tmp_path / "x"
    assert paths.data_folder("x") == Path("/x")


@pytest.mark.parametrize("text", ["", "  ", "a\0b"])
def test_an_option_that_names_nothing(text):
    with pytest.raises(paths.PathError, match=r"^--data needs a folder, .*\.$"):
        paths.data_folder(text)


def test_an_unknown_home():
    with pytest.raises(paths.PathError, match=r"^--data cannot be resolved: .*\.$"):
        paths.data_folder("~no-such-user-here/x")


def test_no_home_at_all(monkeypatch):
    """An account without an entry, as containers have them: no folder called "~" is made somewhere."""

    def nobody(*_):
        raise KeyError("no such user")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(paths.PathError, match=r"^This account has no home folder: .*--data DIR or RNN_TUTOR_DATA\.$"):
        paths.data_folder()
    assert paths.data_folder("/given") == Path("/given")


def test_a_path_in_a_sentence():
    assert paths.shown(Path("/a/b\x1b[2J\n\u202ec")) == "/a/b?[2J??c"
    assert paths.shown(Path(os.fsdecode(b"/a/\xff"))) == "/a/?"
    assert paths.shown(Path("/" + "x" * 500 + "/end")) == "..." + "x" * 113 + "/end"


MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
31 27 0:45 / /home rw,relatime shared:5 master:1 - nfs4 server:/home rw,vers=4.2
32 27 0:46 / /srv/a\\040b rw - fuse.sshfs host:/ rw
33 27 0:47 / /var/lib/containers rw - fuse.fuse-overlayfs fuse-overlayfs rw
not a line of a mount
"""


@pytest.mark.parametrize(
    ("device", "kind", "shared"),
    [
        ("254:0", "ext4", False), ("0:45", "nfs4", True), ("0:46", "fuse.sshfs", True),
        ("0:47", "fuse.fuse-overlayfs", False), ("9:9", "", False), ("", "", False),
    ],
)  # fmt: skip
def test_a_file_system_that_other_machines_write_in(tmp_path, monkeypatch, device, kind, shared):
    assert paths._kind_of(MOUNTS, device) == kind
    monkeypatch.setattr(paths, "_kind_of", lambda _mounts, _device: kind)
    assert paths.is_shared(tmp_path / "not" / "made" / "yet") is shared


def test_on_a_shared_folder_a_machine_has_a_file_of_its_own(monkeypatch):
    monkeypatch.setattr(paths, "is_shared", lambda _folder: True)
    name = paths.progress_file("/from/option").name
    assert re.fullmatch(r"progress-at-[a-z0-9.-]+-[0-9a-f]{8}\.sqlite3", name)
    assert paths.progress_file("/from/option").name == name
    monkeypatch.setattr(platform, "node", lambda: "Other.Machine")
    assert paths.progress_file("/from/option").name.startswith("progress-at-other.machine-")
    monkeypatch.setattr(platform, "node", lambda: "../\x1b[2J")
    assert re.fullmatch(r"progress-at-[a-z0-9.-]+\.sqlite3", paths.progress_file("/from/option").name)


@pytest.mark.parametrize(
    ("host", "name"), [("Lab 17", "lab-17"), ("../../etc", "etc"), ("\u00fc", "host"), ("a" * 300, "a" * 60)]
)
def test_a_machine_can_be_named(monkeypatch, host, name):
    monkeypatch.setenv("RNN_TUTOR_HOST", host)
    assert paths.progress_file("/from/option") == Path(f"/from/option/progress-at-{name}.sqlite3")


def test_what_was_updated_while_it_ran_is_told_from_a_bug(monkeypatch):
    assert not paths.replaced()
    assert paths.whose("KeyError") == "rnn-tutor has a bug here (KeyError)"
    for there in (None, (0, 0)):  # removed, or another file
        monkeypatch.setattr(paths, "_as_it_is", lambda there=there: there)
        assert paths.replaced()
        assert paths.whose("KeyError") == "rnn-tutor was updated while it ran, so end it and start it again"
