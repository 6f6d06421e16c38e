"""A synthetic log: deals of twenty events each, most of them activity, some of them knowledge."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from opps.domain.catalogue import Facet
from opps.domain.events import (
    AmountEstimated,
    BuyerResponded,
    CustomerKind,
    FactLearned,
    LossKind,
    OpportunityEvent,
    OpportunityLost,
    OpportunityOpened,
    ProposalSent,
    QuestionRaised,
    SellerActed,
    StageSet,
)
from opps.domain.facts import AnyFact, BusinessIssue, Evaluator, Funding, Leaning
from opps.domain.facts.customer import IssueKind
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.facts.purchase import FundingStatus
from opps.domain.money import Money
from opps.domain.provenance import Channel, Provenance, SourceKind
from opps.domain.recorded import Actor, Metadata, Via
from opps.domain.times import Learned
from opps.eventstore import Append, Appended, Log, NewEvent
from opps.recording import codec

EVENTS_A_DEAL = 20
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
_IN_FLIGHT = 500


def deal_events(deal: UUID, number: int) -> Iterator[OpportunityEvent]:
    """Yield the twenty events of a deal."""
    learned = Learned(latest=BEGIN + timedelta(minutes=number))
    evaluator, seller = uuid5(deal, "evaluator"), uuid5(deal, "seller")
    amount = Money(Decimal(1_000 + number), "EUR")
    yield OpportunityOpened(
        learned=learned,
        account_id=uuid5(deal, "account"),
        title=f"Application {number}",
        currency="EUR",
        owner=seller,
        customer_kind=CustomerKind.NEW,
    )
    yield AmountEstimated(learned=learned, amount=amount)
    for index, fact in enumerate(_facts(deal, evaluator, amount)):
        yield FactLearned(
            learned=learned,
            fact_id=uuid5(deal, f"fact {index}"),
            fact=fact,
            provenance=Provenance(
                source=SourceKind.BUYER_SAID,
                channel=Channel.CALL,
                told_by=evaluator if index else None,
                learned_by=seller,
            ),
        )
    for index in range(5):
        yield StageSet(learned=learned, stage=f"Stage {index}")
        yield SellerActed(learned=learned, activity="Call", channel=Channel.CALL)
    yield QuestionRaised(
        learned=learned,
        question_id=uuid5(deal, "question"),
        facet=Facet.DECISION_DATE,
        text="By when do they decide?",
    )
    yield ProposalSent(learned=learned, proposal="A", amount=amount)
    yield BuyerResponded(learned=learned, response="They read it", channel=Channel.EMAIL)
    yield OpportunityLost(learned=learned, loss_kind=LossKind.UNSPECIFIED)


def _facts(deal: UUID, evaluator: UUID, amount: Money) -> Iterator[AnyFact]:
    yield Evaluator(evaluator_id=evaluator, title="CFO", roles=(Role.ECONOMIC,))
    yield Funding(status=FundingStatus.APPROVED, amount=amount)
    yield Leaning(evaluator_id=evaluator, level=LeaningLevel.SUPPORTER)
    yield BusinessIssue(
        issue_id=uuid5(deal, "issue"),
        text="Orders are keyed in twice",
        issue_kind=IssueKind.PROBLEM,
        severity=3,
    )


def fill(log: Log, tenant: UUID, events: int) -> int:
    """Append deals until there are so many events; return how many there are."""
    waiting: list[Future[Appended]] = []
    for number in range(events // EVENTS_A_DEAL):
        waiting.append(log.submit(deal_append(tenant, uuid5(tenant, f"deal {number}"), number)))
        if len(waiting) >= _IN_FLIGHT:
            for future in waiting:
                future.result()
            waiting.clear()
    for future in waiting:
        future.result()
    return events // EVENTS_A_DEAL * EVENTS_A_DEAL


def deal_append(tenant: UUID, deal: UUID, number: int) -> Append:
    """Return the append of a whole deal."""
    actor = Actor(principal=uuid5(deal, "seller"), role="SELLER", via=Via.IMPORT)
    metadata = codec.encode_metadata(Metadata(actor=actor))
    return Append(
        tenant=tenant,
        command_id=uuid5(deal, "command"),
        expected={deal: -1},
        events=tuple(
            NewEvent(
                stream=deal,
                event_id=uuid5(deal, f"event {index}"),
                tag=codec.tag_of(event),
                schema=event.schema,
                payload=codec.encode(event),
                metadata=metadata,
            )
            for index, event in enumerate(deal_events(deal, number))
        ),
    )
