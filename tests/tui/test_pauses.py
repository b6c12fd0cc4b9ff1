"""What waits for a pause: nothing of it is done while keys come, and nothing is left once it is done."""

import asyncio
import gc

import pytest

from rnn_tutor.tui.garbage import Garbage
from rnn_tutor.tui.pauses import REST, Pauses

_TICK = 0.001  # seconds


@pytest.fixture
async def passes():
    """Have time pass for the loop alone, as far as a test says: on a busy machine a moment may be a long rest."""
    loop, time = asyncio.get_running_loop(), [0.0]
    began, own = loop.time(), loop.time

    async def passing(seconds):
        end = time[0] + seconds
        while time[0] < end:
            time[0] = min(end, time[0] + _TICK)
            for _ in range(4):  # what is due now, and what it sets off
                await asyncio.sleep(0)

    loop.time = lambda: began + time[0]
    yield passing
    loop.time = own


def begun(failed=None):
    pauses = Pauses(failed or (lambda error: None))
    pauses.begin()
    return pauses


async def test_a_step_waits_until_no_key_has_come_for_a_moment(passes):
    pauses, done = begun(), []
    pauses.plan("one", lambda: done.append(1))
    for _ in range(8):
        await passes(REST / 3)
        pauses.touched()
        assert not done
    await passes(REST * 2)
    assert done == [1]
    assert not pauses.busy
    assert pauses._waiting is None, "nothing is left that would wake anybody"


async def test_what_was_put_off_for_long_is_done_in_a_short_pause(passes):
    pauses, done = begun(), []
    for number in range(8):  # as somebody who types on and on
        pauses.plan("keep", lambda number=number: done.append(number), rest=60.0, within=REST * 4)
        pauses.touched()
        await passes(REST * 1.5)
    assert 0 < len(done) < 4
    assert done[0] > 1


async def test_what_was_planned_before_the_loop_is_done_in_it(passes):
    pauses, done = Pauses(lambda error: None), []
    pauses.plan("one", lambda: done.append(1))
    pauses.begin()
    await passes(REST * 2)
    assert done == [1]


async def test_of_one_name_the_last_is_done_and_the_others_in_their_order(passes):
    pauses, done = begun(), []
    for number, name in enumerate(["a", "b", "a", "c"]):
        pauses.plan(name, lambda number=number: done.append(number))
    await passes(REST * 3)
    assert done == [2, 1, 3]


async def test_what_fails_is_told_and_the_rest_is_done(passes):
    failures, done = [], []
    pauses = begun(failures.append)

    async def fails():
        raise ValueError("no")

    pauses.plan("bad", lambda: 1 / 0)
    pauses.plan("worse", fails)
    pauses.plan("good", lambda: done.append(1))
    await passes(REST * 4)
    assert [type(error) for error in failures] == [ZeroDivisionError, ValueError]
    assert done == [1]


async def test_one_step_at_a_time(passes):
    pauses, under_way = begun(), []

    async def slow():
        assert not under_way
        under_way.append(1)
        await asyncio.sleep(0.05)
        under_way.clear()

    pauses.plan("a", slow)
    pauses.plan("b", slow)
    await passes(REST + 0.3)
    assert not pauses.busy


async def test_after_the_end_nothing_begins(passes):
    pauses, done = begun(), []
    pauses.plan("one", lambda: done.append(1))
    pauses.stop()
    pauses.plan("two", lambda: done.append(2))
    await passes(REST * 2)
    assert not done


async def test_garbage_is_collected_in_a_pause(passes):
    class Node:
        pass

    before, threshold = gc.isenabled(), gc.get_threshold()
    gc.disable()
    try:
        pauses = begun()
        garbage = Garbage(pauses)
        garbage.begin()
        assert gc.isenabled()
        for _ in range(7_000):
            node = Node()
            node.itself = node
        assert gc.get_count()[0] > 6_000
        garbage.look()
        for _ in range(5):  # who goes through steps rests as long between two keys
            await passes(REST * 5)
            assert gc.get_count()[0] > 6_000
            pauses.touched()
            garbage.look()
        await passes(REST * 5)
        pauses.touched()
        await passes(REST * 2)
        assert gc.get_count()[0] < 6_000, "but not for ever"
    finally:
        gc.unfreeze()
        gc.set_threshold(*threshold)
        (gc.enable if before else gc.disable)()


async def test_what_takes_longer_than_a_rest_is_painted_before_a_step_begins(passes):
    done = []
    pauses = begun()
    pauses.plan("one", lambda: done.append("one"))
    pauses.hold()
    await passes(REST * 3)
    assert not done
    pauses.touched()
    await passes(REST / 3)
    assert not done
    await passes(REST * 2)
    assert done == ["one"]


async def test_a_thread_waits_while_keys_are_answered():
    pauses = begun()
    pauses.hold()
    waiting = asyncio.create_task(asyncio.to_thread(pauses.wait_for_one))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    pauses.touched()
    await asyncio.wait_for(waiting, 5)


async def test_a_thread_waits_no_more_when_the_learner_leaves():
    pauses = begun()
    pauses.hold()
    waiting = asyncio.create_task(asyncio.to_thread(pauses.wait_for_one))
    pauses.stop()
    await asyncio.wait_for(waiting, 1)


async def test_a_key_is_being_answered_until_something_is_painted(passes):
    pauses = begun()
    await passes(REST)
    assert not pauses.answering()
    pauses.asked()
    await passes(0.1)
    assert pauses.answering(), "marking takes long"
    pauses.painted()
    await passes(0.03)
    assert not pauses.answering()
    pauses.asked()
    await passes(1.0)
    assert not pauses.answering(), "nothing was painted for it"


async def test_a_long_step_lets_keys_go_first(passes):
    pauses, done = begun(), []

    async def long():
        for part in range(2):
            await pauses.give_way()
            done.append(part)
            pauses.asked()  # a key comes in the midst of it

    pauses.plan("long", long)
    await passes(REST + 0.02)
    assert done == [0]
    pauses.painted()
    await passes(0.1)
    assert done == [0, 1]
