"""Structural gaps: something that is known calls for something that nobody has looked for."""

from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from opps.domain.catalogue import Facet
from opps.domain.facts import (
    Alternative,
    BusinessIssue,
    Criterion,
    DecisionDate,
    DecisionStep,
    Evaluator,
    EvaluatorLeft,
    Fit,
    Impact,
    Leaning,
    Need,
    Preference,
)
from opps.domain.facts.decision import AlternativeKind, CriterionOrigin, StepKind, StepStatus
from opps.domain.facts.evaluators import LeaningLevel, Role
from opps.domain.facts.purchase import Criticality, DateBasis
from opps.domain.knowledge import Believed
from opps.domain.wording import quoted

# So many evaluators who lean somewhere, and nobody against us: somebody has not been met.
UNANIMOUS = 3

_RUN_BY = {
    StepKind.LEGAL: Role.LEGAL,
    StepKind.SECURITY: Role.SECURITY,
    StepKind.PROCUREMENT: Role.PROCUREMENT,
}
_AGREED = frozenset({StepKind.APPROVAL, StepKind.SIGNATURE})
_AGAINST = frozenset({LeaningLevel.OPPONENT, LeaningLevel.SCEPTIC})
_RIVALS = frozenset(
    {AlternativeKind.COMPETITOR, AlternativeKind.INCUMBENT, AlternativeKind.IN_HOUSE}
)


class Gap(StrEnum):
    """What is known without what it calls for."""

    STEP_WITHOUT_EVALUATOR = "STEP_WITHOUT_EVALUATOR"
    STEP_WITHOUT_OWNER = "STEP_WITHOUT_OWNER"
    APPROVAL_WITHOUT_DECISION_MAKER = "APPROVAL_WITHOUT_DECISION_MAKER"
    PREFERENCE_WITHOUT_DESCRIPTION = "PREFERENCE_WITHOUT_DESCRIPTION"
    NEED_WITHOUT_FIT = "NEED_WITHOUT_FIT"
    CRITERION_WITHOUT_OWNER = "CRITERION_WITHOUT_OWNER"
    RIVAL_CRITERION_WITHOUT_RIVAL = "RIVAL_CRITERION_WITHOUT_RIVAL"
    ISSUE_WITHOUT_CONSEQUENCE = "ISSUE_WITHOUT_CONSEQUENCE"
    IMPACT_WITHOUT_BASELINE = "IMPACT_WITHOUT_BASELINE"
    NOBODY_AGAINST_US = "NOBODY_AGAINST_US"
    LEFT_WITHOUT_SUCCESSOR = "LEFT_WITHOUT_SUCCESSOR"
    DATE_GUESSED = "DATE_GUESSED"


WORDS: dict[Gap, str] = {
    Gap.STEP_WITHOUT_EVALUATOR: "Who looks after {about} on your side?",
    Gap.STEP_WITHOUT_OWNER: "Who runs {about} on your side?",
    Gap.APPROVAL_WITHOUT_DECISION_MAKER: "Who has to agree at {about}?",
    Gap.PREFERENCE_WITHOUT_DESCRIPTION: "What speaks for {about}, for those who favour it?",
    Gap.NEED_WITHOUT_FIT: "What would you have to see to be sure that we can do {about}?",
    Gap.CRITERION_WITHOUT_OWNER: "To whom does {about} matter most?",
    Gap.RIVAL_CRITERION_WITHOUT_RIVAL: "Who first brought up {about}?",
    Gap.ISSUE_WITHOUT_CONSEQUENCE: "What happens in a year if nothing is done about {about}?",
    Gap.IMPACT_WITHOUT_BASELINE: "Where does {about} stand today?",
    Gap.NOBODY_AGAINST_US: "Who would rather see this fail, and why?",
    Gap.LEFT_WITHOUT_SUCCESSOR: "Who takes over from {about}?",
    Gap.DATE_GUESSED: "When will you decide, and what does that day depend on?",
}


class StructuralGap(Struct, frozen=True):
    """One gap: the facet that would close it, why it is suspected, and what it is about."""

    gap: Gap
    facet: Facet
    because: str
    about: str = ""
    subject_id: UUID | None = None

    @property
    def words(self) -> str:
        """In which words to ask."""
        return WORDS[self.gap].format(about=self.about)


def structural_gaps(believed: Believed) -> Iterator[StructuralGap]:
    """Yield what calls for something that is not there."""
    yield from _steps(believed)
    yield from _alternatives(believed)
    yield from _solution(believed)
    yield from _criteria(believed)
    yield from _reasons(believed)
    yield from _people(believed)


def _steps(believed: Believed) -> Iterator[StructuralGap]:
    steps = [
        one.fact for one in believed.of(DecisionStep) if one.fact.status is not StepStatus.DROPPED
    ]
    roles = _roles(believed)
    for step in steps:
        name = quoted(step.name)
        role = _RUN_BY.get(step.step_kind)
        if role is not None and role not in roles:
            because = f"the step {name} is there, and no evaluator for {role.lower()} is known"
            yield StructuralGap(
                Gap.STEP_WITHOUT_EVALUATOR, Facet.PAPER_PROCESS, because, name, step.step_id
            )
        if step.owner_id is None and step.status is not StepStatus.DONE:
            because = f"the step {name} has nobody who runs it"
            yield StructuralGap(
                Gap.STEP_WITHOUT_OWNER, Facet.STEP_OWNER, because, name, step.step_id
            )
    approvals = [step for step in steps if step.step_kind in _AGREED]
    if approvals and not roles & {Role.DECISION_MAKER, Role.APPROVER}:
        name = quoted(approvals[0].name)
        because = f"{name} has to be agreed, and nobody is known who decides"
        gap = Gap.APPROVAL_WITHOUT_DECISION_MAKER
        yield StructuralGap(gap, Facet.DECISION_MAKER, because, name)


