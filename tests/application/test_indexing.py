"""The search index on a real log: kept up with it, dropped with its key, purged with an erasure."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from opps.application import Application
from opps.application.indexing import Indexing, indexing
from opps.domain.events import ErasureCarriedOut
from opps.domain.finding import Search, Trait
from opps.domain.person import CorrectPerson, MergePerson, RegisterPerson
from opps.domain.personal import ErasureLevel
from opps.eventstore import Log, LogSettings, search
from opps.recording.blind_index import token
from opps.recording.keyring import MemoryKeyring, SubjectErased
from opps.recording.register import MemoryRegister
from tests.application.erasing import DANA, Officers, officers_of
from tests.application.support import Caller
from tests.conftest import PostgresServer, made_database
from tests.support import eventually

BEA = uuid4()


@pytest.fixture
async def officers(caller: Caller) -> Officers:
    """Return who answers for personal data, where Dana Ruiz and Bea Ruiz are known."""
    officers = await officers_of(caller)
    bea = RegisterPerson(person_id=BEA, name="Bea Ruiz", email="bea@nordwind.example")
    await caller.application.person(bea, caller.request())
    return officers


@pytest.fixture
def index(officers: Officers) -> Indexing:
    """Return the index of a tenant, built."""
    officers.application.index.build(officers.tenant)
    return officers.application.index


class Looking:
    """Somebody who holds the keys, and looks into the tables."""

    def __init__(self, database: str, keyring: MemoryKeyring, tenant: UUID) -> None:
        self.database = database
        self.keyring = keyring
        self.tenant = tenant

    def found(self, text: str) -> set[UUID]:
        """Return who has all tokens of a search."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(
                "SELECT key_id FROM opps.search_indexes WHERE tenant = %s", [self.tenant]
            ).fetchone()
            assert row is not None
            key = self.keyring.key(row[0])
            return set.intersection(
                *(self._having(connection, key, one) for one in Search.read(text).begun)
            )

    def _having(self, connection: psycopg.Connection, key: bytes, trait: Trait) -> set[UUID]:
        rows = connection.execute(
            "SELECT person_id FROM opps.search_tokens WHERE tenant = %s AND token = %s",
            [self.tenant, token(key, trait)],
        )
        return {row[0] for row in rows}


@pytest.fixture
def look(database: str, keyring: MemoryKeyring, officers: Officers) -> Looking:
    """Return somebody who looks into the tables."""
    return Looking(database, keyring, officers.tenant)


def test_there_is_no_index_until_somebody_builds_one(officers: Officers) -> None:
    index = officers.application.index

    assert index.standing(officers.tenant) is None
    assert index.status(officers.tenant) is None
    assert index.catch_up(officers.tenant)


def test_an_index_that_was_built_has_read_the_whole_log(
    officers: Officers, index: Indexing, look: Looking
) -> None:
    status = index.status(officers.tenant)

    assert status is not None
    assert (status.behind, status.persons) == (0, 2)
    assert look.found("ruiz") == {DANA, BEA}
    assert look.found("be ruiz") == set()
    assert look.found("bea rui") == look.found("@nordwind.example") == {BEA}
    assert index.build(officers.tenant) == status


async def test_what_is_put_right_finds_the_person_and_what_was_wrong_no_longer(
    officers: Officers, index: Indexing, look: Looking, caller: Caller
) -> None:
    corrected = CorrectPerson(person_id=DANA, name="Dana Klein")
    await caller.application.person(corrected, caller.request())
    assert look.found("ruiz") == {DANA, BEA}
    index.catch_up(officers.tenant)

    assert look.found("ruiz") == {BEA}
    assert look.found("klein") == look.found("dana@halden.example") == {DANA}


@pytest.mark.parametrize("level", list(ErasureLevel))
async def test_an_erasure_takes_the_tokens_before_it_is_through(
    level: ErasureLevel, officers: Officers, index: Indexing, look: Looking
) -> None:
    await officers.erase(level)

    [carried_out] = officers.history(ErasureCarriedOut)
    assert carried_out.event.purged["search_tokens"] == 8
    assert look.found("ruiz") == {BEA}
    index.catch_up(officers.tenant)
    assert look.found("dan") == set()


