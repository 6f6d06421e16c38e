"""What the seller says of an opportunity: amount, dates, stage, category, estimate, proposals."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from opps.domain.errors import CurrencyMix, NotOpen, UnknownReference
from opps.domain.events import (
    AmountEstimated,
    AnyOpportunityEvent,
    BuyerResponded,
    CommitBasis,
    CommitDateSet,
    ForecastCategory,
    ForecastCategorySet,
    ProposalPrepared,
    ProposalSent,
    ProposalWithdrawn,
    SellerActed,
    SellerEstimateRecorded,
    SourceEventImported,
    StageSet,
)
from opps.domain.money import Money
from opps.domain.opportunity.commands import (
    AnyOpportunityCommand,
    EstimateAmount,
    ImportSourceEvent,
    PrepareProposal,
    RecordBuyerResponse,
    RecordProposalSent,
    RecordSellerActivity,
    RecordSellerEstimate,
    SetCommitDate,
    SetForecastCategory,
    SetStage,
    WithdrawProposal,
)
from opps.domain.provenance import Channel
from tests.domain.given import (
    APRIL_30,
    CFO,
    DEAL,
    FRIDAY,
    JUST_NOW,
    MARCH_31,
    NOBODY,
    TUESDAY,
    at,
    cfo_known,
    euros,
    given,
    lost,
    opened,
    won,
)

DOLLARS = Money(Decimal(100), "USD")


def test_an_amount_is_estimated_with_what_it_rests_on() -> None:
    command = EstimateAmount(
        opportunity_id=DEAL,
        amount=euros(300_000),
        quantity=40,
        unit_price=Decimal(7500),
        basis="Forty lines at list price",
    )
    outcome = given(opened).when(command)

    outcome.then(
        AmountEstimated(
            learned=JUST_NOW,
            amount=euros(300_000),
            quantity=40,
            unit_price=Decimal(7500),
            basis="Forty lines at list price",
        )
    )
    assert outcome.state.amount == euros(300_000)


@pytest.mark.parametrize(
    "command",
    [
        EstimateAmount(opportunity_id=DEAL, amount=DOLLARS),
        PrepareProposal(opportunity_id=DEAL, proposal="P-1", amount=DOLLARS),
        RecordProposalSent(opportunity_id=DEAL, proposal="P-1", amount=DOLLARS),
    ],
    ids=["estimate", "prepared", "sent"],
)
def test_an_amount_in_another_currency_than_the_opportunitys_is_refused(
    command: AnyOpportunityCommand,
) -> None:
    given(opened).when(command).then_refused(CurrencyMix, expected="EUR", given="USD")


def test_the_first_commit_date_is_no_push() -> None:
    command = SetCommitDate(
        opportunity_id=DEAL, commit_date=MARCH_31, basis=CommitBasis.BUYER_STATED
    )
    outcome = given(opened).when(command)

    outcome.then(
        CommitDateSet(learned=JUST_NOW, commit_date=MARCH_31, basis=CommitBasis.BUYER_STATED)
    )
    assert (outcome.state.commit_date, outcome.state.pushes) == (MARCH_31, 0)


def promised(day: date) -> CommitDateSet:
    return CommitDateSet(learned=at(TUESDAY), commit_date=day, basis=CommitBasis.OURS)


def test_a_later_commit_date_is_a_push() -> None:
    assert given(opened, promised(MARCH_31), promised(APRIL_30)).state.pushes == 1


def test_an_earlier_commit_date_is_a_pull_in_and_no_push() -> None:
    state = given(opened, promised(APRIL_30), promised(MARCH_31)).state

    assert (state.commit_date, state.pushes) == (MARCH_31, 0)


def test_the_same_commit_date_on_the_same_basis_changes_nothing() -> None:
    command = SetCommitDate(opportunity_id=DEAL, commit_date=MARCH_31, basis=CommitBasis.OURS)

    given(opened, promised(MARCH_31)).when(command).then_nothing()


def test_the_buyer_confirming_our_commit_date_is_worth_recording() -> None:
    command = SetCommitDate(
        opportunity_id=DEAL, commit_date=MARCH_31, basis=CommitBasis.BUYER_STATED
    )
    outcome = given(opened, promised(MARCH_31)).when(command)

    outcome.then_one(CommitDateSet)
    assert (outcome.state.commit_basis, outcome.state.pushes) == (CommitBasis.BUYER_STATED, 0)


def test_a_stage_is_noted_with_the_win_rate_it_stands_for() -> None:
    outcome = given(opened).when(
        SetStage(opportunity_id=DEAL, stage="Negotiation", stage_default=0.6)
    )

    outcome.then(StageSet(learned=JUST_NOW, stage="Negotiation", stage_default=0.6))
    assert (outcome.state.stage, outcome.state.stage_default) == ("Negotiation", 0.6)


def test_the_same_stage_again_changes_nothing() -> None:
    set_ = StageSet(learned=at(TUESDAY), stage="Offer")

    given(opened, set_).when(SetStage(opportunity_id=DEAL, stage="Offer")).then_nothing()


def test_the_source_system_may_still_move_the_stage_of_a_closed_opportunity() -> None:
    given(opened, lost).when(SetStage(opportunity_id=DEAL, stage="Closed")).then_one(StageSet)


def test_an_opportunity_goes_into_a_forecast_category() -> None:
    outcome = given(opened).when(
        SetForecastCategory(opportunity_id=DEAL, category=ForecastCategory.COMMIT)
    )

    outcome.then(ForecastCategorySet(learned=JUST_NOW, category=ForecastCategory.COMMIT))
    assert outcome.state.category is ForecastCategory.COMMIT


def test_the_same_forecast_category_again_changes_nothing() -> None:
    set_ = ForecastCategorySet(learned=at(TUESDAY), category=ForecastCategory.COMMIT)
    command = SetForecastCategory(opportunity_id=DEAL, category=ForecastCategory.COMMIT)

    given(opened, set_).when(command).then_nothing()


@pytest.mark.parametrize("probability", [0.0, 0.35, 1.0])
def test_a_seller_gives_an_estimate_from_none_to_certain(probability: float) -> None:
    command = msgspec.convert(
        {"opportunity_id": str(DEAL), "probability": probability, "rationale": "They called."},
        RecordSellerEstimate,
    )
    outcome = given(opened).when(command)

    outcome.then(
        SellerEstimateRecorded(learned=JUST_NOW, probability=probability, rationale="They called.")
    )
    assert outcome.state.seller_estimate == probability


@pytest.mark.parametrize("probability", [-0.01, 1.01, 35])
def test_no_estimate_lies_outside_none_to_certain(probability: float) -> None:
    asked = {"opportunity_id": str(DEAL), "probability": probability}

    with pytest.raises(msgspec.ValidationError, match="probability"):
        msgspec.convert(asked, RecordSellerEstimate)


@pytest.mark.parametrize(
    "command",
    [
        EstimateAmount(opportunity_id=DEAL, amount=euros(1)),
        SetCommitDate(opportunity_id=DEAL, commit_date=MARCH_31, basis=CommitBasis.OURS),
        SetForecastCategory(opportunity_id=DEAL, category=ForecastCategory.COMMIT),
        RecordSellerEstimate(opportunity_id=DEAL, probability=0.9),
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.parametrize("closed", [won, lost], ids=["won", "lost"])
def test_nothing_is_promised_of_a_closed_opportunity(
    command: AnyOpportunityCommand, closed: AnyOpportunityEvent
) -> None:
    given(opened, closed).when(command).then_refused(NotOpen)


def test_a_proposal_is_prepared_sent_and_taken_back() -> None:
    prepare = PrepareProposal(opportunity_id=DEAL, proposal="P-1", amount=euros(9))
    send = RecordProposalSent(opportunity_id=DEAL, proposal="P-1", amount=euros(9))
    withdraw = WithdrawProposal(opportunity_id=DEAL, proposal="P-1", reason="Wrong price")

    given(opened).when(prepare).then(
        ProposalPrepared(learned=JUST_NOW, proposal="P-1", amount=euros(9))
    )
    given(opened).when(send).then(ProposalSent(learned=JUST_NOW, proposal="P-1", amount=euros(9)))
    given(opened).when(withdraw).then(
        ProposalWithdrawn(learned=JUST_NOW, proposal="P-1", reason="Wrong price")
    )


def test_a_proposal_that_was_sent_waits_for_the_buyer() -> None:
    state = given(opened).when(RecordProposalSent(opportunity_id=DEAL, proposal="P-1")).state

    assert (state.proposal_sent_at, state.buyer_responded_at) == (FRIDAY, None)


def test_an_answer_of_the_buyer_is_noted_with_who_gave_it() -> None:
    command = RecordBuyerResponse(
        opportunity_id=DEAL,
        response="Wants a second quote",
        channel=Channel.EMAIL,
        evaluator_id=CFO,
    )
    outcome = given(opened, cfo_known).when(command)

    outcome.then(
        BuyerResponded(
            learned=JUST_NOW,
            response="Wants a second quote",
            channel=Channel.EMAIL,
            evaluator_id=CFO,
        )
    )
    assert outcome.state.buyer_responded_at == FRIDAY


def test_an_answer_of_somebody_nobody_mentioned_is_refused() -> None:
    command = RecordBuyerResponse(opportunity_id=DEAL, response="Yes", evaluator_id=NOBODY)

    given(opened, cfo_known).when(command).then_refused(
        UnknownReference, kind="evaluator", id=NOBODY
    )


def test_what_our_side_did_is_noted() -> None:
    given(opened).when(
        RecordSellerActivity(opportunity_id=DEAL, activity="Follow-up", channel=Channel.CALL)
    ).then(SellerActed(learned=JUST_NOW, activity="Follow-up", channel=Channel.CALL))


def test_what_no_mapping_names_is_kept_as_the_source_said_it() -> None:
    given(opened).when(
        ImportSourceEvent(opportunity_id=DEAL, name="W_Beoordelen fraude", detail={"a": "1"})
    ).then(SourceEventImported(learned=JUST_NOW, name="W_Beoordelen fraude", detail={"a": "1"}))
