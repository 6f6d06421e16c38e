"""How long an operation may take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class TookTooLong(Exception):
    """The operation was given up; a command of it may be carried out all the same."""


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Give up what the block does after so many seconds; 0 is as long as it likes.

    A command that waits for the log meanwhile stays in line: what is stored, stays stored.

    Raises:
        TookTooLong: it was given up.
    """
    if not seconds:
        yield
        return
    try:
        async with asyncio.timeout(seconds) as clock:
            yield
    except TimeoutError:
        if clock.expired():
            raise TookTooLong from None
        raise
