"""The groups of a process, by what is the same for everybody in them."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from opps.api.feeds.group import Group, Opening
from opps.api.feeds.together import Together
from opps.api.shutdown import Draining


class Groups:
    """Who follows what: a group is there for as long as somebody is in it."""

    def __init__(self) -> None:
        self.together = Together()
        self._groups: dict[Hashable, Group] = {}
        self._readers: dict[Group, int] = {}
        self._watching: Callable[[], None] | None = None

    @contextmanager
    def joined(self, key: Hashable, opening: Opening, draining: Draining) -> Iterator[Group]:
        """Yield the group of a key; the first one to join it opens what it follows.

        Everybody in it looks around when draining begins.
        """
        if self._watching is None:
            self._watching = draining.watched(self.wake)
        group = self._groups.get(key)
        if group is None or group.failed:
            group = self._groups[key] = Group(opening)
            self._readers[group] = 0
        self._readers[group] += 1
        try:
            yield group
        finally:
            self._readers[group] -= 1
            if not self._readers[group]:
                del self._readers[group]
                group.end()
                if self._groups.get(key) is group:
                    del self._groups[key]
            if not self._readers and self._watching is not None:
                self._watching()
                self._watching = None

    def wake(self) -> None:
        """Let everybody look around, such as when the server is stopping."""
        for group in list(self._readers):
            group.wake()
