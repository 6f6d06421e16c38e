"""A scoring model of a tenant: defined once, tried on later deals, brought into force by somebody.

A model's name stands for its content for ever. The day-one model is there from the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.errors import Refusal
from opps.domain.events import (
    Backtest,
    Event,
    Gate,
    ScoringModelActivated,
    ScoringModelBacktested,
    ScoringModelDefined,
)
from opps.domain.model import Model
from opps.domain.model_check import problems, same
from opps.domain.oks_1 import OKS_1
from opps.domain.promotion import contradictions, missed
from opps.domain.recorded import Context, Recorded
from opps.domain.scoring_model_commands import ActivateScoringModel as ActivateScoringModel
from opps.domain.scoring_model_commands import AnyScoringModelCommand as AnyScoringModelCommand
from opps.domain.scoring_model_commands import DefineScoringModel as DefineScoringModel
from opps.domain.scoring_model_commands import RecordBacktest as RecordBacktest
from opps.domain.scoring_model_errors import (
    BacktestedAgainstAnother,
    GateNotPassed,
    MalformedBacktest,
    MalformedModel,
    MayNotApprove,
    MayNotDefine,
    NameTaken,
    NeverBacktested,
    UnknownModel,
)
from opps.domain.words import not_blank

# Who may bring a model into force: it moves the score of every open opportunity.
APPROVERS = ("MANAGER", "ADMIN")
# Who may define one, and say how it did: what a gate looks at is nobody's else to write.
DEFINERS = APPROVERS
# A stream that has not begun, as the log counts.
_NEW = -1


class Tried(Struct, frozen=True, kw_only=True):
    """How a model did on later deals, and when that was recorded."""

    against: str
    backtest: Backtest
    recorded_at: datetime
    version: int


class ScoringModel(Struct, frozen=True, kw_only=True):
    """A scoring model; the day-one model was defined by nobody, at no time."""

    model: Model
    origin: str
    version: int
    position: int
    learned_from: int = 0
    up_to: int = 0
    prior: str | None = None
    defined_at: datetime | None = None
    tried: Tried | None = None

    @property
    def name(self) -> str:
        """Its name, which stands for its content."""
        return self.model.name


class InForce(Struct, frozen=True, kw_only=True):
    """A time in which a model scored the open opportunities; without `since` from the start on."""

    name: str
    since: datetime | None = None
    until: datetime | None = None
    approver: UUID | None = None
    reason: str | None = None
    gate: Gate = Gate.DAY_ONE
    position: int = 0


class Models(Struct, frozen=True, kw_only=True):
    """Every scoring model of a tenant, and when each was in force, oldest first."""

    models: Mapping[str, ScoringModel]
    periods: tuple[InForce, ...]

    @property
    def in_force(self) -> ScoringModel:
        """The model that scores now."""
        return self.models[self.periods[-1].name]

    def periods_of(self, name: str) -> tuple[InForce, ...]:
        """Return the times in which a model was in force."""
        return tuple(one for one in self.periods if one.name == name)


DAY_ONE_MODEL = ScoringModel(
    model=OKS_1,
    origin="The expert's model of day one, before any opportunity has closed",
    version=_NEW,
    position=0,
)
DAY_ONE_MODELS = Models(models={OKS_1.name: DAY_ONE_MODEL}, periods=(InForce(name=OKS_1.name),))


def model_stream(tenant: UUID, name: str) -> UUID:
    """Return the stream of a scoring model."""
    return uuid5(tenant, f"scoring model: {name}")


def decide(
    state: ScoringModel | None,
    command: AnyScoringModelCommand,
    in_force: Model,
    context: Context,
) -> Sequence[Event]:
    """Return the events that a command leads to; none when nothing changes.

    Raises:
        NameTaken: the name stands for another model.
        MalformedModel, MalformedBacktest: the model, or the record of its trial, does not hold
            together.
        MayNotDefine: the role may not define a model, nor say how it did.
        UnknownModel: there is no model of that name.
        MayNotApprove: the role may not bring a model into force.
        NeverBacktested, GateNotPassed, BacktestedAgainstAnother: nothing shows that the model is
            as good as the one in force, and nobody overrides that.
        Blank: the origin or the reason says nothing.
    """
    match command:
        case DefineScoringModel():
            _may_define(context)
            return _define(state, command)
        case RecordBacktest():
            _may_define(context)
            known = _known(state, command.name)
            for problem in contradictions(command.backtest):
                raise MalformedBacktest(problem=problem)
            tried = known.tried
            if tried and (tried.against, tried.backtest) == (command.against, command.backtest):
                return []
            return [ScoringModelBacktested(against=command.against, backtest=command.backtest)]
        case ActivateScoringModel():
            return _activate(_known(state, command.name), command, in_force, context)
        case _:
            assert_never(command)


def evolve(state: ScoringModel | None, recorded: Recorded[Event]) -> ScoringModel | None:
    """Return the model after one more event of its stream."""
    match recorded.event:
        case ScoringModelDefined() as event if state is None:
            return ScoringModel(
                model=event.model,
                origin=event.origin,
                learned_from=event.learned_from,
                up_to=event.up_to,
                prior=event.prior,
                defined_at=recorded.recorded_at,
                version=recorded.version,
                position=recorded.position,
            )
        case ScoringModelBacktested() as event if state is not None:
            return replace(
                state,
                tried=Tried(
                    against=event.against,
                    backtest=event.backtest,
                    recorded_at=recorded.recorded_at,
                    version=recorded.version,
                ),
                version=recorded.version,
                position=recorded.position,
            )
        case _:
            return state


def gather(models: Models, tenant: UUID, history: Iterable[Recorded[Event]]) -> Models:
    """Return all models after a stretch of the log, given oldest first."""
    found = dict(models.models)
    streams = {model_stream(tenant, name): name for name in found}
    periods = list(models.periods)
    for one in history:
        if isinstance(one.event, ScoringModelActivated):
            _enter(periods, one, one.event)
            continue
        if isinstance(one.event, ScoringModelDefined):
            streams[one.stream] = one.event.model.name
        name = streams.get(one.stream)
        state = None if name is None else evolve(found.get(name), one)
        if name is not None and state is not None:
            found[name] = state
    return Models(models=found, periods=tuple(periods))


def _enter(periods: list[InForce], one: Recorded[Event], event: ScoringModelActivated) -> None:
    periods[-1] = replace(periods[-1], until=one.recorded_at)
    periods.append(
        InForce(
            name=event.model.name,
            since=one.recorded_at,
            approver=event.approver,
            reason=event.reason,
            gate=event.gate,
            position=one.position,
        )
    )


def _known(state: ScoringModel | None, name: str) -> ScoringModel:
    if state is None:
        raise UnknownModel(name=name)
    return state


def _may_define(context: Context) -> None:
    if context.actor.role not in DEFINERS:
        raise MayNotDefine(role=context.actor.role)


def _define(state: ScoringModel | None, command: DefineScoringModel) -> Sequence[Event]:
    not_blank("origin", command.origin)
    not_blank("name", command.name)
    for problem in problems(command.model):
        raise MalformedModel(problem=problem)
    if state is not None:
        if same(state.model, command.model):
            return []
        raise NameTaken(name=command.name)
    if command.prior == command.name:
        raise MalformedModel(problem="it was fitted from itself")
    return [
        ScoringModelDefined(
            model=command.model,
            origin=command.origin,
            learned_from=command.learned_from,
            up_to=command.up_to,
            prior=command.prior,
        )
    ]


def _activate(
    state: ScoringModel, command: ActivateScoringModel, in_force: Model, context: Context
) -> Sequence[Event]:
    actor = context.actor
    if actor.role not in APPROVERS:
        raise MayNotApprove(role=actor.role)
    not_blank("reason", command.reason)
    if in_force.name == state.name:
        return []
    refusal = gate(state, in_force)
    if refusal is not None and not command.override:
        raise refusal
    looked_at = None
    if state.tried is not None and state.name != OKS_1.name:
        looked_at = state.tried.version
    return [
        ScoringModelActivated(
            model=state.model,
            approver=actor.on_behalf_of or actor.principal,
            reason=command.reason,
            gate=_gate(state, refusal),
            backtest_version=looked_at,
        )
    ]


def _gate(state: ScoringModel, refusal: Refusal | None) -> Gate:
    if state.name == OKS_1.name:
        return Gate.DAY_ONE
    return Gate.PASSED if refusal is None else Gate.OVERRIDDEN


def gate(
    state: ScoringModel, in_force: Model
) -> NeverBacktested | GateNotPassed | BacktestedAgainstAnother | None:
    """Return what keeps a model from coming into force, None if nothing does.

    The way back to day one is always open.
    """
    if state.name == OKS_1.name:
        return None
    if state.tried is None:
        return NeverBacktested(name=state.name)
    if not state.tried.backtest.passed:
        return GateNotPassed(name=state.name, missed=missed(state.tried.backtest))
    if state.tried.against != in_force.name:
        return BacktestedAgainstAnother(
            name=state.name, against=state.tried.against, in_force=in_force.name
        )
    return None
