"""Commands that seal a log and prove what it holds: `opps ledger`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec
import typer

from opps.cli import named
from opps.cli.ledger_answers import (
    BundleAnswer,
    ConsistencyAnswer,
    EpochAnswer,
    KeysAnswer,
    ProofAnswer,
    base64_of,
    checkpoint_answer,
)
from opps.cli.output import Cannot, Json, Tenant, counted, print_json, say

if TYPE_CHECKING:
    from opps.app import Opps
    from opps.ledger.keys import Keys

group = typer.Typer(
    help="Seal a log, so that anybody can check later that nothing in it was altered.",
    no_args_is_help=True,
)


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="ledger")


@group.command()
def seal(tenant: Tenant = None, as_json: Json = False) -> None:
    """Sign the log as it is now, if it is the one that was sealed before, grown.

    Every sealed event is compared with the log first. `opps serve` seals by itself every
    OPPS_SEAL_EVERY_S seconds, and compares all of it once, when it starts.
    """
    from opps.ledger.sealer import seal as sign
    from opps.sealing import now

    with _opened(tenant) as (opps, wanted):
        signed = sign(opps.ledger(wanted), opps.leaves(wanted), now, thorough=True)
    if as_json:
        print_json(checkpoint_answer(signed))
    else:
        say(f"{counted(signed.checkpoint.size, 'event')} sealed as {signed.checkpoint.origin},")
        say(f"root {base64_of(signed.checkpoint.root)}.")


@group.command()
def checkpoint(
    tenant: Tenant = None,
    webhook_payload: Annotated[
        bool, typer.Option("--webhook-payload", help="Print it as a CloudEvent, in JSON.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the newest checkpoint, a signed note: keep it where nobody can change it.

    Whoever has an old checkpoint can show later that the log did anything but grow.
    """
    from opps.ledger.publishing import checkpoint_event

    with _opened(tenant) as (opps, wanted):
        signed = opps.ledger(wanted).signed()
    if webhook_payload:
        print_json(checkpoint_event(signed))
    elif as_json:
        print_json(checkpoint_answer(signed))
    else:
        say(signed.note.removesuffix("\n"))


