"""How long an operation may take."""

import asyncio
from types import TracebackType


class TookTooLong(Exception):
    """The operation was given up; a command of it may be carried out all the same."""


class within:  # noqa: N801 - it reads as what it is: async with within(10)
    """Gives up what the block does after so many seconds; 0 is as long as it likes.

    A command that waits for the log meanwhile stays in line: what is stored, stays stored.

    Raises:
        TookTooLong: it was given up.
    """

    __slots__ = ("_clock",)

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.timeout(seconds or None)

    async def __aenter__(self) -> None:
        await self._clock.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._clock.__aexit__(kind, error, trace)
        except TimeoutError:
            # Of the clock, and of nothing within: that would not come from here.
            raise TookTooLong from None
