"""An import is taken back: what it brought goes, what was there before comes back."""

from datetime import date

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.errors import Blank, OpportunityIsWithdrawn, RoleNeeded
from opps.domain.events import (
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    Event,
    FactRetracted,
    ForecastCategory,
    ForecastCategorySet,
    ImportCompleted,
    ImportReverted,
    ImportStarted,
    OpportunityWithdrawn,
    Outcome,
    OutcomeCorrected,
    ProposalSent,
    RetractionReason,
    SellerActed,
    StageSet,
    Supersedes,
    Supersession,
)
from opps.domain.facts.purchase import FundingStatus
from opps.domain.import_errors import ImportRevertedAlready, UnknownImport
from opps.domain.imports import ImportStatus, check_revert, fold, to_revert
from opps.domain.opportunity.commands import ReopenOpportunity, SetStage
from opps.domain.opportunity.evolve import fold as folded
from opps.domain.opportunity.reverting import stays, take_back
from opps.domain.opportunity.state import Opportunity, Status, known
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from opps.domain.roles import ActorRole
from opps.domain.score import score
from opps.domain.wrong_beliefs import findings
from tests.domain.given import (
    APRIL_30,
    DEAL,
    JUST_NOW,
    MANAGER,
    MARCH_31,
    SELLER,
    TUESDAY,
    WEDNESDAY,
    at,
    budget,
    euros,
    given,
    learned,
    lost,
    named,
    opened,
    recorded,
    won,
)
from tests.examples.events import ALL_EVENTS, OPENED

IMPORT = named("import")
WRONG = "The wrong file"
approved = learned(budget(100_000), "approved")
none_left = learned(
    budget(100_000, FundingStatus.NONE),
    "none left",
    on=WEDNESDAY,
    replaces=Supersedes(named("approved"), Supersession.WE_LEARNED_BETTER),
)


def history(by_hand: list[Event], imported: list[Event]) -> list[Recorded[Event]]:
    """Return what people recorded, and behind it what the import brought."""
    brought = Metadata(
        actor=Actor(principal=SELLER, role="SELLER", via=Via.IMPORT), correlation_id=IMPORT
    )
    every = recorded([*by_hand, *imported])
    first = len(by_hand)
    return [*every[:first], *(replace(one, metadata=brought) for one in every[first:])]


