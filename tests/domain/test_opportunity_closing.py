"""How an opportunity ends, is corrected, opened again, and looked back at."""

from typing import Any
from uuid import UUID

import pytest

from opps.domain.errors import (
    CurrencyMix,
    IncompleteOutcome,
    MergedIntoItself,
    NotARival,
    NotOpen,
    StillOpen,
    UnknownReference,
)
from opps.domain.events import (
    AnyOpportunityEvent,
    LossKind,
    NoDecisionReason,
    OpportunitiesMerged,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityReopened,
    OpportunityWon,
    Outcome,
    OutcomeCorrected,
    WinLossReviewed,
)
from opps.domain.money import Money
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    CloseWithoutDecision,
    CorrectOutcome,
    DisqualifyOpportunity,
    LoseOpportunity,
    MergeOpportunities,
    ReopenOpportunity,
    ReviewWinLoss,
    WinOpportunity,
)
from opps.domain.opportunity.state import Status, do_nothing, known, us
from tests.domain.given import (
    DEAL,
    FRIDAY,
    JUST_NOW,
    NOBODY,
    OTHER_DEAL,
    RIVAL,
    THURSDAY,
    at,
    budget,
    euros,
    given,
    learned,
    lost,
    opened,
    rival_known,
    won,
)

win = WinOpportunity(opportunity_id=DEAL, amount=euros(280_000), reasons=("The pilot",))
lose = LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED)
lose_to_rival = LoseOpportunity(
    opportunity_id=DEAL, loss_kind=LossKind.RIVAL, alternative_id=RIVAL, reasons=("Price",)
)
give_up = CloseWithoutDecision(
    opportunity_id=DEAL, reason=NoDecisionReason.STATUS_QUO, note="Old line runs on"
)
walk_away = DisqualifyOpportunity(opportunity_id=DEAL, reason="No budget in sight")
merge = MergeOpportunities(opportunity_id=DEAL, into=OTHER_DEAL, reason="Same tender")

CLOSING: list[tuple[AnyOpportunityCommand, AnyOpportunityEvent, Status]] = [
    (
        win,
        OpportunityWon(learned=JUST_NOW, amount=euros(280_000), reasons=("The pilot",)),
        Status.WON,
    ),
    (lose, OpportunityLost(learned=JUST_NOW, loss_kind=LossKind.UNSPECIFIED), Status.LOST),
    (
        lose_to_rival,
        OpportunityLost(
            learned=JUST_NOW,
            loss_kind=LossKind.RIVAL,
            alternative_id=RIVAL,
            reasons=("Price",),
        ),
        Status.LOST,
    ),
    (
        give_up,
        OpportunityClosedWithoutDecision(
            learned=JUST_NOW, reason=NoDecisionReason.STATUS_QUO, note="Old line runs on"
        ),
        Status.NO_DECISION,
    ),
    (
        walk_away,
        OpportunityDisqualified(learned=JUST_NOW, reason="No budget in sight"),
        Status.DISQUALIFIED,
    ),
    (
        merge,
        OpportunitiesMerged(learned=JUST_NOW, into=OTHER_DEAL, reason="Same tender"),
        Status.MERGED,
    ),
]


def kind_of(value: object) -> str:
    """Return how a case is called in the list of tests."""
    return type(value).__name__


@pytest.mark.parametrize(("command", "event", "status"), CLOSING, ids=kind_of)
def test_an_open_opportunity_ends(
    command: AnyOpportunityCommand, event: AnyOpportunityEvent, status: Status
) -> None:
    outcome = given(opened, rival_known).when(command)

    outcome.then(event)
    assert (outcome.state.status, outcome.state.closed_at) == (status, FRIDAY)


@pytest.mark.parametrize("command", [case[0] for case in CLOSING], ids=kind_of)
@pytest.mark.parametrize("closed", [won, lost], ids=["won", "lost"])
def test_a_closed_opportunity_does_not_end_a_second_time(
    command: AnyOpportunityCommand, closed: AnyOpportunityEvent
) -> None:
    given(opened, rival_known, closed).when(command).then_refused(NotOpen)


def test_what_was_signed_becomes_the_amount() -> None:
    assert given(opened).when(win).state.amount == euros(280_000)


def test_a_win_in_another_currency_is_refused() -> None:
    command = WinOpportunity(opportunity_id=DEAL, amount=Money(euros(1).amount, "USD"))

    given(opened).when(command).then_refused(CurrencyMix, expected="EUR", given="USD")


def test_a_loss_to_a_rival_says_which() -> None:
    command = LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.RIVAL)

    given(opened).when(command).then_refused(
        IncompleteOutcome, outcome="LOST", missing="alternativeId"
    )


def test_a_loss_to_an_alternative_nobody_mentioned_is_refused() -> None:
    command = LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.RIVAL, alternative_id=NOBODY)

    given(opened, rival_known).when(command).then_refused(
        UnknownReference, kind="alternative", id=NOBODY
    )


@pytest.mark.parametrize("nobody", [us(DEAL), do_nothing(DEAL)], ids=["us", "doing nothing"])
def test_neither_we_nor_doing_nothing_is_a_rival(nobody: UUID) -> None:
    lose_ = LoseOpportunity(opportunity_id=DEAL, loss_kind=LossKind.RIVAL, alternative_id=nobody)
    correction = correct(Outcome.LOST, loss_kind=LossKind.RIVAL, alternative_id=nobody)

    given(opened).when(lose_).then_refused(NotARival, alternative_id=nobody)
    given(opened, won).when(correction).then_refused(NotARival, alternative_id=nobody)


