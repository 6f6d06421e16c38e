"""Given events, when a command, then events: how the specifications of the domain are written."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self, TypeVar
from uuid import UUID, uuid5

import pytest
from msgspec.structs import replace

from opps.domain.errors import Refusal
from opps.domain.events import (
    AnyOpportunityEvent,
    Event,
    FactLearned,
    LossKind,
    OpportunityLost,
    OpportunityOpened,
    OpportunityWon,
    QuestionRaised,
    SalesProcessPublished,
    Supersedes,
)
from opps.domain.facts import Alternative, AnyFact, BusinessIssue, Evaluator, Funding
from opps.domain.facts.customer import IssueKind
from opps.domain.facts.decision import AlternativeKind, AlternativeStatus
from opps.domain.facts.evaluators import Role
from opps.domain.facts.purchase import FundingStatus
from opps.domain.money import Money
from opps.domain.opportunity.commands import AnyOpportunityCommand, FactStated
from opps.domain.opportunity.decide import decide
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Context, Metadata, Recorded, Via
from opps.domain.times import Learned

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=day) for day in range(1, 5))
JUST_NOW = Learned(latest=FRIDAY, defaulted=True)
MARCH_31 = date(2026, 3, 31)
APRIL_30 = date(2026, 4, 30)

DEAL = UUID("00000000-0000-4000-8000-00000000dea1")


def named(name: str) -> UUID:
    """Return the id that a test calls by a name."""
    return uuid5(DEAL, name)


ACCOUNT, OTHER_DEAL, COMMAND = named("account"), named("other deal"), named("command")
SELLER, COLLEAGUE, MANAGER = named("seller"), named("colleague"), named("manager")
CFO, CTO, NOBODY = named("cfo"), named("cto"), named("nobody")
RIVAL, ISSUE, QUESTION = named("rival"), named("issue"), named("question")


def at(instant: datetime) -> Learned:
    """Return the learned time of an instant."""
    return Learned(latest=instant)


def euros(amount: int) -> Money:
    """Return an amount in the currency of the deal."""
    return Money(Decimal(amount), "EUR")


def said_by(evaluator: UUID | None, **more: Any) -> Provenance:
    """Return the provenance of what an evaluator told the seller in a call."""
    given_ = {"source": SourceKind.BUYER_SAID, "channel": Channel.CALL, "learned_by": SELLER}
    return Provenance(**{**given_, "told_by": evaluator, **more})


OBSERVED = Provenance(
    source=SourceKind.SELLER_OBSERVATION, channel=Channel.OBSERVED, learned_by=SELLER
)

opened = OpportunityOpened(
    learned=at(MONDAY), account_id=ACCOUNT, title="Line 3 widgets", currency="EUR", owner=SELLER
)
won = OpportunityWon(learned=at(THURSDAY))
lost = OpportunityLost(learned=at(THURSDAY), loss_kind=LossKind.UNSPECIFIED)

the_cfo = Evaluator(evaluator_id=CFO, title="CFO", roles=(Role.ECONOMIC,))
the_cto = Evaluator(evaluator_id=CTO, title="CTO", roles=(Role.TECHNICAL,))
the_rival = Alternative(
    alternative_id=RIVAL,
    alternative_kind=AlternativeKind.COMPETITOR,
    name="Nordwind",
    status=AlternativeStatus.CONSIDERED,
)
the_issue = BusinessIssue(
    issue_id=ISSUE, text="Scrap eats the margin", issue_kind=IssueKind.PROBLEM, severity=3
)


def budget(amount: int, status: FundingStatus = FundingStatus.APPROVED) -> Funding:
    """Return what is said of the money for the deal."""
    return Funding(status=status, amount=euros(amount))


def learned(
    fact: AnyFact,
    name: str = "fact",
    *,
    on: datetime = TUESDAY,
    source: Provenance = OBSERVED,
    replaces: Supersedes | None = None,
) -> FactLearned:
    """Return that a fact was learned; its id is made from the name."""
    return FactLearned(
        learned=at(on), fact_id=named(name), fact=fact, provenance=source, supersedes=replaces
    )


cfo_known = learned(the_cfo, "cfo fact", on=MONDAY)
cto_known = learned(the_cto, "cto fact", on=MONDAY)
rival_known = learned(the_rival, "rival fact", on=MONDAY)


def raised(facet: Any, name: str = "question") -> QuestionRaised:
    """Return that a question was raised; its id is made from the name."""
    return QuestionRaised(
        learned=at(TUESDAY), question_id=named(name), facet=facet, text="Who knows?"
    )


def stated(fact: AnyFact, source: Provenance = OBSERVED, **more: Any) -> FactStated:
    """Return a fact as a command states it."""
    return FactStated(fact=fact, provenance=source, **more)


def recorded(events: Sequence[Event], begin: datetime = MONDAY) -> list[Recorded[Event]]:
    """Return events as the deal's stream holds them: one a minute, but none before its time."""
    return [
        Recorded(
            event=event,
            stream=DEAL,
            position=index + 1,
            version=index,
            recorded_at=_recorded_at(event, begin + timedelta(minutes=index)),
            event_id=uuid5(DEAL, f"event {index}"),
            command_id=uuid5(DEAL, f"command {index}"),
            metadata=Metadata(actor=Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL)),
        )
        for index, event in enumerate(events)
    ]


