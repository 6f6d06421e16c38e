"""Pages of one opportunity's timeline, from the read models."""

from uuid import UUID

from opps.api.connections import Connection, page_of, page_size, place
from opps.api.context import Info
from opps.api.trend import TimelineEntry, timeline_entry
from opps.projections.views import Axis


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
