"""What one request reads: each opportunity, account and person once, many in one statement."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar
from uuid import UUID

from opps.api.beside import beside
from opps.api.loaders import Loader
from opps.api.picture import Picture
from opps.application import ACCOUNT, OPPORTUNITY, PERSON, Aggregate, Application
from opps.domain.account import Account
from opps.domain.curves import CurvePoint, as_learned
from opps.domain.events import Event
from opps.domain.opportunity.lenses import Lens, through
from opps.domain.opportunity.state import Opportunity
from opps.domain.person import Person
from opps.domain.recorded import Recorded
from opps.domain.setting import DAY_ONE, surround, surrounding_streams
from opps.eventstore import LoggedEvent
from opps.recording import codec

S = TypeVar("S", Opportunity, Account, Person)


class Moment(NamedTuple):
    """Up to where the log is read, all of it where no position is given, and through which lens."""

    position: int | None = None
    lens: Lens | None = None

    def sees(self, recorded: Recorded[Event]) -> bool:
        """Tell whether an event was recorded by then."""
        return self.position is None or recorded.position <= self.position


HEAD = Moment()


class Key(NamedTuple):
    """One opportunity at one moment."""

    opportunity_id: UUID
    moment: Moment = HEAD


class Reading:
    """The reads of one request, of one organisation."""

    def __init__(self, application: Application, tenant: UUID) -> None:
        self.application = application
        self.tenant = tenant

    @cached_property
    def pictures(self) -> Loader[Key, Picture | None]:
        """Opportunities, each at a moment."""
        return Loader(self._pictures)

    @cached_property
    def accounts(self) -> Loader[UUID, Account | None]:
        """Accounts as they are."""
        return Loader(self._accounts)

    @cached_property
    def persons(self) -> Loader[UUID, Person | None]:
        """Persons as they are."""
        return Loader(self._persons)

    @cached_property
    def curves(self) -> Loader[UUID, list[CurvePoint]]:
        """Scores of opportunities as they should have been."""
        return Loader(self._curves)

    def forget(self) -> None:
        """Read anew what is asked for from now on."""
        for name in ("pictures", "accounts", "persons", "curves"):
            vars(self).pop(name, None)

    async def history(self, streams: Sequence[UUID]) -> list[Recorded[Event]]:
        """Return the events of streams in the order of the log, personal data readable."""
        log = self.application.log
        logged = await log.aside(log.streams, self.tenant, list(streams))
        return await beside(self.readable, logged)

    def readable(self, logged: Sequence[LoggedEvent]) -> list[Recorded[Event]]:
        """Return stored events decoded, their personal data readable or redacted."""
        return [self._readable(one) for one in logged]

    def _readable(self, logged: LoggedEvent) -> Recorded[Event]:
        recorded = codec.decode(logged)
        if codec.SEALED not in logged.payload:
            return recorded
        event = self.application.readable(self.tenant, recorded)
        if event is recorded.event:
            return recorded
        return Recorded(
            event=event,
            stream=recorded.stream,
            position=recorded.position,
            version=recorded.version,
            recorded_at=recorded.recorded_at,
            event_id=recorded.event_id,
            command_id=recorded.command_id,
            metadata=recorded.metadata,
        )

    async def _pictures(self, keys: list[Key]) -> list[Picture | None]:
        wanted = {key.opportunity_id for key in keys}
        history = await self.history([*wanted, *surrounding_streams(self.tenant)])
        return await beside(_pictures, keys, history)

    async def _curves(self, ids: list[UUID]) -> list[list[CurvePoint]]:
        streams = surrounding_streams(self.tenant)
        history = await self.history([*ids, *streams])
        # Each instant is scored anew, and others wait for no more than one curve.
        return [await beside(_curve, history, {one, *streams}) for one in ids]

    async def _accounts(self, ids: list[UUID]) -> list[Account | None]:
        states = _folded(ACCOUNT, await self.history(ids), set(ids))
        return [states.get(one) for one in ids]

    async def _persons(self, ids: list[UUID]) -> list[Person | None]:
        states = _folded(PERSON, await self.history(ids), set(ids))
        return [states.get(one) for one in ids]


def _curve(history: Sequence[Recorded[Event]], streams: Collection[UUID]) -> list[CurvePoint]:
    """Return a curve from the history of several opportunities."""
    return as_learned([one for one in history if one.stream in streams])


def _pictures(keys: Sequence[Key], history: Sequence[Recorded[Event]]) -> list[Picture | None]:
    """Return each opportunity at its moment, from the history of all of them."""
    wanted = {key.opportunity_id for key in keys}
    surrounding = [one for one in history if one.stream not in wanted]
    found: dict[Key, Picture | None] = {}
    for moment in {key.moment for key in keys}:
        seen = [one for one in history if moment.sees(one)]
        around = max((one.position for one in surrounding if moment.sees(one)), default=0)
        states = _folded(OPPORTUNITY, seen, wanted)
        for id_, state in states.items():
            position = moment.position or max(state.position, around)
            shown = state if moment.lens is None else _through(moment.lens, state, seen, wanted)
            found[Key(id_, moment)] = None if shown is None else Picture(shown, position, *moment)
    return [found.get(key) for key in keys]


def _through(
    lens: Lens, whole: Opportunity, history: Sequence[Recorded[Event]], wanted: set[UUID]
) -> Opportunity | None:
    others = wanted - {whole.opportunity_id}
    return through(lens, [one for one in history if one.stream not in others], whole)


def _folded(
    aggregate: Aggregate[S], history: Sequence[Recorded[Event]], streams: set[UUID]
) -> dict[UUID, S]:
    """Return each stream folded, in the setting that the history ends with."""
    states: dict[UUID, S] = {}
    setting = DAY_ONE
    for recorded in history:
        setting = surround(setting, recorded.event)
        if recorded.stream in streams:
            after = aggregate.evolve(states.get(recorded.stream), recorded, setting)
            if after is not None:
                states[recorded.stream] = after
    return {stream: aggregate.under(state, setting) for stream, state in states.items()}
