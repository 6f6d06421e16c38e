"""What a screen showed: a saved read put again, to the same end of the log, for the same person."""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import orjson
import strawberry
from graphql import GraphQLError
from msgspec import Struct
from strawberry import Schema
from strawberry.scalars import JSON

from opps.api.context import Context, Info, context_of
from opps.api.documents import read
from opps.api.errors import NotAcceptable
from opps.api.execution.carrying_out import Result, execute
from opps.api.identity import Viewer
from opps.api.ids import NodeType
from opps.api.limits import ANSWERED_BEFORE
from opps.api.parties import node_id
from opps.api.pinned import pinned
from opps.api.policies.asked import about_people
from opps.api.policies.audiences import AUDIENCES, Relation
from opps.api.policies.relations import NotForWhoReplays
from opps.api.reads import ReadKind, SavedReadType, find, may_look
from opps.api.touched import Touched, named
from opps.domain.coaching.gap import FIRST_LOOK
from opps.domain.privacy.state import whoever
from opps.domain.recorded import Actor, Via
from opps.eventstore import LogHead
from opps.eventstore.reads import ReadsWanted, SavedRead
from opps.projections.until import NotReplayable
from opps.recording.asked import AskedThen, opened_asked, opened_document
from opps.recording.keyring import Keyring, identity_of


@strawberry.enum(
    description="Why a replay is not what was seen. ERASED: somebody whom it showed was erased "
    "since. NOT_REPLAYABLE: what it showed is not kept, as a list of persons or what a command "
    "did. WITHHELD: what it showed is for whom it is about, and for those who lead them. DIFFERS: "
    "none of these, so opps itself answers otherwise now, as another version may."
)
class ReplayGap(StrEnum):
    ERASED = "ERASED"
    NOT_REPLAYABLE = "NOT_REPLAYABLE"
    WITHHELD = "WITHHELD"
    DIFFERS = "DIFFERS"


@strawberry.type(description="A reason why a replay is not what was seen.")
class ReplayReason:
    gap: ReplayGap = strawberry.field(description="What sort of reason it is.")
    message: str = strawberry.field(description="The reason in words.")
    person_ids: list[strawberry.ID] = strawberry.field(description="Who was erased.")
    fields: list[str] = strawberry.field(description="The fields that cannot be replayed.")


@strawberry.type(description="What somebody saw when a read was saved, shown again.")
class ScreenReplay:
    read: SavedReadType = strawberry.field(description="Who asked, when, at which position.")
    document: str | None = strawberry.field(description="What was asked; null once purged.")
    variables: JSON | None = strawberry.field(description="With which variables.")
    answer: str | None = strawberry.field(
        description="The data of the answer, the same text byte for byte where `identical`; null "
        "where nothing can be shown."
    )
    answer_digest: str | None = strawberry.field(
        description="SHA-256 of the data that were shown then, in hexadecimal."
    )
    identical: bool = strawberry.field(
        description="The replay has the digest of what was shown then."
    )
    because: list[ReplayReason] = strawberry.field(
        description="Why it is not identical; empty when it is."
    )


class _Shown(Struct, frozen=True):
    """What a replay shows, and which fields it could not, or not to whoever replays it."""

    answer: bytes | None = None
    missing: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


async def screen_replay(info: Info, read_id: UUID) -> ScreenReplay:
    """Return what somebody saw.

    Raises:
        RoleNeeded: whoever asks may not see that.
        NotAcceptable: there is no such read in the organisation.
    """
    may_look(info)
    saved = next(iter(await find(info, ReadsWanted(read_id=read_id), 1)), None)
    if saved is None:
        message = f"There is no saved read {read_id}: it never was, or is no longer kept."
        raise NotAcceptable(message, "UNKNOWN_READ")
    context = info.context
    keyring = context.services.application.keyring_of(context.viewer.tenant)
    asked = None if saved.sealed is None else _asked(keyring, saved, saved.sealed)
    shown = _Shown() if asked is None else await _shown(info.schema, context, saved, asked)
    identical = shown.answer is not None and sha256(shown.answer).digest() == saved.answer
    return ScreenReplay(
        read=SavedReadType.of(saved),
        document=None if asked is None else asked.document,
        variables=None if asked is None or asked.variables is None else JSON(asked.variables),
        answer=None if shown.answer is None else shown.answer.decode(),
        answer_digest=None if saved.answer is None else saved.answer.hex(),
        identical=identical,
        because=[] if identical else _reasons(keyring, saved, shown),
    )


def _asked(keyring: Keyring, saved: SavedRead, sealed: bytes) -> AskedThen:
    asked = opened_asked(keyring, saved.read_id, sealed)
    if saved.document is None:
        return asked
    document = opened_document(keyring, saved.document)
    return AskedThen(asked.variables, asked.operation_name, document)


