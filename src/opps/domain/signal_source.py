"""Where a graded signal is heard."""

from enum import StrEnum


class SignalSource(StrEnum):
    """Where a signal is heard.

    ATTRIBUTE: a fact of kind `attribute`. CONTEXT: told when the opportunity was opened.
    BEHAVIOUR: what the buyer did or left undone. ACTIVITY: what our side did.
    """

    ATTRIBUTE = "ATTRIBUTE"
    CONTEXT = "CONTEXT"
    BEHAVIOUR = "BEHAVIOUR"
    ACTIVITY = "ACTIVITY"
