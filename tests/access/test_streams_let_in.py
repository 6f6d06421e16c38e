"""A stream of events is let in by its header, and ends once whoever asked for it may not stay."""

from contextlib import AbstractContextManager
from uuid import uuid4

import pytest

from opps.domain.access.key_text import read_text
from opps.domain.roles import ActorRole
from tests.access.letting_in import Door
from tests.api.listening import Stream, listening

CHANGES = "subscription { scoreChanged { __typename } }"


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server look many times a second."""
    monkeypatch.setattr("opps.api.standing.LOOKED_AT_EVERY_S", 0.05)


def begun(door: Door, token: str) -> AbstractContextManager[Stream]:
    return listening(door.api, CHANGES, headers={"Authorization": f"Bearer {token}"})


def end_of(stream: Stream) -> list[str]:
    """Return the codes of what a stream ends with; that it is complete is not said."""
    *before, last = stream.rest()

    assert all(one.item["__typename"] == "StreamCaughtUp" for one in before)
    return last.codes


def test_a_stream_ends_when_its_key_is_revoked(door: Door) -> None:
    key = door.key()
    named = read_text(key)
    assert named is not None
    with begun(door, key) as stream:
        door.revoke(named.key_id)

        assert end_of(stream) == ["UNAUTHENTICATED"]


def test_a_stream_ends_when_the_role_is_taken_back(door: Door) -> None:
    subject = f"eva {uuid4()}"
    door.grant(subject, ActorRole.SELLER)
    with begun(door, door.provider.token(subject)) as stream:
        door.take(subject, ActorRole.SELLER)

        assert end_of(stream) == ["FORBIDDEN"]
