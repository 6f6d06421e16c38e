"""Raise an exception by hand: what deviates from what, and the facts that it rests on.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from msgspec import field

from ...operation import Operation
from ...parts import Answer
from ..enums import ExceptionCause, ExceptionStatus


class RaiseExceptionException(Answer, frozen=True, kw_only=True):
    """A deviation of an opportunity that calls for time or resources."""

    exception_id: UUID
    cause: ExceptionCause
    summary: str
    status: ExceptionStatus
    version: int


class RaiseExceptionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    typename: str = field(name="__typename")
    code: str
    message: str
    path: list[str]


class RaiseException(Answer, frozen=True, kw_only=True):
    """What a command on an exception answers."""

    exception: RaiseExceptionException | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[RaiseExceptionUserErrors]


class RaiseExceptionMutation(Answer, frozen=True, kw_only=True):
    """Raise an exception by hand: what deviates from what, and the facts that it rests on."""

    raise_exception: RaiseException


RAISE_EXCEPTION = Operation(
    "RaiseException",
    """# Raise an exception by hand: what deviates from what, and the facts that it rests on.
mutation RaiseException($input: RaiseExceptionInput!) {
  raiseException(input: $input) {
    exception { exceptionId cause summary status version }
    version
    position
    replayed
    userErrors { __typename code message path }
  }
}
""",
    RaiseExceptionMutation,
)
