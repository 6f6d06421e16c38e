"""The draft of a proposal: what the customer told us of the matter, known well, and nothing else.

Nothing in it is about what a person thinks, wants or is worth to us, whoever said so. What is
known less well than EVIDENCED is not said to a customer. Both are counted, never shown.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from opps.domain.beliefs import NOW, Belief, Standing, Verdict
from opps.domain.briefs.statements import (
    LeftOut,
    LeftOutCount,
    Proposal,
    ProposalDetail,
    ProposalLine,
    ProposalSource,
)
from opps.domain.briefs.told import Teller
from opps.domain.catalogue import Objective
from opps.domain.facet_state import KNOWN_WELL, FacetState
from opps.domain.facts import (
    BusinessIssue,
    Criterion,
    CriterionWeight,
    DecisionDate,
    DecisionStep,
    Evaluator,
    Fact,
    Fit,
    Impact,
    Need,
    Preference,
)
from opps.domain.facts.customer import ImpactMethod
from opps.domain.facts.decision import StepStatus
from opps.domain.facts.purchase import DateBasis, FitLevel, Proof
from opps.domain.opportunity.state import Opportunity
from opps.domain.provenance import Provenance
from opps.domain.telling.forms import day, money, percent, plain, when
from opps.domain.times import Learned

F = TypeVar("F", bound=Fact)

MOST_SOURCES = 10
SHOWN: tuple[type[Fact], ...] = (
    BusinessIssue,
    Impact,
    Need,
    Fit,
    Criterion,
    CriterionWeight,
    DecisionStep,
    DecisionDate,
)


def proposal(state: Opportunity) -> Proposal:
    """Return the draft of a proposal from what is known now, or through the state's lens."""
    chosen = _Chosen(state)
    needs = [chosen.need(fact, said) for fact, said in chosen.of(Need)]
    criteria = [chosen.criterion(fact, said) for fact, said in chosen.of(Criterion)]
    steps = [
        *(ProposalLine(text=_step(fact), sources=said) for fact, said in chosen.of(DecisionStep)),
        *(
            ProposalLine(text=f"Decision by {day(fact.on_date)}", sources=said)
            for fact, said in chosen.of(DecisionDate)
        ),
    ]
    return Proposal(
        opportunity_id=state.opportunity_id,
        title=state.title,
        issues=tuple(
            ProposalLine(text=_issue(fact), sources=said) for fact, said in chosen.of(BusinessIssue)
        ),
        impacts=tuple(
            ProposalLine(text=_impact(fact), sources=said) for fact, said in chosen.of(Impact)
        ),
        needs=tuple(needs),
        criteria=tuple(criteria),
        steps=tuple(steps),
        left_out=chosen.counted(),
    )


def left_out_because(fact: Fact, well: FacetState) -> LeftOut | None:
    """Return why a fact, known so well, is not for a proposal by itself; None where it is."""
    if not isinstance(fact, SHOWN):
        return _kept_back(fact)
    if well not in KNOWN_WELL:
        return _UNKNOWN.get(well, LeftOut.NOT_KNOWN_WELL)
    match fact:
        case BusinessIssue(denied=True) | Impact(rejected=True) | Need(rejected=True):
            return LeftOut.DENIED
        case DecisionStep(status=StepStatus.DROPPED):
            return LeftOut.DENIED
        case Impact(method=ImpactMethod.OUR_ESTIMATE) | DecisionDate(basis=DateBasis.OUR_GUESS):
            return LeftOut.OUR_OWN
        case _:
            return None


_UNKNOWN = {
    FacetState.CONTRADICTED: LeftOut.CONTRADICTED,
    FacetState.STALE: LeftOut.GROWN_OLD,
}


def _kept_back(fact: Fact) -> LeftOut:
    of_people = fact.objective is Objective.EVALUATORS
    if of_people or isinstance(fact, Preference) or getattr(fact, "evaluator_id", None):
        return LeftOut.ABOUT_PEOPLE
    return LeftOut.NOT_FOR_CUSTOMERS


