"""What happens to the rules of danger zones, for a whole tenant and for one opportunity."""

from datetime import date

from msgspec import Struct, field

from opps.domain.describe import Code, Count, Text
from opps.domain.events.base import Event, OpportunityEvent


class RuleSetting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an organisation sets of one rule: only the thresholds that are not those of day one."""

    rule: Code
    enabled: bool = True
    thresholds: dict[Code, float] = field(default_factory=dict)
    grace_days: Count | None = None


class RuleSetPublished(Event, frozen=True, kw_only=True):
    """Another set of rules came into force: from here on it looks at every open opportunity."""

    number: Count
    rules: tuple[RuleSetting, ...]
    reason: Text


class RuleSuppressed(Event, frozen=True, kw_only=True):
    """A rule says nothing about any opportunity, up to and with a day."""

    rule: Code
    until: date
    reason: Text


class DangerZoneSuppressed(OpportunityEvent, frozen=True, kw_only=True):
    """A danger zone of this opportunity was put aside, up to and with a day."""

    zone: Code
    until: date
    reason: Text


class DangerZoneJudged(OpportunityEvent, frozen=True, kw_only=True):
    """Somebody said whether it helped to be told of a danger zone."""

    zone: Code
    useful: bool
    note: Text | None = None
