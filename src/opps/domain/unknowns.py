"""What the five questions about an opportunity find unanswered, counted."""

from msgspec import Struct

from opps.domain.catalogue import Objective
from opps.domain.facts import (
    Alternative,
    BusinessIssue,
    Criterion,
    CriterionWeight,
    Evaluator,
    Influence,
    Leaning,
    Preference,
    Standing,
)
from opps.domain.knowledge import Believed, Known


class Unknowns(Struct, frozen=True, kw_only=True):
    """What nobody has said, or is contested: words that contradict each other are no answer."""

    evaluators_without_influence: int
    evaluators_without_leaning: int
    evaluators_without_preference: int
    alternatives_nobody_favours: int
    issues_without_our_effect: int
    criteria_without_weight: int
    criteria_without_our_rating: int
    contested: int
    open_questions: int
    objectives_unexamined: tuple[Objective, ...]


def unknowns(known: Known, open_questions: int) -> Unknowns:
    """Return what is not known; evaluators who left and issues that were denied do not count."""
    believed = Believed(known)
    people = {one.fact.evaluator_id for one in believed.of(Evaluator)} - believed.gone
    favours = {
        one.fact.evaluator_id: one.fact.alternative_id
        for one in believed.of(Preference)
        if one.fact.evaluator_id not in believed.gone
    }
    courses = {one.fact.alternative_id for one in believed.of(Alternative)}
    criteria = {one.fact.criterion_id for one in believed.of(Criterion)}
    weighed = {one.fact.criterion_id for one in believed.of(CriterionWeight)}
    ratings = [one.fact for one in believed.of(Standing)]
    rated = {one.criterion_id for one in ratings if one.alternative_id == known.us}
    issues = [one.fact for one in believed.of(BusinessIssue)]
    return Unknowns(
        evaluators_without_influence=len(
            people - {one.fact.evaluator_id for one in believed.of(Influence)}
        ),
        evaluators_without_leaning=len(
            people - {one.fact.evaluator_id for one in believed.of(Leaning)}
        ),
        evaluators_without_preference=len(people - favours.keys()),
        alternatives_nobody_favours=len(
            (courses | {known.us, known.do_nothing}) - set(favours.values())
        ),
        issues_without_our_effect=sum(one.our_effect is None and not one.denied for one in issues),
        criteria_without_weight=len(criteria - weighed),
        criteria_without_our_rating=len(criteria - rated),
        contested=believed.contested_keys(),
        open_questions=open_questions,
        objectives_unexamined=tuple(one for one in Objective if one not in believed.examined()),
    )
