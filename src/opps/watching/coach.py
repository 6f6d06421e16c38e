"""The coach goes round: it names gaps, finds what was learned at work, and measures what it did."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from opps.application import Application, Request
from opps.domain.coaching.commands import (
    AnyGapCommand,
    ApplyLearning,
    IdentifyGapByRule,
    RecordImpact,
)
from opps.domain.coaching.errors import FactShowsNothing, GapIsClosed
from opps.domain.coaching.gap import gap_id_of
from opps.domain.coaching.measuring import Impact, impact
from opps.domain.coaching.reporting import IndicatorReport
from opps.domain.coaching.success import GapMeasure, indicator_of
from opps.domain.errors import AlreadyExists
from opps.domain.recorded import Actor, Via
from opps.eventstore import CommandIdReused, VersionConflict
from opps.projections import indicators
from opps.projections.coaching import showing, unapplied, unmeasured, with_open_gap
from opps.projections.indicators import Span
from opps.projections.reading import Reading
from opps.projections.views import Views
from opps.rounds import Rounds

COACH = uuid5(NAMESPACE_URL, "opps:coach")
_ACTOR = Actor(principal=COACH, role="COACH", via=Via.SYSTEM)
# What somebody else said meanwhile, and the read models do not show yet.
_OVERTAKEN = (AlreadyExists, GapIsClosed, FactShowsNothing)
LOOK_EVERY_S = 600.0
# One fact comes by chance, three show a habit.
SHOWN_BY = 3
LOOKED_AT = timedelta(days=90)
# Whoever shows nothing by then has too few cases: that is what is recorded.
WAITED_FOR = timedelta(days=180)


class Coach(Rounds):
    """Looks at the indicators of every tenant's sellers; several processes may do so at once.

    Ids follow from what was found, so that whoever comes second changes nothing.
    """

    def __init__(
        self,
        application: Application,
        direct_url: str,
        tenants: Callable[[], Iterable[UUID]],
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        super().__init__("coach", tenants, self.visit, every_s)
        self._application = application
        self._direct_url = direct_url

    def visit(self, tenant: UUID) -> int:
        """Name and measure what there is; return how many commands that took.

        Raises:
            LogUnavailable: the database is away; the next round goes on.
        """
        return asyncio.run(self._round(tenant))

    async def _round(self, tenant: UUID) -> int:
        async with Views(self._direct_url) as views:
            done = await self._name_gaps(views.reading, tenant)
            done += await self._find_applied(views.reading, tenant)
            return done + await self._measure(views.reading, tenant)

    async def _name_gaps(self, reading: Reading, tenant: UUID) -> int:
        now, done = self._application.now(), 0
        span = Span(now - LOOKED_AT, now)
        figures = await indicators.figures(reading, tenant, span)
        named = await with_open_gap(reading, tenant)
        for seller in await indicators.sellers(reading, tenant, span):
            if self.closing:
                break
            for found in await indicators.beside(reading, tenant, seller, span, figures):
                if found.is_gap and (seller, found.now.indicator) not in named:
                    done += await self._carry_out(_naming(seller, found, now), tenant)
        return done

    async def _find_applied(self, reading: Reading, tenant: UUID) -> int:
        done, catalogue = 0, await self._application.learning_catalogue(tenant)
        for one in await unapplied(reading, tenant):
            objectives = catalogue.known[one["activity"]].objectives
            seller, since = one["seller"], one["completed_at"]
            facts = await showing(reading, tenant, seller, objectives, since, SHOWN_BY)
            if len(facts) == SHOWN_BY:
                applied = ApplyLearning(
                    gap_id=one["gap_id"], assignment_id=one["assignment_id"], facts=tuple(facts)
                )
                done += await self._carry_out(applied, tenant)
        return done

    async def _measure(self, reading: Reading, tenant: UUID) -> int:
        done = 0
        for one in await unmeasured(reading, tenant):
            found = await self._impact(reading, tenant, one)
            waited = self._application.now() - one["applied_at"]
            if found is not None and (found.enough or waited > WAITED_FOR):
                done += await self._carry_out(_recording(one, found), tenant)
        return done

    async def _impact(
        self, reading: Reading, tenant: UUID, assignment: dict[str, Any]
    ) -> Impact | None:
        indicator, seller = indicator_of(assignment["indicator"]), assignment["seller"]
        if indicator is None:
            return None
        before = Span(assignment["assigned_at"] - LOOKED_AT, assignment["assigned_at"])
        after = Span(assignment["completed_at"], self._application.now())
        mine = [await indicators.observed(reading, tenant, seller, one) for one in (before, after)]
        but = [seller, *assignment["also_assigned"]]
        theirs = [
            await indicators.pooled(reading, tenant, indicator, but, one) for one in (before, after)
        ]
        return impact(indicator, *(one.get(indicator, []) for one in mine), *theirs)

    async def _carry_out(self, command: AnyGapCommand, tenant: UUID) -> bool:
        name = f"{type(command).__name__}|{command.gap_id}"
        if isinstance(command, ApplyLearning | RecordImpact):
            name += f"|{command.assignment_id}"
        request = Request(tenant=tenant, actor=_ACTOR, command_id=uuid5(COACH, f"{tenant}|{name}"))
        try:
            executed = await self._application.gap(command, request)
        except (*_OVERTAKEN, CommandIdReused, VersionConflict):
            return False
        return not executed.replayed


def _naming(seller: UUID, found: IndicatorReport, now: datetime) -> IdentifyGapByRule:
    measure = found.now
    assert measure.value is not None, "a gap has a figure"
    assert measure.low is not None, "and an interval"
    assert measure.high is not None, "and an interval"
    return IdentifyGapByRule(
        gap_id=gap_id_of(seller, measure.indicator, f"{now:%Y-%m}"),
        seller=seller,
        indicator=measure.indicator,
        objective=found.about.objective,
        observed=GapMeasure(
            value=measure.value,
            n=measure.n,
            low=measure.low,
            high=measure.high,
            own_past=found.past.value,
            peer_median=found.peers.value,
            peers=found.peers.peers,
        ),
    )


def _recording(assignment: dict[str, Any], found: Impact) -> RecordImpact:
    return RecordImpact(
        gap_id=assignment["gap_id"],
        assignment_id=assignment["assignment_id"],
        n_before=found.n_before,
        n_after=found.n_after,
        before=found.before,
        after=found.after,
        peers_change=found.peers_change,
        effect=found.effect,
        low=found.low,
        high=found.high,
    )
