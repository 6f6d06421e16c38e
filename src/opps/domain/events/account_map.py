"""What happens on the tactical account map: outcome, gates, milestones and actions."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from opps.domain.describe import Code, Count, Text, Title
from opps.domain.events.base import Event, OpportunityEvent
from opps.domain.events.map_vocabulary import (
    DesiredOutcome,
    EvidenceMet,
    GateTemplate,
    OutcomeDimension,
    PlannedGate,
    Side,
    Waiver,
    keep_figures,
)
from opps.domain.money import Money
from opps.domain.provenance import Channel


class MapEvent(OpportunityEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Something on the account map; it never moves the score."""

    @property
    def thread(self) -> object:
        """What it goes on with: of one thread, what comes first in the log counts first."""
        return type(self)


class OutcomeEvent(MapEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Something about the desired outcome."""

    @property
    def thread(self) -> object:
        """One outcome."""
        return OutcomeEvent


class DesiredOutcomeStated(OutcomeEvent, frozen=True, kw_only=True):
    """We wrote down what the deal is to come to."""

    outcome: DesiredOutcome


class DesiredOutcomeRevised(OutcomeEvent, frozen=True, kw_only=True):
    """The deal is to come to something else; what was agreed before no longer is."""

    outcome: DesiredOutcome
    reason: Text


class DesiredOutcomeAgreed(OutcomeEvent, frozen=True, kw_only=True):
    """Somebody of the customer agreed to the desired outcome."""

    evaluator_id: UUID
    channel: Channel | None = None


class OutcomeProgressAssessed(OutcomeEvent, frozen=True, kw_only=True):
    """We assessed where one dimension of the outcome is heading."""

    dimension: OutcomeDimension
    metric_id: UUID | None = None
    projected_amount: Money | None = None
    projected_on: date | None = None
    projected_value: Decimal | None = None
    note: Text | None = None

    def __post_init__(self) -> None:
        """Keep only numbers that can be compared; raises what `keep_figures` raises."""
        keep_figures(self, "projected_value")


class GateEvent(MapEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Something about the gates."""

    @property
    def thread(self) -> object:
        """One process."""
        return GateEvent


class SalesProcessStarted(GateEvent, frozen=True, kw_only=True):
    """The deal goes by a sales process from here on: its gates as they were published then."""

    process: Code
    number: Count
    gates: tuple[PlannedGate, ...]


class GatePassed(GateEvent, frozen=True, kw_only=True):
    """A gate was passed: on evidence that opps found, and on waivers for what was missing."""

    gate: Code
    evidence: tuple[EvidenceMet, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    reason: Text | None = None


class GateSlipped(GateEvent, frozen=True, kw_only=True):
    """A gate is due at another date."""

    gate: Code
    to_due: date
    side: Side
    reason: Text
    from_due: date | None = None


class MilestoneEvent(MapEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Something about one milestone."""

    milestone_id: UUID

    @property
    def thread(self) -> object:
        """The milestone."""
        return self.milestone_id


class MilestonePlanned(MilestoneEvent, frozen=True, kw_only=True):
    """Both sides are to have done something by a date."""

    what: Title
    due: date
    our_owner: UUID
    their_owner: UUID | None = None


class MilestoneSlipped(MilestoneEvent, frozen=True, kw_only=True):
    """A milestone is due at another date."""

    from_due: date
    to_due: date
    side: Side
    reason: Text


class MilestoneMet(MilestoneEvent, frozen=True, kw_only=True):
    """A milestone was met."""


class MilestoneDropped(MilestoneEvent, frozen=True, kw_only=True):
    """A milestone no longer matters."""

    reason: Text


class ActionEvent(MapEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Something about one action."""

    action_id: UUID

    @property
    def thread(self) -> object:
        """The action."""
        return self.action_id


class ActionPlanned(ActionEvent, frozen=True, kw_only=True):
    """Somebody of ours is to do something: to answer, to mitigate or to advance."""

    what: Title
    owner: UUID
    due: date | None = None
    answers: tuple[UUID, ...] = ()
    mitigates: tuple[Code, ...] = ()
    advances: tuple[Code, ...] = ()


class ActionCompleted(ActionEvent, frozen=True, kw_only=True):
    """An action was done, and brought these facts."""

    result: Text | None = None
    facts: tuple[UUID, ...] = ()


class ActionDropped(ActionEvent, frozen=True, kw_only=True):
    """An action will not be done."""

    reason: Text


class WantReclassified(MapEvent, frozen=True, kw_only=True):
    """A want turned out to be a need: it no longer stands as a want."""

    want_id: UUID
    need_id: UUID
    reason: Text

    @property
    def thread(self) -> object:
        """The want."""
        return self.want_id


AnyMapEvent = (
    DesiredOutcomeStated
    | DesiredOutcomeRevised
    | DesiredOutcomeAgreed
    | OutcomeProgressAssessed
    | SalesProcessStarted
    | GatePassed
    | GateSlipped
    | MilestonePlanned
    | MilestoneSlipped
    | MilestoneMet
    | MilestoneDropped
    | ActionPlanned
    | ActionCompleted
    | ActionDropped
    | WantReclassified
)


class SalesProcessPublished(Event, frozen=True, kw_only=True):
    """A sales process was published, or another version of it: deals started later go by it."""

    process: Code
    number: Count
    name: Title
    gates: tuple[GateTemplate, ...]
    reason: Text | None = None
