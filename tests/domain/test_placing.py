"""From when on an opportunity counts, where nobody says exactly when it was opened."""

from msgspec.structs import replace

from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.placing import placed
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


def test_an_opening_in_a_month_counts_from_its_end_or_possibly_from_its_start() -> None:
    month = Learned(latest=on(20), earliest=on(1), precision=Precision.MONTH)

    assert begins(month, Reading.CERTAIN) == on(20)
    assert begins(month, Reading.POSSIBLE) == on(1)
