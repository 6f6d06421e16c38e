"""Thin events: what receivers are told, in the order of the log, and no word of anybody."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLObjectType, build_schema
from hypothesis import given
from hypothesis import strategies as st

from opps.domain.events import TAGS, Event, OpportunityEvent
from opps.integrations.thin_events import ThinEvent, ping, thin
from opps.projections.danger_zones import ZoneItem
from opps.projections.score_trend import ScoreItem
from opps.recording import codec
from tests.examples.changes import DEAL, MONDAY, TENANT, score_item, zone_item
from tests.examples.events import ALL_EVENTS
from tests.examples.logged import logged
from tests.recording.golden import name_of

SCHEMA = Path(__file__).parents[2] / "schema.graphql"
SEQUENCE = re.compile(r"\d{19}(\.(score|zone)\.\d{9})?")
# All that a text in a thin event may be.
HARMLESS = re.compile(
    r"1\.0|application/json|(urn:uuid:)?[0-9a-f-]{36}"
    r"|\d{19}(\.(score|zone)\.\d{9})?|\d+\.\d+|oks-1|DZ\d\d|HIGH"
)


def texts(value: Any) -> list[str]:
    """Return every text in a value."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    return [value] if isinstance(value, str) else []


def is_harmless(text: str) -> bool:
    """Tell whether a text is an id, an instant, a place or a name of ours."""
    if HARMLESS.fullmatch(text) or text.removeprefix("opps.") in TAGS:
        return True
    if text in ("opps.ScoreChanged", "opps.DangerZoneChanged", "opps.Ping"):
        return True
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@pytest.mark.parametrize("event", ALL_EVENTS, ids=name_of)
def test_no_word_of_an_event_is_told(event: Event) -> None:
    told = json.loads(thin(TENANT, logged(event)).body)

    assert told["type"] == f"opps.{codec.tag_of(event)}"
    assert told["data"]["position"] == 7
    assert (told["data"]["opportunityId"] is not None) == isinstance(event, OpportunityEvent)
    assert [one for one in texts(told) if not is_harmless(one)] == []


@given(st.text(min_size=1))
def test_no_sentence_of_a_score_or_a_danger_zone_is_told(written: str) -> None:
    for item in (score_item(written), zone_item(written)):
        told = json.loads(thin(TENANT, item).body)

        assert [one for one in texts(told) if not is_harmless(one)] == []


def test_the_check_would_see_a_name() -> None:
    assert not is_harmless("Erika Muster")
    assert not is_harmless("erika@customer.example")


def test_a_change_of_a_score_says_from_where_to_where_under_the_id_of_the_api() -> None:
    item = score_item(position=12, ordinal=4)
    told = json.loads(thin(TENANT, item).body)

    assert told == {
        "specversion": "1.0",
        "id": str(item.id),
        "source": f"urn:uuid:{TENANT}",
        "type": "opps.ScoreChanged",
        "subject": str(DEAL),
        "time": "2026-03-02T09:00:00Z",
        "datacontenttype": "application/json",
        "sequence": "0000000000000000012.score.000000004",
        "partitionkey": str(DEAL),
        "recordedtime": "2026-03-02T09:00:00Z",
        "data": {
            "position": 12,
            "opportunityId": str(DEAL),
            "cursor": "12.4",
            "cause": "FactLearned",
            "eventId": str(item.event_id),
            "model": "oks-1",
            "before": None,
            "after": {"p": 0.25, "low": 0.1, "high": 0.5, "points": -15.85},
            "points": 0.0,
            "milliPoints": 0,
        },
    }


def test_the_words_of_a_change_are_those_of_the_api() -> None:
    schema = build_schema(SCHEMA.read_text())
    told: dict[str, ScoreItem | ZoneItem] = {
        "ScoreChanged": score_item(),
        "DangerZoneChange": zone_item(),
    }
    not_yet = {"eventId"}  # the API tells the event of a danger zone by its position

    for name, item in told.items():
        kind = schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        data = json.loads(thin(TENANT, item).body)["data"]
        assert data.keys() - kind.fields.keys() <= not_yet
    after = schema.type_map["ScorePoint"]
    assert isinstance(after, GraphQLObjectType)
    assert (
        json.loads(thin(TENANT, score_item()).body)["data"]["after"].keys() == after.fields.keys()
    )


def test_a_ping_names_the_endpoint_and_nothing_else() -> None:
    told = json.loads(ping(TENANT, UUID(int=1), DEAL, MONDAY).body)

    assert (told["type"], told["data"]) == ("opps.Ping", {"endpointId": str(DEAL)})
    assert told["id"] == str(UUID(int=1))


PLACES = st.tuples(
    st.integers(1, 2**63 - 1), st.sampled_from(["event", "score", "zone"]), st.integers(0, 10**8)
)


def placed(position: int, kind: str, ordinal: int) -> ThinEvent:
    if kind == "score":
        return thin(TENANT, score_item(position=position, ordinal=ordinal))
    if kind == "zone":
        return thin(TENANT, zone_item(position=position, ordinal=ordinal))
    return thin(TENANT, logged(ALL_EVENTS[0], position))


@given(PLACES, PLACES)
def test_the_sequence_is_in_the_order_of_the_log_and_what_an_event_led_to_comes_after_it(
    one: tuple[int, str, int], other: tuple[int, str, int]
) -> None:
    first, second = sorted([one, other])  # event, score and zone are in the order of the alphabet
    before, after = placed(*first).sequence, placed(*second).sequence

    assert SEQUENCE.fullmatch(before)
    assert before <= after
