"""What a change leads to for a manager, in the schema: exceptions before they are raised."""

from uuid import UUID

import strawberry

from opps.api.board import readable
from opps.api.context import Info
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.deviations import Deviation, deviations
from opps.domain.opportunity.state import Opportunity
from opps.projections import inbox
from opps.projections.inbox import InboxFilter


@strawberry.type(description="A deviation that deserves an exception and has none yet.")
class ExceptionDue:
    cause: ExceptionCause = strawberry.field(description="Why it will be raised.")
    about: str | None = strawberry.field(description="The danger zone; null where there is none.")
    summary: str = strawberry.field(description="What deviates from what, in a sentence.")
    fact_ids: list[UUID] = strawberry.field(description="The facts that it rests on.")
    grace_days: int = strawberry.field(
        description="For how many days it has to stay so; 0: it is raised within seconds."
    )


async def exceptions_due(
    info: Info, before: Opportunity | None, after: Opportunity
) -> list[ExceptionDue]:
    """Return what a change leads to, without what somebody has on the table already."""
    services, tenant = info.context.services, info.context.viewer.tenant
    found = list(deviations(before, after, await services.application.thresholds(tenant)))
    if not found:
        return []
    wanted = InboxFilter(open=True, opportunities=[after.opportunity_id])
    with readable():
        on_the_table = await inbox.page(
            services.views.reading, tenant, wanted, services.application.now().date()
        )
    taken = {(one.exception.cause, one.exception.about) for one in on_the_table}
    return [_due(one) for one in found if _is_new(one, taken)]


def _is_new(one: Deviation, taken: set[tuple[ExceptionCause, str | None]]) -> bool:
    """Tell whether it is raised beside what is on the table: each move of a score is news."""
    return one.cause is ExceptionCause.SCORE_MOVE or (one.cause, one.about) not in taken


def _due(one: Deviation) -> ExceptionDue:
    return ExceptionDue(
        cause=one.cause,
        about=one.about,
        summary=one.summary,
        fact_ids=list(one.facts),
        grace_days=one.grace_days,
    )
