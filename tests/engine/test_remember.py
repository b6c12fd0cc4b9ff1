"""Results are kept by identity, a bounded number of them, and an object's id is never taken for another's."""

import gc
import threading

import pytest

from rnn_tutor.engine.remember import remembered


class Thing:
    def __eq__(self, other):
        return isinstance(other, Thing)

    __hash__ = None


def counted(size):
    calls = []

    @remembered(size)
    def work(thing, power=1):
        calls.append(power)
        return [power]

    return work, calls


def test_the_same_object_is_worked_out_once_and_an_equal_one_anew():
    work, calls = counted(8)
    one, other = Thing(), Thing()
    assert work(one) is work(one)
    assert work(other) is not work(one)
    assert len(calls) == 2


def test_other_arguments_count():
    work, calls = counted(8)
    one = Thing()
    assert work(one, 2) is work(one, 2)
    assert work(one, 3) == [3]
    assert calls == [2, 3]


def test_what_counts_can_be_said():
    calls = []

    @remembered(8, by=lambda thing, part: (thing[0], part["name"]))
    def work(thing, part):
        calls.append(part["name"])
        return [part["name"]]

    inner = Thing()
    assert work([inner], {"name": "a"}) is work([inner], {"name": "a", "also": 1})
    assert work([inner], {"name": "b"}) == ["b"]
    assert calls == ["a", "b"]


def test_no_more_than_so_many_are_kept_and_the_oldest_goes_first():
    work, calls = counted(2)
    things = [Thing() for _ in range(3)]
    for thing in things:
        work(thing)
    work(things[2])
    work(things[1])
    assert len(calls) == 3
    work(things[0])
    assert len(calls) == 4


def test_an_id_that_is_given_out_again_is_not_taken_for_the_old_object():
    work, calls = counted(1)
    for _ in range(200):
        work(Thing())
        gc.collect(0)
    assert len(calls) == 200


def test_threads_may_ask_at_once():
    work, _ = counted(4)
    things = [Thing() for _ in range(16)]
    wrong = []

    def ask():
        for _ in range(300):
            for at, thing in enumerate(things):
                if work(thing, at) != [at]:
                    wrong.append(at)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_threads_that_ask_for_the_same_at_once_work_it_out_once():
    begun, go_on, calls = threading.Event(), threading.Event(), []

    @remembered(8, once=True)
    def work(thing):
        calls.append(thing)
        begun.set()
        go_on.wait(5)
        return [thing]

    one, found = Thing(), []
    first = threading.Thread(target=lambda: found.append(work(one)))
    first.start()
    assert begun.wait(5)
    second = threading.Thread(target=lambda: found.append(work(one)))
    second.start()
    second.join(0.1)
    assert second.is_alive(), "it waits for the first"
    go_on.set()
    first.join(5)
    second.join(5)
    assert len(calls) == 1
    assert found[0] is found[1]


def test_who_waits_for_one_that_fails_works_it_out():
    begun, go_on, calls = threading.Event(), threading.Event(), []

    @remembered(8, once=True)
    def work(thing):
        calls.append(thing)
        if len(calls) == 1:
            begun.set()
            go_on.wait(5)
            raise ValueError
        return [thing]

    def first_of_two():
        with pytest.raises(ValueError):
            work(one)

    one, found = Thing(), []
    first = threading.Thread(target=first_of_two)
    first.start()
    assert begun.wait(5)
    second = threading.Thread(target=lambda: found.append(work(one)))
    second.start()
    go_on.set()
    first.join(5)
    second.join(5)
    assert len(found) == 1
    assert len(calls) == 2
