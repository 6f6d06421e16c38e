"""What an opportunity is at one place in its history."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID, uuid5

from msgspec import Struct

from opps.domain.account_map.state import NO_MAP, AccountMap
from opps.domain.beliefs import (
    NO_HISTORIES,
    NOTHING,
    NOW,
    Belief,
    Histories,
    Standing,
    View,
    stand,
)
from opps.domain.catalogue import Facet
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.events import (
    CommitBasis,
    CustomerKind,
    ForecastCategory,
    LossKind,
    NoDecisionReason,
    TeamFunction,
)
from opps.domain.facts import Alternative
from opps.domain.facts.decision import AlternativeKind, AlternativeStatus
from opps.domain.knowledge import Known
from opps.domain.money import Money
from opps.domain.setting import DAY_ONE, Setting
from opps.domain.size import AMOUNT_SIZE

K = TypeVar("K")
V = TypeVar("V")

# Each look at an opportunity asks for these ids, and each is a hash.
_REMEMBERED = 20_000
EMPTY: Mapping[Any, Any] = MappingProxyType({})

CUSTOMER_KIND = "customer_kind"
ORIGIN = "origin"
# What opps itself tells of an opportunity: no other context has these names.
RESERVED = frozenset({CUSTOMER_KIND, ORIGIN, AMOUNT_SIZE})


class Status(StrEnum):
    """Whether an opportunity is open, and how it ended if it is not.

    WITHDRAWN: it never was one of ours, for the import that opened it was reverted.
    """

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"
    NO_DECISION = "NO_DECISION"
    DISQUALIFIED = "DISQUALIFIED"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"


class QuestionStatus(StrEnum):
    """Where a question stands: not asked, asked without an answer, answered, or dropped."""

    RAISED = "RAISED"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    DROPPED = "DROPPED"


class Question(Struct, frozen=True, kw_only=True):
    """Something that we know we do not know."""

    question_id: UUID
    facet: Facet
    text: str
    status: QuestionStatus
    raised_at: datetime
    position: int
    subject_id: UUID | None = None
    why: str | None = None
    whom_to_ask: UUID | None = None
    due: date | None = None
    asked_of: UUID | None = None
    asked_at: datetime | None = None
    closed_at: datetime | None = None
    fact_ids: tuple[UUID, ...] = ()
    answer: str | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.status in (QuestionStatus.RAISED, QuestionStatus.ASKED)


class Opportunity(Struct, frozen=True, gc=False, kw_only=True):
    """One potential decision of one customer, with all that is believed about it."""

    opportunity_id: UUID
    account_id: UUID
    title: str
    currency: str
    owner: UUID
    opened_at: datetime
    recorded_at: datetime
    version: int
    position: int
    customer_kind: CustomerKind | None = None
    origin: str | None = None
    context: Mapping[str, str] = EMPTY
    status: Status = Status.OPEN
    closed_at: datetime | None = None
    loss_kind: LossKind | None = None
    lost_to: UUID | None = None
    no_decision: NoDecisionReason | None = None
    merged_into: UUID | None = None
    amount: Money | None = None
    commit_date: date | None = None
    commit_basis: CommitBasis | None = None
    pushes: int = 0
    longest_push_days: int = 0
    stage: str | None = None
    stage_default: float | None = None
    category: ForecastCategory | None = None
    seller_estimate: float | None = None
    seller_estimated_at: datetime | None = None
    seller_rationale: str | None = None
    team: Mapping[UUID, TeamFunction] = EMPTY
    histories: Histories = NO_HISTORIES
    fact_keys: Mapping[UUID, str] = EMPTY
    things: frozenset[tuple[str, UUID]] = frozenset()
    questions: Mapping[UUID, Question] = EMPTY
    not_applicable: frozenset[Facet] = frozenset()
    conduct: Conduct = NO_CONDUCT
    put_aside: Mapping[str, date] = EMPTY
    judged: Mapping[str, bool] = EMPTY
    map: AccountMap = NO_MAP
    setting: Setting = DAY_ONE
    frozen: Known | None = None

    @property
    def standings(self) -> Mapping[str, Standing]:
        """What stands now under each key."""
        return self.histories.standings

    @property
    def clock(self) -> datetime | None:
        """The last tick of the clock that it has seen."""
        return self.setting.clock

    @property
    def proposal_sent_at(self) -> datetime | None:
        """When we last proposed."""
        return self.conduct.proposal_sent_at

    @property
    def buyer_responded_at(self) -> datetime | None:
        """When the buyer last answered us."""
        return self.conduct.responded_at

    @property
    def open(self) -> bool:
        """Whether the customer may still decide."""
        return self.status is Status.OPEN

    @property
    def told_at_opening(self) -> Mapping[str, str]:
        """The context by its names, customer kind and origin among it."""
        if self.customer_kind is None and self.origin is None:
            return self.context
        told = {CUSTOMER_KIND: self.customer_kind, ORIGIN: self.origin}
        return {**self.context, **{name: str(value) for name, value in told.items() if value}}

    def belief(self, fact_id: UUID) -> Belief | None:
        """Return what is recorded about one fact."""
        history = self.histories.get(self.fact_keys.get(fact_id, ""))
        if history is None:
            return None
        return next(belief for belief in history.beliefs if belief.fact_id == fact_id)

    def standing(self, key: str) -> Standing:
        """Return what stands now for one key."""
        return self.standings.get(key, NOTHING)

    def stands(self, fact_id: UUID) -> bool:
        """Tell whether a fact is among those that stand now."""
        standing = self.standing(self.fact_keys.get(fact_id, ""))
        return any(belief.fact_id == fact_id for belief in standing.beliefs)


@lru_cache(_REMEMBERED)
def us(opportunity_id: UUID) -> UUID:
    """Return the alternative that is ours."""
    return uuid5(opportunity_id, "US")


@lru_cache(_REMEMBERED)
def do_nothing(opportunity_id: UUID) -> UUID:
    """Return the alternative of doing nothing."""
    return uuid5(opportunity_id, "DO_NOTHING")


def given_alternatives(opportunity_id: UUID) -> tuple[Alternative, Alternative]:
    """Return the two alternatives that exist from the start: us, and doing nothing."""
    return (
        Alternative(
            alternative_id=us(opportunity_id),
            alternative_kind=AlternativeKind.US,
            name="Us",
            status=AlternativeStatus.CONSIDERED,
        ),
        Alternative(
            alternative_id=do_nothing(opportunity_id),
            alternative_kind=AlternativeKind.DO_NOTHING,
            name="Do nothing",
            status=AlternativeStatus.CONSIDERED,
        ),
    )


def known(state: Opportunity) -> Known:
    """Return what the score looks at now; closing froze it."""
    return state.frozen or _known(state, state.standings, state.clock)


def known_at(state: Opportunity, view: View, clock: datetime | None) -> Known:
    """Return what the score would look at in a view; `clock` decides the freshness."""
    standings = {key: stand(history, view) for key, history in state.histories.items()}
    return _known(state, standings, clock, view)


def _known(
    state: Opportunity,
    standings: Mapping[str, Standing],
    clock: datetime | None,
    view: View = NOW,
) -> Known:
    return Known(
        us=us(state.opportunity_id),
        do_nothing=do_nothing(state.opportunity_id),
        standings=standings,
        asked_about=frozenset(
            one.facet
            for one in state.questions.values()
            if one.status is not QuestionStatus.DROPPED
        ),
        not_applicable=state.not_applicable,
        amount=state.amount,
        clock=clock,
        view=view,
        model=state.setting.model,
        context=state.told_at_opening,
        unanswered=_unanswered(state.questions.values()),
        conduct=state.conduct,
    )


def _unanswered(questions: Iterable[Question]) -> Mapping[Facet, datetime]:
    """Return the facets that the buyer was asked about without an answer, since when."""
    since: dict[Facet, datetime] = {}
    for one in questions:
        if one.status is QuestionStatus.ASKED and one.asked_at is not None:
            since[one.facet] = min(one.asked_at, since.get(one.facet, one.asked_at))
    return since


def put(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """Return a mapping with one more entry."""
    return {**mapping, key: value}


def drop(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    """Return a mapping without one of its entries."""
    return {kept: value for kept, value in mapping.items() if kept != key}
