"""Draining: subscriptions end by themselves when the server is asked to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Draining:
    """Tells everybody who waits that the server is stopping."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether the server is stopping."""
        return self._event.is_set()

    def begin(self) -> None:
        """Let every subscription end."""
        self._event.set()

    async def unless(self, waiting: Coroutine[Any, Any, T]) -> T | None:
        """Return what is waited for, or None as soon as the server is stopping."""
        task = asyncio.ensure_future(waiting)
        stop = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for one in (task, stop):
                one.cancel()
