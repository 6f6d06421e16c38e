"""Refusals as data, one type for each reason, and faults as errors that give nothing away."""

import logging
import re
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import strawberry
from graphql import GraphQLError, GraphQLSyntaxError

from opps.api.derive import class_of
from opps.api.ids import NODE_FIELDS, NodeType, UnreadableId, node_uuid, to_global
from opps.api.timing import TookTooLong
from opps.api.values import InvalidInput as BadInput
from opps.application.read_saving import ReadNotSaved
from opps.domain.errors import Refusal
from opps.eventstore import CommandIdReused as IdReused
from opps.eventstore import LogFault, ReadOnlyDatabase, StatementTimeout
from opps.eventstore import Overloaded as Busy
from opps.eventstore import VersionConflict as Conflict
from opps.projections.until import NotReplayable, NotShown

logger = logging.getLogger("opps.api")

LONGEST_MESSAGE = 500
READ_NOT_SAVED = (
    "This read is marked for audit and could not be saved, so there is no answer: try again; a "
    "command is safe to repeat under its id."
)
READ_ONLY = (
    "This server reads a replica, which takes nothing: send this, under the same id, to a server "
    "of the primary."
)
TOOK_TOO_LONG = (
    "This took too long and was given up: ask for less at once. A command of it may be carried out "
    "all the same: repeat it under its id, which is safe, and you learn what became of it."
)
STATEMENT_TOOK_TOO_LONG = (
    "The database took too long over a part of this: ask for less at once, or for smaller pages."
)
_SUGGESTED = re.compile(r" Did you mean [\w ]*'[^']*'(?:(?:,| or|, or) '[^']*')*\?")
# Python's own words for a number that no number of ours is.
_TOO_MANY_DIGITS = re.compile(r"Exceeds the limit \(\d+ digits\)[^;]*; use sys[^']*limit")
# What is nobody's fault, with what it says to the caller.
_TOLD: dict[type[Exception], tuple[str, str]] = {
    ReadNotSaved: ("READ_NOT_SAVED", READ_NOT_SAVED),
    ReadOnlyDatabase: ("READ_ONLY", READ_ONLY),
    TookTooLong: ("TIMEOUT", TOOK_TOO_LONG),
    StatementTimeout: ("STATEMENT_TIMEOUT", STATEMENT_TOOK_TOO_LONG),
    NotShown: ("NOT_YET", "The end of the log is not shown yet: ask again in a moment."),
    NotReplayable: ("NOT_REPLAYABLE", "What this showed then is not kept: it cannot be replayed."),
}


@strawberry.interface(description="Why a command was not carried out; nothing was stored.")
class UserError:
    code: str = strawberry.field(description="Stable code of the reason.")
    message: str = strawberry.field(description="What is wrong and what to do, in one sentence.")
    path: list[str] = strawberry.field(
        description="The field of the arguments that it is about; empty when it is none."
    )


@strawberry.type(description="The object has moved on since the version that you expected.")
class VersionConflict(UserError):
    expected: int = strawberry.field(description="The version that you expected.")
    current: int = strawberry.field(description="The version that it has; -1 when it is new.")


@strawberry.type(description="The command id already stands for another request.")
class CommandIdReused(UserError):
    command_id: UUID = strawberry.field(description="The command id.")


@strawberry.type(description="Too many commands are waiting; the same one may be sent again.")
class Overloaded(UserError):
    waiting: int = strawberry.field(description="How many are waiting.")
    limit: int = strawberry.field(description="How many may wait.")


@strawberry.type(
    description="This server reads a replica; a server of the primary takes the same command."
)
class ReadOnly(UserError):
    pass


@strawberry.type(description="A value of the input is not acceptable.")
class InvalidInput(UserError):
    pass


@cache
def refusals() -> dict[type[Refusal], type]:
    """Return the type of each refusal of the domain, with its data as fields."""
    kinds = sorted(Refusal.__subclasses__(), key=lambda kind: kind.__name__)
    return {kind: _type_of(kind) for kind in kinds}


def error_types() -> list[type]:
    """Return every type of user error."""
    return [
        VersionConflict,
        CommandIdReused,
        Overloaded,
        ReadOnly,
        InvalidInput,
        *refusals().values(),
    ]


def _type_of(kind: type[Refusal]) -> type:
    hints = get_type_hints(kind)
    members = {}
    for field in fields(kind):
        node = NODE_FIELDS.get(field.name)
        description = f"Part of the message: {field.name.replace('_', ' ')}."
        note = strawberry.ID if node else hints[field.name]
        members[field.name] = (note, strawberry.field(description=description))
    message = " ".join((kind.__doc__ or "").split())
    made = class_of(kind.__name__, members, bases=(UserError,))
    return strawberry.type(made, name=kind.__name__, description=f"Refused with: {message}")


REFUSED = (Refusal, Conflict, IdReused, Busy, ReadOnlyDatabase, BadInput)