def test_a_loss_can_name_what_is_known_from_the_start() -> None:
    command = LoseOpportunity(
        opportunity_id=DEAL, loss_kind=LossKind.UNSPECIFIED, alternative_id=do_nothing(DEAL)
    )

    assert given(opened).when(command).state.lost_to == do_nothing(DEAL)


def test_an_opportunity_is_not_merged_into_itself() -> None:
    command = MergeOpportunities(opportunity_id=DEAL, into=DEAL, reason="Twin")

    given(opened).when(command).then_refused(MergedIntoItself)


def test_a_merged_opportunity_names_the_one_that_goes_on() -> None:
    assert given(opened).when(merge).state.merged_into == OTHER_DEAL


def test_a_closed_opportunity_opens_again_with_the_reason() -> None:
    command = ReopenOpportunity(opportunity_id=DEAL, reason="Nordwind withdrew")
    outcome = given(opened, lost).when(command)

    outcome.then(OpportunityReopened(learned=JUST_NOW, reason="Nordwind withdrew"))
    assert outcome.state.open
    assert (outcome.state.closed_at, outcome.state.merged_into) == (None, None)


def test_an_open_opportunity_cannot_be_opened_again() -> None:
    given(opened).when(ReopenOpportunity(opportunity_id=DEAL, reason="?")).then_refused(StillOpen)


def correct(outcome: Outcome, **more: Any) -> CorrectOutcome:
    return CorrectOutcome(opportunity_id=DEAL, outcome=outcome, reason="Misread", **more)


def test_a_wrong_outcome_is_corrected_and_the_wrong_one_stays_in_the_history() -> None:
    outcome = given(opened, won).when(correct(Outcome.LOST, loss_kind=LossKind.UNSPECIFIED))

    outcome.then(
        OutcomeCorrected(
            learned=JUST_NOW,
            outcome=Outcome.LOST,
            reason="Misread",
            loss_kind=LossKind.UNSPECIFIED,
        )
    )
    assert (outcome.state.status, outcome.state.closed_at) == (Status.LOST, THURSDAY)


def test_an_outcome_that_is_right_already_needs_no_correction() -> None:
    given(opened, won).when(correct(Outcome.WON)).then_nothing()
    given(opened, lost).when(correct(Outcome.LOST, loss_kind=LossKind.UNSPECIFIED)).then_nothing()


def test_learning_to_whom_we_lost_is_a_correction() -> None:
    command = correct(Outcome.LOST, loss_kind=LossKind.RIVAL, alternative_id=RIVAL)
    outcome = given(opened, rival_known, lost).when(command)

    outcome.then_one(OutcomeCorrected)
    assert (outcome.state.loss_kind, outcome.state.lost_to) == (LossKind.RIVAL, RIVAL)


def test_learning_why_nothing_was_decided_is_a_correction() -> None:
    ended = OpportunityClosedWithoutDecision(
        learned=at(THURSDAY), reason=NoDecisionReason.INDECISION
    )
    command = correct(Outcome.NO_DECISION, no_decision=NoDecisionReason.FUNDING)

    state = given(opened, ended).when(command).state

    assert state.no_decision is NoDecisionReason.FUNDING


def test_a_correction_forgets_the_details_of_the_wrong_outcome() -> None:
    lost_to_rival = OpportunityLost(
        learned=at(THURSDAY), loss_kind=LossKind.RIVAL, alternative_id=RIVAL
    )

    state = given(opened, rival_known, lost_to_rival).when(correct(Outcome.WON)).state

    assert (state.loss_kind, state.lost_to) == (None, None)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (correct(Outcome.LOST), "lossKind"),
        (correct(Outcome.LOST, loss_kind=LossKind.RIVAL), "alternativeId"),
        (correct(Outcome.NO_DECISION), "noDecision"),
    ],
    ids=["lost", "lost to a rival", "no decision"],
)
def test_a_corrected_outcome_is_complete(command: CorrectOutcome, missing: str) -> None:
    given(opened, won).when(command).then_refused(IncompleteOutcome, missing=missing)


def test_only_a_closed_opportunity_has_an_outcome_to_correct() -> None:
    given(opened).when(correct(Outcome.WON)).then_refused(StillOpen)


def test_we_look_back_at_what_decided_it() -> None:
    command = ReviewWinLoss(
        opportunity_id=DEAL, summary="Price", surprises=("Procurement decided",)
    )

    given(opened, lost).when(command).then(
        WinLossReviewed(learned=JUST_NOW, summary="Price", surprises=("Procurement decided",))
    )


def test_nobody_looks_back_at_an_opportunity_that_is_still_open() -> None:
    given(opened).when(ReviewWinLoss(opportunity_id=DEAL, summary="?")).then_refused(StillOpen)


def test_what_is_learned_after_the_close_no_longer_moves_the_score() -> None:
    closed = given(opened, learned(budget(100), "before"), lost)
    later = given(
        opened, learned(budget(100), "before"), lost, learned(budget(40), "after", on=FRIDAY)
    )

    assert known(later.state) == known(closed.state)
    assert later.state.standing("funding").belief != closed.state.standing("funding").belief


def test_opening_again_counts_what_was_learned_after_the_close() -> None:
    reopened = OpportunityReopened(learned=at(FRIDAY), reason="They called")
    after = learned(budget(40), "after", on=FRIDAY)

    state = given(opened, lost, after, reopened).state

    assert known(state).standings == state.standings
