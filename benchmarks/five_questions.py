"""What a manager's questions cost: five of the largest deals, the inbox, and the forecast.

Run `python -m benchmarks.five_questions`; `--json` prints the figures for a script. A server is
asked over HTTP, of 10,000 open opportunities, each with an open exception; the 20 largest are rich.
CPU is what the server's threads and the database's processes spend: other work does not count.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid5

import psycopg
from rich.console import Console
from rich.table import Table

from benchmarks.asking import OPERATIONS, Connection, request
from benchmarks.portfolio_as_of import cpu_seconds, parent_of
from benchmarks.served import Served, serving
from benchmarks.stories import BEGIN, deal_events
from opps.domain.clock import clock_stream
from opps.domain.events import (
    AccountRegistered,
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    DayTurned,
    Event,
    ExceptionCause,
    ExceptionRaised,
    FactLearned,
    OpportunityLost,
    SellerActed,
    SellerEstimateRecorded,
)
from opps.domain.facts import AnyFact
from opps.domain.facts.customer import OurEffect
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Role, Stance
from opps.domain.money import Money
from opps.domain.opportunity.state import us
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import Learned
from opps.eventstore import Append, Log, LogSettings, NewEvent
from opps.projections.board import TABLE as BOARD
from opps.projections.exceptions import TABLE as EXCEPTIONS
from opps.projections.projector import catch_up
from opps.projections.registry import PROJECTIONS
from opps.projections.score_trend import NOW
from opps.recording import codec
from tests.domain import build

RICH, TOLD, COPIES = 20, 499, 20
PEOPLE, CRITERIA, ISSUES, RIVALS = 8, 5, 4, 2
TODAY = datetime.now(UTC).date()
GOALS = {"five questions of 20": 300.0, "inbox, 20 of 10,000": 20.0}
INBOX = """query { exceptions(first: 20) {
  nodes { exceptionId cause about summary status raisedAt urgency { score inWords } }
  pageInfo { hasNextPage endCursor } } }"""
FORECAST = """query ($from: Date!, $to: Date!) { forecast(from: $from, to: $to, by: CATEGORY) {
  currency worth { opportunities knowledge gut stage %s }
  groups { category worth { knowledge } } } }"""
TOTAL = "total { expected { low high } outcome { low high } }"


def rich_facts(deal: UUID) -> Iterator[AnyFact]:
    """Yield what is known of a deal that somebody worked on: about 80 facts."""
    rivals = [uuid5(deal, f"rival {number}") for number in range(RIVALS)]
    criteria = [uuid5(deal, f"criterion {number}") for number in range(CRITERIA)]
    for rival in rivals:
        yield build.an_alternative(rival)
    for number in range(ISSUES):
        yield build.an_issue(issue_id=uuid5(deal, f"issue {number}"), our_effect=OurEffect.UNIQUELY)
    for criterion in criteria:
        yield build.a_criterion(criterion)
        yield build.weighed(0.2, criterion)
        yield build.rated(us(deal), 1, criterion)
    for number in range(PEOPLE):
        person = uuid5(deal, f"person {number}")
        yield build.an_evaluator(person, roles=(Role.USER,))
        yield build.weighs(person, InfluenceLevel.SIGNIFICANT)
        yield build.leans(person, LeaningLevel.SUPPORTER)
        yield build.would_change(person, Stance.FOR)
        yield build.prefers(person, rivals[number % RIVALS] if number % 3 else us(deal))
        yield build.engaged(person)


def story(deal: UUID, number: int, *, rich: bool) -> Iterator[Event]:
    """Yield the events of an open deal; a rich one is of a thousand times the amount."""
    at = Learned(latest=BEGIN + timedelta(minutes=number))
    yield from (one for one in deal_events(deal, number) if not isinstance(one, OpportunityLost))
    yield SellerEstimateRecorded(learned=at, probability=0.6)
    yield CommitDateSet(
        learned=at,
        commit_date=TODAY + timedelta(days=number % 90),
        basis=CommitBasis.BUYER_STATED,
    )
    if not rich:
        return
    yield AmountEstimated(learned=at, amount=Money(build.euros(1_000_000 + number).amount, "EUR"))
    for index, fact in enumerate(rich_facts(deal)):
        source = Provenance(
            source=SourceKind.BUYER_SAID,
            channel=Channel.CALL,
            told_by=uuid5(deal, f"person {index % PEOPLE}"),
            learned_by=uuid5(deal, "seller"),
        )
        yield FactLearned(
            learned=at, fact_id=uuid5(deal, f"rich {index}"), fact=fact, provenance=source
        )
        yield SellerActed(learned=at, activity="Call", channel=Channel.CALL)


def streams(tenant: UUID) -> Iterator[tuple[UUID, list[Event]]]:
    """Yield each stream with its events."""
    yield clock_stream(tenant), [DayTurned(day=TODAY, zone="UTC")]
    for number in range(RICH + TOLD):
        deal = uuid5(tenant, f"deal {number}")
        yield deal, list(story(deal, number, rich=number < RICH))
        yield uuid5(deal, "account"), [AccountRegistered(name=f"Customer {number}")]
        raised = ExceptionRaised(
            opportunity_id=deal,
            cause=ExceptionCause.DANGER_ZONE,
            about="DZ16",
            since=number + 1,
            summary="No contact for 30 days, and the date is 20 days away.",
        )
        yield uuid5(deal, "exception"), [raised]


def fill(log: Log, tenant: UUID) -> None:
    """Append every stream."""
    actor = Actor(principal=tenant, role="SELLER", via=Via.IMPORT)
    metadata = codec.encode_metadata(Metadata(actor=actor))
    for stream, events in streams(tenant):
        new = tuple(
            NewEvent(
                stream=stream,
                event_id=uuid5(stream, f"event {number}"),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=metadata,
            )
            for number, event in enumerate(events)
        )
        log.append_now(
            Append(
                tenant=tenant,
                command_id=uuid5(stream, "command"),
                expected={stream: -1},
                events=new,
            )
        )


def copied(connection: psycopg.Connection, tenant: UUID) -> None:
    """Give each deal and its exception so many rows under other ids, the rich ones none."""
    rich = [uuid5(tenant, f"deal {number}") for number in range(RICH)]
    for table in (BOARD, NOW, EXCEPTIONS):
        renamed = {"opportunity_id", *table.key}
        others = [name for name in table.columns if name not in renamed]
        made = ", ".join(f"md5({name}::text || n)::uuid" for name in sorted(renamed))
        connection.execute(
            f"INSERT INTO opps_views.{table.name} (tenant, {', '.join(sorted(renamed))},"
            f" {', '.join(others)}) SELECT tenant, {made}, {', '.join(others)}"
            f" FROM opps_views.{table.name}, generate_series(2, %s) n"
            " WHERE tenant = %s AND opportunity_id <> ALL (%s)",
            [COPIES, tenant, rich],
        )
    connection.execute("VACUUM ANALYZE")


def asked() -> dict[str, bytes]:
    """Return each question as it goes over the line."""
    five = (OPERATIONS / "largest-opportunities.graphql").read_text()
    quarter = {"from": str(TODAY), "to": str(TODAY + timedelta(days=90))}
    month = {"from": str(TODAY), "to": str(TODAY + timedelta(days=8))}
    return {
        "five questions of 20": request(five, {}),
        "inbox, 20 of 10,000": request(INBOX, {}),
        "forecast, 1,000 lines": request(FORECAST % "", month),
        "forecast, 1,000 lines, simulated": request(FORECAST % TOTAL, month),
        "forecast, 10,000 lines": request(FORECAST % "", quarter),
        "forecast, 10,000 lines, simulated": request(FORECAST % TOTAL, quarter),
    }


async def spent_on(
    served: Served, database: int, caller: Connection, question: bytes
) -> tuple[float, float, float]:
    """Return what an answer takes in ms: elapsed, CPU of the server, CPU of the database."""
    server, of_database = sum(served.ask("spent").values()), cpu_seconds(database)
    began = time.perf_counter()
    answer = await caller.read(question)
    elapsed = time.perf_counter() - began
    assert b'"errors"' not in answer, answer[:1_000]
    spent = sum(served.ask("spent").values()) - server
    return elapsed * 1_000, spent * 1_000, (cpu_seconds(database) - of_database) * 1_000


async def timed(served: Served, database: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return of each question the median ms, and the mean CPU of server and database."""
    caller = await Connection.to(served.ready["port"])
    taken: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(rounds):
        for name, question in asked().items():
            one = await spent_on(served, database, caller, question)
            taken.setdefault(name, []).append(one)
    caller.close()
    return {
        name: {
            "median_ms": median(one[0] for one in of[1:]),
            "server_cpu_ms": median(one[1] for one in of[1:]),
            "database_cpu_ms": sum(one[2] for one in of[1:]) / (len(of) - 1),
        }
        for name, of in taken.items()
    }


