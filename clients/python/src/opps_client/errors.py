"""Why there is no answer."""

from typing import Any

from msgspec import Raw, Struct


class Fault(Struct, frozen=True):
    """One of GraphQL's top-level errors."""

    message: str
    path: list[str | int] | None = None
    extensions: dict[str, Any] = {}

    @property
    def code(self) -> str | None:
        """The stable code of the reason: branch on it, never on the message."""
        found = self.extensions.get("code")
        return found if isinstance(found, str) else None


class Failed(Exception):
    """An operation was not carried out, or not all of it; refused commands are no failure.

    `data` is what came all the same, as JSON; `retry_after_s` is when to ask again, if ever.
    """

    def __init__(
        self,
        faults: list[Fault],
        status: int = 200,
        *,
        data: Raw | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__("; ".join(one.message for one in faults) or f"HTTP {status}")
        self.faults = faults
        self.status = status
        self.data = data
        self.retry_after_s = retry_after_s

    @property
    def codes(self) -> list[str | None]:
        return [one.code for one in self.faults]
