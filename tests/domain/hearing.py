"""Listening to what each objective says, for the tests of valence."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from opps.domain.catalogue import Objective
from opps.domain.facts import Fact
from opps.domain.knowledge import Known
from opps.domain.personal import Clear
from opps.domain.valence import Spoken, Voice, listen
from tests.domain.build import (
    CFO,
    JUNE_1,
    euros,
    known,
)

Q = 0.8
AT_THE_BOARD = Clear(subject=CFO, text="Sold it to the board")


def spoken(looked_at: Known, objective: Objective) -> Spoken:
    return next(one for one in listen(looked_at) if one.objective is objective)


def hears(objective: Objective, *facts: Fact, price: int | None = None) -> tuple[Voice, Voice]:
    """Return both signals of facts that the CFO said: will it happen, will we win it."""
    amount = None if price is None else euros(price)
    one = spoken(known(*facts, amount=amount), objective)
    return one.happen, one.win


def near(valence: float, credence: float = Q) -> Voice:
    """Return a signal that equals one computed in floating point."""
    about: Any = pytest.approx
    return Voice(about(valence), about(credence))


def midnight_after(days: int) -> datetime:
    return datetime.combine(JUNE_1 + timedelta(days=days), time(), UTC)
