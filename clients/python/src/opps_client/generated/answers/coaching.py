"""The coaching of one seller, on one screen: for the seller, and for those who lead the seller.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date
from uuid import UUID

from ...operation import Operation
from ...parts import Answer
from ..enums import AssignmentStatus, GapCause, GapSource, GapStatus, Indicator, Objective


class CoachingGapsNote(Answer, frozen=True, kw_only=True):
    """Text about a person; it reads as redacted once it was erased."""

    text: str | None


class CoachingGapsObserved(Answer, frozen=True, kw_only=True):
    """An indicator of one seller when a gap was named: with its n and interval, never a rank."""

    value: float
    n: int
    low: float
    high: float
    own_past: float | None
    peer_median: float | None


class CoachingGapsDiagnosis(Answer, frozen=True, kw_only=True):
    """Why a gap is there, as it was last said."""

    cause: GapCause


class CoachingGaps(Answer, frozen=True, kw_only=True):
    """A performance gap of one seller: found before results suffer, never beside others."""

    gap_id: UUID
    named_by: GapSource
    status: GapStatus
    indicator: Indicator | None
    objective: Objective | None
    note: CoachingGapsNote | None
    observed: CoachingGapsObserved | None
    diagnosis: CoachingGapsDiagnosis | None
    due: date | None


class CoachingDueActivity(Answer, frozen=True, kw_only=True):
    """A learning activity of the organisation."""

    title: str


class CoachingDue(Answer, frozen=True, kw_only=True):
    """A learning activity that was assigned, and what came of it."""

    due: date
    status: AssignmentStatus
    activity: CoachingDueActivity


class CoachingCatalogue(Answer, frozen=True, kw_only=True):
    """A learning activity of the organisation."""

    activity: str
    title: str
    objectives: list[Objective]
    causes: list[GapCause]


class Coaching(Answer, frozen=True, kw_only=True):
    """The coaching of one seller: for the seller, and for those who lead the seller once the
    seller had the first look. No list sets one seller above another.
    """

    open_gaps: int
    closed_gaps: int
    gaps: list[CoachingGaps]
    due: list[CoachingDue]
    catalogue: list[CoachingCatalogue]


class CoachingQuery(Answer, frozen=True, kw_only=True):
    """The coaching of one seller, on one screen: for the seller, and for those who lead the
    seller.
    """

    coaching: Coaching


COACHING = Operation(
    "Coaching",
    """# The coaching of one seller, on one screen: for the seller, and for those who lead the seller.
query Coaching($seller: ID!, $atLeast: Position) {
  coaching(seller: $seller, atLeast: $atLeast) {
    openGaps
    closedGaps
    gaps {
      gapId
      namedBy
      status
      indicator
      objective
      note {
        text
      }
      observed {
        value
        n
        low
        high
        ownPast
        peerMedian
      }
      diagnosis {
        cause
      }
      due
    }
    due {
      due
      status
      activity {
        title
      }
    }
    catalogue {
      activity
      title
      objectives
      causes
    }
  }
}
""",
    CoachingQuery,
)
