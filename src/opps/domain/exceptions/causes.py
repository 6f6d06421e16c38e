"""Which exception stands for which cause: no exception twice for one, another when it returns."""

from uuid import UUID, uuid5

from opps.domain.events.exceptions import ExceptionCause


def exception_id(
    opportunity_id: UUID, cause: ExceptionCause, about: str | None, since: int
) -> UUID:
    """Return the id of the exception that a rule raises, the same however often it looks.

    `since` is the position of the log at which the cause began: the opening of a danger zone, or
    the event that moved the score. A cause that ended and came back began at another position.
    """
    return uuid5(opportunity_id, f"exception|{cause}|{about or ''}|{since}")
