"""The difference between two lenses on one opportunity, in the schema."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from opps.api.beside import beside
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.facts import FactType
from opps.api.moments import AsOf, moment_of
from opps.api.picture import Picture
from opps.api.reading import Key, Moment
from opps.api.scores import MILLI, ScoreEffect, ScoreType, effects_of, score_of
from opps.domain.diff import Diff, DiffKind, DiffLine, Look, diff
from opps.domain.events import PersonErased
from opps.domain.privacy.redacted import Erasing, redactions
from opps.domain.recorded import Recorded

enum_of(DiffKind)

From = Annotated[AsOf, strawberry.argument(name="from", description="The knowledge to start from.")]
To = Annotated[
    AsOf | None, strawberry.argument(description="The knowledge to come to; now when absent.")
]


@strawberry.type(name="DiffLine", description="One thing that changed, and what it did.")
class DiffLineType:
    kind: DiffKind = strawberry.field(description="Why it changed.")
    fact: FactType | None = strawberry.field(
        description="The fact, as the second look shows it, or the first where that does not; null "
        "where it is none."
    )
    event_ids: list[UUID] = strawberry.field(description="The events behind it.")
    points: float = strawberry.field(description="What it did to the score; 10 double the odds.")
    milli_points: int = strawberry.field(description="The same in thousandths, exact.")
    effects: list[ScoreEffect] = strawberry.field(description="Which objectives moved.")


@strawberry.type(
    name="Diff",
    description="What changed between two looks at an opportunity. The milli-points of all lines "
    "add up to those between both scores, exactly.",
)
class DiffType:
    before: ScoreType = strawberry.field(description="The score of the first look.")
    after: ScoreType = strawberry.field(description="The score of the second look.")
    milli_points: int = strawberry.field(description="How far the score moved, exact.")
    lines: list[DiffLineType] = strawberry.field(
        description="The facts in the order in which they were learned, then what else moved it."
    )


async def diff_of(
    info: Info, opportunity_id: UUID, from_: AsOf, to: AsOf | None
) -> DiffType | None:
    """Return what changed; None where one of both looks shows no opportunity yet."""
    moments = await moment_of(info, from_), await moment_of(info, to)
    keys = [Key(opportunity_id, moment) for moment in moments]
    before, after = await info.context.reading.pictures.load_many(keys)
    if before is None or after is None:
        return None
    first, second = [
        Look(picture.state, picture.position, await _instant(info, moment, picture))
        for moment, picture in zip(moments, (before, after), strict=True)
    ]
    history = await info.context.reading.history([opportunity_id])
    ids = {one.position: one.event_id for one in history}
    erased = await _erased(info, moments, after)
    ids |= {one.position: one.event_id for one in erased}
    erasures = [Erasing(one.stream, one.recorded_at, one.position) for one in erased]
    return _shown(await beside(diff, first, second, erasures), before, after, ids)


async def _erased(
    info: Info, moments: Sequence[Moment], after: Picture
) -> list[Recorded[PersonErased]]:
    """Return the erasures between two looks, of whoever something was said of."""
    persons = {gone.subject for one in after.facts() for gone in redactions(one.belief)}
    if not persons:
        return []
    application, tenant = info.context.services.application, info.context.viewer.tenant
    found = await application.log.aside(application.personal.erased, tenant, persons)
    since, until = (one.position for one in moments)
    return [
        one
        for one in found
        if (since is not None and one.position > since) and (until is None or one.position <= until)
    ]


async def _instant(info: Info, moment: Moment, picture: Picture) -> datetime:
    """Return the instant that a look is of: the one asked about, or when its end was recorded."""
    if moment.lens is not None:
        return moment.lens.at
    log = info.context.services.application.log
    [last] = await log.aside(log.read, info.context.viewer.tenant, picture.position - 1, 1)
    return last.recorded_at


def _shown(of: Diff, before: Picture, after: Picture, ids: Mapping[int, UUID]) -> DiffType:
    return DiffType(
        before=score_of(of.before),
        after=score_of(of.after),
        milli_points=of.milli_points,
        lines=[_line(one, before, after, ids) for one in of.lines],
    )


def _line(of: DiffLine, before: Picture, after: Picture, ids: Mapping[int, UUID]) -> DiffLineType:
    return DiffLineType(
        kind=of.kind,
        fact=_fact(of.fact_id, before, after),
        event_ids=[ids[position] for position in of.positions],
        points=of.milli_points / MILLI,
        milli_points=of.milli_points,
        effects=effects_of(of.effects),
    )


def _fact(fact_id: UUID | None, before: Picture, after: Picture) -> FactType | None:
    if fact_id is None:
        return None
    for picture in (after, before):
        belief = picture.state.belief(fact_id)
        if belief is not None:
            return FactType(held=picture.held(belief))
    return None
