"""What one seller learned, did and recorded over all opportunities, with the lags, for coaching.

Made from schema.graphql and operations/*.graphql by `make client`; do not edit.
"""

from datetime import date, datetime

from ...operation import Operation
from ...parts import Answer
from ..enums import Channel, Objective, WrongHow


class SellerTimelineNodes(Answer, frozen=True, kw_only=True):
    """One event of an opportunity or account: when we learned of it, when it was recorded, who
    told us, what it replaced, and what it did to the score.
    """

    opportunity_id: str | None
    tag: str
    learned_at: datetime
    late: bool
    key: str | None
    points: float | None


class SellerTimelinePageInfo(Answer, frozen=True, kw_only=True):
    """Where a page lies in its list."""

    has_next_page: bool
    end_cursor: str | None


class SellerTimeline(Answer, frozen=True, kw_only=True):
    """One page of a timeline, and the whole of it in groups."""

    nodes: list[SellerTimelineNodes]
    page_info: SellerTimelinePageInfo


class SellerWrongBeliefsNodes(Answer, frozen=True, kw_only=True):
    """A belief that turned out wrong. A world that changed makes no belief wrong."""

    opportunity_id: str
    key: str
    how: WrongHow
    held_days: float
    points_meanwhile: float


class SellerWrongBeliefs(Answer, frozen=True, kw_only=True):
    """One page of a list."""

    nodes: list[SellerWrongBeliefsNodes]


class Seller(Answer, frozen=True, kw_only=True):
    """Somebody on our side: what this one person learned, did and recorded, over all
    opportunities. There is no list of sellers, and nothing that sets one above another.
    """

    id: str
    timeline: SellerTimeline
    wrong_beliefs: SellerWrongBeliefs


class LagReportTotal(Answer, frozen=True, kw_only=True):
    """How long things took from learning to recording. Below the least number there are no
    figures: they would say more about chance than about a habit.
    """

    n: int
    enough: bool
    share_late: float | None
    lower_quartile_seconds: float | None
    median_seconds: float | None
    upper_quartile_seconds: float | None
    median_low_seconds: float | None
    median_high_seconds: float | None
    sentence: str


class LagReportByChannelLags(Answer, frozen=True, kw_only=True):
    """How long things took from learning to recording. Below the least number there are no
    figures: they would say more about chance than about a habit.
    """

    n: int
    enough: bool


class LagReportByChannel(Answer, frozen=True, kw_only=True):
    """Lags of what reached a seller in one way."""

    channel: Channel
    lags: LagReportByChannelLags


class LagReportByObjectiveLags(Answer, frozen=True, kw_only=True):
    """How long things took from learning to recording. Below the least number there are no
    figures: they would say more about chance than about a habit.
    """

    n: int
    late: int


class LagReportByObjective(Answer, frozen=True, kw_only=True):
    """Lags of what a seller learned about one objective."""

    objective: Objective
    lags: LagReportByObjectiveLags


class LagReportByMonthLags(Answer, frozen=True, kw_only=True):
    """How long things took from learning to recording. Below the least number there are no
    figures: they would say more about chance than about a habit.
    """

    n: int
    median_seconds: float | None


class LagReportByMonth(Answer, frozen=True, kw_only=True):
    """Lags of what a seller had recorded in one month, by UTC."""

    month: date
    lags: LagReportByMonthLags


class LagReport(Answer, frozen=True, kw_only=True):
    """How long one seller takes from learning to recording: something to talk about, not a
    score. Only facts with a learned time of their own count.
    """

    least: int
    confidence: float
    late_after_seconds: float
    undated: int
    total: LagReportTotal
    by_channel: list[LagReportByChannel]
    by_objective: list[LagReportByObjective]
    by_month: list[LagReportByMonth]


class SellerTimelineQuery(Answer, frozen=True, kw_only=True):
    """What one seller learned, did and recorded over all opportunities, with the lags, for
    coaching.
    """

    seller: Seller
    lag_report: LagReport


SELLER_TIMELINE = Operation(
    "SellerTimeline",
    """# What one seller learned, did and recorded over all opportunities, with the lags, for coaching.
query SellerTimeline($id: ID!, $since: DateTime, $until: DateTime, $after: String) {
  seller(id: $id) {
    id
    timeline(axis: LEARNED, first: 20, after: $after) {
      nodes {
        opportunityId
        tag
        learnedAt
        late
        key
        points
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    wrongBeliefs {
      nodes {
        opportunityId
        key
        how
        heldDays
        pointsMeanwhile
      }
    }
  }
  lagReport(seller: $id, since: $since, until: $until) {
    least
    confidence
    lateAfterSeconds
    undated
    total {
      n
      enough
      shareLate
      lowerQuartileSeconds
      medianSeconds
      upperQuartileSeconds
      medianLowSeconds
      medianHighSeconds
      sentence
    }
    byChannel {
      channel
      lags {
        n
        enough
      }
    }
    byObjective {
      objective
      lags {
        n
        late
      }
    }
    byMonth {
      month
      lags {
        n
        medianSeconds
      }
    }
  }
}
""",
    SellerTimelineQuery,
)
