"""What PostgreSQL stores for every event, against what this side says it must be."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from opps.application import new_event
from opps.domain.events import Event
from opps.domain.recorded import Actor, Metadata, Via
from opps.eventstore import Append, Log, LogSettings, NewEvent, SealedEvent, register_tenant
from opps.recording import codec
from opps.recording.codec import UnknownEvent
from opps.recording.header import FIRST_LEAF, Header, header_bytes, leaf_hash, sha256
from opps.recording.keyring import MemoryKeyring
from tests.examples.events import ALL_EVENTS
from tests.examples.facts import SELLER, STREAM

METADATA = Metadata(actor=Actor(principal=SELLER, role="SELLER", via=Via.GRAPHQL))


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a registered tenant."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(LogSettings(url=database, durable=False)) as opened:
        yield opened


def append_all(log: Log, tenant: UUID, events: tuple[Event, ...]) -> list[SealedEvent]:
    """Append events to one stream and return what the log holds."""
    metadata = codec.encode_metadata(METADATA)
    new = tuple(new_event(STREAM, one, uuid4(), metadata, MemoryKeyring()) for one in events)
    log.append_now(Append(tenant=tenant, command_id=uuid4(), expected={STREAM: -1}, events=new))
    return log.sealed(tenant, 0, len(new) + 1)


def test_every_event_comes_back_from_the_log_as_it_was(log: Log, tenant: UUID) -> None:
    stored = append_all(log, tenant, ALL_EVENTS)

    assert [codec.decode(one).event for one in stored] == list(ALL_EVENTS)
    assert {codec.decode(one).metadata for one in stored} == {METADATA}


def test_the_header_of_every_event_is_what_the_ledger_expects(log: Log, tenant: UUID) -> None:
    previous_leaf = FIRST_LEAF

    for one in append_all(log, tenant, ALL_EVENTS):
        header = header_bytes(
            Header(
                tenant=tenant,
                position=one.position,
                stream=one.stream,
                version=one.version,
                previous_leaf=previous_leaf,
                recorded_at=one.recorded_at,
                command_id=one.command_id,
                event_id=one.event_id,
                payload_sha256=sha256(one.payload),
                metadata_sha256=sha256(one.metadata),
                schema=one.schema,
                tag=one.tag,
            )
        )
        previous_leaf = leaf_hash(header)

        assert (one.header, one.leaf) == (header, previous_leaf)


def test_an_event_of_a_newer_version_is_read_as_unknown_and_stays_in_its_place(
    log: Log, tenant: UUID
) -> None:
    teleported = NewEvent(
        stream=STREAM,
        event_id=uuid4(),
        tag="OpportunityTeleported",
        schema=9,
        payload=b'{"to":"Mars"}',
        metadata=codec.encode_metadata(METADATA),
    )
    log.append_now(
        Append(tenant=tenant, command_id=uuid4(), expected={STREAM: -1}, events=(teleported,))
    )
    (read,) = (codec.decode(one) for one in log.read(tenant, 0, 2))

    assert read.position == 1
    assert read.event == UnknownEvent(
        tag="OpportunityTeleported", schema_number=9, payload=b'{"to":"Mars"}'
    )
