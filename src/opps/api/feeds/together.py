"""What several ask at the same time is asked once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Together:
    """Questions on their way: whoever asks one of them again waits for the same answer.

    The answer may be as old as the first to ask it; name in the key what it must not be older than.
    """

    def __init__(self) -> None:
        self._asked: dict[Hashable, _Question] = {}

    async def ask(self, key: Hashable, question: Callable[[], Awaitable[T]]) -> T:
        """Return the answer to a question, which is given up once nobody waits for it."""
        asked = self._asked.get(key)
        if asked is None or asked.answer.done():
            asked = self._asked[key] = _Question(asyncio.ensure_future(question()))
        asked.waiting += 1
        try:
            answer: T = await asyncio.shield(asked.answer)
            return answer
        finally:
            asked.waiting -= 1
            if not asked.waiting:
                asked.answer.cancel()
                if self._asked.get(key) is asked:
                    del self._asked[key]


class _Question:
    def __init__(self, answer: asyncio.Future[Any]) -> None:
        self.answer = answer
        self.waiting = 0
