"""A test that waits for what does not come fails, with its name, and does not hold the others."""

import asyncio

import pytest

from .conftest import PATIENCE, within


async def test_a_test_that_waits_for_ever_fails(request):
    async def waits(event):
        await event.wait()

    with pytest.raises(pytest.fail.Exception, match=r"waited for more than 0\.01 seconds"):
        await within(0.01, waits)(asyncio.Event())
    assert request.node.obj.__wrapped__.__name__ == request.node.name  # as each of these tests is


async def test_what_runs_out_of_another_time_says_so():
    async def impatient():
        async with asyncio.timeout(0.01):
            await asyncio.sleep(PATIENCE)

    with pytest.raises(TimeoutError):
        await within(PATIENCE, impatient)()
