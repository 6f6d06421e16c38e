"""How many statements each operation sends to the database at most.

To write the numbers anew, delete them and: OPPS_WRITE_GOLDEN=1 pytest tests/api/test_statements.py
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from opps.api.audited import carried_out
from opps.api.bodies import Asked
from opps.api.context import Services
from opps.api.identity import DEVELOPER, Viewer
from opps.api.schema import schema
from opps.api.shutdown import Draining
from opps.application import streams
from opps.application.read_saving import ReadSaving
from opps.domain.audited_reads import NONE
from opps.domain.recorded import Actor, Via
from opps.domain.roles import ActorRole
from opps.eventstore import Log, register_tenant
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS
from opps.projections.views import Views
from tests.api import story
from tests.api.support import Installation, installed, served_api
from tests.api.test_golden import QUERIES, WALK, operation, variables
from tests.conftest import PostgresServer, made_database

GOLDEN = Path(__file__).parent / "golden_statements.json"
WRITE = bool(os.environ.get("OPPS_WRITE_GOLDEN"))
# The statements of whoever asks; what runs beside, such as a look for news, has none.
SENT: ContextVar[list[str] | None] = ContextVar("SENT", default=None)


@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[None]:
    """Note every statement of an operation, those of its threads too."""
    with pytest.MonkeyPatch.context() as patch:
        for cursor in (psycopg.Cursor, psycopg.AsyncCursor):
            patch.setattr(cursor, "execute", _noting(cursor.execute))
        aside: Callable[..., Awaitable[Any]] = Log.aside

        def with_context(log: Log, read: Callable[..., Any], *given: Any, **more: Any) -> Any:
            return aside(log, copy_context().run, read, *given, **more)

        patch.setattr(Log, "aside", with_context)
        # What surrounds all deals is looked at once a second, by whoever comes just then.
        patch.setattr(streams, "SETTING_KNOWN_FOR_S", 60.0)
        yield


def _noting(execute: Callable[..., Any]) -> Callable[..., Any]:
    def noting(cursor: Any, query: Any, *given: Any, **more: Any) -> Any:
        sent = SENT.get()
        # Which connection is at hand says how often it is told whose rows it may see.
        if sent is not None and "set_config" not in str(query):
            sent.append(str(query))
        return execute(cursor, query, *given, **more)

    return noting


class Asking:
    """Asks in-process, where nobody else sends statements."""

    def __init__(self, runner: asyncio.Runner, of: Installation, views: Views) -> None:
        self._runner = runner
        self._of = of
        self._services = Services(
            of.application, views, of.ledger_of, Draining(), ReadSaving(of.log), NONE
        )
        actor = Actor(principal=DEVELOPER, role=ActorRole.ADMIN, via=Via.GRAPHQL)
        self._viewer = Viewer(tenant=of.tenant, slug="acme", actor=actor)

    def sent(self, name: str) -> list[str]:
        """Return the statements of an operation that was written down."""
        catch_up(self._of.log, self._of.log_settings, list(PROJECTIONS))
        return self._runner.run(self._sent(Asked(operation(name), variables(name))))

    async def _sent(self, wanted: Asked) -> list[str]:
        statements: list[str] = []
        token = SENT.set(statements)
        try:
            result = await carried_out(schema(), self._services, self._viewer, wanted)
        finally:
            SENT.reset(token)
        assert not result.errors, result.errors
        return statements


def asked(of: Installation) -> Iterator[Asking]:
    views = Views(of.database)
    with asyncio.Runner() as runner:
        runner.run(views.__aenter__())
        yield Asking(runner, of, views)
        runner.run(views.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def told(installation: Installation) -> Iterator[Asking]:
    """Yield who asks after the story was told."""
    with served_api(installation) as api:
        story.play(api)
    installation.seal()
    yield from asked(installation)


@pytest.fixture(scope="module")
def walked(postgres: PostgresServer, template: str) -> Iterator[dict[str, int]]:
    """Yield how many statements each step of the walk took."""
    with made_database(postgres, template) as name:
        database = postgres.conninfo(name)
        with installed(database, register_tenant(database, uuid4(), "acme")) as of:
            for asking in asked(of):
                yield {step: len(asking.sent(step)) for step in WALK}


def test_no_operation_sends_more_statements_than_are_written_down(
    told: Asking, walked: dict[str, int]
) -> None:
    # Asked twice: the first time models are read that every process keeps.
    asked_again = {name: (told.sent(name), told.sent(name))[1] for name in QUERIES}
    found = {name: len(sent) for name, sent in asked_again.items()} | walked
    # A loader that was not waiting yet takes one more, so it is the most that is written down.
    most = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if WRITE:
        most = {name: max(count, most.get(name, 0)) for name, count in sorted(found.items())}
        GOLDEN.write_text(json.dumps(most, indent=2) + "\n")

    assert {name: count for name, count in found.items() if count > most[name]} == {}
    assert found.keys() == most.keys()
