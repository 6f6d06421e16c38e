"""Streams of a log, folded: from memory where that is fresh, and in what surrounds them."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from uuid import UUID

from opps.application.aggregates import Aggregate, S, folded
from opps.application.memory import Loaded, Memory
from opps.application.personal_data import PersonalData
from opps.domain.events import Event
from opps.domain.recorded import Recorded
from opps.domain.setting import (
    DAY_ONE,
    Setting,
    rules_stream,
    setting_after,
    surrounding_streams,
)
from opps.eventstore import Log
from opps.recording import codec
from opps.recording.keyring import Keyring
from opps.recording.register import MemoryRegister, Register

SETTING_KNOWN_FOR_S = 1.0
_NEVER_LOOKED_AT = (-SETTING_KNOWN_FOR_S, DAY_ONE, 0)


class Streams:
    """What the streams of any tenant fold to, on one log."""

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        now: Callable[[], datetime],
        register: Register | None,
        personal: PersonalData | None,
    ) -> None:
        self.log = log
        self.keyring_of = keyring_of
        self.now = now
        self._memory = Memory()
        self.personal = personal or PersonalData(
            log, keyring_of, register or MemoryRegister(), self._memory
        )
        self._settings: dict[UUID, tuple[float, Setting, int]] = {}

    async def setting(self, tenant: UUID) -> Setting:
        """Return what surrounds every opportunity, as of a second ago at the latest."""
        return (await self._surroundings(tenant))[0]

    def look_again(self, tenant: UUID) -> None:
        """Forget what surrounds every opportunity: it was changed just now."""
        self._settings.pop(tenant, None)

    async def load(
        self, aggregate: Aggregate[S], tenant: UUID, stream: UUID, *, position: int | None = None
    ) -> S | None:
        """Return a stream folded up to a position; None if it has not begun by then."""
        return folded(aggregate, await self.history(tenant, stream), position)

    async def load_alone(self, aggregate: Aggregate[S], tenant: UUID, stream: UUID) -> S | None:
        """Return a stream folded that nothing surrounds, such as the teams."""
        logged = await self.log.aside(self.log.streams, tenant, [stream])
        return folded(aggregate, map(codec.decode, logged), None)

    async def history(self, tenant: UUID, stream: UUID) -> list[Recorded[Event]]:
        """Return the events of a stream and those that surround it, personal data sealed."""
        streams = [stream, *surrounding_streams(tenant)]
        logged = await self.log.aside(self.log.streams, tenant, streams)
        return [codec.decode(event) for event in logged]

    def readable(self, tenant: UUID, one: Recorded[Event]) -> Event:
        """Return the event with its personal data readable, or redacted where it was erased."""
        return self.personal.unsealed(tenant, one.event, one.event_id)

    async def _from_memory(
        self, aggregate: Aggregate[S], tenant: UUID, stream: UUID
    ) -> Loaded[S] | None:
        if self._memory.get(tenant, stream) is None:
            return None
        setting, position = await self._surroundings(tenant)
        held: Loaded[S] | None = self._memory.get(tenant, stream)
        # An id may be that of something else: it is no person because an account has it.
        if held is None or not isinstance(held.state, aggregate.of):
            return None
        if position <= held.position:
            return held
        return Loaded(aggregate.under(held.state, setting), setting, position)

    async def _surroundings(self, tenant: UUID) -> tuple[Setting, int]:
        """Return the setting and its last position, as of a second ago at the latest."""
        looked_at, setting, position = self._settings.get(tenant, _NEVER_LOOKED_AT)
        if monotonic() - looked_at >= SETTING_KNOWN_FOR_S:
            await self.personal.forget_if_decided(tenant)
            newest = await self.log.aside(self._newest_surrounding, tenant)
            setting = setting_after(newest)
            position = max((one.position for one in newest), default=0)
            self._settings[tenant] = (monotonic(), setting, position)
        return setting, position

    def _newest_surrounding(self, tenant: UUID) -> list[Recorded[Event]]:
        """Return the last events of the streams that surround every opportunity; all of the rules.

        A tick and a model take the place of the one before. What was set of the rules adds up.
        """
        rules = rules_stream(tenant)
        newest = [
            logged
            for stream in surrounding_streams(tenant)
            if stream != rules
            for logged in self.log.stream(tenant, stream, newest_first=True, limit=1)
        ]
        return [codec.decode(one) for one in (*newest, *self.log.stream(tenant, rules))]
