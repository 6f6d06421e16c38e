"""The header that is stored with each event, and its leaf, as the design fixes them."""

from uuid import UUID, uuid4

from opps.eventstore import Append, Log, NewEvent
from tests.eventstore.support import NO_LEAF, append, header, leaf


def test_every_event_has_the_header_of_the_design_and_its_leaf(log: Log, tenant: UUID) -> None:
    one, other, commitments = uuid4(), uuid4(), b"a" * 32 + b"b" * 32
    committed = NewEvent(
        stream=one,
        event_id=uuid4(),
        tag="naïve tag",
        schema=513,
        payload=b"p",
        metadata=b"",
        commitments=commitments,
    )
    log.append_now(append(tenant, one, events=2))
    log.append_now(append(tenant, other))
    log.append_now(
        Append(tenant=tenant, command_id=uuid4(), expected={one: 1}, events=(committed,))
    )

    previous: dict[UUID, bytes] = {}
    for sealed in log.sealed(tenant, 0, 10):
        told = commitments if sealed.tag == committed.tag else b""
        expected = header(tenant, sealed, previous.get(sealed.stream, NO_LEAF), told)
        assert sealed.header == expected
        assert sealed.leaf == leaf(expected)
        previous[sealed.stream] = sealed.leaf


def test_a_plain_fact_has_a_header_of_203_bytes(log: Log, tenant: UUID) -> None:
    log.append_now(append(tenant, tag="fact_learned"))

    assert len(log.sealed(tenant, 0, 1)[0].header) == 203
