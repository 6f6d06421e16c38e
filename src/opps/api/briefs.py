"""Briefs in the schema: a handover and the draft of a proposal, as values, Markdown and HTML."""

from collections.abc import Callable, Sequence
from datetime import UTC, date
from typing import Any, Optional
from uuid import UUID

import strawberry
from msgspec import Struct

from opps.api.advised import Advised
from opps.api.beside import beside
from opps.api.blind_spots import Likes
from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.outputs import output_of
from opps.api.reading import Moment, Reading
from opps.domain.blind_spots import Closings
from opps.domain.briefs.handover import handover
from opps.domain.briefs.handover_page import handover_page
from opps.domain.briefs.lookback import Surprising, WinLossReview
from opps.domain.briefs.page import Page, html, markdown
from opps.domain.briefs.proposal import proposal
from opps.domain.briefs.proposal_page import proposal_page
from opps.domain.briefs.review import win_loss_review
from opps.domain.briefs.review_page import review_page
from opps.domain.briefs.statements import LeftOut, Proposal
from opps.domain.briefs.takeover import Handover, Promised
from opps.domain.events import Event
from opps.domain.exceptions.lifecycle import ManagedException, evolve
from opps.domain.opportunity.lenses import AsKnown, InHindsight
from opps.domain.recorded import Recorded
from opps.domain.setting import surrounding_streams
from opps.projections import inbox
from opps.projections import reading as read_models
from opps.projections.closings import Until

for _enum in (LeftOut, Promised, Surprising):
    enum_of(_enum)

# More exceptions of one deal than anybody could take over.
MOST_EXCEPTIONS = 200


def on_paper(struct: type[Struct], name: str, page: Callable[[Any], Page]) -> Any:
    """Return the output object of a struct that can be printed: its fields, and its pages."""

    async def in_markdown(self: Any) -> str:
        return await beside(lambda: markdown(page(self)))

    async def in_html(self: Any) -> str:
        return await beside(lambda: html(page(self)))

    printed = {
        "markdown": strawberry.field(
            resolver=in_markdown, description="It as Markdown; persons are called by what they do."
        ),
        "html": strawberry.field(
            resolver=in_html, description="The same as one HTML document that needs nothing else."
        ),
    }
    return output_of(struct, name, **printed)


HandoverBrief = on_paper(Handover, "HandoverBrief", handover_page)
Review: Any = Optional[  # noqa: UP045 - the type is derived
    on_paper(WinLossReview, "WinLossReview", review_page)
]
ProposalDraft = on_paper(Proposal, "ProposalDraft", proposal_page)


@strawberry.type(description="What an opportunity answers on paper.")
class Briefed(Advised):
    @strawberry.field(
        description="All that somebody needs who takes it over: what is known with its sources, "
        "what is unknown, promised, deviating and dangerous.",
        graphql_type=HandoverBrief,
    )
    async def handover_brief(self, info: Info) -> Any:
        state = (await self.picture(info)).state
        closings = Closings()
        if state.open:
            until = Until(self.moment.position)
            closings = await info.context.closings.load(Likes(state.customer_kind, until))
        exceptions = await exceptions_of(
            info.context.reading,
            info.context.services.views.reading,
            state.opportunity_id,
            info.context.services.application.now().astimezone(UTC).date(),
            self.moment,
        )
        return await beside(handover, state, exceptions, closings)

    @strawberry.field(
        description="What a proposal can say of the customer's matter: only what is evidenced or "
        "better, each line traceable to its fact, and nothing about people.",
        graphql_type=ProposalDraft,
    )
    async def proposal_draft(self, info: Info) -> Any:
        return await beside(proposal, (await self.picture(info)).state)

    @strawberry.field(
        description="What its end teaches: what came late and by when it was needed, what was "
        "wrongly believed, its danger zones at the end, and its chances as believed and as they "
        "should have been. Told by the position asked for; null while it is open.",
        graphql_type=Review,
    )
    async def win_loss_review(self, info: Info) -> Any:
        state = (await self.picture(info)).state
        if state.open:
            return None
        log = info.context.reading
        history = await log.history([state.opportunity_id, *surrounding_streams(log.tenant)])
        told = [one for one in history if self.moment.sees(one)]
        return await beside(win_loss_review, told)


async def exceptions_of(
    log: Reading,
    rows: read_models.Reading,
    opportunity_id: UUID,
    today: date,
    moment: Moment,
) -> list[ManagedException]:
    """Return the exceptions of an opportunity as they were at a moment, the oldest first."""
    wanted = inbox.InboxFilter(opportunities=[opportunity_id])
    found = await inbox.page(rows, log.tenant, wanted, today, limit=MOST_EXCEPTIONS)
    history = await log.history([one.exception.exception_id for one in found])
    return _folded([one for one in history if _seen(one, moment)])


def _seen(recorded: Recorded[Event], moment: Moment) -> bool:
    """Tell whether something of an exception had happened: it is known as it is recorded."""
    lens = moment.lens
    then = lens.at if isinstance(lens, AsKnown | InHindsight) else None
    return moment.sees(recorded) and (then is None or recorded.recorded_at <= then)


def _folded(history: Sequence[Recorded[Event]]) -> list[ManagedException]:
    states: dict[UUID, ManagedException | None] = {}
    for recorded in history:
        states[recorded.stream] = evolve(states.get(recorded.stream), recorded)
    return [one for one in states.values() if one is not None]
