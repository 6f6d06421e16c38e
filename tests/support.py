"""What tests of several rooms share."""

import time
from collections.abc import Callable

_LOOK_EVERY_S = 0.01


def eventually(predicate: Callable[[], object], timeout_s: float = 30.0) -> None:
    """Return as soon as the predicate holds.

    Raises:
        AssertionError: it did not within the time.
    """
    give_up_at = time.monotonic() + timeout_s
    while not predicate():
        assert time.monotonic() < give_up_at, f"Not within {timeout_s} s: {predicate}"
        time.sleep(_LOOK_EVERY_S)
