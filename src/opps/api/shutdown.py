"""Draining: subscriptions end by themselves when the server is asked to stop."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Draining:
    """Tells everybody who waits that the server is stopping."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._waiting: dict[object, Callable[[], None]] = {}
        self._telling: asyncio.Task[None] | None = None

    @property
    def begun(self) -> bool:
        """Whether the server is stopping."""
        return self._event.is_set()

    def begin(self) -> None:
        """Let every subscription end."""
        self._event.set()

    def watched(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back once the server is stopping, maybe at once; return what calls that off."""
        key = object()
        self._waiting[key] = callback
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())
        return lambda: self._call_off(key)

    @contextmanager
    def told(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within the block, call back once the server is stopping."""
        call_off = self.watched(callback)
        try:
            yield
        finally:
            call_off()

    def _call_off(self, key: object) -> None:
        self._waiting.pop(key, None)
        if not self._waiting and self._telling is not None:
            self._telling.cancel()
            self._telling = None

    async def _tell(self) -> None:
        # Not within begin(), which a signal may call in the middle of anything.
        await self._event.wait()
        for callback in list(self._waiting.values()):
            callback()

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
