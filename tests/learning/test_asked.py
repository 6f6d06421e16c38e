"""What was known so many days after the first proposal, and of which deals one may ask."""

from datetime import datetime, timedelta

import pytest

from opps.domain.behaviour import PROPOSAL_ANSWER, behaviours
from opps.domain.events import (
    BuyerResponded,
    Event,
    LossKind,
    NoDecisionReason,
    OpportunityClosedWithoutDecision,
    OpportunityDisqualified,
    OpportunityLost,
    OpportunityWon,
    ProposalSent,
)
from opps.learning.asked import Followed, follow
from tests.domain.given import TUESDAY, at, opened, recorded

DAY = timedelta(days=1)


def sent(moment: datetime = TUESDAY, proposal: str = "P-1") -> ProposalSent:
    return ProposalSent(learned=at(moment), proposal=proposal)


def answered(moment: datetime) -> BuyerResponded:
    return BuyerResponded(learned=at(moment), response="They called")


def won(moment: datetime) -> OpportunityWon:
    return OpportunityWon(learned=at(moment))


def followed(*events: Event, ages: tuple[float, ...] = (1, 5, 12)) -> Followed:
    one = follow("A", recorded(events), ages)
    assert one is not None
    return one


def seen(one: Followed) -> dict[float, str]:
    return {
        asked.age_days: behaviours(asked.known.conduct, {}, asked.known.clock)[PROPOSAL_ANSWER]
        for asked in one.asked
    }


def test_a_deal_without_a_proposal_is_not_asked_about() -> None:
    assert follow("A", recorded([opened, won(TUESDAY)]), [1.0]) is None


def test_ages_count_from_the_first_proposal_and_the_clock_stands_there() -> None:
    one = followed(opened, sent(), sent(TUESDAY + 4 * DAY, "P-2"))

    assert one.proposed_at == TUESDAY
    assert [asked.known.clock for asked in one.asked] == [TUESDAY + d * DAY for d in (1, 5, 12)]
    assert seen(one) == {1: "AWAITED_001_DAYS", 5: "AWAITED_001_DAYS", 12: "AWAITED_008_DAYS"}


def test_what_happens_at_an_age_is_seen_at_it_and_not_before() -> None:
    one = followed(opened, sent(), answered(TUESDAY + 5 * DAY))

    assert seen(one) == {1: "AWAITED_001_DAYS", 5: "ANSWERED_000_DAYS", 12: "ANSWERED_005_DAYS"}


def test_a_deal_is_asked_about_only_while_it_is_open() -> None:
    assert [one.age_days for one in followed(opened, sent(), won(TUESDAY + 5 * DAY)).asked] == [1]


def test_an_open_deal_has_no_end_to_learn_from() -> None:
    assert followed(opened, sent()).closed_at is None


@pytest.mark.parametrize(
    ("end", "was_won", "decided"),
    [
        (won(TUESDAY + 2 * DAY), True, True),
        (OpportunityLost(learned=at(TUESDAY + 2 * DAY), loss_kind=LossKind.RIVAL), False, True),
        (OpportunityDisqualified(learned=at(TUESDAY + 2 * DAY), reason="No"), False, True),
        (
            OpportunityClosedWithoutDecision(
                learned=at(TUESDAY + 2 * DAY), reason=NoDecisionReason.CANCELLED
            ),
            False,
            False,
        ),
    ],
)
def test_how_a_deal_ended_is_what_it_teaches(end: Event, was_won: bool, decided: bool) -> None:
    one = followed(opened, sent(), end)
    (row,) = one.rows(weight=0.5)

    assert (row.won, row.decided, row.weight) == (was_won, decided, 0.5)
    assert (row.closed_at, row.opportunity_id) == (TUESDAY + 2 * DAY, one.opportunity_id)
    assert row.moment == "1_DAYS_AFTER_PROPOSAL"


def test_history_is_read_by_its_time_in_whatever_order_it_lies() -> None:
    history = recorded([opened, sent(), answered(TUESDAY + 2 * DAY), won(TUESDAY + 9 * DAY)])

    mixed = follow("A", [history[number] for number in (0, 3, 2, 1)], [1.0, 5.0])

    assert mixed is not None
    assert seen(mixed) == {1: "AWAITED_001_DAYS", 5: "ANSWERED_003_DAYS"}
