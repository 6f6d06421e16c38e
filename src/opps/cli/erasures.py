"""Commands on erasures: preview, request, withdraw, approve, list, finish and certify."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

from opps.cli import named
from opps.cli.acting import As, carry_out, opened
from opps.cli.output import Json, Tenant, counted, moment, print_json, print_table, progress, say
from opps.domain.events import ErasureBasis
from opps.domain.personal import ErasureLevel

if TYPE_CHECKING:
    from opps.application.preview import Preview
    from opps.domain.privacy.state import Erasure

Person = Annotated[
    UUID,
    typer.Argument(
        help="The person: the id that opps gave, or the UUID.",
        parser=named.person,
        metavar="PERSON",
    ),
]
ErasureId = Annotated[UUID, typer.Argument(help="The erasure, by UUID.")]
Level = Annotated[
    ErasureLevel,
    typer.Option(
        help="IDENTITY: name, contact data and which evaluators it was. FULL: the words too.",
        case_sensitive=False,
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it is kept, so name nobody in it.")]


def add_to(group: typer.Typer) -> None:
    for command in (preview, request, withdraw, approve, finish, certificate):
        group.command()(command)
    group.command("list")(erasures)


def preview(
    person: Person,
    level: Level = ErasureLevel.FULL,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show what is held of a person, what an erasure would reach, and what it would leave."""
    with opened() as opps, progress("Reading the log", quiet=as_json) as advance:
        found = opps.application.personal.preview(opps.tenant(tenant), person, level, advance)
    if as_json:
        print_json(found)
    else:
        _tell(found)


def _tell(found: "Preview") -> None:
    if found.places:
        rows = [(one.tag, one.field, one.values, one.erased) for one in found.places]
        print_table(f"Held of {found.person_id}", ("event", "field", "values", "erased"), rows)
    say(
        f"{found.level} would erase {counted(found.erasing, 'value')}; {found.remaining:,} could "
        f"still be read, {found.gone:,} were erased before."
    )
    say(f"Told of in {counted(len(found.opportunities), 'deal')}; facts and scores stay.")
    say(f"Shown in {counted(found.reads, 'saved read')}, whose questions would be purged.")
    for one in found.also:
        say(f"Merged with {one}, which is erased too and counted in.")
    if found.only_fully:
        say("Who it is lies under the key of all else: only FULL is possible.")
    for hold in found.holds:
        say(f"Kept by legal hold {hold}.")


def request(
    person: Person,
    basis: Annotated[ErasureBasis, typer.Option(help="Why.", case_sensitive=False)],
    level: Level = ErasureLevel.FULL,
    note: Annotated[
        str | None, typer.Option(help="For colleagues; it is kept, so name nobody in it.")
    ] = None,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Request an erasure: nothing happens before a second person approves it."""
    from opps.domain.privacy.commands import RequestErasure

    command = RequestErasure(
        erasure_id=uuid4(), person_id=person, level=level, basis=basis, note=note
    )
    with opened() as opps:
        done = carry_out(opps, opps.tenant(tenant), command, acting)
    found = done.privacy.erasures[command.erasure_id]
    _show(found, as_json, f"Somebody else approves it: `opps privacy approve {found.erasure_id}`.")


def withdraw(
    erasure: ErasureId,
    reason: Reason,
    acting: As = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Take the request for an erasure back."""
    from opps.domain.privacy.commands import WithdrawErasure

    command = WithdrawErasure(erasure_id=erasure, reason=reason)
    with opened() as opps:
        done = carry_out(opps, opps.tenant(tenant), command, acting)
    _show(done.privacy.erasures[erasure], as_json, "Nothing was erased.")


def approve(
    erasure: ErasureId, acting: As = None, tenant: Tenant = None, as_json: Json = False
) -> None:
    """Approve an erasure that somebody else requested, and carry it out for good."""
    from opps.domain.privacy.commands import ApproveErasure

    with opened() as opps:
        done = carry_out(opps, opps.tenant(tenant), ApproveErasure(erasure_id=erasure), acting)
    _show(
        done.privacy.erasures[erasure],
        as_json,
        f"`opps privacy certificate {erasure} --json` proves it.",
    )


def _show(found: "Erasure", as_json: bool, then: str) -> None:
    if as_json:
        print_json(found)
        return
    say(f"Erasure {found.erasure_id} of person {found.person_id} ({found.level}): {found.status}.")
    say(then)


def erasures(tenant: Tenant = None, as_json: Json = False) -> None:
    """List the erasures, the latest request first."""
    with opened() as opps:
        decided = opps.application.personal.decided(opps.tenant(tenant))
    found = list(decided.erasures.values())[::-1]
    if as_json:
        print_json({"erasures": found})
        return
    rows = [
        (one.erasure_id, one.person_id, one.level, one.basis, one.status, one.requested_at)
        for one in found
    ]
    columns = ("erasure", "person", "level", "basis", "status", "requested")
    print_table("Erasures", columns, rows)


def finish(tenant: Tenant = None, as_json: Json = False) -> None:
    """Carry out what was approved and broke off; a running server does so by itself."""
    with opened() as opps:
        done = opps.application.personal.finish(opps.tenant(tenant))
    if as_json:
        print_json({"carried_out": done})
    elif not done:
        say("Nothing was left to do.")
    else:
        say(f"{counted(len(done), 'erasure')} carried out.")


def certificate(erasure: ErasureId, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show who decided an erasure, what was done, and the proof that it stands in the log."""
    with opened() as opps:
        wanted = opps.tenant(tenant)
        found = opps.application.personal.certificate(wanted, opps.ledger(wanted), erasure)
    if as_json:
        print_json(found)
        return
    say(f"Person {found.person_id} was erased ({found.level}, {found.basis}).")
    say(f"Requested by {found.requested_by} on {moment(found.requested_at)},")
    say(f"approved by {found.approved_by} on {moment(found.approved_at)},")
    destroyed = counted(found.keys_destroyed, "key")
    for one in found.also:
        say(f"The entry {one.person_id}, merged with it, was erased too, at {one.position:,}.")
    say(f"through on {moment(found.carried_out_at)}: {destroyed} destroyed.")
    say(f"Position {found.position:,} of the log, leaf {found.leaf}.")
    if found.proof is None:
        say("The log is not sealed up to there yet: `opps ledger seal`, then ask again for proof.")
    else:
        say("--json gives the proof, for `opps-verify proof`.")
