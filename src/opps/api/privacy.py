"""Erasures, legal holds and retention in the schema, for those who answer for personal data."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry
from strawberry.scalars import JSON

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.errors import node_argument
from opps.api.ids import NodeType
from opps.api.ledger import read_ledger
from opps.api.parties import node_id
from opps.application.keeping import DuePerson
from opps.application.preview import Preview
from opps.domain.events import ErasureBasis, Outcome
from opps.domain.events import RetentionRule as RuleSet
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.decide import LOOKING
from opps.domain.privacy.state import Erasure, ErasureStatus, LegalHold, Privacy
from opps.domain.roles import needs

for _enum in (ErasureLevel, ErasureBasis, ErasureStatus, Outcome):
    enum_of(_enum)


@strawberry.type(description="How many traces outside the log an erasure purged, by their kind.")
class PurgedTraces:
    kind: str = strawberry.field(description="What they were, such as reads.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    name="Erasure", description="The erasure of a person, from its request to its end."
)
class ErasureType:
    erasure_id: UUID = strawberry.field(description="Its id.")
    person_id: strawberry.ID = strawberry.field(description="The person.")
    level: ErasureLevel = strawberry.field(description="How much of the person is erased.")
    basis: ErasureBasis = strawberry.field(description="Why.")
    note: str | None = strawberry.field(description="What a colleague should know of it.")
    status: ErasureStatus = strawberry.field(description="Where it stands.")
    requested_by: strawberry.ID = strawberry.field(description="Who requested it.")
    requested_at: datetime = strawberry.field(description="When it was requested.")
    approved_by: strawberry.ID | None = strawberry.field(description="The second person.")
    approved_at: datetime | None = strawberry.field(description="When it was approved.")
    carried_out_at: datetime | None = strawberry.field(description="When it was through.")
    keys_destroyed: int | None = strawberry.field(
        description="How many keys of the person were destroyed."
    )
    purged: list[PurgedTraces] = strawberry.field(description="What was purged beside the keys.")
    reason: str | None = strawberry.field(description="Why it was withdrawn.")
    also: list[strawberry.ID] = strawberry.field(
        description="The other entries of that human being, merged by the approval: erased with it."
    )


@strawberry.type(
    name="LegalHold", description="What keeps persons from being erased until it is lifted."
)
class LegalHoldType:
    hold_id: UUID = strawberry.field(description="Its id.")
    persons: list[strawberry.ID] = strawberry.field(description="The persons that it keeps.")
    opportunities: list[strawberry.ID] = strawberry.field(
        description="The opportunities whose people it keeps."
    )
    reason: str = strawberry.field(description="Why.")
    placed_by: strawberry.ID = strawberry.field(description="Who placed it.")
    placed_at: datetime = strawberry.field(description="When it was placed.")
    lifted_at: datetime | None = strawberry.field(description="When it was lifted; null for not.")
    lifted_because: str | None = strawberry.field(description="Why it was lifted.")


@strawberry.type(description="How long persons are kept after their opportunities ended like this.")
class RetentionRule:
    outcome: Outcome = strawberry.field(description="How the opportunities ended.")
    keep_days: int = strawberry.field(description="How many days persons are kept after the end.")
    level: ErasureLevel = strawberry.field(description="How much of the person then goes.")


@strawberry.type(description="A person who has been kept as long as the rules say.")
class RetentionDue:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    level: ErasureLevel = strawberry.field(description="How much of the person is due.")
    since: datetime = strawberry.field(description="Since when.")
    opportunities: int = strawberry.field(description="How many opportunities tell of the person.")


@strawberry.type(description="A field in which values about a person are held.")
class HeldPlace:
    tag: str = strawberry.field(description="The kind of event.")
    field: str = strawberry.field(description="The field of it.")
    values: int = strawberry.field(description="How many values are held there.")
    erased: bool = strawberry.field(description="An erasure of this level would reach them.")


@strawberry.type(
    description="What is held of a person, what an erasure would reach, and what it would leave. "
    "Facts and scores stay: they never held who it is."
)
class ErasurePreview:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    also: list[strawberry.ID] = strawberry.field(
        description="The other entries of that human being, merged with this one: they would be "
        "erased too, and are counted in."
    )
    level: ErasureLevel = strawberry.field(description="The level that was asked about.")
    places: list[HeldPlace] = strawberry.field(description="Where values are held.")
    erasing: int = strawberry.field(description="How many values would be erased.")
    remaining: int = strawberry.field(description="How many could still be read.")
    gone: int = strawberry.field(description="How many were erased before.")
    opportunities: list[strawberry.ID] = strawberry.field(
        description="The opportunities that tell of the person."
    )
    reads: int = strawberry.field(
        description="Saved reads that showed the person, counted up to 1,000."
    )
    holds: list[UUID] = strawberry.field(description="The legal holds that keep the person.")
    erased: ErasureLevel | None = strawberry.field(description="How far the person was erased.")
    only_fully: bool = strawberry.field(
        description="Who it is lies under the key of all else: only FULL is possible."
    )


def erasure_type(of: Erasure) -> ErasureType:
    """Return an erasure for the schema."""
    return ErasureType(
        erasure_id=of.erasure_id,
        person_id=_person(of.person_id),
        level=of.level,
        basis=of.basis,
        note=of.note,
        status=of.status,
        requested_by=_person(of.requested_by),
        requested_at=of.requested_at,
        approved_by=_person(of.approved_by) if of.approved_by else None,
        approved_at=of.approved_at,
        carried_out_at=of.carried_out_at,
        keys_destroyed=of.keys_destroyed,
        purged=[PurgedTraces(kind=kind, count=count) for kind, count in of.purged.items()],
        reason=of.reason,
        also=[_person(one) for one in of.also],
    )


def hold_type(of: LegalHold) -> LegalHoldType:
    """Return a legal hold for the schema."""
    return LegalHoldType(
        hold_id=of.hold_id,
        persons=[_person(one) for one in of.persons],
        opportunities=[node_id(NodeType.OPPORTUNITY, one) for one in of.opportunities],
        reason=of.reason,
        placed_by=_person(of.placed_by),
        placed_at=of.placed_at,
        lifted_at=of.lifted_at,
        lifted_because=of.lifted_because,
    )


def rules_of(rules: tuple[RuleSet, ...]) -> list[RetentionRule]:
    """Return retention rules for the schema."""
    return [
        RetentionRule(outcome=one.outcome, keep_days=one.keep_days, level=one.level)
        for one in rules
    ]


def _person(id_: UUID) -> strawberry.ID:
    return node_id(NodeType.PERSON, id_)


def _previewed(of: Preview) -> ErasurePreview:
    return ErasurePreview(
        person_id=_person(of.person_id),
        also=[_person(one) for one in of.also],
        level=of.level,
        places=[
            HeldPlace(tag=one.tag, field=one.field, values=one.values, erased=one.erased)
            for one in of.places
        ],
        erasing=of.erasing,
        remaining=of.remaining,
        gone=of.gone,
        opportunities=[node_id(NodeType.OPPORTUNITY, one) for one in of.opportunities],
        reads=of.reads,
        holds=of.holds,
        erased=of.erased,
        only_fully=of.only_fully,
    )


def _due(of: DuePerson) -> RetentionDue:
    return RetentionDue(
        person_id=_person(of.person_id),
        level=of.level,
        since=of.since,
        opportunities=of.opportunities,
    )


async def _decided(info: Info) -> Privacy:
    needs(info.context.viewer.actor, *LOOKING)
    application = info.context.services.application
    return await application.log.aside(application.personal.decided, info.context.viewer.tenant)


_Person = Annotated[strawberry.ID, strawberry.argument(description="The person.")]
_Level = Annotated[ErasureLevel, strawberry.argument(description="How much would be erased.")]
_Status = Annotated[
    ErasureStatus | None, strawberry.argument(description="Only those that stand there.")
]
_Erasure = Annotated[UUID, strawberry.argument(description="The erasure.")]


@strawberry.type
class PrivacyAsked:
    @strawberry.field(description="The erasures of persons, the latest request first.")
    async def erasures(self, info: Info, status: _Status = None) -> list[ErasureType]:
        found = (await _decided(info)).erasures.values()
        wanted = [one for one in found if status is None or one.status is status]
        return [erasure_type(one) for one in reversed(wanted)]

    @strawberry.field(
        description="What is held of a person, and what an erasure would do; nothing is written."
    )
    async def erasure_preview(
        self, info: Info, person_id: _Person, level: _Level = ErasureLevel.FULL
    ) -> ErasurePreview:
        needs(info.context.viewer.actor, *LOOKING)
        person, tenant = node_argument(NodeType.PERSON, person_id), info.context.viewer.tenant
        application = info.context.services.application
        found = application.log.aside(application.personal.preview, tenant, person, level)
        return _previewed(await found)

    @strawberry.field(
        description="The certificate of an erasure: who decided it, what was done, and the proof "
        "that it stands in the signed log. Without a proof the log is not sealed so far yet."
    )
    async def erasure_certificate(self, info: Info, id: _Erasure) -> JSON:
        needs(info.context.viewer.actor, *LOOKING)
        tenant, personal = info.context.viewer.tenant, info.context.services.application.personal
        found = await read_ledger(info, lambda ledger: personal.certificate(tenant, ledger, id))
        return JSON(msgspec.to_builtins(found))

    @strawberry.field(description="The legal holds, the latest first; those lifted too.")
    async def legal_holds(self, info: Info) -> list[LegalHoldType]:
        return [hold_type(one) for one in reversed([*(await _decided(info)).holds.values()])]

    @strawberry.field(description="How long persons are kept; an outcome without a rule keeps.")
    async def retention_rules(self, info: Info) -> list[RetentionRule]:
        return rules_of((await _decided(info)).retention)

    @strawberry.field(
        description="Who has been kept as long as the rules say, is on no legal hold, and waits "
        "for no erasure."
    )
    async def retention_due(self, info: Info) -> list[RetentionDue]:
        needs(info.context.viewer.actor, *LOOKING)
        application, tenant = info.context.services.application, info.context.viewer.tenant
        found = application.log.aside(application.personal.due, tenant, application.now())
        return [_due(one) for one in await found]
