"""An exception in the schema: what deviates, what is done about it, and why it is urgent."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Optional
from uuid import UUID

import strawberry

from opps.api.context import Info
from opps.api.derive import enum_of
from opps.api.facts import FactType, facts_of
from opps.api.ids import NodeType
from opps.api.opportunity import Opportunity, opportunity_of
from opps.api.outputs import output_of
from opps.api.parties import node_id
from opps.api.reading import Key
from opps.api.scalars import Position
from opps.domain.events import ExceptionCause
from opps.domain.exceptions.inbox import Urgency, in_words
from opps.domain.exceptions.lifecycle import ExceptionStatus, ManagedException
from opps.domain.money import Money
from opps.domain.telling.forms import money
from opps.projections.exceptions import ExceptionRow, row
from opps.projections.inbox import InInbox

for _enum in (ExceptionCause, ExceptionStatus):
    enum_of(_enum)

_Money: Any = Optional[output_of(Money)]  # noqa: UP045 - a derived type


@strawberry.type(
    name="Urgency",
    description="Why an exception stands where it stands: value at stake, times the width of the "
    "interval, times the time left.",
)
class UrgencyType:
    value: float = strawberry.field(
        description="The amount as a multiple of the median of the open opportunities of its "
        "currency; 1 where there is none."
    )
    width: float = strawberry.field(description="Width of the 80 % interval, 0 to 1.")
    time_left: float = strawberry.field(
        description="What is left of a quarter until the commit date, 0 to 1; 0.5 without one."
    )
    score: float = strawberry.field(description="The product of the three: the inbox's order.")
    in_words: str = strawberry.field(description="The same in words.")


@strawberry.type(
    name="Exception",
    description="A deviation of an opportunity that calls for time or resources.",
)
class ExceptionType:
    row: strawberry.Private[ExceptionRow]
    in_inbox: strawberry.Private[InInbox | None] = None

    @strawberry.field(description="Its id.")
    def exception_id(self) -> UUID:
        return self.row.exception_id

    @strawberry.field(description="The opportunity that deviates, as it stands now.")
    async def opportunity(self, info: Info) -> Opportunity | None:
        picture = await info.context.reading.pictures.load(Key(self.row.opportunity_id))
        return None if picture is None else opportunity_of(picture.state)

    @strawberry.field(description="The opportunity that deviates.")
    def opportunity_id(self) -> strawberry.ID:
        return node_id(NodeType.OPPORTUNITY, self.row.opportunity_id)

    @strawberry.field(description="Why it was raised.")
    def cause(self) -> ExceptionCause:
        return self.row.cause

    @strawberry.field(description="The danger zone, dimension or gate; null where there is none.")
    def about(self) -> str | None:
        return self.row.about

    @strawberry.field(description="What deviates from what, in a sentence.")
    def summary(self) -> str:
        return self.row.summary

    @strawberry.field(description="The facts that it rests on, as they stand now.")
    async def facts(self, info: Info) -> list[FactType]:
        if not self.row.facts:
            return []
        picture = await info.context.reading.pictures.load(Key(self.row.opportunity_id))
        wanted = set(self.row.facts)
        held = [] if picture is None else picture.facts()
        return facts_of([one for one in held if one.belief.fact_id in wanted])

    @strawberry.field(description="The exception that had been closed before this came back.")
    def again(self) -> UUID | None:
        return self.row.again

    @strawberry.field(description="How far it has come.")
    def status(self) -> ExceptionStatus:
        return self.row.status

    @strawberry.field(description="Somebody still has to do something about it.")
    def open(self) -> bool:
        return self.row.open

    @strawberry.field(description="When it was raised.")
    def raised_at(self) -> datetime:
        return self.row.raised_at

    @strawberry.field(description="Who raised it; opps itself where a rule did.")
    def raised_by(self) -> strawberry.ID:
        return node_id(NodeType.PERSON, self.row.raised_by)

    @strawberry.field(description="What will be done; null before somebody took it on.")
    def plan(self) -> str | None:
        return self.row.plan

    @strawberry.field(description="Who took it on.")
    def acknowledged_by(self) -> strawberry.ID | None:
        by = self.row.acknowledged_by
        return None if by is None else node_id(NodeType.PERSON, by)

    @strawberry.field(description="Who was given to it.")
    def people(self) -> list[strawberry.ID]:
        return [node_id(NodeType.PERSON, one) for one in self.row.people]

    @strawberry.field(description="How many working hours it was given.")
    def hours(self) -> float:
        return self.row.hours

    @strawberry.field(description="How much money it was given.", graphql_type=_Money)
    def money(self) -> Any:
        held = self.row
        if held.money is None or held.money_currency is None:
            return None
        return Money(held.money, held.money_currency)

    @strawberry.field(description="How it was resolved, or why it was accepted or dismissed.")
    def conclusion(self) -> str | None:
        return self.row.conclusion

    @strawberry.field(description="When it ended.")
    def closed_at(self) -> datetime | None:
        return self.row.closed_at

    @strawberry.field(description="Who ended it.")
    def closed_by(self) -> strawberry.ID | None:
        by = self.row.closed_by
        return None if by is None else node_id(NodeType.PERSON, by)

    @strawberry.field(description="How often it has changed, from 0 on.")
    def version(self) -> int:
        return self.row.version

    @strawberry.field(description="Place in the log of its last change.")
    def position(self) -> Position:
        return Position(self.row.position)

    @strawberry.field(description="How much it deserves time now, and why; null outside the inbox.")
    def urgency(self) -> UrgencyType | None:
        return None if self.in_inbox is None else _urgency(self.in_inbox)


def exception_of(state: ManagedException) -> ExceptionType:
    """Return an exception for the schema, from its state."""
    return ExceptionType(row=row(state))


def _urgency(held: InInbox) -> UrgencyType:
    parts: Urgency = held.urgency
    return UrgencyType(
        value=parts.value,
        width=parts.width,
        time_left=parts.time,
        score=parts.score,
        in_words=in_words(
            parts,
            _told(held.amount, held.currency),
            held.commit_date,
            _told(held.usual_amount, held.currency),
        ),
    )


def _told(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else money(Money(amount, currency))
