"""Reads that wait together are saved together, and one that cannot be saved stops no other."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from opps.application.read_saving import ReadNotSaved, ReadSaving
from opps.eventstore import Log, register_tenant
from opps.eventstore.reads import NewRead, find_reads
from tests.eventstore.support import rows, settings
from tests.eventstore.test_reads import AT, read


@pytest.fixture
def tenant(database: str) -> UUID:
    """Return a registered tenant."""
    return register_tenant(database, uuid4(), "acme")


@pytest.fixture
def log(database: str) -> Iterator[Log]:
    """Yield the open log of the test's database."""
    with Log(settings(database)) as opened:
        yield opened


def saved_at_once(log: Log, *reads: NewRead) -> list[BaseException | None]:
    """Save reads that come in the same moment, and return what became of each."""

    async def save() -> list[BaseException | None]:
        saving = ReadSaving(log)
        return await asyncio.gather(*map(saving.save, reads), return_exceptions=True)

    return asyncio.run(save())


def test_many_reads_at_once_go_in_few_transactions(log: Log, database: str, tenant: UUID) -> None:
    reads = [read(tenant) for _ in range(50)]

    assert saved_at_once(log, *reads) == [None] * 50
    assert len(log.run(lambda of: find_reads(of, tenant))) == 50
    [[transactions]] = rows(database, "SELECT count(DISTINCT xmin::text) FROM opps.reads")
    assert transactions in (1, 2)


def test_one_that_cannot_be_saved_keeps_no_other_from_its_answer(log: Log, tenant: UUID) -> None:
    good = [read(tenant) for _ in range(3)]
    bad = read(tenant, position=-1)

    outcomes = saved_at_once(log, good[0], bad, *good[1:])

    assert [type(one) for one in outcomes] == [type(None), ReadNotSaved, type(None), type(None)]
    kept = {one.read_id for one in log.run(lambda of: find_reads(of, tenant))}
    assert kept == {one.read_id for one in good}


def test_whoever_goes_away_keeps_nobody_else_waiting(log: Log, tenant: UUID) -> None:
    async def save() -> None:
        saving = ReadSaving(log)
        leaving = asyncio.create_task(saving.save(read(tenant)))
        staying = asyncio.create_task(saving.save(read(tenant)))
        await asyncio.sleep(0)
        leaving.cancel()
        await staying

    asyncio.run(save())

    assert len(log.run(lambda of: find_reads(of, tenant))) == 2


def test_a_closed_log_saves_nothing(log: Log, tenant: UUID) -> None:
    async def save() -> None:
        saving = ReadSaving(log)
        log.close()
        with pytest.raises(ReadNotSaved):
            await saving.save(read(tenant))

    asyncio.run(save())


def test_an_end_that_cannot_be_saved_is_left_out(
    log: Log, tenant: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    begun = read(tenant, kind="SUBSCRIPTION", touched={})

    async def save() -> None:
        saving = ReadSaving(log)
        await saving.save(begun)
        # A position that no column holds.
        await saving.end(tenant, begun.read_id, 2**70, {})

    asyncio.run(save())
    [kept] = log.run(lambda of: find_reads(of, tenant))

    assert (kept.read_at, kept.ended_position) == (AT, None)
    assert str(begun.read_id) in caplog.text
