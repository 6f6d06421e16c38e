"""What the projector is compared with: the same board, made by others, on the same server."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Literal

from opps.domain.events import Event
from opps.domain.opportunity.evolve import evolve
from opps.domain.opportunity.state import Opportunity
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.projections.board import TABLE, BoardRow, row
from opps.projections.table import Place, encode
from opps.recording import codec

_STORED_AT_ONCE = 500
_PATIENCE_S = 600.0
_NOBODY = Metadata(actor=Actor(principal=UUID(int=0), role="NOBODY", via=Via.SYSTEM))

STOCK = Place(schema="public", suffix="_stock")
PURE = Place(schema="public", suffix="_sql")
_WRITE_STOCK = TABLE.write(STOCK)

# One upsert a batch, of everything on the board that SQL can say; contradictions it cannot.
_LAST = "(array_agg({value} ORDER BY version DESC) FILTER (WHERE {when}))[1]"
_AT = "least((p->'learned'->>'latest')::timestamptz, recorded_at)"
_CLOSED = (
    "tag IN ('OpportunityWon', 'OpportunityLost', 'OpportunityClosedWithoutDecision',"
    " 'OpportunityDisqualified', 'OpportunitiesMerged', 'OpportunityReopened')"
)


def _last(value: str, *tags: str, of: str = "") -> str:
    """Return the SQL of the last value that events of some tags have, of a type."""
    last = _LAST.format(value=value, when=" OR ".join(f"tag = '{tag}'" for tag in tags))
    return f"({last})::{of}" if of else last


_COLUMNS = {
    "account_id": _last("p->>'account_id'", "OpportunityOpened", of="uuid"),
    "title": _last("p->>'title'", "OpportunityOpened", "OpportunityRenamed"),
    "status": _LAST.format(
        value="CASE tag WHEN 'OpportunityWon' THEN 'WON' WHEN 'OpportunityLost' THEN 'LOST'"
        " WHEN 'OpportunityClosedWithoutDecision' THEN 'NO_DECISION'"
        " WHEN 'OpportunityDisqualified' THEN 'DISQUALIFIED'"
        " WHEN 'OpportunitiesMerged' THEN 'MERGED' ELSE 'OPEN' END",
        when=f"tag = 'OpportunityOpened' OR {_CLOSED}",
    ),
    "owner": _last(
        "coalesce(p->>'to_owner', p->>'owner')",
        "OpportunityOpened",
        "OwnershipTransferred",
        of="uuid",
    ),
    "currency": _last("p->>'currency'", "OpportunityOpened"),
    "customer_kind": _last("p->>'customer_kind'", "OpportunityOpened"),
    "origin": _last("p->>'origin'", "OpportunityOpened"),
    "opened_at": _last(_AT, "OpportunityOpened"),
    "recorded_at": _last("recorded_at", "OpportunityOpened"),
    "changed_at": "max(recorded_at)",
    "closed_at": _LAST.format(value=_AT, when=_CLOSED),
    "loss_kind": _last("p->>'loss_kind'", "OpportunityLost"),
    "lost_to": _last("p->>'alternative_id'", "OpportunityLost", of="uuid"),
    "no_decision": _last("p->>'reason'", "OpportunityClosedWithoutDecision"),
    "merged_into": _last("p->>'into'", "OpportunitiesMerged", of="uuid"),
    "amount": _last("p->'amount'->>'amount'", "AmountEstimated", "OpportunityWon", of="numeric"),
    "commit_date": _last("p->>'commit_date'", "CommitDateSet", of="date"),
    "commit_basis": _last("p->>'basis'", "CommitDateSet"),
    "pushes": "count(*) FILTER (WHERE tag = 'CommitDateSet')",
    "stage": _last("p->>'stage'", "StageSet"),
    "stage_default": _last("p->>'stage_default'", "StageSet", of="double precision"),
    "category": _last("p->>'category'", "ForecastCategorySet"),
    "seller_estimate": _last("p->>'probability'", "SellerEstimateRecorded", of="double precision"),
    "proposal_sent_at": _last(_AT, "ProposalSent"),
    "buyer_responded_at": _last(_AT, "BuyerResponded"),
    "facts": "count(*) FILTER (WHERE tag = 'FactLearned')",
    "contradictions": "0",
    "open_questions": "count(*) FILTER (WHERE tag = 'QuestionRaised')"
    " - count(*) FILTER (WHERE tag IN ('QuestionAnswered', 'QuestionDropped'))",
    # What was asked and then answered SQL would have to look up; the stories ask nothing.
    "unanswered": "count(*) FILTER (WHERE tag = 'QuestionAsked')",
    "version": "max(version)",
    "position": "max(position)",
}
_COUNTED = ("pushes", "facts", "open_questions", "unanswered")


def _merged(name: str) -> str:
    if name in _COUNTED:
        return f"{name} = b.{name} + excluded.{name}"
    return f"{name} = coalesce(excluded.{name}, b.{name})"


_BATCH = (
    f"INSERT INTO board_sql AS b (opportunity_id, {', '.join(_COLUMNS)})"
    f" SELECT stream, {', '.join(_COLUMNS.values())}"
    " FROM (SELECT stream, version, position, tag, recorded_at,"
    "       convert_from(payload, 'UTF8')::jsonb AS p FROM opps.events"
    "       WHERE tenant = %(tenant)s AND position > %(after)s AND position <= %(until)s"
    "       AND tag <> 'AccountRegistered') e GROUP BY stream"
    " ON CONFLICT (tenant, opportunity_id) DO UPDATE SET " + ", ".join(map(_merged, _COLUMNS))
)


def pure_sql(url: str, tenant: UUID, events: int, batch: int) -> float:
    """Return events a second: upserts of one statement a batch, with the position beside them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        _make_board(connection, PURE)
        connection.execute("DROP TABLE IF EXISTS sql_position")
        connection.execute("CREATE TABLE sql_position (position bigint)")
        connection.execute("INSERT INTO sql_position VALUES (0)")
        connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
        began = time.perf_counter()
        for after in range(0, events, batch):
            with connection.transaction():
                bounds = {"tenant": tenant, "after": after, "until": after + batch}
                connection.execute(_BATCH, bounds)
                connection.execute("UPDATE sql_position SET position = %s", [after + batch])
        return events / (time.perf_counter() - began)