async def test_an_erasure_of_merged_entries_takes_the_tokens_of_both(
    officers: Officers, index: Indexing, look: Looking, caller: Caller
) -> None:
    merge = MergePerson(person_id=BEA, into_person=DANA, reason="Same telephone")
    await caller.application.person_merge(merge, caller.request())
    await officers.erase()

    assert look.found("ruiz") == set()


async def test_a_name_that_was_read_before_the_erasure_is_not_written_after_it(
    officers: Officers, index: Indexing, look: Looking, caller: Caller, log: Log
) -> None:
    """Between its reading and its writing, somebody else erases whom it has read."""
    corrected = CorrectPerson(person_id=DANA, phone="+49 30 1")
    await caller.application.person(corrected, caller.request())
    standing = index.standing(officers.tenant)
    assert standing is not None
    read = search.Tokens(
        from_position=standing.position,
        to_position=standing.position + 1,
        of={DANA: [uuid4()], BEA: [uuid4()]},
    )
    await officers.erase()
    write = partial(search.write, tenant=officers.tenant, key_id=standing.key_id, tokens=read)

    assert log.run(write)
    held = log.run(partial(search.held, tenant=officers.tenant))
    assert (held.persons, held.tokens) == (1, 1)
    assert not log.run(write), "it was read further already"


async def test_a_dropped_index_is_gone_with_its_key_and_another_one_has_another(
    officers: Officers, index: Indexing, look: Looking, keyring: MemoryKeyring
) -> None:
    before = index.standing(officers.tenant)
    assert before is not None
    dropped = index.drop(officers.tenant)

    assert dropped.key_id == before.key_id
    assert dropped.tokens > 10
    assert index.status(officers.tenant) is None
    with pytest.raises(SubjectErased):
        keyring.key_or_new(before.key_id)
    assert index.drop(officers.tenant) == search.Dropped(None, 0)
    again = index.build(officers.tenant)
    assert again.key_id != before.key_id
    assert look.found("bea") == {BEA}


def test_the_tables_show_a_tenant_only_its_own(
    index: Indexing, officers: Officers, database: str
) -> None:
    for tenant, seen in ((officers.tenant, True), (uuid4(), False)):
        with psycopg.connect(database) as connection:
            connection.execute("SET ROLE opps_reader")
            connection.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant)])
            for table in ("search_indexes", "search_tokens"):
                row = connection.execute(f"SELECT count(*) > 0 FROM opps.{table}").fetchone()

                assert row == (seen,)


async def test_a_server_keeps_the_index_up_with_the_log(
    officers: Officers, index: Indexing, look: Looking, caller: Caller
) -> None:
    with indexing(index, lambda: [officers.tenant]):
        corrected = CorrectPerson(person_id=BEA, name="Bea Quist")
        await caller.application.person(corrected, caller.request())

        eventually(lambda: look.found("quist") == {BEA})
    assert look.found("ruiz") == {DANA}


async def test_of_two_that_build_at_once_neither_loses_what_the_other_wrote(
    officers: Officers, look: Looking
) -> None:
    builds = [partial(officers.application.index.build, officers.tenant)] * 4
    with ThreadPoolExecutor(4) as threads:
        found = [one.result() for one in [threads.submit(build) for build in builds]]

    assert {(one.behind, one.persons) for one in found} == {(0, 2)}
    assert len({one.key_id for one in found}) == 1
    assert look.found("ruiz") == {DANA, BEA}


async def test_an_older_database_that_comes_back_loses_the_tokens_with_the_person(
    database: str, postgres: PostgresServer, tenant: UUID
) -> None:
    keyring, register = MemoryKeyring(), MemoryRegister()

    def opened(log: Log) -> Application:
        return Application(log, lambda _: keyring, register=register)

    with Log(LogSettings(url=database, durable=False)) as log:
        caller = Caller(opened(log), tenant)
        await caller.opens()
        await officers_of(caller)
        caller.application.index.build(tenant)
    name = str(conninfo_to_dict(database)["dbname"])
    with made_database(postgres, name) as older:
        with Log(LogSettings(url=database, durable=False)) as log:
            await Officers(opened(log), tenant).erase()
        look = Looking(postgres.conninfo(older), keyring, tenant)
        assert look.found("dana") == {DANA}
        with Log(LogSettings(url=postgres.conninfo(older), durable=False)) as log:
            [again] = opened(log).personal.finish(tenant)

        assert again.again
        assert again.purged == {"reads": 0, "search_tokens": 8}
        assert look.found("dana") == set()
