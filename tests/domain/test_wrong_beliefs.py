"""Beliefs that turned out wrong: given what happened, when one more thing does, then who was."""

from datetime import timedelta

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.events import (
    ContradictionResolved,
    Event,
    FactCorroborated,
    FactLearned,
    FactReconfirmed,
    FactRedated,
    FactRetracted,
    OpportunityEvent,
    RetractionReason,
    Supersedes,
    Supersession,
)
from opps.domain.opportunity.evolve import fold
from opps.domain.wrong_beliefs import Finding, WrongHow, believed_since, findings, held_s
from tests.domain.build import often
from tests.domain.given import (
    CFO,
    CTO,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    cfo_known,
    cto_known,
    learned,
    named,
    opened,
    recorded,
    said_by,
)

BEGUN = (opened, cfo_known, cto_known)
approved = learned(budget(100), "approved", source=said_by(CFO))
denied = learned(budget(10), "denied", on=WEDNESDAY, source=said_by(CTO))
chosen = ContradictionResolved(
    learned=at(THURSDAY),
    chosen=named("denied"),
    rejected=(named("approved"),),
    rationale="The CTO saw the order",
)


def better(name: str, of: str, because: Supersession = Supersession.WE_LEARNED_BETTER) -> Event:
    replaces = Supersedes(named(of), because)
    return learned(budget(60), name, on=WEDNESDAY, source=said_by(CFO), replaces=replaces)


def taken_back(name: str, reason: RetractionReason = RetractionReason.MISHEARD) -> FactRetracted:
    return FactRetracted(learned=at(THURSDAY), fact_id=named(name), reason=reason)


def found(event: Event, *past: Event) -> list[Finding]:
    """Return what an event shows of what had been believed."""
    return findings(fold(recorded([*BEGUN, *past])), event)


def said(event: Event, *past: Event) -> list[tuple[object, WrongHow, bool]]:
    return [(one.belief.fact_id, one.how, one.undoes is None) for one in found(event, *past)]


def test_a_belief_was_wrong_once_we_learned_better() -> None:
    [one] = found(better("cut", "approved"), approved)

    assert (one.belief.fact_id, one.how, one.by) == (
        named("approved"),
        WrongHow.CORRECTED,
        named("cut"),
    )


def test_a_world_that_changed_makes_no_belief_wrong() -> None:
    assert found(better("cut", "approved", Supersession.WORLD_CHANGED), approved) == []


def test_a_later_word_of_the_same_person_makes_no_belief_wrong() -> None:
    assert found(learned(budget(60), "cut", on=WEDNESDAY, source=said_by(CFO)), approved) == []


MISTAKES = [one for one in RetractionReason if one not in ("DUPLICATE", "IMPORT_REVERTED")]


@pytest.mark.parametrize("reason", MISTAKES)
def test_a_belief_that_is_taken_back_was_wrong(reason: RetractionReason) -> None:
    [one] = found(taken_back("approved", reason), approved)

    assert (one.belief.fact_id, one.how, one.reason) == (
        named("approved"),
        WrongHow.RETRACTED,
        reason,
    )


@pytest.mark.parametrize("reason", ["DUPLICATE", "IMPORT_REVERTED"])
def test_what_was_there_twice_or_came_with_a_wrong_file_was_nobodys_error(reason: str) -> None:
    assert found(taken_back("approved", RetractionReason(reason)), approved) == []


def test_a_redated_belief_was_wrong_about_its_date() -> None:
    redated = FactRedated(learned=at(THURSDAY), fact_id=named("approved"), learned_on=at(MONDAY))

    assert said(redated, approved) == [(named("approved"), WrongHow.REDATED, True)]


def test_a_belief_that_the_team_decided_against_was_wrong() -> None:
    [one] = found(chosen, approved, denied)

    assert (one.belief.fact_id, one.how, one.by) == (
        named("approved"),
        WrongHow.DECIDED_AGAINST,
        named("denied"),
    )


def test_a_contradiction_alone_says_nothing_of_who_is_wrong() -> None:
    assert found(denied, approved) == []


def test_what_another_says_too_or_again_makes_nothing_wrong() -> None:
    again = FactReconfirmed(
        learned=at(WEDNESDAY), fact_id=named("approved"), provenance=said_by(CFO)
    )
    too = FactCorroborated(
        learned=at(WEDNESDAY),
        fact_id=named("approved"),
        provenance=said_by(CTO),
        repeats_first=False,
    )

    assert found(again, approved) == found(too, approved) == []


def test_a_belief_is_found_wrong_once() -> None:
    assert found(taken_back("approved"), approved, better("cut", "approved")) == []
    assert found(taken_back("approved"), approved, denied, chosen) == []


