"""Commands on saved reads: who saw what, what it looked like, and how long that is kept."""

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from msgspec import Struct

from opps.cli import named
from opps.cli.output import DIFFERENCE, Cannot, Json, Tenant, counted, end, print_json, say
from opps.cli.output import print_table as print_rows

if TYPE_CHECKING:
    from opps.eventstore.reads import ReadsWanted, SavedRead

group = typer.Typer(
    help="Reads that were marked for audit: who saw what, and exactly what they saw.",
    no_args_is_help=True,
)

ReadId = Annotated[UUID, typer.Argument(help="The saved read, as `opps reads list` shows it.")]

REPLAY = """query Replay($id: UUID!) { screenReplay(readId: $id) {
  read { readId readAt principal role operation position }
  document variables answer answerDigest identical because { gap message personIds fields } } }"""


class Shown(Struct, frozen=True):
    """A person of whom a read showed personal data, and where."""

    person_id: UUID
    path: str


class Answer(Struct, frozen=True):
    """One saved read."""

    read_id: UUID
    read_at: datetime
    kind: str
    principal: UUID
    role: str
    operation: str | None
    position: int
    ended_position: int | None
    purged: bool
    shown: list[Shown]


class Purged(Struct, frozen=True):
    """What a purge did."""

    deleted: int
    kept_days: int


def add_to(application: typer.Typer) -> None:
    application.add_typer(group, name="reads")


@group.command("list")
def show_reads(
    principal: Annotated[
        UUID | None, typer.Option(help="Only those of this person or program.")
    ] = None,
    person: Annotated[
        UUID | None,
        typer.Option(
            help="Only those that showed personal data of this person.",
            parser=named.person,
            metavar="PERSON",
        ),
    ] = None,
    operation: Annotated[str | None, typer.Option(help="Only those of this name.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only those from here on, in UTC.")] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Only those from before this, in UTC.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1, max=10_000)] = 100,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """List who looked at what, the latest first."""
    from opps.eventstore.reads import ReadsWanted

    wanted = ReadsWanted(
        principal=principal,
        subject=person,
        operation=operation,
        since=_utc(since),
        before=_utc(until),
    )
    found = [_answer(one) for one in _found(tenant, wanted, limit)]
    if as_json:
        print_json(found)
        return
    columns = ("read", "at", "role", "principal", "operation", "position", "persons shown")
    rows = (
        (
            one.read_id,
            one.read_at,
            one.role,
            one.principal,
            one.operation,
            one.position,
            len({shown.person_id for shown in one.shown}),
        )
        for one in found
    )
    print_rows("", columns, rows)


@group.command()
def show(read_id: ReadId, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show one saved read, and whose personal data it showed in which field."""
    from opps.eventstore.reads import ReadsWanted

    found = _found(tenant, ReadsWanted(read_id=read_id), 1)
    if not found:
        raise Cannot(_unknown(read_id))
    answer = _answer(found[0])
    if as_json:
        print_json(answer)
        return
    name = answer.operation or "without a name"
    say(f"{answer.read_at.isoformat()}  {answer.kind} {name}")
    say(f"by {answer.principal} as {answer.role}, at position {answer.position}")
    if answer.purged:
        say("Somebody whom it showed was erased: what was asked is gone.")
    print_rows("", ("person", "field"), ((one.person_id, one.path) for one in answer.shown))


@group.command()
def replay(read_id: ReadId, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show exactly what somebody saw; this is saved as a read itself.

    It ends with 1 where the replay is not byte for byte what was seen, and says why.
    """
    answer = asyncio.run(_replayed(tenant, read_id))
    if as_json:
        print_json(answer)
    else:
        _print_replay(answer)
    if not answer["identical"]:
        end(DIFFERENCE)


@group.command()
def purge(
    older_than_days: Annotated[
        int | None,
        typer.Option(help="Days that are kept; those of OPPS_READS_KEPT_DAYS if absent.", min=1),
    ] = None,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Delete the reads that are older than is kept. `opps serve` does so by itself, each hour."""
    from opps.app import Opps
    from opps.application.retention import forget_old_reads
    from opps.cli.place import existing

    with Opps(existing()) as opps:
        days = older_than_days or opps.settings.reads_kept_days
        now = opps.application.now()
        deleted = forget_old_reads(opps.log, opps.tenant(tenant), days, now)
    if as_json:
        print_json(Purged(deleted, days))
    else:
        say(f"{counted(deleted, 'read')} of more than {counted(days, 'day')} ago deleted.")


def _found(tenant: str | None, wanted: "ReadsWanted", limit: int) -> "list[SavedRead]":
    from opps.app import Opps
    from opps.cli.place import existing
    from opps.eventstore.reads import find_reads

    with Opps(existing()) as opps:
        of = opps.tenant(tenant)
        return opps.log.run(partial(find_reads, tenant=of, wanted=wanted, limit=limit))


def _answer(saved: "SavedRead") -> Answer:
    pairs = zip(saved.subjects, saved.paths, strict=True)
    return Answer(
        read_id=saved.read_id,
        read_at=saved.read_at,
        kind=saved.kind,
        principal=saved.principal,
        role=saved.role,
        operation=saved.operation,
        position=saved.position,
        ended_position=saved.ended_position,
        purged=saved.purged,
        shown=[Shown(person, path) for person, path in pairs],
    )


async def _replayed(slug: str | None, read_id: UUID) -> Any:
    """Return what was seen, asked as whoever runs opps, by the same way as over the network."""
    from opps.app import Opps
    from opps.cli.asking import asked
    from opps.cli.place import existing

    with Opps(existing()) as opps:
        return (await asked(opps, slug, REPLAY, {"id": str(read_id)}))["screenReplay"]


def _print_replay(answer: Any) -> None:
    import json

    read = answer["read"]
    say(f"{read['readAt']}  {read['principal']} as {read['role']}, position {read['position']}")
    if answer["document"] is not None:
        say(f"\n{answer['document'].strip()}\n")
        say(f"Variables: {json.dumps(answer['variables'], ensure_ascii=False)}")
    if answer["answer"] is not None:
        say(f"\n{json.dumps(json.loads(answer['answer']), indent=2, ensure_ascii=False)}\n")
    if answer["identical"]:
        say("This is byte for byte what was seen.")
    for one in answer["because"]:
        say(f"{one['gap']}: {one['message']}")


def _unknown(read_id: UUID) -> str:
    return f"There is no saved read {read_id}: it never was, or is no longer kept."


def _utc(at: datetime | None) -> datetime | None:
    from datetime import UTC

    return None if at is None else at.replace(tzinfo=UTC)
