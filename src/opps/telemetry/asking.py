"""Who is being answered just now: the ids that belong into every line told meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

from msgspec import Struct, field

OTHER = "other"

# Nothing that a person is called: long enough for an id, and with a digit in it.
_SAFE = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{15,63}")


class Asking(Struct):
    """An operation that is being answered; what is not known yet is filled in as it comes."""

    request_id: str
    correlation_id: UUID | None = None
    operation: str = OTHER
    kind: str = "unread"
    outcome: str = "ok"
    status: int | None = None
    command_id: UUID | None = None
    commands: list[str] = field(default_factory=list)
    """What became of each command of it: stored, replayed, or the name of its refusal."""


_asking: ContextVar[Asking | None] = ContextVar("opps_asking", default=None)


def now() -> Asking | None:
    """Return the operation that this task answers, None outside of one."""
    return _asking.get()


@contextmanager
def answering(asking: Asking) -> Iterator[None]:
    """Let an operation be the one that is answered within the block."""
    token = _asking.set(asking)
    try:
        yield
    finally:
        _asking.reset(token)


def request_id(given: str | None) -> str:
    """Return the id that a caller gave, if it can be nothing but an id; else a new one."""
    return given if given is not None and _SAFE.fullmatch(given) else uuid4().hex


def correlation_id(given: str | None) -> UUID | None:
    """Return the id of a caller's larger undertaking, if it is a UUID."""
    try:
        return UUID(given) if given is not None else None
    except ValueError:
        return None


def correlation_now() -> UUID | None:
    """Return the correlation id of the operation that is answered."""
    asking = now()
    return None if asking is None else asking.correlation_id
