"""Which waiting appends share a batch."""

from collections import deque
from concurrent.futures import Future
from uuid import uuid4

import msgspec

from opps.eventstore import Append, Appended
from opps.eventstore.batch import take_batch
from opps.eventstore.waiting import Waiting
from tests.eventstore.support import append


def queue_of(*appends: Append) -> deque[Waiting]:
    return deque(Waiting(one, Future[Appended]()) for one in appends)


def test_a_batch_holds_at_most_a_thousand_events() -> None:
    tenant = uuid4()
    queue = queue_of(*[append(tenant, events=400) for _ in range(3)], append(tenant, events=200))

    sizes = [[len(w.append.events) for w in take_batch(queue)] for _ in range(3)]

    assert sizes == [[400, 400, 200], [400], []]


def test_a_batch_holds_one_append_a_stream_and_nobody_is_overtaken_on_it() -> None:
    tenant, one, other = uuid4(), uuid4(), uuid4()
    first = append(tenant, one)
    both = append(tenant, one, expected=0, checked={other: -1})
    after_both = append(tenant, other)
    free = append(tenant)
    queue = queue_of(first, both, after_both, free)

    batches = [[waiting.append for waiting in take_batch(queue)] for _ in range(3)]

    assert batches == [[first, free], [both], [after_both]]


def test_a_batch_holds_one_append_a_command_id_and_tenant() -> None:
    command_id, tenant = uuid4(), uuid4()
    one, same = append(tenant, command_id=command_id), append(tenant, command_id=command_id)
    other_tenant = append(uuid4(), command_id=command_id)
    queue = queue_of(one, same, other_tenant)

    assert [waiting.append for waiting in take_batch(queue)] == [one, other_tenant]
    assert [waiting.append for waiting in take_batch(queue)] == [same]


def test_a_batch_is_bounded_in_bytes_but_never_empty() -> None:
    tenant = uuid4()
    large = [append(tenant) for _ in range(2)]
    large = [
        msgspec.structs.replace(
            one, events=(msgspec.structs.replace(one.events[0], payload=bytes(30_000_000)),)
        )
        for one in large
    ]
    queue = queue_of(*large)

    assert [waiting.append for waiting in take_batch(queue)] == large[:1]
    assert [waiting.append for waiting in take_batch(queue)] == large[1:]
