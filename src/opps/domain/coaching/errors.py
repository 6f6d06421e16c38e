"""Why a command on coaching was refused."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from opps.domain.coaching.causes import GapCause
from opps.domain.errors import Refusal


@dataclass
class UnknownGap(Refusal):
    """There is no gap {gap_id} that you may see: check the id; sellers look at theirs first."""

    gap_id: UUID


@dataclass
class GapIsClosed(Refusal):
    """Gap {gap_id} is closed: name another one if it came back."""

    gap_id: UUID


@dataclass
class OutsideYourTeam(Refusal):
    """You do not lead seller {seller}: coaching is for those alone who do. Look at `teams`."""

    seller: UUID


@dataclass
class OnlyTheSeller(Refusal):
    """Only seller {seller} can say that: nobody says it for somebody else."""

    seller: UUID


@dataclass
class OnlyWhoLeads(Refusal):
    """Whoever leads seller {seller} closes a gap: talk about it with them."""

    seller: UUID


@dataclass
class NothingNamed(Refusal):
    """Name the leading indicator that shows gap {gap_id}, or the objective that it is about."""

    gap_id: UUID


@dataclass
class NotALeadingIndicator(Refusal):
    """{indicator} is no leading indicator: name one of {indicators}. Amounts, bookings and numbers
    of calls are results and quotas; nobody is coached by them."""

    indicator: str
    indicators: list[str]


@dataclass
class TargetOutOfRange(Refusal):
    """{indicator} can never be {target}: name what it could reach, in {unit}."""

    indicator: str
    target: float
    unit: str


@dataclass
class RuleOutFirst(Refusal):
    """Before {cause}, rule out {first}: ask about the causes in their order."""

    cause: GapCause
    first: GapCause


@dataclass
class NotDiagnosed(Refusal):
    """Nobody said why gap {gap_id} is there: record the diagnosis first."""

    gap_id: UUID


@dataclass
class LearningCannotCure(Refusal):
    """Learning does not cure {cause}: agree on a corrective action, with an owner and a day."""

    cause: GapCause


@dataclass
class LearningIsTheCure(Refusal):
    """{cause} is cured by learning: assign an activity of the catalogue."""

    cause: GapCause


@dataclass
class UnknownActivity(Refusal):
    """There is no learning activity {activity} on offer: look at the catalogue, or offer it."""

    activity: str


@dataclass
class ActivityForSomethingElse(Refusal):
    """Learning activity {activity} is not for {wanted}: choose one that is."""

    activity: str
    wanted: str


@dataclass
class DueInThePast(Refusal):
    """{due} is over, today is {today}: name a day that can still be kept."""

    due: date
    today: date


@dataclass
class UnknownAssignment(Refusal):
    """There is no assignment {assignment_id} in this gap: check the id."""

    assignment_id: UUID


@dataclass
class NotCompleted(Refusal):
    """The seller did not complete assignment {assignment_id} yet: what is not learned cannot show
    at work."""

    assignment_id: UUID


@dataclass
class NotApplied(Refusal):
    """Nothing shows yet that assignment {assignment_id} was applied: name later facts first."""

    assignment_id: UUID


@dataclass
class FactShowsNothing(Refusal):
    """Fact {fact_id} does not show that it was applied: {why}."""

    fact_id: UUID
    why: str


@dataclass
class NotResolvedYet(Refusal):
    """Gap {gap_id} is not resolved: {missing}."""

    gap_id: UUID
    missing: str
