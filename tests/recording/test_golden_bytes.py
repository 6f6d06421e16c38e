"""What was stored once is read for ever, and is written the same today."""

from typing import cast
from uuid import UUID

import pytest
from msgspec.structs import replace

from opps.domain.events import TAGS, OpportunityDisqualified
from opps.domain.facts import KINDS
from opps.recording import codec
from opps.recording.codec import UnknownEvent, decode_event
from tests.recording.golden import (
    EXAMPLES,
    FOLDER,
    METADATA,
    header_of,
    stored_headers,
    stored_metadata,
    stored_payload,
)

NAMES = sorted(EXAMPLES)


def test_every_event_and_every_kind_of_fact_has_golden_bytes() -> None:
    stored = {path.name.removesuffix(".v1.json") for path in FOLDER.glob("[A-Z]*.v1.json")}

    assert stored == {*TAGS, *(f"FactLearned.{kind}" for kind in KINDS)}


@pytest.mark.parametrize("name", NAMES)
def test_stored_bytes_still_say_what_they_said(name: str) -> None:
    tag = name.partition(".")[0]

    assert decode_event(tag, 1, stored_payload(name)) == EXAMPLES[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_event_is_written_as_it_always_was(name: str) -> None:
    assert codec.encode(EXAMPLES[name]) == stored_payload(name)


def test_a_field_that_came_later_is_written_behind_the_others() -> None:
    """The walking away that an exception asked for; without one, the bytes are those of before."""
    stored = (
        b'{"learned":{"latest":"2026-03-01T09:00:00Z","defaulted":true},'
        b'"reason":"No budget in sight","exception_id":"1bf3cf1a-6e4e-4a53-9d4b-1d1a4ad4d3a7"}'
    )
    asked_for = replace(
        cast(OpportunityDisqualified, EXAMPLES["OpportunityDisqualified"]),
        exception_id=UUID("1bf3cf1a-6e4e-4a53-9d4b-1d1a4ad4d3a7"),
    )

    assert decode_event("OpportunityDisqualified", 1, stored) == asked_for
    assert codec.encode(asked_for) == stored


def test_a_model_in_force_is_worked_out_once_however_often_it_is_read() -> None:
    stored = stored_payload("ScoringModelActivated")
    # Two reads of the log give equal bytes, not the same ones.
    once, again = (
        decode_event("ScoringModelActivated", 1, bytes(bytearray(stored))) for _ in range(2)
    )

    assert once is again


def test_metadata_are_read_and_written_as_they_always_were() -> None:
    assert codec.encode_metadata(METADATA) == stored_metadata()
    assert codec.decode_metadata(stored_metadata()) == METADATA


@pytest.mark.parametrize("name", NAMES)
def test_a_header_is_made_as_it_always_was(name: str) -> None:
    assert header_of(name) == stored_headers()[name]


def test_a_header_has_its_fields_where_the_ledger_looks_for_them() -> None:
    header = stored_headers()["DayTurned"]

    assert header[0] == 1
    assert int.from_bytes(header[17:25]) == 7
    assert header[187:189] == len("DayTurned").to_bytes(2)
    assert header[189:198] == b"DayTurned"
    assert len(header) == 191 + len("DayTurned")


def test_an_event_of_a_tag_nobody_knows_is_kept_as_it_was_stored() -> None:
    event = decode_event("MoonLanded", 3, b'{"by":"us"}')

    assert event == UnknownEvent(tag="MoonLanded", schema_number=3, payload=b'{"by":"us"}')


def test_an_event_of_a_newer_schema_is_kept_as_it_was_stored() -> None:
    event = decode_event("DayTurned", 2, b"not even JSON")

    assert isinstance(event, UnknownEvent)


def test_a_field_that_a_newer_version_added_does_not_stop_an_older_one() -> None:
    event = decode_event("AccountRenamed", 1, b'{"name":"Halden AG","colour":"green"}')

    assert event == EXAMPLES["AccountRenamed"]


@pytest.mark.parametrize(
    ("there", "newer"),
    [
        (b'{"name":"halden-1"', b'{"shape":2,"name":"halden-1"'),
        (b'{"name":"Budget allocated"', b'{"shape":2,"name":"Budget allocated"'),
        (b'{"grade":-0.2}', b'{"grade":-0.2,"steep":true}'),
        (b'"reach":1.5', b'"reach":1.5,"kernel":"other"'),
    ],
)
@pytest.mark.parametrize("tag", ["ScoringModelActivated", "ScoringModelDefined"])
def test_an_older_version_never_scores_by_a_part_of_a_newer_model(
    tag: str, there: bytes, newer: bytes
) -> None:
    stored = stored_payload(tag)
    assert there in stored

    event = decode_event(tag, 1, stored.replace(there, newer, 1))

    assert isinstance(event, UnknownEvent)


def test_an_old_schema_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codec.UPCASTERS, ("AccountRenamed", -1), lambda old: {"title": old["t"]})
    monkeypatch.setitem(codec.UPCASTERS, ("AccountRenamed", 0), lambda old: {"name": old["title"]})

    assert decode_event("AccountRenamed", -1, b'{"t":"Halden AG"}') == EXAMPLES["AccountRenamed"]
