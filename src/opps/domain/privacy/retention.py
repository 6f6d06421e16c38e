"""Who has been kept as long as the tenant's rules say."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from opps.domain.events import Outcome
from opps.domain.events.privacy import RetentionRule
from opps.domain.personal import ErasureLevel


class Ended(Struct, frozen=True):
    """How an opportunity stands that tells of a person: ended like this then, or still open."""

    outcome: Outcome | None
    closed_at: datetime | None


class Due(Struct, frozen=True):
    """That a person has been kept long enough: what goes, and since when it may."""

    level: ErasureLevel
    since: datetime


def due(rules: Sequence[RetentionRule], ended: Iterable[Ended], now: datetime) -> Due | None:
    """Return what the rules say of a person by their opportunities; None where they are kept.

    A person is kept as long as one opportunity is open, ended without a rule, or ended too short a
    time ago. Where the rules of several opportunities differ, the one that erases less counts.
    """
    of = {rule.outcome: rule for rule in rules}
    level, since = ErasureLevel.FULL, None
    for one in ended:
        rule = None if one.outcome is None else of.get(one.outcome)
        if rule is None or one.closed_at is None:
            return None
        over = _after(one.closed_at, rule.keep_days)
        if over is None or over > now:
            return None
        since = over if since is None else max(since, over)
        if rule.level is ErasureLevel.IDENTITY:
            level = ErasureLevel.IDENTITY
    return None if since is None else Due(level, since)


def _after(closed_at: datetime, days: int) -> datetime | None:
    """Return the end of a time; None for one that ends behind all calendars."""
    try:
        return closed_at + timedelta(days=days)
    except OverflowError:
        return None
