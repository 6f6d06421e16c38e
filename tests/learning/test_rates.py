"""How often an organisation's own deals are decided and won."""

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from opps.domain.model import NO_NATS
from opps.domain.oks_1 import OKS_1
from opps.learning.fit import fit
from opps.learning.gate import predicted
from opps.learning.moments import TrainingRow
from opps.learning.rates import base_rate_model, is_base_rate, own_rates
from tests.learning.closed import EXPERT, closed, deal_id

(ANY,) = closed(1)


def ended(*ends: tuple[int, bool, bool | None]) -> list[TrainingRow]:
    """Return rows of as many deals as said, won or not, decided or not."""
    each = [(won, decided) for often, won, decided in ends for _ in range(often)]
    return [
        replace(ANY, won=won, decided=decided, opportunity_id=deal_id(number))
        for number, (won, decided) in enumerate(each)
    ]


def test_without_deals_the_rates_are_those_of_the_prior() -> None:
    rates = own_rates(OKS_1, [])

    assert (rates.happen, rates.win) == pytest.approx((0.55, 0.45))


def test_four_deals_of_its_own_weigh_as_much_as_the_prior() -> None:
    rates = own_rates(OKS_1, ended((3, True, True), (1, False, True)))

    assert rates.happen == pytest.approx((4 + 4 * 0.55) / 8)
    assert rates.win == pytest.approx((3 + 4 * 0.45) / 8)


def test_deals_that_nobody_decided_say_nothing_of_winning() -> None:
    rates = own_rates(OKS_1, ended((40, False, False)))

    assert rates.happen == pytest.approx(4 * 0.55 / 44)
    assert rates.win == pytest.approx(0.45)


def test_a_deal_lost_nobody_says_how_counts_for_both_ways() -> None:
    rates = own_rates(OKS_1, ended((300, True, True), (700, False, None)))

    assert rates.happen * rates.win == pytest.approx(0.30, abs=0.002)
    assert 0.3 < rates.win < rates.happen < 1


def test_known_ways_of_losing_tell_how_the_unknown_ones_were_lost() -> None:
    rates = own_rates(
        OKS_1,
        ended((400, True, True), (300, False, True), (100, False, False), (200, False, None)),
    )

    assert rates.happen == pytest.approx(0.85, abs=0.01)
    assert rates.win == pytest.approx(0.47, abs=0.01)


def test_rows_of_one_deal_count_once_by_their_weights() -> None:
    deals = ended((3, True, True), (1, False, True))
    halves = [replace(row, weight=0.5) for row in deals for _ in range(2)]

    before, after = own_rates(OKS_1, deals), own_rates(OKS_1, halves)
    assert (after.happen, after.win) == pytest.approx((before.happen, before.win))


def test_the_base_rate_model_answers_alike_whatever_is_known() -> None:
    rows = closed(200, rate=0.3)
    model = base_rate_model(EXPERT, rows, "base")

    said = predicted(model, rows)
    assert said.max() - said.min() < 1e-12
    assert said[0] == pytest.approx(_share(row.won for row in rows), abs=0.005)
    assert [signal.name for signal in model.signals] == [one.name for one in EXPERT.signals]


def test_what_no_deal_spoke_of_keeps_its_weight() -> None:
    model = base_rate_model(EXPERT, closed(20), "base")
    few, untold = (
        base_rate_model(EXPERT, [_empty(row) for row in closed(deals)], "base")
        for deals in (20, 200)
    )

    assert all(signal.weight == NO_NATS for signal in model.signals)
    assert untold.signals == EXPERT.signals
    assert model.weights == untold.weights == EXPERT.weights
    assert few.weights == EXPERT.weights
    assert few.unheard == ()
    assert set(untold.unheard) == set(EXPERT.weights)


def test_a_model_of_the_base_rate_is_known_as_one() -> None:
    rows = closed(60)

    assert is_base_rate(base_rate_model(EXPERT, rows, "base"), EXPERT)
    assert not is_base_rate(fit(EXPERT, rows, name="learned"), EXPERT)
    assert not is_base_rate(EXPERT, EXPERT)


def _empty(row: TrainingRow) -> TrainingRow:
    return replace(row, known=replace(row.known, standings={}, context={}))


def _share(won: Iterable[bool]) -> float:
    each = list(won)
    return sum(each) / len(each)
