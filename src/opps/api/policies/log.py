"""Which events of the log are for whom; one that nobody wrote a policy for is nobody's."""

from collections.abc import Mapping
from types import UnionType
from typing import get_args

from opps.api.policies.audiences import AUDIENCES, Audience
from opps.domain.events import (
    AccessEvent,
    AccountEvent,
    AnyOpportunityEvent,
    CoachingEvent,
    ControlEvent,
    Event,
    ExceptionEvent,
    LearningCatalogueEvent,
    PersonEvent,
    PrivacyEvent,
    SalesProcessEvent,
    ScoringModelEvent,
    TeamEvent,
    WebhookEvent,
)

_FOR: tuple[tuple[type[Event] | UnionType, str], ...] = (
    # Of an erasure everybody learns that it was, and those who look at erasures the rest.
    (PrivacyEvent, "EVERYBODY"),
    (PersonEvent, "EVERYBODY"),
    (AccountEvent, "EVERYBODY"),
    (AnyOpportunityEvent, "DEALS"),
    (SalesProcessEvent, "DEALS"),
    (ScoringModelEvent, "DEALS"),
    (ExceptionEvent, "DEALS"),
    (TeamEvent, "DEALS"),
    (ControlEvent, "DEALS"),
    (LearningCatalogueEvent, "STAFF"),
    (CoachingEvent, "COACHING"),
    (AccessEvent, "AUDITING"),
    (WebhookEvent, "AUDITING"),
)

EVENT_POLICIES: Mapping[str, Audience] = {
    kind.__name__: AUDIENCES[name] for of, name in _FOR for kind in get_args(of) or (of,)
}


def shows(tag: str, role: str) -> bool:
    """Tell whether the log shows events of this name to a role, whomever they are about.

    One that a newer version wrote is shown to those alone who look at everything.
    """
    return EVENT_POLICIES.get(tag, AUDIENCES["AUDITING"]).admits(role)


def shows_again(tag: str, role: str) -> bool:
    """Tell whether a replay shows an event to a role, once somebody else had seen it.

    Whoever looks at what others saw sees what they saw of deals, and nobody's coaching.
    """
    audience = EVENT_POLICIES.get(tag)
    return shows(tag, role) or (audience is not None and audience.is_of_deals)
