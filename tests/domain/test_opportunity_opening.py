"""Opening an opportunity, its title, its owner and its team."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from opps.domain.errors import (
    AlreadyExists,
    Blank,
    MalformedContext,
    NotOnTheTeam,
    UnknownOpportunity,
)
from opps.domain.events import (
    CustomerKind,
    OpportunityOpened,
    OpportunityRenamed,
    OwnershipTransferred,
    TeamFunction,
    TeamMemberJoined,
    TeamMemberLeft,
)
from opps.domain.opportunity.commands import (
    AddTeamMember,
    OpenOpportunity,
    RemoveTeamMember,
    RenameOpportunity,
    TransferOwnership,
)
from opps.domain.opportunity.state import do_nothing, us
from tests.domain.given import (
    ACCOUNT,
    COLLEAGUE,
    DEAL,
    JUST_NOW,
    MONDAY,
    SELLER,
    TUESDAY,
    at,
    given,
    lost,
    opened,
)

open_it = OpenOpportunity(
    opportunity_id=DEAL, account_id=ACCOUNT, title="Line 3 widgets", currency="EUR"
)


def test_an_opportunity_belongs_to_the_seller_who_opens_it() -> None:
    given().when(open_it).then(
        OpportunityOpened(
            learned=JUST_NOW,
            account_id=ACCOUNT,
            title="Line 3 widgets",
            currency="EUR",
            owner=SELLER,
        )
    )


def test_an_assistant_can_open_an_opportunity_for_a_colleague() -> None:
    command = OpenOpportunity(
        opportunity_id=DEAL,
        account_id=ACCOUNT,
        title="Line 3 widgets",
        currency="EUR",
        owner=COLLEAGUE,
        customer_kind=CustomerKind.EXISTING,
        origin="REFERRAL",
        context={"region": "north"},
    )

    state = given().when(command).state

    assert state.owner == COLLEAGUE
    assert (state.customer_kind, state.origin) == (CustomerKind.EXISTING, "REFERRAL")
    assert state.context == {"region": "north"}


def test_we_and_doing_nothing_are_alternatives_from_the_start() -> None:
    things = given(opened).state.things

    assert things == {("alternative", us(DEAL)), ("alternative", do_nothing(DEAL))}


def test_an_opportunity_can_have_been_opened_days_before_it_is_recorded() -> None:
    command = OpenOpportunity(
        opportunity_id=DEAL, account_id=ACCOUNT, title="T", currency="EUR", learned=at(MONDAY)
    )

    assert given().when(command).state.opened_at == MONDAY


def test_an_opportunity_is_opened_only_once() -> None:
    given(opened).when(open_it).then_refused(AlreadyExists, id=DEAL)


@pytest.mark.parametrize(
    ("context", "accepted"),
    [
        ({"customer_kind": "NEW"}, False),
        ({"origin": "FAIR"}, False),
        ({"amount_size": "1000-9999"}, False),
        ({"": "north"}, False),
        ({"n" * 101: "north"}, False),
        ({"region": "n" * 201}, False),
        ({f"label {number}": "north" for number in range(51)}, False),
        ({"n" * 100: "n" * 200}, True),
        ({f"label {number}": "north" for number in range(50)}, True),
    ],
)
def test_context_is_a_few_labels_none_of_which_opps_tells_itself(
    context: Mapping[str, str], accepted: bool
) -> None:
    outcome = given().when(replace(open_it, context=context))

    if accepted:
        outcome.then_one(OpportunityOpened)
    else:
        outcome.then_refused(MalformedContext)


@pytest.mark.parametrize("title", [" ", "\t\n", "\u00a0"])
def test_a_title_says_something(title: str) -> None:
    command = OpenOpportunity(opportunity_id=DEAL, account_id=ACCOUNT, title=title, currency="EUR")

    given().when(command).then_refused(Blank, field="title")


def test_nothing_can_be_done_with_an_opportunity_that_was_never_opened() -> None:
    given().when(RenameOpportunity(opportunity_id=DEAL, title="New")).then_refused(
        UnknownOpportunity, opportunity_id=DEAL
    )


def test_a_new_title_is_kept() -> None:
    outcome = given(opened).when(RenameOpportunity(opportunity_id=DEAL, title="Line 4"))

    outcome.then(OpportunityRenamed(learned=JUST_NOW, title="Line 4"))
    assert outcome.state.title == "Line 4"


def test_the_same_title_again_changes_nothing() -> None:
    given(opened).when(
        RenameOpportunity(opportunity_id=DEAL, title="Line 3 widgets")
    ).then_nothing()


def test_a_blank_new_title_is_refused() -> None:
    given(opened).when(RenameOpportunity(opportunity_id=DEAL, title="  ")).then_refused(Blank)


def test_a_handover_names_both_sellers_and_what_the_successor_must_know() -> None:
    command = TransferOwnership(
        opportunity_id=DEAL, to_owner=COLLEAGUE, handover_note="The CFO decides alone."
    )
    outcome = given(opened).when(command)

    outcome.then(
        OwnershipTransferred(
            learned=JUST_NOW,
            from_owner=SELLER,
            to_owner=COLLEAGUE,
            handover_note="The CFO decides alone.",
        )
    )
    assert outcome.state.owner == COLLEAGUE


def test_a_handover_to_the_present_owner_changes_nothing() -> None:
    given(opened).when(TransferOwnership(opportunity_id=DEAL, to_owner=SELLER)).then_nothing()


def test_a_lost_opportunity_can_still_be_handed_over() -> None:
    command = TransferOwnership(opportunity_id=DEAL, to_owner=COLLEAGUE)

    assert given(opened, lost).when(command).state.owner == COLLEAGUE


joined = TeamMemberJoined(learned=at(TUESDAY), member=COLLEAGUE, function=TeamFunction.ENGINEERING)


def test_a_colleague_joins_the_team() -> None:
    command = AddTeamMember(
        opportunity_id=DEAL, member=COLLEAGUE, function=TeamFunction.ENGINEERING
    )
    outcome = given(opened).when(command)

    outcome.then(
        TeamMemberJoined(learned=JUST_NOW, member=COLLEAGUE, function=TeamFunction.ENGINEERING)
    )
    assert outcome.state.team == {COLLEAGUE: TeamFunction.ENGINEERING}


def test_joining_twice_in_one_function_changes_nothing() -> None:
    command = AddTeamMember(
        opportunity_id=DEAL, member=COLLEAGUE, function=TeamFunction.ENGINEERING
    )

    given(opened, joined).when(command).then_nothing()


def test_a_member_can_take_another_function() -> None:
    command = AddTeamMember(opportunity_id=DEAL, member=COLLEAGUE, function=TeamFunction.FINANCE)

    assert given(opened, joined).when(command).state.team == {COLLEAGUE: TeamFunction.FINANCE}


def test_a_member_leaves_the_team() -> None:
    outcome = given(opened, joined).when(RemoveTeamMember(opportunity_id=DEAL, member=COLLEAGUE))

    outcome.then(TeamMemberLeft(learned=JUST_NOW, member=COLLEAGUE))
    assert outcome.state.team == {}


def test_nobody_leaves_a_team_they_are_not_on() -> None:
    given(opened).when(RemoveTeamMember(opportunity_id=DEAL, member=COLLEAGUE)).then_refused(
        NotOnTheTeam, member=COLLEAGUE
    )
