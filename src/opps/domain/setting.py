"""What surrounds every opportunity of a tenant: the clock, the scoring model and the rules."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.clock import clock_stream
from opps.domain.danger_zones import rule_set
from opps.domain.danger_zones.rule_set import ZONES_1, Rules
from opps.domain.events import (
    DayTurned,
    Event,
    RuleSetPublished,
    RuleSuppressed,
    ScoringModelActivated,
)
from opps.domain.model import Model
from opps.domain.oks_1 import OKS_1
from opps.domain.recorded import Recorded
from opps.domain.times import midnight, zone_of

# The events that reach every opportunity of a tenant.
SURROUNDING = (DayTurned, ScoringModelActivated, RuleSetPublished, RuleSuppressed)
SURROUNDING_TAGS = frozenset(kind.__name__ for kind in SURROUNDING)


class Setting(Struct, frozen=True, gc=False):
    """The last tick of the clock, and the model and the rules in force: at first, of day one."""

    clock: datetime | None = None
    model: Model = OKS_1
    rules: Rules = ZONES_1


DAY_ONE = Setting()


def surround(setting: Setting, event: Event) -> Setting:
    """Return the setting after an event; most events leave it alone."""
    if isinstance(event, DayTurned):
        return replace(setting, clock=turned_at(event))
    if isinstance(event, ScoringModelActivated):
        return replace(setting, model=event.model)
    if isinstance(event, RuleSetPublished):
        return replace(setting, rules=rule_set.published(setting.rules, event))
    if isinstance(event, RuleSuppressed):
        return replace(setting, rules=rule_set.suppressed(setting.rules, event))
    return setting


def setting_after(history: Iterable[Recorded[Event]]) -> Setting:
    """Return the setting after a history, given oldest first."""
    setting = DAY_ONE
    for recorded in history:
        setting = surround(setting, recorded.event)
    return setting


def turned_at(event: DayTurned) -> datetime:
    """Return the instant at which the day began."""
    return midnight(event.day, zone_of(event.zone))


def activation_stream(tenant: UUID) -> UUID:
    """Return the stream of the tenant's model activations."""
    return uuid5(tenant, "scoring model in force")


def rules_stream(tenant: UUID) -> UUID:
    """Return the stream of the rules that a tenant set."""
    return uuid5(tenant, "rules")


def surrounding_streams(tenant: UUID) -> tuple[UUID, UUID, UUID]:
    """Return the streams that a fold of any opportunity merges with its own."""
    return clock_stream(tenant), activation_stream(tenant), rules_stream(tenant)
