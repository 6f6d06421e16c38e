"""What a list of opportunities is worth, in the schema."""

from decimal import Decimal
from typing import Annotated

import strawberry

from opps.api.derive import enum_of
from opps.api.ids import NodeType
from opps.api.parties import node_id
from opps.domain.events import ForecastCategory
from opps.domain.opportunity.state import Status
from opps.projections.past_sums import Group, Sum

enum_of(Group)

By = Annotated[
    list[Group] | None,
    strawberry.argument(description="What to tell the sums apart by, beside the currency."),
]


@strawberry.type(
    description="What opportunities of one currency are worth; amounts are not converted."
)
class PipelineValue:
    status: Status | None = strawberry.field(description="Their status, if told apart by it.")
    category: ForecastCategory | None = strawberry.field(
        description="Their forecast category, if told apart by it; null too where none is given."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        description="Their seller, if told apart by it."
    )
    currency: str = strawberry.field(description="ISO 4217 code of the amounts.")
    count: int = strawberry.field(description="How many they are.")
    without_amount: int = strawberry.field(
        description="How many of these have no amount: they add nothing to the sums."
    )
    sum_p: float = strawberry.field(
        description="The sum of their win probabilities: how many of them to expect as won."
    )
    amount: Decimal = strawberry.field(description="The sum of their amounts.")
    expected: Decimal = strawberry.field(
        description="The sum of their amounts times their win probabilities."
    )


def pipeline_value(of: Sum) -> PipelineValue:
    """Return a sum for the schema."""
    return PipelineValue(
        status=of.status,
        category=of.category,
        owner_id=node_id(NodeType.PERSON, of.owner) if of.owner else None,
        currency=of.currency,
        count=of.count,
        without_amount=of.without_amount,
        sum_p=float(of.sum_p),
        amount=of.amount,
        expected=round(of.expected, 2),
    )
