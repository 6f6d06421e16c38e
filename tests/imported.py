"""A pipeline that was imported, on a fixed day, behind a running server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from opps.application import Application
from opps.eventstore import Log, register_tenant
from opps.ledger.ledger import Ledger
from opps.projections.projector import catch_up
from opps.recording.key_file import FileKeyring
from opps.watching import Watch
from tests.api.support import Api, Installation, served_api
from tests.eventstore.support import settings
from tests.projections.support import Teller

EXAMPLES = Path(__file__).parents[1] / "examples"
Import = Callable[[Application, UUID], object]


class Pipeline(Struct, frozen=True):
    """What was imported, and a client that asks about it."""

    api: Api
    look: Callable[[], int]

    def deal(self, title: str, fields: str) -> dict[str, Any]:
        """Return fields of the opportunity with a title."""
        [found] = [one for one in self.deals(fields, search=title) if one["title"] == title]
        return found

    def deals(self, fields: str, **wanted: Any) -> list[dict[str, Any]]:
        """Return fields of the opportunities that a filter finds, the largest first."""
        query = (
            "query ($filter: OpportunityFilter) { opportunities(first: 50, filter: $filter,"
            f" orderBy: {{field: AMOUNT}}) {{ nodes {{ id title {fields} }} }} }}"
        )
        found: list[dict[str, Any]] = self.api.ask(query, filter=wanted)["opportunities"]["nodes"]
        return found

    def inbox(self, fields: str = "", **wanted: Any) -> list[dict[str, Any]]:
        """Return what is in the inbox, the most urgent first."""
        query = (
            "query ($filter: ExceptionFilter) { exceptions(first: 100, filter: $filter)"
            f" {{ nodes {{ summary opportunity {{ title }} {fields} }} }} }}"
        )
        found: list[dict[str, Any]] = self.api.ask(query, filter=wanted)["exceptions"]["nodes"]
        return found


@contextmanager
def imported(database: str, bring: Import, day: date) -> Iterator[Pipeline]:
    """Yield what was imported on the morning of a day, once the watch has gone round."""
    tenant = register_tenant(database, uuid4(), "acme")
    morning = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    of = settings(database)
    with TemporaryDirectory() as directory, Log(of) as log:
        keyring = FileKeyring(Path(directory) / "keys.jsonl")
        application = Application(log, lambda _: keyring, lambda: morning)
        bring(application, tenant)
        Teller(log, tenant).turn(day)
        watch = Watch(application, database, lambda: [tenant])

        def look() -> int:
            return watch.visit(tenant)

        catch_up(log, of)
        while look():
            catch_up(log, of)
        with served_api(
            Installation(
                database=database,
                tenant=tenant,
                log=log,
                application=application,
                keyring=keyring,
                ledger_of=lambda one: Ledger(Path(directory), one),
                log_settings=of,
            )
        ) as api:
            yield Pipeline(api, look)
