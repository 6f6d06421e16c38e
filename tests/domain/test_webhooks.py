"""Webhook endpoints: administrators say who is told of what, and opps gives up who is not there."""

from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from opps.domain.errors import Blank, RoleNeeded
from opps.domain.events import (
    AccessEvent,
    CoachingEvent,
    Event,
    LearningCatalogueEvent,
    OpportunityRenamed,
    PrivacyEvent,
    TeamEvent,
    WebhookEnd,
    WebhookEndpointDisabled,
    WebhookEndpointEnabled,
    WebhookEndpointRegistered,
    WebhookEndpointRemoved,
    WebhookEvent,
    WebhookSecretRotated,
)
from opps.domain.recorded import Actor, Context, Via
from opps.domain.roles import ActorRole
from opps.domain.webhooks.commands import (
    AnyWebhookCommand,
    ChangeWebhookEndpoint,
    DisableWebhookEndpoint,
    EnableWebhookEndpoint,
    GiveUpWebhookEndpoint,
    RegisterWebhookEndpoint,
    RemoveWebhookEndpoint,
    RotateWebhookSecret,
)
from opps.domain.webhooks.decide import MOST_ENDPOINTS, MOST_SECRETS, OVERLAP, decide
from opps.domain.webhooks.errors import (
    TooManyWebhookEndpoints,
    TooManyWebhookSecrets,
    UnknownWebhookEndpoint,
    UnknownWebhookTypes,
    WebhookUrlRefused,
)
from opps.domain.webhooks.state import Webhooks, evolve
from opps.domain.webhooks.types import EVERYTHING, TYPES, tags_among, wants
from tests.domain.given import COMMAND, FRIDAY, MONDAY, TUESDAY, at, named, recorded

HOOK, FIRST, SECOND, THIRD = map(named, ("hook", "first secret", "second secret", "third secret"))
URL, SCORES = "https://hooks.example.com/opps", ("opps.ScoreChanged",)

registered = WebhookEndpointRegistered(endpoint_id=HOOK, url=URL, types=SCORES, secret_id=FIRST)
failing = WebhookEndpointDisabled(endpoint_id=HOOK, reason=WebhookEnd.FAILING)
register = RegisterWebhookEndpoint(url=URL, types=SCORES)


def webhooks(*events: Event) -> Webhooks | None:
    """Return the endpoints after some events of Monday."""
    state = None
    for one in recorded(events):
        state = evolve(state, one)
    return state


def when(
    command: AnyWebhookCommand, *before: Event, role: str = "ADMIN", via: Via = Via.GRAPHQL
) -> list[Event]:
    """Return what a command leads to on Tuesday."""
    actor = Actor(principal=named("Anna"), role=role, via=via)
    context = Context(now=TUESDAY, actor=actor, command_id=COMMAND)
    return [*decide(webhooks(*before), command, context)]


def rotated(to: UUID, *, on: datetime = TUESDAY) -> WebhookSecretRotated:
    """Return that an endpoint got another secret."""
    return WebhookSecretRotated(endpoint_id=HOOK, secret_id=to, old_until=on + OVERLAP)


def test_an_address_is_told_of_what_it_asked_for() -> None:
    [event] = when(RegisterWebhookEndpoint(url=URL, types=(*SCORES, "opps.FactLearned", *SCORES)))

    assert isinstance(event, WebhookEndpointRegistered)
    assert event.types == ("opps.FactLearned", "opps.ScoreChanged")
    assert when(register) == when(register)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (DisableWebhookEndpoint(endpoint_id=HOOK), replace(failing, reason=WebhookEnd.BY_HAND)),
        (RemoveWebhookEndpoint(endpoint_id=HOOK), WebhookEndpointRemoved(endpoint_id=HOOK)),
        (ChangeWebhookEndpoint(endpoint_id=HOOK, url=URL, types=SCORES), None),
        (EnableWebhookEndpoint(endpoint_id=HOOK), None),
    ],
    ids=str,
)
def test_what_changes_nothing_is_no_event(command: AnyWebhookCommand, event: Event | None) -> None:
    assert when(command, registered) == ([] if event is None else [event])


