"""The commands on the rules of a tenant, and what it set of them as the log holds it."""

from uuid import UUID

import msgspec
from msgspec import Struct

from opps.application.planning import Request, plan
from opps.domain.danger_zones.rule_set import ZONES_1, Rules
from opps.domain.errors import Refusal
from opps.domain.recorded import Context
from opps.domain.rules import AnyRulesCommand, decide
from opps.domain.setting import rules_stream, setting_after
from opps.eventstore import NEW_STREAM, Log, VersionConflict
from opps.recording import codec
from opps.recording.keyring import Keyring

_RETRIES = 5


class RulesHeld(Struct, frozen=True, kw_only=True):
    """The rules of a tenant, as of a version of their stream and a position of the log."""

    rules: Rules = ZONES_1
    version: int = NEW_STREAM
    position: int = 0


class RulesExecuted(Struct, frozen=True, kw_only=True):
    """What a command on the rules did: the rules now, and the position that shows it."""

    held: RulesHeld
    position: int
    replayed: bool


class TenantRules:
    """The rules of every tenant."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def of(self, tenant: UUID) -> RulesHeld:
        """Return the rules of a tenant as of now.

        Raises:
            LogUnavailable: the database is away.
        """
        return await self._log.aside(self._read, tenant)

    async def carry_out(
        self, command: AnyRulesCommand, request: Request, context: Context, keyring: Keyring
    ) -> RulesExecuted:
        """Carry out a command; repeated under the same id, it is answered again.

        Raises:
            Refusal: a rule says no.
            AppendRefused, LogFault: the log says no, or is away.
        """
        stream = rules_stream(request.tenant)
        for _ in range(_RETRIES):
            held = await self.of(request.tenant)
            try:
                events = tuple(decide(held.rules, command, context))
            except Refusal:
                if not await self._log.aside(self._log.command, request.tenant, request.command_id):
                    raise
                events = ()
            append = await self._log.aside(
                plan, keyring, stream, held.version, command, request, events, held.position
            )
            try:
                appended = await self._log.append(append)
            except VersionConflict as conflict:  # another one came first: decide again
                last_conflict = conflict
                continue
            position = appended.last_position or msgspec.json.decode(appended.result, type=int)
            return RulesExecuted(
                held=await self.of(request.tenant), position=position, replayed=appended.replayed
            )
        raise last_conflict

    def _read(self, tenant: UUID) -> RulesHeld:
        history = [codec.decode(one) for one in self._log.stream(tenant, rules_stream(tenant))]
        if not history:
            return RulesHeld()
        last = history[-1]
        return RulesHeld(
            rules=setting_after(history).rules, version=last.version, position=last.position
        )
