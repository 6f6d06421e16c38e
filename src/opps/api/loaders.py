"""Loaders that can be asked for many things before anybody waits for one."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

from strawberry.dataloader import DataLoader

K = TypeVar("K")
V = TypeVar("V")
Resolve = TypeVar("Resolve", bound=Callable[..., Any])
Ahead = Callable[[Sequence[Any], Any], Awaitable[None]]


class NotLoaded(Enum):
    """Nothing is known yet: neither a value nor that there is none."""

    NOT_LOADED = "NOT_LOADED"


NOT_LOADED: Final = NotLoaded.NOT_LOADED


class Loader(DataLoader[K, V]):
    """Loads each thing once a request, many in one statement."""

    async def ahead(self, keys: Iterable[K]) -> None:
        """Load what is not there yet, for `found`."""
        missing = [one for one in dict.fromkeys(keys) if self.cache_map.get(one) is None]
        if missing:
            loaded: Sequence[Any] = await self.load_fn(missing)
            self.prime_many(dict(zip(missing, loaded, strict=True)))

    def found(self, key: K) -> V | NotLoaded:
        """Return what was loaded, without waiting."""
        future = self.cache_map.get(key)
        if future is None or not future.done() or future.cancelled() or future.exception():
            return NOT_LOADED
        value: V = future.result()
        return value


def ahead(load: Ahead) -> Callable[[Resolve], Resolve]:
    """Let a resolver say what loads, for all objects of a list, what it finds for one of them.

    It is told the objects and the context; what it does not load, each resolver does by itself.
    """

    def marked(resolve: Resolve) -> Resolve:
        resolve.ahead = load  # type: ignore[attr-defined]  # functions take any
        return resolve

    return marked


def at_once(find: Callable[[Any, Any], Any]) -> Callable[[Resolve], Resolve]:
    """Let a resolver without arguments say what it finds where nothing is to be awaited for it.

    `find` is told the object and the context; it answers NOT_LOADED where the resolver has to be
    asked. It may be asked again, so it changes nothing.
    """

    def marked(resolve: Resolve) -> Resolve:
        resolve.at_once = find  # type: ignore[attr-defined]  # functions take any
        return resolve

    return marked
