"""When a file counts as saved."""

import os

import pytest

from rnn_tutor.tui.authoring.watch import Watch


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("one", encoding="utf-8")
    return path


def looks(watch, most=20):
    """How many looks it takes until it is told of, None if it is not."""
    return next((count for count in range(1, most) if watch.changed()), None)


def test_what_is_there_at_first_is_not_news(path):
    assert looks(Watch(path)) is None


def test_a_file_written_into_is_told_of_once_when_it_stays(path):
    watch = Watch(path)
    path.write_text("longer", encoding="utf-8")
    assert watch.moving
    assert looks(watch) == 2
    assert not watch.moving
    assert looks(watch) is None


def test_while_it_grows_nothing_is_told(path):
    watch = Watch(path)
    for count in range(1, 10):
        path.write_text("x" * (10 + count), encoding="utf-8")
        assert not watch.changed()
    assert looks(watch) == 1


def test_another_file_in_its_place_is_told_of_even_with_the_same_size_and_time(path):
    watch = Watch(path)
    other = path.with_name("b")
    other.write_text("two", encoding="utf-8")
    stat = path.stat()
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.replace(path)
    assert looks(watch) == 2


@pytest.mark.parametrize("empty", [False, True])
def test_a_file_that_is_gone_or_empty_gets_a_second_to_come_back(path, empty):
    watch = Watch(path)
    path.unlink()
    if empty:
        path.touch()
    assert not watch.changed() and not watch.changed()
    path.write_text("two", encoding="utf-8")
    assert looks(watch) == 2
    path.unlink()
    if empty:
        path.touch()
    assert looks(watch) == 6
    assert watch.gone is not empty


def test_a_file_that_is_back_as_it_was_is_told_of_too(path):
    """Somebody may have looked at it meanwhile, and have seen something else."""
    watch = Watch(path)
    away = path.with_name("away")
    path.rename(away)
    assert not watch.changed()
    away.rename(path)
    assert looks(watch) == 2


def test_a_folder_that_may_not_be_entered_does_not_stop_it(path, tmp_path):
    watch = Watch(path / "below")  # what is above it is no folder
    assert not watch.changed() and watch.gone
    long = Watch(tmp_path / ("x" * 300))  # no such name is possible
    assert not long.changed() and not long.gone
