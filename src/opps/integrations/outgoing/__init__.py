"""Messages to addresses that other people chose, sent so that none leads inside."""

from opps.integrations.outgoing.allowed import Allowed, NotAllowed, NotListed
from opps.integrations.outgoing.sender import Sender, Sent, Times, Undelivered

__all__ = [
    "Allowed",
    "NoDestination",
    "NotAllowed",
    "NotListed",
    "Sender",
    "Sent",
    "Times",
    "Undelivered",
]
