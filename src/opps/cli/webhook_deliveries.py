"""Commands on deliveries: try an endpoint, see what was tried and given up, send it again."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import typer

from opps.cli.output import (
    DIFFERENCE,
    Cannot,
    Json,
    Tenant,
    counted,
    end,
    print_json,
    print_table,
    say,
)
from opps.cli.webhooks import Which, chosen

if TYPE_CHECKING:
    from opps.eventstore.webhook_rows import Attempt, Waiting

_MOST_SHOWN = 1_000
First = Annotated[int, typer.Option(help="How many to show.", min=1, max=_MOST_SHOWN)]


def add_to(group: typer.Typer) -> None:
    """Add the commands to those on endpoints."""
    for command, name in ((ping, "ping"), (deliveries, "deliveries"), (dead, "dead")):
        group.command(name)(command)
    group.command("replay")(replay)


def ping(which: Which, tenant: Tenant = None, as_json: Json = False) -> None:
    """Send a message that says nothing, now; 1 is the exit code where it does not arrive."""
    with chosen(which, tenant) as (opps, of, held):
        attempt = asyncio.run(opps.application.webhook_desk.ping(of, held.endpoint_id, uuid4()))
    if as_json:
        print_json(_tried(attempt))
    elif attempt.why is None:
        say(f"It arrived: {attempt.status} in {attempt.ms} ms.")
    else:
        say(f"It did not arrive ({attempt.why}): {attempt.detail}.")
    if attempt.why is not None:
        end(DIFFERENCE)


def deliveries(
    which: Which,
    failed: Annotated[bool, typer.Option("--failed", help="Only what did not arrive.")] = False,
    message: Annotated[UUID | None, typer.Option(help="Only those of this message.")] = None,
    first: First = 50,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Show what was tried within the last 30 days, the last first."""
    with chosen(which, tenant) as (opps, of, held):
        found = asyncio.run(
            opps.application.webhook_desk.attempts(
                of, held.endpoint_id, first, message_id=message, failed=failed
            )
        )
    if as_json:
        print_json({"attempts": [_tried(one) for one in found]})
    elif not found:
        say("Nothing was tried.")
    else:
        columns = ("when", "message", "type", "position", "attempt", "status", "ms", "why")
        print_table("", columns, map(_row, found))


def dead(which: Which, first: First = 50, tenant: Tenant = None, as_json: Json = False) -> None:
    """Show what was given up after every attempt within the last 30 days."""
    with chosen(which, tenant) as (opps, of, held):
        found = asyncio.run(opps.application.webhook_desk.dead(of, held.endpoint_id, first))
    if as_json:
        print_json({"dead": [_died(one) for one in found]})
    elif not found:
        say("Nothing was given up.")
    else:
        columns = ("given up", "message", "type", "position", "attempts")
        rows = ((one.died_at, one.message_id, one.type, one.position, one.tried) for one in found)
        print_table("", columns, rows)


def replay(
    which: Which,
    message: Annotated[UUID | None, typer.Option(help="This message alone.")] = None,
    after: Annotated[
        int | None, typer.Option(help="All that lies behind this position, 0 for all.", min=0)
    ] = None,
    until: Annotated[
        int | None, typer.Option(help="With --after: up to this position; to the end if not.")
    ] = None,
    failed_since: Annotated[
        datetime | None, typer.Option(help="What was given up since then, in UTC.")
    ] = None,
    all_dead: Annotated[bool, typer.Option("--dead", help="All that was given up.")] = False,
    tenant: Tenant = None,
    as_json: Json = False,
) -> None:
    """Send again, under the same ids: one message, a range of the log, or what was given up."""
    asked = [message is not None, after is not None, failed_since is not None, all_dead]
    if asked.count(True) != 1 or (until is not None and after is None):
        raise Cannot("Give one of --message, --after (with --until), --failed-since or --dead.")
    with chosen(which, tenant) as (opps, of, held):
        desk, id_ = opps.application.webhook_desk, held.endpoint_id
        if message is not None:
            asyncio.run(desk.replay_one(of, id_, message, uuid4()))
            told: dict[str, Any] = {"message": message}
            words = f"Message {message} is sent again."
        elif after is not None:
            last = asyncio.run(desk.replay_range(of, id_, after, until, uuid4()))
            told, words = {"after": after, "until": last}, "Nothing lies there."
            if after < last:
                words = f"What lies behind position {after}, up to {last}, is sent again."
        else:
            since = None if failed_since is None else failed_since.replace(tzinfo=UTC)
            revived = asyncio.run(desk.replay_dead(of, id_, since))
            told, words = {"revived": revived}, f"{counted(revived, 'message')} sent again."
    if as_json:
        print_json(told)
    else:
        say(f"{words} A running `opps serve` does it.")


def _tried(one: "Attempt") -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _died(one: "Waiting") -> dict[str, Any]:
    shown = ("message_id", "subject", "type", "position", "tried", "died_at")
    return {name: getattr(one, name) for name in shown}


def _row(one: "Attempt") -> tuple[object, ...]:
    return (
        one.tried_at,
        one.message_id,
        one.type,
        one.position,
        one.number,
        one.status,
        one.ms,
        one.why if one.why is None else f"{one.why}: {one.detail}",
    )
