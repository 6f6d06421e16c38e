"""Commands on how long personal data is kept: legal holds and retention."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import As, carry_out, opened
from opps.cli.output import Cannot, Json, Tenant, counted, print_json, print_table, progress, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.application.keeping import DuePerson
    from opps.domain.events import RetentionRule
    from opps.domain.privacy.state import Erasure, LegalHold

holds = typer.Typer(help="Keep persons from being erased.", no_args_is_help=True)
retention = typer.Typer(help="Say how long persons are kept.", no_args_is_help=True)

Reason = Annotated[str, typer.Option(help="Why; it is kept, so name nobody in it.")]


def add_to(group: typer.Typer) -> None:
    group.add_typer(holds, name="holds")
    group.add_typer(retention, name="retention")


@holds.command("list")
def show_holds(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the legal holds, the latest first; those lifted too."""
    with opened() as opps:
        decided = opps.application.personal.decided(opps.tenant(tenant))
    found = list(decided.holds.values())[::-1]
    if as_json:
        print_json({"holds": found})
        return
    rows = [
        (one.hold_id, len(one.persons), len(one.opportunities), one.placed_at, one.lifted_at)
        for one in found
    ]
    columns = ("hold", "persons", "opportunities", "placed", "lifted")
    print_table("Legal holds", columns, rows)


@holds.command()
def place(
    reason: Reason,
    person: Annotated[
        list[UUID] | None,
        typer.Option(help="A person that it keeps.", parser=named.person, metavar="PERSON"),
    ] = None,
    opportunity: Annotated[
        list[UUID] | None,
        typer.Option(
            help="An opportunity whose people it keeps.",
            parser=named.opportunity,
            metavar="OPPORTUNITY",
        ),
    ] = None,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Place a legal hold on persons, or on whoever something is told of in opportunities."""
    from opps.domain.privacy.commands import PlaceLegalHold

    command = PlaceLegalHold(
        hold_id=uuid4(),
        persons=tuple(person or ()),
        opportunities=tuple(opportunity or ()),
        reason=reason,
    )
    with opened() as opps:
        done = carry_out(opps, opps.tenant(tenant), command, acting)
    _show(done.privacy.holds[command.hold_id], as_json, "is placed")


@holds.command()
def lift(
    hold: Annotated[UUID, typer.Argument(help="The legal hold, by UUID.")],
    reason: Reason,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Lift a legal hold."""
    from opps.domain.privacy.commands import LiftLegalHold

    with opened() as opps:
        command = LiftLegalHold(hold_id=hold, reason=reason)
        done = carry_out(opps, opps.tenant(tenant), command, acting)
    _show(done.privacy.holds[hold], as_json, "is lifted")


def _show(hold: "LegalHold", as_json: bool, what: str) -> None:
    if as_json:
        print_json(hold)
    else:
        say(f"Legal hold {hold.hold_id} {what}.")


@retention.command("show")
def show_rules(tenant: Tenant = None, as_json: Json = False) -> None:
    """Show how long persons are kept; an outcome without a rule keeps them."""
    with opened() as opps:
        rules = opps.application.personal.decided(opps.tenant(tenant)).retention
    _rules(rules, as_json)


@retention.command("set")
def set_rules(
    rule: Annotated[
        list[str] | None,
        typer.Option(help="OUTCOME=DAYS or OUTCOME=DAYS:LEVEL, such as LOST=365:IDENTITY."),
    ] = None,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Say how long persons are kept after their last opportunity closed; this replaces all."""
    from opps.domain.privacy.commands import SetRetention

    command = SetRetention(rules=tuple(_rule(one) for one in rule or ()))
    with opened() as opps:
        done = carry_out(opps, opps.tenant(tenant), command, acting)
    _rules(done.privacy.retention, as_json)


def _rule(text: str) -> "RetentionRule":
    import msgspec

    from opps.domain.events import RetentionRule

    outcome, _, kept = text.partition("=")
    days, _, level = kept.partition(":")
    said = {"outcome": outcome.upper(), "keep_days": days, "level": level.upper() or "FULL"}
    try:
        return msgspec.convert(said, RetentionRule, strict=False)
    except msgspec.ValidationError:
        raise Cannot(
            f"{text!r} is no rule. Write OUTCOME=DAYS or OUTCOME=DAYS:LEVEL, such as "
            "LOST=365:IDENTITY; outcomes are WON, LOST, NO_DECISION and DISQUALIFIED."
        ) from None


def _rules(rules: "Sequence[RetentionRule]", as_json: bool) -> None:
    if as_json:
        print_json({"rules": rules})
        return
    rows = [(one.outcome, one.keep_days, one.level) for one in rules]
    print_table("Retention", ("outcome", "days", "level"), rows)


@retention.command()
def due(
    request: Annotated[
        bool, typer.Option("--request", help="Request the erasures: a second person approves.")
    ] = False,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """List who has been kept as long as the rules say, and is on no legal hold."""
    requested: list[Erasure] = []
    with opened() as opps, progress("Reading the log", quiet=as_json) as advance:
        wanted, now = opps.tenant(tenant), opps.application.now()
        found = opps.application.personal.due(wanted, now, advance)
        if request:
            requested = [_requested(opps, wanted, one, acting) for one in found]
    if as_json:
        print_json({"due": found, "requested": requested})
        return
    rows = [(one.person_id, one.level, one.since, one.opportunities) for one in found]
    print_table("Due", ("person", "level", "since", "opportunities"), rows)
    if request:
        say(f"{counted(len(requested), 'erasure')} requested: `opps privacy list` shows them.")


def _requested(opps: "Opps", tenant: UUID, due: "DuePerson", acting: UUID | None) -> "Erasure":
    from opps.domain.events import ErasureBasis
    from opps.domain.privacy.commands import RequestErasure

    command = RequestErasure(
        erasure_id=uuid4(), person_id=due.person_id, level=due.level, basis=ErasureBasis.RETENTION
    )
    done = carry_out(opps, tenant, command, acting)
    return done.privacy.erasures[command.erasure_id]
