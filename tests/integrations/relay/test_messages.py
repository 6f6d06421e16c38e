"""What the broker gets of an event: where it goes, and what is in it."""

import json

import msgspec
import pytest
from msgspec import structs

from opps.integrations.relay.messages import message_of, subjects_of
from tests.examples.changes import DEAL, TENANT
from tests.examples.events import ALL_EVENTS
from tests.examples.logged import logged
from tests.recording.golden import name_of

EVERYTHING = 1_000_000
EXAMPLES = {name_of(event): event for event in ALL_EVENTS}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_event_has_a_subject_and_is_taken_only_behind_the_one_before_it(name: str) -> None:
    event = logged(EXAMPLES[name], position=8)
    message = message_of(TENANT, "acme", "opps-acme", event, EVERYTHING)

    opps, slug, kind, stream, tag = message.subject.split(".")
    assert (opps, slug, stream, tag) == ("opps", "acme", str(DEAL), event.tag)
    assert kind in ("opportunity", "account", "person", "other")
    assert message.headers == {
        "Nats-Msg-Id": str(event.event_id),
        "Nats-Expected-Stream": "opps-acme",
        "Nats-Expected-Last-Sequence": "7",
        "content-type": "application/cloudevents+json",
    }
    told = json.loads(message.body)
    assert (told["id"], told["type"]) == (str(event.event_id), f"opps.{event.tag}")
    assert told["data"] == json.loads(event.payload)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("OpportunityOpened", "opportunity"),
        ("AccountRegistered", "account"),
        ("PersonMoved", "person"),
        ("DayTurned", "other"),
        ("RoleGranted", "other"),
    ],
)
def test_a_subject_begins_with_what_it_is_about(name: str, kind: str) -> None:
    message = message_of(TENANT, "acme", "opps-acme", logged(EXAMPLES[name]), EVERYTHING)

    assert message.subject == f"opps.acme.{kind}.{DEAL}.{name}"
    assert subjects_of("acme") == "opps.acme.>"


@pytest.mark.parametrize("tag", ["Of.The.Future", "Of*", "Of>", "Of The Future", "\N{SNOWMAN}"])
def test_a_name_of_the_future_means_nothing_in_a_subject(tag: str) -> None:
    event = structs.replace(logged(ALL_EVENTS[0]), tag=tag)
    message = message_of(TENANT, "acme", "opps-acme", event, EVERYTHING)

    assert message.subject == f"opps.acme.other.{DEAL}.Unknown"
    assert json.loads(message.body)["type"] == f"opps.{tag}"


def test_what_is_too_large_says_where_it_is() -> None:
    payload = msgspec.json.encode({"text": "x" * 20_000})
    event = structs.replace(logged(ALL_EVENTS[0]), tag="Large", payload=payload)
    fits = message_of(TENANT, "acme", "opps-acme", event, 25_000)
    cut = message_of(TENANT, "acme", "opps-acme", event, 20_000)

    assert "dataref" not in json.loads(fits.body)
    told = json.loads(cut.body)
    assert told["dataref"] == f"urn:uuid:{TENANT}#7"
    assert not {"data", "data_base64"} & told.keys()
    assert len(cut.body) < 2_000
