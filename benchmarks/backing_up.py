"""How long a back-up of a million events takes, its restore elsewhere, and how large the file is.

Run `python -m benchmarks.backing_up`; `--json` writes the figures down. Both databases are ours
and durable; a command has five events and a stream four commands. The restore checks every header
and leaf twice: before the first row is written, and on the way in.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from benchmarks.append import opened_log
from benchmarks.baselines import METADATA, PAYLOAD, new_id
from opps.embedded import EmbeddedPostgres
from opps.eventstore import Append, Log, NewEvent, migrations
from opps.integrations.backup import back_up, restore_backup
from opps.integrations.backup_file import BackupReader

EVENTS = 5
COMMANDS = 4
CALLERS = 64


def command(tenant: UUID, stream: UUID, number: int) -> Append:
    """Return a command of several events to one stream."""
    events = (
        NewEvent(
            stream=stream,
            event_id=new_id(),
            tag="FactLearned",
            schema=1,
            payload=PAYLOAD,
            metadata=METADATA,
        )
        for _ in range(EVENTS)
    )
    return Append(
        tenant=tenant,
        command_id=new_id(),
        digest=bytes(32),
        expected={stream: number * EVENTS - 1},
        events=tuple(events),
    )


def fill(log: Log, tenant: UUID, size: int) -> None:
    """Append so many events, many callers at once."""
    streams = iter(range(size // (EVENTS * COMMANDS)))

    async def caller() -> None:
        for _ in streams:
            stream = new_id()
            for number in range(COMMANDS):
                await log.append(command(tenant, stream, number))

    async def callers() -> None:
        await asyncio.gather(*(caller() for _ in range(CALLERS)))

    asyncio.run(callers())


def measured(directory: Path, size: int) -> dict[str, float]:
    """Return seconds and megabytes of a back-up and its restore into another database."""
    file = directory / "log.backup"
    with EmbeddedPostgres(directory / "one") as one:
        migrations.migrate(one.conninfo())
        with opened_log(one.conninfo()) as (log, tenant):
            fill(log, tenant, size)
        began = time.perf_counter()
        back_up(one.conninfo(), tenant, file, written_by="benchmark")
        backed_up = time.perf_counter()
    with EmbeddedPostgres(directory / "other") as other:
        migrations.migrate(other.conninfo())
        restoring = time.perf_counter()
        restored = restore_backup(other.conninfo(), BackupReader(file))
        done = time.perf_counter()
    assert restored.size == size, "the log came back whole"
    return {
        "events": float(size),
        "back-up, s": backed_up - began,
        "restore, s": done - restoring,
        "file, MB": file.stat().st_size / 1e6,
        "memory at most, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


def main(arguments: list[str]) -> None:
    """Measure, print the figures, and write them down where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="events of the log")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="opps-backing-up-") as directory:
        figures = measured(Path(directory), options.size)
    for name, figure in figures.items():
        print(f"{name:>20}  {figure:>12,.1f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