class _Chosen:
    """What is said of one opportunity, and what is not: each key is looked at once."""

    def __init__(self, state: Opportunity) -> None:
        self._teller = Teller(state)
        self._titles: dict[UUID, str] = {}
        self._facts: dict[type[Fact], list[tuple[Any, Standing]]] = {}
        self._count: Counter[LeftOut] = Counter()
        for standing in state.standings.values():
            if standing.beliefs:
                self._look_at(standing)
        self._issues = {fact.issue_id: fact for fact, _ in self._facts.get(BusinessIssue, ())}
        self._fits = self._about(Fit, "need_id", Need)
        self._weights = self._about(CriterionWeight, "criterion_id", Criterion)

    def of(self, kind: type[F]) -> Iterator[tuple[F, tuple[ProposalSource, ...]]]:
        """Yield the facts of a kind that are said, with their sources."""
        for fact, standing in self._facts.get(kind, ()):
            yield fact, self._sources(standing)

    def need(self, fact: Need, sources: tuple[ProposalSource, ...]) -> ProposalLine:
        """Return what is said of a need: the issue only where that is said too."""
        issue = self._issues.get(fact.issue_id)
        because = "" if issue is None else f", because of: {issue.text}"
        details = self._details(self._fits, fact.need_id, _fit)
        text = f"{fact.text} ({plain(fact.criticality)}){because}"
        return ProposalLine(text=text, sources=sources, details=details)

    def criterion(self, fact: Criterion, sources: tuple[ProposalSource, ...]) -> ProposalLine:
        """Return what is said of a criterion, with its weight."""
        must = " (mandatory)" if fact.mandatory else ""
        details = self._details(self._weights, fact.criterion_id, _weight)
        return ProposalLine(text=f"{fact.text}{must}", sources=sources, details=details)

    def counted(self) -> tuple[LeftOutCount, ...]:
        """Return how many facts are left out for each reason."""
        return tuple(
            LeftOutCount(reason=one, count=self._count[one]) for one in LeftOut if self._count[one]
        )

    def _look_at(self, standing: Standing) -> None:
        fact, well = standing.beliefs[0].fact, self._teller.well(standing)
        if isinstance(fact, Evaluator) and well in KNOWN_WELL:
            self._titles[fact.evaluator_id] = fact.title
        why = left_out_because(fact, well)
        if why is None:
            self._facts.setdefault(type(fact), []).append((fact, standing))
        else:
            contested = standing.verdict is Verdict.CONTRADICTED
            self._count[why] += len(standing.beliefs) if contested else 1

    def _about(
        self, kind: type[Fact], field: str, subject: type[Fact]
    ) -> dict[UUID, tuple[Any, Standing]]:
        """Return the facts of a kind by what they are about, where that is said."""
        there = {getattr(fact, field) for fact, _ in self._facts.get(subject, ())}
        told = {getattr(one[0], field): one for one in self._facts.get(kind, ())}
        alone = told.keys() - there
        self._count[LeftOut.WITHOUT_ITS_SUBJECT] += len(alone)
        return {about: one for about, one in told.items() if about not in alone}

    def _details(
        self,
        told: dict[UUID, tuple[Any, Standing]],
        about: UUID,
        words: Callable[[Any], str],
    ) -> tuple[ProposalDetail, ...]:
        found = told.get(about)
        if found is None:
            return ()
        return (ProposalDetail(text=words(found[0]), sources=self._sources(found[1])),)

    def _sources(self, standing: Standing) -> tuple[ProposalSource, ...]:
        first = standing.beliefs[0]
        return tuple(
            self._source(belief.fact_id, provenance, learned, recorded_at)
            for belief in standing.beliefs
            if belief.fact == first.fact
            for provenance, learned, recorded_at in _said(belief)
        )[:MOST_SOURCES]

    def _source(
        self, fact_id: UUID, provenance: Provenance, learned: Learned, recorded_at: datetime
    ) -> ProposalSource:
        by = provenance.told_by
        return ProposalSource(
            fact_id=fact_id,
            told_by=by,
            title=None if by is None else self._titles.get(by),
            source_kind=provenance.source,
            channel=provenance.channel,
            learned_at=learned.effective(recorded_at),
            learned_when=when(learned, recorded_at),
        )


def _said(belief: Belief) -> Iterator[tuple[Provenance, Learned, datetime]]:
    """Yield who said a fact, and who said the same by themselves."""
    yield belief.provenance, belief.learned_for(NOW), belief.recorded_at
    for note in belief.corroborated:
        if note.provenance is not None and note.independent:
            yield note.provenance, note.learned, note.recorded_at


def _issue(fact: BusinessIssue) -> str:
    follows = f": {fact.consequence}" if fact.consequence else ""
    return f"{fact.text} ({plain(fact.issue_kind)}){follows}"


def _impact(fact: Impact) -> str:
    unit = f" {fact.unit}" if fact.unit else ""
    today = "" if fact.baseline is None else f", today {fact.baseline:g}{unit}"
    wanted = "" if fact.target is None else f", wanted {fact.target:g}{unit}"
    by = "" if fact.by_date is None else f" by {day(fact.by_date)}"
    worth = "" if fact.value_per_year is None else f", worth {money(fact.value_per_year)} a year"
    return f"{fact.metric}{today}{wanted}{by}{worth}"


def _fit(fact: Fit) -> str:
    shown = "" if fact.proof in (Proof.NONE, Proof.CLAIM) else f", shown by {plain(fact.proof)}"
    plan = "" if fact.gap_plan is None else f": {fact.gap_plan}"
    return f"{_FIT[fact.level]}{shown}{plan}"


_FIT = {
    FitLevel.MEETS: "We meet it",
    FitLevel.PARTIAL: "We meet it in part",
    FitLevel.GAP: "We do not meet it yet",
}


def _weight(fact: CriterionWeight) -> str:
    return f"Weighs {percent(fact.weight)} %"


def _step(fact: DecisionStep) -> str:
    on = "" if fact.planned_on is None else f", {day(fact.planned_on)}"
    status = "" if fact.status is None else f", {plain(fact.status)}"
    return f"{fact.name}{on}{status}"
