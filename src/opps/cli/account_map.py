"""The command that shows the account map of one opportunity: as Markdown, or as JSON."""

import asyncio
from typing import Annotated

import typer

from opps.cli.output import Cannot, Json, Tenant, print_json, say


def add_to(application: typer.Typer) -> None:
    application.command("map")(account_map)


def account_map(
    opportunity: Annotated[
        str, typer.Argument(help="The opportunity: the id that opps gave, or your UUID.")
    ],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show the account map of an opportunity: outcome, gates, milestones, actions and team."""
    from opps.api.ids import NodeType, UnreadableId, node_uuid
    from opps.application import OPPORTUNITY
    from opps.cli.scoring_models import opened
    from opps.domain.account_map.markdown import markdown
    from opps.domain.account_map.view import map_view

    try:
        stream = node_uuid(NodeType.OPPORTUNITY, opportunity)
    except UnreadableId as error:
        raise Cannot(str(error)) from None
    with opened() as opps:
        of = opps.tenant(tenant)
        state = asyncio.run(opps.application.load(OPPORTUNITY, of, stream))
    if state is None:
        raise Cannot(f"There is no opportunity {opportunity}. Ask `opportunities` for their ids.")
    if as_json:
        print_json(map_view(state))
    else:
        say(markdown(state).rstrip())
