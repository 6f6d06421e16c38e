"""What takes more than a moment is worked out beside the event loop."""

import asyncio
from threading import Event, current_thread

import pytest

from opps.api.beside import beside

LONG_S = 30


def test_the_loop_goes_on_while_something_is_worked_out() -> None:
    gone_on = Event()

    async def request() -> bool:
        working = beside(gone_on.wait, LONG_S)
        gone_on.set()
        return await asyncio.wait_for(working, LONG_S)

    assert asyncio.run(request())


def test_all_is_worked_out_by_one_thread_that_is_not_the_loops() -> None:
    async def requests() -> set[str]:
        threads = await asyncio.gather(*(beside(current_thread) for _ in range(10)))
        return {thread.name for thread in threads}

    [name] = asyncio.run(requests())
    assert name != current_thread().name


def test_what_goes_wrong_there_goes_wrong_here() -> None:
    async def request() -> int:
        return await beside(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(request())
