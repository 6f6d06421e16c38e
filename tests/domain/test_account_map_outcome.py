"""The desired outcome: in how many words, in which numbers, and how far off it is heading."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from opps.domain.account_map.errors import (
    MalformedOutcome,
    NoDesiredOutcome,
    OutcomeAlreadyStated,
    OutcomeWithoutNumbers,
)
from opps.domain.account_map.outcome import missing_numbers, word_count
from opps.domain.errors import Blank, CurrencyMix, NotOpen, UnknownReference
from opps.domain.events import (
    DesiredOutcome,
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    Metric,
    OutcomeDimension,
    SaleTarget,
    Tolerance,
)
from opps.domain.money import Money
from opps.domain.opportunity.commands import (
    AgreeDesiredOutcome,
    ReviseDesiredOutcome,
    StateDesiredOutcome,
)
from tests.domain.given import (
    CFO,
    DEAL,
    JUST_NOW,
    NOBODY,
    cfo_known,
    euros,
    given,
    lost,
    named,
    opened,
)
from tests.domain.outcomes import (
    PERFORMANCE,
    SALE,
    TIMELINE,
    WITH_NUMBERS,
    WITHOUT_NUMBERS,
    agreed,
    scrap,
    stated,
    vague,
)


def state_it(outcome: DesiredOutcome = WITH_NUMBERS) -> StateDesiredOutcome:
    """Return the command that states an outcome."""
    return StateDesiredOutcome(opportunity_id=DEAL, outcome=outcome)


def revise(outcome: DesiredOutcome) -> ReviseDesiredOutcome:
    """Return the command that revises it."""
    return ReviseDesiredOutcome(opportunity_id=DEAL, outcome=outcome, reason="They need it sooner")


agree = AgreeDesiredOutcome(opportunity_id=DEAL, evaluator_id=CFO)


def test_a_desired_outcome_is_stated_with_its_numbers() -> None:
    expected = DesiredOutcomeStated(learned=JUST_NOW, outcome=WITH_NUMBERS)

    given(opened).when(state_it()).then(expected)


def test_a_desired_outcome_may_be_stated_before_it_has_numbers() -> None:
    event = given(opened).when(state_it(WITHOUT_NUMBERS)).then_one(DesiredOutcomeStated)

    assert [one.dimension for one in missing_numbers(event.outcome)] == [
        SALE,
        TIMELINE,
        PERFORMANCE,
    ]


def test_the_tolerance_that_nobody_gave_is_written_down() -> None:
    untold = replace(WITH_NUMBERS, tolerance=None)
    event = given(opened).when(state_it(untold)).then_one(DesiredOutcomeStated)

    assert event.outcome.tolerance == Tolerance(sale_percent=10, days=14, performance_percent=10)


def test_stating_the_same_outcome_again_changes_nothing() -> None:
    given(opened, stated).when(state_it()).then_nothing()


def test_another_outcome_is_a_revision_with_a_reason() -> None:
    given(opened, stated).when(state_it(WITHOUT_NUMBERS)).then_refused(OutcomeAlreadyStated)


def test_a_statement_in_which_nothing_can_be_read_is_refused() -> None:
    blank = replace(WITH_NUMBERS, statement="  ")

    given(opened).when(state_it(blank)).then_refused(Blank, field="statement")


def test_an_outcome_in_another_currency_is_refused() -> None:
    in_dollars = SaleTarget(product="Line 3", amount=Money(Decimal(1), "USD"))

    outcome = replace(WITH_NUMBERS, sale=in_dollars)
    given(opened).when(state_it(outcome)).then_refused(CurrencyMix, given="USD")


@pytest.mark.parametrize(
    "figures",
    [
        (scrap, scrap),
        tuple(replace(scrap, metric_id=named(str(one))) for one in range(21)),
    ],
    ids=["twice the same", "too many"],
)
def test_figures_that_do_not_hold_together_are_refused(figures: tuple[Metric, ...]) -> None:
    outcome = replace(WITH_NUMBERS, performance=figures)

    given(opened).when(state_it(outcome)).then_refused(MalformedOutcome)


def test_twenty_figures_are_not_too_many() -> None:
    figures = tuple(replace(scrap, metric_id=named(str(one))) for one in range(20))

    outcome = replace(WITH_NUMBERS, performance=figures)
    given(opened).when(state_it(outcome)).then_one(DesiredOutcomeStated)


def test_a_lost_deal_has_no_desired_outcome_any_more() -> None:
    given(opened, lost).when(state_it()).then_refused(NotOpen)


def test_words_are_counted_as_people_count_them() -> None:
    assert word_count("Sell  two lines,\nby March") == 5
    assert word_count(" ".join(["word"] * 30)) == 30


@pytest.mark.parametrize(
    ("lacking", "dimension", "what"),
    [
        ({"sale": None}, SALE, "what is sold, and for how much"),
        ({"sale": SaleTarget(product="L", amount=euros(0))}, SALE, "an amount above 0"),
        ({"by": None}, TIMELINE, "by when"),
        ({"performance": ()}, PERFORMANCE, "a figure with its baseline and target"),
        (
            {"performance": (replace(scrap, baseline=None),)},
            PERFORMANCE,
            "the baseline of Scrap rate",
        ),
        ({"performance": (replace(scrap, target=None),)}, PERFORMANCE, "the target of Scrap rate"),
    ],
)
def test_an_outcome_says_what_it_lacks_before_it_is_measurable(
    lacking: dict[str, object], dimension: OutcomeDimension, what: str
) -> None:
    [missing] = missing_numbers(replace(WITH_NUMBERS, **lacking))

    assert (missing.dimension, missing.what) == (dimension, what)


def test_an_outcome_with_all_three_dimensions_is_measurable() -> None:
    assert missing_numbers(WITH_NUMBERS) == ()


def test_a_baseline_of_zero_is_a_number() -> None:
    from_nothing = replace(scrap, baseline=Decimal(0))

    assert missing_numbers(replace(WITH_NUMBERS, performance=(from_nothing,))) == ()


def test_a_revision_says_why() -> None:
    sooner = replace(WITH_NUMBERS, by=date(2026, 3, 20))
    event = given(opened, stated).when(revise(sooner)).then_one(DesiredOutcomeRevised)

    assert (event.outcome.by, event.reason) == (date(2026, 3, 20), "They need it sooner")


def test_a_revision_to_the_same_changes_nothing() -> None:
    given(opened, stated).when(revise(WITH_NUMBERS)).then_nothing()


def test_what_was_never_stated_cannot_be_revised() -> None:
    given(opened).when(revise(WITH_NUMBERS)).then_refused(NoDesiredOutcome)


def test_an_evaluator_agrees_to_an_outcome_with_numbers() -> None:
    outcome = given(opened, cfo_known, stated).when(agree).state.map.outcome

    assert outcome is not None
    assert [one.evaluator_id for one in outcome.agreements] == [CFO]


def test_nobody_agrees_to_an_outcome_without_numbers() -> None:
    given(opened, cfo_known, vague).when(agree).then_refused(
        OutcomeWithoutNumbers,
        missing="what is sold, and for how much; by when; a figure with its baseline and target",
    )


def test_agreeing_twice_is_agreeing_once() -> None:
    given(opened, cfo_known, stated, agreed).when(agree).then_nothing()


def test_somebody_we_do_not_know_cannot_agree() -> None:
    stranger = AgreeDesiredOutcome(opportunity_id=DEAL, evaluator_id=NOBODY)

    given(opened, stated).when(stranger).then_refused(UnknownReference, kind="evaluator")


def test_there_is_nothing_to_agree_to_before_it_is_stated() -> None:
    given(opened, cfo_known).when(agree).then_refused(NoDesiredOutcome)


def test_what_was_agreed_no_longer_is_once_the_outcome_is_another() -> None:
    sooner = replace(WITH_NUMBERS, by=date(2026, 3, 20))
    outcome = given(opened, cfo_known, stated, agreed).when(revise(sooner)).state.map.outcome

    assert outcome is not None
    assert outcome.agreements == ()
    assert outcome.revisions == 1
