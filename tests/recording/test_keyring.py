"""Keys outlive crashes and other processes; a destroyed one is gone from the disk for good."""

from base64 import b64encode
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from opps.domain.personal import ErasureLevel
from opps.recording.key_file import FileKeyring
from opps.recording.keyring import (
    RESERVED,
    Keyring,
    MemoryKeyring,
    SubjectErased,
    SubjectKeyMissing,
    SubjectReserved,
    identity_of,
)
from opps.recording.seals import seal

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
    (stored,) = (one for one in path.read_bytes().splitlines() if str(SUBJECT).encode() in one)
    other.key(SUBJECT)
    one.destroy(SUBJECT)

    with pytest.raises(SubjectKeyMissing):
        other.key(SUBJECT)
    assert stored not in path.read_bytes()
    assert other.key(ANOTHER) == kept
    assert key not in other.keys().values()
    assert b64encode(key) not in path.read_bytes()


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


@pytest.fixture(params=["memory", "file"])
def keyring(request: pytest.FixtureRequest, path: Path) -> Keyring:
    """Return each kind of keyring."""
    return MemoryKeyring() if request.param == "memory" else FileKeyring(path)


def test_somebody_nobody_erased_has_both_keys(keyring: Keyring) -> None:
    assert keyring.key_or_new(SUBJECT) != keyring.key_or_new(identity_of(SUBJECT))
    assert keyring.erased(SUBJECT) is None


def test_erasing_who_somebody_is_leaves_what_they_said(keyring: Keyring) -> None:
    content = keyring.key_or_new(SUBJECT)
    keyring.key_or_new(identity_of(SUBJECT))

    assert keyring.destroy(SUBJECT, ErasureLevel.IDENTITY) == 1
    assert keyring.erased(SUBJECT) is ErasureLevel.IDENTITY
    assert keyring.key_or_new(SUBJECT) == content
    with pytest.raises(SubjectErased):
        keyring.key_or_new(identity_of(SUBJECT))


def test_erasing_all_of_somebody_can_follow_and_is_never_taken_back(keyring: Keyring) -> None:
    keyring.key_or_new(SUBJECT)
    keyring.destroy(SUBJECT, ErasureLevel.IDENTITY)

    assert keyring.destroy(SUBJECT) == 1
    assert keyring.destroy(SUBJECT, ErasureLevel.IDENTITY) == 0
    assert keyring.erased(SUBJECT) is ErasureLevel.FULL


def test_somebody_who_never_had_a_key_never_gets_one_once_erased(keyring: Keyring) -> None:
    assert keyring.destroy(SUBJECT) == 0

    for id_ in (SUBJECT, identity_of(SUBJECT)):
        with pytest.raises(SubjectErased):
            keyring.key_or_new(id_)
