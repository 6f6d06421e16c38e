"""When a message that did not arrive is tried again, and when it or its endpoint is given up."""

from datetime import datetime, timedelta

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each attempt the next one follows: ten attempts in 75 hours and a half."""

JITTER = 0.2
"""By which share each of them is shorter or longer, so that not all come back at once."""

LONGEST_ASKED = timedelta(hours=24)
"""A receiver that asks for more time than this is asked again by then."""

GIVE_UP_AFTER = timedelta(hours=120)
"""An endpoint that nothing reached for so long is disabled."""

LOG_KEPT = timedelta(days=30)
"""How long attempts and dead letters are kept."""


def due_again(
    tried: int, now: datetime, jitter: float, asked_s: int | None = None
) -> datetime | None:
    """Return when a message is tried again after so many attempts; None when it is given up.

    `jitter` is from -1 to 1. `asked_s` is how many seconds the receiver wants to be left alone.
    """
    if tried > len(SCHEDULE):
        return None
    pause = SCHEDULE[tried - 1] * (1 + JITTER * jitter)
    if asked_s is not None:
        pause = max(pause, min(timedelta(seconds=asked_s), LONGEST_ASKED))
    return now + pause
