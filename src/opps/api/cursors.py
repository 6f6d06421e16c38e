"""Cursors of lists in an order: a place, and which list it is a place in."""

from uuid import UUID

from opps.api.connections import cursor_at, read_cursor
from opps.api.errors import NotAcceptable
from opps.api.reading import Moment
from opps.projections.listing import BoardKey


def cursor_of(key: BoardKey, of: str) -> str:
    """Return a cursor: a place, and the order of the list it is a place in."""
    return cursor_at((of, key.value, key.opportunity_id))


def key_in(cursor: str, of: str) -> BoardKey:
    """Return the place of a cursor of a list.

    Raises:
        NotAcceptable: it is no cursor, or that of a list in another order.
    """
    order, key = _place(cursor)
    if order != of:
        raise NotAcceptable("The cursor belongs to a list in another order: start without it.")
    return key


def past_name(order: str, moment: Moment) -> str:
    """Return which list of the past a cursor belongs to: its order, lens and position."""
    lens = "" if moment.lens is None else repr(moment.lens)
    return f"{order}@{lens}@{moment.position}"


def past_key_in(
    cursor: str, order: str, moment: Moment, *, pinned: bool
) -> tuple[BoardKey, Moment]:
    """Return the place of a cursor, and the moment that its list is told by.

    Raises:
        NotAcceptable: it is no cursor, or that of another list.
    """
    of, key = _place(cursor)
    _, _, position = of.rpartition("@")
    # What was recorded between two pages is on none of them.
    told_by = int(position) if position.isdecimal() and len(position) < 19 else -1
    if not pinned and 0 <= told_by <= (moment.position or 0):
        moment = moment._replace(position=told_by)
    if of != past_name(order, moment):
        raise NotAcceptable("The cursor belongs to another list: start without it.")
    return key, moment


def _place(cursor: str) -> tuple[str, BoardKey]:
    of, value, id_ = read_cursor(cursor, tuple[str, str, UUID])
    return of, BoardKey(value, id_)
