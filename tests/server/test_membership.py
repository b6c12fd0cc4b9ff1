"""The file that a member joins with: private, strict, and put in place whole. No server is needed for it."""

import json
import os
import stat

import pytest

from rnn_tutor.progress.server import membership as memberships
from rnn_tutor.progress.server.membership import Membership, MembershipError

ROOT = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
ADA = Membership("learner", "lstm", "ada", "lstm.ada", "db.example.org", 5432, ROOT, "a secret")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ada.class"
    memberships.write(path, ADA)
    return path


def test_it_is_for_its_owner_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        memberships.write(tmp_path / "ada.class", ADA)
        memberships.keep(tmp_path / "data" / "progress.sqlite3", ADA)
    finally:
        os.umask(before)
    for path in (tmp_path / "ada.class", tmp_path / "data" / "class.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert memberships.read(path) == ADA
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) & 0o077 == 0


def test_nothing_is_written_over_and_nothing_half_is_left(file, tmp_path, monkeypatch):
    with pytest.raises(MembershipError, match="--force"):
        memberships.write(file, ADA)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MembershipError, match="is there already"):
        memberships.write(tmp_path / "link", ADA)

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MembershipError, match="cannot be written: No space left"):
        memberships.write(tmp_path / "bob.class", ADA)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ada.class", "link"]


def test_a_lecturers_is_kept_beside_a_learners(tmp_path):
    progress = tmp_path / "progress.sqlite3"
    lecturer = Membership("lecturer", "lstm", "prof", "prof", "/run/postgresql", 5432)
    assert memberships.kept(progress) is memberships.kept(progress, lecturer=True) is None
    memberships.keep(progress, ADA)
    memberships.keep(progress, lecturer)
    assert memberships.kept(progress) == ADA
    assert memberships.kept(progress, lecturer=True) == lecturer


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_what_others_can_read_or_change_is_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(MembershipError, match="chmod 600"):
        memberships.read(file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_anothers_file_is_refused(file):
    os.chown(file, 12345, 12345)
    with pytest.raises(MembershipError, match="belongs to another user"):
        memberships.read(file)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path, said in (
        (tmp_path / "pipe", "is not an ordinary file"),
        (tmp_path, "is not an ordinary file|Is a directory"),
        (tmp_path / "nothing", "There is no file"),
        (tmp_path / "a\0b", "is not a file name"),
    ):
        with pytest.raises(MembershipError, match=said):
            memberships.read(path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"format": 2}, "another version of rnn-tutor"),
        ({"more": "x"}, "is damaged"),
        ({"port": "5432"}, "is damaged"),
        ({"port": True}, "is damaged"),
        ({"port": 0}, "is damaged"),
        ({"kind": "owner"}, "is damaged"),
        ({"kind": ["learner"]}, "is damaged"),
        ({"host": "db.example.org,evil.example.org"}, "is damaged"),
        ({"host": "db.example.org sslmode=disable"}, "is damaged"),
        ({"host": ""}, "is damaged"),
        ({"host": "@abstract"}, "is damaged"),
        ({"class_name": "postgresql://evil/"}, "is damaged"),
        ({"class_name": "a=b"}, "is damaged"),
        ({"user": "a\nb"}, "is damaged"),
        ({"secret": "x" * 5000}, "is damaged"),
        ({"root": ""}, "is damaged"),
        ({"root": "/etc/passwd"}, "is damaged"),
        ({"certificate": "/a"}, "is damaged"),
        ({"host": "/run/postgresql", "root": ""}, "is damaged"),  # whose the server's socket is, is not said
    ],
)
def test_a_file_with_anything_else_in_it_is_refused(file, changed, said):
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))
    with pytest.raises(MembershipError, match=said):
        memberships.read(file)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "{}", '{"format": 1}', "\xff", "x" * 300_000])
def test_a_file_that_is_none_is_refused(file, text):
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(MembershipError, match="is not a membership"):
        memberships.read(file)


def test_every_field_is_needed(file):
    values = json.loads(file.read_text())
    for name in ("kind", "name", "user", "host", "port", "root"):
        file.write_text(json.dumps({key: value for key, value in values.items() if key != name}))
        with pytest.raises(MembershipError, match="is damaged"):
            memberships.read(file)


def test_a_secret_is_not_shown():
    assert "a secret" not in repr(ADA)


def test_a_key_that_others_can_read_is_refused(tmp_path):
    for name in ("crt", "key"):
        (tmp_path / name).touch(mode=0o644)
    with pytest.raises(MembershipError, match="chmod 600"):
        memberships.with_certificate(ADA, tmp_path / "crt", tmp_path / "key")
    (tmp_path / "key").chmod(0o600)
    one = memberships.with_certificate(ADA, tmp_path / "crt", tmp_path / "key")
    assert (one.certificate, one.key) == (str(tmp_path / "crt"), str(tmp_path / "key"))
