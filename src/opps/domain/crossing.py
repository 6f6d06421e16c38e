"""Which changes of a score cross a probability that somebody cares about, and which way."""

from enum import StrEnum


class CrossingDirection(StrEnum):
    """Which way a probability is crossed."""

    UP = "UP"
    DOWN = "DOWN"
    EITHER = "EITHER"


def crosses(
    before: float | None, after: float, probability: float, direction: CrossingDirection
) -> bool:
    """Tell whether a score crosses a probability; one that reaches it is above it.

    The first score crosses nothing: there was none before.
    """
    if before is None or (before >= probability) == (after >= probability):
        return False
    way = CrossingDirection.UP if after >= probability else CrossingDirection.DOWN
    return direction in (way, CrossingDirection.EITHER)
