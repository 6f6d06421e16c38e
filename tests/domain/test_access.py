"""Who may do what: roles of people, keys of programs, and an administrator who always stays."""

from datetime import timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from opps.domain.access.commands import (
    AnyAccessCommand,
    GrantRole,
    IssueApiKey,
    KeyScope,
    RevokeApiKey,
    RevokeRole,
)
from opps.domain.access.decide import decide
from opps.domain.access.errors import (
    ExpiresInThePast,
    LastAdministrator,
    RoleNotForKeys,
    RoleNotHeld,
    TooManyKeys,
    UnknownApiKey,
    UnknownProgram,
)
from opps.domain.access.state import Access, evolve
from opps.domain.errors import Blank, Refusal, RoleNeeded
from opps.domain.events import (
    ApiKeyIssued,
    ApiKeyRevoked,
    Event,
    OpportunityRenamed,
    RoleGranted,
    RoleRevoked,
)
from opps.domain.recorded import Actor, Context, Via
from opps.domain.roles import ActorRole
from tests.domain.given import COMMAND, FRIDAY, MONDAY, TUESDAY, at, named, recorded

ANNA, BORIS, EXPORT = named("Anna"), named("Boris"), named("export")
OLD, NEW = named("old key"), named("new key")
DIGEST = "5e" * 32
ADMIN, SELLER = ActorRole.ADMIN, ActorRole.SELLER

anna_runs_it = RoleGranted(principal=ANNA, role=ADMIN)
boris_sells = RoleGranted(principal=BORIS, role=SELLER)
issued = ApiKeyIssued(
    key_id=OLD,
    name="Nightly export",
    digest=DIGEST,
    principal=EXPORT,
    role=ActorRole.INTEGRATOR,
    scopes=("READ",),
    expires_at=FRIDAY,
)
issue = IssueApiKey(name="Nightly export", role=ActorRole.INTEGRATOR, principal=EXPORT)


def access(*events: Event) -> Access | None:
    """Return who may do what after some events."""
    state = None
    for one in recorded(events):
        state = evolve(state, one)
    return state


def held(*events: Event) -> Access:
    """Return the same, of events that there are."""
    found = access(*events)
    assert found is not None
    return found


def when(command: AnyAccessCommand, *events: Event, role: str = "ADMIN") -> list[Event]:
    """Return what a command leads to on Tuesday."""
    actor = Actor(principal=ANNA, role=role, via=Via.GRAPHQL)
    context = Context(now=TUESDAY, actor=actor, command_id=COMMAND)
    return [*decide(access(*events), command, context, DIGEST)]


def test_a_role_is_granted_and_taken_back() -> None:
    grant, revoke = (
        GrantRole(principal=BORIS, role=SELLER),
        RevokeRole(principal=BORIS, role=SELLER),
    )

    assert when(grant) == [boris_sells]
    assert when(revoke, boris_sells) == [RoleRevoked(principal=BORIS, role=SELLER)]
    assert held(boris_sells).roles_of(BORIS) == (SELLER,)
    assert held(boris_sells, *when(revoke, boris_sells)).roles_of(BORIS) == ()


def test_a_role_that_somebody_holds_already_is_not_granted_twice() -> None:
    assert when(GrantRole(principal=BORIS, role=SELLER), boris_sells) == []


def test_somebody_may_hold_several_roles() -> None:
    both = held(boris_sells, RoleGranted(principal=BORIS, role=ActorRole.MANAGER))

    assert both.roles_of(BORIS) == (SELLER, ActorRole.MANAGER)


def test_a_role_that_is_not_held_cannot_be_taken_back() -> None:
    with pytest.raises(RoleNotHeld):
        when(RevokeRole(principal=BORIS, role=ActorRole.MANAGER), anna_runs_it, boris_sells)


def test_the_last_administrator_stays() -> None:
    revoke = RevokeRole(principal=ANNA, role=ADMIN)
    with pytest.raises(LastAdministrator):
        when(revoke, anna_runs_it, boris_sells)

    second = RoleGranted(principal=BORIS, role=ADMIN)
    assert when(revoke, anna_runs_it, second) == [RoleRevoked(principal=ANNA, role=ADMIN)]


@pytest.mark.parametrize("role", sorted(set(ActorRole) - {ADMIN}))
@pytest.mark.parametrize(
    "command",
    [GrantRole(principal=BORIS, role=SELLER), issue, RevokeApiKey(key_id=OLD)],
    ids=lambda one: type(one).__name__,
)
def test_only_administrators_say_who_may_do_what(role: str, command: AnyAccessCommand) -> None:
    with pytest.raises(RoleNeeded):
        when(command, issued, role=role)


