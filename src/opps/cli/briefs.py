"""The commands that print a brief: the handover of a deal, and the draft of a proposal."""

import asyncio
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from opps.cli import named
from opps.cli.opportunity import OpportunityId, state_of, there
from opps.cli.output import Json, Tenant, note, print_json, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.briefs.page import Page

Html = Annotated[bool, typer.Option("--html", help="Print one HTML document.", show_default=False)]


def add_to(application: typer.Typer) -> None:
    application.command("brief")(brief)
    application.command("proposal")(proposal)


def brief(
    opportunity: OpportunityId, as_html: Html = False, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Show all that somebody needs who takes an opportunity over."""
    from opps.cli.acting import opened
    from opps.domain.briefs.handover_page import handover_page

    with opened() as opps:
        found = asyncio.run(_handover(opps, opps.tenant(tenant), named.opportunity(opportunity)))
    _print(there(found, opportunity), handover_page, as_html, as_json)


def proposal(
    opportunity: OpportunityId, as_html: Html = False, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Draft a proposal: what the customer told us, known well, and nothing about people.

    What is left out is counted beside the page.
    """
    from opps.cli.acting import opened
    from opps.domain.briefs import proposal as drafting
    from opps.domain.briefs.proposal_page import proposal_page
    from opps.domain.telling.forms import counted, plain

    with opened() as opps:
        of, stream = opps.tenant(tenant), named.opportunity(opportunity)
        state = there(asyncio.run(state_of(opps, of, stream)), opportunity)
    drafted = drafting.proposal(state)
    _print(drafted, proposal_page, as_html, as_json)
    for one in drafted.left_out:
        note(f"Left out: {counted(one.count, 'fact')}, {plain(one.reason)}")


def _print(of: Any, page: "Callable[[Any], Page]", as_html: bool, as_json: bool) -> None:
    from opps.domain.briefs.page import html, markdown

    if as_json:
        print_json(of)
    else:
        say((html if as_html else markdown)(page(of)).rstrip())


async def _handover(opps: "Opps", tenant: UUID, stream: UUID) -> Any:
    from opps.api.briefs import exceptions_of
    from opps.api.reading import HEAD, Reading
    from opps.domain.briefs.handover import handover
    from opps.projections.closings import Until

    state = await state_of(opps, tenant, stream)
    if state is None:
        return None
    async with opps.views() as views:
        reading, today = Reading(opps.application, tenant), opps.application.now().astimezone(UTC)
        exceptions = await exceptions_of(reading, views.reading, stream, today.date(), HEAD)
        closings = await views.closings(tenant, state.customer_kind, Until(None))
    return handover(state, exceptions, closings)