def _recorded_at(event: Event, earliest: datetime) -> datetime:
    latest = getattr(getattr(event, "learned", None), "latest", None)
    return earliest if latest is None else max(latest, earliest)


E = TypeVar("E", bound=Event)


class Then:
    """What a command led to."""

    def __init__(self, past: tuple[Event, ...], events: Sequence[Event] | Refusal) -> None:
        self._past = past
        self._answer = events

    def then(self, *expected: Event) -> Self:
        """Expect exactly these events."""
        assert list(self.events) == list(expected)
        return self

    def then_nothing(self) -> None:
        """Expect that nothing changes."""
        assert list(self.events) == []

    def then_refused(self, refusal: type[Refusal], **data: Any) -> None:
        """Expect a refusal with this data."""
        assert isinstance(self._answer, refusal), f"not refused as {refusal}: {self._answer}"
        assert {name: getattr(self._answer, name) for name in data} == data

    def then_one(self, kind: type[E]) -> E:
        """Expect one event of a kind and return it."""
        (event,) = self.events
        assert isinstance(event, kind)
        return event

    @property
    def events(self) -> Sequence[Event]:
        """The events; a refusal fails the test with its own words."""
        if isinstance(self._answer, Refusal):
            pytest.fail(f"refused: {self._answer}")
        return self._answer

    @property
    def state(self) -> Opportunity:
        """The opportunity afterwards."""
        return given(*self._past, *self.events).state


class Given:
    """What has happened so far."""

    def __init__(self, past: tuple[Event, ...]) -> None:
        self._past = past

    def when(
        self,
        command: AnyOpportunityCommand,
        *,
        by: UUID = SELLER,
        on_behalf_of: UUID | None = None,
        now: datetime = FRIDAY,
        via: Via = Via.GRAPHQL,
        published: SalesProcessPublished | None = None,
    ) -> Then:
        """Decide a command, asked on Friday by the seller unless said otherwise."""
        actor = Actor(principal=by, role="SELLER", on_behalf_of=on_behalf_of, via=via)
        context = Context(now=now, actor=actor, command_id=COMMAND, published=published)
        try:
            events: Sequence[AnyOpportunityEvent] = decide(self.state_or_none, command, context)
        except Refusal as refusal:
            return Then(self._past, refusal)
        return Then(self._past, events)

    @property
    def state_or_none(self) -> Opportunity | None:
        """The opportunity, or None before it was opened."""
        return fold(recorded(self._past))

    @property
    def state(self) -> Opportunity:
        """The opportunity."""
        state = self.state_or_none
        assert state is not None
        return state


def given(*past: Event) -> Given:
    """Begin with what has happened."""
    return Given(past)


def changed(event: E, **fields: Any) -> E:
    """Return the event with other values in some fields."""
    return replace(event, **fields)
