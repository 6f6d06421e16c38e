"""Duplicates: two entries that are one, and that may turn out to be two after all."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from opps.domain import account as accounts
from opps.domain import person as persons
from opps.domain.account import Account, MergeAccount, UndoAccountMerge
from opps.domain.errors import Blank, PersonIsErased, Refusal, UnknownPerson
from opps.domain.events import (
    AccountAbsorbed,
    AccountMerged,
    AccountMergeUndone,
    AccountRegistered,
    ErasureBasis,
    Event,
    PersonAbsorbed,
    PersonErased,
    PersonMerged,
    PersonMergeUndone,
    PersonMoved,
    PersonRegistered,
)
from opps.domain.merge_errors import (
    GoesOnElsewhere,
    MergedAlready,
    MergedInACircle,
    MergedWithItself,
    NotMerged,
)
from opps.domain.merging import Two
from opps.domain.person import MergePerson, MovePerson, Person, UndoPersonMerge
from opps.domain.personal import Clear, ErasureLevel
from opps.domain.recorded import Recorded
from tests.domain.given import ACCOUNT, named, recorded

HALDEN, HALDEN_AG, OTHER = named("halden"), named("halden ag"), named("other")
SAME = "One company, entered twice"
merge = MergeAccount(account_id=HALDEN, into_account=HALDEN_AG, reason=SAME)
undo = UndoAccountMerge(account_id=HALDEN, reason="Two plants")
erased = PersonErased(
    erasure_id=named("erasure"),
    level=ErasureLevel.IDENTITY,
    basis=ErasureBasis.OBJECTION,
    requested_by=named("one"),
    approved_by=named("second"),
)


def _told(id_: UUID, *past: Event) -> list[Recorded[Event]]:
    return [structs.replace(one, stream=id_) for one in recorded(past)]


def account(id_: UUID, *past: Event) -> Account:
    state: Account | None = None
    for one in _told(id_, AccountRegistered(name="Halden"), *past):
        state = accounts.evolve(state, one)
    assert state is not None
    return state


def person(id_: UUID, *past: Event) -> Person:
    state: Person | None = None
    for one in _told(id_, PersonRegistered(name=Clear(id_, "Dana")), *past):
        state = persons.evolve(state, one)
    assert state is not None
    return state


def two(duplicate: Account, survivor: Account, goes_on: UUID | None = None) -> Two[Account]:
    return Two(
        duplicate_id=duplicate.account_id,
        duplicate=duplicate,
        survivor_id=survivor.account_id,
        survivor=survivor,
        goes_on=goes_on or survivor.account_id,
    )


def two_persons(duplicate: Person, survivor: Person) -> Two[Person]:
    return Two(
        duplicate_id=duplicate.person_id,
        duplicate=duplicate,
        survivor_id=survivor.person_id,
        survivor=survivor,
        goes_on=survivor.person_id,
    )


def test_a_duplicate_goes_on_as_the_account_that_it_is_and_each_history_says_so() -> None:
    decided = accounts.decide_merge(two(account(HALDEN), account(HALDEN_AG)), merge)

    merged = AccountMerged(into_account=HALDEN_AG, reason=SAME)
    absorbed = AccountAbsorbed(merged_account=HALDEN, reason=SAME)
    assert decided == [(HALDEN, merged), (HALDEN_AG, absorbed)]
    assert account(HALDEN, merged).merged_into == HALDEN_AG
    assert account(HALDEN_AG, absorbed).absorbed == (HALDEN,)


def test_the_same_merge_again_changes_nothing() -> None:
    merged = account(HALDEN, AccountMerged(into_account=HALDEN_AG, reason=SAME))

    assert accounts.decide_merge(two(merged, account(HALDEN_AG)), merge) == []


def test_a_merge_that_was_a_mistake_is_undone_in_both_histories() -> None:
    merged = account(HALDEN, AccountMerged(into_account=HALDEN_AG, reason=SAME))
    absorbing = account(HALDEN_AG, AccountAbsorbed(merged_account=HALDEN, reason=SAME))
    decided = accounts.decide_merge(two(merged, absorbing), undo)

    undone = AccountMergeUndone(merged_account=HALDEN, into_account=HALDEN_AG, reason="Two plants")
    assert decided == [(HALDEN, undone), (HALDEN_AG, undone)]
    again = AccountMerged(into_account=HALDEN_AG, reason=SAME)
    assert account(HALDEN, again, undone).merged_into is None
    absorbed = AccountAbsorbed(merged_account=HALDEN, reason=SAME)
    assert account(HALDEN_AG, absorbed, undone).absorbed == ()


def test_nothing_is_merged_into_itself() -> None:
    own = two(account(HALDEN), account(HALDEN))

    with pytest.raises(MergedWithItself):
        accounts.decide_merge(own, merge)


def test_what_was_merged_elsewhere_is_not_merged_again() -> None:
    elsewhere = account(HALDEN, AccountMerged(into_account=OTHER, reason=SAME))

    with pytest.raises(MergedAlready) as refused:
        accounts.decide_merge(two(elsewhere, account(HALDEN_AG)), merge)
    assert refused.value.other == OTHER


def test_nothing_is_merged_into_what_was_merged_itself() -> None:
    survivor = account(HALDEN_AG, AccountMerged(into_account=OTHER, reason=SAME))

    with pytest.raises(GoesOnElsewhere) as refused:
        accounts.decide_merge(two(account(HALDEN), survivor, OTHER), merge)
    assert refused.value.other == OTHER


def test_two_accounts_do_not_go_on_as_each_other() -> None:
    survivor = account(HALDEN_AG, AccountMerged(into_account=HALDEN, reason=SAME))

    with pytest.raises(MergedInACircle):
        accounts.decide_merge(two(account(HALDEN), survivor, HALDEN), merge)


def test_what_was_not_merged_is_not_taken_apart() -> None:
    with pytest.raises(NotMerged):
        accounts.decide_merge(two(account(HALDEN), account(HALDEN)), undo)


def test_a_merge_has_a_reason() -> None:
    blank = MergeAccount(account_id=HALDEN, into_account=HALDEN_AG, reason=" ")

    with pytest.raises(Blank):
        accounts.decide_merge(two(account(HALDEN), account(HALDEN_AG)), blank)


def test_why_two_persons_are_one_is_kept_under_the_keys_of_each() -> None:
    asked = MergePerson(person_id=HALDEN, into_person=OTHER, reason="Dana married")
    decided = persons.decide_merge(two_persons(person(HALDEN), person(OTHER)), asked)

    merged = PersonMerged(into_person=OTHER, reason=Clear(HALDEN, "Dana married"))
    absorbed = PersonAbsorbed(merged_person=HALDEN, reason=Clear(OTHER, "Dana married"))
    assert decided == [(HALDEN, merged), (OTHER, absorbed)]
    assert person(HALDEN, merged).merged_into == OTHER
    assert person(OTHER, absorbed).absorbed == (HALDEN,)


def test_two_persons_are_two_again() -> None:
    merged = PersonMerged(into_person=OTHER, reason=Clear(HALDEN, SAME))
    absorbed = PersonAbsorbed(merged_person=HALDEN, reason=Clear(OTHER, SAME))
    asked = UndoPersonMerge(person_id=HALDEN, reason="Father and son")
    pair = two_persons(person(HALDEN, merged), person(OTHER, absorbed))
    [(one, own), (other, others)] = persons.decide_merge(pair, asked)

    assert (one, other) == (HALDEN, OTHER)
    assert isinstance(own, PersonMergeUndone)
    assert own.reason == Clear(HALDEN, "Father and son")
    assert person(HALDEN, merged, own).merged_into is None
    assert person(OTHER, absorbed, others).absorbed == ()


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_was_erased_is_neither_merged_nor_taken_apart(which: int) -> None:
    pair = [person(HALDEN), person(OTHER)]
    pair[which] = person(pair[which].person_id, erased)
    asked = MergePerson(person_id=HALDEN, into_person=OTHER, reason=SAME)

    with pytest.raises(PersonIsErased):
        persons.decide_merge(two_persons(*pair), asked)
    with pytest.raises(PersonIsErased):
        persons.decide_merge(two_persons(*pair), UndoPersonMerge(person_id=HALDEN, reason="No"))


def test_a_person_moves_to_another_organisation_and_to_none_that_we_know() -> None:
    dana = person(HALDEN)
    [moved] = persons.decide(dana, MovePerson(person_id=HALDEN, account_id=ACCOUNT))
    [left] = persons.decide(person(HALDEN, moved), MovePerson(person_id=HALDEN))

    assert moved == PersonMoved(account_id=ACCOUNT)
    assert person(HALDEN, moved).account_id == ACCOUNT
    assert person(HALDEN, moved, left).account_id is None


def test_a_person_who_works_there_already_does_not_move() -> None:
    there = person(HALDEN, PersonMoved(account_id=ACCOUNT))

    assert persons.decide(there, MovePerson(person_id=HALDEN, account_id=ACCOUNT)) == []


def test_a_person_nobody_registered_does_not_move() -> None:
    with pytest.raises(UnknownPerson):
        persons.decide(None, MovePerson(person_id=HALDEN))


FIVE = [named(f"account {number}") for number in range(5)]
step = st.tuples(st.booleans(), st.sampled_from(FIVE), st.sampled_from(FIVE))


@given(st.lists(step, max_size=30))
def test_however_accounts_are_merged_and_taken_apart_each_goes_on_as_one_that_stands(
    steps: list[tuple[bool, UUID, UUID]],
) -> None:
    past: dict[UUID, list[Event]] = {id_: [] for id_ in FIVE}

    def state(id_: UUID) -> Account:
        return account(id_, *past[id_])

    def goes_on(id_: UUID) -> UUID:
        met = set()
        while (into := state(id_).merged_into) is not None:
            assert id_ not in met, "a circle"
            met.add(id_)
            id_ = into
        return id_

    for merging, one, other in steps:
        command: MergeAccount | UndoAccountMerge = (
            MergeAccount(account_id=one, into_account=other, reason=SAME)
            if merging
            else UndoAccountMerge(account_id=one, reason="Two")
        )
        into = other if merging else state(one).merged_into or one
        try:
            decided = accounts.decide_merge(two(state(one), state(into), goes_on(into)), command)
        except Refusal:
            continue
        for stream, event in decided:
            past[stream].append(event)

    for id_ in FIVE:
        assert state(goes_on(id_)).merged_into is None
        for absorbed in state(id_).absorbed:
            assert state(absorbed).merged_into == id_
