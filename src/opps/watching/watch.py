"""The watch goes round: it raises what rules found, and ends what is over with its opportunity."""

import asyncio
from collections.abc import Callable, Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from psycopg.errors import UndefinedColumn, UndefinedTable

from opps.application import OPPORTUNITY, Application, Request
from opps.domain.errors import AlreadyExists
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.causes import exception_id
from opps.domain.exceptions.commands import AnyExceptionCommand, RaiseByRule, ResolveException
from opps.domain.exceptions.errors import ExceptionIsClosed
from opps.domain.exceptions.walking_away import may_walk_away
from opps.domain.recorded import Actor, Via
from opps.eventstore import CommandIdReused, LogUnavailable, VersionConflict
from opps.rounds import Rounds
from opps.watching.candidates import FIRST_LOW, Candidate, Look, LowPlace, candidates, over, shown

WATCH = uuid5(NAMESPACE_URL, "opps:watch")
_ACTOR = Actor(principal=WATCH, role="WATCH", via=Via.SYSTEM)
LOOK_EVERY_S = 5.0
LOOK_AT_ONCE = 200
LONGEST_SUMMARY = 2000
"""What is longer could not be stored: names of others are in it, each of their own length."""


class Watch(Rounds):
    """Looks at the read models of every tenant; several processes may do so at once.

    Ids follow from the causes, so that whoever comes second changes nothing.
    """

    def __init__(
        self,
        application: Application,
        direct_url: str,
        tenants: Callable[[], Iterable[UUID]],
        every_s: float = LOOK_EVERY_S,
        at_once: int = LOOK_AT_ONCE,
    ) -> None:
        super().__init__("watch", tenants, self.visit, every_s)
        self._application = application
        self._direct_url = direct_url
        self._at_once = at_once
        self._low_after: dict[UUID, LowPlace] = {}
        self._ends: dict[UUID, int] = {}

    def visit(self, tenant: UUID) -> int:
        """Raise and end what there is to raise and end; return how many commands that took.

        Raises:
            LogUnavailable: the database is away; the next round goes on.
        """
        return asyncio.run(self._round(tenant))

    async def _round(self, tenant: UUID) -> int:
        thresholds = await self._application.thresholds(tenant)
        setting = await self._application.setting(tenant)
        now, behind = setting.clock or self._application.now(), self._low_after.get(tenant)
        look = Look(now, setting.rules, thresholds, behind or FIRST_LOW, self._at_once)
        found, ended = self._look(tenant, look, await self._recorded_before(tenant))
        self._low_after[tenant] = _last_low(found, look)
        done = 0
        for candidate in found:
            if not self.closing and await self._deserves(candidate, tenant):
                done += await self._carry_out(_raising(candidate), tenant)
        for id_, status in ended:
            how = f"The opportunity has ended: {status}."
            done += await self._carry_out(ResolveException(exception_id=id_, how=how), tenant)
        return done

    async def _recorded_before(self, tenant: UUID) -> int:
        """Return where the log ended a round ago; the first time where it ends now.

        Rows that show less are of long ago, as while they are built anew: what they say is over.
        """
        log = self._application.log
        head = await log.aside(log.head, tenant)
        size = 0 if head is None else head.size
        before, self._ends[tenant] = self._ends.get(tenant, size), size
        return before

    def _look(
        self, tenant: UUID, look: Look, recorded: int
    ) -> tuple[list[Candidate], list[tuple[UUID, str]]]:
        try:
            with psycopg.connect(self._direct_url, autocommit=True) as connection:
                connection.execute("SET ROLE opps_reader")
                connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
                if shown(connection) < recorded:
                    return [], []
                return list(candidates(connection, look)), over(connection, look)
        except (UndefinedTable, UndefinedColumn):
            return [], []  # the projector makes its tables first
        except psycopg.OperationalError as away:
            raise LogUnavailable(f"the database does not answer: {away}") from away

    async def _deserves(self, candidate: Candidate, tenant: UUID) -> bool:
        """Tell whether a candidate is one, by what the read models do not show."""
        if candidate.cause is not ExceptionCause.WALK_AWAY:
            return True
        of = await self._application.load(OPPORTUNITY, tenant, candidate.opportunity_id)
        return of is not None and may_walk_away(of)

    async def _carry_out(self, command: AnyExceptionCommand, tenant: UUID) -> bool:
        name = f"{type(command).__name__}|{command.exception_id}"
        request = Request(tenant=tenant, actor=_ACTOR, command_id=uuid5(WATCH, f"{tenant}|{name}"))
        try:
            executed = await self._application.exception(command, request)
        except (AlreadyExists, ExceptionIsClosed, CommandIdReused, VersionConflict):
            return False  # somebody else was first, and the read models do not show it yet
        return not executed.replayed


def _last_low(found: Iterable[Candidate], look: Look) -> LowPlace:
    """Return behind which place to go on next time: from the beginning after the last one."""
    lows = [one for one in found if one.cause is ExceptionCause.WALK_AWAY]
    if len(lows) < look.limit:
        return FIRST_LOW
    return LowPlace(lows[-1].since, lows[-1].opportunity_id)


def _raising(candidate: Candidate) -> RaiseByRule:
    id_ = exception_id(candidate.opportunity_id, candidate.cause, candidate.about, candidate.since)
    return RaiseByRule(
        exception_id=id_,
        opportunity_id=candidate.opportunity_id,
        cause=candidate.cause,
        about=candidate.about,
        since=candidate.since,
        summary=candidate.summary[:LONGEST_SUMMARY],
        facts=candidate.facts,
        again=candidate.again,
    )