@group.command()
def proof(
    position: Annotated[int, typer.Argument(help="The event's place in the log, from 1 on.")],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Print the proof that an event is in the sealed log, as a file of its own (tlog-proof)."""
    with _opened(tenant) as (opps, wanted):
        found = opps.ledger(wanted).inclusion_proof(position)
    if not as_json:
        say(found.text.removesuffix("\n"))
        return
    print_json(
        ProofAnswer(
            position=found.position,
            index=found.index,
            size=found.signed.checkpoint.size,
            leaf=base64_of(found.leaf),
            hashes=[base64_of(one) for one in found.hashes],
            checkpoint=found.signed.note,
        )
    )


@group.command()
def consistency(
    from_size: Annotated[int, typer.Argument(metavar="FROM", help="The smaller size.")],
    to_size: Annotated[
        int | None,
        typer.Argument(metavar="TO", help="The larger size; the sealed one if absent."),
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Print the proof that the sealed log of one size is that of another one, grown."""
    with _opened(tenant) as (opps, wanted):
        found = opps.ledger(wanted).consistency_proof(from_size, to_size)
    answer = ConsistencyAnswer(
        from_size=found.old,
        to=found.new,
        from_root=base64_of(found.old_root),
        to_root=base64_of(found.new_root),
        hashes=[base64_of(one) for one in found.hashes],
    )
    if as_json:
        print_json(answer)
        return
    say(f"from {answer.from_size} {answer.from_root}")
    say(f"to {answer.to} {answer.to_root}")
    for one in answer.hashes:
        say(one)


@group.command()
def bundle(
    opportunity: Annotated[str, typer.Argument(help="The id of the opportunity.")],
    file: Annotated[Path, typer.Argument(help="The file to write, as JSON.", dir_okay=False)],
    as_of: Annotated[
        int | None,
        typer.Option(help="Up to this position; up to the checkpoint if absent.", min=0),
    ] = None,
    tenant: Tenant = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write an opportunity's events with their proofs to a file for auditors.

    It can be checked without opps. Personal data stays sealed in it.
    """
    from opps.application.auditing import audit_bundle
    from opps.cli.place import check_can_write

    check_can_write(file, force=force)
    wanted_id = named.opportunity(opportunity)
    with _opened(tenant) as (opps, wanted):
        found = audit_bundle(opps.log, opps.ledger(wanted), wanted_id, as_of)
    if found is None:
        raise Cannot(f"There is no opportunity {opportunity} up to there in this tenant.")
    file.write_bytes(msgspec.json.encode(found))
    answer = BundleAnswer(
        file=str(file), events=len(found.events), as_of=found.as_of, origin=found.origin
    )
    if as_json:
        print_json(answer)
    else:
        held = counted(answer.events, "event")
        say(f"{file} holds {held} up to position {answer.as_of:,} of {answer.origin}.")


@group.command()
def publish(
    directory: Annotated[
        Path, typer.Argument(help="Where to write; made if there is none.", file_okay=False)
    ],
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Write the checkpoint and the tree as tiles (C2SP tlog-tiles), for a web server to hand out.

    Hashes only: neither events nor headers are published. Run it again as the log grows.
    """
    from opps.ledger.publishing import publish as write

    with _opened(tenant) as (opps, wanted):
        published = write(opps.ledger(wanted), directory)
    if as_json:
        print_json(checkpoint_answer(published))
    else:
        held = counted(published.checkpoint.size, "event")
        say(f"{directory} holds the tree of {held} of {published.checkpoint.origin}.")


@group.command()
def public_key(tenant: Tenant = None, as_json: Json = False) -> None:
    """Print the keys to check checkpoints with, oldest first; the last one signs.

    Give them to auditors by another way than the checkpoints.
    """
    with _opened(tenant) as (opps, wanted):
        keys = opps.ledger(wanted).keys()
    _show(keys, as_json)


@group.command()
def rotate_key(tenant: Tenant = None, as_json: Json = False) -> None:
    """Let a new key sign from now on; the old one signs a statement that names it."""
    from opps.ledger import sealer
    from opps.sealing import now

    with _opened(tenant) as (opps, wanted):
        keys = sealer.rotate_key(opps.ledger(wanted), now)
    _show(keys, as_json)


@group.command()
def new_epoch(
    tenant: Tenant = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="The sealed log is lost: begin again.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Begin the ledger again, after an older copy of the log had to be restored.

    Checkpoints that others keep do not lead to the new ones: everybody can see that something was
    lost. The old key signs where the old epoch ended, and which key signs from now on.
    """
    from opps.ledger import sealer
    from opps.sealing import now

    if not yes:
        raise Cannot(
            "Nobody can take this back, and everybody with an old checkpoint will see it. If the "
            "sealed log is lost for good, say --yes."
        )
    with _opened(tenant) as (opps, wanted):
        ended, begun = sealer.new_epoch(opps.ledger(wanted), opps.leaves(wanted), now)
    if as_json:
        ended_at = None if ended is None else ended.size
        print_json(EpochAnswer(ended_at=ended_at, checkpoint=checkpoint_answer(begun)))
        return
    where = "at nobody knows which event" if ended is None else f"at event {ended.size:,}"
    say(f"The old epoch ended {where}.")
    say(f"{counted(begun.checkpoint.size, 'event')} sealed as {begun.checkpoint.origin}.")


@contextmanager
def _opened(slug: str | None) -> "Iterator[tuple[Opps, UUID]]":
    """Yield the installation and the tenant that is meant."""
    from opps.app import Opps
    from opps.cli.place import existing

    with Opps(existing()) as opps:
        yield opps, opps.tenant(slug)


def _show(keys: "Keys | None", as_json: bool) -> None:
    from opps.ledger.errors import NothingSealed

    if keys is None:
        raise NothingSealed
    written = [str(one) for one in keys.verifiers]
    if as_json:
        answer = KeysAnswer(origin=keys.origin, keys=written, statements=list(keys.statements))
        print_json(answer)
    else:
        for one in written:
            say(one)
