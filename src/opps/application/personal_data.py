"""Personal data of every tenant: what is decided about it, carried out, and read of it since."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from opps.application.certificates import Certificate, certificate
from opps.application.erased import ErasedPersons, erased_by
from opps.application.erasing import CarriedOut, Erasing
from opps.application.keeping import DuePerson, due_persons
from opps.application.memory import Memory
from opps.application.planning import Request
from opps.application.preview import Preview, preview
from opps.application.privacy import PrivacyCommands, PrivacyExecuted
from opps.application.told import Progress, unseen
from opps.domain.events import PersonErased
from opps.domain.personal import ErasureLevel
from opps.domain.privacy.commands import AnyPrivacyCommand, ApproveErasure
from opps.domain.privacy.state import Privacy, privacy_stream
from opps.domain.recorded import Context, Recorded
from opps.eventstore import NEW_STREAM, Log
from opps.ledger.ledger import Ledger
from opps.recording.keyring import Keyring
from opps.recording.personal import E
from opps.recording.register import Register


class PersonalData:
    """What an installation knows of erasures, and does about them.

    What is not a coroutine reads or writes: not for the event loop.
    """

    def __init__(
        self,
        log: Log,
        keyring_of: Callable[[UUID], Keyring],
        register: Register,
        memory: Memory,
    ) -> None:
        self._log = log
        self._keyring_of = keyring_of
        self._memory = memory
        self._commands = PrivacyCommands(log)
        self._erased = ErasedPersons(log)
        self._erasing = Erasing(log, keyring_of, register, self.decided, self._seen)
        self._versions: dict[UUID, int] = {}

    async def carry_out(
        self, command: AnyPrivacyCommand, request: Request, context: Context
    ) -> PrivacyExecuted:
        """Carry out a command; an erasure that it approves is through when this returns.

        Raises:
            Refusal: a rule says no.
            AppendRefused: the log says no.
            LogFault: the database is away; an approved erasure is carried out once it is back.
        """
        keyring = self._keyring_of(request.tenant)
        executed = await self._commands.carry_out(command, request, context, keyring)
        if not isinstance(command, ApproveErasure):
            return executed
        await self._log.aside(self.finish, request.tenant)
        return replace(executed, privacy=await self._log.aside(self.decided, request.tenant))

    def decided(self, tenant: UUID) -> Privacy:
        """Return the erasures, legal holds and retention rules of a tenant."""
        return self._commands.read(tenant)

    def finish(self, tenant: UUID) -> list[CarriedOut]:
        """Carry out what is approved and not through; see `Erasing.finish`."""
        return self._erasing.finish(tenant)

    def preview(
        self, tenant: UUID, person_id: UUID, level: ErasureLevel, progress: Progress = unseen
    ) -> Preview:
        """Return what an erasure would reach and what it would leave; nothing is written."""
        keyring = self._keyring_of(tenant)
        return preview(self._log, tenant, keyring, self.decided(tenant), person_id, level, progress)

    def due(self, tenant: UUID, now: datetime, progress: Progress = unseen) -> list[DuePerson]:
        """Return who has been kept as long as the rules say, and is on no legal hold."""
        keyring = self._keyring_of(tenant)
        return due_persons(self._log, tenant, keyring, self.decided(tenant), now, progress)

    def certificate(self, tenant: UUID, ledger: Ledger, erasure_id: UUID) -> Certificate:
        """Return what proves that an erasure was carried out; see `certificate`."""
        return certificate(self._log, ledger, self.decided(tenant), tenant, erasure_id)

    def erased(self, tenant: UUID, persons: Iterable[UUID]) -> list[Recorded[PersonErased]]:
        """Return the erasures of some persons, in the order of the log."""
        return self._erased.among(tenant, persons)

    def unsealed(self, tenant: UUID, event: E, event_id: UUID) -> E:
        """Return an event readable, or redacted with the date and the basis of its erasure."""
        return self._erased.unsealed(tenant, event, event_id, self._keyring_of(tenant))

    async def forget_if_decided(self, tenant: UUID) -> None:
        """Let go of what this process remembers in clear, once another one may have erased it."""
        newest = await self._log.aside(self._newest, tenant)
        if newest != self._versions.get(tenant, NEW_STREAM):
            self._versions[tenant] = newest
            self._memory.forget(tenant)

    def _newest(self, tenant: UUID) -> int:
        stream = privacy_stream(tenant)
        last = self._log.stream(tenant, stream, newest_first=True, limit=1)
        return last[0].version if last else NEW_STREAM

    def _seen(self, tenant: UUID, recorded: Recorded[PersonErased]) -> None:
        self._memory.forget(tenant)
        self._erased.note(tenant, recorded.stream, erased_by(recorded))
