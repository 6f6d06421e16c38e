"""Every change of a score from a cursor on, with no gap: keep the last cursor, and go on after it.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from msgspec import field

from ...operation import Operation
from ...parts import Answer
from ..enums import CauseKind, ScoreChannel, ScoreTopic


class ScoreChangedBefore(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float


class ScoreChangedAfter(Answer, frozen=True, kw_only=True):
    """A win probability with its 80 % interval."""

    p: float
    low: float
    high: float


class ScoreChangedEffects(Answer, frozen=True, kw_only=True):
    """What one objective, or a labelled context, moved in one channel."""

    topic: ScoreTopic
    channel: ScoreChannel
    milli_points: int


class ScoreChanged(Answer, frozen=True, kw_only=True):
    """A change of a score, or that all were sent."""

    typename: str = field(name="__typename")
    cursor: str | None = None
    opportunity_id: str | None = None
    cause: str | None = None
    kind: CauseKind | None = None
    sentence: str | None = None
    before: ScoreChangedBefore | None = None
    after: ScoreChangedAfter | None = None
    points: float | None = None
    effects: list[ScoreChangedEffects] | None = None
    position: int | None = None


class ScoreChangedSubscription(Answer, frozen=True, kw_only=True):
    """Every change of a score from a cursor on, with no gap: keep the last cursor, and go on
    after it.
    """

    score_changed: ScoreChanged


SCORE_CHANGED = Operation(
    "ScoreChanged",
    """# Every change of a score from a cursor on, with no gap: keep the last cursor, and go on after it.
subscription ScoreChanged($filter: ScoreFilter, $after: ScoreCursor) {
  scoreChanged(filter: $filter, after: $after) {
    __typename
    ... on ScoreChanged {
      cursor
      opportunityId
      cause
      kind
      sentence
      before { p }
      after { p low high }
      points
      effects { topic channel milliPoints }
    }
    ... on StreamCaughtUp { cursor position }
  }
}
""",
    ScoreChangedSubscription,
)
