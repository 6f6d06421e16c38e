"""Take an exception on, with a plan.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from uuid import UUID

from msgspec import field

from ...operation import Operation
from ...parts import Answer
from ..enums import ExceptionStatus


class AcknowledgeExceptionException(Answer, frozen=True, kw_only=True):
    """A deviation of an opportunity that calls for time or resources."""

    exception_id: UUID
    status: ExceptionStatus
    plan: str | None
    acknowledged_by: str | None
    version: int


class AcknowledgeExceptionUserErrors(Answer, frozen=True, kw_only=True):
    """Why a command was not carried out; nothing was stored."""

    typename: str = field(name="__typename")
    code: str
    message: str
    path: list[str]


class AcknowledgeException(Answer, frozen=True, kw_only=True):
    """What a command on an exception answers."""

    exception: AcknowledgeExceptionException | None
    version: int | None
    position: int | None
    replayed: bool
    user_errors: list[AcknowledgeExceptionUserErrors]


class AcknowledgeExceptionMutation(Answer, frozen=True, kw_only=True):
    """Take an exception on, with a plan."""

    acknowledge_exception: AcknowledgeException


ACKNOWLEDGE_EXCEPTION = Operation(
    "AcknowledgeException",
    """# Take an exception on, with a plan.
mutation AcknowledgeException($input: AcknowledgeExceptionInput!) {
  acknowledgeException(input: $input) {
    exception { exceptionId status plan acknowledgedBy version }
    version
    position
    replayed
    userErrors { __typename code message path }
  }
}
""",
    AcknowledgeExceptionMutation,
)
