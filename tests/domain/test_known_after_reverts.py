"""What was known, as told since an import was taken back: its values no more, later ones all."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.events import (
    AmountEstimated,
    CommitBasis,
    CommitDateSet,
    Event,
    OpportunityReopened,
    ProposalSent,
)
from opps.domain.opportunity.evolve import fold
from opps.domain.opportunity.known_line import changed_since, line_of, retold
from opps.domain.opportunity.lenses import AsKnown, through
from opps.domain.opportunity.placing import VALUES, placed
from opps.domain.opportunity.reverting import take_back
from opps.domain.opportunity.state import Opportunity, Status
from opps.domain.recorded import Actor, Metadata, Recorded, Via
from tests.domain.given import (
    APRIL_30,
    MANAGER,
    MARCH_31,
    SELLER,
    at,
    budget,
    euros,
    learned,
    lost,
    named,
    opened,
    won,
)
from tests.domain.test_curves import Told, on, told
from tests.examples.events import ALL_EVENTS

IMPORT, NEXT = named("import"), named("the next import")
BY_HAND = Metadata(actor=Actor(principal=MANAGER, role="MANAGER", via=Via.GRAPHQL))
# The days after 1 March on which it was recorded: whatever is told was learned before.
FIRST, REVERTED, SECOND = 40, 41, 42

opening: Told = (0, replace(opened, learned=at(on(0))))
worth_100: Event = AmountEstimated(learned=at(on(1)), amount=euros(100))
wrong: list[Event] = [
    AmountEstimated(learned=at(on(5)), amount=euros(900)),
    CommitDateSet(learned=at(on(5)), commit_date=APRIL_30, basis=CommitBasis.OURS),
    replace(won, learned=at(on(9))),
]
right: list[Event] = [
    AmountEstimated(learned=at(on(3)), amount=euros(300)),
    CommitDateSet(learned=at(on(3)), commit_date=MARCH_31, basis=CommitBasis.OURS),
    ProposalSent(learned=at(on(4)), proposal="P-1"),
]


def brought(by: Metadata, of: Sequence[Recorded[Event]]) -> list[Recorded[Event]]:
    return [replace(one, metadata=by) for one in of]


def by_import(import_id: UUID) -> Metadata:
    actor = Actor(principal=SELLER, role="SELLER", via=Via.IMPORT)
    return Metadata(actor=actor, correlation_id=import_id)


def history(
    by_hand: Sequence[Event], first: Sequence[Event], second: Sequence[Event]
) -> list[Recorded[Event]]:
    """Return a deal of ours with an import that was taken back, and one that came afterwards."""
    ours: list[Told] = [opening, *((1, one) for one in by_hand)]
    theirs: list[Told] = [(FIRST, one) for one in first]
    kept, added = len(ours), len(ours) + len(theirs)
    before = told(*ours, *theirs)
    before[kept:] = brought(by_import(IMPORT), before[kept:])
    back: list[Told] = [
        (REVERTED, one) for one in take_back(before, IMPORT, "The wrong file", at(on(REVERTED)))
    ]
    every = told(*ours, *theirs, *back, *((SECOND, one) for one in second))
    until = added + len(back)
    every[kept:added] = before[kept:]
    every[added:until] = brought(replace(BY_HAND, correlation_id=IMPORT), every[added:until])
    every[until:] = brought(by_import(NEXT), every[until:])
    return every


def known(of: list[Recorded[Event]], day: float) -> Opportunity:
    state = through(AsKnown(on(day)), of)
    assert state is not None
    return state


@pytest.mark.parametrize("day", [4, 6, 10, REVERTED, SECOND, 50])
def test_what_comes_in_after_a_revert_is_known_from_when_it_was_learned(day: float) -> None:
    state = known(history([worth_100], wrong, right), day)

    assert (state.status, state.amount) == (Status.OPEN, euros(300))
    assert (state.commit_date, state.proposal_sent_at) == (MARCH_31, on(4))


def test_an_end_that_was_told_after_a_revert_is_known_with_all_before_it() -> None:
    state = known(history([worth_100], wrong, [*right, replace(won, learned=at(on(7)))]), 50)

    assert (state.status, state.commit_date) == (Status.WON, MARCH_31)


def test_before_the_revert_was_told_its_values_were_known() -> None:
    until = [one for one in history([worth_100], wrong, right) if one.recorded_at < on(REVERTED)]

    assert known(until, 6).amount == euros(900)


def test_a_fact_of_an_import_was_believed_until_its_revert() -> None:
    told_late = learned(budget(100_000), "approved", on=on(5))
    deal = history([], [told_late], [])

    assert known(deal, 6).stands(named("approved"))
    assert not known(deal, REVERTED).stands(named("approved"))


def test_a_revert_that_closes_a_deal_again_is_no_end_behind_all_others() -> None:
    again = OpportunityReopened(learned=at(on(9)), reason="The CRM says so")
    every = history([replace(lost, learned=at(on(5)))], [again], [])
    before, after = fold(every[:-1]), fold(every)
    assert before is not None
    assert after is not None

    assert (before.open, after.status) == (True, Status.LOST)
    assert not line_of(every[:-1], before).follows(every[-1], before, after)


ADDED: list[Event] = [one for one in ALL_EVENTS if isinstance(one, VALUES)]


@st.composite
def learned_some_day(draw: st.DrawFn, *, of: list[Event]) -> Event:
    event = draw(st.sampled_from(of))
    return replace(event, learned=at(on(draw(st.integers(1, 30)))))


some = st.lists(learned_some_day(of=ADDED), max_size=5)


@settings(max_examples=80, deadline=None)
@whatever(some, some, some, st.integers(0, 50))
def test_told_after_a_revert_it_is_as_if_the_values_had_never_come(
    by_hand: list[Event], first: list[Event], second: list[Event], day: int
) -> None:
    with_it, without = (
        known(history(by_hand, first, second), day),
        known(history(by_hand, [], second), day),
    )

    for name in ("title", "owner", "team", "status", "closed_at", "amount", "commit_date"):
        assert getattr(with_it, name) == getattr(without, name), name
    for name in ("pushes", "stage", "category", "seller_estimate", "conduct", "merged_into"):
        assert getattr(with_it, name) == getattr(without, name), name


@settings(max_examples=80, deadline=None)
@whatever(some, some, some)
def test_a_line_that_is_followed_event_by_event_shows_what_the_lens_shows(
    by_hand: list[Event], first: list[Event], second: list[Event]
) -> None:
    every = history(by_hand, first, second)
    for length in range(2, len(every) + 1):
        before, after = fold(every[: length - 1]), fold(every[:length])
        assert before is not None
        assert after is not None
        since = changed_since(every[:length], before, after)

        for at_, _ in placed(every[: length - 1], before):
            if at_ < since:
                was = through(AsKnown(at_), every[: length - 1])
                now = through(AsKnown(at_), every[:length])
                assert was is not None
                assert now is not None
                assert (was.amount, was.status, was.title) == (now.amount, now.status, now.title)
        assert retold(every[:length], after, since)
