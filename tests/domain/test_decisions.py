"""Which facts a decision rests on."""

from uuid import UUID

from msgspec import Struct

from opps.domain.decisions import rests_on
from opps.domain.events import DecisionKind, DecisionTaken, OpportunityEvent
from tests.domain.given import TUESDAY, at, named, opened


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
