"""Whoever runs a command on the machine of opps, as long as nobody says who that is."""

from uuid import NAMESPACE_URL, UUID, uuid5

from opps.domain.recorded import Actor, Via

OPERATOR = uuid5(NAMESPACE_URL, "opps:operator")


def operator(via: Via = Via.SYSTEM, on_behalf_of: UUID | None = None) -> Actor:
    """Return the one who runs opps: an administrator, for whom the machine answers."""
    return Actor(principal=OPERATOR, role="ADMIN", on_behalf_of=on_behalf_of, via=via)
