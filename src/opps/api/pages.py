"""Pages of one opportunity's history, from the read models."""

from uuid import UUID

from opps.api.connections import Connection, page_of, page_size, place
from opps.api.context import Info
from opps.api.errors import NotAcceptable
from opps.api.scalars import cursor_of, read_cursor
from opps.api.trend import ScoreChanged, TimelineEntry, score_changed, timeline_entry
from opps.projections.views import Axis


async def trend_page(
    info: Info, opportunity_id: UUID, first: int | None, after: str | None
) -> Connection[ScoreChanged]:
    """Return what moved the score of an opportunity, oldest first."""
    size = page_size(first)
    try:
        behind = cursor_of(read_cursor(after)) if after is not None else None
    except ValueError as error:
        raise NotAcceptable(str(error)) from None
    items = await info.context.services.views.score_trend(
        info.context.viewer.tenant, opportunity_id, behind, size + 1
    )
    shown = [(str(item.cursor), score_changed(item)) for item in items]
    return page_of(shown, size, begun=after is not None)


async def timeline_page(
    info: Info, opportunity_id: UUID, axis: Axis, first: int | None, after: str | None
) -> Connection[TimelineEntry]:
    """Return the timeline of an opportunity along an axis, oldest first."""
    size = page_size(first)
    behind = place(after) if after is not None else None
    rows = await info.context.services.views.timeline(
        info.context.viewer.tenant, opportunity_id, axis, behind, size + 1
    )
    shown = [(str(row.position), timeline_entry(row)) for row in rows]
    return page_of(shown, size, begun=after is not None)
