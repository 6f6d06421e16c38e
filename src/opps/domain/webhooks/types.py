"""What endpoints can be told of: stable names of messages, none of them about our own people."""

from typing import get_args

from opps.domain.events import (
    AccountEvent,
    AnyOpportunityEvent,
    DayTurned,
    ExceptionEvent,
    ImportEvent,
    PersonEvent,
    RuleSetPublished,
    RuleSuppressed,
    SalesProcessPublished,
    ScoringModelActivated,
)

PREFIX = "opps."
SCORE_CHANGED = "opps.ScoreChanged"
ZONE_CHANGED = "opps.DangerZoneChanged"
EVERYTHING = "opps.*"

# How people are coached, who may do what and what erasure is asked for are told to nobody outside.
_TOLD = (AnyOpportunityEvent, AccountEvent, PersonEvent, ExceptionEvent, ImportEvent)
_TOLD_TOO = (DayTurned, RuleSetPublished, RuleSuppressed, SalesProcessPublished)
TAGS_TOLD = frozenset(
    kind.__name__ for kind in (*(one for family in _TOLD for one in get_args(family)), *_TOLD_TOO)
) | {ScoringModelActivated.__name__}
DERIVED = (SCORE_CHANGED, ZONE_CHANGED)
TYPES = tuple(sorted({*DERIVED, *(PREFIX + tag for tag in TAGS_TOLD)}))


def unknown(types: tuple[str, ...]) -> list[str]:
    """Return those of some types that nothing is ever sent under."""
    return sorted({one for one in types if one != EVERYTHING and one not in TYPES})


def tags_among(types: tuple[str, ...]) -> frozenset[str]:
    """Return the tags of the log that some types name."""
    if EVERYTHING in types:
        return TAGS_TOLD
    return TAGS_TOLD & {one.removeprefix(PREFIX) for one in types}


def wants(types: tuple[str, ...], one: str) -> bool:
    """Tell whether a message of a type is among some types."""
    return one in types or EVERYTHING in types
