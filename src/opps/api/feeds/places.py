"""Places to go on after: read as callers have them, and looked for in the log."""

from uuid import UUID

from opps.api.context import Services
from opps.api.refusing import Refused
from opps.api.scalars import cursor_of, read_cursor
from opps.projections.score_trend import ScoreCursor as Cursor

NOT_IN_THE_LOG = "NOT_IN_THE_LOG"
# A replica may be behind the server that a reader comes from.
LATE_FOR_S = 2.0


def place_of(text: str) -> Cursor:
    """Return the place that a cursor or a position names.

    Raises:
        Refused: it names none.
    """
    try:
        return cursor_of(read_cursor(text))
    except ValueError as error:
        raise Refused(str(error), "BAD_USER_INPUT") from None


async def there(services: Services, tenant: UUID, place: Cursor) -> None:
    """See that a log reaches up to a place.

    Raises:
        Refused: it ends before, so that the place is of another log, or of one that was lost.
        LogUnavailable: the database is away.
    """
    if place.position <= await services.views.position(tenant):
        return
    if place.position <= await _end(services, tenant):
        return
    if await services.views.at_least(tenant, place.position, LATE_FOR_S):
        return
    end = await _end(services, tenant)
    if place.position > end:
        raise Refused(
            f"The log ends at position {end}, and the cursor is of position {place.position}: it "
            "belongs to another organisation, or to a copy that had more. Begin without one, or "
            "at 0.",
            NOT_IN_THE_LOG,
        )


async def _end(services: Services, tenant: UUID) -> int:
    log = services.application.log
    head = await log.aside(log.head, tenant)
    return 0 if head is None else head.size
