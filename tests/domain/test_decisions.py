"""Which facts a decision rests on."""

from uuid import UUID

from msgspec import Struct

from opps.domain.decisions import Ended, ended, rests_on
from opps.domain.events import (
    ContradictionResolved,
    DecisionKind,
    DecisionTaken,
    Event,
    FactRetracted,
    OpportunityEvent,
    RetractionReason,
    Supersedes,
    Supersession,
)
from tests.domain.given import (
    CFO,
    CTO,
    FRIDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    given,
    learned,
    named,
    opened,
    said_by,
)


class Met(Struct, frozen=True):
    facts: tuple[UUID, ...]


class Passed(OpportunityEvent, frozen=True, kw_only=True):
    evidence: tuple[Met, ...]


def test_a_decision_rests_on_the_facts_that_it_names_each_once() -> None:
    decided = DecisionTaken(
        learned=at(TUESDAY),
        decision=next(iter(DecisionKind)),
        summary="Ten percent off",
        based_on=(named("b"), named("a"), named("b")),
    )

    assert rests_on(decided) == (named("b"), named("a"))


def test_what_is_passed_on_evidence_rests_on_the_facts_of_the_evidence() -> None:
    passed = Passed(learned=at(TUESDAY), evidence=(Met((named("a"),)), Met((named("b"),))))

    assert rests_on(passed) == (named("a"), named("b"))


def test_what_nobody_decided_rests_on_nothing() -> None:
    assert rests_on(opened) == ()


told = learned(budget(80_000), "budget", source=said_by(CFO))


def became(*events: Event) -> Ended | None:
    """Return why the budget that the CFO told us of stands no more."""
    state = given(opened, told, *events).state
    return ended(state.histories["funding"], named("budget"))


def test_a_fact_that_stands_has_not_ended() -> None:
    same = learned(budget(80_000), "same", source=said_by(CTO))

    assert became() is None
    assert became(same) is None


def test_a_fact_ended_when_it_was_taken_back() -> None:
    taken_back = FactRetracted(
        learned=at(THURSDAY), fact_id=named("budget"), reason=RetractionReason.MISHEARD
    )

    assert became(taken_back) == Ended(since=THURSDAY)


def test_a_fact_ended_with_the_one_that_replaces_it_and_why() -> None:
    def replaced(because: Supersession) -> Ended | None:
        instead = Supersedes(fact_id=named("budget"), because=because)
        source = said_by(CTO)
        return became(learned(budget(20_000), "new", on=WEDNESDAY, source=source, replaces=instead))

    corrected, changed = map(replaced, (Supersession.WE_LEARNED_BETTER, Supersession.WORLD_CHANGED))

    assert corrected == Ended(since=WEDNESDAY, by=named("new"), because="we learned better")
    assert changed == Ended(since=WEDNESDAY, by=named("new"), because="the world changed")


def test_what_somebody_said_before_ended_with_what_they_said_anew() -> None:
    anew = learned(budget(20_000), "anew", on=WEDNESDAY, source=said_by(CFO))

    assert became(anew) == Ended(
        since=WEDNESDAY, by=named("anew"), because="the same source said it anew"
    )


def test_a_fact_is_contradicted_from_when_somebody_else_says_otherwise() -> None:
    other = learned(budget(20_000), "other", on=WEDNESDAY, source=said_by(CTO))

    assert became(other) == Ended(
        since=WEDNESDAY, by=named("other"), because="somebody says otherwise"
    )


def test_a_fact_ended_when_the_team_chose_another_with_its_reason() -> None:
    other = learned(budget(20_000), "other", on=WEDNESDAY, source=said_by(CTO))
    chosen = ContradictionResolved(
        learned=at(FRIDAY),
        chosen=named("other"),
        rejected=(named("budget"),),
        rationale="The board decides",
    )

    assert became(other, chosen) == Ended(
        since=FRIDAY, by=named("other"), because="The board decides"
    )
