"""What exports of CRMs have in common: what a stage means, and how a yes is written."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

Label = Annotated[str, Meta(min_length=1, max_length=200)]
_TRUE = frozenset({"true", "1", "yes"})


class Meaning(StrEnum):
    """What a stage means for its opportunity."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"
    NO_DECISION = "NO_DECISION"
    DISQUALIFIED = "DISQUALIFIED"


def is_true(text: str | None) -> bool:
    """Tell whether a cell says yes."""
    return (text or "").strip().casefold() in _TRUE