@dataclass(frozen=True)
class Happened(DomainEvent):
    """An event of ours as an event of the library."""

    tag: str
    payload: str


class StockBoard(PostgresTrackingRecorder):
    """The board as a materialised view of the library."""

    def put(self, row_of_board: BoardRow, tracking: Tracking) -> None:
        """Write a row and how far we are, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(_WRITE_STOCK, [encode([row_of_board])], prepare=True)


class StockProjection(Projection[StockBoard]):
    """The same fold and the same row, one event at a time."""

    name = "stockboard"
    states: ClassVar[dict[UUID, Opportunity | None]] = {}

    def process_event(self, domain_event: Happened, tracking: Tracking) -> None:
        """Fold one event, and write the row that it leaves."""
        stream = domain_event.originator_id
        after = evolve(self.states.get(stream), _recorded(domain_event, tracking))
        self.states[stream] = after
        if after is not None:
            self.view.put(row(after, domain_event.timestamp), tracking)


class StockApplication(Application[UUID]):
    """An application of the library, as it comes."""

    name = "stock"


def stock_runner(url: str, history: Sequence[Recorded[Event]], *, waits_for_disk: bool) -> float:
    """Return events a second that the library's runner projects."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS stock CASCADE")
        connection.execute("CREATE SCHEMA stock")
        _make_board(connection, STOCK)
    environment = _environment(url)
    with StockApplication(environment) as application:
        for start in range(0, len(history), _STORED_AT_ONCE):
            application.events.put([_happened(one) for one in history[start:][:_STORED_AT_ONCE]])
    StockProjection.states.clear()
    with _disk(waits_for_disk):
        began = time.perf_counter()
        with ProjectionRunner(
            application_class=StockApplication,
            projection_class=StockProjection,
            view_class=StockBoard,
            env=environment,
        ) as runner:
            runner.wait(len(history), timeout=_PATIENCE_S)
            return len(history) / (time.perf_counter() - began)


@contextmanager
def _disk(waits: bool) -> Iterator[None]:
    """Let the connections made meanwhile wait for the disk, or not."""
    if not waits:
        os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    try:
        yield
    finally:
        os.environ.pop("PGOPTIONS", None)


def _happened(recorded: Recorded[Event]) -> Happened:
    return Happened(
        originator_id=recorded.stream,
        originator_version=recorded.version,
        timestamp=recorded.recorded_at,
        tag=codec.tag_of(recorded.event),
        payload=codec.encode(recorded.event).decode(),
    )


def _recorded(happened: Happened, tracking: Tracking) -> Recorded[Event]:
    return Recorded(
        event=codec.decode_event(happened.tag, 1, happened.payload.encode()),
        stream=happened.originator_id,
        position=tracking.notification_id,
        version=happened.originator_version,
        recorded_at=happened.timestamp,
        event_id=happened.originator_id,
        command_id=happened.originator_id,
        metadata=_NOBODY,
    )


def _environment(url: str) -> dict[str, str]:
    given = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(given["dbname"]),
        "POSTGRES_HOST": str(given.get("host", "")),
        "POSTGRES_PORT": str(given.get("port", "")),
        "POSTGRES_USER": str(given.get("user", "")),
        "POSTGRES_PASSWORD": str(given.get("password", "")),
        "POSTGRES_SCHEMA": "stock",
    }


def _make_board(connection: psycopg.Connection, place: Place) -> None:
    connection.execute(SQL("DROP TABLE IF EXISTS {}").format(place(TABLE.name)))
    connection.execute(TABLE.create(place))
    for statement in TABLE.create_indexes(place):
        connection.execute(statement)
    connection.execute(
        SQL("ALTER TABLE {} ALTER tenant SET DEFAULT {}").format(
            place(TABLE.name), Literal(UUID(int=0))
        )
    )
