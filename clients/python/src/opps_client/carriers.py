"""What the methods of the operations are carried by."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, TypeVar

from .operation import Operation

T = TypeVar("T")


class Carrier(ABC):
    """Carries operations to a server and waits for the answers."""

    @abstractmethod
    def ask(self, operation: Operation[T], variables: Mapping[str, Any]) -> T:
        """Return the answer to a query or a mutation."""

    @abstractmethod
    def follow(self, operation: Operation[T], variables: Mapping[str, Any]) -> Iterator[T]:
        """Yield what a subscription sends, over lost connections."""


class AsyncCarrier(ABC):
    """Carries operations to a server; its answers are awaited."""

    @abstractmethod
    async def ask(self, operation: Operation[T], variables: Mapping[str, Any]) -> T:
        """Return the answer to a query or a mutation."""

    @abstractmethod
    def follow(self, operation: Operation[T], variables: Mapping[str, Any]) -> AsyncIterator[T]:
        """Yield what a subscription sends, over lost connections."""
