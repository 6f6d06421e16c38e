"""Whoever waits for another model sees how many opportunities are scored, before all are."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from opps.domain.events import Gate, ScoringModelActivated
from opps.domain.setting import activation_stream
from opps.projections.rescoring import Under, scored_at, telling, under_way
from opps.recording import codec
from tests.domain.given import MANAGER, changed, lost, opened
from tests.domain.test_scoring_model import SPRING
from tests.projections.conftest import Show
from tests.projections.support import Teller


@pytest.fixture
def working(database: str) -> Iterator[psycopg.Connection]:
    """Yield the session that scores."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def other(database: str) -> Iterator[psycopg.Connection]:
    """Yield a session that looks on."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def test_how_far_it_is_shows_before_the_transaction_ends(
    working: psycopg.Connection, other: psycopg.Connection
) -> None:
    with working.transaction(), telling(working, 1_200) as tell:
        tell(500)
        assert under_way(other) == Under(500, 1_200)
        tell(500)
        assert under_way(other) == Under(1_000, 1_200)

    assert under_way(other) is None


def test_a_transaction_that_fails_leaves_nothing_told(
    working: psycopg.Connection, other: psycopg.Connection
) -> None:
    def fail() -> None:
        with working.transaction(), telling(working, 1_200) as tell:
            tell(500)
            working.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        fail()

    assert under_way(other) is None


def test_a_few_are_scored_before_anybody_could_look(
    working: psycopg.Connection, other: psycopg.Connection
) -> None:
    with telling(working, 500) as tell:
        tell(500)

        assert under_way(other) is None


def test_a_newer_model_stops_nothing_and_scores_nothing(
    teller: Teller, show: Show, database: str
) -> None:
    deal = uuid4()
    teller.tell(deal, opened)
    event = ScoringModelActivated(model=SPRING, approver=MANAGER, reason="Better", gate=Gate.PASSED)
    newer = codec.encode(event).replace(b'{"name":"spring"', b'{"shape":2,"name":"spring"', 1)
    teller.tell_bytes(activation_stream(teller.tenant), ("ScoringModelActivated", newer))
    teller.tell(deal, changed(opened, title="Never told"))
    shown = show("score_current")

    assert b'"shape":2' in newer
    assert [row["model"] for row in shown] == ["oks-1"]
    with psycopg.connect(database, autocommit=True) as connection:
        parked = connection.execute(
            "SELECT count(*) FROM opps_views.parked WHERE tenant = %s", [teller.tenant]
        ).fetchone()
    assert parked == (0,)


def test_another_model_moves_the_score_of_every_opportunity_that_is_open(
    teller: Teller, show: Show, database: str
) -> None:
    deals = [uuid4() for _ in range(3)]
    for number, deal in enumerate(deals):
        teller.tell(deal, changed(opened, title=f"Deal {number}"))
    teller.tell(deals[0], lost)
    event = ScoringModelActivated(model=SPRING, approver=MANAGER, reason="Better", gate=Gate.PASSED)
    position = teller.tell(activation_stream(teller.tenant), event)
    models = {row["opportunity_id"]: row["model"] for row in show("score_current")}

    assert models == {deals[0]: "oks-1", deals[1]: "spring", deals[2]: "spring"}
    with psycopg.connect(database, autocommit=True) as connection:
        assert scored_at(connection, teller.tenant, position) == 2
