"""What goes round tells what is in its way, once."""

import logging
from collections.abc import Iterable
from threading import Event
from uuid import UUID

import pytest

from opps.rounds import Rounds

AWAY = "the database is away"


def test_a_database_that_stays_away_is_told_once_for_each_time_that_it_went(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[str | None] = [AWAY, AWAY, AWAY, None, AWAY, AWAY]
    over = Event()

    def tenants() -> Iterable[UUID]:
        if not answers:
            over.set()
            return []
        if (said := answers.pop(0)) is not None:
            raise ConnectionError(said)
        return []

    with caplog.at_level(logging.WARNING), Rounds("watch", tenants, lambda _: None, every_s=0.0):
        assert over.wait(10)

    assert caplog.messages == [f"the watch waits for the list of tenants: {AWAY}"] * 2