def user_error(reason: Exception) -> Any:
    """Return a refusal as data for the caller."""
    match reason:
        case BadInput():
            message = shortened(reason.message)
            return InvalidInput(code="INVALID_INPUT", message=message, path=[*reason.path])
        case Conflict():
            message = (
                f"The object is at version {reason.current}, not {reason.expected}: look at what "
                "has changed, then send the command with that version and a new command id."
            )
            return VersionConflict(
                code="VERSION_CONFLICT",
                message=message,
                path=["input", "expectedVersion"],
                expected=reason.expected,
                current=reason.current,
            )
        case IdReused():
            return CommandIdReused(
                code="COMMAND_ID_REUSED",
                message="This command id already stands for another request: use a new one.",
                path=["input", "commandId"],
                command_id=reason.command_id,
            )
        case Busy():
            return Overloaded(
                code="OVERLOADED",
                message="Too many commands are waiting: send the same one again in a moment.",
                path=[],
                waiting=reason.waiting,
                limit=reason.limit,
            )
        case ReadOnlyDatabase():
            return ReadOnly(code="READ_ONLY", message=READ_ONLY, path=[])
        case Refusal():
            return _refusal(reason)
    raise reason


def _refusal(reason: Refusal) -> Any:
    data = {field.name: getattr(reason, field.name) for field in fields(reason)}
    shown = {
        name: to_global(NODE_FIELDS[name], held) if name in NODE_FIELDS else held
        for name, held in data.items()
    }
    made = refusals()[type(reason)]
    return made(code=reason.code, message=shortened(str(reason)), path=[], **shown)


def shortened(message: str) -> str:
    """Return a message without most of a text that it repeats, however long the caller's is."""
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} ..."


class NotAcceptable(GraphQLError):
    """A query that cannot be answered as it stands; the message is for the caller."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message, extensions={"code": code})


def node_argument(node: NodeType, id_: str) -> UUID:
    """Return the UUID of a node that a query asks for.

    Raises:
        NotAcceptable: the id names no node of that type.
    """
    try:
        return node_uuid(node, id_)
    except UnreadableId as error:
        raise NotAcceptable(str(error)) from None


def formatted(
    errors: list[GraphQLError] | None, *, suggestions: bool = False
) -> list[dict[str, Any]]:
    """Return top-level errors as the caller may see them; a fault is logged, and shows nothing.

    Without `suggestions` they do not name what of the schema may have been meant.
    """
    return [_formatted(error, suggestions) for error in errors or ()]


def refused(message: str, code: str = "BAD_REQUEST") -> list[dict[str, Any]]:
    """Return why a request is not carried out, in the form of top-level errors."""
    return [{"message": shortened(message), "extensions": {"code": code}}]


def fault(error: Exception) -> list[dict[str, Any]]:
    """Return an error that ended a subscription, as the caller may see it."""
    if isinstance(error, GraphQLError):
        return formatted([error])
    return formatted([GraphQLError(str(error), original_error=error)])


def _formatted(error: GraphQLError, suggestions: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {**error.formatted, "message": _message(error, suggestions)}
    cause = _cause(error)
    if cause is None or _is_about_the_request(error, cause):
        extensions = {"code": _code(error), **(error.extensions or {})}
        return {**shown, "extensions": extensions}
    if isinstance(cause, Refusal):
        return {**shown, "extensions": {"code": cause.code}}
    if told := _TOLD.get(type(cause)):
        code, message = told
        return {**shown, "message": message, "extensions": {"code": code}}
    if isinstance(cause, LogFault):
        logger.warning("The database is away: %s", cause)
        message = "The database is away: try again; a command is safe to repeat under its id."
        return {**shown, "message": message, "extensions": {"code": "UNAVAILABLE"}}
    reference = uuid4().hex
    logger.error("Error %s in the API", reference, exc_info=cause)
    message = f"Something went wrong on our side: quote {reference} when you report it."
    return {**shown, "message": message, "extensions": {"code": "INTERNAL", "id": reference}}


def _message(error: GraphQLError, suggestions: bool) -> str:
    # No more is looked through than may be shown: it may repeat a whole book of the caller's.
    message = error.message[: 3 * LONGEST_MESSAGE]
    if not suggestions:
        message = _SUGGESTED.sub("", message)
    return shortened(_TOO_MANY_DIGITS.sub("it has too many digits", message))


def _cause(error: GraphQLError) -> Exception | None:
    """Return what went wrong beneath, None where the error itself is all there is."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _is_about_the_request(error: GraphQLError, cause: Exception) -> bool:
    """Tell whether a value of the request was refused, before anything was executed."""
    # What a scalar cannot read is a ValueError, in words for the caller; all else is our mistake.
    return error.path is None and bool(error.nodes) and isinstance(cause, ValueError)


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.original_error else "GRAPHQL_VALIDATION_FAILED"
