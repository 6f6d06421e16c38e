"""Generated deals: any facts, said by anybody, at any time, for the promises of the score."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.beliefs import Belief
from opps.domain.catalogue import Facet
from opps.domain.conduct import NO_CONDUCT, Conduct
from opps.domain.facts import CompellingEvent, Fact, NextStep
from opps.domain.facts.customer import OurEffect
from opps.domain.facts.decision import AlternativeKind, Rule, StepStatus
from opps.domain.facts.evaluators import InfluenceLevel, LeaningLevel, Role, Stance
from opps.domain.facts.purchase import Criticality, FitLevel, FundingStatus, LeadTime
from opps.domain.knowledge import Known
from opps.domain.model import Model
from opps.domain.money import Money
from opps.domain.oks_1 import OKS_1
from opps.domain.provenance import SourceKind
from tests.domain.build import (
    CFO,
    CHURN,
    CTO,
    DO_NOTHING,
    HOSTING,
    JUNE_1,
    MONDAY,
    OTHER_PROJECT,
    OTHER_RIVAL,
    PRICE,
    RIVAL,
    SCRAP,
    SPEED,
    US,
    USER,
    a_criterion,
    a_need,
    a_step,
    agreed_by,
    an_alternative,
    an_evaluator,
    an_event,
    an_impact,
    an_issue,
    belief,
    decided_by,
    decides_on,
    euros,
    expects,
    fits,
    funded,
    known,
    leans,
    left,
    next_step,
    no_event,
    prefers,
    rated,
    weighed,
    weighs,
    would_change,
)
from tests.domain.hearing import AT_THE_BOARD
from tests.domain.models import attributes, conducts, contexts, models, unanswered

T = TypeVar("T")


def one_of(*values: T) -> st.SearchStrategy[T]:
    return st.sampled_from(values)


people = one_of(CFO, CTO, USER)
issues, needs, criteria = one_of(CHURN, SCRAP), one_of(HOSTING, SPEED), one_of(PRICE, SPEED)
courses = one_of(US, RIVAL, OTHER_RIVAL, DO_NOTHING, OTHER_PROJECT)
sources = st.sampled_from(list(SourceKind))
unsure = one_of(None, True, False)
money = one_of(None, *(euros(amount) for amount in (500, 1000, 2000, 3000, 9000)))
shares = st.integers(0, 10).map(lambda tenths: tenths / 10)
near_june = st.integers(-40, 40).map(lambda days: JUNE_1 + timedelta(days=days))

facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(
        an_issue,
        one_of(None, 1, 2, 3, 4),
        issue_id=issues,
        priority_rank=one_of(None, 1, 9),
        our_effect=one_of(None, *OurEffect),
        denied=st.booleans(),
    ),
    st.builds(
        an_impact,
        impact_id=issues,
        issue_id=st.none() | issues,
        value_per_year=money,
        rejected=st.booleans(),
    ),
    st.builds(an_evaluator, people, roles=one_of((), (Role.DECISION_MAKER,), (Role.USER,))),
    st.builds(weighs, people, st.sampled_from(InfluenceLevel)),
    st.builds(leans, people, st.sampled_from(LeaningLevel), behaviour=one_of(None, AT_THE_BOARD)),
    st.builds(would_change, people, st.sampled_from(Stance)),
    st.builds(left, people),
    st.builds(
        a_need,
        st.sampled_from(Criticality),
        need_id=needs,
        met_by_status_quo=unsure,
        rejected=st.booleans(),
    ),
    st.builds(fits, st.sampled_from(FitLevel), needs),
    st.builds(funded, st.sampled_from(FundingStatus), amount=money),
    st.builds(expects, one_of(euros(500), euros(900)), one_of(euros(1000), euros(1500))),
    st.builds(
        an_event,
        st.none() | near_june,
        event_id=issues,
        consequence=one_of(None, "A fine"),
        movable=unsure,
    ),
    st.just(no_event()),
    st.builds(decides_on, near_june, our_lead_time=one_of(None, *LeadTime)),
    st.builds(an_alternative, courses, st.sampled_from(AlternativeKind)),
    st.builds(prefers, people, st.none() | courses, strength=st.none() | shares, indecision=unsure),
    st.builds(a_criterion, criteria, mandatory=unsure),
    st.builds(weighed, shares, criteria),
    st.builds(rated, courses, st.integers(-2, 2), criteria, st.none() | people),
    st.builds(a_step, needs, status=one_of(None, *StepStatus)),
    st.builds(decided_by, st.sampled_from(Rule), favours_us=unsure),
    st.builds(next_step, near_june, buyer_committed=unsure),
    attributes,
)


class Deal(NamedTuple):
    """What was learned of one deal, what was asked and done, and the model that hears it."""

    beliefs: tuple[Belief, ...]
    questions: frozenset[Facet]
    amount: Money | None
    clock: datetime | None
    model: Model = OKS_1
    context: Mapping[str, str] = MappingProxyType({})
    unanswered: Mapping[Facet, datetime] = MappingProxyType({})
    conduct: Conduct = NO_CONDUCT

    def __repr__(self) -> str:
        """Show what tells this deal from others: few read 250 grades twice."""
        shown = self._asdict() | ({"model": "OKS_1"} if self.model == OKS_1 else {})
        return f"Deal({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def known(self) -> Known:
        return replace(
            known(*self.beliefs, questions=self.questions, amount=self.amount, clock=self.clock),
            model=self.model,
            context=self.context,
            unanswered=self.unanswered,
            conduct=self.conduct,
        )

    def unheeded(self) -> "Deal":
        """Return the deal as if nobody had done anything, and nobody waited for an answer."""
        return self._replace(unanswered={}, conduct=NO_CONDUCT)

    def with_fact(self, fact: Fact, **more: Any) -> "Deal":
        """Return the deal with one more fact, recorded last."""
        learned = belief(fact, position=len(self.beliefs) + 1, **more)
        return self._replace(beliefs=(*self.beliefs, learned))


moments = st.integers(0, 80).map(lambda days: MONDAY + timedelta(days=days))
clocks = st.none() | st.integers(0, 200).map(lambda days: MONDAY + timedelta(days=days))
questions = st.frozensets(st.sampled_from(Facet), max_size=4)


@st.composite
def deals(draw: st.DrawFn, largest: int = 14) -> Deal:
    told = draw(
        st.lists(st.tuples(facts, people, sources, moments, st.booleans()), max_size=largest)
    )
    beliefs = (
        belief(fact, by=person, source=source, learned=learned, position=position)
        for position, (fact, person, source, learned, _) in enumerate(told, start=1)
    )
    seconded = tuple(
        replace(one, corroborated=(agreed_by(USER, position=100 + one.position),))
        if agreed
        else one
        for one, (*_, agreed) in zip(beliefs, told, strict=True)
    )
    return Deal(seconded, draw(questions), draw(money), draw(clocks))


@st.composite
def modelled_deals(draw: st.DrawFn, largest: int = 14) -> Deal:
    """Return a deal under any model, with context, and with what both sides did."""
    return draw(deals(largest))._replace(
        model=draw(st.just(OKS_1) | models()),
        context=draw(contexts),
        unanswered=draw(unanswered),
        conduct=draw(conducts()),
    )


def waits_for_a_date(one: Belief) -> bool:
    """Tell whether the passing of a date says something by itself, beyond that a fact is old."""
    return isinstance(one.fact, CompellingEvent | NextStep)