def reverted(before: list[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return a history with what takes the import back."""
    events = take_back(before, IMPORT, WRONG, JUST_NOW)
    more = recorded([*(one.event for one in before), *events])
    return [*before, *more[len(before) :]]


def state_of(of: list[Recorded[Event]]) -> Opportunity:
    state = folded(of)
    assert state is not None
    return state


def test_what_an_import_opened_never_was_one_of_ours() -> None:
    deal = history([], [opened, StageSet(learned=at(TUESDAY), stage="Offer"), won])

    events = take_back(deal, IMPORT, WRONG, JUST_NOW)

    assert events == [OpportunityWithdrawn(learned=JUST_NOW, import_id=IMPORT, reason=WRONG)]
    assert state_of(reverted(deal)).status is Status.WITHDRAWN


@pytest.mark.parametrize(
    "command",
    [
        SetStage(opportunity_id=DEAL, stage="Offer"),
        ReopenOpportunity(opportunity_id=DEAL, reason="It was ours after all"),
    ],
)
def test_nobody_works_on_what_was_withdrawn(command: SetStage | ReopenOpportunity) -> None:
    gone = OpportunityWithdrawn(learned=at(TUESDAY), import_id=IMPORT, reason=WRONG)

    given(opened, gone).when(command).then_refused(OpportunityIsWithdrawn, opportunity_id=DEAL)


def test_what_an_import_added_to_a_deal_of_ours_is_put_back() -> None:
    by_hand: list[Event] = [
        opened,
        AmountEstimated(learned=at(TUESDAY), amount=euros(100)),
        CommitDateSet(learned=at(TUESDAY), commit_date=MARCH_31, basis=CommitBasis.OURS),
        StageSet(learned=at(TUESDAY), stage="Offer", stage_default=0.4),
    ]
    deal = history(
        by_hand,
        [
            AmountEstimated(learned=at(WEDNESDAY), amount=euros(900)),
            CommitDateSet(learned=at(WEDNESDAY), commit_date=APRIL_30, basis=CommitBasis.OURS),
            StageSet(learned=at(WEDNESDAY), stage="Won", stage_default=1.0),
            ForecastCategorySet(learned=at(WEDNESDAY), category=ForecastCategory.COMMIT),
            ProposalSent(learned=at(WEDNESDAY), proposal="P-1"),
            won,
        ],
    )

    before, after = state_of(recorded(by_hand)), state_of(reverted(deal))

    assert after.status is Status.OPEN
    assert (after.amount, after.commit_date, after.pushes) == (euros(100), date(2026, 3, 31), 0)
    assert (after.stage, after.stage_default, after.category) == ("Offer", 0.4, None)
    assert after.proposal_sent_at is None
    assert score(known(after)) == score(known(before))


def test_a_deal_that_was_lost_before_the_import_is_lost_again() -> None:
    by_hand: list[Event] = [opened, lost]
    reopened = [
        one for one in ALL_EVENTS if type(one).__name__ in ("OpportunityReopened", "StageSet")
    ]

    after = state_of(reverted(history(by_hand, reopened)))

    before = state_of(recorded(by_hand))
    assert (after.status, after.closed_at, after.loss_kind) == (
        Status.LOST,
        before.closed_at,
        before.loss_kind,
    )
    assert score(known(after)) == score(known(before))


def test_what_was_learned_after_the_end_moves_no_score_once_the_outcome_is_put_back() -> None:
    by_hand: list[Event] = [opened, lost, replace(approved, after_close=True)]
    corrected = OutcomeCorrected(
        learned=at(WEDNESDAY), outcome=Outcome.NO_DECISION, reason="The CRM says so"
    )

    after = state_of(reverted(history(by_hand, [corrected])))

    before = state_of(recorded(by_hand))
    assert (after.status, after.closed_at) == (Status.LOST, before.closed_at)
    assert score(known(after)) == score(known(before))


def test_how_an_amount_was_worked_out_comes_back_with_it() -> None:
    worked_out = AmountEstimated(
        learned=at(TUESDAY),
        amount=euros(100),
        quantity=4,
        unit_price=euros(25).amount,
        basis="List price",
    )
    other = AmountEstimated(learned=at(WEDNESDAY), amount=euros(900), basis="CRM")

    events = take_back(history([opened, worked_out], [other]), IMPORT, WRONG, JUST_NOW)

    assert replace(worked_out, learned=JUST_NOW) in events


def test_the_facts_of_an_import_are_retracted_and_what_they_replaced_stands_again() -> None:
    deal = history([opened, approved], [none_left])

    events = take_back(deal, IMPORT, WRONG, JUST_NOW)

    assert isinstance(events[0], FactRetracted)
    assert events[0].reason is RetractionReason.IMPORT_REVERTED
    assert state_of(reverted(deal)).stands(named("approved"))


def test_a_fact_of_a_wrong_file_is_no_wrong_belief_of_a_seller() -> None:
    deal = history([opened], [approved])
    retraction = take_back(deal, IMPORT, WRONG, JUST_NOW)[0]

    assert findings(state_of(deal), retraction) == []


def test_what_our_side_did_stays_told_and_changes_no_value() -> None:
    acted = SellerActed(learned=at(WEDNESDAY), activity="Call")
    deal = history([opened], [acted, StageSet(learned=at(WEDNESDAY), stage="Offer")])

    assert stays(deal, IMPORT) == {"SellerActed": 1}


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    once = reverted(history([opened], [approved]))

    assert take_back(once, IMPORT, WRONG, JUST_NOW) == []
    assert take_back(reverted(history([], [opened])), IMPORT, WRONG, JUST_NOW) == []


UNDONE = [
    one
    for one in ALL_EVENTS
    if type(one).__name__
    in (
        "OpportunityRenamed",
        "OwnershipTransferred",
        "TeamMemberJoined",
        "TeamMemberLeft",
        "AmountEstimated",
        "CommitDateSet",
        "StageSet",
        "ForecastCategorySet",
        "SellerEstimateRecorded",
        "ProposalSent",
        "BuyerResponded",
        "OpportunityWon",
        "OpportunityLost",
        "OpportunityClosedWithoutDecision",
        "OpportunityDisqualified",
        "OpportunityReopened",
        "OutcomeCorrected",
        "FactLearned",
    )
]


@settings(max_examples=80, deadline=None)
@whatever(
    st.lists(st.sampled_from(UNDONE), max_size=6),
    st.lists(st.sampled_from(UNDONE), min_size=1, max_size=6),
)
def test_whatever_an_import_added_values_and_score_are_as_before(
    by_hand: list[Event], imported: list[Event]
) -> None:
    before = state_of(recorded([OPENED, *by_hand]))
    after = state_of(reverted(history([OPENED, *by_hand], imported)))

    for name in (
        "title",
        "owner",
        "team",
        "status",
        "closed_at",
        "amount",
        "map",
        "commit_date",
        "commit_basis",
        "pushes",
        "stage",
        "category",
        "seller_estimate",
        "proposal_sent_at",
        "buyer_responded_at",
    ):
        assert getattr(after, name) == getattr(before, name), name
    if before.open:
        assert score(known(after)).milli_points == score(known(before)).milli_points


def test_an_import_is_begun_then_complete_then_reverted() -> None:
    started = ImportStarted(source="crm", mapping="m", file_digest="f", attempt=2)
    told = recorded(
        [
            started,
            ImportCompleted(counts={"rows": 3}),
            ImportReverted(reason=WRONG, events=2, opportunities=1),
        ]
    )

    found = [fold(told[: number + 1]) for number in range(3)]

    assert [one.status for one in found if one] == [*ImportStatus]
    last = found[-1]
    assert last is not None
    assert (last.attempt, last.counts, last.reason) == (2, {"rows": 3}, WRONG)
    assert (last.events, last.opportunities, last.reverted_by) == (2, 1, SELLER)


def test_an_import_is_reverted_once_and_only_if_there_is_one() -> None:
    told = recorded(
        [
            ImportStarted(source="crm", mapping="m", file_digest="f"),
            ImportReverted(reason=WRONG, events=2, opportunities=1),
        ]
    )

    with pytest.raises(ImportRevertedAlready):
        to_revert(fold(told), DEAL)
    with pytest.raises(UnknownImport):
        to_revert(None, DEAL)


@pytest.mark.parametrize("role", [*ActorRole])
def test_managers_and_administrators_revert_imports(role: ActorRole) -> None:
    actor = Actor(principal=MANAGER, role=role, via=Via.GRAPHQL)

    if role in (ActorRole.MANAGER, ActorRole.ADMIN):
        check_revert(actor, WRONG)
    else:
        with pytest.raises(RoleNeeded):
            check_revert(actor, WRONG)


def test_who_reverts_says_why() -> None:
    actor = Actor(principal=MANAGER, role=ActorRole.MANAGER, via=Via.GRAPHQL)

    with pytest.raises(Blank):
        check_revert(actor, " ")
