"""The rest of something that was begun at once, and had to wait."""

from collections.abc import Coroutine, Generator
from typing import Any


class Rest:
    """A coroutine that was stepped by hand, to be awaited to its end by a task.

    A task, with its turn of the event loop, costs more than most messages to a socket, which are
    taken at once.
    """

    def __init__(self, begun: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._begun = begun
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self._awaited
        except BaseException:
            self._begun.close()
            raise
        yield from self._begun.__await__()
