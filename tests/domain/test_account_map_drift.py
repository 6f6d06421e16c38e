"""How far off a desired outcome is heading, and what can be assessed at all."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.account_map.errors import (
    IncompleteAssessment,
    NoDesiredOutcome,
    OutcomeWithoutNumbers,
    UnknownMetric,
)
from opps.domain.account_map.outcome import drift, drifted
from opps.domain.events import (
    DesiredOutcomeRevised,
    DesiredOutcomeStated,
    OutcomeProgressAssessed,
    SaleTarget,
)
from opps.domain.opportunity.commands import (
    AssessOutcomeProgress,
)
from tests.domain.given import (
    DEAL,
    MARCH_31,
    NOBODY,
    TUESDAY,
    WEDNESDAY,
    at,
    euros,
    given,
    named,
    opened,
)
from tests.domain.outcomes import (
    PERFORMANCE,
    SALE,
    SCRAP,
    TIMELINE,
    WITH_NUMBERS,
    scrap,
    stated,
    vague,
)


def assessed(
    amount: int | None = None,
    on: date | None = None,
    value: str | None = None,
    metric: UUID | None = None,
) -> OutcomeProgressAssessed:
    """Return an assessment of the dimension that is given."""
    dimension = SALE if amount is not None else TIMELINE if on is not None else PERFORMANCE
    return OutcomeProgressAssessed(
        learned=at(WEDNESDAY),
        dimension=dimension,
        metric_id=metric or (SCRAP if value is not None else None),
        projected_amount=euros(amount) if amount is not None else None,
        projected_on=on,
        projected_value=Decimal(value) if value is not None else None,
    )


@pytest.mark.parametrize(
    ("assessment", "off", "beyond"),
    [
        (assessed(amount=80_000), "0.0", False),
        (assessed(amount=72_000), "10.0", False),
        (assessed(amount=71_992), "10.0", True),
        (assessed(amount=90_000), "-12.5", False),
        (assessed(on=MARCH_31), "0.0", False),
        (assessed(on=date(2026, 4, 14)), "14.0", False),
        (assessed(on=date(2026, 4, 15)), "15.0", True),
        (assessed(on=date(2026, 3, 1)), "-30.0", False),
        (assessed(value="3"), "0.0", False),
        (assessed(value="3.5"), "10.0", False),
        (assessed(value="3.6"), "12.0", True),
        (assessed(value="2"), "-20.0", False),
    ],
)
def test_drift_is_what_lies_behind_the_target_by_more_than_is_tolerated(
    assessment: OutcomeProgressAssessed, off: str, beyond: bool
) -> None:
    [found] = drift(given(opened, stated, assessment).state.map.outcome)

    assert (found.dimension, found.off, found.beyond) == (
        assessment.dimension,
        Decimal(off),
        beyond,
    )


@pytest.mark.parametrize(("value", "beyond"), [("5", False), ("5.5", False), ("6", True)])
def test_a_figure_that_is_to_stay_drifts_either_way(value: str, beyond: bool) -> None:
    stays = replace(scrap, baseline=Decimal(5), target=Decimal(5))
    outcome = replace(WITH_NUMBERS, performance=(stays,))
    told = DesiredOutcomeStated(learned=at(TUESDAY), outcome=outcome)
    [found] = drift(given(opened, told, assessed(value=value)).state.map.outcome)

    assert found.beyond is beyond


def test_the_last_assessment_counts() -> None:
    state = given(opened, stated, assessed(amount=10_000), assessed(amount=80_000)).state

    assert drifted(state.map.outcome) == ()


def test_a_projection_is_held_against_the_outcome_as_revised() -> None:
    smaller = replace(WITH_NUMBERS, sale=SaleTarget(product="Line 3", amount=euros(40_000)))
    revised = DesiredOutcomeRevised(learned=at(WEDNESDAY), outcome=smaller, reason="One line")
    behind = given(opened, stated, assessed(amount=40_000)).state
    on_track = given(opened, stated, assessed(amount=40_000), revised).state

    assert [one.dimension for one in drifted(behind.map.outcome)] == [SALE]
    assert drifted(on_track.map.outcome) == ()


def test_a_figure_that_the_outcome_no_longer_names_drifts_no_more() -> None:
    without = replace(WITH_NUMBERS, performance=())
    revised = DesiredOutcomeRevised(learned=at(WEDNESDAY), outcome=without, reason="No figure")

    assert drift(given(opened, stated, assessed(value="8"), revised).state.map.outcome) == ()


def test_nothing_drifts_that_was_never_assessed() -> None:
    assert drift(given(opened, stated).state.map.outcome) == ()
    assert drift(None) == ()


def progress(**fields: object) -> AssessOutcomeProgress:
    """Return the command that assesses progress."""
    return AssessOutcomeProgress(opportunity_id=DEAL, **fields)  # type: ignore[arg-type]  # of a test


def test_progress_is_assessed_in_one_dimension() -> None:
    command = progress(dimension=SALE, projected_amount=euros(70_000))

    event = given(opened, stated).when(command).then_one(OutcomeProgressAssessed)
    assert event.projected_amount == euros(70_000)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"dimension": SALE}, "projectedAmount"),
        ({"dimension": TIMELINE}, "projectedOn"),
        ({"dimension": PERFORMANCE, "projected_value": Decimal(1)}, "metricId"),
        ({"dimension": PERFORMANCE, "metric_id": SCRAP}, "projectedValue"),
        (
            {"dimension": SALE, "projected_amount": euros(1), "projected_on": MARCH_31},
            "projectedOn left out",
        ),
    ],
)
def test_an_assessment_gives_the_projection_of_its_dimension(
    fields: dict[str, object], missing: str
) -> None:
    given(opened, stated).when(progress(**fields)).then_refused(
        IncompleteAssessment, missing=missing
    )


def test_progress_needs_a_target_in_its_dimension() -> None:
    command = progress(dimension=SALE, projected_amount=euros(70_000))

    given(opened, vague).when(command).then_refused(
        OutcomeWithoutNumbers, missing="what is sold, and for how much"
    )


def test_progress_of_a_figure_needs_only_that_figure_to_have_its_numbers() -> None:
    open_ended = replace(scrap, metric_id=named("other"), target=None)
    outcome = replace(WITH_NUMBERS, performance=(scrap, open_ended))
    told = DesiredOutcomeStated(learned=at(TUESDAY), outcome=outcome)
    of = {"dimension": PERFORMANCE, "projected_value": Decimal(4)}

    given(opened, told).when(progress(**of, metric_id=SCRAP)).then_one(OutcomeProgressAssessed)
    given(opened, told).when(progress(**of, metric_id=named("other"))).then_refused(
        OutcomeWithoutNumbers, missing="the target of Scrap rate"
    )


def test_a_figure_that_the_outcome_does_not_have_cannot_be_assessed() -> None:
    command = progress(dimension=PERFORMANCE, metric_id=NOBODY, projected_value=Decimal(1))

    given(opened, stated).when(command).then_refused(UnknownMetric, metric_id=NOBODY)


def test_there_is_nothing_to_assess_before_an_outcome_is_stated() -> None:
    command = progress(dimension=TIMELINE, projected_on=MARCH_31)

    given(opened).when(command).then_refused(NoDesiredOutcome)
