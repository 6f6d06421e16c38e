"""Why an operation is not carried out: said the same over every transport."""

from typing import Any

from opps.api.errors import refused
from opps.api.negotiation import UNPROCESSABLE

FORBIDDEN = 403
METHOD_NOT_ALLOWED = 405
TOO_MANY = 429
MUTATE_BY_POST = "Send mutations by POST."


class Refused(Exception):
    """The operation is not carried out, and nothing was done; the message is for the caller.

    With `UNPROCESSABLE` the request could be read: whoever asks for plain JSON gets 200 then.
    """

    def __init__(
        self,
        message: str,
        code: str = "BAD_REQUEST",
        status: int = UNPROCESSABLE,
        *,
        again_in_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.again_in_s = again_in_s

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The reason as top-level errors."""
        found = refused(str(self), self.code)
        if self.again_in_s is not None:
            found[0]["extensions"]["retryAfter"] = self.again_in_s
        return found
