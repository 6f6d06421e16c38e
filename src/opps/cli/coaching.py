"""Commands on coaching: one seller's, the gaps there are, and the catalogue of activities."""

import asyncio
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import opened
from opps.cli.output import Cannot, Json, Tenant, print_json, print_table, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.domain.coaching.catalogue import LearningCatalogue
    from opps.domain.coaching.commands import AnyLearningCatalogueCommand
    from opps.domain.coaching.gap import Gap

E = TypeVar("E", bound=StrEnum)

group = typer.Typer(
    help="Show the coaching of a seller, the gaps there are, and what can be learned.",
    no_args_is_help=True,
)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="coaching")
    commands = (
        (show, "show"),
        (gaps, "gaps"),
        (catalogue, "catalogue"),
        (offer, "offer"),
        (withdraw, "withdraw"),
    )
    for command, name in commands:
        group.command(name)(command)


def show(
    seller: Annotated[str, typer.Argument(help="The seller: the id.", metavar="SELLER")],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show the gaps of a seller, once the seller had the first look, and what is due."""
    from opps.cli import coaching_told

    whose = named.person(seller)
    with opened() as opps:
        of = opps.tenant(tenant)
        today, found = asyncio.run(_read(opps, of))
        known = asyncio.run(opps.application.learning_catalogue(of)).known
    mine = [one for one in found if one.seller == whose]
    if as_json:
        print_json({"seller": whose, "gaps": [coaching_told.listed(one, today) for one in mine]})
        return
    if not mine:
        say("There is no gap to show: what a rule found shows once its seller had three days.")
    for one in mine:
        say(coaching_told.in_words(one, today, known))


def gaps(
    team: Annotated[
        str | None, typer.Option(help="Only those of this team: its name or id.")
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Show those that are closed.")] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """List gaps, the newest first: nothing sets one seller above another."""
    from opps.cli import coaching_told
    from opps.cli.teams import team_called

    with opened() as opps:
        of = opps.tenant(tenant)
        today, found = asyncio.run(_read(opps, of))
        teams = asyncio.run(opps.application.teams(of))
    found = [one for one in found if one.open is not closed]
    if team is not None:
        members = teams.members(team_called(teams, team))
        found = [one for one in found if one.seller in members]
    if as_json:
        print_json({"gaps": [coaching_told.listed(one, today) for one in found]})
        return
    rows = [
        (
            one.gap_id,
            one.seller,
            one.indicator or one.objective or "",
            one.status,
            one.diagnosis.cause if one.diagnosis else "",
            one.due,
        )
        for one in found
    ]
    print_table("Gaps", ("Gap", "Seller", "About", "Status", "Cause", "Due"), rows)


def catalogue(
    objective: Annotated[
        str | None, typer.Option(help="Only those about it, such as DECISION_CRITERIA.")
    ] = None,
    cause: Annotated[str | None, typer.Option(help="Only for it: KNOWLEDGE or SKILL.")] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show the learning activities on offer."""
    from opps.domain.catalogue import Objective
    from opps.domain.coaching.causes import GapCause

    about = None if objective is None else _one_of(Objective, objective)
    cured = None if cause is None else _one_of(GapCause, cause)
    with opened() as opps:
        held = asyncio.run(opps.application.learning_catalogue(opps.tenant(tenant)))
    offered = held.on_offer(about, cured)
    if as_json:
        print_json({"activities": offered})
        return
    rows = [
        (one.activity, one.title, ", ".join(one.objectives), ", ".join(one.causes), one.hours)
        for one in offered
    ]
    print_table("Learning activities", ("Code", "Title", "About", "For", "Hours"), rows)


def offer(
    file: Annotated[
        Path,
        typer.Argument(
            help='The activity (JSON): {"activity": "TALK", "title": "...", "description": "...", '
            '"objectives": ["DECISION_CRITERIA"], "causes": ["KNOWLEDGE"], "hours": 2}.',
            exists=True,
            dir_okay=False,
        ),
    ],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Offer a learning activity; under a code that exists, in a new form."""
    import msgspec

    from opps.domain.coaching.commands import OfferLearningActivity

    try:
        command = msgspec.json.decode(file.read_bytes(), type=OfferLearningActivity)
    except msgspec.MsgspecError as reason:
        raise Cannot(f"{file} is no learning activity: {reason}.") from None
    _carry_out(command, tenant, as_json=as_json)


def withdraw(
    activity: Annotated[str, typer.Argument(help="Its code.")],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Let a learning activity be assigned no more; what was assigned goes on."""
    from opps.domain.coaching.commands import WithdrawLearningActivity

    _carry_out(WithdrawLearningActivity(activity=activity), tenant, as_json=as_json)


def _carry_out(
    command: "AnyLearningCatalogueCommand", tenant: str | None, *, as_json: bool
) -> None:
    from opps.application import Request, operator

    with opened() as opps:
        request = Request(tenant=opps.tenant(tenant), actor=operator(), command_id=uuid4())
        done = asyncio.run(opps.application.learning_activity(command, request))
    held: LearningCatalogue = done.after
    if as_json:
        print_json({"activities": held.on_offer()})
    else:
        say(f"On offer: {', '.join(one.activity for one in held.on_offer()) or 'nothing'}.")


async def _read(opps: "Opps", tenant: UUID) -> "tuple[date, Sequence[Gap]]":
    """Return the day, and the gaps that whoever runs this may see, the newest first."""
    from opps.application import operator
    from opps.application.coaching import all_gaps, today
    from opps.domain.coaching.decide import may_see, part_of

    application = opps.application
    teams, now = await application.teams(tenant), application.now()
    shown = [
        one
        for one in await all_gaps(application, tenant)
        if may_see(one, part_of(operator(), one.seller, teams), now)
    ]
    return await today(application, tenant), shown[::-1]


def _one_of(kind: type[E], text: str) -> E:
    """Return the member of an enum that somebody named."""
    try:
        return kind(text.upper())
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise Cannot(f"{text!r} is none of {known}.") from None
