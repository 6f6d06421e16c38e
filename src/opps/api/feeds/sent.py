"""What a transport sends of an operation, and how an operation is refused or broken off."""

from typing import Any, NamedTuple

from graphql import GraphQLError

from opps.api.errors import formatted
from opps.api.negotiation import UNPROCESSABLE
from opps.api.refusing import Refused

# What is not about the request, where a subscription could not begin.
_STATUSES = {"UNAVAILABLE": 503, "INTERNAL": 500}


class Sent(NamedTuple):
    """One result: a GraphQL response as JSON, and the cursor to come back after, if it has one.

    The cursor stands for all that came before, too: whoever has it goes on after it.
    """

    payload: bytes
    cursor: str | None = None


class Unacceptable(Refused):
    """The document, its variables or its arguments are not as they must be: nothing was done."""

    def __init__(self, faults: list[GraphQLError], *, suggestions: bool) -> None:
        self._errors = formatted(faults, suggestions=suggestions)
        [first, *_] = self._errors
        code = first["extensions"]["code"]
        super().__init__(first["message"], code, _STATUSES.get(code, UNPROCESSABLE))

    @property
    def errors(self) -> list[dict[str, Any]]:
        """All of it as top-level errors."""
        return self._errors


class TooSlow(Exception):
    """Whoever reads takes less than comes: they go on after a cursor, where they have one."""

    def __init__(self, resume_after: str | None) -> None:
        self.resume_after = resume_after
        where = "your last cursor" if resume_after is None else resume_after
        super().__init__(f"Too slow: go on after {where}.")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The last message of the feed."""
        extensions = {"code": "TOO_SLOW", "resumeAfter": self.resume_after}
        return [{"message": str(self), "extensions": extensions}]
