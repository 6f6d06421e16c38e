"""The groups of a process, by what is the same for everybody in them."""

from collections import Counter
from collections.abc import Callable, Hashable

from opps.api.feeds.group import Group, Opening
from opps.api.feeds.together import Together
from opps.api.shutdown import Draining


class Groups:
    """Who follows what: a group is there for as long as somebody is in it."""

    def __init__(self) -> None:
        self.together = Together()
        # How many subscriptions each caller has.
        self.running: Counter[Hashable] = Counter()
        self._by_key: dict[Hashable, Group] = {}
        self._keys: dict[Group, Hashable] = {}
        self._readers: dict[Group, int] = {}
        self._call_off: Callable[[], None] | None = None

    def join(self, key: Hashable, opening: Opening, draining: Draining) -> Group:
        """Return the group of a key, to be left again; the first to join opens what it follows.

        Everybody in it looks around when draining begins.
        """
        if self._call_off is None:
            self._call_off = draining.watched(self.wake)
        group = self._by_key.get(key)
        if group is None or group.failed:
            group = self._by_key[key] = Group(opening)
            self._keys[group], self._readers[group] = key, 0
        self._readers[group] += 1
        return group

    def leave(self, group: Group) -> None:
        """Leave a group; the last to leave ends it."""
        self._readers[group] -= 1
        if self._readers[group]:
            return
        group.end()
        del self._readers[group]
        key = self._keys.pop(group)
        if self._by_key.get(key) is group:
            del self._by_key[key]
        if not self._readers and self._call_off is not None:
            self._call_off()
            self._call_off = None

    def wake(self) -> None:
        """Let everybody look around, such as when the server is stopping."""
        for group in list(self._readers):
            group.wake()
