"""What can be recorded about a fact once it was learned."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from opps.domain.errors import (
    FactDoesNotStand,
    LearnedInTheFuture,
    NotContradicted,
    OverlongQuote,
    UnknownFact,
    UnknownReference,
)
from opps.domain.events import (
    ContradictionResolved,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    CorroborateFact,
    ReconfirmFact,
    RedateFact,
    ResolveContradiction,
    RetractFact,
)
from opps.domain.personal import Clear
from opps.domain.provenance import Channel, Evidence, Provenance, SourceKind
from tests.domain.given import (
    CFO,
    CTO,
    DEAL,
    FRIDAY,
    JUST_NOW,
    MONDAY,
    NOBODY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    given,
    learned,
    lost,
    named,
    opened,
    said_by,
)

FACT = named("fact")
approved = learned(budget(100), source=said_by(CFO))
retracted = FactRetracted(learned=at(WEDNESDAY), fact_id=FACT, reason=RetractionReason.MISHEARD)
replaced = learned(
    budget(60),
    "newer",
    on=WEDNESDAY,
    source=said_by(CFO),
    replaces=Supersedes(FACT, Supersession.WORLD_CHANGED),
)
known = (opened, cfo_known, cto_known, approved)

corroborate = CorroborateFact(
    opportunity_id=DEAL, fact_id=FACT, provenance=said_by(CTO), repeats_first=False
)
reconfirm = ReconfirmFact(opportunity_id=DEAL, fact_id=FACT, provenance=said_by(CFO))
retract = RetractFact(opportunity_id=DEAL, fact_id=FACT, reason=RetractionReason.MISHEARD)
redate = RedateFact(opportunity_id=DEAL, fact_id=FACT, learned_on=at(MONDAY), reason="Typo")
CONFIRMING = [corroborate, reconfirm]


def test_another_source_says_the_same() -> None:
    outcome = given(*known).when(corroborate)
    belief = outcome.state.belief(FACT)

    outcome.then(
        FactCorroborated(
            learned=JUST_NOW, fact_id=FACT, provenance=said_by(CTO), repeats_first=False
        )
    )
    assert belief is not None
    assert [note.independent for note in belief.corroborated] == [True]


def test_a_source_that_repeats_the_first_is_noted_as_such() -> None:
    command = CorroborateFact(
        opportunity_id=DEAL, fact_id=FACT, provenance=said_by(CTO), repeats_first=True
    )

    belief = given(*known).when(command).state.belief(FACT)

    assert belief is not None
    assert [note.independent for note in belief.corroborated] == [False]


def test_the_same_source_says_it_again() -> None:
    outcome = given(*known).when(reconfirm)

    outcome.then(FactReconfirmed(learned=JUST_NOW, fact_id=FACT, provenance=said_by(CFO)))


def test_who_of_us_heard_it_again_is_the_one_who_writes_it_down() -> None:
    source = Provenance(source=SourceKind.BUYER_SAID, channel=Channel.CALL, told_by=CTO)
    command = CorroborateFact(
        opportunity_id=DEAL, fact_id=FACT, provenance=source, repeats_first=False
    )

    event = given(*known).when(command).then_one(FactCorroborated)

    assert event.provenance == said_by(CTO)


@pytest.mark.parametrize("command", CONFIRMING, ids=["corroborate", "reconfirm"])
def test_a_fact_nobody_recorded_is_not_confirmed(command: AnyOpportunityCommand) -> None:
    given(opened, cfo_known, cto_known).when(command).then_refused(UnknownFact, fact_id=FACT)


@pytest.mark.parametrize("command", CONFIRMING, ids=["corroborate", "reconfirm"])
@pytest.mark.parametrize("gone", [retracted, replaced], ids=["retracted", "replaced"])
def test_a_fact_that_no_longer_stands_is_not_confirmed(
    command: AnyOpportunityCommand, gone: FactRetracted | FactLearned
) -> None:
    given(*known, gone).when(command).then_refused(FactDoesNotStand, fact_id=FACT)


def test_an_unknown_person_confirms_nothing() -> None:
    command = CorroborateFact(
        opportunity_id=DEAL, fact_id=FACT, provenance=said_by(NOBODY), repeats_first=False
    )

    given(*known).when(command).then_refused(UnknownReference, kind="evaluator", id=NOBODY)


@pytest.mark.parametrize(("length", "accepted"), [(500, True), (501, False)])
def test_a_quote_that_confirms_is_as_short_as_any(length: int, accepted: bool) -> None:
    quote = said_by(CTO, evidence=Evidence(quote=Clear(CTO, "x" * length)))
    outcome = given(*known).when(
        CorroborateFact(opportunity_id=DEAL, fact_id=FACT, provenance=quote, repeats_first=False)
    )

    if accepted:
        outcome.then_one(FactCorroborated)
    else:
        outcome.then_refused(OverlongQuote, length=501)


def test_a_fact_that_was_misheard_is_taken_back() -> None:
    outcome = given(*known).when(retract)

    outcome.then(FactRetracted(learned=JUST_NOW, fact_id=FACT, reason=RetractionReason.MISHEARD))
    assert not outcome.state.stands(FACT)


def test_taking_a_fact_back_twice_changes_nothing() -> None:
    given(*known, retracted).when(retract).then_nothing()


def test_a_fact_that_was_replaced_can_still_turn_out_to_be_wrong() -> None:
    given(*known, replaced).when(retract).then_one(FactRetracted)


def test_a_fact_nobody_recorded_is_not_taken_back() -> None:
    given(opened).when(retract).then_refused(UnknownFact, fact_id=FACT)


def test_taking_back_what_replaced_a_fact_revives_it() -> None:
    command = RetractFact(
        opportunity_id=DEAL, fact_id=named("newer"), reason=RetractionReason.MISHEARD
    )

    assert given(*known, replaced).when(command).state.stands(FACT)


def test_a_fact_can_be_taken_back_on_a_lost_opportunity() -> None:
    given(*known, lost).when(retract).then_one(FactRetracted)


def test_a_wrong_learned_day_is_put_right() -> None:
    outcome = given(*known).when(redate)
    belief = outcome.state.belief(FACT)

    outcome.then(FactRedated(learned=JUST_NOW, fact_id=FACT, learned_on=at(MONDAY), reason="Typo"))
    assert belief is not None
    assert [note.learned for note in belief.redated] == [at(MONDAY)]


def test_a_learned_day_that_is_right_already_changes_nothing() -> None:
    redated = FactRedated(learned=at(WEDNESDAY), fact_id=FACT, learned_on=at(MONDAY))

    given(*known, redated).when(redate).then_nothing()


def test_a_learned_day_is_stored_in_one_form_whatever_zone_it_was_told_in() -> None:
    in_vienna = MONDAY.astimezone(ZoneInfo("Europe/Vienna"))
    command = RedateFact(opportunity_id=DEAL, fact_id=FACT, learned_on=at(in_vienna))

    event = given(*known).when(command).then_one(FactRedated)

    assert event.learned_on.latest is not None
    assert event.learned_on.latest.tzinfo is UTC


def test_no_fact_is_redated_into_the_future() -> None:
    command = RedateFact(opportunity_id=DEAL, fact_id=FACT, learned_on=at(FRIDAY.replace(hour=18)))

    given(*known).when(command).then_refused(LearnedInTheFuture)


def test_a_fact_nobody_recorded_is_not_redated() -> None:
    given(opened).when(redate).then_refused(UnknownFact, fact_id=FACT)


other = learned(budget(40), "other", source=said_by(CTO))
choose = ResolveContradiction(opportunity_id=DEAL, chosen=FACT, rationale="The CFO releases it")


def test_the_team_chooses_between_facts_that_cannot_both_hold() -> None:
    outcome = given(*known, other).when(choose)

    outcome.then(
        ContradictionResolved(
            learned=JUST_NOW,
            chosen=FACT,
            rejected=(named("other"),),
            rationale="The CFO releases it",
        )
    )
    assert outcome.state.standing("funding").belief == outcome.state.belief(FACT)


def test_there_is_nothing_to_choose_where_nobody_disagrees() -> None:
    close_by = learned(budget(90), "other", source=said_by(CTO))

    given(*known, close_by).when(choose).then_refused(NotContradicted, key="funding")


def test_a_contradiction_is_resolved_once() -> None:
    resolved = ContradictionResolved(
        learned=at(WEDNESDAY),
        chosen=FACT,
        rejected=(named("other"),),
        rationale="The CFO releases it",
    )

    given(*known, other, resolved).when(choose).then_refused(NotContradicted)


def test_nobody_chooses_a_fact_that_nobody_recorded() -> None:
    command = ResolveContradiction(opportunity_id=DEAL, chosen=NOBODY, rationale="?")

    given(*known, other).when(command).then_refused(UnknownFact, fact_id=NOBODY)


def test_nobody_chooses_a_fact_that_was_taken_back() -> None:
    third = learned(budget(500), "third", on=TUESDAY, source=said_by(named("third evaluator")))

    given(*known, other, third, retracted).when(choose).then_refused(FactDoesNotStand, fact_id=FACT)
