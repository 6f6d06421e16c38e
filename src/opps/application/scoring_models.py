"""The commands on scoring models, and every model of a tenant as the log holds it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from opps.application.planning import Request, plan
from opps.domain.errors import Refusal
from opps.domain.events import (
    Event,
    ScoringModelActivated,
    ScoringModelBacktested,
    ScoringModelDefined,
)
from opps.domain.recorded import Context
from opps.domain.scoring_model import (
    DAY_ONE_MODELS,
    AnyScoringModelCommand,
    Models,
    ScoringModel,
    decide,
    gather,
    model_stream,
)
from opps.domain.setting import activation_stream
from opps.eventstore import NEW_STREAM, Append, Log, VersionConflict
from opps.recording import codec
from opps.recording.keyring import Keyring

_RETRIES = 5
_TAGS = tuple(
    kind.__name__ for kind in (ScoringModelDefined, ScoringModelBacktested, ScoringModelActivated)
)
# So far one statement looks: a long log is read in several.
_WINDOW = 200_000


class ModelExecuted(Struct, frozen=True, kw_only=True):
    """What a command on a scoring model did: the models now, and the position that shows it."""

    model: ScoringModel
    models: Models
    changed: bool
    position: int
    replayed: bool


class ScoringModels:
    """The scoring models of every tenant: read once, then only what is new in the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seen: dict[UUID, tuple[int, Models]] = {}

    async def of(self, tenant: UUID) -> Models:
        """Return every model of a tenant, the day-one model among them, as of now.

        Raises:
            LogUnavailable: the database is away.
        """
        return await self._log.aside(self._read, tenant)

    async def carry_out(
        self, command: AnyScoringModelCommand, request: Request, context: Context, keyring: Keyring
    ) -> ModelExecuted:
        """Carry out a command; repeated under the same id, it is answered again.

        Raises:
            Refusal: a rule says no.
            AppendRefused, LogFault: the log says no, or is away.
        """
        for _ in range(_RETRIES):
            models = await self.of(request.tenant)
            try:
                append = await self._log.aside(_planned, models, command, request, context, keyring)
            except Refusal:
                known = await self._log.aside(self._log.command, request.tenant, request.command_id)
                if known is None:
                    raise
                append = await self._log.aside(_repeated, command, request, keyring)
            try:
                return await self._store(append, command, request)
            except VersionConflict as conflict:  # another one came first: decide again
                last_conflict = conflict
        raise last_conflict

    def _read(self, tenant: UUID) -> Models:
        head = self._log.head(tenant)
        size = 0 if head is None else head.size
        position, models = self._seen.get(tenant, (0, DAY_ONE_MODELS))
        while position < size:
            until = min(size, position + _WINDOW)
            found = self._log.read(tenant, position, _WINDOW, until=until, tags=_TAGS)
            models = gather(models, tenant, (codec.decode(one) for one in found))
            position = until
        self._seen[tenant] = position, models
        return models

    async def _store(
        self, append: Append, command: AnyScoringModelCommand, request: Request
    ) -> ModelExecuted:
        appended = await self._log.append(append)
        models = await self.of(request.tenant)
        return ModelExecuted(
            model=models.models[command.name],
            models=models,
            changed=appended.count > 0,
            position=appended.last_position or msgspec.json.decode(appended.result, type=int),
            replayed=appended.replayed,
        )


def _planned(
    models: Models,
    command: AnyScoringModelCommand,
    request: Request,
    context: Context,
    keyring: Keyring,
) -> Append:
    """Return the append of what is decided, on both the model and what is in force."""
    state = models.models.get(command.name)
    events: Sequence[Event] = decide(state, command, models.in_force.model, context)
    own = model_stream(request.tenant, command.name)
    in_force = activation_stream(request.tenant)
    # The first period is that of day one, which nobody activated.
    expected = {
        own: NEW_STREAM if state is None else state.version,
        in_force: NEW_STREAM + len(models.periods) - 1,
    }
    activates = any(isinstance(event, ScoringModelActivated) for event in events)
    stream = in_force if activates else own
    seen = max(state.position if state else 0, models.periods[-1].position)
    append = plan(keyring, stream, expected[stream], command, request, events, seen)
    return replace(append, expected=expected)


def _repeated(command: AnyScoringModelCommand, request: Request, keyring: Keyring) -> Append:
    """Return the append that the log answers as it did, or refuses as another one."""
    return plan(keyring, model_stream(request.tenant, command.name), NEW_STREAM, command, request)
