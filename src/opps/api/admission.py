"""What every operation has to pass before it is carried out, over whatever transport it came."""

from typing import NamedTuple

from graphql import GraphQLSchema

from opps.api.bodies import Asked
from opps.api.context import Services
from opps.api.documents import Document
from opps.api.identity import Viewer
from opps.api.judging import Judged, judged
from opps.api.limits import Limits
from opps.api.observed import observe
from opps.api.refusing import TOO_MANY, Refused
from opps.telemetry.asking import Asking

# What was refused was read all the same.
REFUSED_COST = 100
# A document that was not carried out before has to be read: what is longer costs a point a byte.
READ_FOR_NOTHING = 1_000


class Cost(NamedTuple):
    """What an operation costs, and what of its minute its caller has left."""

    requested: int
    limit: int
    per_minute: int
    left: int | None

    @property
    def shown(self) -> dict[str, int]:
        """The cost as `extensions.cost` tells it."""
        told = {"requested": self.requested, "limit": self.limit}
        if self.left is not None:
            told |= {"perMinute": self.per_minute, "left": self.left}
        return told


class Admitted(NamedTuple):
    """An operation that may be carried out, with its text; `document` is None if it is unreadable.

    What is wrong with an unreadable one, or with a document that has faults, is said by whoever
    carries it out.
    """

    wanted: Asked
    document: Document | None
    cost: Cost | None


def admitted(
    schema: GraphQLSchema, services: Services, viewer: Viewer, wanted: Asked, asking: Asking
) -> Admitted:
    """Return an operation with its document, paid for out of its caller's minute.

    Raises:
        Refused: it is not carried out; the reason holds for every transport.
    """
    try:
        wanted = services.persisted.resolved(viewer.tenant, wanted)
    except Refused:
        _paid(services, viewer, REFUSED_COST)
        raise
    found = judged(schema, viewer, wanted, services.limits)
    if found.operation is not None:
        observe(services.observing, asking, found.operation)
    left = _paid(services, viewer, _price(found, wanted.query))
    if found.reason is not None:
        message, code, status = found.reason
        raise Refused(message, code, status)
    if found.goes_through:
        services.persisted.keep(viewer.tenant, wanted)
    return Admitted(wanted, found.document, _cost(found, services.limits, left))


def _price(found: Judged, text: str) -> int:
    """Return what is to be paid for an operation, and for reading its document."""
    price = found.cost if found.goes_through and found.cost is not None else REFUSED_COST
    known = found.document is not None and found.document.plans
    return price if known else price + max(0, len(text) - READ_FOR_NOTHING)


def _paid(services: Services, viewer: Viewer, price: int) -> int | None:
    """Take a price from the minute of a caller; return what is left of it."""
    who = viewer.tenant.int, viewer.actor.principal.int
    taken = services.throttle.take(who, price)
    if taken is None:
        return None
    if taken.again_in_s is None:
        return taken.left
    raise Refused(
        f"You have {taken.left} of {services.limits.cost_per_minute} points a minute left, and "
        f"this takes {price}: come back in {taken.again_in_s} s, or ask for less.",
        "THROTTLED",
        TOO_MANY,
        again_in_s=taken.again_in_s,
    )


def _cost(found: Judged, limits: Limits, left: int | None) -> Cost | None:
    if found.cost is None:
        return None
    return Cost(found.cost, limits.cost, limits.cost_per_minute, left)