def test_a_disabled_endpoint_says_why_until_it_is_enabled_again() -> None:
    held = webhooks(registered, failing)
    enabled = when(EnableWebhookEndpoint(endpoint_id=HOOK), registered, failing)

    assert held is not None
    assert held.endpoint(HOOK).disabled is WebhookEnd.FAILING
    assert enabled == [WebhookEndpointEnabled(endpoint_id=HOOK)]
    assert when(DisableWebhookEndpoint(endpoint_id=HOOK), registered, failing) == []
    again = webhooks(registered, failing, *enabled)
    assert again is not None
    assert again.endpoint(HOOK).disabled is None


def test_an_endpoint_changes_as_a_whole() -> None:
    change = ChangeWebhookEndpoint(endpoint_id=HOOK, url=URL + "/2", types=(EVERYTHING,))
    held = webhooks(registered, *when(change, registered))

    assert held is not None
    assert held.endpoint(HOOK).url == URL + "/2"
    assert held.endpoint(HOOK).types == (EVERYTHING,)
    assert held.endpoint(HOOK).signing(TUESDAY) == [FIRST]


def test_an_old_secret_signs_for_a_day_beside_the_new_one() -> None:
    [event] = when(RotateWebhookSecret(endpoint_id=HOOK), registered)
    held = webhooks(registered, rotated(SECOND))

    assert isinstance(event, WebhookSecretRotated)
    assert event.old_until == TUESDAY + timedelta(hours=24)
    assert held is not None
    endpoint = held.endpoint(HOOK)
    assert endpoint.signing(TUESDAY + OVERLAP - timedelta(microseconds=1)) == [SECOND, FIRST]
    assert endpoint.signing(TUESDAY + OVERLAP) == [SECOND]


def test_a_secret_that_leaked_signs_no_more_at_once() -> None:
    end_now = RotateWebhookSecret(endpoint_id=HOOK, at_once=True)
    before = (registered, rotated(SECOND), rotated(THIRD))
    held = webhooks(*before, *when(end_now, *before))

    assert held is not None
    assert len(held.endpoint(HOOK).signing(TUESDAY)) == 1
    assert held.endpoint(HOOK).signing(TUESDAY)[0] not in (FIRST, SECOND, THIRD)


def test_three_secrets_at_a_time_are_enough() -> None:
    rotate = RotateWebhookSecret(endpoint_id=HOOK)
    assert MOST_SECRETS == 3
    assert len(when(rotate, registered, rotated(SECOND))) == 1
    with pytest.raises(TooManyWebhookSecrets):
        when(rotate, registered, rotated(SECOND), rotated(THIRD))


@drawn(st.lists(st.sampled_from([FIRST, SECOND, THIRD]), max_size=6))
def test_the_newest_secret_always_signs(secrets: list[UUID]) -> None:
    held = webhooks(registered, *(rotated(one) for one in secrets))

    assert held is not None
    assert held.endpoint(HOOK).signing(FRIDAY)[0] == (secrets or [FIRST])[-1]


@pytest.mark.parametrize("role", sorted(set(ActorRole) - {ActorRole.ADMIN}))
@pytest.mark.parametrize(
    "command",
    [
        register,
        ChangeWebhookEndpoint(endpoint_id=HOOK, url=URL, types=SCORES),
        RotateWebhookSecret(endpoint_id=HOOK),
        DisableWebhookEndpoint(endpoint_id=HOOK),
        EnableWebhookEndpoint(endpoint_id=HOOK),
        RemoveWebhookEndpoint(endpoint_id=HOOK),
    ],
    ids=lambda one: type(one).__name__,
)
def test_only_administrators_say_who_is_told(role: str, command: AnyWebhookCommand) -> None:
    with pytest.raises(RoleNeeded):
        when(command, registered, role=role)


