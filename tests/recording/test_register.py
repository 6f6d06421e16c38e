"""The register of erasures: added to, never taken from, whole after a crash."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.domain.personal import ErasureLevel
from opps.recording.key_table import KeyTables
from opps.recording.register import (
    FileRegister,
    MemoryRegister,
    Register,
    Registered,
    TableRegister,
)

TENANT = uuid4()


def erasure(tenant: UUID = TENANT) -> Registered:
    return Registered(
        tenant=tenant,
        erasure_id=uuid4(),
        person_id=uuid4(),
        level=ErasureLevel.FULL,
        basis="OBJECTION",
        requested_by=uuid4(),
        approved_by=uuid4(),
        erased_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


@pytest.fixture(params=["file", "memory", "table"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    """Yield each kind of register."""
    if request.param == "table":
        with closing(KeyTables(request.getfixturevalue("database"))) as tables:
            yield TableRegister(tables, MemoryRegister())
    elif request.param == "file":
        yield FileRegister(tmp_path / "keys" / "x.jsonl")
    else:
        yield MemoryRegister()


def test_each_tenant_finds_its_own_erasures_in_their_order(register: Register) -> None:
    tenant = uuid4()
    first, other, second = erasure(tenant), erasure(), erasure(tenant)
    for one in (first, other, second):
        register.add(one)

    assert register.of(tenant) == [first, second]


def test_an_erasure_is_written_down_once(register: Register) -> None:
    first = erasure(uuid4())
    register.add(first)
    register.add(replace(first, basis="UNLAWFUL"))

    assert register.of(first.tenant) == [first]


def test_a_line_torn_by_a_crash_hides_neither_what_came_before_nor_after(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    before, after = erasure(), erasure()
    FileRegister(path).add(before)
    with path.open("ab") as file:
        file.write(b'{"tenant": "torn')
    FileRegister(path).add(after)

    assert FileRegister(path).of(TENANT) == [before, after]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_register_in_a_file_counts_on_once_the_keys_are_in_tables(
    database: str, tmp_path: Path
) -> None:
    before, after = erasure(uuid4()), erasure()
    file = FileRegister(tmp_path / "erasures.jsonl")
    file.add(before)
    after = replace(after, tenant=before.tenant)
    with closing(KeyTables(database)) as tables:
        register = TableRegister(tables, file)
        register.add(after)
        register.add(before)

        assert {one.erasure_id for one in register.of(before.tenant)} == {
            before.erasure_id,
            after.erasure_id,
        }
