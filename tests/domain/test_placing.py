"""From when on an opportunity counts, where nobody says exactly when it was opened."""

from msgspec.structs import replace

from opps.domain.events import DayTurned
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.placing import placed, zone_in
from opps.domain.times import UNKNOWN, Learned, Precision, Reading
from tests.domain.given import opened
from tests.domain.test_curves import on, told


def begins(learned: Learned, reading: Reading) -> object:
    """Return when an opportunity that was recorded on the thirtieth day begins."""
    history = told((30, replace(opened, learned=learned)))
    whole = fold(history)
    assert whole is not None
    return placed(history, whole, reading)[0][0]


def test_an_opening_at_an_unknown_time_counts_from_its_record_however_it_is_read() -> None:
    assert begins(UNKNOWN, Reading.POSSIBLE) == on(30)
    assert begins(UNKNOWN, Reading.CERTAIN) == on(30)


def test_the_days_of_the_team_begin_where_its_last_tick_says() -> None:
    zones = ("Europe/Berlin", "Asia/Tokyo", "America/Lima")
    ticks = [(day, DayTurned(day=on(day).date(), zone=one)) for day, one in enumerate(zones, 1)]

    assert zone_in(told((0, opened), *ticks)).key == "America/Lima"
    assert zone_in(told((0, opened))).key == "UTC"


def test_an_opening_in_a_month_counts_from_its_end_or_possibly_from_its_start() -> None:
    month = Learned(latest=on(20), earliest=on(1), precision=Precision.MONTH)

    assert begins(month, Reading.CERTAIN) == on(20)
    assert begins(month, Reading.POSSIBLE) == on(1)