def measure(rounds: int) -> dict[str, Any]:
    """Return every figure; the first round only warms up."""
    with serving(projecting=False) as served:
        url, tenant = served.ready["url"], UUID(served.ready["tenant"])
        settings = LogSettings(url=url)
        with Log(settings) as log:
            fill(log, tenant)
            catch_up(log, settings, list(PROJECTIONS))
        with psycopg.connect(url, autocommit=True) as connection:
            copied(connection, tenant)
            [held] = connection.execute(
                "SELECT (SELECT count(*) FROM opps_views.board),"
                " (SELECT count(*) FROM opps_views.exceptions)"
            ).fetchall()
            figures = asyncio.run(timed(served, parent_of(connection), rounds))
    return {"opportunities": held[0], "exceptions": held[1], "questions": figures}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.five_questions", description=__doc__
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    figures = measure(options.rounds)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    title = f"{figures['opportunities']:,} opportunities, {figures['exceptions']:,} exceptions"
    table = Table("question", "median ms", "server CPU ms", "database CPU ms", "goal", title=title)
    for name, one in figures["questions"].items():
        goal = f"{GOALS[name]:.0f}" if name in GOALS else ""
        table.add_row(name, *(f"{value:,.1f}" for value in one.values()), goal)
    Console().print(table)


if __name__ == "__main__":
    main()
