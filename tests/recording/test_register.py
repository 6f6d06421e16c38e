"""The register of erasures: added to, never taken from, whole after a crash."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from opps.domain.personal import ErasureLevel
from opps.recording.register import FileRegister, MemoryRegister, Register, Registered

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


@pytest.fixture(params=["file", "memory"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Register:
    """Return each kind of register."""
    return FileRegister(tmp_path / "keys" / "x.jsonl") if request.param == "file" else (
        MemoryRegister()
    )  # fmt: skip


def test_each_tenant_finds_its_own_erasures_in_their_order(register: Register) -> None:
    first, other, second = erasure(), erasure(uuid4()), erasure()
    for one in (first, other, second):
        register.add(one)

    assert register.of(TENANT) == [first, second]


def test_an_erasure_is_written_down_once(register: Register) -> None:
    first = erasure()
    register.add(first)
    register.add(replace(first, basis="UNLAWFUL"))

    assert register.of(TENANT) == [first]


def test_a_line_torn_by_a_crash_hides_neither_what_came_before_nor_after(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    before, after = erasure(), erasure()
    FileRegister(path).add(before)
    with path.open("ab") as file:
        file.write(b'{"tenant": "torn')
    FileRegister(path).add(after)

    assert FileRegister(path).of(TENANT) == [before, after]
    assert path.stat().st_mode & 0o777 == 0o600