def test_a_correction_that_is_taken_back_was_wrong_and_what_it_corrected_was_not() -> None:
    cut = better("cut", "approved")
    undone, wrong = found(taken_back("cut"), approved, cut)

    assert (undone.belief.fact_id, undone.how) == (named("approved"), WrongHow.CORRECTED)
    assert undone.undoes == len(BEGUN) + 2
    assert (wrong.belief.fact_id, wrong.how, wrong.undoes) == (
        named("cut"),
        WrongHow.RETRACTED,
        None,
    )


def test_a_belief_that_was_corrected_twice_at_once_is_right_once_both_are_taken_back() -> None:
    cut, lower = better("cut", "approved"), better("lower", "approved")
    past = (approved, cut, lower)
    assert said(taken_back("cut"), *past) == [(named("cut"), WrongHow.RETRACTED, True)]

    undone, _ = found(taken_back("lower"), *past, taken_back("cut"))

    assert undone.belief.fact_id == named("approved")
    assert undone.undoes == len(BEGUN) + 2  # where it was found wrong: by the first of the two


def test_a_choice_whose_fact_is_taken_back_was_no_choice() -> None:
    assert said(taken_back("denied"), approved, denied, chosen) == [
        (named("approved"), WrongHow.DECIDED_AGAINST, False),
        (named("denied"), WrongHow.RETRACTED, True),
    ]


def test_a_belief_that_is_chosen_after_all_was_right_and_the_other_one_wrong() -> None:
    back = replace(chosen, chosen=named("approved"), rejected=(named("denied"),))

    assert said(back, approved, denied, chosen) == [
        (named("approved"), WrongHow.DECIDED_AGAINST, False),
        (named("denied"), WrongHow.DECIDED_AGAINST, True),
    ]


def test_nothing_is_found_before_the_opening_or_of_a_fact_that_nobody_told() -> None:
    assert findings(None, taken_back("approved")) == []
    assert found(taken_back("approved")) == []


def test_a_belief_was_held_from_when_it_was_learned_and_never_less_than_not_at_all() -> None:
    [one] = found(taken_back("approved"), approved)

    assert believed_since(one.belief) == TUESDAY
    assert held_s(TUESDAY, THURSDAY) == timedelta(days=2).total_seconds()
    assert held_s(FRIDAY, THURSDAY) == 0


def test_a_belief_was_held_since_its_last_date() -> None:
    redated = FactRedated(learned=at(WEDNESDAY), fact_id=named("approved"), learned_on=at(MONDAY))
    [one] = found(taken_back("approved"), approved, redated)

    assert believed_since(one.belief) == MONDAY


names = st.sampled_from(["a", "b", "c"])
corrections = st.sampled_from(["d", "e", "f"])
people = st.sampled_from([CFO, CTO])
happenings = st.one_of(
    st.builds(
        lambda name, by, amount: learned(budget(amount), name, source=said_by(by)),
        names,
        people,
        st.sampled_from([10, 100]),
    ),
    st.builds(better, corrections, names),
    st.builds(taken_back, st.one_of(names, corrections), st.sampled_from(RetractionReason)),
    st.builds(
        lambda one, other: replace(chosen, chosen=named(one), rejected=(named(other),)),
        names,
        names,
    ),
)


def could_happen(event: Event, past: list[Event]) -> bool:
    """Tell whether commands let an event happen: it names facts that were told, each once."""
    told = {one.fact_id for one in past if isinstance(one, FactLearned)}
    gone = {one.fact_id for one in past if isinstance(one, FactRetracted)}
    match event:
        case FactLearned(supersedes=replaced):
            return event.fact_id not in told and (
                replaced is None or replaced.fact_id in told - gone
            )
        case ContradictionResolved(rejected=rejected):
            return {event.chosen, *rejected} <= told - gone and event.chosen not in rejected
        case FactRetracted():
            return event.fact_id in told - gone
        case _:
            return False


@often
@generated(st.lists(happenings, max_size=12))
def test_nothing_is_found_wrong_twice_unless_it_was_undone_in_between(
    events: list[OpportunityEvent],
) -> None:
    wrong: dict[object, int] = {}
    past: list[Event] = [*BEGUN]
    for event in events:
        if not could_happen(event, past):
            continue
        for one in findings(fold(recorded(past)), event):
            if one.undoes is None:
                assert one.belief.fact_id not in wrong
                wrong[one.belief.fact_id] = len(past) + 1
            else:
                assert wrong.pop(one.belief.fact_id) == one.undoes
        past.append(event)
