"""The catalogue of learning activities: offered, found by objective and cause, withdrawn."""

import pytest
from msgspec.structs import replace

from opps.domain.catalogue import Objective
from opps.domain.coaching.catalogue import LearningCatalogue, decide, evolve
from opps.domain.coaching.causes import GapCause
from opps.domain.coaching.commands import (
    AnyLearningCatalogueCommand,
    OfferLearningActivity,
    WithdrawLearningActivity,
)
from opps.domain.coaching.errors import LearningCannotCure, UnknownActivity
from opps.domain.errors import Blank, RoleNeeded
from opps.domain.events import (
    Event,
    ExceptionResolved,
    LearningActivityOffered,
    LearningActivityWithdrawn,
)
from opps.domain.recorded import Actor, Context, Via
from tests.domain.given import COMMAND, MANAGER, MONDAY, recorded

TALK = OfferLearningActivity(
    activity="TALK",
    title="Ask for criteria",
    description="Two hours on a deal of your own",
    objectives=(Objective.DECISION_CRITERIA,),
    causes=(GapCause.KNOWLEDGE,),
    hours=2,
)
talk = LearningActivityOffered(
    activity="TALK",
    title="Ask for criteria",
    description="Two hours on a deal of your own",
    objectives=(Objective.DECISION_CRITERIA,),
    causes=(GapCause.KNOWLEDGE,),
    hours=2,
)
walk = LearningActivityOffered(
    activity="WALK",
    title="Walk through a plant",
    description="A day with a service engineer",
    objectives=(Objective.BUSINESS_ISSUES, Objective.DECISION_CRITERIA),
    causes=(GapCause.KNOWLEDGE, GapCause.SKILL),
    hours=8,
)
withdrawn = LearningActivityWithdrawn(activity="TALK")


def catalogue(*events: Event) -> LearningCatalogue | None:
    """Return the catalogue after some events."""
    state = None
    for one in recorded(events):
        state = evolve(state, one)
    return state


def held(*events: Event) -> LearningCatalogue:
    """Return the catalogue there is."""
    found = catalogue(*events)
    assert found is not None
    return found


def when(
    command: AnyLearningCatalogueCommand, *events: Event, role: str = "MANAGER"
) -> list[Event]:
    """Return what a command leads to."""
    actor = Actor(principal=MANAGER, role=role, via=Via.GRAPHQL)
    context = Context(now=MONDAY, actor=actor, command_id=COMMAND)
    return [*decide(catalogue(*events), command, context)]


def test_an_activity_is_offered_once_and_again_in_a_new_form() -> None:
    longer = replace(TALK, hours=3)

    assert when(TALK) == [talk]
    assert when(TALK, talk) == []
    assert when(longer, talk) != []
    assert when(TALK, talk, withdrawn) == [talk]


def test_an_activity_is_found_by_objective_and_cause() -> None:
    both = held(walk, talk)

    assert both.on_offer() == [talk, walk]
    assert both.on_offer(Objective.BUSINESS_ISSUES) == [walk]
    assert both.on_offer(cause=GapCause.SKILL) == [walk]
    assert both.on_offer(Objective.DECISION_CRITERIA, GapCause.KNOWLEDGE) == [talk, walk]
    assert both.on_offer(Objective.FUNDING) == []


def test_what_is_withdrawn_is_not_offered_but_known_to_those_who_have_it() -> None:
    gone = held(talk, withdrawn)

    assert when(WithdrawLearningActivity(activity="TALK"), talk) == [withdrawn]
    assert gone.on_offer() == []
    assert gone.known["TALK"] == talk
    with pytest.raises(UnknownActivity):
        when(WithdrawLearningActivity(activity="TALK"), talk, withdrawn)


@pytest.mark.parametrize("cause", [GapCause.ENVIRONMENT, GapCause.CAPACITY, GapCause.COMMITMENT])
def test_no_activity_is_offered_for_what_learning_does_not_cure(cause: GapCause) -> None:
    with pytest.raises(LearningCannotCure):
        when(replace(TALK, causes=(GapCause.SKILL, cause)))


def test_managers_decide_what_is_offered_and_say_what_it_is() -> None:
    with pytest.raises(RoleNeeded):
        when(TALK, role="SELLER")
    with pytest.raises(Blank):
        when(replace(TALK, title=" "))


def test_what_is_named_twice_is_kept_once() -> None:
    twice = replace(TALK, objectives=TALK.objectives * 2, causes=TALK.causes * 2)

    assert when(twice) == [talk]


def test_another_event_leaves_the_catalogue_alone() -> None:
    assert held(talk, ExceptionResolved(how="Elsewhere")) == held(talk)
