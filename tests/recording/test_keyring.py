"""Keys outlive crashes and other processes; a destroyed one is gone from the disk for good."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.recording.keyring import (
    RESERVED,
    FileKeyring,
    MemoryKeyring,
    SubjectErased,
    SubjectKeyMissing,
    SubjectReserved,
    seal,
)

SUBJECT, ANOTHER = uuid4(), uuid4()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the keys are kept: two folders that do not exist yet."""
    return tmp_path / "new" / "keys" / "tenant.jsonl"


def test_two_processes_seal_for_a_subject_under_one_key(path: Path) -> None:
    one, other = FileKeyring(path), FileKeyring(path)

    assert one.key_or_new(SUBJECT) == other.key_or_new(SUBJECT) == one.key(SUBJECT)


def test_a_destroyed_key_is_gone_for_every_process_and_from_the_disk(path: Path) -> None:
    one, other = FileKeyring(path), FileKeyring(path)
    key, kept = one.key_or_new(SUBJECT), one.key_or_new(ANOTHER)
    stored = path.read_bytes().splitlines()[0]
    other.key(SUBJECT)
    one.destroy(SUBJECT)

    with pytest.raises(SubjectKeyMissing):
        other.key(SUBJECT)
    assert stored not in path.read_bytes()
    assert other.key(ANOTHER) == kept
    assert key not in other.keys().values()


def test_a_destroyed_key_is_never_made_again_nor_brought_back(path: Path) -> None:
    keyring = FileKeyring(path)
    backup = {SUBJECT: keyring.key_or_new(SUBJECT)}
    keyring.destroy(SUBJECT)

    with pytest.raises(SubjectErased):
        FileKeyring(path).key_or_new(SUBJECT)
    assert keyring.add(backup) == 0
    assert keyring.keys() == {}


def test_a_line_torn_by_a_crash_costs_no_other_key(path: Path) -> None:
    key = FileKeyring(path).key_or_new(SUBJECT)
    path.write_bytes(path.read_bytes() + b'["0b0b0b0b-0000-40')
    after_crash = FileKeyring(path)
    another = after_crash.key_or_new(ANOTHER)

    assert FileKeyring(path).keys() == {SUBJECT: key, ANOTHER: another}


@pytest.mark.parametrize("reserved", sorted(RESERVED))
def test_the_keyrings_own_keys_belong_to_no_subject(path: Path, reserved: UUID) -> None:
    keyring = FileKeyring(path)

    with pytest.raises(SubjectReserved):
        keyring.destroy(reserved)
    with pytest.raises(SubjectReserved):
        seal(MemoryKeyring(), reserved, b"place", "text")
