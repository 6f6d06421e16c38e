"""Commands on the rules of danger zones: what is in force, publish another set, suppress one."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, out, print_json, say

if TYPE_CHECKING:
    from opps.domain.rules import AnyRulesCommand, PublishRuleSet

group = typer.Typer(
    help="Show the rules of danger zones, publish another set of them, and suppress one.",
    no_args_is_help=True,
)
Reason = Annotated[str, typer.Option(help="Why.")]


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="rules")
    for command, name in ((show, "show"), (publish, "publish"), (suppress, "suppress")):
        group.command(name)(command)


def show(
    tenant: Tenant = None,
    as_json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the rules of day one as a table of text.")
    ] = False,
) -> None:
    """Show the rules in force, with their thresholds."""
    from opps.cli import rule_tables

    if markdown:
        print(rule_tables.markdown(), end="")
        return
    with opened() as opps:
        held = asyncio.run(opps.application.rules_of(opps.tenant(tenant)))
    if as_json:
        print_json(rule_tables.listed(held.rules))
        return
    from rich.table import Table

    table = Table(title=f"Rules of danger zones: {held.rules.name}")
    for heading in ("Id", "Danger zone", "Severity", "State", "Thresholds"):
        table.add_column(heading)
    for row in rule_tables.rows(held.rules):
        table.add_row(*row)
    out().print(table)


def publish(
    file: Annotated[
        Path,
        typer.Argument(
            help='What differs from day one (JSON): {"rules": [{"rule": "DZ14", "thresholds": '
            '[{"name": "days", "value": 60}], "grace_days": 3}], "reason": "..."}.',
            exists=True,
            dir_okay=False,
        ),
    ],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Bring a set of rules into force; it takes the place of the one before, whole."""
    _carry_out(_read(file), tenant, as_json=as_json)


def suppress(
    rule: Annotated[str, typer.Argument(help="The rule, such as DZ14.")],
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it is quiet.")
    ],
    reason: Reason,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Let a rule say nothing of any opportunity, up to and with a day."""
    from opps.domain.rules import SuppressRule

    day: date = until.date()
    _carry_out(SuppressRule(rule=rule, until=day, reason=reason), tenant, as_json=as_json)


def _read(file: Path) -> "PublishRuleSet":
    import msgspec

    from opps.domain.rules import PublishRuleSet

    try:
        return msgspec.json.decode(file.read_bytes(), type=PublishRuleSet)
    except msgspec.MsgspecError as reason:
        raise Cannot(f"{file} is no rule set: {reason}.") from None


def _carry_out(command: "AnyRulesCommand", tenant: str | None, *, as_json: bool) -> None:
    from opps.application import Request, operator
    from opps.cli import rule_tables

    with opened() as opps:
        request = Request(tenant=opps.tenant(tenant), actor=operator(), command_id=uuid4())
        done = asyncio.run(opps.application.rules(command, request))
    if as_json:
        print_json(rule_tables.listed(done.held.rules))
    else:
        say(f"In force: {done.held.rules.name}. Every open opportunity is looked at again.")
