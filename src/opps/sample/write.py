"""The sample as a backup file, which `restore` turns into a log with its recorded times."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from opps.domain.events import DayTurned
from opps.eventstore.transfer import Step
from opps.integrations.backup_file import BackupWriter
from opps.recording.keyring import Keyring
from opps.sample.book import ZONE, Book
from opps.sample.simulation import Simulation
from opps.sample.stories import STORIES
from opps.sample.stories.maps import maps

SAMPLE_SLUG = "sample"


def write_backup(
    path: Path, tenant: UUID, today: date, keyring: Keyring, *, slug: str = SAMPLE_SLUG
) -> int:
    """Write the sample as a backup of a tenant and return how many events it holds.

    The four months end on the day before `today`, with the tick of `today` itself. The same
    tenant and day give the same events; only what is sealed differs, by its nonce. The keys of
    the invented persons go into the keyring.
    """
    size = 0
    with BackupWriter(path, tenant, slug, written_by="opps sample (synthetic)") as writer:
        for step in sample_steps(tenant, today, keyring):
            writer.add(step)
            size += len(step.events)
    return size


def sample_steps(tenant: UUID, today: date, keyring: Keyring) -> Iterator[Step]:
    """Yield the sample as the commands of a log with their events."""
    return iter(simulated(tenant, today, keyring).steps)


def simulated(tenant: UUID, today: date, keyring: Keyring) -> Simulation:
    """Return the sample, decided command by command on a simulated clock."""
    book = Book(tenant, today)
    for tell in STORIES:
        tell(book)
    maps(book)
    entries = sorted(book.entries)
    simulation = Simulation(tenant, keyring)
    day = entries[0].at.date()
    for entry in entries:
        day = _turn_days(simulation, day, entry.at.date())
        simulation.do(
            entry.command, entry.actor, entry.at, uuid5(tenant, f"sample command {entry.number}")
        )
    _turn_days(simulation, day, today)
    return simulation


def _turn_days(simulation: Simulation, day: date, until: date) -> date:
    while day < until:
        day += timedelta(days=1)
        simulation.turn_day(DayTurned(day=day, zone=ZONE))
    return until
