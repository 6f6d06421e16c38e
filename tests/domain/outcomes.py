"""A desired outcome with its numbers, and one without."""

from decimal import Decimal

from opps.domain.events import (
    DesiredOutcome,
    DesiredOutcomeAgreed,
    DesiredOutcomeStated,
    Metric,
    OutcomeDimension,
    SaleTarget,
    Tolerance,
)
from tests.domain.given import (
    CFO,
    MARCH_31,
    TUESDAY,
    WEDNESDAY,
    at,
    euros,
    named,
)

SCRAP = named("scrap rate")
scrap = Metric(
    metric_id=SCRAP, name="Scrap rate", unit="percent", baseline=Decimal(8), target=Decimal(3)
)
WITH_NUMBERS = DesiredOutcome(
    statement="Sell two lines by the end of March and bring scrap below three percent",
    sale=SaleTarget(product="Line 3", quantity=2, amount=euros(80_000)),
    by=MARCH_31,
    performance=(scrap,),
    tolerance=Tolerance(),
)
WITHOUT_NUMBERS = DesiredOutcome(statement="Make them happy", tolerance=Tolerance())
stated = DesiredOutcomeStated(learned=at(TUESDAY), outcome=WITH_NUMBERS)
vague = DesiredOutcomeStated(learned=at(TUESDAY), outcome=WITHOUT_NUMBERS)
agreed = DesiredOutcomeAgreed(learned=at(WEDNESDAY), evaluator_id=CFO)

SALE, TIMELINE, PERFORMANCE = OutcomeDimension