def _alternatives(believed: Believed) -> Iterator[StructuralGap]:
    us, nothing = believed.known.us, believed.known.do_nothing
    stated = {one.fact.alternative_id: one.fact for one in believed.of(Alternative)}
    favoured = dict.fromkeys(
        one.fact.alternative_id
        for one in believed.of(Preference)
        if one.fact.alternative_id not in (None, us) and one.fact.evaluator_id not in believed.gone
    )
    for alternative_id in favoured:
        alternative = stated.get(alternative_id) if alternative_id else None
        if alternative_id == nothing and alternative is None:
            because = (
                "somebody would rather do nothing, and nobody has looked at what speaks for it"
            )
            yield StructuralGap(
                Gap.PREFERENCE_WITHOUT_DESCRIPTION,
                Facet.DO_NOTHING,
                because,
                "doing nothing",
                alternative_id,
            )
        elif alternative is None or not _described(alternative):
            name = quoted(alternative.name) if alternative else "an alternative"
            because = f"somebody favours {name}, and nobody has said what speaks for it"
            yield StructuralGap(
                Gap.PREFERENCE_WITHOUT_DESCRIPTION,
                Facet.ALTERNATIVE_STRATEGY,
                because,
                name,
                alternative_id,
            )


def _described(alternative: Alternative) -> bool:
    return any((alternative.strengths, alternative.weaknesses, alternative.their_strategy))


def _solution(believed: Believed) -> Iterator[StructuralGap]:
    fitted = {one.fact.need_id for one in believed.of(Fit)}
    fitted |= {facts[0].need_id for facts in believed.contested(Fit)}
    for need in believed.of(Need):
        must = need.fact.criticality is Criticality.MUST and not need.fact.rejected
        if must and need.fact.need_id not in fitted:
            text = quoted(need.fact.text)
            because = f"they must have {text}, and our fit is not known"
            yield StructuralGap(Gap.NEED_WITHOUT_FIT, Facet.FIT, because, text, need.fact.need_id)


def _criteria(believed: Believed) -> Iterator[StructuralGap]:
    kinds = {one.fact.alternative_kind for one in believed.of(Alternative)}
    for held in believed.of(Criterion):
        criterion, text = held.fact, quoted(held.fact.text)
        if not criterion.owner_ids:
            because = f"the criterion {text} has nobody who holds it"
            yield StructuralGap(
                Gap.CRITERION_WITHOUT_OWNER, Facet.CRITERION, because, text, criterion.criterion_id
            )
        if criterion.origin is CriterionOrigin.RIVAL and not kinds & _RIVALS:
            because = f"the criterion {text} was a rival's idea, and no rival is known"
            yield StructuralGap(
                Gap.RIVAL_CRITERION_WITHOUT_RIVAL,
                Facet.CONSIDERED_SET,
                because,
                text,
                criterion.criterion_id,
            )


def _reasons(believed: Believed) -> Iterator[StructuralGap]:
    for issue in believed.of(BusinessIssue):
        if issue.fact.consequence is None and not issue.fact.denied:
            text = quoted(issue.fact.text)
            because = f"nobody has said what happens if {text} stays"
            yield StructuralGap(
                Gap.ISSUE_WITHOUT_CONSEQUENCE,
                Facet.ISSUE_CONSEQUENCE,
                because,
                text,
                issue.fact.issue_id,
            )
    for impact in believed.of(Impact):
        if impact.fact.baseline is None and not impact.fact.rejected:
            metric = quoted(impact.fact.metric)
            because = f"{metric} is to get better than nobody knows what"
            yield StructuralGap(
                Gap.IMPACT_WITHOUT_BASELINE,
                Facet.IMPACT_BASELINE,
                because,
                metric,
                impact.fact.impact_id,
            )
    for decision in believed.of(DecisionDate):
        if decision.fact.basis is DateBasis.OUR_GUESS:
            because = f"that they decide on {decision.fact.on_date} is only our guess"
            yield StructuralGap(Gap.DATE_GUESSED, Facet.DECISION_DATE, because)


def _people(believed: Believed) -> Iterator[StructuralGap]:
    titles = {one.fact.evaluator_id: one.fact.title for one in believed.of(Evaluator)}
    leanings = [
        one.fact for one in believed.of(Leaning) if one.fact.evaluator_id not in believed.gone
    ]
    if len(leanings) >= UNANIMOUS and not any(one.level in _AGAINST for one in leanings):
        because = f"{len(leanings)} evaluators lean somewhere, and none of them against us"
        yield StructuralGap(Gap.NOBODY_AGAINST_US, Facet.LEANING, because)
    for one in believed.of(EvaluatorLeft):
        if one.fact.successor_id is None and one.fact.evaluator_id in titles:
            who = f"the {titles[one.fact.evaluator_id]}"
            because = f"{who} left, and nobody is known to follow"
            yield StructuralGap(
                Gap.LEFT_WITHOUT_SUCCESSOR, Facet.INFLUENCE, because, who, one.fact.evaluator_id
            )


def _roles(believed: Believed) -> frozenset[Role]:
    """Return the roles of the evaluators who are still there."""
    return frozenset(
        role
        for one in believed.of(Evaluator)
        if one.fact.evaluator_id not in believed.gone
        for role in one.fact.roles
    )