def test_only_opps_itself_gives_an_endpoint_up() -> None:
    give_up = GiveUpWebhookEndpoint(endpoint_id=HOOK, reason=WebhookEnd.GONE)
    with pytest.raises(RoleNeeded):
        when(give_up, registered)

    gone = WebhookEndpointDisabled(endpoint_id=HOOK, reason=WebhookEnd.GONE)
    assert when(give_up, registered, role="WEBHOOKS", via=Via.SYSTEM) == [gone]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example.com",
        "hooks.example.com",
        "https://",
        "https:///path",
        "https://anna:secret@hooks.example.com",
        "https://@hooks.example.com",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:70000/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nx: y",
        "https://hööks.example.com/",
        "https://[::1/",
    ],
)
def test_an_address_must_be_one_and_hold_no_password(url: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        when(RegisterWebhookEndpoint(url=url, types=SCORES))


@drawn(st.text(max_size=60))
def test_whatever_address_is_given_it_is_taken_or_refused(url: str) -> None:
    try:
        when(RegisterWebhookEndpoint(url=f"https://{url}", types=SCORES))
    except WebhookUrlRefused:
        return


@pytest.mark.parametrize("wrong", ["opps.RoleGranted", "ScoreChanged", "opps.Ping", "opps.Facts"])
def test_nobody_is_told_of_what_is_never_sent(wrong: str) -> None:
    with pytest.raises(UnknownWebhookTypes) as refused:
        when(RegisterWebhookEndpoint(url=URL, types=(*SCORES, wrong)))

    assert refused.value.types == [wrong]


@pytest.mark.parametrize(
    "family",
    [AccessEvent, CoachingEvent, LearningCatalogueEvent, PrivacyEvent, TeamEvent, WebhookEvent],
)
def test_what_is_about_our_own_people_is_told_to_nobody_outside(family: object) -> None:
    tags = {kind.__name__ for kind in get_args(family)}

    assert not tags & tags_among((EVERYTHING,))
    assert not any(one.removeprefix("opps.") in tags for one in TYPES)


def test_everything_means_each_type_there_is() -> None:
    assert all(wants((EVERYTHING,), one) for one in TYPES)
    assert not wants(SCORES, "opps.FactLearned")
    assert tags_among(SCORES) == frozenset()
    assert tags_among(("opps.FactLearned", *SCORES)) == {"FactLearned"}


@pytest.mark.parametrize(
    "command",
    [
        ChangeWebhookEndpoint(endpoint_id=HOOK, url=URL, types=SCORES),
        RotateWebhookSecret(endpoint_id=HOOK),
        RemoveWebhookEndpoint(endpoint_id=HOOK),
    ],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.parametrize("before", [(), (registered, WebhookEndpointRemoved(endpoint_id=HOOK))])
def test_an_endpoint_that_is_not_there_is_refused(
    command: AnyWebhookCommand, before: tuple[Event, ...]
) -> None:
    with pytest.raises(UnknownWebhookEndpoint):
        when(command, *before)


def test_fifty_endpoints_are_enough() -> None:
    many = [replace(registered, endpoint_id=named(str(one))) for one in range(MOST_ENDPOINTS)]
    assert len(when(register, *many[1:])) == 1
    with pytest.raises(TooManyWebhookEndpoints):
        when(register, *many)


def test_a_description_says_something() -> None:
    with pytest.raises(Blank):
        when(RegisterWebhookEndpoint(url=URL, types=SCORES, description=" \n"))


def test_what_is_told_of_an_endpoint_that_was_removed_changes_nothing() -> None:
    gone = WebhookEndpointRemoved(endpoint_id=HOOK)
    after = webhooks(registered, gone, failing)

    assert after is not None
    assert after.endpoints == {}
    assert evolve(None, recorded([OpportunityRenamed(learned=at(MONDAY), title="x")])[0]) is None
