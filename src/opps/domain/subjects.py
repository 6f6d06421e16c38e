"""What a question would be about: the person, issue, need, criterion or step that lacks an answer.

A facet can be known of one evaluator and open of another; who weighs most comes first.
"""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from opps.domain.catalogue import Facet
from opps.domain.facts import (
    BusinessIssue,
    Criterion,
    CriterionWeight,
    DecisionStep,
    Evaluator,
    Fact,
    Fit,
    Influence,
    Leaning,
    Need,
    Preference,
    StanceOnChange,
    Standing,
)
from opps.domain.facts.decision import StepStatus
from opps.domain.facts.evaluators import LeaningLevel
from opps.domain.facts.purchase import Criticality
from opps.domain.knowledge import Believed
from opps.domain.valence.people import People
from opps.domain.wording import quoted

_OVER = frozenset({StepStatus.DONE, StepStatus.DROPPED})


class Subject(Struct, frozen=True):
    """Something of which a facet is open: its id, in which words, and who would know.

    `share` is how much of what is open of the facet is open of it.
    """

    subject_id: UUID
    words: str
    owner_id: UUID | None = None
    share: float = 1.0


def open_subjects(believed: Believed, people: People) -> Mapping[Facet, Subject]:
    """Return for each facet the first thing of which it is open; facets without any are absent."""
    found = {
        **_of_people(believed, people),
        **_of_issues(believed),
        **_of_needs(believed),
        **_of_criteria(believed),
        **_of_steps(believed),
    }
    alike = {
        facet: replace(subjects[0], share=1 / len(subjects))
        for facet, subjects in found.items()
        if subjects
    }
    return {**alike, **_by_influence(believed, people)}


def _by_influence(believed: Believed, people: People) -> Mapping[Facet, Subject]:
    """Return who is to be heard next where each voice counts by its influence."""
    found = {}
    for facet, kind in ((Facet.LEANING, Leaning), (Facet.PREFERENCE, Preference)):
        told = _about(believed, kind, "evaluator_id")
        silent = [one for one in _here(believed, people) if one.evaluator_id not in told]
        if silent:
            share = people.mass(silent[0].evaluator_id) / people.unseen(told)
            found[facet] = replace(_somebody(silent[0]), share=share)
    return found


def _of_people(believed: Believed, people: People) -> dict[Facet, list[Subject]]:
    here = _here(believed, people)
    weighed = _about(believed, Influence, "evaluator_id")
    changing = _about(believed, StanceOnChange, "evaluator_id")
    untested = _untested(believed)
    return {
        Facet.INFLUENCE: [_somebody(one) for one in here if one.evaluator_id not in weighed],
        Facet.STANCE_ON_CHANGE: [
            _somebody(one)
            for one in here
            if people.decisive(one.evaluator_id) and one.evaluator_id not in changing
        ],
        Facet.CHAMPION_BEHAVIOUR: [_somebody(one) for one in here if one.evaluator_id in untested],
    }


def _here(believed: Believed, people: People) -> list[Evaluator]:
    """Return the evaluators who are there, those who weigh most first."""
    here = [one.fact for one in believed.of(Evaluator) if one.fact.evaluator_id in people.named]
    return sorted(
        here, key=lambda one: (-people.mass(one.evaluator_id), one.title, one.evaluator_id)
    )


def _somebody(one: Evaluator) -> Subject:
    return Subject(one.evaluator_id, f"the {one.title}")


def _untested(believed: Believed) -> frozenset[UUID]:
    """Return the champions of whom nobody has seen anything done for us."""
    leanings = (one.fact for one in believed.of(Leaning))
    return frozenset(
        one.evaluator_id
        for one in leanings
        if one.level is LeaningLevel.CHAMPION and one.behaviour is None
    )


def _of_issues(believed: Believed) -> dict[Facet, list[Subject]]:
    issues = [one.fact for one in believed.of(BusinessIssue) if not one.fact.denied]
    issues.sort(key=lambda one: (-(one.severity or 0), one.issue_id))

    def lacking(told: Callable[[BusinessIssue], object]) -> list[Subject]:
        return [
            Subject(one.issue_id, quoted(one.text), one.owner_id)
            for one in issues
            if told(one) is None
        ]

    return {
        Facet.ISSUE_OWNER: lacking(lambda one: one.owner_id),
        Facet.ISSUE_SEVERITY: lacking(lambda one: one.severity),
        Facet.ISSUE_CONSEQUENCE: lacking(lambda one: one.consequence),
        Facet.ISSUE_OUR_EFFECT: lacking(lambda one: one.our_effect),
    }


def _of_needs(believed: Believed) -> dict[Facet, list[Subject]]:
    fitted = _about(believed, Fit, "need_id")
    musts = (
        one.fact
        for one in believed.of(Need)
        if one.fact.criticality is Criticality.MUST and not one.fact.rejected
    )
    return {
        Facet.FIT: [
            Subject(one.need_id, quoted(one.text)) for one in musts if one.need_id not in fitted
        ]
    }


def _of_criteria(believed: Believed) -> dict[Facet, list[Subject]]:
    us = believed.known.us
    standings = [one.fact for one in believed.of(Standing)]

    def without(told: Iterable[UUID]) -> list[Subject]:
        held = set(told)
        return [
            Subject(
                one.fact.criterion_id, quoted(one.fact.text), next(iter(one.fact.owner_ids), None)
            )
            for one in believed.of(Criterion)
            if one.fact.criterion_id not in held
        ]

    return {
        Facet.CRITERION_WEIGHT: without(_about(believed, CriterionWeight, "criterion_id")),
        Facet.STANDING_OF_US: without(
            one.criterion_id for one in standings if one.alternative_id == us
        ),
        Facet.STANDING_OF_RIVAL: without(
            one.criterion_id for one in standings if one.alternative_id != us
        ),
    }


def _of_steps(believed: Believed) -> dict[Facet, list[Subject]]:
    return {
        Facet.STEP_OWNER: [
            Subject(one.fact.step_id, quoted(one.fact.name))
            for one in believed.of(DecisionStep)
            if one.fact.owner_id is None and one.fact.status not in _OVER
        ]
    }


def _about(believed: Believed, kind: type[Fact], name: str) -> frozenset[UUID]:
    """Return what facts of a kind are about that stand, or are disputed: both were told."""
    stand = (getattr(held.fact, name) for held in believed.of(kind))
    disputed = (getattr(facts[0], name) for facts in believed.contested(kind))
    return frozenset((*stand, *disputed))
