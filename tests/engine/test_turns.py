"""What is worked out beforehand lets others go first, but not those who wait for it."""

import threading

import pytest

from rnn_tutor.engine.expression import walk
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.turns import give_way, giving_way, waited_for


@pytest.fixture
def others():
    """Others who are busy until this is set."""
    return threading.Event()


def begun(others, work):
    asked, done = threading.Event(), threading.Event()

    def busy():
        asked.set()
        return not others.is_set()

    def run():
        with giving_way(busy):
            work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    assert asked.wait(5)
    return done


@pytest.mark.parametrize("work", [give_way, lambda: list(walk(parse("a + b")))])
def test_others_go_first_while_they_are_busy(others, work):
    done = begun(others, work)
    assert not done.wait(0.1)
    others.set()
    assert done.wait(5)


def test_it_goes_on_for_who_waits_for_it(others):
    done = begun(others, give_way)
    with waited_for():
        assert done.wait(5)
    done = begun(others, give_way)
    assert not done.wait(0.1), "nobody waits any more"
    others.set()


def test_it_goes_on_for_who_asks_for_the_same(others):
    @remembered(4, once=True)
    def work(thing):
        give_way()
        return [thing]

    thing = object()
    found = []
    begun(others, lambda: found.append(work(thing)))
    assert work(thing)[0] is thing
    assert not others.is_set()


def test_nobody_else_gives_way(others):
    with giving_way(lambda: not others.is_set()):
        thread = threading.Thread(target=give_way)
        thread.start()
        thread.join(5)
    assert not thread.is_alive()
    give_way()
