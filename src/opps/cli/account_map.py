"""The command that shows the account map of one opportunity: as Markdown, or as JSON."""

import asyncio

import typer

from opps.cli import named
from opps.cli.opportunity import OpportunityId, state_of, there
from opps.cli.output import Json, Tenant, print_json, say


def add_to(application: typer.Typer) -> None:
    application.command("map")(account_map)


def account_map(
    opportunity: OpportunityId,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show the account map of an opportunity: outcome, gates, milestones, actions and team."""
    from opps.cli.acting import opened
    from opps.domain.account_map.markdown import markdown
    from opps.domain.account_map.view import map_view

    with opened() as opps:
        of = opps.tenant(tenant)
        state = there(asyncio.run(state_of(opps, of, named.opportunity(opportunity))), opportunity)
    if as_json:
        print_json(map_view(state))
    else:
        say(markdown(state).rstrip())