async def _shown(schema: Schema, context: Context, saved: SavedRead, asked: AskedThen) -> _Shown:
    """Return what the same question answers at the same end of the log, for the same person."""
    if saved.kind != ReadKind.QUERY:
        return _Shown(missing=(saved.kind.lower(),))
    if withheld := _withheld(schema, context, saved, asked):
        return _Shown(withheld=withheld)
    touched = Touched()
    services = context.services
    head = await _head(context, saved.position)
    then = context_of(
        pinned(services, context.viewer.tenant, head, saved.read_at, replaying=True),
        _viewer(context.viewer, saved),
        touched,
        replaying=True,
        shown_to=context.viewer,
    )
    result = await _answered(schema, asked, then)
    _pass_on(context, touched)
    answer = None if result.data is None else orjson.dumps(result.data)
    if kept := _places(result.errors, NotForWhoReplays):
        return _Shown(withheld=kept)
    return _Shown(answer, _places(result.errors, NotReplayable))


async def _answered(schema: Schema, asked: AskedThen, then: Context) -> Result:
    # What is shown again was answered before, whatever was allowed then.
    try:
        document = read(schema._schema, asked.document or "", ANSWERED_BEFORE)
    except GraphQLError as error:
        return Result(None, [error])
    if document.faults or not document.names_one(asked.operation_name):
        return Result(None, list(document.faults))
    name, variables = asked.operation_name, asked.variables
    return await execute(schema._schema, document, name, variables, then)


def _withheld(
    schema: Schema, context: Context, saved: SavedRead, asked: AskedThen
) -> tuple[str, ...]:
    """Return the fields that are not for whoever replays them: they are about somebody else.

    What somebody saw of their own coaching before others do is not shown to others before.
    """
    viewer = context.viewer
    if whoever(viewer.actor) == saved.principal:
        return ()
    try:
        document = read(schema._schema, asked.document or "", ANSWERED_BEFORE)
    except GraphQLError:
        return ()  # it is not carried out either
    found = about_people(schema._schema, document.parsed, asked.operation_name)
    early = saved.read_at + FIRST_LOOK > context.services.application.now()
    return tuple(
        sorted(
            one
            for one, audience in found.items()
            if not audience.admits_as(viewer.actor.role, Relation.OTHER)
            or (early and audience is AUDIENCES["COACHING"])
        )
    )


def _viewer(auditor: Viewer, saved: SavedRead) -> Viewer:
    actor = Actor(principal=saved.principal, role=saved.role, via=Via.GRAPHQL)
    return Viewer(tenant=auditor.tenant, slug=auditor.slug, actor=actor)


async def _head(context: Context, position: int) -> LogHead:
    """Return the end of the log as it was at a position."""
    log = context.services.application.log
    if position == 0:
        return LogHead(0, context.services.application.now())
    [last] = await log.aside(log.read, context.viewer.tenant, position - 1, 1)
    return LogHead(position, last.recorded_at)


def _pass_on(context: Context, touched: Touched) -> None:
    """Note that whoever replays saw the same persons."""
    if context.touched is not None:
        for subject, paths in touched.paths.items():
            for path in paths:
                context.touched.note(subject, f"screenReplay.answer.{path}")


def _places(errors: Iterable[GraphQLError], kind: type[Exception]) -> tuple[str, ...]:
    """Return the fields in which errors of a kind came up."""
    found = set()
    for error in errors:
        cause: Exception | None = error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        if isinstance(cause, kind):
            found.add(named(error.path or ()) or str(cause))
    return tuple(sorted(found))


def _reasons(keyring: Keyring, saved: SavedRead, shown: _Shown) -> list[ReplayReason]:
    """Return why a replay is not what was seen, at least one reason."""
    reasons = []
    if erased := _erased(keyring, saved):
        message = "Somebody whom it showed was erased since: that stays so, looking back too."
        reasons.append(_reason(ReplayGap.ERASED, message, erased))
    if shown.missing:
        message = f"What it showed is not kept: {', '.join(shown.missing)}."
        reasons.append(_reason(ReplayGap.NOT_REPLAYABLE, message, fields=[*shown.missing]))
    if shown.withheld:
        fields = ", ".join(shown.withheld)
        message = f"What it showed is for whom it is about, and for those who lead them: {fields}."
        reasons.append(_reason(ReplayGap.WITHHELD, message, fields=[*shown.withheld]))
    if not reasons:
        message = "Nothing it showed is gone, and yet opps answers otherwise now."
        reasons.append(_reason(ReplayGap.DIFFERS, message))
    return reasons


def _reason(
    gap: ReplayGap, message: str, erased: Iterable[UUID] = (), fields: Iterable[str] = ()
) -> ReplayReason:
    ids = [node_id(NodeType.PERSON, one) for one in erased]
    return ReplayReason(gap=gap, message=message, person_ids=ids, fields=[*fields])


def _erased(keyring: Keyring, saved: SavedRead) -> list[UUID]:
    destroyed = keyring.destroyed()
    return sorted(
        {one for one in saved.subjects if one in destroyed or identity_of(one) in destroyed}
    )