def test_a_key_is_issued_for_reading_unless_more_is_asked_for() -> None:
    [read] = when(issue, issued)
    [both] = when(
        IssueApiKey(
            name="Import", role=SELLER, scopes=(KeyScope.WRITE, KeyScope.READ, KeyScope.READ)
        )
    )

    assert isinstance(read, ApiKeyIssued)
    assert isinstance(both, ApiKeyIssued)
    assert (read.scopes, both.scopes) == (("READ",), ("READ", "WRITE"))
    assert (read.digest, read.principal) == (DIGEST, EXPORT)


def test_no_key_is_issued_for_somebody_s_own_id() -> None:
    mine = IssueApiKey(name="Mine", role=SELLER, principal=BORIS)
    with pytest.raises(UnknownProgram):
        when(mine, boris_sells, issued)


def test_a_program_without_an_id_gets_the_same_one_each_time_the_command_is_repeated() -> None:
    command = IssueApiKey(name="Import", role=SELLER)

    assert when(command) == when(command)


@pytest.mark.parametrize("role", [ADMIN, ActorRole.DPO])
def test_no_key_acts_as_an_administrator_or_a_data_protection_officer(role: ActorRole) -> None:
    with pytest.raises(RoleNotForKeys):
        when(IssueApiKey(name="All", role=role))


def test_a_key_cannot_have_expired_when_it_is_issued() -> None:
    late = TUESDAY + timedelta(microseconds=1)
    [event] = when(IssueApiKey(name="Short", role=SELLER, expires_at=late))

    assert isinstance(event, ApiKeyIssued)
    assert event.expires_at == late
    with pytest.raises(ExpiresInThePast):
        when(IssueApiKey(name="Short", role=SELLER, expires_at=TUESDAY))


def test_a_key_has_a_name() -> None:
    with pytest.raises(Blank):
        when(IssueApiKey(name=" ", role=SELLER))


def test_two_keys_of_a_program_open_while_it_changes_over_and_no_third() -> None:
    second = ApiKeyIssued(
        key_id=NEW, name="Next", digest=DIGEST, principal=EXPORT, role=ActorRole.INTEGRATOR
    )
    assert len(when(issue, issued)) == 1
    with pytest.raises(TooManyKeys):
        when(issue, issued, second)

    assert len(when(issue, issued, second, ApiKeyRevoked(key_id=OLD))) == 1


def test_a_key_that_has_expired_leaves_room_for_another_one() -> None:
    gone = ApiKeyIssued(
        key_id=NEW,
        name="Old",
        digest=DIGEST,
        principal=EXPORT,
        role=ActorRole.INTEGRATOR,
        expires_at=MONDAY,
    )

    assert len(when(issue, gone, issued)) == 1


def test_a_key_opens_until_it_expires_or_is_revoked() -> None:
    key = held(issued).keys[OLD]
    revoked = held(issued, ApiKeyRevoked(key_id=OLD, reason="It was in a log")).keys[OLD]

    assert key.opens(FRIDAY - timedelta(seconds=1))
    assert not key.opens(FRIDAY)
    assert not revoked.opens(TUESDAY)
    assert revoked.reason == "It was in a log"


def test_a_key_is_revoked_once_and_only_where_there_is_one() -> None:
    revoke = RevokeApiKey(key_id=OLD)

    assert when(revoke, issued) == [ApiKeyRevoked(key_id=OLD)]
    assert when(revoke, issued, ApiKeyRevoked(key_id=OLD)) == []
    with pytest.raises(UnknownApiKey):
        when(revoke)


def test_what_happens_to_opportunities_and_to_unknown_keys_is_no_business_of_access() -> None:
    before = held(anna_runs_it)

    renamed = recorded([OpportunityRenamed(learned=at(MONDAY), title="Other")])[0]
    assert evolve(before, renamed) == before
    assert held(anna_runs_it, ApiKeyRevoked(key_id=OLD)).keys == {}


commands = st.one_of(
    st.builds(GrantRole, principal=st.sampled_from([ANNA, BORIS]), role=st.sampled_from(ActorRole)),
    st.builds(
        RevokeRole, principal=st.sampled_from([ANNA, BORIS]), role=st.sampled_from(ActorRole)
    ),
)


@drawn(st.lists(commands, max_size=12))
def test_once_there_is_an_administrator_there_always_is_one(tried: list[AnyAccessCommand]) -> None:
    events: list[Event] = [anna_runs_it]
    for command in tried:
        try:
            events += when(command, *events)
        except Refusal:
            continue

    assert held(*events).administrators
