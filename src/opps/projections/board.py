"""The board: where each opportunity stands now, one row each."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from opps.domain.beliefs import Verdict
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
)
from opps.domain.opportunity.state import Opportunity, QuestionStatus, Status
from opps.projections.projection import Projection
from opps.projections.steps import OPPORTUNITY, Step
from opps.projections.table import Row, Table


class BoardRow(Row, frozen=True, kw_only=True):
    """Where an opportunity stands, as of `version` of its stream."""

    opportunity_id: UUID
    account_id: UUID
    title: str
    status: Status
    owner: UUID
    currency: str
    customer_kind: CustomerKind | None
    origin: str | None
    opened_at: datetime
    recorded_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    loss_kind: LossKind | None
    lost_to: UUID | None
    no_decision: NoDecisionReason | None
    merged_into: UUID | None
    amount: Decimal | None
    commit_date: date | None
    commit_basis: CommitBasis | None
    pushes: int
    stage: str | None
    stage_default: float | None
    category: ForecastCategory | None
    seller_estimate: float | None
    proposal_sent_at: datetime | None
    buyer_responded_at: datetime | None
    facts: int
    contradictions: int
    open_questions: int
    unanswered: int
    version: int
    position: int


def row(state: Opportunity, changed_at: datetime) -> BoardRow:
    """Return the row of an opportunity that last changed at an instant."""
    return BoardRow(
        opportunity_id=state.opportunity_id,
        account_id=state.account_id,
        title=state.title,
        status=state.status,
        owner=state.owner,
        currency=state.currency,
        customer_kind=state.customer_kind,
        origin=state.origin,
        opened_at=state.opened_at,
        recorded_at=state.recorded_at,
        changed_at=changed_at,
        closed_at=state.closed_at,
        loss_kind=state.loss_kind,
        lost_to=state.lost_to,
        no_decision=state.no_decision,
        merged_into=state.merged_into,
        amount=state.amount.amount if state.amount else None,
        commit_date=state.commit_date,
        commit_basis=state.commit_basis,
        pushes=state.pushes,
        stage=state.stage,
        stage_default=state.stage_default,
        category=state.category,
        seller_estimate=state.seller_estimate,
        proposal_sent_at=state.proposal_sent_at,
        buyer_responded_at=state.buyer_responded_at,
        facts=len(state.fact_keys),
        contradictions=sum(
            [standing.verdict is Verdict.CONTRADICTED for standing in state.standings.values()]
        ),
        open_questions=sum([question.open for question in state.questions.values()]),
        unanswered=sum(
            [question.status is QuestionStatus.ASKED for question in state.questions.values()]
        ),
        version=state.version,
        position=state.position,
    )


def _rows(step: Step) -> Iterator[BoardRow]:
    yield row(step.after, step.recorded.recorded_at)


TABLE = Table(
    name="board",
    row=BoardRow,
    key=("opportunity_id",),
    indexes=(
        "position",
        "title",
        "owner",
        "account_id",
        "status, position",
        "status, currency, amount",
    ),
)

BOARD = Projection(
    name="board", version=3, kind=OPPORTUNITY, tables=(TABLE,), rows=_rows, last_only=True
)
