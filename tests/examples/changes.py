"""A change of a score and of a danger zone, with words in them that somebody wrote."""

from datetime import UTC, datetime
from uuid import UUID

from opps.domain.cause import CauseKind
from opps.domain.danger_zones.rule import Severity
from opps.projections.danger_zones import ZoneItem
from opps.projections.score_trend import ScoreItem

TENANT = UUID("d0000000-0000-4000-8000-000000000004")
DEAL = UUID("0b000000-0000-4000-8000-000000000001")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def score_item(
    sentence: str = "Mr Muster told us", *, position: int = 7, ordinal: int = 0
) -> ScoreItem:
    """Return how a score moved, told in these words."""
    return ScoreItem(
        id=UUID("5c000000-0000-4000-8000-000000000001"),
        opportunity_id=DEAL,
        position=position,
        ordinal=ordinal,
        event_id=UUID("ee000000-0000-4000-8000-000000000001"),
        cause="FactLearned",
        kind=CauseKind.KNOWLEDGE,
        sentence=sentence,
        facts=[UUID("fa000000-0000-4000-8000-000000000001")],
        recorded_at=MONDAY,
        told_at=MONDAY,
        learned_at=MONDAY,
        version=3,
        model="oks-1",
        p_before=None,
        low_before=None,
        high_before=None,
        milli_points_before=None,
        p=0.25,
        low=0.1,
        high=0.5,
        milli_points=-15_850,
        milli_points_change=0,
        p_change=0.0,
        log_odds_change=0.0,
        log_odds_happen=0.0,
        log_odds_win=-1.1,
        sd_happen=1.0,
        sd_win=1.0,
        contributions=[],
        effects=[],
    )


def zone_item(
    because: str = "Mrs Muster is new", *, position: int = 7, ordinal: int = 0
) -> ZoneItem:
    """Return a danger zone that opened for this reason."""
    return ZoneItem(
        id=UUID("20000000-0000-4000-8000-000000000001"),
        opportunity_id=DEAL,
        position=position,
        ordinal=ordinal,
        zone="DZ04",
        opened=True,
        severity=Severity.HIGH,
        because=because,
        facts=[],
        since=None,
        event_id=UUID("ee000000-0000-4000-8000-000000000001"),
        cause="FactLearned",
        recorded_at=MONDAY,
        happened_at=MONDAY,
        rules="first",
    )
