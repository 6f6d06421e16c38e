"""Who signs in as which person of ours: said by somebody else, one person at a time."""

import pytest

from opps.domain.access.commands import AnyAccessCommand, LinkPrincipal, UnlinkPrincipal
from opps.domain.access.decide import decide
from opps.domain.access.errors import (
    AlreadyLinked,
    LinksThemselves,
    NotLinked,
    PersonSignsInOtherwise,
)
from opps.domain.access.state import NOBODY, Access, evolve
from opps.domain.errors import RoleNeeded
from opps.domain.events import Event, PrincipalLinked, PrincipalUnlinked
from opps.domain.recorded import Actor, Context, Via
from opps.domain.roles import ActorRole
from tests.domain.given import COMMAND, TUESDAY, named, recorded

ANNA, BORIS, SAM, CLARA = named("Anna"), named("Boris"), named("Sam"), named("Clara")
link = LinkPrincipal(principal=BORIS, person_id=SAM)
linked = PrincipalLinked(principal=BORIS, person_id=SAM)
unlink = UnlinkPrincipal(principal=BORIS)
unlinked = PrincipalUnlinked(principal=BORIS, person_id=SAM)


def held(*events: Event) -> Access:
    """Return who may do what after some events."""
    state = None
    for one in recorded(events):
        state = evolve(state, one)
    return state or NOBODY


def when(command: AnyAccessCommand, *events: Event, role: str = "ADMIN") -> list[Event]:
    """Return what a command of Anna's leads to."""
    actor = Actor(principal=ANNA, role=role, via=Via.GRAPHQL)
    context = Context(now=TUESDAY, actor=actor, command_id=COMMAND)
    return [*decide(held(*events), command, context)]


def test_somebody_acts_as_a_person_from_the_link_to_its_end() -> None:
    assert when(link) == [linked]
    assert when(unlink, linked) == [unlinked]
    assert [held(*past).acts_as(BORIS) for past in ((), (linked,), (linked, unlinked))] == [
        BORIS,
        SAM,
        BORIS,
    ]


def test_what_is_linked_already_is_not_linked_twice() -> None:
    assert when(link, linked) == []


def test_somebody_who_acts_as_one_person_is_not_made_another_unawares() -> None:
    with pytest.raises(AlreadyLinked) as refused:
        when(LinkPrincipal(principal=BORIS, person_id=CLARA), linked)

    assert (refused.value.principal, refused.value.person_id) == (BORIS, SAM)


def test_who_is_linked_to_nobody_cannot_be_unlinked() -> None:
    with pytest.raises(NotLinked):
        when(unlink, linked, unlinked)


def test_of_one_person_the_log_tells_at_any_time_who_signed_in() -> None:
    by_another = LinkPrincipal(principal=CLARA, person_id=SAM)

    with pytest.raises(PersonSignsInOtherwise) as refused:
        when(by_another, linked)

    assert (refused.value.principal, refused.value.person_id) == (BORIS, SAM)
    assert when(by_another, linked, unlinked) == [PrincipalLinked(principal=CLARA, person_id=SAM)]


@pytest.mark.parametrize(
    "command",
    [LinkPrincipal(principal=ANNA, person_id=SAM), LinkPrincipal(principal=BORIS, person_id=ANNA)],
)
def test_an_administrator_becomes_nobody_else_by_their_own_word(command: LinkPrincipal) -> None:
    with pytest.raises(LinksThemselves):
        when(command)


@pytest.mark.parametrize("role", sorted(set(ActorRole) - {ActorRole.ADMIN}))
@pytest.mark.parametrize("command", [link, unlink], ids=["link", "unlink"])
def test_only_administrators_say_who_acts_as_whom(role: str, command: AnyAccessCommand) -> None:
    with pytest.raises(RoleNeeded):
        when(command, linked, role=role)
