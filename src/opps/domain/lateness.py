"""What counts as written down late, and how a lag reads in words."""

from datetime import timedelta

from opps.domain.telling.forms import counted

# A night may lie between hearing and writing down; what takes longer was not on the screen when
# somebody looked at it the next day.
LATE_AFTER = timedelta(days=1)

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def is_late(lag_s: float) -> bool:
    """Tell whether a lag between learning and recording, in seconds, is a late arrival."""
    return lag_s > LATE_AFTER.total_seconds()


def lag_in_words(lag_s: float) -> str:
    """Return a lag in the largest unit that fits, such as 8 days later; at once below a minute."""
    for noun, seconds in _UNITS:
        if lag_s >= seconds:
            return f"{counted(int(lag_s // seconds), noun)} later"
    return "at once"
