"""How a socket ends: the codes of graphql-transport-ws, and who may try again."""

from opps.api.identity import NotLetIn

GOING_AWAY = 1001
TRY_AGAIN = 1013
TOO_LARGE = 1009
BAD_MESSAGE = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
WRONG_PROTOCOL = 4406
INIT_TIMEOUT = 4408
ID_TAKEN = 4409
TOO_MANY_INITS = 4429

LONGEST_REASON = 123  # bytes


class Ended(Exception):
    """The connection is over: the code and reason to close it with, and the code of the error."""

    def __init__(self, code: int, reason: str, told: str = "FORBIDDEN") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.told = told


def not_let_in(error: NotLetIn) -> Ended:
    """Return the end of who is not let in: clients try again after 4403, and stop after 4401."""
    if error.status == 503:
        return Ended(TRY_AGAIN, shortened(str(error)), error.code)
    code = FORBIDDEN if error.again or error.status == 403 else UNAUTHORIZED
    return Ended(code, shortened(str(error)), error.code)


def shortened(reason: str) -> str:
    """Return a reason as far as a close frame has room for it."""
    return reason.encode()[:LONGEST_REASON].decode(errors="ignore")
